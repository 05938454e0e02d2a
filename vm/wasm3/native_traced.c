/* SPDX-License-Identifier: BSD-2-Clause */
/* native_traced.c - the native of traced glue. An object of its own: only a program that defines cg_row_call_traced can link it. */
#include "callgate/trace.h"
#include "native.h"

const void *cg_wasm3_native_traced(struct M3Runtime *runtime, struct M3ImportContext *context, uint64_t *cells, void *memory)
{
    (void)runtime;
    (void)memory;
    return wasm3_native(context, cells, cg_row_call_traced);
}
