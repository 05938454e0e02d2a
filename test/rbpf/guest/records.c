/* SPDX-License-Identifier: BSD-2-Clause */
/* records.c - structs: copied, on the stack, in arrays, with bits. */
#include "guest.h"

typedef struct value {
    s16 val[3];
    u8 unit;
    s8 scale;
} value_t;

typedef struct bits {
    u32 a : 3;
    u32 b : 11;
    s32 c : 7;
} bits_t;

static value_t history[5];
static const value_t start = {{2154, -3, 0}, 2, -2};
static bits_t bits = {5, 1000, -3};

static NOINLINE void scale(value_t *v, u32 by)
{
    for (u32 i = 0; i < 3; i++) {
        v->val[i] = (s16)(v->val[i] * (s32)by);
    }
    v->scale -= 1;
}

ENTRY(records)
{
    value_t now = start;
    (void)context;
    scale(&now, n + 1);
    history[n % 5] = now;
    bits.a = (bits.a + n) & 7u;
    bits.b = (bits.b ^ n) & 0x7ffu;
    bits.c = n & 1 ? 63 : -64;
    u64 sum = (u64)bits.a + (u64)bits.b * 8 + (u64)(s64)bits.c;
    for (u32 i = 0; i < 5; i++) {
        sum = sum * 7 + (u64)(s64)history[i].val[0] + (u64)(s64)history[i].val[1] + history[i].unit + (u64)(s64)history[i].scale;
    }
    return sum;
}
