/* SPDX-License-Identifier: BSD-2-Clause */
/* handles.h - scenes with objects: owned, lent, given away, taken back, and handles of every wrong kind. Included by guest.c only. */

SCENE scene_open_use_close(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_open(5, &thing));
    report(contract_use(thing, &kind));
    report(kind);
    report(contract_thing_close(thing));
}

SCENE scene_open_absent(void)
{
    contract_thing_t thing = {77};
    report(contract_open(0, &thing));
    report(thing.id);
}

SCENE scene_close_twice(void)
{
    contract_thing_t thing = {0};
    report(contract_open(5, &thing));
    report(contract_thing_close(thing));
    report(contract_thing_close(thing));
}

SCENE scene_stale(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_open(5, &thing));
    report(contract_thing_close(thing));
    report(contract_use(thing, &kind));
}

/* All slots are used anew, again and again: a handle that died stays dead. */
SCENE scene_reused(void)
{
    contract_thing_t first = {0};
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    int failed = contract_open(1, &first);
    failed += contract_thing_close(first);
    for (uint32_t i = 0; i < 40; i++) {
        failed += contract_open(2, &thing);
        failed += contract_use(first, &kind) != CG_ERR_HANDLE;
        failed += thing.id == first.id;
        failed += contract_thing_close(thing);
    }
    report(failed);
}

SCENE scene_wrong_type(void)
{
    contract_thing_t thing = {0};
    contract_other_t other = {0};
    contract_dial_t dial = {0};
    report(contract_open(5, &thing));
    report(contract_another(&other));
    report(contract_dial(&dial));
    report(callgate_contract_use(other.id));
    report(callgate_contract_use(dial.id));
    report(callgate_contract_use_other(thing.id));
    report(callgate_contract_use_other(other.id));
    report(callgate_contract_dial_set_angle(thing.id, 1));
}

/* Values that were never given out, one bit or one step from one that was. */
SCENE scene_forged(void)
{
    contract_thing_t thing = {0};
    uint32_t refused = 0;
    report(contract_open(5, &thing));
    for (uint32_t bit = 0; bit < 32; bit++) {
        refused += callgate_contract_use(thing.id ^ (1u << bit)) == CG_ERR_HANDLE;
    }
    report(refused);
    report(callgate_contract_use(0));
    report(callgate_contract_use(UINT32_MAX));
    report(callgate_contract_use(0x7fffffff));
    report(callgate_contract_use(thing.id + 2));
    report(callgate_contract_use(thing.id));
}

/* For the row's other guest. */
SCENE scene_note_thing(void)
{
    contract_thing_t thing = {0};
    report(contract_open(5, &thing));
    note(thing.id);
}

SCENE scene_use_noted(void)
{
    report(callgate_contract_use(contract_ask(ASK_NOTE)));
    report(callgate_gate_close(contract_ask(ASK_NOTE)));
}

/* The same number may be a handle of this guest too; then it is its own object. */
SCENE scene_own_and_noted(void)
{
    contract_thing_t thing = {0};
    report(contract_open(8, &thing));
    report(thing.id == contract_ask(ASK_NOTE));
    report(callgate_contract_use(contract_ask(ASK_NOTE)));
}

SCENE scene_rights(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_open(5, &thing));
    report(contract_use(thing, &kind));
    report(contract_change(thing));
}

SCENE scene_quota(void)
{
    contract_thing_t first = {0};
    contract_thing_t second = {0};
    contract_thing_t third = {0};
    report(contract_open(1, &first));
    report(contract_open(2, &second));
    report(contract_open(3, &third));
    report(contract_thing_close(first));
    report(contract_open(4, &third));
}

/* The same object has the same handle, so a loop cannot fill the table. */
SCENE scene_lend(void)
{
    contract_thing_t first = {0};
    contract_thing_t again = {0};
    uint8_t kind = 0;
    int failed = contract_lend(1, &first);
    for (uint32_t i = 0; i < 40; i++) {
        failed += contract_lend(1, &again);
        failed += again.id != first.id;
    }
    report(failed);
    report(contract_use(first, &kind));
    report(contract_lend(9, &again));
    report(again.id);
    report(contract_thing_close(first));
    report(contract_use(first, &kind));
    report(contract_lend(1, &again));
    report(again.id != first.id);
}

SCENE scene_give(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_open(6, &thing));
    report(contract_give(thing, false));
    report(contract_use(thing, &kind));
    report(contract_give(thing, true));
    report(contract_use(thing, &kind));
    report(contract_thing_close(thing));
}

/* What is only lent is not the guest's to give. */
SCENE scene_give_lent(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_lend(0, &thing));
    report(contract_give(thing, true));
    report(contract_use(thing, &kind));
}

SCENE scene_maybe(void)
{
    contract_thing_t thing = {0};
    bool has_level = true;
    uint8_t level = 77;
    uint32_t size = 0;
    report(contract_maybe(thing, false, 0, &has_level, &level, &size));
    report(has_level);
    report(level);
    report(contract_open(3, &thing));
    report(contract_maybe(thing, true, 200, &has_level, &level, &size));
    report(has_level);
    report(level);
    report(size);
    report(contract_thing_close(thing));
    report(contract_maybe(thing, true, 200, &has_level, &level, &size));
}

SCENE scene_pair(void)
{
    contract_thing_t first = {0};
    contract_thing_t second = {0};
    report(contract_pair(0, &first, &second));
    report(callgate_contract_use(first.id));
    report(callgate_contract_use(second.id));
}

/* The host gives one object and no other; nothing is left over, and the guest's variables stay. */
SCENE scene_pair_broken(void)
{
    contract_thing_t first = {77};
    contract_thing_t second = {78};
    for (uint8_t kind = 1; kind <= 3; kind++) {
        report(contract_pair(kind, &first, &second));
    }
    report(first.id);
    report(second.id);
}

SCENE scene_pair_quota(void)
{
    contract_thing_t thing = {0};
    contract_thing_t first = {77};
    contract_thing_t second = {78};
    report(contract_open(1, &thing));
    report(contract_pair(0, &first, &second));
    report(first.id);
}

SCENE scene_vanish_lent(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_lend(2, &thing));
    report(contract_vanish(thing));
    report(contract_use(thing, &kind));
}

SCENE scene_vanish_owned(void)
{
    contract_thing_t thing = {0};
    uint8_t kind = 0;
    report(contract_open(5, &thing));
    report(contract_vanish(thing));
    report(contract_use(thing, &kind));
    report(contract_thing_close(thing));
}

static inline void open_three(void)
{
    contract_thing_t thing = {0};
    for (uint8_t kind = 1; kind <= 3; kind++) {
        report(contract_open(kind, &thing));
    }
}

SCENE scene_leave_open(void)
{
    open_three();
}

SCENE scene_leave_trapped(void)
{
    open_three();
    report(callgate_contract_take(outside(), 1));
    report(-1000);
}

SCENE scene_leave_looping(void)
{
    open_three();
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}

SCENE scene_dial(void)
{
    contract_dial_t dial = {0};
    int16_t angle = 77;
    uint8_t mark = 77;
    report(contract_dial(&dial));
    report(contract_dial_set_angle(dial, -300));
    report(contract_dial_get_angle(dial, &angle));
    report(angle);
    report(contract_dial_set_marks(dial, 1, 9));
    report(contract_dial_get_marks(dial, 1, &mark));
    report(mark);
    report(contract_dial_set_marks(dial, 2, 9));
    report(contract_dial_get_marks(dial, 2, &mark));
}

/* One thing for two arguments, then two things. */
SCENE scene_merge(void)
{
    contract_thing_t one = {0};
    contract_thing_t two = {0};
    report(contract_open(1, &one));
    report(contract_open(2, &two));
    report(contract_merge(one, one));
    report(contract_merge(one, two));
    report(contract_merge(one, two));
    report(contract_thing_close(one));
}

/* Both stay the guest's. */
SCENE scene_merge_unwanted(void)
{
    contract_thing_t one = {0};
    contract_thing_t two = {0};
    report(contract_open(1, &one));
    report(contract_open(9, &two));
    report(contract_merge(one, two));
    report(callgate_contract_use(one.id));
    report(callgate_contract_use(two.id));
}

SCENE scene_trade(void)
{
    contract_thing_t mine = {0};
    contract_thing_t yours = {0};
    report(contract_open(1, &mine));
    report(contract_lend(0, &yours));
    report(contract_trade(mine, mine));
    report(contract_trade(yours, mine));
    report(contract_trade(mine, yours));
    report(callgate_contract_use(mine.id));
    report(callgate_contract_use(yours.id));
}

SCENE scene_borrow(void)
{
    contract_thing_t thing = {77};
    report(contract_borrow(0, &thing));
    report(thing.id);
    report(contract_borrow(7, &thing));
    report(callgate_contract_use(thing.id));
}

/* The two results at one place, or outside of memory: nothing is opened. */
SCENE scene_pair_places(void)
{
    area_fill(0xa5);
    report(callgate_contract_pair(0, callgate_at(area), callgate_at(area)));
    report(callgate_contract_pair(0, callgate_at(area), callgate_at(area + 3)));
    report(callgate_contract_pair(0, callgate_at(area), edge() - 3));
    report(callgate_contract_pair(0, edge(), callgate_at(area)));
    report(callgate_contract_pair(0, callgate_at(area), UINT32_MAX));
    report(area_differs(0, AREA_SIZE, 0xa5));
}
