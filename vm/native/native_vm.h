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

/* The first part of the adapter's state, which is what guest->vm points at. Windows from `count` on have no bytes; the first one never has any, for NULL is there. */
typedef struct cg_native_memory {
    cg_window_t windows[CG_NATIVE_REGIONS];
    uint32_t count;
} cg_native_memory_t;

/* The guest whose code runs on this thread; NULL outside of any activation. */
extern _Thread_local cg_guest_t *cg_native_current;

/* A guest's code called the host outside of any activation: stops the program. A test that calls its functions directly may call only those that make no calls. */
__attribute__((noreturn)) void cg_native_lost(void);

/* The call ended the activation: no further statement of the guest runs. */
__attribute__((noreturn)) void cg_native_leave(void);

static inline cg_guest_t *cg_native_guest(void)
{
    cg_guest_t *g = cg_native_current;
    if (!CG_LIKELY(g != NULL)) {
        cg_native_lost();
    }
    return g;
}

/* Those windows that were opened have no bytes any more. */
static inline void cg_native_forget(cg_native_memory_t *m)
{
    while (m->count > 1) {
        m->count -= 1;
        m->windows[m->count].readable = 0;
        m->windows[m->count].writable = 0;
    }
}

/* A call of that guest is over. Does not return where it ends the activation. */
static inline void cg_native_return(cg_guest_t *g, bool goes_on)
{
    cg_native_forget(g->vm);
    if (!CG_LIKELY(goes_on)) {
        cg_native_leave();
    }
}

extern const cg_vm_ops_t cg_native_ops;

/* Defined by generated glue. */
extern const cg_vm_t cg_vm_native;
extern const cg_vm_t cg_vm_native_traced;

#endif
