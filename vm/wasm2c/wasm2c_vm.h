/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm2c_vm.h - what generated glue shares with the adapter: the guest's memory as a window, and how a call that ends the activation leaves the guest.
 * Included by generated glue, the adapter, and host programs that link guests. */
#ifndef CALLGATE_VM_WASM2C_H
#define CALLGATE_VM_WASM2C_H

#include "wasm2c_program.h"

/* A wasm guest has one memory. For glue only: it defines the name. */
#ifdef CG_GLUE_WASM2C
#define CG_WINDOW(g, at) ((void)(at), (g)->windows)
#define CG_OFFSET(g, at) ((void)(g), (at))
#endif

#include "callgate/body.h"

/* One call, as guests import it. What cg_vm_t.glue points at is a table of them, by index in the set. */
typedef struct cg_wasm2c_call {
    const char *module;
    const char *name;
    const char *signature;
} cg_wasm2c_call_t;

/* C types of results by their letters. */
#define CG_WASM2C_i uint32_t
#define CG_WASM2C_I uint64_t
#define CG_WASM2C_f float
#define CG_WASM2C_F double

/* guest->vm points here: the window, and where the runtime says that memory and how large it is. NULL: there is none. */
typedef struct cg_wasm2c_memory {
    cg_window_t window;
    uint8_t *const *data;
    const uint32_t *size;
} cg_wasm2c_memory_t;

/* Look again where the guest's memory is and how large: it moves when it grows. Before each call that touches it. */
static inline void cg_wasm2c_refresh(cg_guest_t *g)
{
    cg_wasm2c_memory_t *m = g->vm;
    if (CG_LIKELY(m->size != NULL && *m->data != NULL)) {
        m->window = (cg_window_t){.bytes = *m->data, .readable = *m->size, .writable = *m->size};
    }
}

/* The gate ended the activation: leave the guest's code. */
__attribute__((noreturn)) void cg_wasm2c_leave(void);

extern const cg_vm_ops_t cg_wasm2c_ops;

/* Defined by generated glue. */
extern const cg_vm_t cg_vm_wasm2c;
extern const cg_vm_t cg_vm_wasm2c_traced;

#endif
