/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/device_test.c - sensors: files that are right and wrong, computed devices at told times, rows of a file. */
#include "saul_fixture.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- files ---- */

typedef struct file_case {
    const char *name, *text;
    double offset, multiply, divide;
    int8_t scale;
    int result; /* 0, then val and result_scale hold */
    int16_t val;
    int8_t result_scale;
} file_case_t;

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_read_and_scaled),
        TEST(files_that_are_none_are_errors_for_the_guest),
        TEST(three_files_make_one_reading),
        TEST(files_without_path_or_factor_are_refused),
        TEST(waves_are_functions_of_time),
        TEST(waves_need_a_period),
        TEST(rows_are_read_whole_or_refused),
        TEST(rows_follow_the_clock_if_they_have_a_period),
        TEST(files_of_rows_that_are_none_are_silent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
