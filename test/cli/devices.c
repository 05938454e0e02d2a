/* SPDX-License-Identifier: BSD-2-Clause */
/* test/cli/devices.c - devices files against a host that only takes notes.
 * Every file in devices/ is refused with exactly the messages of its .expected file; CALLGATE_GOLDEN=rewrite writes them anew. */
#include "cli/devices.h"

#include "cli/file.h"
#include "test/policy/catalog.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* ---- a host that takes notes ---- */

struct cg_host {
    char notes[4096];
    size_t size;
};

static void note(cg_host_t *host, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n = vsnprintf(host->notes + host->size, sizeof host->notes - host->size, format, args);
    va_end(args);
    assert_true(n >= 0 && (size_t)n < sizeof host->notes - host->size);
    host->size += (size_t)n;
}

static void note_common(cg_host_t *host, const char *driver, const host_linux_device_t *device)
{
    note(host, "%s %s class %u unit %u scale %d", driver, device->name, device->kind, device->unit, device->scale);
}

int host_linux_add_file(cg_host_t *host, const host_linux_device_t *device, const host_linux_file_t *file)
{
    note_common(host, "file", device);
    note(host, " (x %+g) * %g / %g", file->offset, file->multiply, file->divide);
    for (unsigned i = 0; i < file->dims; i++) {
        note(host, " %s", file->paths[i]);
    }
    note(host, "\n");
    return 0;
}

int host_linux_add_sim(cg_host_t *host, const host_linux_device_t *device, const host_linux_sim_t *sim)
{
    static const char *const waves[] = {"constant", "sine", "ramp", "csv"};
    note_common(host, waves[sim->wave], device);
    for (unsigned i = 0; i < sim->dims; i++) {
        note(host, " %g..%g", sim->low[i], sim->high[i]);
    }
    note(host, " period %u%s%s\n", sim->period_ms, sim->path != NULL ? " " : "", sim->path != NULL ? sim->path : "");
    return sim->path != NULL && strstr(sim->path, "missing") != NULL ? HOST_LINUX_SILENT : 0;
}

int host_linux_add_actuator(cg_host_t *host, const host_linux_device_t *device, const host_linux_actuator_t *actuator)
{
    note_common(host, "actuator", device);
    note(host, " dims %u\n", actuator->dims);
    return strcmp(device->name, "refused") == 0 ? HOST_LINUX_REFUSED : 0;
}

const char *host_linux_problem(const cg_host_t *host)
{
    (void)host;
    return "the host's own reason";
}

/* ---- reading ---- */

/* Messages of reading `text`, warnings last; malloc'd. */
static char *read_devices(const char *path, const char *text, size_t size, cg_host_t *host, bool *is_good)
{
    arena_t arena;
    diag_t diag;
    warnings_t warnings = {NULL, NULL};
    arena_init(&arena);
    diag_init(&diag);
    *is_good = devices_read(&arena, &diag, &warnings, &test_catalog, host, path, text, size);
    assert_int_equal(*is_good, diag_count(&diag) == 0);
    char *messages = NULL;
    size_t messages_size = 0;
    FILE *out = open_memstream(&messages, &messages_size);
    assert_non_null(out);
    diag_print(&diag, out);
    warnings_print(&warnings, out);
    fclose(out);
    diag_free(&diag);
    arena_free(&arena);
    return messages;
}

static const char good[] =
    "callgate_devices: 1\n"
    "devices:\n"
    "  - {name: cpu, class: sense_temp, driver: file, unit: temp_c, scale: -2, path: /sys/temp, divide: 1000}\n"
    "  - {name: accel, class: sense_hum, driver: file, unit: none, path: [x, sub/y, ../z], offset: -4, multiply: 2.5e-1}\n"
    "  - {name: still, class: sense_temp, driver: sim, unit: temp_c, wave: constant, value: [21.5, -3, 1e2]}\n"
    "  - {name: sim-temp, class: sense_temp, driver: sim, unit: temp_c, scale: -2, wave: sine, low: 18, high: 24, period_ms: 60000}\n"
    "  - {name: saw, class: sense_temp, driver: sim, unit: temp_c, scale: 20, wave: ramp, low: [1, 2], high: [3, 4], period_ms: 1}\n"
    "  - {name: replay, class: sense_temp, driver: sim, unit: temp_c, wave: csv, path: rows.csv, dims: 2}\n"
    "  - {name: gone, class: sense_temp, driver: sim, unit: temp_c, wave: csv, path: missing.csv, period_ms: 500}\n"
    "  - {name: relay, class: act_switch, driver: actuator}\n"
    "  - {name: lamp, class: act_switch, driver: actuator, dims: 3, unit: undef, scale: -20}\n";

static void devices_reach_the_host_in_order_with_paths_beside_the_file(void **state)
{
    (void)state;
    cg_host_t host = {.size = 0};
    bool is_good = false;
    char *messages = read_devices("some/where/devices.yaml", good, sizeof good - 1, &host, &is_good);
    assert_true(is_good);
    assert_string_equal(host.notes, "file cpu class 130 unit 2 scale -2 (x +0) * 1 / 1000 /sys/temp\n"
                                    "file accel class 131 unit 1 scale 0 (x -4) * 0.25 / 1 some/where/x some/where/sub/y some/where/../z\n"
                                    "constant still class 130 unit 2 scale 0 21.5..0 -3..0 100..0 period 0\n"
                                    "sine sim-temp class 130 unit 2 scale -2 18..24 period 60000\n"
                                    "ramp saw class 130 unit 2 scale 20 1..3 2..4 period 1\n"
                                    "csv replay class 130 unit 2 scale 0 0..0 0..0 period 0 some/where/rows.csv\n"
                                    "csv gone class 130 unit 2 scale 0 0..0 period 500 some/where/missing.csv\n"
                                    "actuator relay class 68 unit 1 scale 0 dims 1\n"
                                    "actuator lamp class 68 unit 0 scale -20 dims 3\n");
    assert_string_equal(messages, "some/where/devices.yaml:9:5: warning: device 'gone' will give only errors: the host's own reason\n");
    free(messages);
}

static void an_empty_list_is_a_good_file(void **state)
{
    (void)state;
    static const char text[] = "callgate_devices: 1\ndevices: []\n";
    cg_host_t host = {.size = 0};
    bool is_good = false;
    char *messages = read_devices("devices.yaml", text, sizeof text - 1, &host, &is_good);
    assert_true(is_good);
    assert_string_equal(messages, "");
    assert_int_equal(host.size, 0);
    free(messages);
}

/* ---- bad files ---- */

static bool is_as_expected(const char *path)
{
    cg_host_t host = {.size = 0};
    uint8_t *bytes = NULL, *expected = NULL;
    size_t size = 0, expected_size = 0;
    const char *why = "", *mode = getenv("CALLGATE_GOLDEN");
    bool is_good = true;
    assert_int_equal(file_read(path, 1 << 20, &bytes, &size, &why), FILE_OK);
    char *actual = read_devices(path, (const char *)bytes, size, &host, &is_good);
    char *expected_path = file_with_extension(path, ".expected");
    if (mode != NULL && strcmp(mode, "rewrite") == 0) {
        assert_int_equal(file_write(expected_path, actual, strlen(actual), &why), FILE_OK);
    }
    const bool is_there = file_read(expected_path, 1 << 20, &expected, &expected_size, &why) == FILE_OK;
    const bool is_same = is_there && !is_good && strcmp((char *)expected, actual) == 0;
    const bool is_untouched = host.size == 0 || strstr(path, "host_refuses") != NULL;
    if (!is_same || !is_untouched) {
        fprintf(stderr, "%s\n--- wanted:\n%s--- got:\n%s%s", path, is_there ? (char *)expected : "(nothing)\n", actual, host.notes);
    }
    free(expected_path);
    free(expected);
    free(actual);
    free(bytes);
    return is_same && is_untouched;
}

static void bad_files_are_refused_before_any_device_is_added(void **state)
{
    (void)state;
    size_t count = 0, wrong = 0;
    DIR *folder = opendir("devices");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[300];
        if (strstr(entry->d_name, ".yaml") != NULL) {
            snprintf(path, sizeof path, "devices/%s", entry->d_name);
            wrong += !is_as_expected(path);
            count++;
        }
    }
    closedir(folder);
    print_message("%zu devices files, %zu not as expected\n", count, wrong);
    assert_true(count >= 20);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(devices_reach_the_host_in_order_with_paths_beside_the_file),
        cmocka_unit_test(an_empty_list_is_a_good_file),
        cmocka_unit_test(bad_files_are_refused_before_any_device_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
