/* SPDX-License-Identifier: BSD-2-Clause */
/* choices.c - a large switch, which compilers like to make a table of, and comparisons of all kinds. */
#include "guest.h"

static NOINLINE u32 pick(u32 n)
{
    switch (n) {
    case 0:
        return 17;
    case 1:
        return 3;
    case 2:
        return 99;
    case 3:
        return 4;
    case 4:
        return 1000;
    case 5:
        return 12;
    case 6:
        return 6;
    case 7:
        return 77;
    case 100:
        return 1;
    default:
        return 0;
    }
}

static NOINLINE u32 compare(s64 a, s64 b, s32 c, s32 d)
{
    u32 bits = 0;
    bits |= (u32)(a < b) | (u32)(a <= b) << 1 | (u32)((u64)a < (u64)b) << 2 | (u32)((u64)a >= (u64)b) << 3;
    bits |= (u32)(c < d) << 4 | (u32)(c <= d) << 5 | (u32)((u32)c < (u32)d) << 6 | (u32)((u32)c >= (u32)d) << 7;
    bits |= (u32)(a == b) << 8 | (u32)(c != d) << 9;
    return bits;
}

ENTRY(choices)
{
    (void)context;
    const s64 a = (s64)n - 5;
    return pick(n) + 1000 * pick(n + 3) + ((u64)compare(a, -a, (s32)a * 1000, 7 - (s32)n) << 32);
}
