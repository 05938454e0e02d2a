/* SPDX-License-Identifier: BSD-2-Clause */
/* native_traced.c - the native of traced glue. An object of its own: only a program that defines cg_row_call_traced can link it. */
#include "callgate/trace.h"
#include "native.h"

void cg_wamr_native_traced(wasm_exec_env_t env, uint64_t *args)
{
    wamr_native(env, args, cg_row_call_traced);
}
