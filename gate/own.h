/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/own.h - what the gate's own files tell each other; nobody else includes it. */
#ifndef GATE_OWN_H
#define GATE_OWN_H

#include "callgate/guest.h"

/* ---- handle.c ---- */

/* All slots free, generations begun from the guest's epoch. */
void gate_handles_init(cg_guest_t *g, cg_slot_t *slots, uint32_t count);
/* Could this value have been given out by this table so far? */
bool gate_was_issued(const cg_guest_t *g, uint32_t handle);
/* Close one live handle: dies at once, an owned object is released. Only between calls or from the gate's own close. */
bool gate_close(cg_guest_t *g, uint32_t handle);
/* Release what was revoked during the call that is ending. */
void gate_sweep(cg_guest_t *g);
/* Every handle dies, every owned object is released; the next guest in this record gets other handles. */
void gate_handles_end(cg_guest_t *g);
/* Invariants of the table; for tests. */
bool gate_handles_check(const cg_guest_t *g);

/* ---- refuse.c ---- */

/* Something has to be swept when the call ends. */
void gate_sweep_later(cg_guest_t *g);

/* ---- guest.c ---- */

/* From now on every call is refused. Any thread. */
void gate_forbid(cg_guest_t *g);

#endif
