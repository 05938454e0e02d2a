/* SPDX-License-Identifier: BSD-2-Clause */
/* example/unit_test/host.c - the host functions of three APIs as a test needs them: they do nothing but remember. */
#include "host.h"

#include <string.h>

int host_saul_count(cg_call_t *call, cg_saul_class_t kind, uint16_t *devices)
{
    (void)call;
    (void)kind;
    *devices = 2;
    return 0;
}

int host_saul_find(cg_call_t *call, cg_saul_class_t kind, uint8_t nth, struct host_saul_device **dev)
{
    cg_host_t *host = cg_call_host(call);
    *dev = kind == CG_SAUL_CLASS_SENSE_CO2 ? &host->sensor : kind == CG_SAUL_CLASS_ACT_MOTOR && !host->has_no_fan ? &host->fan : NULL;
    return nth == 0 && *dev != NULL ? 0 : CG_SAUL_ERR_NOT_FOUND;
}

int host_saul_name(cg_call_t *call, struct host_saul_device *dev, cg_text_buffer_t *text)
{
    (void)call;
    (void)dev;
    text->count = 0;
    return 0;
}

int host_saul_read(cg_call_t *call, struct host_saul_device *dev, cg_saul_phydat_t *data, uint8_t *dims)
{
    (void)call;
    (void)dev;
    *data = (cg_saul_phydat_t){.unit = CG_SAUL_UNIT_PERCENT};
    *dims = 1;
    return 0;
}

int host_saul_write(cg_call_t *call, struct host_saul_device *dev, const cg_saul_phydat_t *data, uint8_t *dims)
{
    cg_host_t *host = cg_call_host(call);
    (void)dev;
    host->fan_percent = data->val[0];
    *dims = 1;
    return 0;
}

int host_saul_watch(cg_call_t *call, struct host_saul_device *dev, uint32_t interval, uint16_t threshold, struct host_saul_watch **watch)
{
    cg_host_t *host = cg_call_host(call);
    (void)dev;
    host->watch = (struct host_saul_watch){interval, threshold};
    host->watches_open += 1;
    *watch = &host->watch;
    return 0;
}

void host_saul_watch_release(cg_host_t *host, struct host_saul_watch *watch)
{
    (void)watch;
    host->watches_open -= 1;
}

int host_log_print(cg_call_t *call, cg_text_t text)
{
    cg_host_t *host = cg_call_host(call);
    const size_t size = text.size < sizeof host->said - 1 ? text.size : sizeof host->said - 1;
    memcpy(host->said, text.text, size);
    host->said[size] = '\0';
    return 0;
}

uint64_t host_timer_now(cg_call_t *call)
{
    (void)call;
    return 0;
}

int host_timer_every(cg_call_t *call, uint32_t period, struct host_timer_alarm **alarm)
{
    cg_host_t *host = cg_call_host(call);
    host->alarm.period_ms = period;
    host->alarms_open += 1;
    *alarm = &host->alarm;
    return 0;
}

int host_timer_once(cg_call_t *call, uint32_t delay, struct host_timer_alarm **alarm)
{
    return host_timer_every(call, delay, alarm);
}

int host_timer_cancel(cg_call_t *call, struct host_timer_alarm *alarm)
{
    (void)call;
    (void)alarm;
    return 0;
}

void host_timer_alarm_release(cg_host_t *host, struct host_timer_alarm *alarm)
{
    (void)alarm;
    host->alarms_open -= 1;
}
