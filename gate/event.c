/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/event.c - events: posted by anybody, queued in the guest's storage, taken by its owner, who finds the handle that each is from.
 * A queue is a ring of entries, oldest first. Never calls the guest, never allocates, never keeps the lock while anything else runs. */
#include "callgate/body_big.h"
#include "gate/own.h"

#ifndef CG_EV_LOCK
/* Threads only: an interrupt that posts while its own processor holds the lock would spin for ever. */
static uint32_t spin_enter(cg_guest_t *g)
{
    while (atomic_flag_test_and_set_explicit(&g->lock, memory_order_acquire)) {
    }
    return 0;
}

static void spin_leave(cg_guest_t *g, uint32_t state)
{
    (void)state;
    atomic_flag_clear_explicit(&g->lock, memory_order_release);
}
#define CG_EV_LOCK(g) spin_enter(g)
#define CG_EV_UNLOCK(g, state) spin_leave((g), (state))
#endif

/* Before the data of an entry. The object is never looked into: it only finds its handle. */
typedef struct entry {
    const void *object;
    uint32_t event;
} entry_t;

enum { HEAD_SIZE = (sizeof(entry_t) + 7) / 8 * 8, DATA_ALIGN = 8 };

static uint32_t data_size(const cg_set_t *set)
{
    return (set->event_size + (DATA_ALIGN - 1u)) / DATA_ALIGN * DATA_ALIGN;
}

static uint32_t queue_size(void)
{
    return ((uint32_t)sizeof(cg_ev_queue_t) + 7u) / 8u * 8u;
}

/* ---- a guest's life ---- */

static bool has_queue(const cg_set_t *set, const cg_policy_t *policy)
{
    return policy->events != 0 && policy->received != NULL && set->event_count != 0;
}

uint32_t gate_events_size(const cg_set_t *set, const cg_policy_t *policy)
{
    return has_queue(set, policy) ? queue_size() + data_size(set) + policy->events * (HEAD_SIZE + data_size(set)) : 0;
}

void gate_events_open(cg_guest_t *g, void *storage)
{
    if (!has_queue(g->set, g->policy)) {
        return;
    }
    cg_ev_queue_t *queue = storage;
    uint8_t *bytes = storage;
    *queue = (cg_ev_queue_t){
        .current = bytes + queue_size(), .entries = bytes + queue_size() + data_size(g->set),
        .capacity = g->policy->events, .stride = (uint16_t)(HEAD_SIZE + data_size(g->set)),
    };
    const uint32_t state = CG_EV_LOCK(g);
    g->queue = queue;
    CG_EV_UNLOCK(g, state);
}

void gate_events_close(cg_guest_t *g)
{
    const uint32_t state = CG_EV_LOCK(g);
    g->queue = NULL;
    CG_EV_UNLOCK(g, state);
}

/* ---- entries; locked ---- */

static uint8_t *bytes_at(const cg_ev_queue_t *queue, uint32_t i)
{
    const uint32_t at = queue->first + i;
    return queue->entries + (size_t)(at < queue->capacity ? at : at - queue->capacity) * queue->stride;
}

/* Entries are copied in and out of bytes, so that no alignment is taken for granted. */
static entry_t entry_at(const cg_ev_queue_t *queue, uint32_t i)
{
    entry_t entry;
    cg_copy(&entry, bytes_at(queue, i), sizeof entry);
    return entry;
}

static bool is_of(const cg_ev_queue_t *queue, uint32_t i, const entry_t *entry)
{
    const entry_t one = entry_at(queue, i);
    return one.object == entry->object && one.event == entry->event;
}

/* The oldest entry of this event and source, or `count`. */
static uint32_t find(const cg_ev_queue_t *queue, const entry_t *entry)
{
    uint32_t i = 0;
    while (i < queue->count && !is_of(queue, i, entry)) {
        i++;
    }
    return i;
}

static void remove_at(cg_ev_queue_t *queue, uint32_t i)
{
    for (; i + 1 < queue->count; i++) {
        memcpy(bytes_at(queue, i), bytes_at(queue, i + 1), queue->stride);
    }
    queue->count -= 1;
}

static cg_post_t put(cg_ev_queue_t *queue, const cg_ev_t *event, const entry_t *entry, const void *data)
{
    cg_post_t result = CG_POST_QUEUED;
    uint32_t at = queue->count;
    if (event->queueing == CG_EV_COALESCE) {
        at = find(queue, entry);
    }
    if (at < queue->count) {
        queue->merged_ever += 1;
        result = CG_POST_MERGED;
    } else if (queue->count == queue->capacity) {
        const uint32_t old = event->queueing == CG_EV_DROP_OLDEST ? find(queue, entry) : queue->count;
        queue->lost += queue->lost != UINT32_MAX;
        queue->lost_ever += 1;
        if (old == queue->count) {
            return CG_POST_LOST;
        }
        remove_at(queue, old);
        at = queue->count;
    }
    uint8_t *bytes = bytes_at(queue, at);
    cg_copy(bytes, entry, sizeof *entry);
    if (event->size != 0) {
        memcpy(bytes + HEAD_SIZE, data, event->size);
    }
    queue->count = (uint16_t)(queue->count + (result == CG_POST_QUEUED ? 1 : 0));
    return result;
}

/* ---- posting: any thread ---- */

static bool is_received(const cg_guest_t *g, uint32_t event)
{
    return event < g->set->event_count && (g->policy->received[event >> 5] >> (event & 31u) & 1u) != 0;
}

cg_post_t cg_event_post(cg_guest_t *g, uint32_t event, const void *object, const void *data)
{
    const entry_t entry = {.object = object, .event = event};
    void (*wake)(cg_guest_t *guest, void *context) = NULL;
    void *context = NULL;
    cg_post_t result = CG_POST_CLOSED;
    const uint32_t state = CG_EV_LOCK(g);
    if (g->queue != NULL && is_received(g, event)) { /* the guest lives: its set, policy and config may be read */
        result = put(g->queue, &g->set->events[event], &entry, data);
        wake = g->config->wake;
        context = g->config->wake_context;
    }
    CG_EV_UNLOCK(g, state);
    if (result >= 0 && wake != NULL) {
        wake(g, context);
    }
    return result;
}

bool cg_guest_pending(cg_guest_t *g)
{
    const uint32_t state = CG_EV_LOCK(g);
    const bool is_pending = g->queue != NULL && g->queue->count != 0;
    CG_EV_UNLOCK(g, state);
    return is_pending;
}

bool cg_event_spares_half(cg_guest_t *g)
{
    const uint32_t state = CG_EV_LOCK(g);
    const bool is_free = g->queue != NULL && g->queue->count < (g->queue->capacity + 1) / 2;
    CG_EV_UNLOCK(g, state);
    return is_free;
}

/* ---- taking: the owner ---- */

void gate_events_drop(cg_guest_t *g, unsigned type, const void *object)
{
    const uint32_t state = CG_EV_LOCK(g);
    cg_ev_queue_t *queue = g->queue;
    uint32_t kept = 0;
    for (uint32_t i = 0; queue != NULL && i < queue->count; i++) {
        const entry_t entry = entry_at(queue, i);
        const bool goes = entry.object == object && g->set->events[entry.event].type == type;
        if (!goes && kept != i) {
            memcpy(bytes_at(queue, kept), bytes_at(queue, i), queue->stride);
        }
        kept += goes ? 0 : 1;
    }
    if (queue != NULL) {
        queue->count = (uint16_t)kept;
    }
    CG_EV_UNLOCK(g, state);
}

/* The oldest entry, its data in queue->current. */
static bool take_one(cg_guest_t *g, cg_ev_queue_t *queue, entry_t *entry)
{
    const uint32_t state = CG_EV_LOCK(g);
    const bool is_there = queue->count != 0;
    if (is_there) {
        *entry = entry_at(queue, 0);
        memcpy(queue->current, bytes_at(queue, 0) + HEAD_SIZE, g->set->events[entry->event].size);
        queue->first = (uint16_t)(queue->first + 1u < queue->capacity ? queue->first + 1u : 0);
        queue->count -= 1;
    }
    CG_EV_UNLOCK(g, state);
    return is_there;
}

static uint32_t take_lost(cg_guest_t *g, cg_ev_queue_t *queue)
{
    const uint32_t state = CG_EV_LOCK(g);
    const uint32_t lost = queue->lost;
    queue->lost = 0;
    CG_EV_UNLOCK(g, state);
    return lost;
}

/* An event whose source has no handle is passed over: the host function that made the source failed later. */
bool gate_event_take(cg_guest_t *g, cg_ev_delivery_t *delivery)
{
    cg_ev_queue_t *queue = g->queue; /* only the owner opens and closes it */
    entry_t entry;
    while (queue != NULL && take_one(g, queue, &entry)) {
        const uint32_t handle = gate_handle_of(g, g->set->events[entry.event].type, entry.object);
        if (handle != 0) {
            queue->lost_before = take_lost(g, queue);
            *delivery = (cg_ev_delivery_t){.event = entry.event, .handle = handle, .lost = queue->lost_before, .data = queue->current};
            return true;
        }
    }
    return false;
}

static void head_put(uint8_t *block, const cg_ev_delivery_t *delivery, const cg_ev_t *event, uint32_t size)
{
    cg_store32(block, delivery->handle);
    cg_store16(block + 4, event->api);
    cg_store16(block + 6, event->id);
    cg_store32(block + 8, delivery->lost);
    cg_store32(block + 12, size);
}

static void head_put_big(uint8_t *block, const cg_ev_delivery_t *delivery, const cg_ev_t *event, uint32_t size)
{
    cg_store32_be(block, delivery->handle);
    cg_store16_be(block + 4, event->api);
    cg_store16_be(block + 6, event->id);
    cg_store32_be(block + 8, delivery->lost);
    cg_store32_be(block + 12, size);
}

void cg_event_block(const cg_guest_t *g, const cg_ev_delivery_t *delivery, uint32_t at, uint8_t *block, uint64_t *slots)
{
    const cg_ev_t *event = &g->set->events[delivery->event];
    const cg_ev_face_t *face = &g->kind->events[delivery->event];
    memset(block, 0, CG_EV_HEAD + CG_EV_DATA_MAX);
    slots[0] = delivery->handle;
    face->put(delivery->data, at + CG_EV_HEAD, block + CG_EV_HEAD, slots);
    if (face->is_big_endian) {
        head_put_big(block, delivery, event, face->size);
    } else {
        head_put(block, delivery, event, face->size);
    }
}

bool cg_event_write(cg_guest_t *g, uint32_t at, const uint8_t *block, uint32_t n)
{
    const bool is_written = cg_give(g, at, block, n);
    g->why = 0; /* no call is under way that could be refused */
    return is_written;
}

static bool can_go_on(cg_guest_t *g, uint64_t deadline_ms)
{
    return !cg_call_stopping(g) && g->config->wait != NULL && g->config->now_ms != NULL && g->config->now_ms() < deadline_ms;
}

/* Waiting is no work: who waited in vain begins anew as well. Who only looked does not, or looking in a loop would never end. */
static int wait_over(cg_guest_t *g, bool has_waited)
{
    if (has_waited) {
        gate_activation_renew(g);
    }
    return 1;
}

int cg_event_wait(cg_call_t *g, uint32_t timeout_ms, cg_ev_head_t *head, uint8_t *data)
{
    uint8_t block[CG_EV_HEAD + CG_EV_DATA_MAX];
    uint64_t slots[CG_EV_SLOTS_MAX];
    cg_ev_delivery_t delivery;
    const uint64_t now_ms = g->config->now_ms != NULL ? g->config->now_ms() : 0;
    const uint64_t deadline_ms = timeout_ms < UINT64_MAX - now_ms ? now_ms + timeout_ms : UINT64_MAX;
    bool has_waited = false;
    if (g->queue == NULL) {
        return CG_ERR_DENIED;
    }
    while (!gate_event_take(g, &delivery)) {
        if (!can_go_on(g, deadline_ms)) {
            return cg_call_stopping(g) ? CG_ERR_STOPPED : wait_over(g, has_waited);
        }
        g->config->wait(g, deadline_ms);
        has_waited = true;
    }
    const cg_ev_t *event = &g->set->events[delivery.event];
    cg_event_block(g, &delivery, 0, block, slots);
    *head = (cg_ev_head_t){delivery.handle, event->api, event->id, delivery.lost, g->kind->events[delivery.event].size};
    memcpy(data, block + CG_EV_HEAD, CG_EV_DATA_MAX);
    g->queue->delivered += 1;
    gate_activation_renew(g);
    return CG_OK;
}

uint32_t cg_event_lost(const cg_call_t *g)
{
    return g->queue != NULL ? g->queue->lost_before : 0;
}

struct cg_guest *cg_call_events(cg_call_t *call)
{
    return call;
}

void gate_events_status(cg_guest_t *g, cg_guest_status_t *status)
{
    const uint32_t state = CG_EV_LOCK(g);
    const cg_ev_queue_t *queue = g->queue;
    if (queue != NULL) {
        status->delivered = queue->delivered;
        status->unhandled = queue->unhandled;
        status->lost = queue->lost_ever;
        status->merged = queue->merged_ever;
        status->queued = queue->count;
        status->queue_max = queue->capacity;
    }
    CG_EV_UNLOCK(g, state);
}
