/* SPDX-License-Identifier: BSD-2-Clause */
/* rbpf.c - a host by hand for our rBPF engine: bench_by_hand_rbpf GUEST ROUNDS
 * Call numbers are found in a table of two levels, API then call, as one would write them down; hand.h has the checks. */
#include "hand.h"

#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

static inline hand_window_t hand_window(const hand_guest_t *g, uint32_t at, bool write)
{
    const rbpf_vm_t *vm = g->engine;
    const cg_window_t *w = &vm->windows[at >> RBPF_REGION_SHIFT];
    return (hand_window_t){w->bytes, write ? w->writable : w->readable, at & RBPF_OFFSET_MASK};
}

/* An argument of at most 32 bits has nothing above. */
static inline bool are_words(const uint64_t *s, unsigned n)
{
    uint64_t all = 0;
    for (unsigned i = 0; i < n; i++) {
        all |= s[i];
    }
    return LIKELY(all >> 32 == 0);
}

static int64_t call_u32(hand_guest_t *g, const uint64_t *s)
{
    (void)s;
    return HAND_SERVE_NUMBER(g, HAND_U32, host_random_u32(hand_call(g)));
}

static int64_t call_rounds(hand_guest_t *g, const uint64_t *s)
{
    (void)s;
    return HAND_SERVE_NUMBER(g, HAND_ROUNDS, host_bench_rounds(hand_call(g)));
}

static int64_t call_fill(hand_guest_t *g, const uint64_t *s)
{
    return HAND_SERVE(g, HAND_FILL, are_words(s, 2) ? hand_fill(g, (uint32_t)s[0], (uint32_t)s[1]) : CG_ERR_WIDTH);
}

static int64_t call_find(hand_guest_t *g, const uint64_t *s)
{
    return HAND_SERVE(g, HAND_FIND, are_words(s, 2) ? hand_find(g, (uint32_t)s[0], (uint32_t)s[1]) : CG_ERR_WIDTH);
}

static int64_t call_read(hand_guest_t *g, const uint64_t *s)
{
    return HAND_SERVE(g, HAND_READ, are_words(s, 2) ? hand_read(g, (uint32_t)s[0], (uint32_t)s[1]) : CG_ERR_WIDTH);
}

static int64_t call_open(hand_guest_t *g, const uint64_t *s)
{
    (void)s;
    return HAND_SERVE(g, HAND_OPEN, hand_open(g));
}

static int64_t call_say(hand_guest_t *g, const uint64_t *s)
{
    return HAND_SERVE(g, HAND_SAY, are_words(s, 3) ? hand_say(g, (uint32_t)s[0], (uint32_t)s[1], (uint32_t)s[2]) : CG_ERR_WIDTH);
}

typedef int64_t call_fn(hand_guest_t *g, const uint64_t *s);

typedef struct api {
    uint32_t number, count;
    call_fn *const *calls; /* by id - 1; NULL: not here */
} api_t;

static call_fn *const random_calls[] = {call_u32, call_fill};
static call_fn *const saul_calls[] = {NULL, call_find, NULL, call_read};
static call_fn *const bench_calls[] = {call_rounds, call_open, call_say};
static const api_t apis[] = {
    [1] = {1, sizeof random_calls / sizeof random_calls[0], random_calls},
    [2] = {2, sizeof saul_calls / sizeof saul_calls[0], saul_calls},
    [4] = {100, sizeof bench_calls / sizeof bench_calls[0], bench_calls}, /* the low three bits tell these APIs apart */
};

static call_fn *find(uint32_t number)
{
    const uint32_t id = (number & 0xffffu) - 1;
    const uint32_t slot = number >> 16 & 7u;
    if (UNLIKELY(slot >= sizeof apis / sizeof apis[0] || apis[slot].number != number >> 16 || id >= apis[slot].count)) {
        return NULL;
    }
    return apis[slot].calls[id];
}

static bool hand_dispatch(void *ctx, uint32_t number, uint64_t *regs)
{
    hand_guest_t *g = ctx;
    call_fn *fn = find(number);
    if (UNLIKELY(fn == NULL)) {
        (void)hand_refuse(g, CG_ERR_UNKNOWN);
        return false;
    }
    regs[0] = (uint64_t)fn(g, regs + 1);
    return !g->ending;
}

static bool known(void *ctx, uint32_t number)
{
    (void)ctx;
    return find(number) != NULL;
}

int bench_run(const char *path, const uint8_t *bytes, uint32_t size)
{
    static hand_guest_t g;
    static rbpf_vm_t vm;
    static uint64_t stack[RBPF_FRAME_SIZE / 8], data[64];
    rbpf_image_t image;
    uint32_t slot, entry;
    uint64_t r0 = 0;
    hand_start(&g, &vm);
    rbpf_result_t result = rbpf_image_open(&image, bytes, size);
    result = result == RBPF_OK ? rbpf_verify(&image, known, NULL, &slot) : result;
    result = result == RBPF_OK && image.data_size > sizeof data ? RBPF_ERR_LENGTH : result;
    result = result == RBPF_OK ? rbpf_image_find(&image, "cg_main", &entry) : result;
    result = result == RBPF_OK ? rbpf_init(&vm, &image, (uint8_t *)data, (uint8_t *)stack, sizeof stack, hand_dispatch, &g) : result;
    result = result == RBPF_OK ? rbpf_run(&vm, entry, 0, 0, BENCH_STEPS_MAX, &r0) : result;
    return bench_verdict(path, (int)result, (int32_t)(uint32_t)r0, rbpf_result_text(result));
}
