/* SPDX-License-Identifier: BSD-2-Clause */
/* calls.c - functions: static, global, in other sections, recursive, with pointers to the caller's stack, and of the host. */
#include "guest.h"

static u32 made;

u64 twice(u64 value);

static NOINLINE void fill(u32 *to, u32 count, u32 with)
{
    for (u32 i = 0; i < count; i++) {
        to[i] = with + i;
    }
    made++;
}

NOINLINE u64 twice(u64 value)
{
    return value + value + made;
}

static NOINLINE u64 depth(u32 n)
{
    u32 keep[4];
    if (n == 0) {
        return 1;
    }
    fill(keep, 4, n);
    const u64 below = depth(n - 1);
    return below * 3 + keep[n & 3];
}

__attribute__((section("elsewhere"))) static NOINLINE u64 far_away(u64 a, u64 b, u64 c, u64 d, u64 e)
{
    return twice(a) + 2 * b + 3 * c + 5 * d + 7 * e;
}

ENTRY(calls)
{
    u32 here[8];
    (void)context;
    fill(here, 8, n);
    const u64 deep = depth(n & 3); /* apart, for each changes what the next one sees */
    const u64 double_n = twice(n);
    const u64 value = far_away(here[0], here[7], double_n, deep, host_three(n));
    return value + made + here[n & 7] + host_three(value & 0xff);
}
