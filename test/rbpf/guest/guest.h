/* SPDX-License-Identifier: BSD-2-Clause */
/* guest.h - what the guests of the ELF test need. Each is compiled twice: for eBPF, where its entry is cg_main, and for the host,
 * where the entry has the guest's own name and gives the expected result. */
#ifndef TEST_RBPF_GUEST_H
#define TEST_RBPF_GUEST_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

#define NOINLINE __attribute__((noinline))

/* The entry of guest `name`: r1, which no guest here uses, and n. */
#if defined(__bpf__)
#define ENTRY(name) u64 cg_main(void *context, u32 n)
u64 cg_main(void *context, u32 n);
/* Host call 3: 30 + a. */
static u64 (*const host_three)(u64 a) = (u64(*)(u64))3;
#else
#define ENTRY(name) u64 guest_##name(void *context, u32 n)
#define GUEST_DECLARE(name) u64 guest_##name(void *context, u32 n)
GUEST_DECLARE(strings);
GUEST_DECLARE(globals);
GUEST_DECLARE(tables);
GUEST_DECLARE(calls);
GUEST_DECLARE(choices);
GUEST_DECLARE(numbers);
GUEST_DECLARE(records);
static inline u64 host_three(u64 a)
{
    return 30 + a;
}
#endif

#endif
