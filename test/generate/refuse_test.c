/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/refuse_test.c - every refusal of every kind of argument, on all three paths: the number of the error, that the host was not called,
 * and that neither memory nor handles changed. */
#include "rig.h"

#include <string.h>

typedef struct slot_case {
    const char *name;
    uint32_t call;
    int slot;
    uint64_t value;
    int expected;
    bool is_untyped_only; /* typed slots cannot hold it: the call is then made */
} slot_case_t;

#define C(name) CG_CALL_ALL_##name
#define TOP 0x100000000u
#define MINUS(n) ((uint64_t)(int64_t) - (n))

static const slot_case_t slot_cases[] = {
    {"a bool of 2", C(SCALARS), 0, 2, CG_ERR_WIDTH, false},
    {"a bool with a bit above 32", C(SCALARS), 0, TOP | 1, CG_ERR_WIDTH, true},
    {"a u8 of 256", C(SCALARS), 1, 256, CG_ERR_WIDTH, false},
    {"a u8 of -1", C(SCALARS), 1, MINUS(1), CG_ERR_WIDTH, false},
    {"a u16 of 65536", C(SCALARS), 2, 65536, CG_ERR_WIDTH, false},
    {"a u32 with a bit above it", C(SCALARS), 3, TOP, CG_ERR_WIDTH, true},
    {"a u32 that is sign-extended", C(SCALARS), 3, MINUS(1), CG_ERR_WIDTH, true},
    {"an s8 of 128", C(SCALARS), 5, 128, CG_ERR_WIDTH, false},
    {"an s8 of -129", C(SCALARS), 5, MINUS(129), CG_ERR_WIDTH, false},
    {"an s8 that is zero-extended", C(SCALARS), 5, 0xffffffffu, CG_ERR_WIDTH, true},
    {"an s8 of 255", C(SCALARS), 5, 255, CG_ERR_WIDTH, false},
    {"an s16 of 32768", C(SCALARS), 6, 32768, CG_ERR_WIDTH, false},
    {"an s16 of -32769", C(SCALARS), 6, MINUS(32769), CG_ERR_WIDTH, false},
    {"an s32 of 2^31", C(SCALARS), 7, 0x80000000u, CG_ERR_WIDTH, true},
    {"an s32 with a bit above it", C(SCALARS), 7, TOP, CG_ERR_WIDTH, true},
    {"a float with bits above it", C(SCALARS), 9, TOP, CG_ERR_WIDTH, true},
    {"a presence of 2", C(OPTIONALS), 0, 2, CG_ERR_WIDTH, false},
    {"an optional bool of 2", C(OPTIONALS), 1, 2, CG_ERR_WIDTH, false},
    {"an optional u8 of 256", C(OPTIONALS), 3, 256, CG_ERR_WIDTH, false},
    {"an optional enum that is unknown", C(OPTIONALS), 9, 3, CG_ERR_VALUE, false},
    {"optional flags with an unnamed bit", C(OPTIONALS), 11, 0x40, CG_ERR_VALUE, false},
    {"an unknown value of an s8 enum", C(ENUMS), 0, MINUS(1), CG_ERR_VALUE, false},
    {"an s8 enum beyond its type", C(ENUMS), 0, 128, CG_ERR_WIDTH, false},
    {"an unknown value of a u8 enum", C(ENUMS), 1, 8, CG_ERR_VALUE, false},
    {"an unknown value of a u16 enum", C(ENUMS), 2, 1, CG_ERR_VALUE, false},
    {"an unknown value of an s16 enum", C(ENUMS), 3, 0, CG_ERR_VALUE, false},
    {"an unknown value of a u32 enum", C(ENUMS), 4, 0, CG_ERR_VALUE, false},
    {"an unknown value of an s32 enum", C(ENUMS), 5, MINUS(1), CG_ERR_VALUE, false},
    {"an unknown value of a u64 enum", C(ENUMS), 6, UINT64_MAX - 1, CG_ERR_VALUE, false},
    {"an unknown value of an s64 enum", C(ENUMS), 7, 0, CG_ERR_VALUE, false},
    {"an open enum beyond its type", C(ENUMS), 8, 256, CG_ERR_WIDTH, false},
    {"an unnamed flag", C(FLAGS), 0, 2, CG_ERR_VALUE, false},
    {"an unnamed flag of 16 bits", C(FLAGS), 1, 1, CG_ERR_VALUE, false},
    {"an unnamed flag of 32 bits", C(FLAGS), 2, 2, CG_ERR_VALUE, false},
    {"an unnamed flag of 64 bits", C(FLAGS), 3, 0x4000000000000000u, CG_ERR_VALUE, false},
    {"a range's lower end less one", C(RANGES), 0, 0, CG_ERR_RANGE, false},
    {"a range's upper end and one", C(RANGES), 0, 4, CG_ERR_RANGE, false},
    {"a signed range's lower end less one", C(RANGES), 1, MINUS(6), CG_ERR_RANGE, false},
    {"a signed range's upper end and one", C(RANGES), 1, 6, CG_ERR_RANGE, false},
    {"a u64 below its range", C(RANGES), 2, 9, CG_ERR_RANGE, false},
    {"a u64 above its range", C(RANGES), 2, UINT64_MAX, CG_ERR_RANGE, false},
    {"an s64 above its range", C(RANGES), 3, 0, CG_ERR_RANGE, false},
    {"a result outside memory", C(RANGES), 4, MEMORY_SIZE, CG_ERR_MEMORY, false},
    {"a result at the first byte that cannot be written", C(RANGES), 4, WRITABLE_SIZE, CG_ERR_MEMORY, false},
    {"a result of two bytes of which one can be written", C(RANGES), 4, WRITABLE_SIZE - 1, CG_ERR_MEMORY, false},
    {"a result at the end of the address space", C(RANGES), 4, 0xffffffffu, CG_ERR_MEMORY, false},
    {"an address with a bit above 32", C(RANGES), 4, TOP | AT_OUT, CG_ERR_WIDTH, true},
    {"two results in one place", C(FLAGS), 5, AT_OUT, CG_ERR_OVERLAP, false},
    {"two results that share a byte", C(FLAGS), 6, AT_OUT - 3, CG_ERR_OVERLAP, false},
    {"a presence that lies on a value", C(OPTIONALS_OUT), 4, AT_OUT + 27 - 3, CG_ERR_OVERLAP, false},
    {"the last result outside memory", C(OPTIONALS_OUT), 13, 0xfffffff9u, CG_ERR_MEMORY, false},
    {"a record a byte over the end", C(OUTER_IN), 0, MEMORY_SIZE - 47, CG_ERR_MEMORY, false},
    {"a record that wraps around", C(OUTER_IN), 0, 0xfffffff0u, CG_ERR_MEMORY, false},
    {"a record to be written into read-only memory", C(OUTER_OUT), 0, WRITABLE_SIZE, CG_ERR_MEMORY, false},
    {"a record to be written a byte over the end", C(OUTER_OUT), 0, WRITABLE_SIZE - 47, CG_ERR_MEMORY, false},
    {"a record read from where another is written", C(PLAIN_BOTH), 1, AT_PLAIN + 15, CG_ERR_OVERLAP, false},
    {"a list of one too many", C(LISTS), 1, 9, CG_ERR_RANGE, false},
    {"a list of records of one too many", C(LISTS), 5, 5, CG_ERR_RANGE, false},
    {"a list whose size wraps around", C(LISTS), 5, 0x10000000u, CG_ERR_RANGE, false},
    {"a list a byte over the end", C(LISTS), 4, MEMORY_SIZE - 63, CG_ERR_MEMORY, false},
    {"a list of reals outside memory", C(LISTS), 6, MEMORY_SIZE, CG_ERR_MEMORY, false},
    {"a list to be written over the end", C(LISTS_OUT), 0, WRITABLE_SIZE - 15, CG_ERR_MEMORY, false},
    {"a capacity larger than memory, though the maximum fits", C(LISTS_OUT), 1, 0x80000000u, CG_ERR_MEMORY, false},
    {"the count's place outside memory", C(LISTS_OUT), 2, WRITABLE_SIZE - 3, CG_ERR_MEMORY, false},
    {"a count that lies in its own buffer", C(LISTS_OUT), 2, AT_OUT + 12, CG_ERR_OVERLAP, false},
    {"two buffers that share a byte", C(LISTS_OUT), 3, AT_OUT + 15, CG_ERR_OVERLAP, false},
    {"more elements than the capacity", C(LIST_INOUT), 1, 9, CG_ERR_RANGE, false},
    {"more elements than the capacity, under the maximum", C(LIST_INOUT), 2, 2, CG_ERR_RANGE, false},
    {"a buffer that is replaced in read-only memory", C(LIST_INOUT), 0, WRITABLE_SIZE, CG_ERR_MEMORY, false},
    {"a text of one byte too many", C(TEXT_IN), 1, 17, CG_ERR_RANGE, false},
    {"a text at the end of memory, and a byte more", C(TEXT_IN), 0, MEMORY_SIZE - 4, CG_ERR_MEMORY, false},
    {"a text of bytes that are no text", C(TEXT_IN), 1, 6, CG_ERR_FORMAT, false},
    {"a text to be written over the end", C(TEXT_OUT), 0, WRITABLE_SIZE - 15, CG_ERR_MEMORY, false},
    {"a replaced text that is no text", C(TEXT_INOUT), 1, 6, CG_ERR_FORMAT, false},
    {"a URI cut before its port", C(URI), 1, 12, CG_ERR_FORMAT, false},
    {"a URI with an empty last segment", C(URI), 1, 20, CG_ERR_FORMAT, false},
    {"bytes of one too many", C(BYTES_IN), 1, 33, CG_ERR_RANGE, false},
    {"bytes a byte over the end", C(BYTES_IN), 0, MEMORY_SIZE - 31, CG_ERR_MEMORY, false},
    {"bytes that wrap around", C(BYTES_IN), 0, 0xffffffffu, CG_ERR_MEMORY, false},
    {"empty bytes beyond the end", C(BYTES_OUT), 0, WRITABLE_SIZE + 1, CG_ERR_MEMORY, false},
    {"a capacity of all ones", C(BYTES_OUT), 1, 0xffffffffu, CG_ERR_MEMORY, false},
    {"bytes read from a buffer that is written", C(BUFFERS), 0, AT_OUT + 3, CG_ERR_OVERLAP, false},
    {"a text read from a buffer that is written", C(BUFFERS), 2, AT_OUT + 16, CG_ERR_OVERLAP, false},
    {"a replaced buffer whose count lies in another", C(BUFFERS), 7, AT_OUT + 17, CG_ERR_OVERLAP, false},
    {"no handle where one must be", C(GIVE), 0, 0, CG_ERR_HANDLE, false},
    {"a forged handle", C(GIVE), 0, 0x403, CG_ERR_HANDLE, false},
    {"a handle with a bit above it", C(GIVE), 0, TOP | 1, CG_ERR_WIDTH, true},
    {"a forged optional handle", C(MAYBE), 0, 7, CG_ERR_HANDLE, false},
    {"a handle of no use for an accessor", CG_CALL_ALL_DIAL_GET_ANGLE, 0, 5, CG_ERR_HANDLE, false},
};

static void check_refused(rig_t *rig, const char *name, int64_t got, int expected)
{
    const bool is_good = got == expected && world.calls == 0 && rig_is_unchanged(rig) && rig->guest.budget > 0;
    if (!is_good) {
        fail_msg("%s (%s): %d, wanted %d; host called %u times, %s", name, path_name(rig->path), (int)got, expected, world.calls, rig_is_unchanged(rig) ? "nothing changed" : "memory or handles changed");
    }
}

static void slots_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof slot_cases / sizeof slot_cases[0]; i++) {
        const slot_case_t *c = &slot_cases[i];
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            const int64_t got = rig_call(&rig, c->call, c->slot, c->value);
            if (!c->is_untyped_only || path != PATH_TYPED) {
                check_refused(&rig, c->name, got, c->expected);
                assert_int_equal(rig.guest.counters.refused, 1);
            }
            rig_close(&rig);
        }
    }
}

/* The spill block itself; the typed path has none. */
static void spill_blocks_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint64_t at;
        int expected;
    } rows[] = {
        {"a block a byte over the end", MEMORY_SIZE - 8 * 12 + 1, CG_ERR_MEMORY}, {"a block at the end", MEMORY_SIZE, CG_ERR_MEMORY},
        {"a block that wraps around", 0xfffffff8u, CG_ERR_MEMORY},                {"an address with a bit above 32", TOP | SPILL_AT, CG_ERR_WIDTH},
    };
    for (path_t path = PATH_FAST; path < PATH_TYPED; path++) {
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            rig_t rig;
            rig_open(&rig, path);
            uint64_t regs[11] = {0, 1, 2, 3, 4, rows[i].at};
            const struct {
                bool (*call)(void *guest, uint32_t number, uint64_t *regs);
            } *glue = rig.guest.kind->glue;
            assert_true(glue->call(&rig.guest, cg_set.numbers[C(SIXTEEN)], regs));
            assert_int_equal((int64_t)regs[0], rows[i].expected);
            assert_int_equal(world.calls, 0);
            rig_close(&rig);
        }
    }
}

typedef struct memory_case {
    const char *name;
    uint32_t call;
    uint32_t at;
    const char *bytes;
    uint32_t size;
    int expected;
} memory_case_t;

#define BYTES(text) (text), (uint32_t)(sizeof(text) - 1)

static const memory_case_t memory_cases[] = {
    {"a bool of 2 in a nested record", C(OUTER_IN), AT_OUTER + 8, BYTES("\x02"), CG_ERR_WIDTH},
    {"an unknown enum value in a nested record", C(OUTER_IN), AT_OUTER + 9, BYTES("\x03"), CG_ERR_VALUE},
    {"a field below its range", C(OUTER_IN), AT_OUTER + 10, BYTES("\x9b\xff"), CG_ERR_RANGE},
    {"a field above its range", C(OUTER_IN), AT_OUTER + 10, BYTES("\x65\x00"), CG_ERR_RANGE},
    {"an unnamed flag in a nested record", C(OUTER_IN), AT_OUTER + 12, BYTES("\x40"), CG_ERR_VALUE},
    {"a bool of 255 in the last of an array of records", C(OUTER_IN), AT_OUTER + 20, BYTES("\xff"), CG_ERR_WIDTH},
    {"an unnamed flag in the last of an array of records", C(OUTER_IN), AT_OUTER + 24, BYTES("\x02"), CG_ERR_VALUE},
    {"an unknown enum value first in a list", C(LISTS), AT_MODES, BYTES("\x81"), CG_ERR_VALUE},
    {"an unknown enum value last in a list", C(LISTS), AT_MODES + 3, BYTES("\x03"), CG_ERR_VALUE},
    {"a bool of 2 in a list", C(LISTS), AT_TRUTHS + 7, BYTES("\x02"), CG_ERR_WIDTH},
    {"a bad record in a list that is replaced", C(LIST_INOUTS), AT_INNERS + 1, BYTES("\x03"), CG_ERR_VALUE},
    {"bad flags in a list that is replaced", C(LIST_INOUTS), AT_SETS + 1, BYTES("\x04"), CG_ERR_VALUE},
    {"a NUL in a text", C(TEXT_IN), AT_TEXT + 4, BYTES("\0"), CG_ERR_FORMAT},
    {"half a letter at the end of a text", C(TEXT_IN), AT_TEXT + 4, BYTES("\xc3"), CG_ERR_FORMAT},
    {"a surrogate in a text", C(TEXT_IN), AT_TEXT, BYTES("\xed\xa0\x80"), CG_ERR_FORMAT},
    {"a NUL in a text that is replaced", C(TEXT_INOUT), AT_TEXT, BYTES("\0"), CG_ERR_FORMAT},
    {"an upper case scheme", C(URI), AT_URI, BYTES("C"), CG_ERR_FORMAT},
    {"a percent in a path", C(URI), AT_URI + 20, BYTES("%"), CG_ERR_FORMAT},
    {"a bad byte in the second buffer", C(BUFFERS), AT_TEXT2 + 1, BYTES("\xff"), CG_ERR_FORMAT},
};

static void memory_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof memory_cases / sizeof memory_cases[0]; i++) {
        const memory_case_t *c = &memory_cases[i];
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            memcpy(rig.memory + c->at, c->bytes, c->size);
            check_refused(&rig, c->name, rig_call(&rig, c->call, -1, 0), c->expected);
            rig_close(&rig);
        }
    }
}

typedef struct guard_case {
    const char *name;
    unsigned guard; /* the only one that is not `any` */
    int64_t min, max;
    const char *text;
    bool is_prefix, is_unsigned, is_allowed;
} guard_case_t;

#define G(name) CG_GUARD_ALL_GUARDED_##name

static const guard_case_t guard_cases[] = {
    {"a u8 in its range", G(A), 5, 5, NULL, false, false, true},
    {"a u8 outside", G(A), 6, 255, NULL, false, false, false},
    {"an s16 in its range", G(B), -5, -5, NULL, false, false, true},
    {"an s16 outside", G(B), -4, 10, NULL, false, false, false},
    {"a u64 in its range", G(C), 1, -1, NULL, false, true, true},
    {"a u64 outside", G(C), 0, -2, NULL, false, true, false},
    {"an enum value", G(D), 1, 1, NULL, false, false, true},
    {"another enum value", G(D), 0, 0, NULL, false, false, false},
    {"flags", G(E), 1, 1, NULL, false, false, true},
    {"other flags", G(E), 2, 255, NULL, false, false, false},
    {"a text", G(F), 0, 0, "ab", false, false, true},
    {"another text of the same length", G(F), 0, 0, "ac", false, false, false},
    {"a longer text", G(F), 0, 0, "abc", false, false, false},
    {"a shorter text", G(F), 0, 0, "a", false, false, false},
    {"a URI under a prefix", G(H), 0, 0, "coap://[::1]:5683/", true, false, true},
    {"a URI under another prefix", G(H), 0, 0, "coap://[::1]:5684/", true, false, false},
    {"a prefix that is all of the text", G(H), 0, 0, "coap://[::1]:5683/a/b", true, false, false},
};

static void guards_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof guard_cases / sizeof guard_cases[0]; i++) {
        const guard_case_t *c = &guard_cases[i];
        const cg_guard_range_t range = {c->min, c->max};
        const cg_guard_pattern_t pattern = {c->text, c->text == NULL ? 0 : (uint16_t)strlen(c->text), c->is_prefix};
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            rig.guards[c->guard] = (cg_guard_t){.is_unsigned = c->is_unsigned, .count = 1, .ranges = c->text == NULL ? &range : NULL, .texts = c->text == NULL ? NULL : &pattern};
            const int64_t got = rig_call(&rig, C(GUARDED), -1, 0);
            if (c->is_allowed) {
                assert_int_equal(got, 0);
                assert_int_equal(world.calls, 1);
            } else {
                check_refused(&rig, c->name, got, CG_ERR_GUARD);
                assert_int_equal(rig.guest.counters.violations, 0);
            }
            rig_close(&rig);
        }
    }
}

/* Charged before the host is called: the bytes that may be copied. */
static void bytes_are_charged(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t call, bytes;
    } rows[] = {{"texts", C(TEXT_IN), 5}, {"capacities up to the maximum", C(BYTES_OUT), 32}, {"elements by their size", C(LIST_INOUT), 32}, {"all lists", C(LISTS), 8 + 4 + 64 + 16 + 8}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            rig.guest.bytes_left = rows[i].bytes - 1;
            check_refused(&rig, rows[i].name, rig_call(&rig, rows[i].call, -1, 0), CG_ERR_QUOTA);
            rig.guest.bytes_left = rows[i].bytes;
            assert_true(rig_call(&rig, rows[i].call, -1, 0) >= 0);
            assert_int_equal(rig.guest.bytes_left, 0);
            rig_close(&rig);
        }
    }
}

static void unknown_numbers_are_refused(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {3, CG_NUMBER(77, 0), CG_NUMBER(77, 12), CG_NUMBER(78, 1), CG_NUMBER(0x8000 | 77, 1), 0xffffffffu, CG_NUMBER(77, 0x800c)};
    for (path_t path = PATH_FAST; path < PATH_TYPED; path++) {
        for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
            rig_t rig;
            rig_open(&rig, path);
            uint64_t regs[11] = {0};
            const struct {
                bool (*call)(void *guest, uint32_t number, uint64_t *regs);
            } *glue = rig.guest.kind->glue;
            assert_int_equal(cg_set_find(&cg_set, numbers[i]), -1);
            assert_true(glue->call(&rig.guest, numbers[i], regs));
            assert_int_equal((int64_t)regs[0], CG_ERR_UNKNOWN);
            assert_int_equal(rig.guest.counters.violations, 1);
            rig_close(&rig);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slots_are_refused), cmocka_unit_test(spill_blocks_are_refused), cmocka_unit_test(memory_is_refused),
        cmocka_unit_test(guards_hold),       cmocka_unit_test(bytes_are_charged),        cmocka_unit_test(unknown_numbers_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
