/* SPDX-License-Identifier: BSD-2-Clause */
/* guest.c - the guest of the wasm2c tests: does what WebAssembly forbids. */
#include <callgate/desk.h>

#include "scenario.h"

typedef int one_fn(int);
typedef long long other_fn(long long, int);

static volatile int played, zero, minus_one = -1, depth;
static volatile float large = 1e30f;
static volatile int least = (int)0x80000000;

static int one(int x)
{
    return x + 1;
}
static one_fn *volatile function = one;
static volatile unsigned nowhere = 77;

static __attribute__((noinline)) int deep(int x)
{
    const int below = zero == 0 ? deep(x) : x;
    depth += 1; /* after the call, so that it stays one */
    return below;
}

static int play_last(void)
{
    volatile unsigned char *end = (volatile unsigned char *)(__builtin_wasm_memory_size(0) * 65536);
    end[-1] = 1;
    (void)callgate_desk_take((uint32_t)(uintptr_t)(end - 1), 1);
    *end = 1;
    return 1;
}

static int play_grow(void)
{
    while (__builtin_wasm_memory_grow(0, 1) != (unsigned long)-1) {
    }
    const unsigned long pages = __builtin_wasm_memory_size(0);
    ((volatile unsigned char *)0)[pages * 65536 - 1] = 1;
    return (int)pages;
}

CG_ENTRY int cg_main(void)
{
    played += 1;
    switch (desk_scenario()) {
    case PLAY_BEYOND: return *(volatile int *)0xfffffffc;
    case PLAY_LAST: return play_last();
    case PLAY_DIVIDE: return 100 / zero;
    case PLAY_OVERFLOW: return least / minus_one;
    case PLAY_CONVERT: {
        int converted;
        __asm__ volatile("local.get %1\n\ti32.trunc_f32_s\n\tlocal.set %0" : "=r"(converted) : "r"(large));
        return converted;
    }
    case PLAY_UNREACHABLE: __builtin_trap();
    case PLAY_INDIRECT: return (int)((other_fn *)(void *)function)(1, 2);
    case PLAY_NOWHERE: return ((one_fn *)nowhere)(1);
    case PLAY_DEEP: return deep(0);
    case PLAY_GROW: return play_grow();
    case PLAY_COUNT_UP: return played;
    default: return 0;
    }
}
