/* SPDX-License-Identifier: BSD-2-Clause */
/* ticks.c - a program with a handler of the timer's event. */
#include <callgate/log.h>
#include <callgate/timer.h>

CG_ENTRY int cg_main(void)
{
    timer_alarm_t alarm;
    return timer_every(20, &alarm);
}

void on_timer_fired(timer_alarm_t alarm, uint32_t count)
{
    if (count == 2) {
        (void)timer_cancel(alarm);
        (void)log_print("two ticks");
    }
}
