/* SPDX-License-Identifier: BSD-2-Clause */
/* stray.c - a guest that uses a handle it was never given, which is a violation. Driven by test/e2e/demo.py. */
#include <callgate/log.h>
#include <callgate/saul.h>

CG_ENTRY int cg_main(void)
{
    const saul_device_t forged = {0x0badf00d};
    saul_phydat_t data;
    uint8_t dims = 0;
    log_print("about to stray");
    if (saul_read(forged, &data, &dims) != 0) {
        log_print("went on");
    }
    return 0;
}
