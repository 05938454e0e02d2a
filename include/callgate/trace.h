/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/trace.h - the tracing twin of glue. Glue compiled with CG_TRACE has a second table, `cg_vm_<vm>_traced`, whose calls all go through
 * cg_row_call_traced, which the tracing program defines. Nothing else carries a trace branch. */
#ifndef CALLGATE_TRACE_H
#define CALLGATE_TRACE_H

#include "callgate/body.h"

/* Defined by the tracing program: prints the call, does it by cg_row_call with the same arguments, prints its result, returns it. */
uint64_t cg_row_call_traced(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed);

/* Look at guest memory without any effect: `n` readable bytes at `at`, or NULL. Valid until the guest runs. */
const uint8_t *cg_peek(const cg_guest_t *g, uint32_t at, uint32_t n);

/* The object of a live handle of any type, without any effect, or NULL; *type is its type number. */
const void *cg_peek_handle(const cg_guest_t *g, uint32_t handle, uint16_t *type);

/* The words of a call from its slots, as cg_row_call would make them, without any effect. False if they cannot be made (width, spill out of memory). */
bool cg_row_words(const cg_guest_t *g, const cg_row_t *row, const uint64_t *slots, uint32_t limit, bool is_typed, uint32_t *words);

#endif
