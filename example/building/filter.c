/* SPDX-License-Identifier: BSD-2-Clause */
/* example/building/filter.c - a guest of a few hundred bytes: it smooths what a CO2 sensor tells, and runs a fan by it.
 * For eBPF: no libc, no loop without an end, and nothing to do between events. */
#include <callgate/log.h>
#include <callgate/saul.h>
#include <callgate/timer.h>

enum { SHARE = 4 /* a new reading counts for one fourth */, LIMIT_PPM = 800, IDLE_PERCENT = 0, AIRING_PERCENT = 60 };

static saul_device_t fan;
static uint32_t sum; /* SHARE times the average: eBPF of this level divides unsigned numbers only */
static uint32_t is_airing, changes;

CG_ENTRY int cg_main(void)
{
    saul_device_t sensor;
    saul_watch_t watch;
    timer_alarm_t minute;
    int err = saul_find(SAUL_CLASS_SENSE_CO2, 0, &sensor);
    err = err != 0 ? err : saul_find(SAUL_CLASS_ACT_MOTOR, 0, &fan);
    err = err != 0 ? err : saul_watch(sensor, 50, 10, &watch);
    return err != 0 ? err : timer_every(1000, &minute);
}

void on_saul_changed(saul_watch_t watch, const saul_phydat_t *data, uint8_t dims)
{
    (void)watch;
    (void)dims;
    const uint32_t ppm = data->val[0] > 0 ? (uint32_t)data->val[0] : 0;
    sum = sum == 0 ? SHARE * ppm : sum - sum / SHARE + ppm;
    changes += 1;
    if (is_airing != (sum / SHARE > LIMIT_PPM)) {
        is_airing = !is_airing;
        const saul_phydat_t speed = {.val = {is_airing ? AIRING_PERCENT : IDLE_PERCENT}, .unit = SAUL_UNIT_PERCENT, .scale = 0};
        uint8_t taken;
        log_print(is_airing ? "the air is bad: fan on" : "the air is good: fan off");
        saul_write(fan, &speed, &taken);
    }
}

/* A sensor that says nothing for a second is worth a word. */
void on_timer_fired(timer_alarm_t alarm, uint32_t count)
{
    (void)alarm;
    (void)count;
    if (changes == 0) {
        log_print("the sensor is silent");
    }
    changes = 0;
}
