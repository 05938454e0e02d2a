/* SPDX-License-Identifier: BSD-2-Clause */
/* numbers.c - arithmetic of all widths, with signs, shifts and byte order. */
#include "guest.h"

static volatile s32 minus = -7;
static volatile u64 wide = 0xfedcba9876543210u;

ENTRY(numbers)
{
    u64 sum = 0;
    (void)context;
    const u32 k = (n & 31) + 1;
    const s8 small = (s8)(n * 37);
    const s16 middle = (s16)(n * 12345);
    sum += (u64)(s64)small * 3;
    sum ^= (u64)(s64)middle << 7;
    sum += wide / k + wide % k;
    sum += (u32)wide / k * 5 + (u32)wide % k;
    sum ^= wide << k;
    sum += wide >> k;
    sum += (u64)((s64)wide >> k);
    sum += (u32)((s32)(u32)wide >> (k & 15)) + ((u32)wide << (k & 15));
    sum += (u64)(s64)(minus * (s32)k);
    sum ^= __builtin_bswap64(sum) + __builtin_bswap32((u32)sum) + __builtin_bswap16((u16)sum);
    sum += -sum * 0x9e3779b97f4a7c15u;
    return sum;
}
