/* SPDX-License-Identifier: BSD-2-Clause */
/* bad.c - objects the packer must refuse, and a few on the edge it must take; -DCASE_x picks one. */

unsigned long cg_main(void *context, unsigned int n);

#if defined(CASE_undefined)
int somewhere(int n);
unsigned long cg_main(void *context, unsigned int n) { (void)context; return (unsigned long)somewhere((int)n); }
#elif defined(CASE_undefined_variable)
extern int nowhere;
unsigned long cg_main(void *context, unsigned int n) { (void)context; return (unsigned long)nowhere + n; }
#elif defined(CASE_pointer)
static __attribute__((noinline)) int one(int n) { return n + 1; }
static __attribute__((noinline)) int two(int n) { return n + 2; }
int (*const volatile table[])(int) = {one, two};
unsigned long cg_main(void *context, unsigned int n) { (void)context; return (unsigned long)table[n & 1]((int)n); }
#elif defined(CASE_address)
unsigned long cg_main(void *context, unsigned int n) { (void)context; return (unsigned long)&cg_main + n; }
#elif defined(CASE_no_entry)
static __attribute__((used)) unsigned long mine(unsigned int n) { return n; }
#elif defined(CASE_atomic)
static unsigned long counter;
unsigned long cg_main(void *context, unsigned int n) { (void)context; __sync_fetch_and_add(&counter, n); return n; }
#elif defined(CASE_register)
unsigned long cg_main(void *context, unsigned int n) { unsigned long (*volatile f)(unsigned int) = (void *)(unsigned long)n; (void)context; return f(n); }
#elif defined(CASE_common)
int shared;
unsigned long cg_main(void *context, unsigned int n) { (void)context; shared += (int)n; return (unsigned long)shared; }
#elif defined(CASE_huge)
static char huge[17 << 20];
unsigned long cg_main(void *context, unsigned int n) { (void)context; huge[n] = 1; return (unsigned long)huge[n / 2]; }
#elif defined(CASE_aligned)
static __attribute__((aligned(8192))) volatile int value;
unsigned long cg_main(void *context, unsigned int n) { (void)context; value = (int)n; return (unsigned long)value; }
#elif defined(CASE_digests)
__attribute__((section("callgate"), used)) static const unsigned int one[] = {2, 0x11111111, 3, 7};
__attribute__((section("callgate"), used)) static const unsigned int two[] = {2, 0x22222222};
unsigned long cg_main(void *context, unsigned int n) { (void)context; return n; }
#elif defined(CASE_digest_size)
__attribute__((section("callgate"), used)) static const unsigned int one[] = {2, 0x11111111, 3};
unsigned long cg_main(void *context, unsigned int n) { (void)context; return n; }
#elif defined(CASE_digest_count)
__attribute__((section("callgate"), used)) static const unsigned int many[2050] = {2, 2, 3, 3, 4, 4};
unsigned long cg_main(void *context, unsigned int n) { (void)context; return n; }
#elif defined(CASE_far)
__asm__(".text\n.rept 8192\nr0 = 0\n.endr\n");
unsigned long cg_main(void *context, unsigned int n) { (void)context; return n; }
#elif defined(CASE_names)
#define TEN "abcdefghij"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define NAME HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED
__asm__(".text\n.macro ONE\n.globl " NAME "\\@\n.type " NAME "\\@,@function\n" NAME "\\@:\nexit\n.endm\n.rept 80\nONE\n.endr\n");
unsigned long cg_main(void *context, unsigned int n) { (void)context; return n; }
#elif defined(CASE_good)
__attribute__((section("callgate"), used)) static const unsigned int one[] = {2, 0x11111111, 3, 0x33333333};
__attribute__((section("callgate"), used)) static const unsigned int two[] = {2, 0x11111111};
unsigned long helper(unsigned int n);
__attribute__((visibility("hidden"))) unsigned long hidden(unsigned int n);
__attribute__((noinline)) unsigned long helper(unsigned int n) { return n + 1; }
__attribute__((noinline, visibility("hidden"))) unsigned long hidden(unsigned int n) { return helper(n) + 1; }
unsigned long cg_main(void *context, unsigned int n) { (void)context; return hidden(n); }
#endif
