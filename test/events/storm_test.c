/* SPDX-License-Identifier: BSD-2-Clause */
/* storm_test.c - two threads post a million events while the owner delivers, closes sources, makes new ones at the same addresses, and ends and makes anew the guest.
 * Each event carries the life of its source; one that is delivered in another life is late. Compiled with the thread sanitizer, from the gate's own sources. */
#include "gate/own.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { OBJECTS = 6, EVENTS = 3, POSTERS = 2, POSTS = 500000 };

/* A source: posted for under its lock, as a host does it. */
typedef struct object {
    pthread_mutex_t lock;
    bool is_open;
    uint32_t life;
} object_t;

typedef struct told {
    uint32_t object, life, number;
} told_t;

static object_t objects[OBJECTS];
static cg_guest_t guest;
static uint64_t storage[4096];
static atomic_uint results[5]; /* by cg_post_t + 3 */
static uint32_t late, disordered, delivered, last_number[OBJECTS][EVENTS][POSTERS];

static void release(cg_host_t *host, void *object)
{
    (void)host;
    object_t *one = object;
    pthread_mutex_lock(&one->lock);
    one->is_open = false;
    one->life += 1;
    pthread_mutex_unlock(&one->lock);
}

static const cg_type_t types[2] = {{NULL}, {release}};
static const cg_ev_t events[EVENTS] = {
    {1, 1, 1, sizeof(told_t), CG_EV_DROP_NEWEST}, {1, 2, 1, sizeof(told_t), CG_EV_DROP_OLDEST}, {1, 3, 1, sizeof(told_t), CG_EV_COALESCE}};
static const uint32_t numbers[1] = {CG_NUMBER(1, 1)};
static const uint32_t all[1] = {UINT32_MAX};
static const cg_set_t set = {CG_ABI_VERSION, 1, 2, 0, numbers, types, EVENTS, sizeof(told_t), events};
static const cg_policy_t policy = {.guest = "storm", .granted = all, .received = all, .events = 8, .slots = 16, .calls = 10};

/* ---- a VM that only notes ---- */

static uint32_t vm_storage(const struct cg_guest_config *config, const struct cg_policy *rules)
{
    (void)config, (void)rules;
    return 8;
}

static int vm_load(cg_guest_t *g, const struct cg_guest_config *config, const struct cg_policy *rules, void *at, uint32_t size)
{
    (void)g, (void)config, (void)rules, (void)at, (void)size;
    return CG_LOAD_OK;
}

static void vm_destroy(cg_guest_t *g)
{
    (void)g;
}

static bool vm_handles(const cg_guest_t *g, uint32_t event)
{
    (void)g, (void)event;
    return true;
}

static int vm_deliver(cg_guest_t *g, const cg_ev_delivery_t *delivery)
{
    told_t told;
    (void)g;
    memcpy(&told, delivery->data, sizeof told);
    object_t *object = &objects[told.object];
    pthread_mutex_lock(&object->lock);
    late += !object->is_open || object->life != told.life;
    pthread_mutex_unlock(&object->lock);
    uint32_t *last = &last_number[told.object][delivery->event][told.number & 1];
    disordered += told.number <= *last && *last != 0;
    *last = told.number;
    delivered += 1;
    return CG_STOP_RETURNED;
}

static const cg_vm_ops_t ops = {.version = CG_VM_OPS_VERSION, .name = "none", .storage = vm_storage, .load = vm_load, .destroy = vm_destroy, .handles = vm_handles, .deliver = vm_deliver};
static const cg_vm_t vm = {.ops = &ops, .set = &set};
static const cg_guest_config_t config = {.vm = &vm, .image_size = 8};

/* ---- the storm ---- */

static void *post_all(void *argument)
{
    const uint32_t me = *(const uint32_t *)argument;
    uint32_t random = 12345 + me;
    for (uint32_t i = 1; i <= POSTS; i++) {
        random = random * 1664525u + 1013904223u;
        object_t *object = &objects[(random >> 16) % OBJECTS];
        pthread_mutex_lock(&object->lock);
        if (object->is_open) {
            const told_t told = {(uint32_t)(object - objects), object->life, i << 1 | me};
            const cg_post_t result = cg_event_post(&guest, (random >> 24) % EVENTS, object, &told);
            atomic_fetch_add(&results[result + 3], 1);
        } else { /* nobody posts for it; the guest's queue is asked all the same */
            (void)cg_guest_pending(&guest);
            i -= 1;
        }
        pthread_mutex_unlock(&object->lock);
    }
    return NULL;
}

static void source_open(uint32_t i)
{
    uint32_t handle = 0;
    pthread_mutex_lock(&objects[i].lock);
    objects[i].is_open = true;
    pthread_mutex_unlock(&objects[i].lock);
    if (!cg_own(&guest, 1, &objects[i], false, &handle)) {
        late += 1000000;
    }
}

static bool guest_make(void)
{
    if (cg_guest_init(&guest, &config, &policy, storage, sizeof storage) != CG_LOAD_OK) {
        return false;
    }
    for (uint32_t i = 0; i < OBJECTS; i++) {
        source_open(i);
    }
    return true;
}

/* One round of the owner's; what it does besides delivering comes from `round`. */
static void owner_round(uint32_t round)
{
    for (uint32_t i = 0; i < 5 && cg_guest_deliver(&guest) == CG_STOP_RETURNED; i++) {
    }
    if (round % 7 == 0) {
        const uint32_t i = round / 7 % OBJECTS;
        (void)gate_close(&guest, gate_handle_of(&guest, 1, &objects[i]));
        memset(last_number[i], 0, sizeof last_number[i]);
        source_open(i);
    }
    if (round % 1000 == 999) {
        cg_guest_end(&guest);
        memset(last_number, 0, sizeof last_number);
        late += guest_make() ? 0 : 1000000;
    }
}

int main(void)
{
    static uint32_t names[POSTERS] = {0, 1};
    pthread_t threads[POSTERS];
    for (uint32_t i = 0; i < OBJECTS; i++) {
        pthread_mutex_init(&objects[i].lock, NULL);
    }
    if (!guest_make() || pthread_create(&threads[0], NULL, post_all, &names[0]) != 0 || pthread_create(&threads[1], NULL, post_all, &names[1]) != 0) {
        return 2;
    }
    uint32_t posted = 0;
    for (uint32_t round = 0; posted < POSTERS * POSTS; round++) {
        owner_round(round);
        posted = 0;
        for (uint32_t i = 0; i < 5; i++) {
            posted += atomic_load(&results[i]);
        }
    }
    for (uint32_t i = 0; i < POSTERS; i++) {
        pthread_join(threads[i], NULL);
    }
    cg_guest_end(&guest);
    printf("%u posts: %u queued, %u merged, %u lost, %u closed; %u delivered, %u late, %u out of order\n", (unsigned)posted, results[3], results[4], results[2], results[1],
           (unsigned)delivered, (unsigned)late, (unsigned)disordered);
    return late != 0 || disordered != 0 || delivered == 0;
}
