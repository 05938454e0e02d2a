/* SPDX-License-Identifier: BSD-2-Clause */
/* endless.c - a guest that never ends by itself and calls nothing while it goes round. Driven by test/e2e/demo.py. */
#include <callgate/log.h>

CG_ENTRY int cg_main(void)
{
    log_print("round and round");
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}
