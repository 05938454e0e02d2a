/* SPDX-License-Identifier: BSD-2-Clause */
/* test/policy/accept.c - good policies give the tables that were meant, and nothing more. */
#include "cli/policy.h"
#include "catalog.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define HEAD "callgate_policy: 1\n"
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

typedef struct reading {
    arena_t arena;
    diag_t diag;
    const policy_t *policy;
    const cg_policy_t *gate;
} reading_t;

static void read_policy(reading_t *reading, const char *text)
{
    arena_init(&reading->arena);
    diag_init(&reading->diag);
    reading->policy = policy_read(&reading->arena, &reading->diag, &test_catalog, "policy.yaml", text, strlen(text));
    diag_print(&reading->diag, stderr);
    assert_non_null(reading->policy);
    reading->gate = &reading->policy->gate;
}

static void drop_policy(reading_t *reading)
{
    diag_free(&reading->diag);
    arena_free(&reading->arena);
}

/* ---- which calls ---- */

static uint32_t bit(unsigned index)
{
    return UINT32_C(1) << index;
}

#define OWN (bit(CALL_GATE_CLOSE) | bit(CALL_GATE_ALLOWED))

static void nothing_but_the_gates_own_calls_is_granted_by_silence(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD);
    assert_int_equal(r.gate->granted[0], OWN);
    assert_int_equal(r.gate->linked[0], OWN);
    assert_null(r.gate->guest);
    assert_null(r.gate->types);
    for (unsigned i = 0; i < GUARD_COUNT; i++) {
        assert_false(r.gate->guards[i].any);
        assert_int_equal(r.gate->guards[i].count, 0);
    }
    drop_policy(&r);

    arena_t arena;
    arena_init(&arena);
    const policy_t *none = policy_none(&arena, &test_catalog);
    assert_int_equal(none->gate.granted[0], OWN);
    assert_int_equal(none->gate.slots, POLICY_SLOTS);
    assert_int_equal(none->gate.steps, POLICY_STEPS);
    arena_free(&arena);
}

static void optional_calls_link_but_are_not_granted(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD "guest: thermostat\ncalls: {random: [u32], saul: [read], log: []}\noptional: {coap: [get, code]}\n");
    assert_string_equal(r.gate->guest, "thermostat");
    assert_int_equal(r.gate->granted[0], OWN | bit(CALL_RANDOM_U32) | bit(CALL_SAUL_READ));
    assert_int_equal(r.gate->linked[0], OWN | bit(CALL_RANDOM_U32) | bit(CALL_SAUL_READ) | bit(CALL_COAP_GET) | bit(CALL_COAP_CODE));
    assert_false(policy_grants_blocking(r.gate, &test_catalog)); /* an optional call that waits is refused before it waits */
    drop_policy(&r);
}

static void a_granted_call_that_waits_is_seen(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD "calls: {coap: [put]}\nguards: {coap.put.uri: any}\n");
    assert_true(policy_grants_blocking(r.gate, &test_catalog));
    drop_policy(&r);
}

/* ---- events ---- */

static void events_are_received_by_name(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD);
    assert_int_equal(r.gate->received[0], 0);
    drop_policy(&r);
    read_policy(&r, HEAD "calls: {timer: [every]}\nevents: {timer: [missed]}\n");
    assert_int_equal(r.gate->received[0], bit(EVENT_TIMER_MISSED));
    assert_true(policy_receives(r.gate, EVENT_TIMER_MISSED));
    assert_false(policy_receives(r.gate, EVENT_TIMER_FIRED));
    drop_policy(&r);
}

/* ---- guards ---- */

#define SET HEAD "calls: {probe: [set]}\nguards:\n"

static void guards_hold_values_ranges_and_names(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, SET "  probe.set.level: [-32768..-1, 7, 0x10..32767]\n  probe.set.mask: [red, red|blue, 0, 2..3]\n"
                        "  probe.set.big: [0, 0x8000000000000000..18446744073709551615]\n  probe.set.mode: [slow, 100]\n  probe.set.topic: any\n");
    static const struct {
        const char *name;
        unsigned guard, place;
        int64_t min, max;
    } rows[] = {
        {"a negative range", GUARD_LEVEL, 0, -32768, -1},
        {"a number is a range of one", GUARD_LEVEL, 1, 7, 7},
        {"hexadecimal and decimal in one range", GUARD_LEVEL, 2, 16, 32767},
        {"one flag", GUARD_MASK, 0, 1, 1},
        {"two flags together", GUARD_MASK, 1, 5, 5},
        {"no flag", GUARD_MASK, 2, 0, 0},
        {"flags as a range", GUARD_MASK, 3, 2, 3},
        {"zero of 64 bits", GUARD_BIG, 0, 0, 0},
        {"the upper half of 64 bits, bit for bit", GUARD_BIG, 1, INT64_MIN, -1},
        {"a negative name", GUARD_MODE, 0, -1, -1},
        {"an open enum's number without a name", GUARD_MODE, 1, 100, 100},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        const cg_guard_t *guard = &r.gate->guards[rows[i].guard];
        if (rows[i].place >= guard->count || guard->ranges[rows[i].place].min != rows[i].min || guard->ranges[rows[i].place].max != rows[i].max) {
            fail_msg("%s", rows[i].name);
        }
    }
    assert_int_equal(r.gate->guards[GUARD_LEVEL].count, 3);
    assert_int_equal(r.gate->guards[GUARD_MASK].count, 4);
    assert_int_equal(r.gate->guards[GUARD_BIG].count, 2);
    assert_true(r.gate->guards[GUARD_BIG].is_unsigned);
    assert_false(r.gate->guards[GUARD_LEVEL].is_unsigned);
    assert_false(r.gate->guards[GUARD_LEVEL].any);
    assert_true(r.gate->guards[GUARD_TOPIC].any);
    assert_int_equal(r.gate->guards[GUARD_TOPIC].count, 0);
    drop_policy(&r);
}

static void guards_hold_texts_and_prefixes(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD "calls: {coap: [put]}\noptional: {coap: [get]}\nguards:\n  coap.put.uri: [\"coap://[::1]:5683/temp\", \"coap://[::1]:5683/log/*\"]\n"
                         "  coap.get.uri: [\"coap://192.0.2.1:5683/*\"]\n");
    const cg_guard_t *put = &r.gate->guards[GUARD_PUT_URI];
    assert_int_equal(put->count, 2);
    assert_string_equal(put->texts[0].text, "coap://[::1]:5683/temp");
    assert_int_equal(put->texts[0].size, 22);
    assert_false(put->texts[0].is_prefix);
    assert_string_equal(put->texts[1].text, "coap://[::1]:5683/log/");
    assert_int_equal(put->texts[1].size, 22);
    assert_true(put->texts[1].is_prefix);
    assert_string_equal(r.gate->guards[GUARD_GET_URI].texts[0].text, "coap://192.0.2.1:5683/");
    drop_policy(&r);
}

static void a_text_as_long_as_its_argument_is_accepted(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, SET "  probe.set.level: any\n  probe.set.mask: any\n  probe.set.big: any\n  probe.set.mode: any\n"
                        "  probe.set.topic: [sixteen-letters-, \"fourteen-lette/*\", \"12\"]\n");
    assert_int_equal(r.gate->guards[GUARD_TOPIC].count, 3);
    assert_string_equal(r.gate->guards[GUARD_TOPIC].texts[2].text, "12");
    drop_policy(&r);
}

/* ---- handles ---- */

static const struct {
    const char *name, *handles;
    unsigned slots, device_max, device_rights, response_max;
} handle_rows[] = {
    {"one type sizes the table", "{saul.device: {max: 4, rights: [read]}}", 4, 4, CG_READ, 4},
    {"the sum is rounded up to a power of two", "{saul.device: {max: 4}, coap.response: {max: 1}}", 8, 4, CG_RIGHTS_ALL, 1},
    {"rights alone leave the usual table", "{saul.device: {rights: [write, exec]}}", 8, 8, CG_WRITE | CG_EXEC, 8},
    {"no handle of a type at all", "{coap.response: {max: 0}}", 2, 2, CG_RIGHTS_ALL, 0},
    {"the smallest table has two slots", "{coap.response: {max: 1}}", 2, 2, CG_RIGHTS_ALL, 1},
    {"the largest table", "{saul.device: {max: 511}, coap.response: {max: 1}}", 512, 511, CG_RIGHTS_ALL, 1},
    {"just over a power of two", "{saul.device: {max: 257}}", 512, 257, CG_RIGHTS_ALL, 512},
};

static void handles_size_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(handle_rows); i++) {
        char text[256];
        reading_t r;
        snprintf(text, sizeof text, HEAD "handles: %s\n", handle_rows[i].handles);
        read_policy(&r, text);
        const cg_type_grant_t *types = r.gate->types;
        if (r.gate->slots != handle_rows[i].slots || types[TYPE_SAUL_DEVICE].max != handle_rows[i].device_max ||
            types[TYPE_SAUL_DEVICE].rights != handle_rows[i].device_rights || types[TYPE_COAP_RESPONSE].max != handle_rows[i].response_max) {
            fail_msg("%s: %u slots, device %u %u, response %u", handle_rows[i].name, r.gate->slots, types[TYPE_SAUL_DEVICE].max,
                     types[TYPE_SAUL_DEVICE].rights, types[TYPE_COAP_RESPONSE].max);
        }
        drop_policy(&r);
    }
}

static const struct {
    const char *name, *text, *warnings;
} warning_rows[] = {
    {"a right that a granted call needs", "calls: {saul: [read]}\nhandles: {saul.device: {rights: [read]}}\n", ""},
    {"a right that no granted call needs", "calls: {saul: [read]}\nhandles: {saul.device: {rights: [read, write]}}\n",
     "policy.yaml:3:40: warning: no granted call needs the right 'write' of 'saul.device'\n"},
    {"an event that a granted call brings", "calls: {timer: [once]}\nevents: {timer: [fired]}\n", ""},
    {"an event that no granted call brings", "optional: {timer: [once]}\nevents: {timer: [fired]}\n",
     "policy.yaml:3:18: warning: 'timer.fired' cannot come: it needs timer.every or timer.once, which is not granted\n"},
    {"an optional call needs no right", "optional: {saul: [write]}\nhandles: {saul.device: {rights: [write, exec]}}\n",
     "policy.yaml:3:34: warning: no granted call needs the right 'write' of 'saul.device'\n"
     "policy.yaml:3:41: warning: no granted call needs the right 'exec' of 'saul.device'\n"},
};

static void what_is_of_no_use_is_warned_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(warning_rows); i++) {
        char text[256], *out_text = NULL;
        size_t out_size = 0;
        reading_t r;
        snprintf(text, sizeof text, HEAD "%s", warning_rows[i].text);
        read_policy(&r, text);
        FILE *out = open_memstream(&out_text, &out_size);
        assert_non_null(out);
        warnings_print(&r.policy->warnings, out);
        fclose(out);
        if (strcmp(out_text, warning_rows[i].warnings) != 0) {
            fail_msg("%s: %s", warning_rows[i].name, out_text);
        }
        free(out_text);
        drop_policy(&r);
    }
}

/* ---- limits ---- */

static void limits_have_defaults(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD);
    assert_int_equal(r.gate->steps, 1000000);
    assert_int_equal(r.gate->calls, 10000);
    assert_int_equal(r.gate->bytes, 1048576);
    assert_int_equal(r.gate->memory_bytes, 131072);
    assert_int_equal(r.gate->time_ms, 10000);
    assert_int_equal(r.gate->events, 8);
    assert_int_equal(r.gate->slots, 8);
    assert_false(r.gate->unlimited_steps);
    assert_int_equal(r.gate->violation, CG_VIOLATION_TRAP);
    drop_policy(&r);
}

static void limits_are_taken_to_their_ends(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD "limits: {steps: 4294967295, calls: 2147483647, bytes: 0, memory_bytes: 0xffffffff, time_ms: 1, events: 1024}\nviolation: error\n");
    assert_int_equal(r.gate->steps, UINT32_MAX);
    assert_int_equal(r.gate->calls, INT32_MAX);
    assert_int_equal(r.gate->bytes, 0);
    assert_int_equal(r.gate->memory_bytes, UINT32_MAX);
    assert_int_equal(r.gate->time_ms, 1);
    assert_int_equal(r.gate->events, 1024);
    assert_false(r.gate->unlimited_steps);
    assert_int_equal(r.gate->violation, CG_VIOLATION_ERROR);
    drop_policy(&r);
}

static void unlimited_is_a_word(void **state)
{
    (void)state;
    reading_t r;
    read_policy(&r, HEAD "limits: {steps: unlimited, time_ms: unlimited}\nviolation: {kill_after: 3}\n");
    assert_true(r.gate->unlimited_steps);
    assert_int_equal(r.gate->steps, UINT32_MAX);
    assert_int_equal(r.gate->time_ms, 0);
    assert_int_equal(r.gate->violation, CG_VIOLATION_KILL);
    assert_int_equal(r.gate->kill_after, 3);
    drop_policy(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_the_gates_own_calls_is_granted_by_silence),
        cmocka_unit_test(optional_calls_link_but_are_not_granted),
        cmocka_unit_test(a_granted_call_that_waits_is_seen),
        cmocka_unit_test(events_are_received_by_name),
        cmocka_unit_test(guards_hold_values_ranges_and_names),
        cmocka_unit_test(guards_hold_texts_and_prefixes),
        cmocka_unit_test(a_text_as_long_as_its_argument_is_accepted),
        cmocka_unit_test(handles_size_the_table),
        cmocka_unit_test(what_is_of_no_use_is_warned_of),
        cmocka_unit_test(limits_have_defaults),
        cmocka_unit_test(limits_are_taken_to_their_ends),
        cmocka_unit_test(unlimited_is_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
