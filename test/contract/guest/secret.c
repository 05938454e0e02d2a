/* SPDX-License-Identifier: BSD-2-Clause */
/* secret.c - a guest that imports a call which no policy of the test grants. Never runs. */
#include <callgate/contract.h>

CG_ENTRY int cg_main(void)
{
    uint8_t level = 0;
    return contract_secret(&level) + level;
}
