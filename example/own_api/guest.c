/* SPDX-License-Identifier: BSD-2-Clause */
/* example/own_api/guest.c - a guest of counter.yaml, for every VM. Returns the sum, or a negative error. */
#include <callgate/counter.h>

CG_ENTRY int cg_main(void)
{
    counter_counter_t mine;
    uint32_t sum = 0;
    int err = counter_open(40, &mine);
    if (err != 0) {
        return err;
    }
    err = counter_add(mine, 2, &sum);
    counter_counter_close(mine);
    return err == 0 ? (int)sum : err;
}
