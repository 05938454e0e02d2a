/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm3.h - what generated wasm3 glue shares with the adapter: the table of natives, and the steps around a call.
 * Included by generated glue and the adapter; never by the gate, and never together with the engine's header of the same name: what is needed of that is declared here.
 * Natives are raw: cells of 64 bits, first one for the result if there is one, then one an argument. 32-bit values are the first 4 bytes of their cell. */
#ifndef CALLGATE_VM_WASM3_H
#define CALLGATE_VM_WASM3_H

#include "callgate/window.h"

struct M3Runtime;
struct M3ImportContext;

/* The first part of the adapter's state, which is what guest->vm points at. */
typedef struct cg_wasm3_memory {
    cg_window_t window;
    struct M3Runtime *runtime;
} cg_wasm3_memory_t;

/* Memory is one window, and an address is the offset in it. For glue only: it defines the name. */
#ifdef CG_GLUE_WASM3
#define CG_WINDOW(g, at) ((void)(at), &((const cg_wasm3_memory_t *)(g)->vm)->window)
#define CG_OFFSET(g, at) (at)
#endif

#include "callgate/body.h"

/* A raw native, as the engine calls it. NULL, or the text of a trap, which ends the activation. */
typedef const void *cg_wasm3_fn(struct M3Runtime *runtime, struct M3ImportContext *context, uint64_t *cells, void *memory);

/* One call, as a guest imports it. `signature` is "(ii)i" with the letters i I f F; nothing after the bracket is no result. */
typedef struct cg_wasm3_native {
    const char *module; /* name of the API */
    const char *name;   /* name of the call */
    const char *signature;
    cg_wasm3_fn *fn;
    const cg_row_t *row; /* for cg_wasm3_native_row and _traced; NULL where fn is neither */
} cg_wasm3_native_t;

/* What cg_vm_t.glue points at: set->call_count natives, by call index. */
typedef struct cg_wasm3_glue {
    const cg_wasm3_native_t *natives;
} cg_wasm3_glue_t;

/* What an import is linked with: the user data of its native. */
typedef struct cg_wasm3_link {
    cg_guest_t *guest;
    const cg_wasm3_native_t *native;
} cg_wasm3_link_t;

extern const cg_vm_ops_t cg_wasm3_ops;

/* The VM with the glue of one set, for cg_guest_config_t; and its traced twin, where glue was compiled with CG_TRACE. Both are defined by generated glue. */
extern const cg_vm_t cg_vm_wasm3;
extern const cg_vm_t cg_vm_wasm3_traced;

/* Of the engine: where the memory is, NULL where it has no bytes, and how large. */
uint8_t *m3_GetMemory(struct M3Runtime *runtime, uint32_t *size, uint32_t index);

/* The user data is the context's first member; inner.c asserts it. */
static inline const cg_wasm3_link_t *cg_wasm3_link(const struct M3ImportContext *context)
{
    const cg_wasm3_link_t *link;
    memcpy(&link, context, sizeof link);
    return link;
}

/* Look again where the guest's memory is and how large: it moves when it grows. Before each call that touches it. */
static inline void cg_wasm3_refresh(cg_guest_t *g)
{
    cg_wasm3_memory_t *m = g->vm;
    uint32_t size = 0;
    uint8_t *bytes = m3_GetMemory(m->runtime, &size, 0);
    m->window.readable = size;
    m->window.writable = size;
    if (CG_LIKELY(bytes != NULL)) {
        m->window.bytes = bytes;
    }
}

/* Cells before the arguments: 1 if the call has a result. `signature` is a literal. */
#define CG_WASM3_RESULTS(signature) ((signature)[sizeof(signature) - 2] != ')')

/* The arguments as slots. On big-endian hosts the first 4 bytes of a cell are not its low ones; the cells are the native's own, so they are made right in place. */
static inline const uint64_t *cg_wasm3_slots(uint64_t *cells, const char *signature)
{
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (uint32_t i = 0; signature[i + 1] != ')'; i++) {
        if (signature[i + 1] == 'i' || signature[i + 1] == 'f') {
            uint32_t low;
            memcpy(&low, &cells[i], sizeof low);
            cells[i] = low;
        }
    }
#else
    (void)signature;
#endif
    return cells;
}

/* What ends the activation when the gate says so; compared by address. */
extern const char cg_wasm3_ended[];

/* Natives for any call, driven by its row. The traced one is in an object of its own: only programs that define cg_row_call_traced may use it. */
cg_wasm3_fn cg_wasm3_native_row;
cg_wasm3_fn cg_wasm3_native_traced;

#endif
