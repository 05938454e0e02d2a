/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/saul_test.c - the registry of devices, and actuators. Sensors are in device_test.c. */
#include "saul_fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int add_constant(fixture_t *f, const char *name, uint8_t kind, double value)
{
    const host_linux_device_t device = { .name = name, .kind = kind, .unit = CG_SAUL_UNIT_TEMP_C, .scale = -2 };
    const host_linux_sim_t sim = { .wave = HOST_LINUX_CONSTANT, .dims = 1, .low = { value } };
    return host_linux_add_sim(f->host, &device, &sim);
}

/* ---- registry ---- */

typedef struct match_case {
    const char *name;
    cg_saul_class_t kind;
    const char *found; /* first letters of the devices, in order */
} match_case_t;

static const match_case_t match_cases[] = {
    { "any takes all, in the order of configuration", CG_SAUL_CLASS_ANY, "abcdef" },
    { "any actuator", CG_SAUL_CLASS_ACT_ANY, "be" },
    { "any sensor", CG_SAUL_CLASS_SENSE_ANY, "acdf" },
    { "one class, several devices", CG_SAUL_CLASS_SENSE_TEMP, "ad" },
    { "one class, one device", CG_SAUL_CLASS_ACT_SWITCH, "b" },
    { "the last sensor class", CG_SAUL_CLASS_SENSE_SIZE, "f" },
    { "a class without a device", CG_SAUL_CLASS_SENSE_HUM, "" },
    { "undefined is no wildcard", CG_SAUL_CLASS_UNDEF, "" },
};

static void registry_matches_classes(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(add_constant(f, "a", CG_SAUL_CLASS_SENSE_TEMP, 1), 0);
    assert_int_equal(add_constant(f, "b", CG_SAUL_CLASS_ACT_SWITCH, 1), 0);
    assert_int_equal(add_constant(f, "c", CG_SAUL_CLASS_SENSE_BUTTON, 1), 0);
    assert_int_equal(add_constant(f, "d", CG_SAUL_CLASS_SENSE_TEMP, 1), 0);
    assert_int_equal(add_constant(f, "e", CG_SAUL_CLASS_ACT_CURRENT, 1), 0);
    assert_int_equal(add_constant(f, "f", CG_SAUL_CLASS_SENSE_SIZE, 1), 0);
    for (size_t i = 0; i < COUNT(match_cases); i++) {
        char found[8] = "";
        size_t used = 0;
        for (uint8_t n = 0; n < 7; n++) {
            const struct host_saul_device *dev = nth(f, match_cases[i].kind, n);
            if (dev != NULL) {
                found[used++] = dev->name[0];
            }
        }
        uint16_t count = 99;
        assert_int_equal(host_saul_count(&f->call, match_cases[i].kind, &count), 0);
        if (strcmp(found, match_cases[i].found) != 0 || count != strlen(found)) {
            fail_msg("%s: found '%s', counted %u", match_cases[i].name, found, count);
        }
    }
    struct host_saul_device *dev;
    assert_int_equal(host_saul_find(&f->call, CG_SAUL_CLASS_ANY, 6, &dev), CG_SAUL_ERR_NOT_FOUND);
    assert_int_equal(host_saul_find(&f->call, CG_SAUL_CLASS_ANY, 255, &dev), CG_SAUL_ERR_NOT_FOUND);
}

static void names_are_given_whole_or_not_at_all(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(add_constant(f, "a-name-of-thirty-one-bytes-12345", CG_SAUL_CLASS_SENSE_TEMP, 1), HOST_LINUX_REFUSED);
    assert_int_equal(add_constant(f, "a-name-of-thirty-one-bytes-1234", CG_SAUL_CLASS_SENSE_TEMP, 1), 0);
    char text[32];
    memset(text, 'x', sizeof text);
    cg_text_buffer_t small = { .text = text, .capacity = 30, .count = 7 };
    assert_int_equal(host_saul_name(&f->call, nth(f, CG_SAUL_CLASS_ANY, 0), &small), CG_ERR_SPACE);
    assert_int_equal(text[0], 'x');
    cg_text_buffer_t enough = { .text = text, .capacity = 31 };
    assert_int_equal(host_saul_name(&f->call, nth(f, CG_SAUL_CLASS_ANY, 0), &enough), 0);
    assert_int_equal(enough.count, 31);
    assert_memory_equal(text, "a-name-of-thirty-one-bytes-1234x", 32);
}

static void devices_that_cannot_be_are_refused(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(add_constant(f, "twice", CG_SAUL_CLASS_SENSE_TEMP, 1), 0);
    static const struct {
        const char *name, *device, *problem;
        uint8_t kind, dims;
        int8_t scale;
        double value;
    } cases[] = {
        { "no name", NULL, "1 to 31 bytes", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, 1 },
        { "empty name", "", "1 to 31 bytes", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, 1 },
        { "name with a control", "a\nb", "cannot be shown", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, 1 },
        { "name that is no UTF-8", "a\xff", "cannot be shown", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, 1 },
        { "name used twice", "twice", "already", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, 1 },
        { "wildcard any", "w", "searching", CG_SAUL_CLASS_ANY, 1, 0, 1 },
        { "wildcard any sensor", "w", "searching", CG_SAUL_CLASS_SENSE_ANY, 1, 0, 1 },
        { "wildcard any actuator", "w", "searching", CG_SAUL_CLASS_ACT_ANY, 1, 0, 1 },
        { "no values", "w", "1 to 3 values", CG_SAUL_CLASS_SENSE_TEMP, 0, 0, 1 },
        { "four values", "w", "1 to 3 values", CG_SAUL_CLASS_SENSE_TEMP, 4, 0, 1 },
        { "scale too small", "w", "scale", CG_SAUL_CLASS_SENSE_TEMP, 1, -21, 1 },
        { "scale too large", "w", "scale", CG_SAUL_CLASS_SENSE_TEMP, 1, 21, 1 },
        { "value that is infinite", "w", "1e100", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, HUGE_VAL },
        { "value that is no number", "w", "1e100", CG_SAUL_CLASS_SENSE_TEMP, 1, 0, NAN },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const host_linux_device_t device = { .name = cases[i].device, .kind = cases[i].kind, .scale = cases[i].scale };
        const host_linux_sim_t sim = { .wave = HOST_LINUX_CONSTANT, .dims = cases[i].dims, .low = { cases[i].value } };
        if (host_linux_add_sim(f->host, &device, &sim) != HOST_LINUX_REFUSED || strstr(host_linux_problem(f->host), cases[i].problem) == NULL) {
            fail_msg("%s: %s", cases[i].name, host_linux_problem(f->host));
        }
    }
    uint16_t count;
    assert_int_equal(host_saul_count(&f->call, CG_SAUL_CLASS_ANY, &count), 0);
    assert_int_equal(count, 1);
}

static void the_registry_has_an_end(void **state)
{
    fixture_t *f = *state;
    for (unsigned i = 0; i < HOST_LINUX_DEVICES_MAX; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "d%u", i);
        assert_int_equal(add_constant(f, name, CG_SAUL_CLASS_SENSE_TEMP, i), 0);
    }
    assert_int_equal(add_constant(f, "more", CG_SAUL_CLASS_SENSE_TEMP, 0), HOST_LINUX_REFUSED);
    uint16_t count;
    assert_int_equal(host_saul_count(&f->call, CG_SAUL_CLASS_ANY, &count), 0);
    assert_int_equal(count, HOST_LINUX_DEVICES_MAX);
    assert_string_equal(nth(f, CG_SAUL_CLASS_ANY, 255)->name, "d255");
}

/* ---- actuators ---- */

static void actuators_remember_and_tell(void **state)
{
    fixture_t *f = *state;
    const host_linux_device_t device = { .name = "led", .kind = CG_SAUL_CLASS_ACT_LED_RGB, .unit = CG_SAUL_UNIT_NONE, .scale = 1 };
    const host_linux_actuator_t actuator = { .dims = 2 };
    assert_int_equal(host_linux_add_actuator(f->host, &device, &actuator), 0);
    struct host_saul_device *dev = nth(f, CG_SAUL_CLASS_ACT_ANY, 0);
    cg_saul_phydat_t data = { .val = { 9, 9, 9 } };
    uint8_t dims = 9;
    assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
    assert_int_equal(dims, 2);
    assert_int_equal(data.val[0], 0);
    assert_int_equal(data.unit, CG_SAUL_UNIT_NONE);
    assert_int_equal(data.scale, 1);
    const cg_saul_phydat_t written = { .val = { 255, -7, 3 }, .unit = CG_SAUL_UNIT_BOOL, .scale = -1 };
    assert_int_equal(host_saul_write(&f->call, dev, &written, &dims), 0);
    assert_int_equal(dims, 2);
    assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
    assert_int_equal(data.val[0], 255);
    assert_int_equal(data.val[1], -7);
    assert_int_equal(data.val[2], 0); /* beyond its dimensions nothing is kept */
    assert_int_equal(data.unit, CG_SAUL_UNIT_BOOL);
    assert_int_equal(data.scale, -1);
    assert_string_equal(f->lines.text, "led <- 255 -7 scale -1 unit 25 by app\n");
}

static void the_longest_line_of_an_actuator_is_one_line(void **state)
{
    fixture_t *f = *state;
    const host_linux_device_t device = { .name = "a-name-of-thirty-one-bytes-1234", .kind = CG_SAUL_CLASS_ACT_LED_RGB };
    const host_linux_actuator_t actuator = { .dims = 3 };
    assert_int_equal(host_linux_add_actuator(f->host, &device, &actuator), 0);
    char name[400];
    memset(name, '\x1b', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    f->call.name = name;
    const cg_saul_phydat_t written = { .val = { -32768, -32768, -32768 }, .unit = 255, .scale = -128 };
    uint8_t dims;
    assert_int_equal(host_saul_write(&f->call, nth(f, CG_SAUL_CLASS_ANY, 0), &written, &dims), 0);
    assert_int_equal(f->lines.count, 1);
    assert_non_null(strstr(f->lines.text, "a-name-of-thirty-one-bytes-1234 <- -32768 -32768 -32768 scale -128 unit 255 by \\x1b"));
    assert_ptr_equal(strchr(f->lines.text, '\n'), f->lines.text + f->lines.size - 1);
    memset(name, 'n', sizeof name - 1); /* fills the line to its last byte */
    assert_int_equal(host_saul_write(&f->call, nth(f, CG_SAUL_CLASS_ANY, 0), &written, &dims), 0);
    assert_int_equal(f->lines.count, 2);
    assert_string_equal(f->lines.text + f->lines.size - 2, "n\n");
}

static void describe_names_a_device(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(add_constant(f, "sim-temp", CG_SAUL_CLASS_SENSE_TEMP, 1), 0);
    char text[9], small[4];
    assert_string_equal(host_linux_describe(f->host, "saul.device", nth(f, CG_SAUL_CLASS_ANY, 0), text, sizeof text), "sim-temp");
    assert_string_equal(host_linux_describe(f->host, "saul.device", nth(f, CG_SAUL_CLASS_ANY, 0), small, sizeof small), "sim");
    assert_null(host_linux_describe(f->host, "saul.other", nth(f, CG_SAUL_CLASS_ANY, 0), text, sizeof text));
    assert_null(host_linux_describe(f->host, "saul.device", NULL, text, sizeof text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registry_matches_classes),
        TEST(names_are_given_whole_or_not_at_all),
        TEST(devices_that_cannot_be_are_refused),
        TEST(the_registry_has_an_end),
        TEST(actuators_remember_and_tell),
        TEST(the_longest_line_of_an_actuator_is_one_line),
        TEST(describe_names_a_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
