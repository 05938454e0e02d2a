/* SPDX-License-Identifier: BSD-2-Clause */
/* greedy.c - a guest that wants what no policy of this project grants. */
#include <callgate/tank.h>

CG_ENTRY int cg_main(void)
{
    return tank_drain();
}
