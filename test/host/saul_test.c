/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/saul_test.c - devices: the registry, files that are right and wrong, computed devices at told times, rows, actuators. */
#include "double.h"
#include "inner.h"

#include "cmocka_all.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

typedef struct fixture {
    cg_host_t *host;
    struct cg_guest call;
    lines_t lines;
    uint64_t now_ms;
    folder_t folder;
} fixture_t;

static int setup(void **state)
{
    fixture_t *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->now_ms = 1000;
    const host_linux_config_t config = { .sink = lines_take, .sink_context = &f->lines, .clock = clock_told, .clock_context = &f->now_ms };
    f->host = host_linux_new(&config);
    assert_non_null(f->host);
    f->call = (struct cg_guest){ .host = f->host, .name = "app", .deadline_ms = UINT64_MAX };
    folder_make(&f->folder);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    fixture_t *f = *state;
    host_linux_free(f->host);
    folder_remove(&f->folder);
    free(f);
    return 0;
}

static struct host_saul_device *nth(fixture_t *f, cg_saul_class_t kind, uint8_t n)
{
    struct host_saul_device *dev = NULL;
    return host_saul_find(&f->call, kind, n, &dev) == 0 ? dev : NULL;
}

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
        for (uint8_t n = 0; n < 7; n++) {
            struct host_saul_device *dev = nth(f, match_cases[i].kind, n);
            (void)strncat(found, dev != NULL ? dev->name : "", 1);
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

/* ---- files ---- */

typedef struct file_case {
    const char *name, *text;
    double offset, multiply, divide;
    int8_t scale;
    int result; /* 0, then val and result_scale hold */
    int16_t val;
    int8_t result_scale;
} file_case_t;

#define IO CG_SAUL_ERR_IO
static const file_case_t file_cases[] = {
    { "a thermal zone in millidegrees", "45125\n", 0, 1, 1000, -2, 0, 4513, -2 },
    { "below zero", "-40000\n", 0, 1, 1000, -2, 0, -4000, -2 },
    { "an IIO temperature: offset, then scale", "2048", -1024, 0.5, 1, 0, 0, 512, 0 },
    { "a fraction in the file", "21.5", 0, 1, 1, -1, 0, 215, -1 },
    { "white space around it", " \t 7 \r\n\n", 0, 1, 1, 0, 0, 7, 0 },
    { "no line end", "7", 0, 1, 1, 0, 0, 7, 0 },
    { "a value that does not fit shrinks", "101325", 0, 1, 1, 0, 0, 10133, 1 },
    { "exactly 64 bytes", "0000000000000000000000000000000000000000000000000000000000000007", 0, 1, 1, 0, 0, 7, 0 },
    { "65 bytes", "00000000000000000000000000000000000000000000000000000000000000007", 0, 1, 1, 0, IO, 0, 0 },
    { "an empty file", "", 0, 1, 1, 0, IO, 0, 0 },
    { "white space alone", " \n", 0, 1, 1, 0, IO, 0, 0 },
    { "a word", "warm\n", 0, 1, 1, 0, IO, 0, 0 },
    { "a number and a word", "21 C\n", 0, 1, 1, 0, IO, 0, 0 },
    { "two numbers", "21 22\n", 0, 1, 1, 0, IO, 0, 0 },
    { "hexadecimal", "0x10\n", 0, 1, 1, 0, IO, 0, 0 },
    { "not a number", "nan\n", 0, 1, 1, 0, IO, 0, 0 },
    { "beyond every scale", "1e300\n", 0, 1, 1, 0, IO, 0, 0 },
};

static void files_are_read_and_scaled(void **state)
{
    fixture_t *f = *state;
    for (size_t i = 0; i < COUNT(file_cases); i++) {
        const file_case_t *c = &file_cases[i];
        char name[16];
        (void)snprintf(name, sizeof name, "d%zu", i);
        folder_write(&f->folder, name, c->text, strlen(c->text));
        const host_linux_device_t device = { .name = name, .kind = CG_SAUL_CLASS_SENSE_TEMP, .unit = CG_SAUL_UNIT_TEMP_C, .scale = c->scale };
        const host_linux_file_t file = { .dims = 1, .paths = { folder_path(&f->folder, name) }, .offset = c->offset, .multiply = c->multiply, .divide = c->divide };
        assert_int_equal(host_linux_add_file(f->host, &device, &file), 0);
        cg_saul_phydat_t data;
        uint8_t dims = 9;
        const int result = host_saul_read(&f->call, nth(f, CG_SAUL_CLASS_ANY, (uint8_t)i), &data, &dims);
        if (result != c->result || (result == 0 && (data.val[0] != c->val || data.scale != c->result_scale || data.unit != CG_SAUL_UNIT_TEMP_C || dims != 1))) {
            fail_msg("%s: result %d, val %d scale %d", c->name, result, data.val[0], data.scale);
        }
    }
}

static struct host_saul_device *add_file(fixture_t *f, const char *name, const char *path)
{
    const host_linux_device_t device = { .name = name, .kind = CG_SAUL_CLASS_SENSE_TEMP };
    const host_linux_file_t file = { .dims = 1, .paths = { path }, .multiply = 1, .divide = 1 };
    assert_int_equal(host_linux_add_file(f->host, &device, &file), 0);
    uint16_t count;
    assert_int_equal(host_saul_count(&f->call, CG_SAUL_CLASS_ANY, &count), 0);
    return nth(f, CG_SAUL_CLASS_ANY, (uint8_t)(count - 1));
}

static void files_that_are_none_are_errors_for_the_guest(void **state)
{
    fixture_t *f = *state;
    cg_saul_phydat_t data;
    uint8_t dims;
    assert_int_equal(mkfifo(folder_path(&f->folder, "fifo"), 0600), 0);
    assert_int_equal(mkdir(folder_path(&f->folder, "folder"), 0700), 0);
    struct host_saul_device *fifo = add_file(f, "fifo", folder_path(&f->folder, "fifo"));
    assert_int_equal(host_saul_read(&f->call, fifo, &data, &dims), IO); /* and does not wait for somebody to write */
    const int reader = open(folder_path(&f->folder, "fifo"), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    folder_write(&f->folder, "fifo", "5\n", 2);
    assert_int_equal(host_saul_read(&f->call, fifo, &data, &dims), IO); /* a number in a FIFO is none: reading would take it away */
    assert_int_equal(close(reader), 0);
    assert_int_equal(host_saul_read(&f->call, add_file(f, "folder", folder_path(&f->folder, "folder")), &data, &dims), IO);
    assert_int_equal(host_saul_read(&f->call, add_file(f, "device", "/dev/zero"), &data, &dims), IO);
    assert_int_equal(host_saul_read(&f->call, add_file(f, "below-a-file", "/dev/null/x"), &data, &dims), IO);
    struct host_saul_device *dev = add_file(f, "late", folder_path(&f->folder, "late"));
    assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), IO);
    folder_write(&f->folder, "late", "5\n", 2);
    assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
    assert_int_equal(data.val[0], 5);
    folder_write(&f->folder, "late", "6\n", 2);
    assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
    assert_int_equal(data.val[0], 6);
    folder_write(&f->folder, "late", "\0\0", 2);
    assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), IO);
    assert_int_equal(host_saul_write(&f->call, dev, &data, &dims), CG_SAUL_ERR_NOT_SUPPORTED);
}

static void three_files_make_one_reading(void **state)
{
    fixture_t *f = *state;
    folder_write(&f->folder, "x", "1", 1);
    folder_write(&f->folder, "y", "-20", 3);
    folder_write(&f->folder, "z", "40000", 5);
    const host_linux_device_t device = { .name = "acc", .kind = CG_SAUL_CLASS_SENSE_ACCEL, .unit = CG_SAUL_UNIT_G_FORCE };
    const host_linux_file_t file = {
        .dims = 3, .paths = { folder_path(&f->folder, "x"), folder_path(&f->folder, "y"), folder_path(&f->folder, "z") }, .multiply = 1, .divide = 1
    };
    assert_int_equal(host_linux_add_file(f->host, &device, &file), 0);
    cg_saul_phydat_t data;
    uint8_t dims = 0;
    assert_int_equal(host_saul_read(&f->call, nth(f, CG_SAUL_CLASS_ANY, 0), &data, &dims), 0);
    assert_int_equal(dims, 3);
    assert_int_equal(data.val[0], 0);
    assert_int_equal(data.val[1], -2);
    assert_int_equal(data.val[2], 4000);
    assert_int_equal(data.scale, 1);
}

static void files_without_path_or_factor_are_refused(void **state)
{
    fixture_t *f = *state;
    static const host_linux_file_t cases[] = {
        { .dims = 1, .multiply = 1, .divide = 1 },
        { .dims = 2, .paths = { "a" }, .multiply = 1, .divide = 1 },
        { .dims = 1, .paths = { "" }, .multiply = 1, .divide = 1 },
        { .dims = 1, .paths = { "a" }, .multiply = 0, .divide = 1 },
        { .dims = 1, .paths = { "a" }, .multiply = 1, .divide = 0 },
        { .dims = 1, .paths = { "a" }, .multiply = 1, .divide = 1, .offset = HUGE_VAL },
        { .dims = 0, .multiply = 1, .divide = 1 },
        { .dims = 4, .paths = { "a", "a", "a" }, .multiply = 1, .divide = 1 },
    };
    const host_linux_device_t device = { .name = "d", .kind = CG_SAUL_CLASS_SENSE_TEMP };
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(host_linux_add_file(f->host, &device, &cases[i]), HOST_LINUX_REFUSED);
        assert_true(strlen(host_linux_problem(f->host)) > 10);
    }
}

/* ---- computed devices ---- */

typedef struct wave_case {
    const char *name;
    host_linux_wave_t wave;
    double low, high;
    uint64_t at_ms; /* after the device was added */
    int16_t val;
} wave_case_t;

static const wave_case_t wave_cases[] = {
    { "a constant at once", HOST_LINUX_CONSTANT, 21.54, 0, 0, 2154 },
    { "a constant later", HOST_LINUX_CONSTANT, 21.54, 0, 123456, 2154 },
    { "a sine begins in the middle", HOST_LINUX_SINE, 20, 24, 0, 2200 },
    { "a sine is highest after a quarter", HOST_LINUX_SINE, 20, 24, 250, 2400 },
    { "a sine is in the middle after a half", HOST_LINUX_SINE, 20, 24, 500, 2200 },
    { "a sine is lowest after three quarters", HOST_LINUX_SINE, 20, 24, 750, 2000 },
    { "a sine after an eighth", HOST_LINUX_SINE, 20, 24, 125, 2341 },
    { "a sine starts over", HOST_LINUX_SINE, 20, 24, 1000250, 2400 },
    { "a ramp begins low", HOST_LINUX_RAMP, -5, 5, 0, -500 },
    { "a ramp rises", HOST_LINUX_RAMP, -5, 5, 750, 250 },
    { "a ramp ends below high", HOST_LINUX_RAMP, -5, 5, 999, 499 },
    { "a ramp starts over", HOST_LINUX_RAMP, -5, 5, 1000, -500 },
    { "a ramp can fall", HOST_LINUX_RAMP, 5, -5, 500, 0 },
};

static void waves_are_functions_of_time(void **state)
{
    fixture_t *f = *state;
    for (size_t i = 0; i < COUNT(wave_cases); i++) {
        const wave_case_t *c = &wave_cases[i];
        char name[16];
        (void)snprintf(name, sizeof name, "d%zu", i);
        const host_linux_device_t device = { .name = name, .kind = CG_SAUL_CLASS_SENSE_TEMP, .unit = CG_SAUL_UNIT_TEMP_C, .scale = -2 };
        const host_linux_sim_t sim = { .wave = c->wave, .dims = 2, .low = { c->low, 1 }, .high = { c->high, 1 }, .period_ms = 1000 };
        assert_int_equal(host_linux_add_sim(f->host, &device, &sim), 0);
        const uint64_t before_ms = f->now_ms;
        f->now_ms += c->at_ms;
        cg_saul_phydat_t data;
        uint8_t dims;
        assert_int_equal(host_saul_read(&f->call, nth(f, CG_SAUL_CLASS_ANY, (uint8_t)i), &data, &dims), 0);
        f->now_ms = before_ms;
        if (data.val[0] != c->val || data.val[1] != 100 || data.val[2] != 0 || data.scale != -2 || dims != 2) {
            fail_msg("%s: %d %d %d", c->name, data.val[0], data.val[1], data.val[2]);
        }
    }
}

static void waves_need_a_period(void **state)
{
    fixture_t *f = *state;
    const host_linux_device_t device = { .name = "d", .kind = CG_SAUL_CLASS_SENSE_TEMP };
    const host_linux_sim_t sine = { .wave = HOST_LINUX_SINE, .dims = 1 }, ramp = { .wave = HOST_LINUX_RAMP, .dims = 1 }, csv = { .wave = HOST_LINUX_CSV, .dims = 1 };
    assert_int_equal(host_linux_add_sim(f->host, &device, &sine), HOST_LINUX_REFUSED);
    assert_int_equal(host_linux_add_sim(f->host, &device, &ramp), HOST_LINUX_REFUSED);
    assert_int_equal(host_linux_add_sim(f->host, &device, &csv), HOST_LINUX_REFUSED);
}

/* ---- rows ---- */

static int add_rows(fixture_t *f, const char *name, const char *path, uint8_t dims, uint32_t period_ms)
{
    const host_linux_device_t device = { .name = name, .kind = CG_SAUL_CLASS_SENSE_TEMP };
    const host_linux_sim_t sim = { .wave = HOST_LINUX_CSV, .dims = dims, .period_ms = period_ms, .path = path };
    return host_linux_add_sim(f->host, &device, &sim);
}

typedef struct csv_case {
    const char *name, *text;
    uint8_t dims;
    const char *problem; /* NULL: good, then first and last hold */
    int16_t first, last;
    uint32_t rows;
} csv_case_t;

static const csv_case_t csv_cases[] = {
    { "one row", "5", 1, NULL, 5, 5, 1 },
    { "rows with line ends", "1\n2\n3\n", 1, NULL, 1, 3, 3 },
    { "line ends of Windows", "1\r\n2\r\n", 1, NULL, 1, 2, 2 },
    { "empty rows and comments", "\n# a comment\n 1\n\n  \n2\n#", 1, NULL, 1, 2, 2 },
    { "a header", "temperature,humidity\n1,2\n3,4\n", 2, NULL, 1, 4, 2 },
    { "a header in quotes", "\"t\"\n1\n", 1, NULL, 1, 1, 1 },
    { "blanks around values", " 1 ,\t2 , 3 \n", 3, NULL, 1, 3, 1 },
    { "fractions and exponents", "1e1,2.0\n", 2, NULL, 10, 2, 1 },
    { "no file content", "", 1, ": no rows", 0, 0, 0 },
    { "comments only", "# x\n", 1, ": no rows", 0, 0, 0 },
    { "a header only", "t\n", 1, ": no rows", 0, 0, 0 },
    { "a header in the second row", "1\nt\n", 1, ":2: value 1 is not", 0, 0, 0 },
    { "too few values", "1,2\n3\n", 2, ":2: a row has 2 values with commas between, this one ends after 1", 0, 0, 0 },
    { "too many values", "1,2\n", 1, ":1: a row has 1 values, and something follows", 0, 0, 0 },
    { "an empty value", "1,,3\n", 3, ":1: value 2 is not", 0, 0, 0 },
    { "an empty last value", "1,\n", 2, ":1: value 2 is not", 0, 0, 0 },
    { "a comma at the end", "1,\n", 1, ":1: a row has 1 values, and something follows", 0, 0, 0 },
    { "semicolons", "1;2\n", 2, ":1: a row has 2 values with commas", 0, 0, 0 },
    { "a unit", "1 C\n", 1, ":1: a row has 1 values, and something follows", 0, 0, 0 },
    { "not a number", "1\nnan\n", 1, ":2: value 1 is not", 0, 0, 0 },
};

static void rows_are_read_whole_or_refused(void **state)
{
    fixture_t *f = *state;
    for (size_t i = 0; i < COUNT(csv_cases); i++) {
        const csv_case_t *c = &csv_cases[i];
        char name[16];
        (void)snprintf(name, sizeof name, "d%zu", i);
        folder_write(&f->folder, name, c->text, strlen(c->text));
        const int status = add_rows(f, name, folder_path(&f->folder, name), c->dims, 0);
        struct host_saul_device *dev = nth(f, CG_SAUL_CLASS_ANY, (uint8_t)i);
        cg_saul_phydat_t data = { .unit = 0 };
        uint8_t dims;
        if (c->problem != NULL) {
            if (status != HOST_LINUX_SILENT || strstr(host_linux_problem(f->host), c->problem) == NULL || host_saul_read(&f->call, dev, &data, &dims) != IO) {
                fail_msg("%s: status %d, %s", c->name, status, host_linux_problem(f->host));
            }
            continue;
        }
        assert_int_equal(status, 0);
        assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
        const int16_t first = data.val[0];
        for (uint32_t row = 1; row < c->rows; row++) {
            assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
        }
        const int16_t last = data.val[c->dims - 1];
        assert_int_equal(host_saul_read(&f->call, dev, &data, &dims), 0);
        if (first != c->first || last != c->last || data.val[0] != c->first) {
            fail_msg("%s: first %d, last %d, then %d", c->name, first, last, data.val[0]);
        }
    }
}

static void rows_follow_the_clock_if_they_have_a_period(void **state)
{
    fixture_t *f = *state;
    folder_write(&f->folder, "rows", "10\n20\n30\n", 9);
    assert_int_equal(add_rows(f, "d", folder_path(&f->folder, "rows"), 1, 100), 0);
    static const struct {
        uint64_t at_ms;
        int16_t val;
    } cases[] = { { 0, 10 }, { 99, 10 }, { 100, 20 }, { 299, 30 }, { 300, 10 }, { 1000000000150, 30 } };
    for (size_t i = 0; i < COUNT(cases); i++) {
        f->now_ms = 1000 + cases[i].at_ms;
        cg_saul_phydat_t data;
        uint8_t dims;
        assert_int_equal(host_saul_read(&f->call, nth(f, CG_SAUL_CLASS_ANY, 0), &data, &dims), 0);
        assert_int_equal(data.val[0], cases[i].val);
    }
}

static void files_of_rows_that_are_none_are_silent(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(add_rows(f, "missing", folder_path(&f->folder, "missing"), 1, 0), HOST_LINUX_SILENT);
    assert_non_null(strstr(host_linux_problem(f->host), "missing: No such file"));
    assert_int_equal(add_rows(f, "folder", f->folder.path, 1, 0), HOST_LINUX_SILENT);
    assert_non_null(strstr(host_linux_problem(f->host), "not a regular file"));
    assert_int_equal(mkfifo(folder_path(&f->folder, "fifo"), 0600), 0);
    assert_int_equal(add_rows(f, "fifo", folder_path(&f->folder, "fifo"), 1, 0), HOST_LINUX_SILENT);
    const size_t size = HOST_LINUX_CSV_BYTES_MAX + 1;
    char *bytes = malloc(size);
    assert_non_null(bytes);
    memset(bytes, '\n', size);
    folder_write(&f->folder, "long", bytes, size);
    assert_int_equal(add_rows(f, "long", folder_path(&f->folder, "long"), 1, 0), HOST_LINUX_SILENT);
    assert_non_null(strstr(host_linux_problem(f->host), "longer than 1048576 bytes"));
    for (size_t i = 0; i < size; i += 2) {
        bytes[i] = '1';
    }
    folder_write(&f->folder, "many", bytes, size - 1);
    assert_int_equal(add_rows(f, "many", folder_path(&f->folder, "many"), 1, 0), HOST_LINUX_SILENT);
    assert_non_null(strstr(host_linux_problem(f->host), ":65537: more than 65536 rows"));
    folder_write(&f->folder, "most", bytes, 2 * HOST_LINUX_CSV_ROWS_MAX);
    assert_int_equal(add_rows(f, "most", folder_path(&f->folder, "most"), 1, 0), 0);
    free(bytes);
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

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(registry_matches_classes),
        TEST(names_are_given_whole_or_not_at_all),
        TEST(devices_that_cannot_be_are_refused),
        TEST(the_registry_has_an_end),
        TEST(files_are_read_and_scaled),
        TEST(files_that_are_none_are_errors_for_the_guest),
        TEST(three_files_make_one_reading),
        TEST(files_without_path_or_factor_are_refused),
        TEST(waves_are_functions_of_time),
        TEST(waves_need_a_period),
        TEST(rows_are_read_whole_or_refused),
        TEST(rows_follow_the_clock_if_they_have_a_period),
        TEST(files_of_rows_that_are_none_are_silent),
        TEST(actuators_remember_and_tell),
        TEST(the_longest_line_of_an_actuator_is_one_line),
        TEST(describe_names_a_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
