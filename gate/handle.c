/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/handle.c - the table of handles of one guest: give out, look up slowly, let die, release exactly once.
 * The fast look-up is cg_get in body_inline.h. Owner thread only. Never calls the guest; release functions are called with the slot already free.
 *
 *   31 30        10 9       1 0
 *   |0| generation | index  |1|   with 31 bits;   |0| generation:8 | index:6 |1| with 15
 *
 * A live slot's `name` is its whole handle. A free slot's name has an even last bit and type 0, so nothing equals it. A dying slot keeps its type for the release,
 * so its name has the lowest index bit flipped: a handle of that value leads to another slot. */
#include "callgate/body.h"
#include "gate/own.h"

enum { FLIP = 2 };

typedef struct layout {
    uint32_t shift;          /* of the generation */
    uint32_t generation_max;
} layout_t;

static layout_t layout_of(const cg_guest_t *g)
{
    const bool is_short = g->handle_bits == 15;
    return (layout_t){is_short ? 7u : 10u, is_short ? 0xffu : 0x1fffffu};
}

static void free_append(cg_guest_t *g, uint32_t index)
{
    if (g->free_count == 0) {
        g->free_first = (uint16_t)index;
    } else {
        g->slots[g->free_last].u.next = index;
    }
    g->free_last = (uint16_t)index;
    g->free_count += 1;
}

void gate_handles_init(cg_guest_t *g, cg_slot_t *slots, uint32_t count)
{
    const layout_t layout = layout_of(g);
    g->slots = slots;
    g->slot_mask = (uint16_t)(count - 1);
    g->free_count = 0;
    if (g->first_generation == 0 || g->first_generation > layout.generation_max / 2) {
        g->first_generation = 1;
    }
    for (uint32_t i = 0; i < count; i++) {
        slots[i] = (cg_slot_t){.name = g->first_generation << layout.shift | i << 1};
        free_append(g, i);
    }
}

/* The slot dies: another generation, or retired for good where the generation would wrap. */
static void slot_free(cg_guest_t *g, cg_slot_t *slot)
{
    const layout_t layout = layout_of(g);
    const uint32_t generation = slot->name >> layout.shift;
    slot->type = 0;
    slot->rights = 0;
    slot->u.object = NULL;
    if (generation == layout.generation_max) {
        slot->name &= ~1u;
        slot->state = CG_SLOT_RETIRED;
        g->counters.retired += 1;
        return;
    }
    slot->name = (slot->name & ~1u) + (1u << layout.shift);
    slot->state = 0;
    free_append(g, (uint32_t)(slot - g->slots));
}

/* An object is the guest's no more: what it owned is released, and then, when nobody posts for it any longer, its queued events go. */
static void object_leave(cg_guest_t *g, unsigned type, void *object, bool is_released)
{
    if (is_released && g->set->types[type].release != NULL) {
        g->set->types[type].release(g->config->host, object);
    }
    gate_events_drop(g, type, object);
}

static void slot_release(cg_guest_t *g, cg_slot_t *slot)
{
    void *object = slot->u.object;
    const uint32_t type = slot->type;
    const bool is_owned = (slot->state & CG_SLOT_OWNED) != 0;
    slot_free(g, slot);
    object_leave(g, type, object, is_owned);
}

static cg_slot_t *slot_live(const cg_guest_t *g, uint32_t handle)
{
    cg_slot_t *slot = &g->slots[handle >> 1 & g->slot_mask];
    return slot->name == handle && slot->type != 0 ? slot : NULL;
}

bool gate_was_issued(const cg_guest_t *g, uint32_t handle)
{
    const layout_t layout = layout_of(g);
    const uint32_t index = handle >> 1 & ((1u << (layout.shift - 1)) - 1);
    if ((handle & 1u) == 0 || index > g->slot_mask) {
        return false;
    }
    const cg_slot_t *slot = &g->slots[index];
    const uint32_t generation = handle >> layout.shift;
    const uint32_t current = slot->name >> layout.shift;
    const bool is_current_out = slot->type != 0 || (slot->state & CG_SLOT_RETIRED) != 0;
    return generation >= g->first_generation && (generation < current || (generation == current && is_current_out));
}

static uint32_t live_of(const cg_guest_t *g, unsigned type)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i <= g->slot_mask; i++) {
        count += g->slots[i].type == type;
    }
    return count;
}

static uint32_t max_of(const cg_guest_t *g, unsigned type)
{
    return g->policy->types == NULL ? CG_SLOTS_MAX : g->policy->types[type].max;
}

bool cg_room_own(cg_guest_t *g, unsigned type, unsigned count)
{
    const uint32_t live = live_of(g, type);
    const uint32_t max = max_of(g, type);
    return (count <= g->free_count && live <= max && count <= max - live) || cg_no(g, CG_ERR_QUOTA);
}

/* A lent object may have its handle already, so a full table is no reason to refuse where the type has a handle at all. */
bool cg_room_lent(cg_guest_t *g, unsigned type)
{
    const uint32_t live = live_of(g, type);
    return live > 0 || (g->free_count > 0 && max_of(g, type) > 0) || cg_no(g, CG_ERR_QUOTA);
}

static const cg_slot_t *slot_of(const cg_guest_t *g, unsigned type, const void *object)
{
    for (uint32_t i = 0; i <= g->slot_mask; i++) {
        const cg_slot_t *slot = &g->slots[i];
        if (slot->type == type && slot->u.object == object && (slot->state & CG_SLOT_DYING) == 0) {
            return slot;
        }
    }
    return NULL;
}

uint32_t gate_handle_of(const cg_guest_t *g, unsigned type, const void *object)
{
    const cg_slot_t *slot = slot_of(g, type, object);
    return slot != NULL ? slot->name : 0;
}

uint32_t gate_handles_live(const cg_guest_t *g)
{
    return g->slot_mask + 1u - g->free_count - g->counters.retired;
}

/* Is it owned and revoked in the call under way? Then it is released when that call ends, and no handle may outlive it. */
static bool is_going(const cg_guest_t *g, unsigned type, const void *object)
{
    for (uint32_t i = 0; i <= g->slot_mask; i++) {
        const cg_slot_t *slot = &g->slots[i];
        if (slot->type == type && slot->u.object == object && slot->state == (CG_SLOT_OWNED | CG_SLOT_DYING)) {
            return true;
        }
    }
    return false;
}

static uint32_t slot_take(cg_guest_t *g, unsigned type, void *object, unsigned state)
{
    cg_slot_t *slot = &g->slots[g->free_first];
    g->free_first = (uint16_t)slot->u.next;
    g->free_count -= 1;
    slot->u.object = object;
    slot->name |= 1u;
    slot->type = (uint16_t)type;
    slot->rights = g->policy->types == NULL ? CG_RIGHTS_ALL : g->policy->types[type].rights;
    slot->state = (uint8_t)state;
    return slot->name;
}

bool cg_lend(cg_guest_t *g, unsigned type, const void *object, bool optional, uint32_t *handle)
{
    *handle = 0;
    if (object == NULL) {
        return optional || cg_no(g, CG_ERR_HOST);
    }
    const cg_slot_t *slot = slot_of(g, type, object);
    if (slot != NULL) {
        *handle = slot->name;
        return true;
    }
    if (is_going(g, type, object)) {
        return cg_no(g, CG_ERR_HOST);
    }
    if (!cg_room_own(g, type, 1)) {
        return false;
    }
    union {
        const void *in;
        void *out;
    } lent = {.in = object}; /* the host function that gets it back takes it as its own type again */
    *handle = slot_take(g, type, lent.out, 0);
    return true;
}

bool cg_own(cg_guest_t *g, unsigned type, void *object, bool optional, uint32_t *handle)
{
    *handle = 0;
    if (object == NULL) {
        return optional || cg_no(g, CG_ERR_HOST);
    }
    if (slot_of(g, type, object) != NULL || is_going(g, type, object)) {
        return cg_no(g, CG_ERR_HOST); /* given twice: releasing it here would release it twice */
    }
    if (!cg_room_own(g, type, 1)) {
        object_leave(g, type, object, true);
        return false;
    }
    *handle = slot_take(g, type, object, CG_SLOT_OWNED);
    return true;
}

void cg_undo(cg_guest_t *g, uint32_t handle)
{
    if (handle != 0) {
        (void)gate_close(g, handle);
    }
}

bool cg_is_owned(cg_guest_t *g, uint32_t handle)
{
    const cg_slot_t *slot = slot_live(g, handle);
    return (slot != NULL && (slot->state & CG_SLOT_OWNED) != 0) || cg_no(g, CG_ERR_HANDLE);
}

/* A host function that revokes what it was given has it all the same: the sweep must not release it. */
void cg_consume(cg_guest_t *g, uint32_t handle)
{
    cg_slot_t *slot = &g->slots[handle >> 1 & g->slot_mask];
    if ((slot->state & CG_SLOT_DYING) != 0 && slot->name == (handle ^ FLIP)) {
        slot->name = handle;
    }
    if (slot->name == handle && slot->type != 0) {
        const unsigned type = slot->type;
        void *object = slot->u.object;
        slot_free(g, slot);
        object_leave(g, type, object, false);
    }
}

bool gate_close(cg_guest_t *g, uint32_t handle)
{
    cg_slot_t *slot = slot_live(g, handle);
    if (slot == NULL) {
        return false;
    }
    slot_release(g, slot);
    return true;
}

void cg_handle_revoke(cg_call_t *g, const void *object, uint16_t type)
{
    for (uint32_t i = 0; type != 0 && i <= g->slot_mask; i++) { /* type 0 is that of free slots */
        cg_slot_t *slot = &g->slots[i];
        if (slot->type != type || slot->u.object != object || (slot->state & CG_SLOT_DYING) != 0) {
            continue;
        }
        if (g->budget >= 0) {
            slot_release(g, slot);
        } else { /* the call under way may still use it */
            slot->state |= CG_SLOT_DYING;
            slot->name ^= FLIP;
            gate_sweep_later(g);
        }
    }
}

static void slots_release(cg_guest_t *g, unsigned states)
{
    for (uint32_t i = 0; i <= g->slot_mask; i++) {
        cg_slot_t *slot = &g->slots[i];
        if (slot->type == 0 || (slot->state & states) != states) {
            continue;
        }
        if ((slot->state & CG_SLOT_DYING) != 0) {
            slot->name ^= FLIP;
        }
        slot_release(g, slot);
    }
}

void gate_sweep(cg_guest_t *g)
{
    slots_release(g, CG_SLOT_DYING);
}

void gate_handles_end(cg_guest_t *g)
{
    slots_release(g, 0);
    for (uint32_t i = 0; i <= g->slot_mask; i++) { /* the next guest in this record begins where no handle of this one was */
        const uint32_t generation = g->slots[i].name >> layout_of(g).shift;
        g->first_generation = generation > g->first_generation ? generation : g->first_generation;
    }
}

bool gate_handles_check(const cg_guest_t *g)
{
    uint32_t used = 0;
    uint32_t retired = 0;
    for (uint32_t i = 0; i <= g->slot_mask; i++) {
        used += g->slots[i].type != 0;
        retired += (g->slots[i].state & CG_SLOT_RETIRED) != 0;
    }
    return used + retired + g->free_count == g->slot_mask + 1u;
}
