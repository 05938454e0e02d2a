/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/own.h - what the gate's own files tell each other; nobody else includes it. */
#ifndef GATE_OWN_H
#define GATE_OWN_H

#include "callgate/body.h"

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

/* The handle of this object, or 0. */
uint32_t gate_handle_of(const cg_guest_t *g, unsigned type, const void *object);
/* How many handles live. */
uint32_t gate_handles_live(const cg_guest_t *g);

/* ---- event.c ---- */

/* Bytes of storage for the queue: a multiple of 8; 0 where the policy lets nothing be queued. */
uint32_t gate_events_size(const cg_set_t *set, const cg_policy_t *policy);
/* From now on events may be posted; until now. `storage` has gate_events_size bytes, aligned to 8. */
void gate_events_open(cg_guest_t *g, void *storage);
void gate_events_close(cg_guest_t *g);
/* Take out all events of this object. */
void gate_events_drop(cg_guest_t *g, unsigned type, const void *object);
/* Take the oldest event; false if there is none. delivery->data is valid until the next is taken. */
CG_NODISCARD bool gate_event_take(cg_guest_t *g, cg_ev_delivery_t *delivery);
/* The queue's part of a status. */
void gate_events_status(cg_guest_t *g, cg_guest_status_t *status);

/* ---- refuse.c ---- */

/* Something has to be swept when the call ends. */
void gate_sweep_later(cg_guest_t *g);

/* ---- guest.c ---- */

/* Within a call: budgets and time begin anew. */
void gate_activation_renew(cg_guest_t *g);

/* From now on every call is refused. Any thread. */
void gate_forbid(cg_guest_t *g);

#endif
