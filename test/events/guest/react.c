/* SPDX-License-Identifier: BSD-2-Clause */
/* react.c - a guest of handlers: says what it is told; some values tell it to misbehave. The same source on every VM. */
#include <callgate/bell.h>

enum { TRAP = 90, LOOP = 91, CLOSE_OWN = 92, CLOSE_OTHER = 93, CALL_MUCH = 94, VIOLATE = 95, CLOSE_ALL = 96 };

static bell_bell_t bells[2];
static uint32_t runs;

CG_ENTRY int cg_main(void)
{
#ifdef CALLGATE_NATIVE_GUEST
    runs = 0; /* its variables are as the guest before left them */
#endif
    runs += 1;
    bell_report(1000 + (int64_t)runs);
    for (uint32_t i = 0; i < 2; i++) {
        const int failed = bell_hang((uint8_t)i, &bells[i]);
        if (failed != 0) {
            return failed;
        }
    }
    return 0;
}

static uint32_t which(bell_bell_t bell)
{
    return bell.id == bells[0].id ? 0 : bell.id == bells[1].id ? 1 : 9;
}

void on_bell_rang(bell_bell_t bell, uint32_t n)
{
    bell_report(100 * which(bell) + n);
    if (n == TRAP) {
#ifdef CALLGATE_NATIVE_GUEST
        gate_close(0x1234567); /* nobody would end this guest alone: a violation is the nearest there is */
#else
        *(volatile uint32_t *)0xfffffff0u = 1;
#endif
    } else if (n == LOOP) {
        for (;;) {
            __asm__ volatile("" ::: "memory");
        }
    } else if (n == CLOSE_OWN || n == CLOSE_OTHER) {
        bell_bell_close(bells[which(bell) ^ (n == CLOSE_OTHER)]);
    } else if (n == CLOSE_ALL) {
        bell_bell_close(bells[0]);
        bell_bell_close(bells[1]);
    } else if (n == CALL_MUCH) {
        for (int i = 0; i < 1000; i++) {
            bell_report(-1);
        }
    } else if (n == VIOLATE) {
        bell_bell_t forged = {0x1234567};
        bell_report(bell_bell_close(forged));
    }
}

void on_bell_fresh(bell_bell_t bell, uint32_t n)
{
    bell_report(10000 + 100 * which(bell) + n);
}

void on_bell_moved(bell_bell_t bell, const bell_place_t *at, bool off)
{
    bell_report(20000 + 100 * which(bell) + (off ? 1 : 0));
    bell_report(at->x);
    bell_report(at->y);
    bell_report(at->mark[0] * 65536 + at->mark[1] * 256 + at->mark[2]);
}

void on_bell_wide(bell_bell_t bell, int64_t a, int16_t b, float c, uint64_t d)
{
    union {
        float value;
        uint32_t bits;
    } u = {.value = c};
    (void)bell;
    bell_report(a);
    bell_report(b);
    bell_report(u.bits);
    bell_report((int64_t)d);
}
