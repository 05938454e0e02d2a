/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm3.c - a host by hand for wasm3: bench_by_hand_wasm3 GUEST ROUNDS
 * Raw natives: a cell for the result, then one an argument, and the memory's beginning. hand.h has the checks. */
#include "hand.h"

#include <stdio.h>
#include <stdlib.h>
#include <source/wasm3.h>

enum { STACK_BYTES = 65536 };

/* The memory moves when it grows, so it is looked up in each call that needs it. */
static inline hand_window_t hand_window(const hand_guest_t *g, uint32_t at, bool write)
{
    uint32_t size = 0;
    uint8_t *bytes = m3_GetMemory(g->engine, &size, 0);
    (void)write;
    return (hand_window_t){bytes, size, at};
}

static inline uint32_t word(const uint64_t *cell)
{
    uint32_t value;
    memcpy(&value, cell, sizeof value);
    return value;
}

static inline const void *answer(const hand_guest_t *g, uint64_t *cells, uint32_t result)
{
    memcpy(cells, &result, sizeof result);
    return UNLIKELY(g->ending) ? "ended" : NULL;
}

/* A native with its guest at hand; `what` is the result. */
#define NATIVE(name, what)                                                                                        \
    static const void *native_##name(IM3Runtime runtime, IM3ImportContext context, uint64_t *cells, void *memory) \
    {                                                                                                             \
        hand_guest_t *g = context->userdata;                                                                      \
        (void)runtime;                                                                                            \
        (void)memory;                                                                                             \
        return answer(g, cells, (uint32_t)(what));                                                                \
    }

NATIVE(u32, HAND_SERVE_NUMBER(g, HAND_U32, host_random_u32(hand_call(g))))
NATIVE(rounds, HAND_SERVE_NUMBER(g, HAND_ROUNDS, host_bench_rounds(hand_call(g))))
NATIVE(fill, HAND_SERVE(g, HAND_FILL, hand_fill(g, word(&cells[1]), word(&cells[2]))))
NATIVE(find, HAND_SERVE(g, HAND_FIND, hand_find(g, word(&cells[1]), word(&cells[2]))))
NATIVE(read, HAND_SERVE(g, HAND_READ, hand_read(g, word(&cells[1]), word(&cells[2]))))
NATIVE(open, HAND_SERVE(g, HAND_OPEN, hand_open(g)))
NATIVE(say, HAND_SERVE(g, HAND_SAY, hand_say(g, word(&cells[1]), word(&cells[2]), word(&cells[3]))))

/* A module that does not import one of these has no use for it. */
static const char *link_all(IM3Module module, hand_guest_t *g)
{
    static const struct {
        const char *module, *name, *signature;
        M3RawCall fn;
    } natives[] = {
        {"random", "u32", "i()", native_u32}, {"random", "fill", "i(ii)", native_fill}, {"saul", "find", "i(ii)", native_find}, {"saul", "read", "i(ii)", native_read},
        {"bench", "rounds", "i()", native_rounds}, {"bench", "open", "i()", native_open}, {"bench", "say", "i(iii)", native_say},
    };
    const char *why = NULL;
    for (uint32_t i = 0; why == NULL && i < sizeof natives / sizeof natives[0]; i++) {
        why = m3_LinkRawFunctionEx(module, natives[i].module, natives[i].name, natives[i].signature, natives[i].fn, g);
        why = why == m3Err_functionLookupFailed ? NULL : why;
    }
    return why;
}

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static hand_guest_t g;
    IM3Module module = NULL;
    IM3Function entry = NULL;
    int32_t result = 0;
    IM3Environment environment = m3_NewEnvironment();
    IM3Runtime runtime = m3_NewRuntime(environment, STACK_BYTES, NULL);
    hand_start(&g, runtime);
    const char *why = m3_ParseModule(environment, &module, image, size);
    why = why == NULL ? m3_LoadModule(runtime, module) : why;
    why = why == NULL ? link_all(module, &g) : why;
    why = why == NULL ? m3_CompileModule(module) : why;
    why = why == NULL ? m3_FindFunction(&entry, runtime, "cg_main") : why;
    why = why == NULL ? m3_Call(entry, 0, NULL) : why;
    why = why == NULL ? m3_GetResults(entry, 1, (const void *[]){&result}) : why;
    const int verdict = bench_verdict(path, why == NULL ? 0 : -1, result, why == NULL ? "" : why);
    m3_FreeRuntime(runtime);
    m3_FreeEnvironment(environment);
    return verdict;
}
