/* SPDX-License-Identifier: BSD-2-Clause */
/* embedvm.c - a host by hand for our EmbedVM engine: bench_by_hand_embedvm GUEST ROUNDS
 * A call comes through user function 0 with the cells {api, call, arguments...}; how many there are is part of what is checked. Addresses have 16 bits, so no
 * argument has room for more than its type. hand.h has the checks. */
#define HAND_INDEX_BITS 3
#define HAND_BIG_ENDIAN 1
#include "hand.h"

#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

static inline hand_window_t hand_window(const hand_guest_t *g, uint32_t at, bool write)
{
    const evm_t *vm = g->engine;
    (void)write;
    return (hand_window_t){vm->memory, vm->size, at};
}

/* A number of 32 bits goes to memory, for a result has 16. */
static inline int32_t give_u32(const hand_guest_t *g, uint32_t at, uint32_t value)
{
    uint8_t *to = hand_span(g, at, 4, true);
    if (UNLIKELY(to == NULL)) {
        return CG_ERR_MEMORY;
    }
    const uint32_t big = __builtin_bswap32(value);
    memcpy(to, &big, sizeof big);
    return 0;
}

static int32_t call_u32(hand_guest_t *g, const uint16_t *a)
{
    return HAND_SERVE(g, HAND_U32, hand_span(g, a[0], 4, true) != NULL ? give_u32(g, a[0], host_random_u32(hand_call(g))) : CG_ERR_MEMORY);
}

static int32_t call_rounds(hand_guest_t *g, const uint16_t *a)
{
    return HAND_SERVE(g, HAND_ROUNDS, hand_span(g, a[0], 4, true) != NULL ? give_u32(g, a[0], host_bench_rounds(hand_call(g))) : CG_ERR_MEMORY);
}

static int32_t call_fill(hand_guest_t *g, const uint16_t *a)
{
    return HAND_SERVE(g, HAND_FILL, hand_fill(g, a[0], a[1]));
}

static int32_t call_find(hand_guest_t *g, const uint16_t *a)
{
    return HAND_SERVE(g, HAND_FIND, hand_find(g, a[0], a[1]));
}

static int32_t call_read(hand_guest_t *g, const uint16_t *a)
{
    return HAND_SERVE(g, HAND_READ, hand_read(g, a[0], a[1]));
}

static int32_t call_open(hand_guest_t *g, const uint16_t *a)
{
    (void)a;
    return HAND_SERVE(g, HAND_OPEN, hand_open(g));
}

static int32_t call_say(hand_guest_t *g, const uint16_t *a)
{
    return HAND_SERVE(g, HAND_SAY, hand_say(g, a[0], a[1], a[2]));
}

typedef struct call {
    int32_t (*fn)(hand_guest_t *g, const uint16_t *a);
    uint32_t cells;
} call_t;

typedef struct api {
    uint32_t number, count;
    const call_t *calls; /* by id - 1; fn NULL: not here */
} api_t;

static const call_t random_calls[] = {{call_u32, 1}, {call_fill, 2}};
static const call_t saul_calls[] = {{NULL, 0}, {call_find, 2}, {NULL, 0}, {call_read, 2}};
static const call_t bench_calls[] = {{call_rounds, 1}, {call_open, 0}, {call_say, 3}};
static const api_t apis[] = {
    [1] = {1, sizeof random_calls / sizeof random_calls[0], random_calls},
    [2] = {2, sizeof saul_calls / sizeof saul_calls[0], saul_calls},
    [4] = {100, sizeof bench_calls / sizeof bench_calls[0], bench_calls}, /* the low three bits tell these APIs apart */
};

static const call_t *find(uint32_t number, uint32_t call)
{
    const uint32_t id = call - 1;
    const uint32_t slot = number & 7u;
    if (UNLIKELY(slot >= sizeof apis / sizeof apis[0] || apis[slot].number != number || id >= apis[slot].count)) {
        return NULL;
    }
    return &apis[slot].calls[id];
}

static bool hand_dispatch(void *ctx, unsigned function, unsigned argc, const uint16_t *argv, uint16_t *result)
{
    hand_guest_t *g = ctx;
    const call_t *call = LIKELY(function == 0 && argc >= 2) ? find(argv[0], argv[1]) : NULL;
    if (UNLIKELY(call == NULL || call->fn == NULL || call->cells != argc - 2)) {
        *result = (uint16_t)hand_refuse(g, CG_ERR_UNKNOWN);
        return false;
    }
    *result = (uint16_t)call->fn(g, argv + 2);
    return !g->ending;
}

int bench_run(const char *path, const uint8_t *bytes, uint32_t size)
{
    static hand_guest_t g;
    static evm_t vm;
    static uint8_t memory[EVM_MEMORY_MAX];
    evm_image_t image;
    uint16_t value = 0;
    hand_start(&g, &vm);
    evm_result_t result = evm_image_open(&image, bytes, size);
    result = result == EVM_OK ? evm_init(&vm, memory, image.memory, image.code, image.code_size, hand_dispatch, &g) : result;
    result = result == EVM_OK ? evm_run(&vm, image.entry, NULL, 0, BENCH_STEPS_MAX, &value) : result;
    return bench_verdict(path, (int)result, (int16_t)value, evm_result_text(result));
}
