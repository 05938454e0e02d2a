/* SPDX-License-Identifier: BSD-2-Clause */
/* unknown.c - a guest that imports a call which no host has. Never runs. */
#include <callgate/contract.h>

#ifdef __wasm__
__attribute__((import_module("contract"), import_name("nonsense"))) extern int32_t nonsense(uint32_t);
#else
static int64_t (*const nonsense)(uint64_t) = (int64_t (*)(uint64_t))0x004d0063u;
#endif

CG_ENTRY int cg_main(void)
{
    return (int)nonsense(1);
}
