/* SPDX-License-Identifier: BSD-2-Clause */
/* keep.c - counts its starts in the store, says which this is, waits for one alarm by its handler, and says so. Asks what it may call, too. */
#include <callgate/log.h>
#include <callgate/store.h>
#include <callgate/sys.h>
#include <callgate/timer.h>

CG_ENTRY int cg_main(void)
{
    timer_alarm_t alarm;
    char starts[2] = "0";
    char text[] = "start 0";
    uint32_t size = 0;
    int err = store_get("starts", (uint8_t *)starts, 1, &size);
    if (err != 0 && err != STORE_ERR_NOT_FOUND) {
        return err;
    }
    starts[0] = (char)(starts[0] + 1);
    err = store_put("starts", starts, 1);
    if (err != 0) {
        return err;
    }
    text[6] = starts[0];
    log_print(text);
    if (sys_granted(8u << 16 | 1u) != SYS_ACCESS_GRANTED || sys_granted(8u << 16 | 3u) != SYS_ACCESS_DENIED || sys_granted(8u << 16 | 99u) != SYS_ACCESS_ABSENT) {
        log_print("sys.granted is wrong");
    }
    return timer_once(20, &alarm);
}

void on_timer_fired(timer_alarm_t alarm, uint32_t count)
{
    log_print(count == 1 ? "fired" : "fired oddly");
    timer_alarm_close(alarm);
}
