/* SPDX-License-Identifier: BSD-2-Clause */
/* rbpf.h - what generated rBPF glue shares with the adapter: one function that serves every call.
 * Included by generated glue and the adapter; never by the gate. The engine calls the glue itself: nothing stands between. */
#ifndef CALLGATE_VM_RBPF_H
#define CALLGATE_VM_RBPF_H

/* Memory is regions: the top four bits of an address name the window. Known to the compiler, so it costs less than the masks of the guest. For glue only: it defines the name. */
#ifdef CG_GLUE_RBPF
#define CG_WINDOW(g, at) (&(g)->windows[(at) >> 28])
#define CG_OFFSET(g, at) ((at) & 0x0fffffffu)
#endif

#include "callgate/body.h"

enum { CG_RBPF_SLOTS = 5 /* r1..r5; a call with more finds the rest behind the address in r5 */ };

/* What cg_vm_t.glue points at.
 * call: serves call `number` for the cg_guest_t `guest`. regs are r0..r10: slots in regs[1]..regs[5], the result goes to regs[0].
 * Returns g->ending == 0: false ends the activation. */
typedef struct cg_rbpf_glue {
    bool (*call)(void *guest, uint32_t number, uint64_t *regs);
} cg_rbpf_glue_t;

/* Storage holds the engine's record, the guest's data and its stack. Nothing is allocated; the image is used in place where it lies at a multiple
 * of 4, else from a copy in the storage. */
extern const cg_vm_ops_t cg_rbpf_ops;

/* The VM with the glue of one set, for cg_guest_config_t; and its traced twin, where glue was compiled with CG_TRACE. Both are defined by generated glue. */
extern const cg_vm_t cg_vm_rbpf;
extern const cg_vm_t cg_vm_rbpf_traced;

#endif
