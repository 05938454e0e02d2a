/* SPDX-License-Identifier: BSD-2-Clause */
/* example/embed/blink.c - a guest for embed.c. */
#include <callgate/lamp.h>

CG_ENTRY int cg_main(void)
{
    for (int i = 0; i < 4; i++) {
        const int err = lamp_set(i % 2 == 0);
        if (err != 0) {
            return err;
        }
    }
    return 0;
}
