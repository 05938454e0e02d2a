/* SPDX-License-Identifier: BSD-2-Clause */
/* react.c - guests that do nothing with an event, so that what is counted is the way there and back: a number (CASE_ticked), a record (CASE_changed). */
#include <callgate/bench.h>
#include <callgate/saul.h>

#ifdef CASE_changed
CG_ENTRY int cg_main(void)
{
    saul_device_t dev;
    saul_watch_t watch;
    const int failed = saul_find(SAUL_CLASS_SENSE_TEMP, 0, &dev);
    return failed != 0 ? failed : saul_watch(dev, 10, 0, &watch);
}

void on_saul_changed(saul_watch_t watch, const saul_phydat_t *data, uint8_t dims)
{
    (void)watch;
    (void)data;
    (void)dims;
}
#else
CG_ENTRY int cg_main(void)
{
    bench_bell_t bell;
    return bench_hang(&bell);
}

void on_bench_ticked(bench_bell_t bell, uint32_t n)
{
    (void)bell;
    (void)n;
}
#endif
