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
    if (UNLIKELY(!hand_enter(g, HAND_U32))) {
        g->ending = true;
        answer(env, g, args, (uint32_t)hand_refuse_entry(g, HAND_U32));
        return;
    }
    const uint32_t value = host_random_u32(hand_call(g));
    g->busy = false;
    answer(env, g, args, value);
}

static void native_rounds(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    if (UNLIKELY(!hand_enter(g, HAND_ROUNDS))) {
        g->ending = true;
        answer(env, g, args, (uint32_t)hand_refuse_entry(g, HAND_ROUNDS));
        return;
    }
    const uint32_t value = host_bench_rounds(hand_call(g));
    g->busy = false;
    answer(env, g, args, value);
}

static void native_fill(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    const bool entered = hand_enter(g, HAND_FILL);
    answer(env, g, args, (uint32_t)(entered ? hand_leave(g, hand_fill(g, word(&args[0]), word(&args[1]))) : hand_refuse_entry(g, HAND_FILL)));
}

static void native_find(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    const bool entered = hand_enter(g, HAND_FIND);
    answer(env, g, args, (uint32_t)(entered ? hand_leave(g, hand_find(g, word(&args[0]), word(&args[1]))) : hand_refuse_entry(g, HAND_FIND)));
}

static void native_read(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    const bool entered = hand_enter(g, HAND_READ);
    answer(env, g, args, (uint32_t)(entered ? hand_leave(g, hand_read(g, word(&args[0]), word(&args[1]))) : hand_refuse_entry(g, HAND_READ)));
}

static void native_open(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    const bool entered = hand_enter(g, HAND_OPEN);
    answer(env, g, args, (uint32_t)(entered ? hand_leave(g, hand_open(g)) : hand_refuse_entry(g, HAND_OPEN)));
}

static void native_say(wasm_exec_env_t env, uint64_t *args)
{
    hand_guest_t *g = wasm_runtime_get_user_data(env);
    const bool entered = hand_enter(g, HAND_SAY);
    answer(env, g, args, (uint32_t)(entered ? hand_leave(g, hand_say(g, word(&args[0]), word(&args[1]), word(&args[2]))) : hand_refuse_entry(g, HAND_SAY)));
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

int bench_run(const char *path, uint8_t *image, uint32_t size)
{
    static hand_guest_t g = {.granted = 0x7f, .calls_left = BENCH_STEPS_MAX, .bytes_left = UINT32_MAX, .device_rights = HAND_CAN_READ, .thing_rights = HAND_CAN_WRITE};
    char why[128] = "the engine does not start";
    memory_t memory;
    uint32_t cells[2] = {0, 0};
    for (uint32_t i = 0; i < BENCH_SLOTS; i++) {
        g.objects[i].generation = 1;
    }
    wasm_module_t module = start() ? wasm_runtime_load(image, size, why, sizeof why) : NULL;
    wasm_module_inst_t instance = module == NULL ? NULL : wasm_runtime_instantiate(module, STACK_BYTES, 0, why, sizeof why);
    wasm_exec_env_t env = instance == NULL ? NULL : wasm_runtime_create_exec_env(instance, STACK_BYTES);
    wasm_function_inst_t entry = env == NULL ? NULL : wasm_runtime_lookup_function(instance, "cg_main");
    if (entry == NULL) {
        return bench_verdict(path, -1, 0, why);
    }
    memory.memory = wasm_runtime_get_default_memory(instance);
    memory.page_bytes = wasm_memory_get_bytes_per_page(memory.memory);
    g.engine = &memory;
    wasm_runtime_set_user_data(env, &g);
    wasm_runtime_set_instruction_count_limit(env, BENCH_STEPS_MAX);
    const bool returned = wasm_runtime_call_wasm(env, entry, 0, cells);
    const int verdict = bench_verdict(path, returned ? 0 : -1, (int32_t)cells[0], returned ? "" : wasm_runtime_get_exception(instance));
    wasm_runtime_destroy_exec_env(env);
    wasm_runtime_deinstantiate(instance);
    wasm_runtime_unload(module);
    wasm_runtime_destroy();
    return verdict;
}
