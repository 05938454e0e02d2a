/* SPDX-License-Identifier: BSD-2-Clause */
/* native_row.c - the native of the SMALL build: any call, from its row. */
#include "native.h"

const void *cg_wasm3_native_row(struct M3Runtime *runtime, struct M3ImportContext *context, uint64_t *cells, void *memory)
{
    (void)runtime;
    (void)memory;
    return wasm3_native(context, cells, cg_row_call);
}
