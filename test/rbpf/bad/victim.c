/* SPDX-License-Identifier: BSD-2-Clause */
/* victim.c - a sound object for test_damage.c, which then damages it: one address in code, one call into another section, one pointer in data. */
typedef unsigned int u32;

unsigned long cg_main(void *context, u32 n);
unsigned long beside(u32 n);

u32 cells[4] = {10, 11, 12, 13};
u32 *volatile pointer = &cells[1];

__attribute__((noinline, section("other"))) unsigned long beside(u32 n)
{
    return n * 3;
}

unsigned long cg_main(void *context, u32 n)
{
    (void)context;
    return beside(n) + *pointer;
}

__attribute__((section("callgate"), used)) static const u32 digest[] = {2, 0x11111111};
