/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm2c.c - a host by hand for modules that wasm2c made C of: bench_by_hand_wasm2c GUEST ROUNDS
 * Imports are C functions that get what the instance was made with; the runtime of vm/wasm2c gives the memory. hand.h has the checks. */
#include "wasm-rt.h"

#include "hand.h"

#include "runtime.h"
#include "wasm2c_program.h"

#include <stdio.h>
#include <stdlib.h>

enum { PAGES_MAX = 16 };

/* The memory moves when it grows, so it is looked up in each call that needs it. */
static inline hand_window_t hand_window(const hand_guest_t *g, uint32_t at, bool write)
{
    const wasm_rt_memory_t *memory = g->engine;
    (void)write;
    return (hand_window_t){memory->data, memory->size, at};
}

static inline uint32_t answer(const hand_guest_t *g, uint32_t result)
{
    if (UNLIKELY(g->ending)) {
        wasm_rt_trap(WASM_RT_TRAP_GATE);
    }
    return result;
}

uint32_t Z_randomZ_u32(hand_guest_t *g);
uint32_t Z_randomZ_fill(hand_guest_t *g, uint32_t at, uint32_t capacity);
uint32_t Z_saulZ_find(hand_guest_t *g, uint32_t kind, uint32_t nth);
uint32_t Z_saulZ_read(hand_guest_t *g, uint32_t dev, uint32_t at);
uint32_t Z_benchZ_rounds(hand_guest_t *g);
uint32_t Z_benchZ_open(hand_guest_t *g);
uint32_t Z_benchZ_say(hand_guest_t *g, uint32_t it, uint32_t at, uint32_t size);

uint32_t Z_randomZ_u32(hand_guest_t *g)
{
    return answer(g, HAND_SERVE_NUMBER(g, HAND_U32, host_random_u32(hand_call(g))));
}

uint32_t Z_randomZ_fill(hand_guest_t *g, uint32_t at, uint32_t capacity)
{
    return answer(g, (uint32_t)HAND_SERVE(g, HAND_FILL, hand_fill(g, at, capacity)));
}

uint32_t Z_saulZ_find(hand_guest_t *g, uint32_t kind, uint32_t nth)
{
    return answer(g, (uint32_t)HAND_SERVE(g, HAND_FIND, hand_find(g, kind, nth)));
}

uint32_t Z_saulZ_read(hand_guest_t *g, uint32_t dev, uint32_t at)
{
    return answer(g, (uint32_t)HAND_SERVE(g, HAND_READ, hand_read(g, dev, at)));
}

uint32_t Z_benchZ_rounds(hand_guest_t *g)
{
    return answer(g, HAND_SERVE_NUMBER(g, HAND_ROUNDS, host_bench_rounds(hand_call(g))));
}

uint32_t Z_benchZ_open(hand_guest_t *g)
{
    return answer(g, (uint32_t)HAND_SERVE(g, HAND_OPEN, hand_open(g)));
}

uint32_t Z_benchZ_say(hand_guest_t *g, uint32_t it, uint32_t at, uint32_t size)
{
    return answer(g, (uint32_t)HAND_SERVE(g, HAND_SAY, hand_say(g, it, at, size)));
}

typedef struct run {
    const cg_wasm2c_program_t *program;
    hand_guest_t *guest;
    void *instance;
    uint32_t result;
} run_t;

static void run_all(void *context)
{
    run_t *run = context;
    wasm2c_instantiating(PAGES_MAX);
    run->program->prepare();
    run->program->instantiate(run->instance, run->guest);
    run->guest->engine = wasm2c_made();
    wasm2c_instantiating(0);
    for (uint32_t i = 0; i < run->program->export_count; i++) {
        if (strcmp(run->program->exports[i].item.name, "cg_main") == 0) {
            run->program->exports[i].call(run->instance, NULL, &run->result);
        }
    }
}

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static hand_guest_t g;
    run_t run = {.program = (const void *)image, .guest = &g, .result = UINT32_MAX};
    (void)size;
    hand_start(&g, NULL);
    run.instance = calloc(1, run.program->instance_size);
    const wasm_rt_trap_t trap = run.instance != NULL ? wasm2c_enter(run_all, &run) : WASM_RT_TRAP_MEMORY;
    const int verdict = bench_verdict(path, (int)trap, (int32_t)run.result, wasm2c_trap_text(trap));
    if (run.instance != NULL) {
        run.program->release(run.instance);
    }
    free(run.instance);
    return verdict;
}
