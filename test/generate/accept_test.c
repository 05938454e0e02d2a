/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/accept_test.c - calls that are right, on all three paths: what arrives at the host, what is the result, and which bytes are written. */
#include "rig.h"

#include <string.h>

extern const cg_catalog_t cg_catalog_le32; /* generated */

#define C(name) CG_CALL_ALL_##name
#define MINUS(n) ((uint64_t)(int64_t) - (n))

typedef struct arrive_case {
    const char *name;
    uint32_t call;
    int slot;
    uint64_t value;
    const char *text; /* what the host saw */
    int64_t result;
} arrive_case_t;

static const arrive_case_t arrive_cases[] = {
    {"scalars of every kind", C(SCALARS), -1, 0, "1 200 60000 4000000000 1122334455667788 -5 -300 -70000 -9223372036854775808 1.5 2.5", 0},
    {"the smallest s8", C(SCALARS), 5, MINUS(128), "1 200 60000 4000000000 1122334455667788 -128 -300 -70000 -9223372036854775808 1.5 2.5", 0},
    {"the largest s16", C(SCALARS), 6, 32767, "1 200 60000 4000000000 1122334455667788 -5 32767 -70000 -9223372036854775808 1.5 2.5", 0},
    {"optionals that are there", C(OPTIONALS), -1, 0, "1:1 1:200 1:-9 1:1.5 1:-128 1:129 1:2.5", 0},
    {"an optional that is not there", C(OPTIONALS), 2, 0, "1:1 0:0 1:-9 1:1.5 1:-128 1:129 1:2.5", 0},
    {"an optional float that is not there", C(OPTIONALS), 12, 0, "1:1 1:200 1:-9 1:1.5 1:-128 1:129 0:0", 0},
    {"enums of every base", C(ENUMS), -1, 0, "-128 7 65535 -32768 4294967295 -2147483648 18446744073709551615 -9223372036854775808 99", 0},
    {"flags of every base", C(FLAGS), -1, 0, "81 8000 80000001 8000000000000001", 0},
    {"no flags at all", C(FLAGS), 0, 0, "0 8000 80000001 8000000000000001", 0},
    {"lower ends of ranges", C(RANGES), -1, 0, "1 -5 10 -1", 3},
    {"the upper end of a u64 range", C(RANGES), 2, UINT64_MAX - 1, "1 -5 18446744073709551614 -1", 3},
    {"the lower end of an s64 range", C(RANGES), 3, 0x8000000000000000u, "1 -5 10 -9223372036854775808", 3},
    {"sixteen slots in order", C(SIXTEEN), -1, 0, "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", 0},
    {"no arguments", C(NOTHING), -1, 0, "nothing", 0},
    {"a count that is a bool", C(C_BOOL), -1, 0, "c_bool", 1},
    {"a count of all a u16 can hold", C(C_U16), -1, 0, "c_u16", 65535},
    {"a count that is an enum", C(C_BYTE), -1, 0, "c_byte", 7},
    {"a record with all in it", C(OUTER_IN), -1, 0, "17 [8738 13107 17476] {1 2 -100 81} {0 -128 100 0} {1 0 0 1} 1.5 2.5 200", 0},
    {"a record that ends with memory is read; its first bad field is told", C(OUTER_IN), 0, MEMORY_SIZE - 48, "", CG_ERR_WIDTH},
    {"a plain record", C(PLAIN_BOTH), -1, 0, "1 -2 4", 0},
    {"a record beside the one that is written", C(PLAIN_BOTH), 1, AT_PLAIN + 16, "1 -2 4", 0},
    {"lists of every kind", C(LISTS), -1, 0, "1,2,3,4,5,6,7,8, -128 0 1 127 (1 102030405060708) (2 2) (3 3) (4 4) 2.5 -1 y n y n y n y n", 0},
    {"an empty list", C(LISTS), 5, 0, "1,2,3,4,5,6,7,8, -128 0 1 127 2.5 -1 y n y n y n y n", 0},
    {"a list that is replaced", C(LIST_INOUT), -1, 0, "3 of 8", 4},
    {"an empty list that is replaced", C(LIST_INOUT), 1, 0, "0 of 8", 1},
    {"a capacity above the maximum is cut to it", C(LIST_INOUT), 2, 100, "3 of 8", 4},
    {"a replaced list without room", C(LIST_INOUT), 2, 3, "", CG_ERR_SPACE},
    {"two lists that are replaced", C(LIST_INOUTS), -1, 0, "1/3 2/4", 0},
    {"a text", C(TEXT_IN), -1, 0, "5 'hello' 5", 0},
    {"an empty text", C(TEXT_IN), 1, 0, "0 '' 0", 0},
    {"a text to be filled", C(TEXT_OUT), -1, 0, "16", 6},
    {"a text that just fits", C(TEXT_OUT), 1, 6, "6", 6},
    {"a text that does not fit", C(TEXT_OUT), 1, 5, "5", CG_ERR_SPACE},
    {"a text that is replaced", C(TEXT_INOUT), -1, 0, "5/16 'hello'", 5},
    {"a URI", C(URI), -1, 0, "coap://[::1]:5683/a/b", 0},
    {"bytes", C(BYTES_IN), -1, 0, "32 165", 0},
    {"no bytes, at the end of memory", C(BYTES_IN), 1, 0, "0 0", 0},
    {"bytes to be filled", C(BYTES_OUT), -1, 0, "32", 3},
    {"a capacity above the maximum", C(BYTES_OUT), 1, 100, "32", 3},
    {"a capacity of nothing", C(BYTES_OUT), 1, 0, "0", 0},
    {"bytes that are replaced", C(BYTES_INOUT), -1, 0, "4/32", 4},
    {"buffers of every kind", C(BUFFERS), -1, 0, "4 'ab' 2/4 4", 0},
    {"guarded arguments", C(GUARDED), -1, 0, "5 -5 18446744073709551615 1 1 ab coap://[::1]:5683/a/b", 0},
    {"optional handles that are not there", C(MAYBE), -1, 0, "maybe none none", 0},
    {"a bound function that gives a count", C(BOUND_UNNAMED), 0, 200, "", 200},
    {"a bound result beyond its type", C(BOUND_UNNAMED), 0, 256, "", CG_ERR_HOST},
    {"a bound function that fails", C(BOUND_UNNAMED), 0, MINUS(3), "", CG_ALL_ERR_IO},
    {"a bound function that fails with a number of its own", C(BOUND_STATUS), 0, MINUS(7), "", CG_ALL_ERR_GONE},
    {"a bound function that fails otherwise", C(BOUND_STATUS), 0, MINUS(8), "", CG_ALL_ERR_IO},
    {"a bound function of bytes and text", C(BOUND_BYTES), -1, 0, "", 1 + 'h'},
};

static void values_arrive(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof arrive_cases / sizeof arrive_cases[0]; i++) {
        const arrive_case_t *c = &arrive_cases[i];
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            const int64_t got = rig_call(&rig, c->call, c->slot, c->value);
            if (got != c->result || (c->text != NULL && strcmp(world.text, c->text) != 0)) {
                fail_msg("%s (%s): %d, wanted %d; the host saw '%s'", c->name, path_name(path), (int)got, (int)c->result, world.text);
            }
            assert_int_equal(rig.guest.budget, 999);
            rig_close(&rig);
        }
    }
}

typedef struct value_case {
    const char *name;
    uint32_t call;
    uint64_t in, out;
} value_case_t;

static const value_case_t value_cases[] = {
    {"a bool", C(V_BOOL), 2, 1},
    {"a u8", C(V_U8), 255, 255},
    {"a u16", C(V_U16), 65535, 65535},
    {"a u32", C(V_U32), 0xffffffffu, 0xffffffffu},
    {"a u64", C(V_U64), UINT64_MAX, UINT64_MAX},
    {"an s8", C(V_S8), MINUS(128), MINUS(128)},
    {"an s16", C(V_S16), MINUS(32768), MINUS(32768)},
    {"an s32", C(V_S32), MINUS(70000), MINUS(70000)},
    {"an s64", C(V_S64), 0x8000000000000000u, 0x8000000000000000u},
    {"a float keeps its bits", C(V_F32), 0x3fc00000u, 0x3fc00000u},
    {"a negative zero", C(V_F32), 0x80000000u, 0x80000000u},
    {"a double", C(V_F64), 0xc004000000000000u, 0xc004000000000000u},
    {"a signed enum", C(V_TINY), MINUS(128), MINUS(128)},
    {"an open enum", C(V_LOOSE), 77, 77},
    {"flags of 64 bits", C(V_BITS64), 0x8000000000000001u, 0x8000000000000001u},
    {"a value at the end of its range", C(V_RANGE), MINUS(3), MINUS(3)},
    {"an enum of 64 bits", C(V_DEEP), 0x8000000000000000u, 0x8000000000000000u},
    {"a bound function", C(BOUND_VALUE), 21, 42},
};

static void values_come_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof value_cases / sizeof value_cases[0]; i++) {
        const value_case_t *c = &value_cases[i];
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            const uint64_t got = (uint64_t)rig_call(&rig, c->call, 0, c->in);
            if (got != c->out || rig.guest.ending != 0) {
                fail_msg("%s (%s): %llx, wanted %llx", c->name, path_name(path), (unsigned long long)got, (unsigned long long)c->out);
            }
            rig_close(&rig);
        }
    }
}

typedef struct write_case {
    const char *name;
    uint32_t call;
    uint32_t at; /* from here on memory is as `bytes` says; all other memory is unchanged, and '\xa5' stands for a byte that is not written */
    const char *bytes;
    uint32_t size;
    bool is_empty;
} write_case_t;

#define BYTES(text) (text), (uint32_t)(sizeof(text) - 1)
#define A5 "\xa5"
#define A5x3 A5 A5 A5
#define A5x4 A5 A5x3
#define A5x6 A5x3 A5x3
#define A5x7 A5x3 A5x4

static const write_case_t write_cases[] = {
    {"scalars of every kind, each in its own size", C(SCALARS_OUT), AT_OUT,
     BYTES("\x01" A5x7 "\x12" A5x7 "\x56\x34" A5x6 "\xde\xbc\x9a\x78" A5x4 "\xef\xcd\xab\x89\x67\x45\x23\x01" "\xfe" A5x7 "\xfd\xff" A5x6 "\xfc\xff\xff\xff" A5x4 "\xfb\xff\xff\xff\xff\xff\xff\xff"
           "\x00\x00\x80\x3f" A5x4 "\x00\x00\x00\x00\x00\x00\xf0\xbf"), false},
    {"optionals that are there", C(OPTIONALS_OUT), AT_OUT,
     BYTES("\x01" A5x7 "\x01" A5x7 "\x01" A5x7 "\x12" A5x7 "\x01" A5x7 "\xfb\xff\xff\xff\xff\xff\xff\xff" "\x01" A5x7 "\x00\x00\x80\x3f" A5x4 "\x01" A5x7 "\x02" A5x7 "\x01" A5x7 "\x81" A5x7 "\x01" A5x7
           "\x00\x00\x00\x00\x00\x00\xf0\xbf"), false},
    {"optionals that are not: only their presence is written", C(OPTIONALS_OUT), AT_OUT,
     BYTES("\x00" A5x7 A5 A5x7 "\x00" A5x7 A5 A5x7 "\x00" A5x7 A5 A5x7 "\x00" A5x7 A5 A5x7 "\x00" A5x7 A5 A5x7 "\x00" A5x7 A5 A5x7 "\x00"), true},
    {"enums of every base", C(ENUMS_OUT), AT_OUT,
     BYTES("\x80" A5x7 "\xff" A5x7 "\xff\xff" A5x6 "\x00\x80" A5x6 "\xff\xff\xff\xff" A5x4 "\x00\x00\x00\x80" A5x4 "\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x80\xc8"), false},
    {"flags of every base", C(FLAGS), AT_OUT, BYTES("\x81" A5x7 "\x00\x80" A5x6 "\x01\x00\x00\x80" A5x4 "\x01\x00\x00\x00\x00\x00\x00\x80"), false},
    {"a result with a range beside one that is the count", C(RANGES), AT_OUT, BYTES("\xfb\xff" A5), false},
    {"an unnamed result", C(UNNAMED), AT_OUT, BYTES("\xef\xbe\xed\xfe"), false},
    {"a record, but not its padding", C(OUTER_OUT), AT_OUT,
     BYTES("\x11" A5 "\x22\x22\x33\x33\x44\x44" "\x01\x02\x9c\xff\x81" A5 "\x01\x02\x9c\xff\x81" A5 "\x01\x02\x9c\xff\x81" A5 A5 A5 "\x00\x00\x80\x3f" "\x00\x00\x00\x00\x00\x00\xf0\xbf" "\x77"), false},
    {"a plain record", C(PLAIN_BOTH), AT_OUT, BYTES("\xff\xff\xff\xff\xfe\xff\xff\xff\x01\x00\x02\x00\x03\x00\x04\x00"), false},
    {"a bound record goes through the host's own type", C(BOUND_RECORD), AT_OUT, BYTES("\xfe\xff\xff\xff\x01\x00\x00\x00\x01\x00\x02\x00\x03\x00\x04\x00"), false},
    {"a list of as many as there are", C(LISTS_OUT), AT_OUT, BYTES("\x22\x11\x44\x33"), false},
    {"a text without a NUL", C(TEXT_OUT), AT_OUT, BYTES("gr\xc3\xbc\xc3\x9f"), false},
    {"an empty text", C(TEXT_OUT), AT_OUT, BYTES(""), true},
    {"a text in place of another, of which the rest stays", C(TEXT_INOUT), AT_TEXT, BYTES("other"), false},
    {"bytes, as many as the host gave", C(BYTES_OUT), AT_OUT, BYTES("\x77\x77\x77"), false},
    {"bytes in place", C(BYTES_INOUT), AT_BYTES, BYTES("\x02\x03\x04\x05"), false},
    {"a list in place", C(LIST_INOUT), AT_WORDS, BYTES("\x02\x00\x00\x00\x03\x00\x00\x00\x04\x00\x00\x00\x63\x00\x00\x00"), false},
    {"counts of buffers", C(BUFFERS), AT_OUT, BYTES(A5x4 A5x4 "\x00\x00\x00\x00" A5x4 "hi" A5x6 "\x02\x00\x00\x00"), false},
};

static void only_what_is_declared_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof write_cases / sizeof write_cases[0]; i++) {
        const write_case_t *c = &write_cases[i];
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            world.is_empty = c->is_empty;
            assert_true(rig_call(&rig, c->call, -1, 0) >= 0);
            memcpy(rig.before + c->at, c->bytes, c->size);
            for (uint32_t at = 0; at < MEMORY_SIZE; at++) {
                const bool is_elsewhere = c->call == C(LISTS_OUT) && at >= AT_OUT + 0x40;
                if (rig.memory[at] != rig.before[at] && !is_elsewhere) {
                    fail_msg("%s (%s): byte 0x%x is %02x, wanted %02x", c->name, path_name(path), at, rig.memory[at], rig.before[at]);
                }
            }
            rig_close(&rig);
        }
    }
}

/* The other four lists of lists_out: elements with padding, and a count each. */
static void lists_leave_padding_alone(void **state)
{
    (void)state;
    static const struct {
        uint32_t at;
        const char *bytes;
        uint32_t size;
    } rows[] = {
        {AT_OUT + 0x40, BYTES("\x02\x00\x00\x00" A5x4)},
        {AT_OUT + 0x80, BYTES("\x80\x01" A5)},
        {AT_OUT + 0xc0, BYTES("\x02\x00\x00\x00" A5x4)},
        {AT_OUT + 0x100, BYTES("\x01" A5x7 "\x02\x00\x00\x00\x00\x00\x00\x00" "\x03" A5x7 "\x04\x00\x00\x00\x00\x00\x00\x00" A5)},
        {AT_OUT + 0x180, BYTES("\x02\x00\x00\x00" A5x4)},
        {AT_OUT + 0x1c0, BYTES("\x01\x01\x64\x00\x01" A5x7)},
        {AT_OUT + 0x200, BYTES("\x01\x00\x00\x00" A5x4)},
        {AT_OUT + 0x240, BYTES("\x01" A5)},
        {AT_OUT + 0x280, BYTES("\x01\x00\x00\x00" A5x4)},
    };
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        assert_int_equal(rig_call(&rig, C(LISTS_OUT), -1, 0), 0);
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            assert_memory_equal(rig.memory + rows[i].at, rows[i].bytes, rows[i].size);
        }
        rig_close(&rig);
    }
}

static void numbers_lead_to_their_calls(void **state)
{
    (void)state;
    assert_int_equal(cg_set.call_count, CG_CALL_COUNT);
    for (uint32_t i = 0; i < CG_CALL_COUNT; i++) {
        assert_int_equal(cg_set_find(&cg_set, cg_set.numbers[i]), i);
        assert_true(i == 0 || cg_set.numbers[i - 1] < cg_set.numbers[i]);
    }
    const cg_api_info_t *api = &cg_catalog_le32.apis[1];
    assert_string_equal(api->name, "all");
    for (uint32_t i = 0; i < api->call_count; i++) {
        assert_int_equal(cg_set.numbers[api->calls[i].index], api->calls[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_arrive),
        cmocka_unit_test(values_come_back),
        cmocka_unit_test(only_what_is_declared_is_written),
        cmocka_unit_test(lists_leave_padding_alone),
        cmocka_unit_test(numbers_lead_to_their_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
