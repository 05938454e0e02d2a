/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/walk_test.c - guests that call anything with anything, on hosts that break their word now and then, from fixed seeds.
 * FAST and SMALL must give the same results and leave the same memory; on every way no object is released twice and none is left behind. */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

enum { WALKS = 20000, STEPS = 8, HANDLES = 8, SLOTS_OF_CALL = 16 };

typedef struct walk {
    uint64_t random;
    uint64_t handles[HANDLES]; /* values that were results or lay where results go */
    uint32_t handle_count;
    int64_t results[STEPS];
    uint32_t violations, step_count;
    uint8_t memory[MEMORY_SIZE];
} walk_t;

static uint32_t draw(walk_t *walk, uint32_t count)
{
    walk->random ^= walk->random << 13;
    walk->random ^= walk->random >> 7;
    walk->random ^= walk->random << 17;
    return (uint32_t)(walk->random >> 32) % count;
}

/* A value at which something might break: edges of memory, old handles, small and huge numbers, addresses a few bytes apart. */
static uint64_t odd_value(walk_t *walk, const uint64_t *slots)
{
    switch (draw(walk, 8)) {
    case 0:
        return draw(walk, MEMORY_SIZE);
    case 1:
        return walk->handles[draw(walk, HANDLES)];
    case 2:
        return 0u - (uint64_t)draw(walk, 300);
    case 3:
        return WRITABLE_SIZE - draw(walk, 64);
    case 4:
        return MEMORY_SIZE - draw(walk, 64);
    case 5:
        return slots[draw(walk, SLOTS_OF_CALL)] + draw(walk, 16);
    case 6:
        return 0xfffffff0u + (uint64_t)draw(walk, 32);
    default:
        return draw(walk, 40);
    }
}

/* A host that fails after it made objects keeps them itself: BAD_RESULT is left out, or objects would stay behind. */
static void misbehave(walk_t *walk)
{
    const bad_t bad = draw(walk, 4) == 0 ? (bad_t)draw(walk, BAD_TWICE + 1) : BAD_NOTHING;
    world.bad = bad == BAD_RESULT ? BAD_NOTHING : bad;
    world.has_value = draw(walk, 2) == 0;
    world.value = (int64_t)draw(walk, 256) - 128;
    world.is_empty = draw(walk, 4) == 0;
}

static void keep_handle(walk_t *walk, uint64_t value)
{
    walk->handles[walk->handle_count++ % HANDLES] = value;
}

static void step(walk_t *walk, rig_t *rig)
{
    uint64_t slots[SLOTS_OF_CALL];
    const uint32_t call = draw(walk, CG_CALL_COUNT);
    memcpy(slots, rig_good(call), sizeof slots);
    misbehave(walk);
    for (uint32_t i = draw(walk, 4); i > 0; i--) {
        const uint32_t slot = draw(walk, SLOTS_OF_CALL);
        slots[slot] = odd_value(walk, slots);
    }
    if (draw(walk, 2) == 0) {
        slots[0] = walk->handles[draw(walk, HANDLES)];
    }
    const int64_t result = rig_slots(rig, call, slots);
    walk->results[walk->step_count++] = result;
    if (result > 0) {
        keep_handle(walk, (uint64_t)result);
    }
    keep_handle(walk, cg_load32(rig->memory + AT_OUT));
    keep_handle(walk, cg_load32(rig->memory + AT_OUT + 8));
}

static void walk_all(walk_t *walk, path_t path, uint64_t seed)
{
    rig_t rig;
    memset(walk, 0, sizeof *walk);
    walk->random = seed * 0x9e3779b97f4a7c15u + 1;
    rig_open(&rig, path);
    const uint32_t max = 1 + draw(walk, SLOTS);
    for (uint32_t i = 0; i < CG_TYPE_COUNT; i++) {
        rig.types[i].max = (uint16_t)max;
    }
    for (uint32_t i = 0; i < STEPS && rig.guest.ending == 0; i++) {
        step(walk, &rig);
    }
    walk->violations = rig.guest.counters.violations;
    memcpy(walk->memory, rig.memory, MEMORY_SIZE);
    rig_close(&rig);
}

static void fast_and_small_walk_alike(void **state)
{
    (void)state;
    static walk_t fast, small, typed;
    for (uint64_t seed = 1; seed <= WALKS; seed++) {
        walk_all(&fast, PATH_FAST, seed);
        walk_all(&small, PATH_SMALL, seed);
        walk_all(&typed, PATH_TYPED, seed);
        const bool is_same = fast.step_count == small.step_count && fast.violations == small.violations &&
                             memcmp(fast.results, small.results, sizeof fast.results) == 0 && memcmp(fast.memory, small.memory, MEMORY_SIZE) == 0;
        if (!is_same) {
            fail_msg("seed %u: FAST and SMALL differ", (unsigned)seed);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(fast_and_small_walk_alike)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
