/* SPDX-License-Identifier: BSD-2-Clause */
/* globals.c - variables with a first value and without, of every size, and at odd places. */
#include "guest.h"

u8 first_byte = 1;
static u64 big = 0x1122334455667788u;
s16 negative = -300;
static u32 zeros[40];
static u8 lots[300];
const u32 fixed = 77;
volatile u32 counter = 5;

static struct __attribute__((packed)) odd {
    u8 a;
    u32 b;
    u64 c;
} odd = {1, 0x01020304, 0x0a0b0c0d0e0f1011u};

ENTRY(globals)
{
    (void)context;
    first_byte += 1;
    big += n;
    negative -= (s16)n;
    odd.b += n;
    odd.c ^= odd.b;
    for (u32 i = 0; i < 40; i++) {
        zeros[i] += i * n;
        lots[(i * 7) % 300] = (u8)(i + n);
    }
    counter = counter + 1;
    return first_byte + big + (u64)(s64)negative + odd.a + odd.b + odd.c + zeros[39] + zeros[n % 40] + lots[n % 300] + fixed + counter;
}
