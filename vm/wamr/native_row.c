/* SPDX-License-Identifier: BSD-2-Clause */
/* native_row.c - the native of the SMALL build: any call, from its row. */
#include "native.h"

void cg_wamr_native_row(wasm_exec_env_t env, uint64_t *args)
{
    wamr_native(env, args, cg_row_call);
}
