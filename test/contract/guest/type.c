/* SPDX-License-Identifier: BSD-2-Clause */
/* type.c - a WebAssembly guest that imports a call with another type than the host has, and carries no digest. Never runs. */
#include <callgate/callgate.h>

__attribute__((import_module("contract"), import_name("sum"))) extern uint32_t sum(uint32_t, uint64_t);

CG_ENTRY int cg_main(void)
{
    return (int)sum(1, 2);
}
