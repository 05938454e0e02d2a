/* SPDX-License-Identifier: BSD-2-Clause */
/* loop.c - the guests of the benchmark: one call before the loop, whose result is looked at, then so many as the host says.
 * Compiled once for each call, CASE_<name>, and each VM. The loop uses the raw import: what the wrapper does with the result is the guest's own affair. */
#ifdef BENCH_BY_HAND
#include "by_hand/native.h"
#include "by_hand/native_entry.h"
#define CG_ENTRY static
#else
#include <callgate/bench.h>
#include <callgate/random.h>
#include <callgate/saul.h>
#endif

#if defined(CASE_empty)
#define PREPARE int failed = 0
#define CALL() __asm__ volatile("")
#elif defined(CASE_u32)
#define PREPARE int failed = 0; (void)random_u32()
#define CALL() (void)callgate_random_u32()
#elif defined(CASE_fill)
#define PREPARE uint8_t bytes[16]; uint32_t count; int failed = random_fill(bytes, sizeof bytes, &count) != 0 || count != sizeof bytes
#define CALL() (void)callgate_random_fill(callgate_at(bytes), sizeof bytes)
#elif defined(CASE_read)
#define PREPARE                                                                                              \
    saul_device_t dev;                                                                                       \
    saul_phydat_t data;                                                                                      \
    uint8_t dims;                                                                                            \
    int failed = saul_find(SAUL_CLASS_SENSE_TEMP, 0, &dev) != 0 || saul_read(dev, &data, &dims) != 0 || dims != 1
#define CALL() (void)callgate_saul_read(dev.id, callgate_at(&data))
#elif defined(CASE_say)
#define PREPARE                                                                                              \
    static const char text[] = "hello world";                                                                \
    bench_thing_t it;                                                                                        \
    int failed = bench_open(&it) != 0 || bench_say(it, text) != 0
#define CALL() (void)callgate_bench_say(it.id, callgate_at(text), sizeof text - 1)
#endif

/* A count as wide as a register: the empty loop is two instructions. */
CG_ENTRY int cg_main(void)
{
    PREPARE;
    if (failed) {
        return 1;
    }
#ifdef __clang__
#pragma clang loop unroll(disable)
#endif
    for (size_t left = bench_rounds(); left != 0; left--) {
        CALL();
    }
    return 0;
}

#ifdef BENCH_BY_HAND
extern const native_entry_t BENCH_BY_HAND;
const native_entry_t BENCH_BY_HAND = {cg_main};
#endif
