/* SPDX-License-Identifier: BSD-2-Clause */
/* victim.c - a sound object for test_damage.c, which then damages it: one address in code, one call into another
 * section, one further on to a function that is no entry, one pointer in data. */
typedef unsigned int u32;

unsigned long cg_main(void *context, u32 n);
unsigned long beside(u32 n);

__attribute__((visibility("hidden"))) unsigned long hidden(u32 n);

u32 before[2] = {7, 0};
u32 cells[4] = {10, 11, 12, 13};
u32 *volatile pointer = &cells[1];

__attribute__((noinline, visibility("hidden"), section("deep"))) unsigned long hidden(u32 n)
{
    return n * 3;
}

__attribute__((noinline, section("other"))) unsigned long beside(u32 n)
{
    return hidden(n) + 0;
}

unsigned long cg_main(void *context, u32 n)
{
    (void)context;
    return beside(n) + *pointer;
}

__attribute__((section("callgate"), used)) static const u32 digest[] = {2, 0x11111111};
