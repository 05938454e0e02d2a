/* SPDX-License-Identifier: BSD-2-Clause */
/* traced.c - what a tracing program must define, without printing: counts the calls that came through traced glue. */
#include "row.h"

#include "callgate/trace.h"

uint32_t traced_calls;

uint64_t cg_row_call_traced(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed)
{
    traced_calls++;
    return cg_row_call(g, row, index, slots, limit, is_typed);
}
