/* SPDX-License-Identifier: BSD-2-Clause */
/* hand.h - a small gate as one would write it by hand for these few calls: the same promises as callgate's, nothing general.
 * What to compare generated glue with. Promised, in this order: the call is granted, the guest is not inside a call, its budget is not used up; no bits beyond a
 * type; handles by index, generation, type and right; memory ranges by subtraction; bytes are charged; text is UTF-8 without NUL; what the host gives is
 * looked at, and the range found again, before it is written. Refusals count, and forbidden ones end the activation.
 * Included by each host of this folder, which defines hand_window() for its memory, and before that:
 *   HAND_AT            the type of an address; uint32_t unless it says otherwise
 *   HAND_INDEX_BITS    of a handle: 8 unless it says otherwise
 *   HAND_BIG_ENDIAN    the guest has the high byte first
 *   HAND_NO_MEMORY     the guest has none: only what is above the line "memory" is there, and the host converts values itself */
#ifndef BENCH_HAND_H
#define BENCH_HAND_H

#include "callgate/error.h"
#include "host.h"
#include "host/host_bench.h"
#include "host/host_random.h"
#include "host/host_saul.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

enum { HAND_ROUNDS, HAND_OPEN, HAND_SAY, HAND_U32, HAND_FILL, HAND_FIND, HAND_READ };
enum { HAND_DEVICE = 1, HAND_THING = 2 };
enum { HAND_CAN_READ = 1, HAND_CAN_WRITE = 2 };

#ifndef HAND_AT
#define HAND_AT uint32_t
#endif
#ifndef HAND_INDEX_BITS
#define HAND_INDEX_BITS 8
#endif

#undef LIKELY
#undef UNLIKELY
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define UNLIKELY(x) __builtin_expect(!!(x), 0)

typedef struct hand_object {
    void *object;
    uint32_t generation; /* what is left of a handle above index and lowest bit */
    uint8_t type;        /* 0: free */
    uint8_t rights;
} hand_object_t;

typedef struct hand_guest {
    _Atomic uint32_t granted; /* a bit a call; all cleared to stop the guest */
    bool busy;
    bool ending;
    uint32_t calls_left;
    uint32_t bytes_left;
    uint32_t refused, violations;
    uint8_t device_rights, thing_rights;
    hand_object_t objects[BENCH_SLOTS];
    void *engine;
} hand_guest_t;

static inline void hand_start(hand_guest_t *g, void *engine)
{
    *g = (hand_guest_t){.calls_left = BENCH_STEPS_MAX, .bytes_left = UINT32_MAX, .device_rights = HAND_CAN_READ, .thing_rights = HAND_CAN_WRITE, .engine = engine};
    atomic_init(&g->granted, 0x7fu);
    for (uint32_t i = 0; i < BENCH_SLOTS; i++) {
        g->objects[i].generation = 1;
    }
}

/* ---- refusals ---- */

static __attribute__((cold, noinline)) int32_t hand_refuse(hand_guest_t *g, int why)
{
    g->refused += 1;
    if (why == CG_ERR_WIDTH || why == CG_ERR_MEMORY || why == CG_ERR_UNKNOWN) {
        g->violations += 1;
        g->ending = true;
    }
    return why;
}

static __attribute__((cold, noinline)) int32_t hand_refuse_entry(hand_guest_t *g, unsigned call)
{
    const uint32_t granted = atomic_load_explicit(&g->granted, memory_order_relaxed);
    return hand_refuse(g, (granted >> call & 1u) == 0 ? CG_ERR_DENIED : g->busy ? CG_ERR_BUSY : CG_ERR_BUDGET);
}

static inline int32_t hand_leave(hand_guest_t *g, int32_t result)
{
    g->busy = false;
    return UNLIKELY(result < 0) ? hand_refuse(g, result) : result;
}

/* ---- checks ---- */

static inline bool hand_enter(hand_guest_t *g, unsigned call)
{
    const uint32_t granted = atomic_load_explicit(&g->granted, memory_order_relaxed);
    if (LIKELY((granted & 1u << call) != 0 && !g->busy && g->calls_left > 0)) {
        g->busy = true;
        g->calls_left -= 1;
        return true;
    }
    return false;
}

/* A handle is generation, index, 1. */
static inline void *hand_get(const hand_guest_t *g, uint32_t handle, unsigned type, unsigned right, int *why)
{
    const uint32_t index = handle >> 1 & ((1u << HAND_INDEX_BITS) - 1);
    if (LIKELY((handle & 1u) != 0 && index < BENCH_SLOTS)) {
        const hand_object_t *o = &g->objects[index];
        if (LIKELY(o->generation == handle >> (HAND_INDEX_BITS + 1) && o->type == type)) {
            *why = CG_ERR_RIGHT;
            return LIKELY((o->rights & right) != 0) ? o->object : NULL;
        }
    }
    *why = CG_ERR_HANDLE;
    return NULL;
}

static inline bool hand_charge(hand_guest_t *g, uint32_t bytes)
{
    if (UNLIKELY(bytes > g->bytes_left)) {
        return false;
    }
    g->bytes_left -= bytes;
    return true;
}

static __attribute__((noinline)) bool hand_utf8(const uint8_t *s, uint32_t n)
{
    for (uint32_t i = 0; i < n;) {
        const uint8_t c = s[i];
        const uint32_t more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
        if (c == 0 || (c >= 0x80 && c < 0xc2) || c > 0xf4 || n - i <= more) {
            return false;
        }
        for (uint32_t k = 1; k <= more; k++) {
            if ((s[i + k] & 0xc0) != 0x80) {
                return false;
            }
        }
        if ((c == 0xe0 && s[i + 1] < 0xa0) || (c == 0xed && s[i + 1] > 0x9f) || (c == 0xf0 && s[i + 1] < 0x90) || (c == 0xf4 && s[i + 1] > 0x8f)) {
            return false;
        }
        i += more + 1;
    }
    return true;
}

static inline bool hand_plain(const char *s)
{
    uint64_t word;
    memcpy(&word, s, sizeof word);
    return ((word | (word - 0x0101010101010101u)) & 0x8080808080808080u) == 0;
}

/* ASCII by eight bytes, the last eight overlapping; all else bytewise. */
static inline bool hand_text(const char *s, uint32_t n)
{
    bool plain = n >= 8;
    for (uint32_t i = 0; plain && i + 8 < n; i += 8) {
        plain = hand_plain(s + i);
    }
    return (plain && hand_plain(s + n - 8)) || hand_utf8((const uint8_t *)s, n);
}

static inline int32_t hand_name(const hand_guest_t *g, uint32_t index)
{
    return (int32_t)(g->objects[index].generation << (HAND_INDEX_BITS + 1) | index << 1 | 1u);
}

/* Lend an object: the handle it has, or a new one. */
static inline int32_t hand_lend(hand_guest_t *g, void *object, uint8_t type, uint8_t rights)
{
    uint32_t room = BENCH_SLOTS;
    for (uint32_t i = 0; i < BENCH_SLOTS; i++) {
        if (g->objects[i].type == type && g->objects[i].object == object) {
            return hand_name(g, i);
        }
        room = g->objects[i].type == 0 && room == BENCH_SLOTS ? i : room;
    }
    if (room == BENCH_SLOTS) {
        return CG_ERR_QUOTA;
    }
    g->objects[room] = (hand_object_t){object, g->objects[room].generation, type, rights};
    return hand_name(g, room);
}

/* ---- the calls, from checked words ---- */

static inline cg_call_t *hand_call(hand_guest_t *g)
{
    return (cg_call_t *)(void *)g;
}

/* API errors that the description allows pass; all else is the host's fault. */
static __attribute__((cold, noinline)) int32_t hand_host_error(int result, bool known)
{
    return known || result == CG_ERR_SPACE || result == CG_ERR_QUOTA || result == CG_ERR_DENIED || result == CG_ERR_STOPPED ? result : CG_ERR_HOST;
}

static inline int32_t hand_find(hand_guest_t *g, uint32_t kind, uint32_t nth)
{
    struct host_saul_device *dev = NULL;
    if (kind > 255 || nth > 255) {
        return CG_ERR_WIDTH;
    }
    const int result = host_saul_find(hand_call(g), (uint8_t)kind, (uint8_t)nth, &dev);
    if (result != 0) {
        return hand_host_error(result, result == CG_SAUL_ERR_NOT_FOUND);
    }
    return dev == NULL ? CG_ERR_HOST : hand_lend(g, dev, HAND_DEVICE, g->device_rights);
}

static inline int32_t hand_open(hand_guest_t *g)
{
    struct host_bench_thing *it = NULL;
    const int result = host_bench_open(hand_call(g), &it);
    if (result != 0) {
        return hand_host_error(result, false);
    }
    return it == NULL ? CG_ERR_HOST : hand_lend(g, it, HAND_THING, g->thing_rights);
}

/* The device's values, looked at; how many are meant, or an error. */
static inline int32_t hand_read_device(hand_guest_t *g, struct host_saul_device *dev, cg_saul_phydat_t *data)
{
    uint8_t dims = 0;
    const int result = host_saul_read(hand_call(g), dev, data, &dims);
    if (UNLIKELY(result != 0)) {
        return hand_host_error(result, result == CG_SAUL_ERR_IO || result == CG_SAUL_ERR_NOT_SUPPORTED);
    }
    return LIKELY(dims >= 1 && dims <= 3) ? dims : CG_ERR_HOST;
}

/* One call: `what` is done inside. A number, which has no room for an error, ends the activation where it is refused. */
#define HAND_SERVE(g, call, what) (LIKELY(hand_enter((g), (call))) ? hand_leave((g), (what)) : hand_refuse_entry((g), (call)))
#define HAND_SERVE_NUMBER(g, call, what) (LIKELY(hand_enter((g), (call))) ? hand_leave_number((g), (what)) : hand_refuse_number((g), (call)))

static inline uint32_t hand_leave_number(hand_guest_t *g, uint32_t value)
{
    g->busy = false;
    return value;
}

static inline uint32_t hand_refuse_number(hand_guest_t *g, unsigned call)
{
    g->ending = true;
    return (uint32_t)hand_refuse_entry(g, call);
}

/* ---- memory, and the calls that use it ---- */
#ifndef HAND_NO_MEMORY

/* The whole window of memory an address is in: its first byte, how many of it may be read or written, and the address's offset in it. */
typedef struct hand_window {
    uint8_t *bytes;
    uint32_t size;
    uint32_t offset;
} hand_window_t;

static inline hand_window_t hand_window(const hand_guest_t *g, HAND_AT at, bool write);

static inline uint8_t *hand_span(const hand_guest_t *g, HAND_AT at, uint32_t n, bool write)
{
    const hand_window_t w = hand_window(g, at, write);
    return LIKELY(w.offset <= w.size && n <= w.size - w.offset) ? w.bytes + w.offset : NULL;
}

static inline void hand_put(uint8_t *to, const cg_saul_phydat_t *data)
{
    memcpy(to, data, sizeof *data);
#ifdef HAND_BIG_ENDIAN
    for (uint32_t i = 0; i < 3; i++) {
        to[2 * i] = (uint8_t)((uint16_t)data->val[i] >> 8);
        to[2 * i + 1] = (uint8_t)data->val[i];
    }
#endif
}

static inline int32_t hand_fill(hand_guest_t *g, HAND_AT at, uint32_t capacity)
{
    const uint32_t most = capacity < 256 ? capacity : 256;
    if (UNLIKELY(!hand_charge(g, most))) {
        return CG_ERR_QUOTA;
    }
    uint8_t *to = hand_span(g, at, capacity, true);
    if (UNLIKELY(to == NULL)) {
        return CG_ERR_MEMORY;
    }
    cg_buffer_t data = {to, most, 0};
    const int result = host_random_fill(hand_call(g), &data);
    if (UNLIKELY(result != 0)) {
        return hand_host_error(result, false);
    }
    return LIKELY(data.count <= data.capacity) ? (int32_t)data.count : CG_ERR_HOST;
}

static inline int32_t hand_read(hand_guest_t *g, uint32_t handle, HAND_AT at)
{
    int why;
    cg_saul_phydat_t data = {0};
    struct host_saul_device *dev = hand_get(g, handle, HAND_DEVICE, HAND_CAN_READ, &why);
    if (UNLIKELY(dev == NULL)) {
        return why;
    }
    if (UNLIKELY(hand_span(g, at, sizeof data, true) == NULL)) {
        return CG_ERR_MEMORY;
    }
    const int32_t dims = hand_read_device(g, dev, &data);
    if (UNLIKELY(dims < 0)) {
        return dims;
    }
    uint8_t *to = hand_span(g, at, sizeof data, true);
    if (UNLIKELY(to == NULL)) {
        return CG_ERR_MEMORY;
    }
    hand_put(to, &data);
    return dims;
}

static inline int32_t hand_say(hand_guest_t *g, uint32_t handle, HAND_AT at, uint32_t size)
{
    int why;
    char text[32];
    struct host_bench_thing *it = hand_get(g, handle, HAND_THING, HAND_CAN_WRITE, &why);
    if (UNLIKELY(it == NULL)) {
        return why;
    }
    if (UNLIKELY(size >= sizeof text)) {
        return CG_ERR_RANGE;
    }
    if (UNLIKELY(!hand_charge(g, size))) {
        return CG_ERR_QUOTA;
    }
    const uint8_t *from = hand_span(g, at, size, false);
    if (UNLIKELY(from == NULL)) {
        return CG_ERR_MEMORY;
    }
    memcpy(text, from, size);
    text[size] = '\0';
    if (UNLIKELY(!hand_text(text, size))) {
        return CG_ERR_FORMAT;
    }
    const int result = host_bench_say(hand_call(g), it, (cg_text_t){text, size});
    return LIKELY(result == 0) ? 0 : hand_host_error(result, false);
}
#endif

#endif
