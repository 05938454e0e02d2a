/* SPDX-License-Identifier: BSD-2-Clause */
/* example/unit_test/host.h - a building made up for a test: one CO2 sensor, one fan, one alarm, and what the guest did with them. */
#ifndef UNIT_TEST_HOST_H
#define UNIT_TEST_HOST_H

#include "callgate/guest.h"
#include "host_log.h"
#include "host_saul.h"
#include "host_timer.h"

struct host_saul_device {
    uint8_t class;
};
struct host_saul_watch {
    uint32_t interval_ms;
    uint16_t threshold;
};
struct host_timer_alarm {
    uint32_t period_ms;
};

struct cg_host {
    bool has_no_fan;
    struct host_saul_device sensor, fan;
    struct host_saul_watch watch;
    struct host_timer_alarm alarm;
    uint32_t watches_open, alarms_open;
    int32_t fan_percent; /* -1: never written */
    char said[64];       /* the last line of the log */
};

#endif
