/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/handle_test.c - handles one by one: typed, stale, forged, interned, reused in turn, retired, released exactly once. */
#include "rig.h"

#include <string.h>

static uint32_t lend(rig_t *rig, unsigned type, uint32_t object)
{
    uint32_t handle = 0;
    assert_true(cg_lend(&rig->guest, type, &rig->objects[object], false, &handle));
    return handle;
}

static uint32_t own(rig_t *rig, unsigned type, uint32_t object)
{
    uint32_t handle = 0;
    assert_true(cg_own(&rig->guest, type, &rig->objects[object], false, &handle));
    return handle;
}

/* Why a handle does not resolve; 0 if it does. *is_violation: it was never given out. */
static int resolve(rig_t *rig, uint32_t handle, unsigned type, unsigned right, bool *is_violation)
{
    const void *object = cg_get(&rig->guest, handle, type, right);
    *is_violation = rig->guest.forged != 0;
    const int why = rig_why(rig);
    assert_int_equal(object == NULL, why != 0);
    return why;
}

static void bad_handles(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    const uint32_t closed = own(&rig, 1, 0);
    const uint32_t other = own(&rig, 2, 2);
    assert_true(gate_close(&rig.guest, closed));
    for (uint32_t i = 0; i < 7; i++) { /* all slots in turn, so that the next is the first one again */
        assert_true(gate_close(&rig.guest, own(&rig, 1, 3)));
    }
    const uint32_t live = own(&rig, 1, 1);
    const struct {
        const char *name;
        uint32_t handle;
        int expected;
        bool is_violation;
    } rows[] = {
        {"one that lives", live, 0, false},
        {"one that was closed", closed, CG_ERR_HANDLE, false},
        {"one of another type", other, CG_ERR_HANDLE, false},
        {"none", 0, CG_ERR_HANDLE, true},
        {"one without its last bit", live & ~1u, CG_ERR_HANDLE, true},
        {"a generation that is still to come", live + (1u << 10), CG_ERR_HANDLE, true},
        {"a slot that the table does not have", live | 0x3f0, CG_ERR_HANDLE, true},
        {"a slot that was never used", 1u << 10 | 7u << 1 | 1u, CG_ERR_HANDLE, false},
        {"the highest bit", live | 0x80000000u, CG_ERR_HANDLE, true},
        {"all ones", 0xffffffffu, CG_ERR_HANDLE, true},
        {"one", 1, CG_ERR_HANDLE, true},
        {"a generation before the first", live & 0x3ffu, CG_ERR_HANDLE, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool is_violation = false;
        const int why = resolve(&rig, rows[i].handle, 1, CG_READ, &is_violation);
        if (why != rows[i].expected || is_violation != rows[i].is_violation) {
            fail_msg("%s (0x%x): %d%s", rows[i].name, rows[i].handle, why, is_violation ? ", a violation" : "");
        }
    }
    rig_close(&rig);
}

static void rights(void **state)
{
    (void)state;
    rig_t rig;
    for (uint8_t has = 0; has <= CG_RIGHTS_ALL; has++) {
        rig_prepare(&rig);
        rig.grants[1].rights = has;
        rig_open(&rig);
        const uint32_t handle = lend(&rig, 1, 0);
        for (unsigned wants = 0; wants <= CG_RIGHTS_ALL; wants++) {
            bool is_violation;
            assert_int_equal(resolve(&rig, handle, 1, wants, &is_violation), (has & wants) == wants ? 0 : CG_ERR_RIGHT);
            assert_false(is_violation);
        }
        rig_close(&rig);
    }
}

static void optional_handles(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    uint32_t handle = 9;
    void *object = &rig;
    assert_true(cg_get_optional(&rig.guest, 0, 1, CG_READ, &object));
    assert_null(object);
    const uint32_t live = lend(&rig, 1, 5);
    assert_true(cg_get_optional(&rig.guest, live, 1, CG_READ, &object));
    assert_ptr_equal(object, &rig.objects[5]);
    assert_false(cg_get_optional(&rig.guest, live, 2, CG_READ, &object));
    assert_int_equal(rig_why(&rig), CG_ERR_HANDLE);
    assert_true(cg_lend(&rig.guest, 1, NULL, true, &handle) && handle == 0);
    assert_true(cg_own(&rig.guest, 1, NULL, true, &handle) && handle == 0);
    assert_false(cg_lend(&rig.guest, 1, NULL, false, &handle));
    assert_int_equal(rig_why(&rig), CG_ERR_HOST);
    assert_false(cg_own(&rig.guest, 1, NULL, false, &handle));
    assert_int_equal(rig_why(&rig), CG_ERR_HOST);
    assert_true(cg_distinct(&rig.guest, 0, 0) && cg_distinct(&rig.guest, live, 0));
    assert_false(cg_distinct(&rig.guest, live, live));
    assert_int_equal(rig_why(&rig), CG_ERR_HANDLE);
    rig_close(&rig);
}

static void lent_objects_have_one_handle(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.slots = 2;
    rig_open(&rig);
    const uint32_t first = lend(&rig, 1, 0);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(lend(&rig, 1, 0), first);
    }
    const uint32_t other_type = lend(&rig, 2, 0); /* the same address as another type is another object */
    assert_int_not_equal(other_type, first);
    uint32_t handle;
    assert_true(cg_room_lent(&rig.guest, 1)); /* the table is full, but the object may have its handle */
    assert_false(cg_room_lent(&rig.guest, 3));
    assert_int_equal(rig_why(&rig), CG_ERR_QUOTA);
    assert_false(cg_lend(&rig.guest, 1, &rig.objects[1], false, &handle));
    assert_int_equal(rig_why(&rig), CG_ERR_QUOTA);
    assert_int_equal(handle, 0);
    assert_true(gate_close(&rig.guest, first));
    assert_int_not_equal(lend(&rig, 1, 0), first);
    assert_int_equal(rig.released, 0);
    rig_close(&rig);
    assert_int_equal(rig.released, 0); /* what is lent is never released */
}

static void slots_are_reused_in_turn(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.slots = 4;
    rig_open(&rig);
    uint32_t handles[4];
    for (uint32_t i = 0; i < 4; i++) {
        handles[i] = own(&rig, 1, i);
        assert_int_equal(handles[i] >> 1 & 3, i);
    }
    static const uint32_t order[4] = {2, 0, 3, 1};
    for (uint32_t i = 0; i < 4; i++) {
        assert_true(gate_close(&rig.guest, handles[order[i]]));
    }
    for (uint32_t i = 0; i < 4; i++) {
        const uint32_t handle = own(&rig, 1, 8 + i);
        assert_int_equal(handle >> 1 & 3, order[i]);
        assert_int_equal(handle >> 10, (handles[order[i]] >> 10) + 1);
    }
    rig_close(&rig);
}

/* ---- exactly once ---- */

typedef enum way { BY_CLOSE, BY_END, BY_UNDO, BY_REVOKE, BY_REVOKE_IN_A_CALL, BY_A_FULL_TABLE, BY_A_FULL_TYPE, BY_NO_WAY, WAYS } way_t;

static void let_go(rig_t *rig, way_t way, uint32_t handle)
{
    uint32_t other;
    switch (way) {
    case BY_CLOSE:
        assert_int_equal(host_gate_close(&rig->guest, handle), CG_OK);
        break;
    case BY_UNDO:
        cg_undo(&rig->guest, handle);
        cg_undo(&rig->guest, handle); /* and again: it is not there any more */
        cg_undo(&rig->guest, 0);
        break;
    case BY_REVOKE:
        cg_handle_revoke(&rig->guest, &rig->objects[0], 1);
        cg_handle_revoke(&rig->guest, &rig->objects[0], 1);
        break;
    case BY_REVOKE_IN_A_CALL:
        assert_true(rig_enter(rig, 0));
        cg_handle_revoke(&rig->guest, &rig->objects[0], 1);
        cg_handle_revoke(&rig->guest, &rig->objects[0], 1);
        assert_int_equal(rig->objects[0].released, 0); /* the call may still use it */
        assert_null(cg_get(&rig->guest, handle, 1, 0));  /* but nobody can name it */
        (void)rig_why(rig);
        rig->guest.why = 1;
        assert_int_equal(rig_leave(rig, 0), 0);
        break;
    case BY_A_FULL_TABLE:
        rig->guest.free_count = 0;
        assert_false(cg_own(&rig->guest, 1, &rig->objects[1], false, &other));
        rig->guest.free_count = 7;
        assert_int_equal(rig->objects[1].released, 1); /* it was given to a guest that cannot have it */
        break;
    case BY_A_FULL_TYPE:
        rig->grants[1].max = 1;
        assert_false(cg_own(&rig->guest, 1, &rig->objects[1], false, &other));
        assert_int_equal(rig_why(rig), CG_ERR_QUOTA);
        assert_int_equal(rig->objects[1].released, 1);
        break;
    case BY_NO_WAY:
        cg_consume(&rig->guest, handle);
        break;
    case BY_END: case WAYS:
        break;
    }
}

static void owned_objects_are_released_once(void **state)
{
    (void)state;
    for (way_t way = BY_CLOSE; way < WAYS; way++) {
        rig_t rig;
        rig_prepare(&rig);
        rig_open(&rig);
        const uint32_t handle = own(&rig, 1, 0);
        let_go(&rig, way, handle);
        const bool is_gone = way <= BY_REVOKE_IN_A_CALL && way != BY_END;
        assert_int_equal(rig.objects[0].released, is_gone ? 1 : 0);
        assert_true(gate_handles_check(&rig.guest));
        cg_guest_end(&rig.guest);
        cg_guest_end(&rig.guest);
        assert_int_equal(rig.objects[0].released, way == BY_NO_WAY ? 0 : 1);
    }
}

static void given_twice(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    uint32_t handle;
    const uint32_t first = own(&rig, 1, 0);
    assert_false(cg_own(&rig.guest, 1, &rig.objects[0], false, &handle));
    assert_int_equal(rig_why(&rig), CG_ERR_HOST);
    assert_int_equal(lend(&rig, 1, 0), first); /* the guest has it already */
    assert_int_equal(rig.released, 0);
    assert_true(cg_is_owned(&rig.guest, first));
    const uint32_t lent = lend(&rig, 1, 1);
    assert_false(cg_is_owned(&rig.guest, lent));
    assert_int_equal(rig_why(&rig), CG_ERR_HANDLE);
    assert_true(gate_close(&rig.guest, first));
    assert_false(cg_is_owned(&rig.guest, first));
    rig_close(&rig);
    assert_int_equal(rig.released, 1);
}

static void types_have_their_own_limits(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.grants[1].max = 2;
    rig.grants[2].max = 0;
    rig_open(&rig);
    cg_guest_t *g = &rig.guest;
    assert_true(cg_room_own(g, 1, 2));
    assert_false(cg_room_own(g, 1, 3));
    assert_false(cg_room_own(g, 2, 1));
    assert_false(cg_room_lent(g, 2));
    (void)rig_why(&rig);
    const uint32_t first = own(&rig, 1, 0);
    assert_true(cg_room_own(g, 1, 1));
    assert_false(cg_room_own(g, 1, 2));
    own(&rig, 1, 1);
    assert_false(cg_room_own(g, 1, 1));
    assert_true(cg_room_own(g, 3, 6));
    assert_false(cg_room_own(g, 3, 7)); /* two of eight slots are taken */
    assert_true(gate_close(g, first));
    assert_true(cg_room_own(g, 1, 1));
    (void)rig_why(&rig);
    rig_close(&rig);
}

/* ---- generations ---- */

static void wrap_slot(uint8_t bits, uint32_t shift, uint32_t last)
{
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.slots = 2;
    rig.vm.handle_bits = bits;
    rig_open(&rig);
    rig.guest.slots[0].name = last << shift; /* as after so many uses */
    const uint32_t handle = own(&rig, 1, 0);
    assert_int_equal(handle, last << shift | 1);
    assert_int_equal(handle >> bits, 0); /* never negative in a result */
    assert_true(gate_close(&rig.guest, handle));
    assert_int_equal(rig.guest.counters.retired, 1);
    bool is_violation;
    assert_int_equal(resolve(&rig, handle, 1, 0, &is_violation), CG_ERR_HANDLE);
    assert_false(is_violation); /* it did live once */
    for (uint32_t i = 0; i < 5; i++) { /* the other slot goes on alone */
        const uint32_t next = own(&rig, 1, 1);
        assert_int_equal(next >> 1 & 1, 1);
        assert_false(cg_room_own(&rig.guest, 1, 1));
        assert_true(gate_close(&rig.guest, next));
    }
    (void)rig_why(&rig);
    rig.guest.slots[1].name = last << shift | 2;
    assert_true(gate_close(&rig.guest, own(&rig, 1, 1)));
    assert_false(cg_room_own(&rig.guest, 1, 1)); /* nothing is left */
    assert_int_equal(rig_why(&rig), CG_ERR_QUOTA);
    assert_int_equal(rig.guest.counters.retired, 2);
    rig_close(&rig);
}

static void slots_retire_where_generations_end(void **state)
{
    (void)state;
    wrap_slot(31, 10, 0x1fffff);
    wrap_slot(15, 7, 0xff);
}

/* All 255 generations of both slots of a table of 15-bit handles, by using it up. */
static void a_table_is_used_up(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.slots = 2;
    rig.vm.handle_bits = 15;
    rig_open(&rig);
    static uint8_t used[1 << 15];
    memset(used, 0, sizeof used);
    uint32_t count = 0;
    while (cg_room_own(&rig.guest, 1, 1)) {
        const uint32_t handle = own(&rig, 1, 0);
        assert_true(handle < sizeof used && used[handle] == 0);
        used[handle] = 1;
        assert_true(gate_close(&rig.guest, handle));
        count += 1;
    }
    assert_int_equal(count, 2 * 255);
    assert_int_equal(rig.guest.counters.retired, 2);
    rig_close(&rig);
}

/* A record is used for one guest after the other: what the former ones had is dead, however much they used. */
static void former_guests_handles_stay_dead(void **state)
{
    (void)state;
    enum { GUESTS = 20, USES = 300 /* of two slots: 150 generations each */ };
    static uint32_t former[GUESTS * USES];
    rig_t rig;
    rig_prepare(&rig);
    rig.policy.slots = 2;
    uint32_t count = 0;
    for (uint32_t guest = 0; guest < GUESTS; guest++) {
        rig_open(&rig);
        for (uint32_t i = 0; i < USES; i++) {
            const uint32_t handle = own(&rig, 1, 0);
            for (uint32_t k = 0; k < count; k++) {
                if (former[k] == handle) {
                    fail_msg("guest %u got handle 0x%x, which guest %u had", guest, handle, k / USES);
                }
            }
            former[guest * USES + i] = handle;
            assert_true(gate_close(&rig.guest, handle));
        }
        for (uint32_t k = 0; k < count; k++) {
            assert_false(gate_was_issued(&rig.guest, former[k]));
        }
        count += USES;
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_handles),
        cmocka_unit_test(rights),
        cmocka_unit_test(optional_handles),
        cmocka_unit_test(lent_objects_have_one_handle),
        cmocka_unit_test(slots_are_reused_in_turn),
        cmocka_unit_test(owned_objects_are_released_once),
        cmocka_unit_test(given_twice),
        cmocka_unit_test(types_have_their_own_limits),
        cmocka_unit_test(slots_retire_where_generations_end),
        cmocka_unit_test(a_table_is_used_up),
        cmocka_unit_test(former_guests_handles_stay_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
