/* SPDX-License-Identifier: BSD-2-Clause */
/* fill.c - a guest: reads a level, opens a valve, and asks for a sensor that is not there. */
#include <callgate/tank.h>

CG_ENTRY int cg_main(void)
{
    uint32_t height = 0;
    if (tank_level(9, &height) != TANK_ERR_NO_SENSOR || tank_level(2, &height) != 0 || tank_open("valve-2") != 0) {
        return -1;
    }
    return (int)height;
}
