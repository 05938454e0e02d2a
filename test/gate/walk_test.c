/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/walk_test.c - the handle table against a naive model: a million random steps, and every sequence of eight steps on a table of two slots.
 * The model is a list of live handles and a queue of free slots; it knows nothing of generations but that no handle comes twice. */
#include "rig.h"

#include <string.h>

enum { MODEL_MAX = 16, STEPS = 1000000, DEPTH = 8, OPERATIONS = 7 };

typedef struct live {
    uint32_t handle;
    unsigned type;
    uint32_t object;
    bool is_owned;
} live_t;

typedef struct model {
    live_t live[MODEL_MAX];
    uint32_t live_count;
    uint32_t queue[MODEL_MAX]; /* free slots, the next one first */
    uint32_t queue_count;
    uint32_t last[MODEL_MAX];  /* latest handle of each slot */
    uint32_t slots;
    uint32_t releases;
    uint32_t closed;           /* a handle that died; 0 none */
} model_t;

static void model_init(model_t *m, uint32_t slots)
{
    memset(m, 0, sizeof *m);
    m->slots = slots;
    for (uint32_t i = 0; i < slots; i++) {
        m->queue[m->queue_count++] = i;
    }
}

static live_t *model_find(model_t *m, unsigned type, uint32_t object)
{
    for (uint32_t i = 0; i < m->live_count; i++) {
        if (m->live[i].type == type && m->live[i].object == object) {
            return &m->live[i];
        }
    }
    return NULL;
}

/* The gate made this handle: it must be of the slot whose turn it is, and newer than all of that slot. */
static void model_open(model_t *m, uint32_t handle, unsigned type, uint32_t object, bool is_owned)
{
    const uint32_t slot = m->queue[0];
    assert_int_equal(handle & 1, 1);
    assert_int_equal(handle >> 1 & (m->slots - 1), slot);
    assert_true(handle > m->last[slot]);
    m->last[slot] = handle;
    m->queue_count -= 1;
    memmove(m->queue, m->queue + 1, m->queue_count * sizeof m->queue[0]);
    m->live[m->live_count++] = (live_t){handle, type, object, is_owned};
}

static void model_close(model_t *m, live_t *live, bool is_released)
{
    m->queue[m->queue_count++] = live->handle >> 1 & (m->slots - 1);
    m->releases += live->is_owned && is_released;
    m->closed = live->handle;
    *live = m->live[--m->live_count];
}

static void compare(rig_t *rig, const model_t *m)
{
    assert_true(gate_handles_check(&rig->guest));
    assert_int_equal(rig->guest.free_count, m->queue_count);
    assert_int_equal(rig->released, m->releases);
    for (uint32_t i = 0; i < m->live_count; i++) {
        uint16_t type = 0;
        assert_ptr_equal(cg_peek_handle(&rig->guest, m->live[i].handle, &type), &rig->objects[m->live[i].object]);
        assert_int_equal(type, m->live[i].type);
    }
}

/* ---- steps, each done on both and compared ---- */

static void step_lend(rig_t *rig, model_t *m, unsigned type, uint32_t object)
{
    uint32_t handle;
    const live_t *known = model_find(m, type, object);
    const bool is_good = cg_lend(&rig->guest, type, &rig->objects[object], false, &handle);
    assert_int_equal(is_good, known != NULL || m->queue_count > 0);
    assert_int_equal(rig_why(rig), is_good ? 0 : CG_ERR_QUOTA);
    if (is_good && known == NULL) {
        model_open(m, handle, type, object, false);
    } else if (is_good) {
        assert_int_equal(handle, known->handle);
    }
}

static void step_own(rig_t *rig, model_t *m, unsigned type, uint32_t object)
{
    uint32_t handle;
    const bool is_twice = model_find(m, type, object) != NULL;
    const bool has_room = m->queue_count > 0;
    const bool is_good = cg_own(&rig->guest, type, &rig->objects[object], false, &handle);
    assert_int_equal(is_good, !is_twice && has_room);
    assert_int_equal(rig_why(rig), is_good ? 0 : is_twice ? CG_ERR_HOST : CG_ERR_QUOTA);
    m->releases += !is_twice && !has_room;
    if (is_good) {
        model_open(m, handle, type, object, true);
    }
}

static void step_close(rig_t *rig, model_t *m, uint32_t choice)
{
    if (m->live_count == 0) {
        return;
    }
    live_t *live = &m->live[choice % m->live_count];
    assert_true(gate_close(&rig->guest, live->handle));
    assert_false(gate_close(&rig->guest, live->handle));
    model_close(m, live, true);
}

static void step_consume(rig_t *rig, model_t *m, uint32_t choice)
{
    if (m->live_count > 0) {
        live_t *live = &m->live[choice % m->live_count];
        cg_consume(&rig->guest, live->handle);
        model_close(m, live, false);
    }
}

static void step_revoke(rig_t *rig, model_t *m, unsigned type, uint32_t object, bool in_a_call)
{
    live_t *live = model_find(m, type, object);
    if (in_a_call) {
        assert_true(rig_enter(rig, 0));
    }
    cg_handle_revoke(&rig->guest, &rig->objects[object], (uint16_t)type);
    if (in_a_call) {
        assert_int_equal(rig->released, m->releases);
        assert_true(live == NULL || cg_peek_handle(&rig->guest, live->handle, &(uint16_t){0}) == NULL);
        assert_int_equal(rig_leave(rig, 0), 0);
        rig->guest.budget = 1000;
    }
    if (live != NULL) {
        model_close(m, live, true);
    }
}

static void step_use(rig_t *rig, model_t *m, uint32_t choice, unsigned type)
{
    if (m->closed != 0) {
        assert_null(cg_get(&rig->guest, m->closed, type, 0));
        assert_int_equal(rig->guest.forged, 0);
        assert_int_equal(rig_why(rig), CG_ERR_HANDLE);
    }
    if (m->live_count > 0) {
        const live_t *live = &m->live[choice % m->live_count];
        const void *object = cg_get(&rig->guest, live->handle, type, CG_READ);
        assert_ptr_equal(object, type == live->type ? &rig->objects[live->object] : NULL);
        (void)rig_why(rig);
        assert_null(cg_get(&rig->guest, live->handle + (1u << 10), type, 0)); /* the generation after it */
        assert_int_equal(rig->guest.forged, 1);
        (void)rig_why(rig);
    }
}

/* ---- a million random steps ---- */

static uint32_t random_state = 0x20260101u;

static uint32_t draw(uint32_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % below;
}

static void random_step(rig_t *rig, model_t *m)
{
    const unsigned type = 1 + draw(2);
    const uint32_t object = draw(24);
    switch (draw(9)) {
    case 0: case 1:
        step_lend(rig, m, type, object);
        break;
    case 2: case 3:
        step_own(rig, m, type, object);
        break;
    case 4: case 5:
        step_close(rig, m, draw(MODEL_MAX));
        break;
    case 6:
        step_consume(rig, m, draw(MODEL_MAX));
        break;
    case 7:
        step_revoke(rig, m, type, object, draw(2) == 0);
        break;
    default:
        step_use(rig, m, draw(MODEL_MAX), type);
        break;
    }
}

static void a_million_random_steps(void **state)
{
    (void)state;
    rig_t rig;
    model_t model;
    rig_prepare(&rig);
    rig.policy.slots = MODEL_MAX;
    rig_open(&rig);
    model_init(&model, MODEL_MAX);
    for (uint32_t i = 0; i < STEPS; i++) {
        random_step(&rig, &model);
        if (i % 64 == 0) {
            compare(&rig, &model);
        }
    }
    compare(&rig, &model);
    for (uint32_t i = 0; i < model.live_count; i++) {
        model.releases += model.live[i].is_owned;
    }
    rig_close(&rig);
    assert_int_equal(rig.released, model.releases);
}

/* ---- every sequence of eight steps on two slots ---- */

static void one_step(rig_t *rig, model_t *m, uint32_t operation)
{
    switch (operation) {
    case 0:
        step_lend(rig, m, 1, 0);
        break;
    case 1:
        step_own(rig, m, 1, 1);
        break;
    case 2:
        step_own(rig, m, 2, 2);
        break;
    case 3:
        step_close(rig, m, 0);
        break;
    case 4:
        step_consume(rig, m, 1);
        break;
    case 5:
        step_revoke(rig, m, 1, 1, true);
        break;
    default:
        step_use(rig, m, 0, 1);
        break;
    }
}

/* What a step can change. */
typedef struct snapshot {
    model_t model;
    cg_slot_t slots[2];
    uint16_t free_first, free_last, free_count;
    uint32_t released;
} snapshot_t;

static uint32_t sequences;

static void explore(rig_t *rig, model_t *m, uint32_t depth)
{
    if (depth == 0) {
        compare(rig, m);
        sequences += 1;
        return;
    }
    cg_guest_t *g = &rig->guest;
    snapshot_t before = {.model = *m, .free_first = g->free_first, .free_last = g->free_last, .free_count = g->free_count, .released = rig->released};
    memcpy(before.slots, g->slots, sizeof before.slots);
    for (uint32_t operation = 0; operation < OPERATIONS; operation++) {
        one_step(rig, m, operation);
        explore(rig, m, depth - 1);
        *m = before.model;
        memcpy(g->slots, before.slots, sizeof before.slots);
        g->free_first = before.free_first;
        g->free_last = before.free_last;
        g->free_count = before.free_count;
        rig->released = before.released;
    }
}

static void every_sequence_of_steps(void **state)
{
    (void)state;
    rig_t rig;
    model_t model;
    rig_prepare(&rig);
    rig.policy.slots = 2;
    rig_open(&rig);
    model_init(&model, 2);
    explore(&rig, &model, DEPTH);
    assert_int_equal(sequences, 5764801); /* OPERATIONS to the power of DEPTH */
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_million_random_steps), cmocka_unit_test(every_sequence_of_steps)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
