/* SPDX-License-Identifier: BSD-2-Clause */
/* only.c - a handler and nothing else. */
#include <callgate/bell.h>

void on_bell_rang(bell_bell_t bell, uint32_t n)
{
    bell_report(bell.id + n);
}
