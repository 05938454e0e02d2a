/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/body_inline.h - the hot helpers of body.h, written once for both builds: inline with CG_FAST, else compiled into gate/body.c.
 * Included by body.h and gate/body.c only. Untrusted sizes are subtracted, never added. */
#ifndef CALLGATE_BODY_INLINE_H
#define CALLGATE_BODY_INLINE_H

#include "callgate/body.h"

/* What the compiler cannot see but may rely on, where helpers are inlined. */
#if defined(CG_FAST) && (defined(__GNUC__) || defined(__clang__))
#define CG_SURELY(x) do { if (!(x)) { __builtin_unreachable(); } } while (0)
#else
#define CG_SURELY(x) ((void)0)
#endif

/* Refuse. Where helpers are inlined, the compiler is to see that nothing of the call goes on afterwards, or it keeps everything alive for that. */
#ifdef CG_FAST
static inline __attribute__((always_inline, unused)) bool cg_refuse(cg_guest_t *g, int why)
{
    (void)cg_no(g, why);
    CG_SURELY(g->why != 0);
    return false;
}
#define CG_NO(g, why) cg_refuse((g), (why))
#else
#define CG_NO(g, why) cg_no((g), (why))
#endif

/* The window of an address, and the address's offset in it. Glue that knows its VM's memory defines both before it includes bodies. */
#ifndef CG_WINDOW
#define CG_WINDOW(g, at) (&(g)->windows[(at) >> 28 & (g)->region_mask])
#define CG_OFFSET(g, at) ((at) & (g)->offset_mask)
#endif

/* *left = have - want; false where that would be below 0. One subtraction gives both. */
static inline __attribute__((unused)) bool cg_take(uint32_t have, uint32_t want, uint32_t *left)
{
#if defined(__GNUC__) || defined(__clang__)
    return !__builtin_sub_overflow(have, want, left);
#else
    *left = have - want;
    return want <= have;
#endif
}

/* `n` bytes at `offset` are among the first `size`. Where registers have 64 bits, one comparison: the difference of 32-bit numbers cannot wrap there. */
static inline __attribute__((unused)) bool cg_holds(uint32_t size, uint32_t offset, uint32_t n)
{
#if UINTPTR_MAX > UINT32_MAX
    return (int64_t)size - offset - n >= 0;
#else
    return offset <= size && n <= size - offset;
#endif
}

/* One signed word is both "busy" and "calls left": entering negates it, leaving is ~. A refused nested call must leave it alone. */
CG_HELPER bool cg_is_granted(const cg_guest_t *g, uint32_t index)
{
    const uint32_t *granted = atomic_load_explicit(&g->granted, memory_order_relaxed);
    return (granted[index >> 5] >> (index & 31u) & 1u) != 0;
}

CG_HELPER bool cg_enter(cg_guest_t *g, uint32_t index)
{
    g->budget = (int32_t)(0u - (uint32_t)g->budget); /* < 0 if it was > 0: it is never INT32_MIN */
    if (CG_LIKELY(g->budget < 0) && CG_LIKELY(cg_is_granted(g, index))) {
        return true;
    }
    return cg_no_entry(g, index);
}

CG_HELPER uint64_t cg_done(cg_guest_t *g, uint32_t index, uint64_t result, unsigned form)
{
    g->budget = ~g->budget;
    if (CG_LIKELY(g->why == 0)) {
        return result;
    }
    return cg_failed(g, index, result, form);
}

/* Only cg_failed sets `ending`, and a nested call that was refused sends this one there too. */
CG_HELPER bool cg_leave(cg_guest_t *g, uint32_t index, uint64_t value, unsigned form, uint64_t *result)
{
    if (CG_LIKELY(g->why == 0)) {
        g->budget = ~g->budget;
        *result = value;
        return true;
    }
    uint64_t failed; /* its own, so that *result can stay in a register */
    const bool goes_on = cg_leave_failed(g, index, value, form, &failed);
    *result = failed;
    return goes_on;
}

CG_HELPER bool cg_is_u32(cg_guest_t *g, uint64_t slot)
{
    return CG_LIKELY(slot <= UINT32_MAX) || CG_NO(g, CG_ERR_WIDTH);
}

CG_HELPER bool cg_is_none(cg_guest_t *g, uint32_t bits)
{
    return CG_LIKELY(bits == 0) || CG_NO(g, CG_ERR_WIDTH);
}

CG_HELPER uint32_t cg_word(const uint64_t *slot)
{
    uint32_t word;
    cg_copy(&word, (const uint8_t *)slot + (CG_BIG_ENDIAN ? 4 : 0), 4);
    return word;
}

CG_HELPER uint32_t cg_high(const uint64_t *slot)
{
    uint32_t word;
    cg_copy(&word, (const uint8_t *)slot + (CG_BIG_ENDIAN ? 0 : 4), 4);
    return word;
}

CG_HELPER bool cg_is_s32(cg_guest_t *g, uint64_t slot)
{
    return CG_LIKELY((uint64_t)(int64_t)(int32_t)(uint32_t)slot == slot) || CG_NO(g, CG_ERR_WIDTH);
}

CG_HELPER uint32_t cg_low(const uint64_t *slot)
{
    uint32_t word;
    cg_copy(&word, slot, 4);
    return word;
}

CG_HELPER bool cg_read(cg_guest_t *g, int err)
{
    return CG_LIKELY(err == 0) || CG_NO(g, err);
}

CG_HELPER bool cg_distinct(cg_guest_t *g, uint32_t handle, uint32_t other)
{
    return CG_LIKELY(handle != other || handle == 0) || CG_NO(g, CG_ERR_HANDLE);
}

CG_HELPER bool cg_width_u(cg_guest_t *g, uint32_t word, uint32_t max)
{
    return CG_LIKELY(word <= max) || CG_NO(g, CG_ERR_WIDTH);
}

CG_HELPER bool cg_width_s(cg_guest_t *g, uint32_t word, int32_t min, int32_t max)
{
    return CG_LIKELY((int32_t)word >= min && (int32_t)word <= max) || CG_NO(g, CG_ERR_WIDTH);
}

CG_HELPER bool cg_range_u(cg_guest_t *g, uint64_t value, uint64_t min, uint64_t max)
{
    return CG_LIKELY(value >= min && value <= max) || CG_NO(g, CG_ERR_RANGE);
}

CG_HELPER bool cg_range_s(cg_guest_t *g, int64_t value, int64_t min, int64_t max)
{
    return CG_LIKELY(value >= min && value <= max) || CG_NO(g, CG_ERR_RANGE);
}

CG_HELPER bool cg_known(cg_guest_t *g, bool is_known)
{
    return CG_LIKELY(is_known) || CG_NO(g, CG_ERR_VALUE);
}

CG_HELPER bool cg_host_kept(cg_guest_t *g, bool is_kept)
{
    return CG_LIKELY(is_kept) || CG_NO(g, CG_ERR_HOST);
}

/* A slot keeps its whole current handle, so one comparison covers generation, index and low bit; the type is never 0 for a live slot. */
CG_HELPER void *cg_get(cg_guest_t *g, uint32_t handle, unsigned type, unsigned right)
{
    const cg_slot_t *slot = &g->slots[handle >> 1 & g->slot_mask];
    if (CG_LIKELY(slot->name == handle && slot->type == type)) {
        if (CG_LIKELY((slot->rights & right) == right)) {
            CG_SURELY(slot->u.object != NULL);
            return slot->u.object;
        }
        (void)CG_NO(g, CG_ERR_RIGHT);
        return NULL;
    }
    (void)cg_no_handle(g, handle, type);
    CG_SURELY(g->why != 0);
    return NULL;
}

CG_HELPER bool cg_get_optional(cg_guest_t *g, uint32_t handle, unsigned type, unsigned right, void **object)
{
    *object = NULL;
    if (handle == 0) {
        return true;
    }
    *object = cg_get(g, handle, type, right);
    return *object != NULL;
}

CG_HELPER const uint8_t *cg_in(cg_guest_t *g, uint32_t at, uint32_t n)
{
    const cg_window_t *window = CG_WINDOW(g, at);
    const uint32_t offset = CG_OFFSET(g, at);
    if (CG_LIKELY(cg_holds(window->readable, offset, n))) {
        CG_SURELY(window->bytes != NULL);
        return window->bytes + offset;
    }
    (void)CG_NO(g, CG_ERR_MEMORY);
    return NULL;
}

CG_HELPER uint8_t *cg_out(cg_guest_t *g, uint32_t at, uint32_t n)
{
    const cg_window_t *window = CG_WINDOW(g, at);
    const uint32_t offset = CG_OFFSET(g, at);
    if (CG_LIKELY(cg_holds(window->writable, offset, n))) {
        CG_SURELY(window->bytes != NULL);
        return window->bytes + offset;
    }
    (void)CG_NO(g, CG_ERR_MEMORY);
    return NULL;
}

CG_HELPER bool cg_count_in(cg_guest_t *g, uint32_t count, uint32_t max, uint32_t size)
{
    if (!CG_LIKELY(count <= max)) {
        return CG_NO(g, CG_ERR_RANGE);
    }
    const uint32_t bytes = count * size; /* max * size fits: the generator checked */
    uint32_t left;
    if (!CG_LIKELY(cg_take(g->bytes_left, bytes, &left))) {
        return CG_NO(g, CG_ERR_QUOTA);
    }
    g->bytes_left = left;
    return true;
}

CG_HELPER bool cg_count_out(cg_guest_t *g, uint32_t capacity, uint32_t max, uint32_t size, uint32_t *bytes)
{
    const uint32_t used = (capacity < max ? capacity : max) * size;
    *bytes = size == 1 ? capacity : capacity <= UINT32_MAX / size ? capacity * size : UINT32_MAX;
    uint32_t left;
    if (!CG_LIKELY(cg_take(g->bytes_left, used, &left))) {
        return CG_NO(g, CG_ERR_QUOTA);
    }
    g->bytes_left = left;
    return true;
}

CG_HELPER bool cg_apart(cg_guest_t *g, uint32_t at, uint32_t n, uint32_t at2, uint32_t n2)
{
    return CG_LIKELY((at - at2 >= n2 && at2 - at >= n) || n == 0 || n2 == 0) || CG_NO(g, CG_ERR_OVERLAP);
}

CG_HELPER bool cg_give(cg_guest_t *g, uint32_t at, const void *bytes, uint32_t n)
{
    uint8_t *to = cg_out(g, at, n);
    if (!CG_LIKELY(to != NULL)) {
        return false;
    }
    cg_copy(to, bytes, n);
    return true;
}

CG_HELPER bool cg_give8(cg_guest_t *g, uint32_t at, uint32_t value)
{
    const uint8_t byte = (uint8_t)value;
    return cg_give(g, at, &byte, 1);
}

/* The multi-byte stores below are for little-endian guests; classes of other byte orders bring their own. */
CG_HELPER void cg_store16(uint8_t *to, uint32_t value)
{
#if CG_BIG_ENDIAN
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
#else
    const uint16_t half = (uint16_t)value;
    cg_copy(to, &half, 2);
#endif
}

CG_HELPER void cg_store32(uint8_t *to, uint32_t value)
{
#if CG_BIG_ENDIAN
    cg_store16(to, value);
    cg_store16(to + 2, value >> 16);
#else
    cg_copy(to, &value, 4);
#endif
}

CG_HELPER void cg_store64(uint8_t *to, uint64_t value)
{
    cg_store32(to, (uint32_t)value);
    cg_store32(to + 4, (uint32_t)(value >> 32));
}

CG_HELPER uint32_t cg_load16(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8;
}

CG_HELPER uint32_t cg_load32(const uint8_t *from)
{
#if CG_BIG_ENDIAN
    return cg_load16(from) | cg_load16(from + 2) << 16;
#else
    uint32_t value;
    cg_copy(&value, from, 4);
    return value;
#endif
}

CG_HELPER uint64_t cg_load64(const uint8_t *from)
{
    return (uint64_t)cg_load32(from) | (uint64_t)cg_load32(from + 4) << 32;
}

CG_HELPER bool cg_give16(cg_guest_t *g, uint32_t at, uint32_t value)
{
    uint8_t bytes[2];
    cg_store16(bytes, value);
    return cg_give(g, at, bytes, 2);
}

CG_HELPER bool cg_give32(cg_guest_t *g, uint32_t at, uint32_t value)
{
    uint8_t bytes[4];
    cg_store32(bytes, value);
    return cg_give(g, at, bytes, 4);
}

CG_HELPER bool cg_give64(cg_guest_t *g, uint32_t at, uint64_t value)
{
    uint8_t bytes[8];
    cg_store64(bytes, value);
    return cg_give(g, at, bytes, 8);
}

CG_HELPER bool cg_spill(cg_guest_t *g, uint64_t at, uint64_t *slots, uint32_t n)
{
    if (!cg_is_u32(g, at)) {
        return false;
    }
    const uint8_t *from = cg_in(g, (uint32_t)at, 8 * n);
    if (!CG_LIKELY(from != NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        slots[i] = cg_load64(from + (size_t)8 * i);
    }
    return true;
}
#endif
