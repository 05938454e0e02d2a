/* SPDX-License-Identifier: BSD-2-Clause */
/* other.c - a guest built against another version of the API (other.yaml), in which a call means something else. Never runs. */
#include <callgate/contract.h>

CG_ENTRY int cg_main(void)
{
    return contract_sum(1, 2);
}
