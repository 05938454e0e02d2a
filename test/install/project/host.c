/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - the water tank, without water: the host functions of tank.yaml. */
#include "host_tank.h"

#include <stdio.h>

int host_tank_level(cg_call_t *call, uint8_t nth, uint32_t *height)
{
    (void)call;
    if (nth < 1 || nth > 2) {
        return CG_TANK_ERR_NO_SENSOR;
    }
    *height = 1232u + nth;
    return 0;
}

int host_tank_open(cg_call_t *call, cg_text_t valve)
{
    printf("%s opens %s\n", cg_call_guest(call), valve.text);
    return 0;
}

int host_tank_drain(cg_call_t *call)
{
    (void)call;
    printf("this must not happen\n");
    return 0;
}
