/* SPDX-License-Identifier: BSD-2-Clause */
/* test/cli/trace.c - what a traced call looks like, on the real gate, with a catalog and bodies written by hand. */
#include "cli/trace.h"

#include "callgate/trace.h"
#include "test/policy/catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

enum { MEMORY = 512, SLOTS = 4, HANDLE = 1 << 10 | 0 << 1 | 1, DEAD = 1 << 10 | 1 << 1 | 1, ANSWER = 7 << 10 | 3 << 1 | 1 };

/* Places in guest memory. */
enum { AT_TEXT = 16, AT_LONG = 64, AT_BYTES = 192, AT_PHYDAT = 256, AT_SMALL = 264, AT_BOX = 272, AT_LISTS = 320, AT_COUNT = 400 };

static const char sensor[] = "sim-temp", answer[] = "2.04";

static const char *describe(cg_host_t *host, const char *type, const void *object, char *to, size_t size)
{
    (void)host;
    snprintf(to, size, "%s", (const char *)object);
    return strcmp(type, "saul.device") == 0 || strcmp(type, "coap.response") == 0 ? to : NULL;
}

/* ---- a guest made by hand ---- */

typedef struct stage {
    uint8_t *memory;
    cg_window_t window;
    cg_slot_t slots[SLOTS];
    uint32_t granted[1], nothing[1];
    cg_policy_t policy;
    cg_vm_t vm;
    cg_guest_config_t config;
    cg_guest_t guest;
} stage_t;

static void put(stage_t *stage, uint32_t at, const void *bytes, size_t size)
{
    assert_true(at <= MEMORY && size <= MEMORY - at);
    memcpy(stage->memory + at, bytes, size);
}

static void fill_memory(stage_t *stage)
{
    static const int16_t val[3] = {2154, 0, -1};
    static const int32_t corners[4] = {1, -2, 3, -4};
    static const uint16_t numbers[3] = {1, 65535, 7};
    static const double weight = 0.1;
    put(stage, AT_TEXT, "it is \"warm\"\\\n\x1b[2J\xff\xe2\x80\xae.", 23);
    memset(stage->memory + AT_LONG, 'x', 100);
    put(stage, AT_LONG + 79, "\xc3\xa4", 2); /* a letter of two bytes over the cut */
    for (uint8_t i = 0; i < 40; i++) {
        stage->memory[AT_BYTES + i] = i;
    }
    put(stage, AT_PHYDAT, val, 6);
    put(stage, AT_PHYDAT + 6, "\x02\xfe", 2);
    put(stage, AT_SMALL, "\x01\xff", 2);
    put(stage, AT_BOX, corners, 16);
    put(stage, AT_BOX + 16, &weight, 8);
    put(stage, AT_BOX + 24, "\x01\x05", 2);
    put(stage, AT_LISTS, numbers, 6);
    put(stage, AT_LISTS + 8, corners, 16);
    put(stage, AT_LISTS + 32, "\xff\x00\x63", 3);
    put(stage, AT_COUNT, "\x03\x00\x00\x00\x05\x00\x00\x00", 8);
}

static int make_stage(void **state)
{
    stage_t *stage = calloc(1, sizeof *stage);
    assert_non_null(stage);
    stage->memory = calloc(1, MEMORY);
    assert_non_null(stage->memory);
    fill_memory(stage);
    stage->window = (cg_window_t){stage->memory, MEMORY, MEMORY};
    for (uint32_t i = 0; i < SLOTS; i++) {
        stage->slots[i] = (cg_slot_t){.name = 2u << 10 | i << 1};
    }
    stage->slots[0] = (cg_slot_t){.u.next = (uintptr_t)sensor, .name = HANDLE, .type = TYPE_SAUL_DEVICE, .rights = CG_RIGHTS_ALL};
    stage->slots[3] = (cg_slot_t){.u.next = (uintptr_t)answer, .name = ANSWER, .type = TYPE_COAP_RESPONSE, .rights = CG_RIGHTS_ALL};
    stage->granted[0] = ~(UINT32_C(1) << CALL_SAUL_WRITE);
    stage->policy = (cg_policy_t){.guest = "thermostat", .granted = stage->granted, .slots = SLOTS, .violation = CG_VIOLATION_TRAP};
    stage->vm = (cg_vm_t){.set = test_catalog.set, .catalog = &test_catalog};
    stage->guest = (cg_guest_t){.budget = 100, .bytes_left = 1000, .offset_mask = UINT32_MAX, .windows = &stage->window, .slots = stage->slots,
                                .slot_mask = SLOTS - 1, .policy = &stage->policy, .set = test_catalog.set, .kind = &stage->vm, .config = &stage->config,
                                .nothing = stage->nothing, .handle_bits = 31};
    atomic_init(&stage->guest.granted, stage->granted);
    *state = stage;
    return 0;
}

static int drop_stage(void **state)
{
    stage_t *stage = *state;
    free(stage->memory);
    free(stage);
    return 0;
}

/* ---- calls ---- */

/* What the body under way shall do. */
static int body_error;
static uint64_t body_result;

static uint64_t body(cg_guest_t *g, const uint32_t *words)
{
    (void)words;
    if (body_error != 0) {
        (void)cg_no(g, body_error);
        return 0;
    }
    return body_result;
}

enum { WIDE = 2, SIGNED = 1, SLOT_MAX = 10 };
#define SHAPE(i, kind) ((uint32_t)(kind) << 2 * (i))

typedef struct trace_row {
    const char *name;
    unsigned index, form, slot_count;
    uint32_t shape;
    uint64_t slots[SLOT_MAX];
    int error;
    uint64_t result;
    const char *line;
} trace_row_t;

static const trace_row_t rows[] = {
    {"a record and a scalar through addresses, with the handle's name", CALL_SAUL_READ, CG_FORM_STATUS, 3, 0, {HANDLE, AT_PHYDAT, AT_SMALL}, 0, 0,
     "[thermostat] saul.read(dev=#1 \"sim-temp\") -> data={val=[2154,0,-1] unit=temp_c scale=-2} dims=1\n"},
    {"an error of the API", CALL_SAUL_READ, CG_FORM_STATUS, 3, 0, {HANDLE, AT_PHYDAT, AT_SMALL}, -65, 0,
     "[thermostat] saul.read(dev=#1 \"sim-temp\") = io (The device did not answer)\n"},
    {"an error of the gate", CALL_SAUL_FIND, CG_FORM_COUNT, 2, 0, {0x82, 3}, CG_ERR_GUARD, 0,
     "[thermostat] saul.find(kind=sense_temp, nth=3) = guard (the policy does not allow this value)\n"},
    {"a call that is not granted", CALL_SAUL_WRITE, CG_FORM_COUNT, 2, 0, {HANDLE, AT_PHYDAT}, 0, 0,
     "[thermostat] saul.write(dev=#1 \"sim-temp\", data={val=[2154,0,-1] unit=temp_c scale=-2}) = denied (the policy does not grant this call)\n"},
    {"an error number that nobody declared", CALL_SAUL_READ, CG_FORM_STATUS, 3, 0, {HANDLE, AT_PHYDAT, AT_SMALL}, 0, (uint64_t)-90,
     "[thermostat] saul.read(dev=#1 \"sim-temp\") = error -90\n"},
    {"a handle as the result", CALL_SAUL_FIND, CG_FORM_COUNT, 2, 0, {0x83, 0}, 0, HANDLE, "[thermostat] saul.find(kind=sense_hum, nth=0) -> dev=#1 \"sim-temp\"\n"},
    {"an enum value without a name", CALL_SAUL_COUNT, CG_FORM_COUNT, 1, 0, {0x70}, 0, 0, "[thermostat] saul.count(kind=112) -> devices=0\n"},
    {"a dead handle", CALL_SAUL_READ, CG_FORM_STATUS, 3, 0, {DEAD, AT_PHYDAT, AT_SMALL}, CG_ERR_HANDLE, 0,
     "[thermostat] saul.read(dev=<no handle 0x403>) = handle (no open object of that type has this handle)\n"},
    {"a handle of another type", CALL_SAUL_READ, CG_FORM_STATUS, 3, 0, {ANSWER, AT_PHYDAT, AT_SMALL}, CG_ERR_HANDLE, 0,
     "[thermostat] saul.read(dev=#4 \"2.04\") = handle (no open object of that type has this handle)\n"},
    {"closing shows what is closed", CALL_GATE_CLOSE, CG_FORM_STATUS, 1, 0, {ANSWER}, 0, 0, "[thermostat] gate.close(handle=#4 \"2.04\") = ok\n"},
    {"a value", CALL_RANDOM_U32, CG_FORM_VALUE, 0, 0, {0}, 0, 4000000000, "[thermostat] random.u32() -> 4000000000\n"},
    {"a signed value", CALL_PROBE_SUM, CG_FORM_VALUE, 2, SHAPE(0, SIGNED) | SHAPE(1, SIGNED), {(uint64_t)-3, 1}, 0, 0xfffffffe,
     "[thermostat] probe.sum(a=-3, b=1) -> -2\n"},
    {"bits beyond the word cannot be decoded", CALL_PROBE_SUM, CG_FORM_STATUS, 2, SHAPE(0, SIGNED), {0x1ffffffff, 1}, 0, 0,
     "[thermostat] probe.sum(?) = width (an argument has bits beyond its type)\n"},
    {"a buffer whose count is the result", CALL_RANDOM_FILL, CG_FORM_COUNT, 2, 0, {AT_BYTES, 40}, 0, 4, "[thermostat] random.fill() -> data=<00010203>\n"},
    {"long bytes are cut", CALL_RANDOM_FILL, CG_FORM_COUNT, 2, 0, {AT_BYTES, 40}, 0, 33,
     "[thermostat] random.fill() -> data=<000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f>...\n"},
    {"an empty buffer", CALL_RANDOM_FILL, CG_FORM_COUNT, 2, 0, {AT_BYTES, 40}, 0, 0, "[thermostat] random.fill() -> data=<>\n"},
    {"a text that would disturb a terminal", CALL_LOG_PRINT, CG_FORM_STATUS, 2, 0, {AT_TEXT, 23}, 0, 0,
     "[thermostat] log.print(text=\"it is \\\"warm\\\"\\\\\\n\\x1b[2J\\xff\\u{202e}.\") = ok\n"},
    {"a long text is cut between letters", CALL_LOG_PRINT, CG_FORM_STATUS, 2, 0, {AT_LONG, 100}, 0, 0,
     "[thermostat] log.print(text=\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"...) = ok\n"},
    {"a text as long as is shown", CALL_LOG_PRINT, CG_FORM_STATUS, 2, 0, {AT_LONG + 1, 80}, 0, 0,
     "[thermostat] log.print(text=\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\xc3\xa4\") = ok\n"},
    {"a range that ends one byte outside", CALL_LOG_PRINT, CG_FORM_STATUS, 2, 0, {MEMORY - 1, 2}, CG_ERR_FORMAT, 0,
     "[thermostat] log.print(text=<unreadable 0x1ff+2>) = format (a text is not UTF-8, holds a NUL, or is not of the declared format)\n"},
    {"a range that wraps around", CALL_LOG_PRINT, CG_FORM_STATUS, 2, 0, {4, 0xffffffff}, CG_ERR_RANGE, 0,
     "[thermostat] log.print(text=<unreadable 0x4+4294967295>) = range (an argument is outside its declared range)\n"},
    {"an empty text at the end of memory", CALL_LOG_PRINT, CG_FORM_STATUS, 2, 0, {MEMORY, 0}, 0, 0, "[thermostat] log.print(text=\"\") = ok\n"},
    {"64 bits, floats and a bool", CALL_PROBE_WIDE, CG_FORM_STATUS, 6,
     SHAPE(0, WIDE) | SHAPE(1, WIDE) | SHAPE(3, WIDE), {UINT64_MAX, (uint64_t)INT64_MIN, 0x3dcccccd, 0x3fb999999999999a, 1, AT_BOX}, 0, 0,
     "[thermostat] probe.wide(up=18446744073709551615, down=-9223372036854775808, half=0.1, full=0.1, on=true) -> back=-8589934591\n"},
    {"floats that are no numbers", CALL_PROBE_WIDE, CG_FORM_STATUS, 6,
     SHAPE(0, WIDE) | SHAPE(1, WIDE) | SHAPE(3, WIDE), {0, 0, 0x7f800000, 0x7ff8000000000000, 2, AT_BOX}, CG_ERR_WIDTH, 0,
     "[thermostat] probe.wide(up=0, down=0, half=inf, full=nan, on=<neither true nor false>) = width (an argument has bits beyond its type)\n"},
    {"optional values that are there", CALL_PROBE_MAYBE, CG_FORM_STATUS, 9, SHAPE(3, WIDE), {1, 500, 1, 1ULL << 40, HANDLE, AT_SMALL, AT_SMALL + 1, AT_SMALL, AT_SMALL + 1}, 0, 0,
     "[thermostat] probe.maybe(a=500, b=1099511627776, dev=#1 \"sim-temp\") -> x=-1 y=slow\n"},
    {"optional values that are not there", CALL_PROBE_MAYBE, CG_FORM_STATUS, 9, SHAPE(3, WIDE), {0, 9, 0, 9, 0, 0, AT_SMALL, 0, AT_SMALL}, 0, 0,
     "[thermostat] probe.maybe(a=none, b=none, dev=none) -> x=none y=none\n"},
    {"lists of numbers and records", CALL_PROBE_LISTS, CG_FORM_STATUS, 10, 0,
     {AT_LISTS, 3, AT_LISTS + 8, 2, AT_LISTS + 32, 8, AT_COUNT, AT_TEXT, 31, AT_COUNT + 4}, 0, 0,
     "[thermostat] probe.lists(numbers=[1,65535,7], points=[{x=1 y=-2},{x=3 y=-4}]) -> modes=[slow,still,99] note=\"it is\"\n"},
    {"a count outside memory", CALL_PROBE_LISTS, CG_FORM_STATUS, 10, 0, {0, 0, 0, 0, AT_LISTS + 32, 8, AT_COUNT, AT_TEXT, 31, MEMORY - 3}, 0, 0,
     "[thermostat] probe.lists(numbers=[], points=[]) -> modes=[slow,still,99] note=<unreadable count>\n"},
    {"a long list is cut", CALL_PROBE_LISTS, CG_FORM_STATUS, 10, 0, {AT_LONG, 17, 0, 0, 0, 0, AT_COUNT + 8, 0, 0}, CG_ERR_RANGE, 0,
     "[thermostat] probe.lists(numbers=[30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,30840,...], "
     "points=[]) = range (an argument is outside its declared range)\n"},
    {"a count that times its size wraps around", CALL_PROBE_LISTS, CG_FORM_STATUS, 10, 0, {0, 0, 0, 0x20000001, 0, 0, AT_COUNT + 8, 0, 0}, CG_ERR_RANGE, 0,
     "[thermostat] probe.lists(numbers=[], points=<unreadable 0x0+4294967304>) = range (an argument is outside its declared range)\n"},
    {"a buffer that is replaced", CALL_PROBE_SWAP, CG_FORM_COUNT, 3, 0, {AT_BYTES, 2, 8}, 0, 3, "[thermostat] probe.swap(data=<0001>) -> data=<000102>\n"},
    {"nested records", CALL_PROBE_NEST, CG_FORM_STATUS, 2, 0, {AT_BOX, AT_BOX}, 0, 0,
     "[thermostat] probe.nest(box={corner=[{x=1 y=-2},{x=3 y=-4}] weight=0.1 closed=true mask=red|blue}) -> "
     "copy={corner=[{x=1 y=-2},{x=3 y=-4}] weight=0.1 closed=true mask=red|blue}\n"},
    {"a record outside memory", CALL_PROBE_NEST, CG_FORM_STATUS, 2, 0, {MEMORY - 31, AT_BOX}, CG_ERR_MEMORY, 0,
     "[thermostat] probe.nest(box=<unreadable 0x1e1+32>) = memory (a range is not inside the guest's memory with that access)\n"},
    {"flags", CALL_PROBE_SET, CG_FORM_STATUS, 6, SHAPE(0, SIGNED) | SHAPE(2, WIDE) | SHAPE(3, SIGNED), {(uint64_t)-5, 0x0e, 7, 1, AT_TEXT, 2}, CG_ERR_VALUE, 0,
     "[thermostat] probe.set(level=-5, mask=green|blue|0x8, big=7, mode=fast, topic=\"it\") = value (an unknown enum value, or flag bits that have no name)\n"},
    {"no flags", CALL_PROBE_SET, CG_FORM_STATUS, 6, SHAPE(0, SIGNED) | SHAPE(2, WIDE) | SHAPE(3, SIGNED), {0, 0, 0, 0, AT_TEXT, 0}, 0, 0,
     "[thermostat] probe.set(level=0, mask=0, big=0, mode=still, topic=\"\") = ok\n"},
    /* the last one, as it ends the activation */
    {"a refused plain value shows the reason", CALL_RANDOM_U32, CG_FORM_VALUE, 0, 0, {0}, CG_ERR_QUOTA, 0,
     "[thermostat] random.u32() = quota (a limit of the policy is used up: handles, bytes or a host resource)\n"},
};

static uint64_t traced(stage_t *stage, const trace_row_t *row, char *line, size_t size)
{
    const int fd = memfd_create("trace", 0);
    assert_true(fd >= 0);
    trace_init(fd, describe);
    const cg_row_t call = {.body = body, .shape = row->shape, .slots = (uint8_t)row->slot_count, .form = (uint8_t)row->form};
    body_error = row->error;
    body_result = row->result;
    const uint64_t result = cg_row_call_traced(&stage->guest, &call, row->index, row->slots, SLOT_MAX, false);
    const ssize_t n = pread(fd, line, size - 1, 0);
    assert_true(n >= 0);
    line[n] = '\0';
    close(fd);
    return result;
}

static void calls_are_shown_as_the_catalog_names_them(void **state)
{
    stage_t *stage = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char line[1024];
        stage->guest.ending = 0;
        atomic_store(&stage->guest.granted, stage->granted);
        stage->guest.ended_by = 0;
        const uint64_t result = traced(stage, &rows[i], line, sizeof line);
        const bool is_same = strcmp(line, rows[i].line) == 0;
        const bool is_passed_on = rows[i].error != 0 || rows[i].index == CALL_SAUL_WRITE || rows[i].slots[0] >> 32 == 1 || result == rows[i].result;
        if (!is_same || !is_passed_on) {
            fprintf(stderr, "%s\n  wanted %s  got    %s", rows[i].name, rows[i].line, line);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static void a_trace_changes_nothing(void **state)
{
    stage_t *stage = *state;
    uint8_t before[MEMORY];
    cg_slot_t slots[SLOTS];
    memcpy(before, stage->memory, MEMORY);
    memcpy(slots, stage->slots, sizeof slots);
    char line[1024];
    (void)traced(stage, &rows[0], line, sizeof line);
    assert_memory_equal(before, stage->memory, MEMORY);
    assert_memory_equal(slots, stage->slots, sizeof slots);
    assert_int_equal(stage->guest.budget, 99);
    assert_int_equal(stage->guest.bytes_left, 1000);
    assert_int_equal(stage->guest.counters.refused, 0);
}

static void without_a_catalog_the_call_is_made_all_the_same(void **state)
{
    stage_t *stage = *state;
    char line[1024];
    stage->vm.catalog = NULL;
    assert_int_equal(traced(stage, &(trace_row_t){.index = CALL_RANDOM_U32, .form = CG_FORM_VALUE, .result = 5}, line, sizeof line), 5);
    assert_string_equal(line, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(calls_are_shown_as_the_catalog_names_them, make_stage, drop_stage),
        cmocka_unit_test_setup_teardown(a_trace_changes_nothing, make_stage, drop_stage),
        cmocka_unit_test_setup_teardown(without_a_catalog_the_call_is_made_all_the_same, make_stage, drop_stage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
