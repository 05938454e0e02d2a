/* SPDX-License-Identifier: BSD-2-Clause */
/* native.c - a host by hand for guests that are part of the program: bench_by_hand_native GUEST ROUNDS
 * Functions that take pointers as they are: of memory only NULL is refused, for how much there is nobody knows. hand.h has the other checks. */
#define HAND_AT const void *
#include "hand.h"

#include "by_hand/native.h"
#include "by_hand/native_entry.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local hand_guest_t *inside;
static _Thread_local jmp_buf out;

static inline hand_window_t hand_window(const hand_guest_t *g, const void *at, bool write)
{
    (void)g;
    (void)write;
    return (hand_window_t){(uint8_t *)(uintptr_t)at, at != NULL ? UINT32_MAX : 0, 0};
}

static inline int32_t answer(const hand_guest_t *g, int32_t result)
{
    if (UNLIKELY(g->ending)) {
        longjmp(out, 1);
    }
    return result;
}

uint32_t callgate_random_u32(void)
{
    hand_guest_t *g = inside;
    return (uint32_t)answer(g, (int32_t)HAND_SERVE_NUMBER(g, HAND_U32, host_random_u32(hand_call(g))));
}

int32_t callgate_random_fill(uint8_t *data, uint32_t capacity)
{
    hand_guest_t *g = inside;
    return answer(g, HAND_SERVE(g, HAND_FILL, hand_fill(g, data, capacity)));
}

int32_t callgate_saul_find(uint32_t kind, uint32_t nth)
{
    hand_guest_t *g = inside;
    return answer(g, HAND_SERVE(g, HAND_FIND, hand_find(g, kind, nth)));
}

int32_t callgate_saul_read(uint32_t dev, saul_phydat_t *data)
{
    hand_guest_t *g = inside;
    return answer(g, HAND_SERVE(g, HAND_READ, hand_read(g, dev, data)));
}

uint32_t callgate_bench_rounds(void)
{
    hand_guest_t *g = inside;
    return (uint32_t)answer(g, (int32_t)HAND_SERVE_NUMBER(g, HAND_ROUNDS, host_bench_rounds(hand_call(g))));
}

int32_t callgate_bench_open(void)
{
    hand_guest_t *g = inside;
    return answer(g, HAND_SERVE(g, HAND_OPEN, hand_open(g)));
}

int32_t callgate_bench_say(uint32_t it, const char *text, uint32_t size)
{
    hand_guest_t *g = inside;
    return answer(g, HAND_SERVE(g, HAND_SAY, hand_say(g, it, text, size)));
}

/* What bench_read finds is the guest's entry (native_entry.h). */
int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static hand_guest_t g;
    static volatile int result = -1;
    const native_entry_t *program = (const void *)image;
    (void)size;
    hand_start(&g, NULL);
    inside = &g;
    if (setjmp(out) == 0) {
        result = program->entry();
    }
    return bench_verdict(path, g.ending ? 1 : 0, result, "");
}
