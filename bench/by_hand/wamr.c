/* SPDX-License-Identifier: BSD-2-Clause */
/* wamr.c - a host by hand for WAMR: bench_by_hand_wamr GUEST ROUNDS
 * Raw natives, which are WAMR's fastest, and our own look at the memory, for the engine's check of an address also spoils the instance when it says no. hand.h has the checks. */
#include "hand.h"

#include <stdio.h>
#include <stdlib.h>
#include <wasm_export.h>

enum { STACK_BYTES = 65536 };

typedef struct memory {
    wasm_memory_inst_t memory;
    uint64_t page_bytes;
} memory_t;

/* The memory moves when it grows, so it is looked up in each call that needs it. */
static inline hand_window_t hand_window(const hand_guest_t *g, uint32_t at, bool write)
{
    (void)write;
    const memory_t *m = g->engine;
    const uint64_t size = wasm_memory_get_cur_page_count(m->memory) * m->page_bytes;
    uint8_t *bytes = wasm_memory_get_base_address(m->memory);
    return (hand_window_t){bytes, size <= UINT32_MAX ? (uint32_t)size : UINT32_MAX, at};
}

static inline uint32_t word(const uint64_t *cell)
{
    uint32_t value;
    memcpy(&value, cell, sizeof value);
    return value;
}

static inline void answer(wasm_exec_env_t env, const hand_guest_t *g, uint64_t *args, uint32_t result)
{
    memcpy(args, &result, sizeof result);
    if (UNLIKELY(g->ending)) {
        wasm_runtime_set_exception(wasm_runtime_get_module_inst(env), "ended");
    }
}

static void native_u32(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, HAND_SERVE_NUMBER(g, HAND_U32, host_random_u32(hand_call(g))));
}

static void native_rounds(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, HAND_SERVE_NUMBER(g, HAND_ROUNDS, host_bench_rounds(hand_call(g))));
}

static void native_fill(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, (uint32_t)HAND_SERVE(g, HAND_FILL, hand_fill(g, word(&args[0]), word(&args[1]))));
}

static void native_find(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, (uint32_t)HAND_SERVE(g, HAND_FIND, hand_find(g, word(&args[0]), word(&args[1]))));
}

static void native_read(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, (uint32_t)HAND_SERVE(g, HAND_READ, hand_read(g, word(&args[0]), word(&args[1]))));
}

static void native_open(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, (uint32_t)HAND_SERVE(g, HAND_OPEN, hand_open(g)));
}

static void native_say(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    answer(env, g, args, (uint32_t)HAND_SERVE(g, HAND_SAY, hand_say(g, word(&args[0]), word(&args[1]), word(&args[2]))));
}

#define NATIVE(name, fn, signature) {(name), (void *)(fn), (signature), NULL}
static NativeSymbol random_natives[] = {NATIVE("u32", native_u32, "()i"), NATIVE("fill", native_fill, "(ii)i")};
static NativeSymbol saul_natives[] = {NATIVE("find", native_find, "(ii)i"), NATIVE("read", native_read, "(ii)i")};
static NativeSymbol bench_natives[] = {NATIVE("rounds", native_rounds, "()i"), NATIVE("open", native_open, "()i"), NATIVE("say", native_say, "(iii)i")};

static bool start(void)
{
    return wasm_runtime_init() && wasm_runtime_register_natives_raw("random", random_natives, 2) &&
           wasm_runtime_register_natives_raw("saul", saul_natives, 2) && wasm_runtime_register_natives_raw("bench", bench_natives, 3);
}

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static hand_guest_t g;
    char why[128] = "the engine does not start";
    memory_t memory;
    uint8_t *copy = malloc(size); /* the engine writes in it */
    if (copy != NULL) {
        memcpy(copy, image, size);
    }
    uint32_t cells[2] = {0, 0};
    hand_start(&g, &memory);
    wasm_module_t module = start() && copy != NULL ? wasm_runtime_load(copy, size, why, sizeof why) : NULL;
    wasm_module_inst_t instance = module == NULL ? NULL : wasm_runtime_instantiate(module, STACK_BYTES, 0, why, sizeof why);
    wasm_exec_env_t env = instance == NULL ? NULL : wasm_runtime_create_exec_env(instance, STACK_BYTES);
    wasm_function_inst_t entry = env == NULL ? NULL : wasm_runtime_lookup_function(instance, "cg_main");
    if (entry == NULL) {
        return bench_verdict(path, -1, 0, why);
    }
    memory.memory = wasm_runtime_get_default_memory(instance);
    memory.page_bytes = wasm_memory_get_bytes_per_page(memory.memory);
    wasm_runtime_set_user_data(env, &g);
    wasm_runtime_set_instruction_count_limit(env, BENCH_STEPS_MAX);
    const bool returned = wasm_runtime_call_wasm(env, entry, 0, cells);
    const int verdict = bench_verdict(path, returned ? 0 : -1, (int32_t)cells[0], returned ? "" : wasm_runtime_get_exception(instance));
    wasm_runtime_destroy_exec_env(env);
    wasm_runtime_deinstantiate(instance);
    wasm_runtime_unload(module);
    wasm_runtime_destroy();
    free(copy);
    return verdict;
}
