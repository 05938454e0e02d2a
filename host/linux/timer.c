/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/timer.c - the timer API: alarms are jobs of the host's clock. An alarm ends when its handle is closed or given away; then its job is removed first. */
#include "inner.h"

#include "host_timer.h"

#include <stdlib.h>

struct host_timer_alarm {
    clock_job_t job; /* first: the clock gives it back */
    cg_host_t *host;
    cg_guest_t *guest;
    uint32_t period_ms; /* 0: once */
    uint32_t count;
};

/* Late periods are told together, and the phase is kept. */
static bool fire(clock_job_t *job, uint64_t now_ms)
{
    struct host_timer_alarm *alarm = (struct host_timer_alarm *)job;
    if (alarm->period_ms == 0) {
        alarm->count = 1;
    } else {
        const uint64_t periods = 1 + (now_ms - job->due_ms) / alarm->period_ms;
        alarm->count += (uint32_t)periods;
        job->due_ms += periods * alarm->period_ms;
    }
    (void)cg_post_timer_fired(alarm->guest, alarm, alarm->count);
    return alarm->period_ms != 0;
}

static int alarm_new(cg_call_t *call, uint32_t delay_ms, uint32_t period_ms, struct host_timer_alarm **made)
{
    cg_host_t *host = cg_call_host(call);
    struct host_timer_alarm *alarm = calloc(1, sizeof *alarm);
    if (alarm == NULL) {
        return CG_ERR_QUOTA;
    }
    alarm->host = host;
    alarm->guest = cg_call_events(call);
    alarm->period_ms = period_ms;
    alarm->job.due_ms = host_linux_now_ms() + delay_ms;
    alarm->job.run = fire;
    if (!host_clock_add(host->clock, &alarm->job)) {
        free(alarm);
        return CG_ERR_QUOTA;
    }
    *made = alarm;
    return 0;
}

uint64_t host_timer_now(cg_call_t *call)
{
    return host_linux_now_ms() - cg_call_host(call)->start_ms;
}

int host_timer_once(cg_call_t *call, uint32_t delay, struct host_timer_alarm **alarm)
{
    return alarm_new(call, delay, 0, alarm);
}

int host_timer_every(cg_call_t *call, uint32_t period, struct host_timer_alarm **alarm)
{
    return alarm_new(call, period, period, alarm);
}

void host_timer_alarm_release(cg_host_t *host, struct host_timer_alarm *alarm)
{
    host_clock_remove(host->clock, &alarm->job);
    free(alarm);
}

int host_timer_cancel(cg_call_t *call, struct host_timer_alarm *alarm)
{
    host_timer_alarm_release(cg_call_host(call), alarm);
    return 0;
}
