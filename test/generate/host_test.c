/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/host_test.c - hosts that break their contract, and handles through generated bodies: the guest gets an error and no bad value,
 * and every object that was given away is released exactly once (rig_close looks at the host's book). */
#include "rig.h"

#include <string.h>

#define C(name) CG_CALL_ALL_##name

typedef struct bad_case {
    const char *name;
    uint32_t call;
    bad_t bad;
    int result;   /* of the host function, with BAD_RESULT */
    int expected;
    bool writes;  /* bytes(..n) are the guest's own memory: the host wrote them before it broke its word */
} bad_case_t;

static const bad_case_t bad_cases[] = {
    {"an error of the call", C(UNNAMED), BAD_RESULT, CG_ALL_ERR_IO, CG_ALL_ERR_IO, false},
    {"the last error of the call", C(UNNAMED), BAD_RESULT, CG_ALL_ERR_LAST, CG_ALL_ERR_LAST, false},
    {"an error that the call does not have", C(UNNAMED), BAD_RESULT, CG_ALL_ERR_GONE, CG_ERR_HOST, false},
    {"an error of no API", C(UNNAMED), BAD_RESULT, -96, CG_ERR_HOST, false},
    {"the smallest number", C(UNNAMED), BAD_RESULT, INT32_MIN, CG_ERR_HOST, false},
    {"a positive number", C(UNNAMED), BAD_RESULT, 1, CG_ERR_HOST, false},
    {"an error of the gate that hosts may use: space", C(UNNAMED), BAD_RESULT, CG_ERR_SPACE, CG_ERR_SPACE, false},
    {"an error of the gate that hosts may use: quota", C(UNNAMED), BAD_RESULT, CG_ERR_QUOTA, CG_ERR_QUOTA, false},
    {"an error of the gate that hosts may use: denied", C(UNNAMED), BAD_RESULT, CG_ERR_DENIED, CG_ERR_DENIED, false},
    {"an error of the gate that hosts may not use", C(UNNAMED), BAD_RESULT, CG_ERR_MEMORY, CG_ERR_HOST, false},
    {"an error where the call has none", C(NOTHING), BAD_RESULT, CG_ALL_ERR_IO, CG_ERR_HOST, false},
    {"a failing count", C(C_U16), BAD_RESULT, CG_ERR_QUOTA, CG_ERR_QUOTA, false},
    {"an optional enum that has no such value", C(OPTIONALS_OUT), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"optional flags that have no such bit", C(OPTIONALS_OUT), BAD_DEEP, 0, CG_ERR_HOST, false},
    {"an enum that has no such value", C(ENUMS_OUT), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"a wide enum that has no such value", C(ENUMS_OUT), BAD_DEEP, 0, CG_ERR_HOST, false},
    {"flags that have no such bit", C(FLAGS), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"a value above its range", C(RANGES), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"a value below its range", C(RANGES), BAD_DEEP, 0, CG_ERR_HOST, false},
    {"a bad enum in a nested record", C(OUTER_OUT), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"a field beyond its range in an array of records", C(OUTER_OUT), BAD_DEEP, 0, CG_ERR_HOST, false},
    {"a list longer than its capacity", C(LISTS_OUT), BAD_COUNT, 0, CG_ERR_HOST, false},
    {"a list with a bad enum", C(LISTS_OUT), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"a list of records with a bad field", C(LISTS_OUT), BAD_DEEP, 0, CG_ERR_HOST, false},
    {"a replaced list longer than its capacity", C(LIST_INOUT), BAD_COUNT, 0, CG_ERR_HOST, false},
    {"a replaced list with bad flags", C(LIST_INOUTS), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"a text longer than its capacity", C(TEXT_OUT), BAD_COUNT, 0, CG_ERR_HOST, false},
    {"a text that is no text", C(TEXT_OUT), BAD_TEXT, 0, CG_ERR_HOST, false},
    {"a text with a NUL", C(TEXT_OUT), BAD_NUL, 0, CG_ERR_HOST, false},
    {"a replaced text that is no text", C(TEXT_INOUT), BAD_TEXT, 0, CG_ERR_HOST, false},
    {"more bytes than the capacity", C(BYTES_OUT), BAD_COUNT, 0, CG_ERR_HOST, true},
    {"more replaced bytes than the capacity", C(BYTES_INOUT), BAD_COUNT, 0, CG_ERR_HOST, true},
    {"no object where one is owed", C(OPEN), BAD_NULL, 0, CG_ERR_HOST, false},
    {"no first object of two", C(OPEN_TWO), BAD_NULL, 0, CG_ERR_HOST, false},
    {"no second object of two", C(OPEN_TWO), BAD_NULL_LAST, 0, CG_ERR_HOST, false},
    {"the same object twice", C(OPEN_TWO), BAD_TWICE, 0, CG_ERR_HOST, false},
    {"two objects and a bad value", C(OPEN_MORE), BAD_VALUE, 0, CG_ERR_HOST, false},
    {"two objects and none to be lent", C(OPEN_MORE), BAD_NULL, 0, CG_ERR_HOST, false},
    {"none to be lent", C(FIND), BAD_NULL, 0, CG_ERR_HOST, false},
    {"a failing call that opens", C(OPEN), BAD_RESULT, CG_ALL_ERR_GONE, CG_ALL_ERR_GONE, false},
};

/* Handles as the guest can know them: a slot that was used and is free again has only another generation. */
static uint32_t live_handles(const rig_t *rig)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        count += rig->guest.slots[i].type != 0;
    }
    return count;
}

static void hosts_that_break_their_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_cases / sizeof bad_cases[0]; i++) {
        const bad_case_t *c = &bad_cases[i];
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            world.bad = c->bad;
            world.result = c->result;
            const int64_t got = rig_call(&rig, c->call, -1, 0);
            const bool is_same = c->writes || memcmp(rig.before, rig.memory, MEMORY_SIZE) == 0;
            if (got != c->expected || !is_same || live_handles(&rig) != 0 || world_out() != 0 || world.calls != 1) {
                fail_msg("%s (%s): %d, wanted %d; memory %s, %u handles, %u objects out", c->name, path_name(path), (int)got, c->expected, is_same ? "unchanged" : "changed", live_handles(&rig), world_out());
            }
            assert_int_equal(rig.guest.counters.violations, 0);
            assert_int_equal(rig.guest.ending, 0);
            rig_close(&rig);
        }
    }
}

/* A value cannot carry an error: the activation ends. */
static void bad_values_end_the_activation(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t call;
        int64_t value;
    } rows[] = {
        {"an enum", C(V_TINY), 3}, {"flags", C(V_BITS64), 2}, {"a range", C(V_RANGE), 4}, {"the other end of a range", C(V_RANGE), -4}, {"a wide enum", C(V_DEEP), 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
            rig_t rig;
            rig_open(&rig, path);
            world.has_value = true;
            world.value = rows[i].value;
            assert_int_equal(rig_call(&rig, rows[i].call, -1, 0), 0);
            assert_int_equal(rig.guest.ending, 1);
            assert_int_equal(rig.guest.ended_by, -CG_ERR_HOST);
            assert_int_equal(rig.guest.ended_call, rows[i].call);
            rig_close(&rig);
        }
    }
}

/* A closed enum with runs and gaps as a count. */
static void bad_counts_are_refused(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        for (int value = 0; value < 256; value++) {
            rig_t rig;
            rig_open(&rig, path);
            world.has_value = true;
            world.value = value;
            assert_int_equal(rig_call(&rig, C(C_BYTE), -1, 0), value == 0 || value == 7 || value == 255 ? value : CG_ERR_HOST);
            rig_close(&rig);
        }
    }
}

/* ---- handles ---- */

static int64_t call1(rig_t *rig, uint32_t call, uint64_t one)
{
    const uint64_t slots[16] = {one};
    return rig_slots(rig, call, slots);
}

static int64_t call2(rig_t *rig, uint32_t call, uint64_t one, uint64_t two, uint64_t three)
{
    const uint64_t slots[16] = {one, two, three};
    return rig_slots(rig, call, slots);
}

static uint32_t word_at(const rig_t *rig, uint32_t at)
{
    return cg_load32(rig->memory + at);
}

static void handles_go_through_bodies(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        const int64_t owned = call1(&rig, C(OPEN), 0);
        const int64_t thing = call1(&rig, C(FIND), 3);
        assert_true(owned > 0 && thing > 0 && owned != thing);
        assert_int_equal(call1(&rig, C(FIND), 3), thing); /* interned */
        assert_int_equal(call2(&rig, C(USE), (uint64_t)thing, (uint64_t)owned, 0), 0);
        assert_string_equal(world.text, "use 3 0");
        assert_int_equal(call2(&rig, C(USE), (uint64_t)owned, (uint64_t)thing, 0), CG_ERR_HANDLE); /* types exchanged */
        assert_int_equal(call1(&rig, C(GIVE), (uint64_t)thing), CG_ERR_HANDLE);                    /* not of that type */
        rig.guest.slots[thing >> 1 & (SLOTS - 1)].rights = CG_READ | CG_EXEC;
        assert_int_equal(call2(&rig, C(USE), (uint64_t)thing, (uint64_t)owned, 0), CG_ERR_RIGHT);
        world.bad = BAD_RESULT;
        world.result = CG_ALL_ERR_IO;
        assert_int_equal(call1(&rig, C(GIVE), (uint64_t)owned), CG_ALL_ERR_IO); /* not given away: the call failed */
        world.bad = BAD_NOTHING;
        assert_int_equal(call1(&rig, C(GIVE), (uint64_t)owned), 0);
        assert_int_equal(world.owned[0].released, 0); /* the host has it back */
        assert_int_equal(call1(&rig, C(GIVE), (uint64_t)owned), CG_ERR_HANDLE);
        assert_int_equal(rig.guest.counters.violations, 0); /* stale and mistaken, but never forged */
        assert_int_equal(call1(&rig, CG_CALL_GATE_CLOSE, (uint64_t)thing), 0);
        assert_int_equal(call1(&rig, CG_CALL_GATE_CLOSE, (uint64_t)thing), CG_ERR_HANDLE);
        rig_close(&rig);
    }
}

static void what_is_given_away_is_given_once(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        assert_int_equal(rig_call(&rig, C(OPEN_TWO), -1, 0), 0);
        const uint64_t one = word_at(&rig, AT_OUT), two = word_at(&rig, AT_OUT + 8);
        const uint64_t three = (uint64_t)call1(&rig, C(OPEN), 0);
        assert_int_equal(call2(&rig, C(GIVE_TWO), one, one, three), CG_ERR_HANDLE);
        assert_int_equal(call2(&rig, C(GIVE_TWO), one, two, one), CG_ERR_HANDLE);
        assert_int_equal(call2(&rig, C(GIVE_TWO), one, two, two), CG_ERR_HANDLE);
        assert_int_equal(world.calls, 0);
        assert_int_equal(call2(&rig, C(GIVE_TWO), one, 0, three), 0);
        assert_string_equal(world.text, "give_two 0 -1 2");
        assert_int_equal(call2(&rig, C(GIVE_TWO), two, 0, three), 0);
        assert_int_equal(world_out(), 1);
        rig_close(&rig);
    }
}

static void room_is_looked_for_before_the_host_is_called(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        rig.types[CG_TYPE_ALL_OWNED].max = 3;
        assert_true(call1(&rig, C(OPEN), 0) > 0);
        assert_true(call1(&rig, C(OPEN), 0) > 0);
        assert_int_equal(rig_call(&rig, C(OPEN_TWO), -1, 0), CG_ERR_QUOTA);
        assert_true(world.calls == 0 && rig_is_unchanged(&rig));
        assert_true(call1(&rig, C(OPEN), 0) > 0);
        assert_int_equal(call1(&rig, C(OPEN), 0), CG_ERR_QUOTA);
        assert_int_equal(world.calls, 0);
        rig_close(&rig);
    }
}

/* The type may have no more handles, but that is only known when the host says which object it lends. */
static void a_full_type_found_late_releases_the_others(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        rig.types[CG_TYPE_ALL_THING].max = 1;
        assert_true(call1(&rig, C(FIND), 1) > 0);
        assert_int_equal(rig_call(&rig, C(OPEN_MORE), -1, 0), CG_ERR_QUOTA);
        assert_int_equal(world_out(), 0);
        assert_int_equal(live_handles(&rig), 1);
        rig_close(&rig);
    }
}

static void optional_handles(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        assert_int_equal(rig_call(&rig, C(MAYBE), -1, 0), 0);
        assert_true(word_at(&rig, AT_OUT) != 0 && word_at(&rig, AT_OUT + 8) != 0);
        const uint64_t slots[16] = {word_at(&rig, AT_OUT), word_at(&rig, AT_OUT + 8), AT_OUT, AT_OUT + 8};
        world.is_empty = true;
        assert_int_equal(rig_slots(&rig, C(MAYBE), slots), 0);
        assert_string_equal(world.text, "maybe thing owned");
        assert_true(word_at(&rig, AT_OUT) == 0 && word_at(&rig, AT_OUT + 8) == 0);
        rig_close(&rig);
    }
}

/* ---- fields ---- */

static void fields_are_read_and_written(void **state)
{
    (void)state;
    for (path_t path = PATH_FAST; path < PATH_COUNT; path++) {
        rig_t rig;
        rig_open(&rig, path);
        const uint64_t dial = (uint64_t)call1(&rig, C(DIAL), 0);
        assert_true((int64_t)dial > 0);
        assert_int_equal(call2(&rig, C(DIAL_GET_MARKS), dial, 3, 0), 4);
        assert_int_equal(call2(&rig, C(DIAL_GET_MARKS), dial, 4, 0), CG_ERR_RANGE);
        assert_int_equal(call2(&rig, C(DIAL_SET_MARKS), dial, 3, 44), 0);
        assert_int_equal(world.dial.marks[3], 44);
        assert_int_equal(call2(&rig, C(DIAL_SET_MARKS), dial, 4, 44), CG_ERR_RANGE);
        assert_int_equal(call2(&rig, C(DIAL_SET_LEVEL), dial, 6, 0), CG_ERR_RANGE);
        assert_int_equal(call2(&rig, C(DIAL_SET_LEVEL), dial, 5, 0), 0);
        assert_int_equal(world.dial.level, 5);
        assert_int_equal(call2(&rig, C(DIAL_SET_MODE), dial, 3, 0), CG_ERR_VALUE);
        assert_int_equal(call2(&rig, C(DIAL_SET_ON), dial, 2, 0), CG_ERR_WIDTH);
        assert_int_equal(call2(&rig, C(DIAL_GET_ON), dial, 0, 0), 1);
        assert_int_equal(call2(&rig, C(DIAL_SET_WIDE), dial, UINT64_MAX, 0), 0);
        assert_true(world.dial.wide == UINT64_MAX);
        assert_int_equal(call2(&rig, C(DIAL_GET_LEVEL), dial, AT_OUT, 0), 0);
        assert_int_equal(rig.memory[AT_OUT], 5);
        world.dial.level = 6; /* the host breaks the range of its own record */
        assert_int_equal(call2(&rig, C(DIAL_GET_LEVEL), dial, AT_OUT, 0), CG_ERR_HOST);
        rig.guest.slots[dial >> 1 & (SLOTS - 1)].rights = CG_READ;
        assert_int_equal(call2(&rig, C(DIAL_SET_LEVEL), dial, 5, 0), CG_ERR_RIGHT);
        assert_int_equal(call2(&rig, C(TURN), dial, bits_of_float(0.5f), AT_OUT), 0);
        assert_int_equal(word_at(&rig, AT_OUT), bits_of_float(2.0f));
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hosts_that_break_their_word),
        cmocka_unit_test(bad_values_end_the_activation),
        cmocka_unit_test(bad_counts_are_refused),
        cmocka_unit_test(handles_go_through_bodies),
        cmocka_unit_test(what_is_given_away_is_given_once),
        cmocka_unit_test(room_is_looked_for_before_the_host_is_called),
        cmocka_unit_test(a_full_type_found_late_releases_the_others),
        cmocka_unit_test(optional_handles),
        cmocka_unit_test(fields_are_read_and_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
