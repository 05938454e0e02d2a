/* SPDX-License-Identifier: BSD-2-Clause */
/* native.h - the one native that serves any call from its row, written once for the plain and the traced form.
 * Included by native_row.c and native_traced.c only. */
#ifndef WASM3_NATIVE_H
#define WASM3_NATIVE_H

#include "wasm3.h"

typedef uint64_t wasm3_row_fn(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed);

static inline const void *wasm3_native(struct M3ImportContext *context, uint64_t *cells, wasm3_row_fn *row_call)
{
    const cg_wasm3_link_t *link = cg_wasm3_link(context);
    const cg_wasm3_native_t *native = link->native;
    cg_guest_t *g = link->guest;
    const cg_wasm3_glue_t *glue = g->kind->glue;
    const char letter = strchr(native->signature, ')')[1];
    cg_wasm3_refresh(g);
    const uint64_t *slots = cg_wasm3_slots(cells + (letter != '\0'), native->signature);
    const uint64_t result = row_call(g, native->row, (uint32_t)(native - glue->natives), slots, CG_ROW_SLOTS_MAX, true);
    if (letter == 'I' || letter == 'F') {
        memcpy(cells, &result, 8);
    } else if (letter != '\0') {
        const uint32_t low = (uint32_t)result;
        memcpy(cells, &low, 4);
    }
    return CG_LIKELY(g->ending == 0) ? NULL : cg_wasm3_ended;
}

#endif
