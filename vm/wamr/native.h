/* SPDX-License-Identifier: BSD-2-Clause */
/* native.h - the one native that serves any call from its row, written once for the plain and the traced form.
 * Included by native_row.c and native_traced.c only. */
#ifndef WAMR_NATIVE_H
#define WAMR_NATIVE_H

#include "wamr.h"

typedef uint64_t wamr_row_fn(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed);

/* Only a plain value can be wider than the 32 bits of a status, count or handle. */
static inline bool wamr_is_wide(const cg_wamr_native_t *native)
{
    const char *bracket = native->row->form == CG_FORM_VALUE ? strchr(native->signature, ')') : NULL;
    return bracket != NULL && (bracket[1] == 'I' || bracket[1] == 'F');
}

static inline void wamr_native(wasm_exec_env_t env, uint64_t *args, wamr_row_fn *row_call)
{
    cg_guest_t *g = cg_wamr_guest(env);
    const cg_wamr_native_t *native = wasm_runtime_get_function_attachment(env);
    const cg_wamr_glue_t *glue = g->kind->glue;
    cg_wamr_refresh(g);
    const uint64_t result = row_call(g, native->row, (uint32_t)(native - glue->natives), args, CG_ROW_SLOTS_MAX, true);
    if (wamr_is_wide(native)) {
        memcpy(args, &result, 8);
    } else {
        const uint32_t low = (uint32_t)result;
        memcpy(args, &low, 4);
    }
    cg_wamr_leave(env, g);
}

#endif
