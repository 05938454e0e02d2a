/* SPDX-License-Identifier: BSD-2-Clause */
/* native_vm.h - what generated native glue shares with the adapter: which guest calls, and how a call that ends the activation leaves it.
 * Included by generated glue, the adapter, and host programs that link guests. */
#ifndef CALLGATE_VM_NATIVE_H
#define CALLGATE_VM_NATIVE_H

#include "native_program.h"

/* Pointers of a call are windows, named by the top four address bits. For glue only: it defines the name. */
#ifdef CG_GLUE_NATIVE
#define CG_WINDOW(g, at) (&(g)->windows[(at) >> 28])
#define CG_OFFSET(g, at) ((at) & 0x0fffffffu)
#endif

#include "callgate/body.h"

#if CG_BIG_ENDIAN
#error "native guests have the host's byte order, and generated bodies are for little-endian guests"
#endif

/* Pointers that may be far from each other in one call; those within 64 MiB of one another share a window. */
enum { CG_NATIVE_REGIONS = 16 };

/* The guest whose code runs on this thread. A guest's code that calls the host outside of any activation stops the program: a test that calls its functions
 * directly may call only those that make no calls. */
cg_guest_t *cg_native_guest(void);

/* A call of that guest is over: its windows are forgotten. Does not return where it ends the activation: no further statement of the guest runs. */
void cg_native_return(cg_guest_t *g, bool goes_on);

extern const cg_vm_ops_t cg_native_ops;

/* Defined by generated glue. */
extern const cg_vm_t cg_vm_native;
extern const cg_vm_t cg_vm_native_traced;

#endif
