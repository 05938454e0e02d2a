/* SPDX-License-Identifier: BSD-2-Clause */
/* wamr.h - what generated WAMR glue shares with the adapter: the table of natives, and the two steps around a call.
 * Included by generated glue, the adapter and hand-written benchmarks; never by the gate. Natives are raw: each argument is a cell of 64 bits, of which an
 * i32 or f32 uses the first 4 bytes and nothing else is meaningful; the result replaces the first cell. */
#ifndef CALLGATE_VM_WAMR_H
#define CALLGATE_VM_WAMR_H

#include "callgate/window.h"

#include <wasm_export.h>

/* The first part of the adapter's state, which is what guest->vm points at. */
typedef struct cg_wamr_memory {
    cg_window_t window;
    wasm_memory_inst_t memory; /* NULL: the module has none, and the window stays empty */
    uint64_t page_bytes;       /* not always 65,536: WAMR merges the pages of a memory that cannot grow */
} cg_wamr_memory_t;

/* Memory is one window, and an address is the offset in it. Known to the compiler, so it costs less than the masks of the guest. For glue only: it defines the name. */
#ifdef CG_GLUE_WAMR
#define CG_WINDOW(g, at) ((void)(at), &((const cg_wamr_memory_t *)(g)->vm)->window)
#define CG_OFFSET(g, at) (at)
#endif

#include "callgate/body.h"

/* A raw native, as WAMR calls it. `args` has one cell an argument, and at least one for the result. */
typedef void cg_wamr_fn(wasm_exec_env_t env, uint64_t *args);

/* One call, as a guest imports it. `signature` is "(ii)i" with the letters i I f F; nothing after the bracket is no result. */
typedef struct cg_wamr_native {
    const char *module; /* name of the API */
    const char *name;   /* name of the call */
    const char *signature;
    cg_wamr_fn *fn;
    const cg_row_t *row; /* for cg_wamr_native_row and _traced; NULL where fn is neither */
} cg_wamr_native_t;

/* What cg_vm_t.glue points at: set->call_count natives, by call index. Calls of one API stand together. */
typedef struct cg_wamr_glue {
    const cg_wamr_native_t *natives;
} cg_wamr_glue_t;

/* All of a process use one table of natives at a time: WAMR links imports by name, process-wide. Loading a guest with another table while guests of the first
 * live is CG_LOAD_POLICY. Loading and ending take a lock; calls do not. */
extern const cg_vm_ops_t cg_wamr_ops;

/* The VM with the glue of one set, for cg_guest_config_t; and its traced twin, where glue was compiled with CG_TRACE. Both are defined by generated glue. */
extern const cg_vm_t cg_vm_wamr;
extern const cg_vm_t cg_vm_wamr_traced;

/* The guest that makes the call. */
static inline cg_guest_t *cg_wamr_guest(wasm_exec_env_t env)
{
    cg_guest_t *g = wasm_runtime_get_user_data(env);
    return g;
}

/* Look again where the guest's memory is and how large: it moves when it grows. Before each call that touches it. */
static inline void cg_wamr_refresh(cg_guest_t *g)
{
    cg_wamr_memory_t *m = g->vm;
    if (CG_LIKELY(m->memory != NULL)) {
        const uint64_t size = wasm_memory_get_cur_page_count(m->memory) * m->page_bytes;
        const uint32_t clamped = size <= UINT32_MAX ? (uint32_t)size : UINT32_MAX;
        m->window.readable = clamped;
        m->window.writable = clamped;
        if (CG_LIKELY(clamped != 0)) {
            m->window.bytes = wasm_memory_get_base_address(m->memory);
        }
    }
}

/* Make WAMR end the activation. */
CG_COLD void cg_wamr_end(wasm_exec_env_t env);

/* The last step of a native: after its result is stored. */
static inline void cg_wamr_leave(wasm_exec_env_t env, const cg_guest_t *g)
{
    if (!CG_LIKELY(g->ending == 0)) {
        cg_wamr_end(env);
    }
}

/* Natives for any call, driven by its row. The traced one is in an object of its own: only programs that define cg_row_call_traced may use it. */
void cg_wamr_native_row(wasm_exec_env_t env, uint64_t *args);
void cg_wamr_native_traced(wasm_exec_env_t env, uint64_t *args);

#endif
