/* SPDX-License-Identifier: BSD-2-Clause */
/* waits.c - a program that waits for events in a loop and has no handler. */
#include <callgate/event.h>
#include <callgate/log.h>
#include <callgate/timer.h>

CG_ENTRY int cg_main(void)
{
    timer_alarm_t alarm;
    event_record_t event;
    int err = timer_every(20, &alarm);
    for (uint32_t i = 0; err == 0 && i < 3; i++) {
        err = event_wait(1000, &event);
    }
    (void)log_print(err == 0 ? "three ticks" : "no tick");
    if (err == 0) {
        (void)timer_cancel(alarm);
        err = event_wait(3600000, &event);
    }
    return err;
}
