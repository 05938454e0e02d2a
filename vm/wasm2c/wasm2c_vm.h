/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm2c_vm.h - what generated glue shares with the adapter: the guest's memory as a window, and how a call that ends the activation leaves the guest.
 * Included by generated glue, the adapter, and host programs that link guests. */
#ifndef CALLGATE_VM_WASM2C_H
#define CALLGATE_VM_WASM2C_H

#include "callgate/window.h"
#include "wasm2c_program.h"

/* The first part of the adapter's state, which is what guest->vm points at: the window, which the adapter puts right whenever the memory grows. */
typedef struct cg_wasm2c_memory {
    cg_window_t window;
} cg_wasm2c_memory_t;

/* A wasm guest has one memory. For glue only: it defines the name. */
#ifdef CG_GLUE_WASM2C
#define CG_WINDOW(g, at) ((void)(at), &((const cg_wasm2c_memory_t *)(g)->vm)->window)
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

/* The gate ended the activation: leave the guest's code. */
__attribute__((noreturn)) void cg_wasm2c_leave(void);

extern const cg_vm_ops_t cg_wasm2c_ops;

/* Defined by generated glue. */
extern const cg_vm_t cg_vm_wasm2c;
extern const cg_vm_t cg_vm_wasm2c_traced;

#endif
