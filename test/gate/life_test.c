/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/life_test.c - a guest's life at the gate: storage, grants, busy and budget, violations, stop, errors, guards, what hosts may ask. */
#include "rig.h"

#include <string.h>

/* ---- made ---- */

static void storage_is_exact(void **state)
{
    (void)state;
    static const uint16_t slots[] = {2, 4, 8, 64, 512};
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        rig_t rig;
        rig_prepare(&rig);
        rig.policy.slots = slots[i];
        rig_open(&rig); /* so that the adapter's functions know the rig */
        cg_guest_end(&rig.guest);
        const uint32_t size = cg_guest_storage(&rig.config, &rig.policy);
        assert_int_equal(size % 8, 0);
        assert_true(size <= sizeof rig.storage);
        assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, size - 1), CG_LOAD_MEMORY);
        assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, 0), CG_LOAD_MEMORY);
        assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, (uint8_t *)rig.storage + 4, size), CG_LOAD_MEMORY);
        assert_string_equal(rig.message, "the storage is too small or not aligned to 8 bytes");
        memset(rig.storage, 0xa5, sizeof rig.storage);
        assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, size), CG_LOAD_OK);
        assert_int_equal(((uint8_t *)rig.storage)[size], 0xa5);
        rig_close(&rig);
    }
}

static void unsound_policies_are_refused(void **state)
{
    (void)state;
    static const uint16_t slots[] = {0, 1, 3, 6, 511, 513, 1024, 0x8000};
    rig_t rig;
    rig_prepare(&rig);
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        rig.policy.slots = slots[i];
        assert_int_not_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_OK);
    }
    rig_prepare(&rig);
    rig.policy.granted = NULL;
    assert_int_not_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_OK);
    rig_prepare(&rig);
    rig.policy.guest = NULL;
    assert_int_not_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_OK);
    rig_prepare(&rig);
    rig.set.abi_version += 1;
    assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_VERSION);
    rig_prepare(&rig);
    rig.ops.version += 1;
    assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_VERSION);
    int32_t result;
    assert_int_equal(cg_guest_run(&rig.guest, &result), CG_STOP_ENTRY); /* it was never made */
    cg_guest_end(&rig.guest);
}

/* Seven bits of a short handle are the index and the 1: a larger table would give two slots one handle. */
static void short_handles_have_64_slots(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.vm.handle_bits = 15;
    rig.policy.slots = 64;
    rig_open(&rig);
    rig_close(&rig);
    rig.policy.slots = 128;
    assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_POLICY);
    assert_non_null(strstr(rig.message, "at most 64 slots"));
    cg_guest_end(&rig.guest); /* it was not made */
}

/* What a VM cannot count it cannot limit. */
static void limited_steps_want_a_vm_that_counts(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.vm.is_uncounted = true;
    rig.policy.unlimited_steps = true;
    rig_open(&rig);
    rig_close(&rig);
    rig.policy.unlimited_steps = false;
    assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_POLICY);
    assert_non_null(strstr(rig.message, "none cannot count steps"));
    assert_non_null(strstr(rig.message, "write `steps: unlimited`"));
}

static void messages_are_cut_and_plain(void **state)
{
    (void)state;
    char message[8] = "xxxxxxx";
    const cg_guest_config_t config = {.message = message, .message_size = sizeof message};
    cg_say(&config, "ab", "\x1b[", "cd", (const char *)NULL);
    assert_string_equal(message, "ab?[cd");
    cg_say(&config, "abcd", "efgh", "ij", (const char *)NULL);
    assert_string_equal(message, "abcdefg");
    cg_say(&config, "", (const char *)NULL);
    assert_string_equal(message, "");
    cg_say(&config, "a\nb\x7f", (const char *)NULL);
    assert_string_equal(message, "a?b?");
    const cg_guest_config_t small = {.message = message, .message_size = 1};
    cg_say(&small, "abc", (const char *)NULL);
    assert_string_equal(message, "");
    message[0] = 'k';
    const cg_guest_config_t none = {.message = message, .message_size = 0}, no_message = {.message_size = 9};
    cg_say(&none, "abc", (const char *)NULL);
    cg_say(&no_message, "abc", (const char *)NULL);
    assert_int_equal(message[0], 'k');
}

/* ---- calls ---- */

static int64_t refused(rig_t *rig, uint32_t index)
{
    assert_false(rig_enter(rig, index));
    return (int64_t)cg_failed(&rig->guest, index, 0, CG_FORM_STATUS);
}

static void grants_are_bits(void **state)
{
    (void)state;
    for (uint32_t granted = 0; granted < RIG_CALLS; granted++) {
        rig_t rig;
        rig_prepare(&rig);
        rig.granted[0] = granted < 32 ? 1u << granted : 0;
        rig.granted[1] = granted < 32 ? 0 : 1u << (granted - 32);
        rig_open(&rig);
        for (uint32_t index = 0; index < RIG_CALLS; index++) {
            if (index == granted) {
                assert_true(rig_enter(&rig, index));
                assert_int_equal(rig_leave(&rig, index), 0);
            } else {
                assert_int_equal(refused(&rig, index), CG_ERR_DENIED);
            }
            assert_int_equal(host_gate_allowed(&rig.guest, rig.set.numbers[index]), index == granted);
        }
        assert_false(host_gate_allowed(&rig.guest, 0) || host_gate_allowed(&rig.guest, UINT32_MAX));
        assert_int_equal(rig.guest.counters.refused, RIG_CALLS - 1);
        assert_int_equal(rig.guest.counters.violations, 0);
        rig_close(&rig);
    }
}

static void budgets_are_used_up(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.calls = 3;
    rig_open(&rig);
    for (int activation = 0; activation < 2; activation++) {
        for (int i = 0; i < 3; i++) {
            assert_int_equal(rig.guest.budget, 3 - i);
            assert_true(rig_enter(&rig, 1));
            assert_int_equal(rig_leave(&rig, 1), 0);
        }
        assert_int_equal(refused(&rig, 1), CG_ERR_BUDGET);
        assert_int_equal(refused(&rig, 1), CG_ERR_BUDGET);
        int32_t result;
        assert_int_equal(cg_guest_run(&rig.guest, &result), CG_STOP_RETURNED);
    }
    rig_close(&rig);
    rig_prepare(&rig);
    rig.policy.calls = UINT32_MAX;
    rig_open(&rig);
    assert_int_equal(rig.guest.budget, INT32_MAX);
    assert_true(rig_enter(&rig, 1));
    assert_int_equal(refused(&rig, 1), CG_ERR_BUSY);
    assert_int_equal(rig_leave(&rig, 1), 0);
    assert_int_equal(rig.guest.budget, INT32_MAX - 1);
    rig_close(&rig);
    rig_prepare(&rig);
    rig.policy.calls = 0;
    rig_open(&rig);
    assert_int_equal(refused(&rig, 1), CG_ERR_BUDGET);
    rig_close(&rig);
}

/* A call inside a call is refused and leaves the outer one as it was: its place, its budget, and what it still has to release. */
static void nested_calls_leave_the_outer_alone(void **state)
{
    (void)state;
    for (uint32_t left = 1; left <= 3; left++) {
        for (int is_revoked = 0; is_revoked < 2; is_revoked++) {
            rig_t rig;
            rig_prepare(&rig);
            rig.policy.calls = left;
            rig_open(&rig);
            uint32_t handle;
            assert_true(cg_own(&rig.guest, 1, &rig.objects[0], false, &handle));
            assert_true(rig_enter(&rig, 1));
            if (is_revoked) {
                cg_handle_revoke(&rig.guest, &rig.objects[0], 1);
            }
            assert_int_equal(refused(&rig, 2), CG_ERR_BUSY);
            assert_int_equal(refused(&rig, 2), CG_ERR_BUSY);
            assert_int_equal(rig.objects[0].released, 0);
            assert_false(rig_enter(&rig, RIG_CALLS));
            assert_int_equal((int64_t)cg_failed(&rig.guest, RIG_CALLS, 0, CG_FORM_STATUS), CG_ERR_UNKNOWN);
            assert_int_equal(rig.objects[0].released, 0);
            assert_int_equal(rig_leave(&rig, 1), 0);
            assert_int_equal(rig.objects[0].released, is_revoked);
            assert_int_equal(rig.guest.budget, left - 1);
            rig_close(&rig);
        }
    }
}

static void violations_follow_the_policy(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        cg_violation_t policy;
        int why;
        unsigned form;
        bool is_violation, ends;
    } rows[] = {
        {"a violation traps", CG_VIOLATION_TRAP, CG_ERR_MEMORY, CG_FORM_STATUS, true, true},
        {"a violation may be an error", CG_VIOLATION_ERROR, CG_ERR_MEMORY, CG_FORM_STATUS, true, false},
        {"what is none does not trap", CG_VIOLATION_TRAP, CG_ERR_SPACE, CG_FORM_STATUS, false, false},
        {"nor as a count", CG_VIOLATION_TRAP, CG_ERR_QUOTA, CG_FORM_COUNT, false, false},
        {"a refused value ends the activation", CG_VIOLATION_ERROR, CG_ERR_DENIED, CG_FORM_VALUE, false, true},
        {"an error of the API is no refusal", CG_VIOLATION_TRAP, -64, CG_FORM_STATUS, false, false},
        {"an error of the API far down is none either", CG_VIOLATION_TRAP, -95, CG_FORM_COUNT, false, false},
        {"being stopped ends it", CG_VIOLATION_ERROR, CG_ERR_STOPPED, CG_FORM_STATUS, false, true},
        {"a policy that is none of these traps", (cg_violation_t)9, CG_ERR_WIDTH, CG_FORM_STATUS, true, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_t rig;
        rig_prepare(&rig);
        rig.policy.violation = (uint8_t)rows[i].policy;
        rig_open(&rig);
        assert_true(rig_enter(&rig, 4));
        assert_false(cg_no(&rig.guest, rows[i].why));
        const int64_t got = (int64_t)cg_done(&rig.guest, 4, 77, rows[i].form);
        const bool is_good = got == (rows[i].form == CG_FORM_VALUE ? 0 : rows[i].why) && rig.guest.ending == rows[i].ends && rig.guest.counters.violations == rows[i].is_violation
            && rig.guest.counters.refused == (rows[i].why > -64) && (!rows[i].ends || (rig.guest.ended_by == -rows[i].why && rig.guest.ended_call == 4));
        if (!is_good) {
            fail_msg("%s: %d, ending %d", rows[i].name, (int)got, rig.guest.ending);
        }
        assert_int_equal(rig.guest.budget, 999);
        if (rows[i].ends) { /* glue that does not listen gets nothing more; the next activation does */
            int32_t result = 0;
            assert_int_equal(refused(&rig, 1), CG_ERR_STOPPED);
            (void)cg_guest_run(&rig.guest, &result);
            assert_true(rig_enter(&rig, 1));
            assert_int_equal(rig_leave(&rig, 1), 0);
        }
        rig_close(&rig);
    }
}

static void the_nth_violation_kills(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.violation = CG_VIOLATION_KILL;
    rig.policy.kill_after = 3;
    rig_open(&rig);
    for (int i = 1; i <= 3; i++) {
        assert_true(rig_enter(&rig, 1));
        assert_null(cg_get(&rig.guest, 12345, 1, 0)); /* forged */
        assert_int_equal(rig_leave(&rig, 1), CG_ERR_HANDLE);
        assert_int_equal(rig.guest.ending, i == 3);
    }
    assert_int_equal(rig.guest.counters.violations, 3);
    assert_int_equal(refused(&rig, 1), CG_ERR_STOPPED);
    int32_t result;
    assert_int_equal(cg_guest_run(&rig.guest, &result), CG_STOP_ASKED);
    rig_close(&rig);
}

static void stopped_guests_make_no_calls(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    assert_true(rig_enter(&rig, 1));
    assert_false(cg_call_stopping(&rig.guest));
    cg_guest_stop(&rig.guest); /* while inside */
    assert_true(cg_call_stopping(&rig.guest));
    assert_int_equal(rig_leave(&rig, 1), 0); /* the call under way ends well */
    assert_int_equal(refused(&rig, 1), CG_ERR_STOPPED);
    assert_int_equal(rig.guest.ending, 1);
    int32_t result;
    assert_int_equal(cg_guest_run(&rig.guest, &result), CG_STOP_ASKED);
    rig_close(&rig);
}

static uint64_t clock_ms(void)
{
    return 5000;
}

static void hosts_may_ask(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.config.host = (cg_host_t *)&rig;
    rig.policy.time_ms = 250;
    assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_POLICY); /* there is no clock */
    rig.config.now_ms = clock_ms;
    rig_open(&rig);
    assert_ptr_equal(cg_call_host(&rig.guest), &rig);
    assert_string_equal(cg_call_guest(&rig.guest), "test");
    assert_int_equal(cg_call_deadline_ms(&rig.guest), 5250);
    rig_close(&rig);
    rig.policy.time_ms = 0;
    rig_open(&rig);
    assert_true(cg_call_deadline_ms(&rig.guest) == UINT64_MAX);
    rig_close(&rig);
}

/* ---- errors ---- */

static void errors_are_one_closed_table(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int number;
        const char *text;
    } rows[] = {
#define ROW_(name, number, violation, text) {#name, (number), (text)},
        CG_ERR_LIST(ROW_)
#undef ROW_
    };
    const int count = (int)(sizeof rows / sizeof rows[0]);
    for (int i = 0; i < count; i++) {
        assert_int_equal(rows[i].number, -1 - i); /* each number once, without gaps: the table of violations relies on it */
        assert_true(rows[i].number >= -63);
        assert_string_equal(cg_err_name(rows[i].number), rows[i].name);
        assert_string_equal(cg_err_text(rows[i].number), rows[i].text);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(rows[i].text, rows[k].text);
        }
    }
    static const int others[] = {0, 1, -63, -64, -95, INT32_MIN, INT32_MAX};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        assert_null(cg_err_name(others[i]));
        assert_non_null(cg_err_text(others[i]));
    }
    assert_string_equal(cg_err_text(0), "done");
    assert_string_equal(cg_err_text(-64), "an error of the API");
}

static void host_errors_are_mapped(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    for (int result = -130; result <= 3; result++) {
        const uint32_t mask = 0x80000005u; /* errors 1, 3 and 32 */
        const bool is_gates = result == CG_ERR_SPACE || result == CG_ERR_QUOTA || result == CG_ERR_DENIED || result == CG_ERR_STOPPED;
        const bool is_apis = result == -64 || result == -66 || result == -95;
        assert_false(cg_host_error(&rig.guest, result, mask));
        assert_int_equal(rig_why(&rig), is_gates || is_apis ? result : CG_ERR_HOST);
        assert_false(cg_host_error(&rig.guest, result, 0));
        assert_int_equal(rig_why(&rig), is_gates ? result : CG_ERR_HOST);
    }
    assert_false(cg_host_error(&rig.guest, INT32_MIN, UINT32_MAX));
    assert_int_equal(rig_why(&rig), CG_ERR_HOST);
    rig_close(&rig);
}

static uint32_t faults, fault_call;
static int fault_result;

static void fault_note(const cg_guest_t *guest, uint32_t call, int result)
{
    assert_non_null(guest);
    faults += 1;
    fault_call = call;
    fault_result = result;
}

static void the_author_of_a_host_function_is_told(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    rig.config.host_fault = fault_note;
    faults = 0;
    assert_false(cg_host_error(&rig.guest, 7, 0));
    (void)cg_failed(&rig.guest, 1, 0, CG_FORM_STATUS);
    assert_int_equal(faults, 1);
    assert_int_equal(fault_call, 1);
    assert_int_equal(fault_result, 7);
    assert_false(cg_host_kept(&rig.guest, false));
    (void)cg_failed(&rig.guest, 2, 0, CG_FORM_STATUS);
    assert_int_equal(faults, 2);
    assert_int_equal(fault_call, 2);
    assert_int_equal(fault_result, 0);
    assert_false(cg_host_error(&rig.guest, CG_ERR_SPACE, 0));
    (void)cg_failed(&rig.guest, 2, 0, CG_FORM_STATUS);
    assert_int_equal(faults, 2);
    rig.config.host_fault = NULL;
    assert_false(cg_host_error(&rig.guest, 7, 0));
    (void)cg_failed(&rig.guest, 1, 0, CG_FORM_STATUS);
    assert_int_equal(faults, 2);
    rig_close(&rig);
}

/* ---- guards ---- */

static void guards(void **state)
{
    (void)state;
    static const cg_guard_range_t signed_ranges[] = {{-5, -1}, {10, 10}}, unsigned_ranges[] = {{-5, -1}, {3, 3}};
    static const cg_guard_pattern_t patterns[] = {{"abc", 3, false}, {"x/", 2, true}};
    static const cg_guard_pattern_t unfinished[] = {{"y/", 0, true}, {NULL, 0, true}, {NULL, 0, false}}; /* a policy by hand without sizes */
    static const cg_guard_t table[] = {
        {.count = 2, .ranges = signed_ranges}, {.count = 2, .ranges = unsigned_ranges, .is_unsigned = true}, {.count = 2, .texts = patterns}, {.any = true}, {.count = 0},
        {.texts = unfinished, .count = 3},
    };
    static const struct {
        const char *name;
        unsigned guard;
        int64_t value;
        const char *text;
        bool is_allowed;
    } rows[] = {
        {"the lower end", 0, -5, NULL, true},          {"below it", 0, -6, NULL, false},            {"the upper end", 0, -1, NULL, true},
        {"between two ranges", 0, 0, NULL, false},     {"a single value", 0, 10, NULL, true},       {"above all", 0, INT64_MAX, NULL, false},
        {"the least of all", 0, INT64_MIN, NULL, false}, {"large, unsigned", 1, -2, NULL, true},      {"less large, unsigned", 1, -6, NULL, false},
        {"negative is large", 1, INT64_MIN, NULL, false}, {"small, unsigned", 1, 3, NULL, true},      {"all of a text", 2, 0, "abc", true},
        {"less of it", 2, 0, "ab", false},             {"more of it", 2, 0, "abcd", false},         {"upper case", 2, 0, "ABC", false},
        {"under a prefix", 2, 0, "x/y", true},         {"the prefix alone", 2, 0, "x/", false},     {"before the slash", 2, 0, "x", false},
        {"nothing", 2, 0, "", false},                  {"any number", 3, 7, NULL, true},            {"any text", 3, 0, "q", true},
        {"an empty guard", 4, 0, NULL, false},         {"an empty guard of texts", 4, 0, "", false}, {"a guard that is not there", 6, 0, NULL, false},
        {"a prefix without a size", 5, 0, "y/z", false}, {"no text for texts without a size", 5, 0, "", false},
        {"a guard far out", 1000, 0, "abc", false},    {"a number where the guard has texts", 2, 0, NULL, false}, {"a text where the guard has numbers", 0, 0, "abc", false},
    };
    rig_t rig;
    rig_prepare(&rig);
    rig.set.guard_count = 6;
    rig.policy.guards = table;
    rig_open(&rig);
    for (int has_table = 1; has_table >= 0; has_table--) {
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            const bool is_text = rows[i].text != NULL;
            const bool got = is_text ? cg_guard_text(&rig.guest, rows[i].guard, rows[i].text, (uint32_t)strlen(rows[i].text)) : cg_guard_value(&rig.guest, rows[i].guard, rows[i].value);
            if (got != (has_table && rows[i].is_allowed)) {
                fail_msg("%s", rows[i].name);
            }
            assert_int_equal(rig_why(&rig), got ? 0 : CG_ERR_GUARD);
        }
        rig.policy.guards = NULL; /* then nothing is allowed */
    }
    rig_close(&rig);
}

static void numbers_are_found(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    for (uint32_t i = 0; i < RIG_CALLS; i++) {
        assert_int_equal(cg_set_find(&rig.set, rig.set.numbers[i]), i);
        assert_int_equal(cg_set_find(&rig.set, rig.set.numbers[i] + 100), -1);
    }
    assert_int_equal(cg_set_find(&rig.set, 0), -1);
    assert_int_equal(cg_set_find(&rig.set, UINT32_MAX), -1);
    rig.set.call_count = 0;
    assert_int_equal(cg_set_find(&rig.set, rig.set.numbers[0]), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(storage_is_exact),
        cmocka_unit_test(unsound_policies_are_refused),
        cmocka_unit_test(short_handles_have_64_slots),
        cmocka_unit_test(limited_steps_want_a_vm_that_counts),
        cmocka_unit_test(messages_are_cut_and_plain),
        cmocka_unit_test(grants_are_bits),
        cmocka_unit_test(budgets_are_used_up),
        cmocka_unit_test(nested_calls_leave_the_outer_alone),
        cmocka_unit_test(violations_follow_the_policy),
        cmocka_unit_test(the_nth_violation_kills),
        cmocka_unit_test(stopped_guests_make_no_calls),
        cmocka_unit_test(hosts_may_ask),
        cmocka_unit_test(errors_are_one_closed_table),
        cmocka_unit_test(host_errors_are_mapped),
        cmocka_unit_test(the_author_of_a_host_function_is_told),
        cmocka_unit_test(guards),
        cmocka_unit_test(numbers_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
