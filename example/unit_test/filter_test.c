/* SPDX-License-Identifier: BSD-2-Clause */
/* example/unit_test/filter_test.c - tests of example/building/filter.c. The guest's source is part of this program, so a debugger, a coverage tool and the sanitizers
 * see it; its calls go through the gate all the same, and are refused as they would be on a device. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "host.h"
#include "native_vm.h"
#include "set.h"

#include <stdio.h>
#include <string.h>

extern const cg_native_program_t filter_guest;

static const uint32_t all[] = {UINT32_MAX};
static cg_guard_t guards[CG_GUARD_COUNT];
static const cg_policy_t policy = {.guest = "filter", .granted = all, .received = all, .guards = guards, .slots = 8,
                                   .calls = 10, .bytes = 256, .events = 4, .unlimited_steps = true};

/* One guest and its building. */
typedef struct desk {
    cg_host_t host;
    cg_guest_t guest;
    cg_guest_config_t config;
    char message[128];
    uint64_t storage[512];
} desk_t;
static desk_t desk;

static int begin(void **state)
{
    (void)state;
    guards[CG_GUARD_SAUL_FIND_KIND].any = true;
    desk = (desk_t){.host = {.fan_percent = -1}};
    desk.config = (cg_guest_config_t){.vm = &cg_vm_native, CG_NATIVE_IMAGE(filter_guest), .host = &desk.host, .message = desk.message, .message_size = sizeof desk.message};
    return cg_guest_init(&desk.guest, &desk.config, &policy, desk.storage, sizeof desk.storage);
}

static int end(void **state)
{
    (void)state;
    cg_guest_end(&desk.guest);
    return (int)(desk.host.watches_open + desk.host.alarms_open);
}

static int32_t run(void)
{
    int32_t result = 0;
    assert_int_equal(cg_guest_run(&desk.guest, &result), CG_STOP_RETURNED);
    return result;
}

static void measure(int16_t ppm)
{
    const cg_saul_phydat_t reading = {.val = {ppm}, .unit = CG_SAUL_UNIT_PERCENT};
    assert_int_equal(cg_post_saul_changed(&desk.guest, &desk.host.watch, &reading, 1), CG_POST_QUEUED);
    assert_int_equal(cg_guest_deliver(&desk.guest), CG_STOP_RETURNED);
}

static void tick(void)
{
    assert_int_equal(cg_post_timer_fired(&desk.guest, &desk.host.alarm, 1), CG_POST_QUEUED);
    assert_int_equal(cg_guest_deliver(&desk.guest), CG_STOP_RETURNED);
}

static void it_watches_the_sensor_and_the_clock(void **state)
{
    (void)state;
    assert_int_equal(run(), 0);
    assert_int_equal(desk.host.watch.interval_ms, 50);
    assert_int_equal(desk.host.alarm.period_ms, 1000);
    assert_int_equal(desk.host.fan_percent, -1);
}

static void without_a_fan_it_gives_up(void **state)
{
    (void)state;
    desk.host.has_no_fan = true;
    assert_int_equal(run(), CG_SAUL_ERR_NOT_FOUND);
    assert_int_equal(desk.host.watches_open, 0);
}

static void bad_air_starts_the_fan_and_good_air_stops_it(void **state)
{
    (void)state;
    assert_int_equal(run(), 0);
    for (int i = 0; i < 20; i++) {
        measure(2000);
    }
    assert_int_equal(desk.host.fan_percent, 60);
    assert_string_equal(desk.host.said, "the air is bad: fan on");
    for (int i = 0; i < 20; i++) {
        measure(400);
    }
    assert_int_equal(desk.host.fan_percent, 0);
}

static void a_single_peak_does_not(void **state)
{
    (void)state;
    assert_int_equal(run(), 0);
    measure(400);
    measure(1200);
    measure(400);
    assert_int_equal(desk.host.fan_percent, -1);
}

static void a_silent_sensor_is_worth_a_word(void **state)
{
    (void)state;
    assert_int_equal(run(), 0);
    tick();
    tick();
    assert_string_equal(desk.host.said, "the sensor is silent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_watches_the_sensor_and_the_clock, begin, end),
        cmocka_unit_test_setup_teardown(without_a_fan_it_gives_up, begin, end),
        cmocka_unit_test_setup_teardown(bad_air_starts_the_fan_and_good_air_stops_it, begin, end),
        cmocka_unit_test_setup_teardown(a_single_peak_does_not, begin, end),
        cmocka_unit_test_setup_teardown(a_silent_sensor_is_worth_a_word, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
