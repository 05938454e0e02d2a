/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/event_test.c - queues: order, what a full one does, sources that go, guests that end, and who may enter when. */
#include "rig.h"

#include <string.h>

enum { KEEP, FRESH, ONE, OTHER_TYPE, EVENTS }; /* drop_newest, drop_oldest, coalesce, and one from type 2 */

typedef struct seen {
    uint32_t event, handle, lost, data;
} seen_t;

static const cg_ev_t events[EVENTS] = {
    {1, 1, 1, 4, CG_EV_DROP_NEWEST}, {1, 2, 1, 4, CG_EV_DROP_OLDEST}, {1, 3, 1, 4, CG_EV_COALESCE}, {2, 1, 2, 4, CG_EV_DROP_NEWEST},
};
static const uint32_t received[1] = {0xfu};
static seen_t seen[64];
static uint32_t seen_count, woken, renewed;
static rig_t *the_rig;

static int note(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    (void)guest;
    seen_t *one = &seen[seen_count++ % 64];
    *one = (seen_t){.event = delivery->event, .handle = delivery->handle, .lost = delivery->lost};
    memcpy(&one->data, delivery->data, 4);
    return CG_STOP_RETURNED;
}

static void wake(cg_guest_t *guest, void *context)
{
    assert_ptr_equal(guest, context);
    woken += 1;
}

static void open_with(rig_t *rig, uint16_t queue)
{
    rig_prepare(rig);
    the_rig = rig;
    seen_count = 0;
    woken = 0;
    rig->set.events = events;
    rig->set.event_count = EVENTS;
    rig->set.event_size = 4;
    rig->policy.events = queue;
    rig->policy.received = received;
    rig->handled = 0xf;
    rig->deliver = note;
    rig->config.wake = wake;
    rig->config.wake_context = &rig->guest;
    rig_open(rig);
}

static uint32_t source(rig_t *rig, unsigned type, uint32_t object)
{
    uint32_t handle = 0;
    assert_true(cg_own(&rig->guest, type, &rig->objects[object], false, &handle));
    return handle;
}

static cg_post_t post(rig_t *rig, uint32_t event, uint32_t object, uint32_t data)
{
    return cg_event_post(&rig->guest, event, &rig->objects[object], &data);
}

static void drain(rig_t *rig)
{
    int stopped;
    while ((stopped = cg_guest_deliver(&rig->guest)) == CG_STOP_RETURNED) {
    }
    assert_int_equal(stopped, CG_STOP_EMPTY);
}

/* The data of what was seen, in order, as digits. */
static const char *story(void)
{
    static char text[65];
    for (uint32_t i = 0; i < seen_count; i++) {
        text[i] = (char)('0' + seen[i].data);
    }
    text[seen_count] = '\0';
    return text;
}

static void first_come_first_served(void **state)
{
    (void)state;
    rig_t rig;
    open_with(&rig, 4);
    const uint32_t a = source(&rig, 1, 0);
    const uint32_t b = source(&rig, 1, 1);
    for (uint32_t round = 0; round < 5; round++) { /* around the ring */
        seen_count = 0;
        assert_int_equal(post(&rig, KEEP, 0, 1), CG_POST_QUEUED);
        assert_int_equal(post(&rig, KEEP, 1, 2), CG_POST_QUEUED);
        assert_int_equal(post(&rig, FRESH, 0, 3), CG_POST_QUEUED);
        assert_true(cg_guest_pending(&rig.guest));
        drain(&rig);
        assert_false(cg_guest_pending(&rig.guest));
        assert_string_equal(story(), "123");
        assert_int_equal(seen[0].handle, a);
        assert_int_equal(seen[1].handle, b);
        assert_int_equal(seen[2].event, FRESH);
    }
    assert_int_equal(woken, 15);
    rig_close(&rig);
}

typedef struct overflow_case {
    const char *what;
    const char *posts; /* pairs: event digit and object digit; data are 0, 1, 2 ... */
    const char *story;
    uint32_t lost;     /* told with the first event */
} overflow_case_t;

static const overflow_case_t overflows[] = {
    {"the newest is lost", "000000000000", "012", 3},
    {"the oldest of the same event and source is lost", "101010101010", "345", 3},
    {"the oldest of another source is left alone", "1010111011", "134", 2},
    {"where none is of the same source the newest is lost", "00000010", "012", 1},
    {"a newer one replaces the one that is queued, in its place", "200020002000", "413", 1},
    {"one of each source is queued", "2021202120", "43", 0},
    {"merging goes on in a full queue", "2000002020", "412", 0},
    {"a full queue has no room for another source either", "00000021", "012", 1},
};

static void full_queues(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof overflows / sizeof overflows[0]; i++) {
        const overflow_case_t *c = &overflows[i];
        rig_t rig;
        open_with(&rig, 3);
        (void)source(&rig, 1, 0);
        (void)source(&rig, 1, 1);
        for (uint32_t k = 0; c->posts[2 * k] != '\0'; k++) {
            (void)post(&rig, (uint32_t)(c->posts[2 * k] - '0'), (uint32_t)(c->posts[2 * k + 1] - '0'), k);
        }
        drain(&rig);
        if (strcmp(story(), c->story) != 0 || seen[0].lost != c->lost) {
            fail_msg("%s: %s with %u lost, not %s with %u", c->what, story(), (unsigned)seen[0].lost, c->story, (unsigned)c->lost);
        }
        cg_guest_status_t status;
        cg_guest_status(&rig.guest, &status);
        assert_int_equal(status.lost, c->lost);
        assert_int_equal(status.delivered, strlen(c->story));
        rig_close(&rig);
    }
}

static void half_of_a_queue(void **state)
{
    (void)state;
    for (uint16_t capacity = 1; capacity <= 5; capacity++) {
        rig_t rig;
        open_with(&rig, capacity);
        for (uint16_t i = 0; i < capacity; i++) {
            assert_int_equal(cg_event_spares_half(&rig.guest), capacity - (i + 1) >= capacity / 2);
            assert_int_equal(post(&rig, KEEP, 0, i), CG_POST_QUEUED);
        }
        drain(&rig);
        assert_true(cg_event_spares_half(&rig.guest));
        rig_close(&rig);
        assert_false(cg_event_spares_half(&rig.guest));
    }
}

static void closing_takes_events_out(void **state)
{
    (void)state;
    rig_t rig;
    open_with(&rig, 8);
    const uint32_t a = source(&rig, 1, 0);
    (void)source(&rig, 1, 1);
    const uint32_t c = source(&rig, 2, 0); /* the same object as another type */
    (void)post(&rig, KEEP, 0, 1);
    (void)post(&rig, KEEP, 1, 2);
    (void)post(&rig, ONE, 0, 3);
    (void)post(&rig, OTHER_TYPE, 0, 4);
    assert_true(gate_close(&rig.guest, a));
    drain(&rig);
    assert_string_equal(story(), "24");
    assert_int_equal(seen[1].handle, c);
    seen_count = 0;
    (void)post(&rig, KEEP, 0, 5); /* nobody may, but if somebody does: it is from nothing */
    (void)source(&rig, 1, 0);
    drain(&rig);
    assert_int_equal(seen_count <= 1, true);
    rig_close(&rig);
}

/* Given away, revoked between calls, revoked within one: in each way nothing of it is delivered. */
static void other_ends_of_a_source(void **state)
{
    (void)state;
    for (int way = 0; way < 3; way++) {
        rig_t rig;
        open_with(&rig, 8);
        const uint32_t a = source(&rig, 1, 0);
        (void)post(&rig, KEEP, 0, 1);
        if (way == 0) {
            cg_consume(&rig.guest, a);
        } else if (way == 1) {
            cg_handle_revoke(&rig.guest, &rig.objects[0], 1);
        } else {
            assert_true(rig_enter(&rig, 0));
            cg_handle_revoke(&rig.guest, &rig.objects[0], 1);
            (void)post(&rig, KEEP, 0, 2);
            (void)rig_leave(&rig, 0);
        }
        drain(&rig);
        assert_int_equal(seen_count, 0);
        assert_int_equal(rig.objects[0].released, way != 0);
        rig_close(&rig);
    }
}

static void what_cannot_be_posted(void **state)
{
    (void)state;
    static const uint32_t none[1] = {1u << ONE};
    rig_t rig;
    open_with(&rig, 2);
    (void)source(&rig, 1, 0);
    rig.policy.received = none;
    assert_int_equal(post(&rig, KEEP, 0, 1), CG_POST_CLOSED);
    assert_int_equal(post(&rig, EVENTS, 0, 1), CG_POST_CLOSED);
    assert_int_equal(post(&rig, ONE, 0, 1), CG_POST_QUEUED);
    rig_close(&rig);
    assert_int_equal(post(&rig, ONE, 0, 1), CG_POST_CLOSED); /* an ended guest */
    assert_false(cg_guest_pending(&rig.guest));
    assert_int_equal(cg_guest_deliver(&rig.guest), CG_STOP_ENTRY);
    open_with(&rig, 0); /* no queue */
    assert_int_equal(post(&rig, ONE, 0, 1), CG_POST_CLOSED);
    assert_int_equal(cg_guest_deliver(&rig.guest), CG_STOP_EMPTY);
    assert_false(cg_guest_reacts(&rig.guest));
    rig_close(&rig);
}

static void a_new_guest_gets_no_old_events(void **state)
{
    (void)state;
    rig_t rig;
    open_with(&rig, 4);
    (void)source(&rig, 1, 0);
    (void)post(&rig, KEEP, 0, 1);
    cg_guest_end(&rig.guest);
    int32_t result;
    assert_int_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_OK);
    assert_int_equal(cg_guest_run(&rig.guest, &result), CG_STOP_RETURNED);
    (void)source(&rig, 1, 0);
    drain(&rig);
    assert_int_equal(seen_count, 0);
    assert_int_not_equal(cg_guest_init(&rig.guest, &rig.config, &rig.policy, rig.storage, sizeof rig.storage), CG_LOAD_OK); /* it lives */
    rig_close(&rig);
}

static void without_a_handler_an_event_is_dropped(void **state)
{
    (void)state;
    rig_t rig;
    open_with(&rig, 4);
    (void)source(&rig, 1, 0);
    rig.handled = 0;
    assert_false(cg_guest_reacts(&rig.guest));
    (void)post(&rig, KEEP, 0, 1);
    assert_int_equal(cg_guest_deliver(&rig.guest), CG_STOP_RETURNED);
    cg_guest_status_t status;
    cg_guest_status(&rig.guest, &status);
    assert_int_equal(status.unhandled, 1);
    assert_int_equal(status.delivered, 0);
    assert_int_equal(seen_count, 0);
    rig_close(&rig);
}

/* ---- who may enter ---- */

static int nested(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    int32_t result;
    assert_int_equal(cg_guest_state(guest), CG_STATE_IN_GUEST);
    assert_int_equal(cg_guest_run(guest, &result), CG_STOP_BUSY);
    assert_true(rig_enter(the_rig, 0));
    assert_int_equal(cg_guest_state(guest), CG_STATE_IN_HOST);
    assert_int_equal(cg_guest_deliver(guest), CG_STOP_BUSY);
    assert_int_equal(rig_leave(the_rig, 0), 0);
    return note(guest, delivery);
}

static int dies(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    (void)note(guest, delivery);
    assert_true(rig_enter(the_rig, 0));
    cg_guest_end(guest);
    assert_int_equal(cg_guest_state(guest), CG_STATE_DYING);
    assert_int_equal(the_rig->objects[0].released, 0); /* the call under way may use it */
    assert_int_equal(post(the_rig, KEEP, 0, 9), CG_POST_CLOSED);
    (void)rig_leave(the_rig, 0);
    assert_int_not_equal(guest->ending, 0);
    assert_false(rig_enter(the_rig, 0)); /* not one call more */
    return CG_STOP_GATE;
}

static void nobody_enters_twice(void **state)
{
    (void)state;
    rig_t rig;
    open_with(&rig, 4);
    (void)source(&rig, 1, 0);
    rig.deliver = nested;
    (void)post(&rig, KEEP, 0, 1);
    drain(&rig);
    assert_string_equal(story(), "1");
    rig.deliver = dies;
    (void)post(&rig, KEEP, 0, 2);
    (void)post(&rig, KEEP, 0, 3);
    assert_int_equal(cg_guest_deliver(&rig.guest), CG_STOP_ASKED);
    assert_int_equal(cg_guest_state(&rig.guest), CG_STATE_ENDED);
    assert_int_equal(rig.objects[0].released, 1);
    assert_string_equal(story(), "12");
    cg_guest_end(&rig.guest);
    assert_int_equal(rig.objects[0].released, 1);
}

/* ---- waiting ---- */

static uint64_t clock_ms;

static uint64_t now(void)
{
    return clock_ms;
}

static void wait_for(cg_guest_t *guest, uint64_t deadline_ms)
{
    (void)guest;
    clock_ms = deadline_ms < clock_ms + 10 ? deadline_ms : clock_ms + 10;
    if (clock_ms == 130) {
        assert_int_equal(post(the_rig, KEEP, 0, 7), CG_POST_QUEUED);
    }
}

static void note_renewed(cg_guest_t *guest)
{
    (void)guest;
    renewed += 1;
}

static void put_nothing(const void *data, uint32_t at, uint8_t *bytes, uint64_t *slots)
{
    (void)at;
    (void)slots;
    memcpy(bytes, data, 4);
}

static void loops_wait(void **state)
{
    (void)state;
    static const cg_ev_face_t faces[EVENTS] = {[KEEP] = {"on_a_b", "(ii)", 2, 4, false, false, put_nothing}};
    rig_t rig;
    cg_ev_head_t head;
    uint8_t data[CG_EV_DATA_MAX];
    open_with(&rig, 4);
    const uint32_t a = source(&rig, 1, 0);
    rig.vm.events = faces;
    rig.config.now_ms = now;
    rig.config.wait = wait_for;
    rig.config.renewed = note_renewed;
    renewed = 0;
    rig.policy.calls = 100;
    clock_ms = 100;
    rig.policy.time_ms = 5;
    assert_true(rig_enter(&rig, 0));
    rig.guest.budget = -7;
    assert_int_equal(cg_event_wait(&rig.guest, 0, &head, data), 1); /* who only looks gets nothing */
    assert_int_equal(rig.guest.budget, -7);
    assert_int_equal(renewed, 0);
    assert_int_equal(cg_event_wait(&rig.guest, 20, &head, data), 1); /* beyond the time of an activation: waiting takes none of it */
    assert_int_equal(clock_ms, 120);
    assert_int_equal(rig.guest.budget, -100);
    assert_int_equal(renewed, 1);
    assert_int_equal(post(&rig, KEEP, 0, 6), CG_POST_QUEUED);
    assert_int_equal(cg_event_wait(&rig.guest, 0, &head, data), CG_OK); /* one that is there already begins anew as well */
    assert_int_equal(renewed, 2);
    assert_true(cg_call_deadline_ms(&rig.guest) == 125);
    assert_int_equal(cg_event_wait(&rig.guest, 1000, &head, data), CG_OK);
    assert_int_equal(head.handle, a);
    assert_int_equal(head.api, 1);
    assert_int_equal(head.id, 1);
    assert_int_equal(head.size, 4);
    assert_int_equal(data[0], 7);
    assert_int_equal(data[4], 0);
    assert_int_equal(rig_leave(&rig, 0), 0);
    assert_int_equal(rig.guest.budget, 99); /* anew, and this call is the first */
    assert_int_equal(rig.guest.counters.calls, 93); /* 100 - 7, then none, as the second wait began at the first call */
    assert_true(rig_enter(&rig, 0));
    cg_guest_stop(&rig.guest);
    assert_int_equal(cg_event_wait(&rig.guest, 1000, &head, data), CG_ERR_STOPPED);
    (void)rig_leave(&rig, 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_come_first_served),
        cmocka_unit_test(full_queues),
        cmocka_unit_test(half_of_a_queue),
        cmocka_unit_test(closing_takes_events_out),
        cmocka_unit_test(other_ends_of_a_source),
        cmocka_unit_test(what_cannot_be_posted),
        cmocka_unit_test(a_new_guest_gets_no_old_events),
        cmocka_unit_test(without_a_handler_an_event_is_dropped),
        cmocka_unit_test(nobody_enters_twice),
        cmocka_unit_test(loops_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
