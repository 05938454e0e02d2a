/* SPDX-License-Identifier: BSD-2-Clause */
/* example/languages/c/sense.c - read a sensor, say what it says, and be told of time: the same program as in ../rust and ../assembly.
 * It has no libc and no operating system: only the calls it is granted. */
#include <callgate/log.h>
#include <callgate/random.h>
#include <callgate/saul.h>
#include <callgate/timer.h>

enum { LINE_MAX = 80, PERIOD_MS = 20 };

typedef struct line {
    char text[LINE_MAX];
    uint32_t used;
} line_t;

static void put(line_t *line, const char *text)
{
    while (*text != '\0' && line->used < LINE_MAX - 1) {
        line->text[line->used++] = *text++;
    }
    line->text[line->used] = '\0';
}

static void put_number(line_t *line, int32_t value)
{
    char digits[12];
    uint32_t first = sizeof digits - 1;
    uint32_t rest = value < 0 ? (uint32_t)-(int64_t)value : (uint32_t)value;
    digits[first] = '\0';
    do {
        digits[--first] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    put(line, value < 0 ? "-" : "");
    put(line, digits + first);
}

CG_ENTRY int cg_main(void)
{
    saul_device_t sensor;
    saul_phydat_t data;
    timer_alarm_t alarm;
    char name[SAUL_NAME_MAX + 1];
    uint8_t noise[4];
    uint32_t count;
    uint8_t dims;
    line_t line = {.used = 0};

    int err = saul_find(SAUL_CLASS_SENSE_TEMP, 0, &sensor);
    if (err != 0) {
        return err;
    }
    err = saul_name(sensor, name, sizeof name, &count);
    if (err == 0) {
        err = saul_read(sensor, &data, &dims);
    }
    if (err != 0) {
        return err;
    }
    put(&line, name);
    put(&line, " says ");
    put_number(&line, data.val[0]);
    put(&line, "e");
    put_number(&line, data.scale);
    put(&line, data.unit == SAUL_UNIT_TEMP_C ? " C" : "");
    log_print(line.text);

    err = saul_find(SAUL_CLASS_SENSE_TEMP, 1, &sensor);
    if (err == SAUL_ERR_NOT_FOUND) {
        log_print("there is no second one: No such device.");
    }

    err = random_fill(noise, sizeof noise, &count);
    line.used = 0;
    put_number(&line, (int32_t)count);
    put(&line, " random bytes");
    log_print(err == 0 ? line.text : "no random bytes");
    return timer_every(PERIOD_MS, &alarm);
}

void on_timer_fired(timer_alarm_t alarm, uint32_t count)
{
    if (count >= 3) {
        log_print(timer_cancel(alarm) == 0 ? "three ticks, enough" : "the alarm is gone");
    }
}
