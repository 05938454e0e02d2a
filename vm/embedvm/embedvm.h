/* SPDX-License-Identifier: BSD-2-Clause */
/* embedvm.h - what generated EmbedVM glue shares with the adapter: one function that serves every call, and cells.
 * Included by generated glue and the adapter; never by the gate. The engine calls the glue itself: nothing stands between. */
#ifndef CALLGATE_VM_EMBEDVM_H
#define CALLGATE_VM_EMBEDVM_H

/* All memory is one window. Known to the compiler, so it costs less than the masks of the guest. For glue only: it defines the name. */
#ifdef CG_GLUE_EMBEDVM
#define CG_WINDOW(g, at) ((void)(at), (g)->windows)
#define CG_OFFSET(g, at) (at)
#endif

#include "callgate/body.h"

/* What cg_vm_t.glue points at.
 * call: serves user function `function` for the cg_guest_t `guest`. Calls come through function 0 with the cells {api, call, arguments...}; everything else is refused
 * as an unknown call. The result goes to *result: a status, a count, a handle or a value has 16 bits. Returns g->ending == 0: false ends the activation. */
typedef struct cg_embedvm_glue {
    bool (*call)(void *guest, unsigned function, unsigned argc, const uint16_t *argv, uint16_t *result);
} cg_embedvm_glue_t;

/* Cells and slots. `letters` say how they match, one a slot: h H one cell, w W two, d four; large ones are signed; the highest cell comes first. What stands around
 * the letters in a signature, "(hw)", is passed over. */

/* How many cells these slots have. */
uint32_t cg_embedvm_count(const char *letters);

/* Put slots together from `count` cells. False if that is not the number they have; *slots is then unchanged. */
bool cg_embedvm_gather(const char *letters, const uint16_t *cells, uint32_t count, uint64_t *slots);

/* The same for one slot, where the letter is known to the compiler; *cells goes on behind it. */
static inline __attribute__((unused)) uint64_t cg_embedvm_slot_h(const uint16_t **cells)
{
    return *(*cells)++;
}

static inline __attribute__((unused)) uint64_t cg_embedvm_slot_H(const uint16_t **cells)
{
    return (uint64_t)(int64_t)(int16_t)*(*cells)++;
}

static inline __attribute__((unused)) uint64_t cg_embedvm_slot_w(const uint16_t **cells)
{
    *cells += 2;
    return (uint64_t)(*cells)[-2] << 16 | (*cells)[-1];
}

static inline __attribute__((unused)) uint64_t cg_embedvm_slot_W(const uint16_t **cells)
{
    return (uint64_t)(int64_t)(int32_t)(uint32_t)cg_embedvm_slot_w(cells);
}

static inline __attribute__((unused)) uint64_t cg_embedvm_slot_d(const uint16_t **cells)
{
    const uint64_t high = cg_embedvm_slot_w(cells);
    return high << 32 | cg_embedvm_slot_w(cells);
}

/* Cut slots into as many cells as cg_embedvm_count says. */
void cg_embedvm_cut(const char *letters, const uint64_t *slots, uint16_t *cells);

/* Storage holds the engine's record, the addresses of handlers and the guest's memory. Nothing is allocated; of the image nothing is used after loading. */
extern const cg_vm_ops_t cg_embedvm_ops;

/* The VM with the glue of one set, for cg_guest_config_t; and its traced twin, where glue was compiled with CG_TRACE. Both are defined by generated glue. */
extern const cg_vm_t cg_vm_embedvm;
extern const cg_vm_t cg_vm_embedvm_traced;

#endif
