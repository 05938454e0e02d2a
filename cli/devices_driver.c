/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/devices_driver.c - one device: what all have, then the keys of its driver.
 * Each driver, and each wave of `sim`, has its own table of keys, so that a key that would do nothing is refused. */
#include "devices_inner.h"
#include "file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One list of keys for all tables: tables say which of them they know. */
#define DEVICE_COMMON {.name = "name", .is_required = true}, {.name = "class", .is_required = true}, {.name = "driver", .is_required = true}
#define DEVICE_READING {.name = "unit", .is_required = true}, {.name = "scale"}

static const yaml_key_t file_keys[] = {
    DEVICE_COMMON, DEVICE_READING, {.name = "path", .is_required = true}, {.name = "offset"}, {.name = "multiply"}, {.name = "divide"}};
static const yaml_key_t constant_keys[] = {DEVICE_COMMON, DEVICE_READING, {.name = "wave", .is_required = true}, {.name = "value", .is_required = true}};
static const yaml_key_t wave_keys[] = {DEVICE_COMMON, DEVICE_READING, {.name = "wave", .is_required = true}, {.name = "low", .is_required = true},
                                       {.name = "high", .is_required = true}, {.name = "period_ms", .is_required = true}};
static const yaml_key_t csv_keys[] = {DEVICE_COMMON, DEVICE_READING, {.name = "wave", .is_required = true}, {.name = "path", .is_required = true},
                                      {.name = "dims"}, {.name = "period_ms"}};
static const yaml_key_t actuator_keys[] = {DEVICE_COMMON, {.name = "unit"}, {.name = "scale"}, {.name = "dims"}};

enum { KEYS_MAX = 9 };
#define DEVICE_TABLE(what, keys) {what, keys, sizeof(keys) / sizeof(keys)[0]}

static const struct {
    const char *driver, *wave; /* wave: NULL where the driver has none */
    device_driver_t kind;
    host_linux_wave_t wave_kind;
    yaml_table_t table;
} device_forms[] = {
    {"file", NULL, DEVICE_FILE, HOST_LINUX_CONSTANT, DEVICE_TABLE("a device of driver file", file_keys)},
    {"sim", "constant", DEVICE_SIM, HOST_LINUX_CONSTANT, DEVICE_TABLE("a simulated constant", constant_keys)},
    {"sim", "sine", DEVICE_SIM, HOST_LINUX_SINE, DEVICE_TABLE("a simulated sine", wave_keys)},
    {"sim", "ramp", DEVICE_SIM, HOST_LINUX_RAMP, DEVICE_TABLE("a simulated ramp", wave_keys)},
    {"sim", "csv", DEVICE_SIM, HOST_LINUX_CSV, DEVICE_TABLE("a simulation from CSV", csv_keys)},
    {"actuator", NULL, DEVICE_ACTUATOR, HOST_LINUX_CONSTANT, DEVICE_TABLE("a device of driver actuator", actuator_keys)},
};

enum { FORM_COUNT = sizeof device_forms / sizeof device_forms[0] };

/* ---- small values ---- */

static bool device_enum(devices_reader_t *reader, const yaml_node_t *node, const cg_type_info_t *type, const char *what, uint8_t *number)
{
    const char *name = NULL;
    if (!yaml_want_text(reader->diag, node, what, &name)) {
        return false;
    }
    const cg_value_info_t *value = catalog_value(type, name);
    if (value != NULL && value->value >= 0 && value->value <= UINT8_MAX) {
        *number = (uint8_t)value->value;
        return true;
    }
    diag_error(reader->diag, node->at, "there is no %s '%s'", type->name, name);
    yaml_near_t near;
    yaml_near_init(&near, name);
    for (uint32_t i = 0; i < type->value_count; i++) {
        yaml_near_try(&near, type->values[i].name);
    }
    yaml_near_help(reader->diag, &near);
    return false;
}

static bool device_real(devices_reader_t *reader, const yaml_node_t *node, const char *what, double *value)
{
    if (!yaml_want(reader->diag, node, YAML_SCALAR, what)) {
        return false;
    }
    const yaml_looks_t looks = yaml_looks(node);
    const bool is_decimal = (looks == YAML_LOOKS_INT || looks == YAML_LOOKS_FLOAT) && strpbrk(node->text, "xoinIN") == NULL;
    *value = is_decimal ? strtod(node->text, NULL) : 0;
    if (is_decimal && isfinite(*value)) {
        return true;
    }
    diag_error(reader->diag, node->at, "%s must be a decimal number, not '%s'", what, node->text);
    return false;
}

/* One number, or a list of one to three. */
static bool device_reals(devices_reader_t *reader, const yaml_node_t *node, const char *what, double *values, uint8_t *count)
{
    if (node->kind != YAML_LIST) {
        *count = 1;
        return device_real(reader, node, what, values);
    }
    if (node->count < 1 || node->count > HOST_LINUX_DIMS_MAX) {
        diag_error(reader->diag, node->at, "%s must have 1 to %d values, not %u", what, HOST_LINUX_DIMS_MAX, (unsigned)node->count);
        return false;
    }
    bool is_good = true;
    for (uint32_t i = 0; i < node->count; i++) {
        is_good = device_real(reader, node->kids[i], what, &values[i]) && is_good;
    }
    *count = (uint8_t)node->count;
    return is_good;
}

/* A path as seen from the devices file. */
static bool device_path(devices_reader_t *reader, const yaml_node_t *node, const char **path)
{
    const char *text = NULL;
    if (!yaml_want_text(reader->diag, node, "'path'", &text)) {
        return false;
    }
    if (text[0] == '\0') {
        diag_error(reader->diag, node->at, "'path' is empty");
        return false;
    }
    char *full = file_beside(reader->file, text);
    *path = arena_text(reader->arena, full, strlen(full));
    free(full);
    return true;
}

static bool device_between(devices_reader_t *reader, const yaml_node_t *node, const char *what, int64_t min, int64_t max, int64_t *value)
{
    return node == NULL || yaml_want_between(reader->diag, node, what, min, max, value);
}

/* ---- drivers ---- */

/* A number that the entry may have; what is not there keeps its value. */
static bool device_factor(devices_reader_t *reader, const yaml_node_t *entry, const char *key, bool may_be_zero, double *value)
{
    const yaml_node_t *node = yaml_map_get(entry, key);
    const char *what = arena_printf(reader->arena, "'%s'", key);
    if (node == NULL) {
        return true;
    }
    if (!device_real(reader, node, what, value)) {
        return false;
    }
    if (*value == 0 && !may_be_zero) {
        diag_error(reader->diag, node->at, "%s must not be 0", what);
        return false;
    }
    return true;
}

static bool device_file(devices_reader_t *reader, device_t *device)
{
    const yaml_node_t *path = yaml_map_get(device->node, "path");
    host_linux_file_t *file = &device->file;
    *file = (host_linux_file_t){.dims = 1, .multiply = 1, .divide = 1};
    bool is_good = device_factor(reader, device->node, "offset", true, &file->offset);
    is_good = device_factor(reader, device->node, "multiply", false, &file->multiply) && is_good;
    is_good = device_factor(reader, device->node, "divide", false, &file->divide) && is_good;
    if (path->kind != YAML_LIST) {
        return device_path(reader, path, &file->paths[0]) && is_good;
    }
    if (path->count < 1 || path->count > HOST_LINUX_DIMS_MAX) {
        diag_error(reader->diag, path->at, "'path' must have 1 to %d values, not %u", HOST_LINUX_DIMS_MAX, (unsigned)path->count);
        return false;
    }
    file->dims = (uint8_t)path->count;
    for (uint32_t i = 0; i < path->count; i++) {
        is_good = device_path(reader, path->kids[i], &file->paths[i]) && is_good;
    }
    return is_good;
}

static bool device_csv(devices_reader_t *reader, device_t *device)
{
    int64_t dims = 1, period_ms = 0;
    bool is_good = device_path(reader, yaml_map_get(device->node, "path"), &device->sim.path);
    is_good = device_between(reader, yaml_map_get(device->node, "dims"), "'dims'", 1, HOST_LINUX_DIMS_MAX, &dims) && is_good;
    is_good = device_between(reader, yaml_map_get(device->node, "period_ms"), "'period_ms'", 0, UINT32_MAX, &period_ms) && is_good;
    device->sim.dims = (uint8_t)dims;
    device->sim.period_ms = (uint32_t)period_ms;
    return is_good;
}

static bool device_wave(devices_reader_t *reader, device_t *device)
{
    host_linux_sim_t *sim = &device->sim;
    if (sim->wave == HOST_LINUX_CONSTANT) {
        return device_reals(reader, yaml_map_get(device->node, "value"), "'value'", sim->low, &sim->dims);
    }
    const yaml_node_t *high = yaml_map_get(device->node, "high");
    uint8_t high_dims = 0;
    int64_t period_ms = 0;
    bool is_good = device_reals(reader, yaml_map_get(device->node, "low"), "'low'", sim->low, &sim->dims);
    is_good = device_reals(reader, high, "'high'", sim->high, &high_dims) && is_good;
    is_good = device_between(reader, yaml_map_get(device->node, "period_ms"), "'period_ms'", 1, UINT32_MAX, &period_ms) && is_good;
    sim->period_ms = (uint32_t)period_ms;
    if (is_good && sim->dims != high_dims) {
        diag_error(reader->diag, high->at, "'low' has %u values and 'high' has %u", (unsigned)sim->dims, (unsigned)high_dims);
        return false;
    }
    return is_good;
}

static bool device_own(devices_reader_t *reader, device_t *device)
{
    int64_t dims = 1;
    switch (device->driver) {
    case DEVICE_FILE:
        return device_file(reader, device);
    case DEVICE_SIM:
        return device->sim.wave == HOST_LINUX_CSV ? device_csv(reader, device) : device_wave(reader, device);
    case DEVICE_ACTUATOR:
        if (!device_between(reader, yaml_map_get(device->node, "dims"), "'dims'", 1, HOST_LINUX_DIMS_MAX, &dims)) {
            return false;
        }
        device->actuator.dims = (uint8_t)dims;
        return true;
    }
    return false;
}

/* ---- an entry ---- */

static bool device_common(devices_reader_t *reader, device_t *device)
{
    int64_t scale = 0;
    host_linux_device_t *common = &device->common;
    const yaml_node_t *unit = yaml_map_get(device->node, "unit");
    device->name = yaml_map_get(device->node, "name");
    bool is_good = yaml_want_text(reader->diag, device->name, "'name'", &common->name);
    is_good = device_enum(reader, yaml_map_get(device->node, "class"), reader->class, "'class'", &common->kind) && is_good;
    if (unit != NULL) {
        is_good = device_enum(reader, unit, reader->unit, "'unit'", &common->unit) && is_good;
    } else {
        const cg_value_info_t *none = catalog_value(reader->unit, "none");
        common->unit = none != NULL ? (uint8_t)none->value : 0;
    }
    is_good = device_between(reader, yaml_map_get(device->node, "scale"), "'scale'", -HOST_LINUX_SCALE_MAX, HOST_LINUX_SCALE_MAX, &scale) && is_good;
    common->scale = (int8_t)scale;
    return is_good;
}

/* Which form an entry has, by its driver and wave; FORM_COUNT after an error. */
static size_t device_form(devices_reader_t *reader, const yaml_node_t *node)
{
    const yaml_node_t *keys[] = {yaml_map_get(node, "driver"), yaml_map_get(node, "wave")};
    const char *driver = NULL, *wave = NULL;
    if (keys[0] == NULL) {
        diag_error(reader->diag, node->at, "a device needs the key 'driver'");
        diag_help(reader->diag, "the drivers are file, sim and actuator");
        return FORM_COUNT;
    }
    if (!yaml_want_text(reader->diag, keys[0], "'driver'", &driver)) {
        return FORM_COUNT;
    }
    const bool is_sim = strcmp(driver, "sim") == 0;
    if (is_sim && keys[1] != NULL && !yaml_want_text(reader->diag, keys[1], "'wave'", &wave)) {
        return FORM_COUNT;
    }
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (strcmp(device_forms[i].driver, driver) == 0 && (!is_sim || (wave != NULL && strcmp(device_forms[i].wave, wave) == 0))) {
            return i;
        }
    }
    if (!is_sim) {
        diag_error(reader->diag, keys[0]->at, "there is no driver '%s'", driver);
        diag_help(reader->diag, "the drivers are file, sim and actuator");
    } else if (wave == NULL) {
        diag_error(reader->diag, node->at, "a device of driver sim needs the key 'wave'");
        diag_help(reader->diag, "the waves are constant, sine, ramp and csv");
    } else {
        diag_error(reader->diag, keys[1]->at, "there is no wave '%s'", wave);
        diag_help(reader->diag, "the waves are constant, sine, ramp and csv");
    }
    return FORM_COUNT;
}

bool device_read(devices_reader_t *reader, const yaml_node_t *node, device_t *device)
{
    const yaml_node_t *values[KEYS_MAX];
    *device = (device_t){.node = node};
    if (!yaml_want(reader->diag, node, YAML_MAP, "a device")) {
        return false;
    }
    const size_t form = device_form(reader, node);
    if (form == FORM_COUNT || !yaml_keys(reader->diag, node, &device_forms[form].table, values)) {
        return false;
    }
    device->driver = device_forms[form].kind;
    device->sim.wave = device_forms[form].wave_kind;
    const bool is_good = device_common(reader, device);
    return device_own(reader, device) && is_good;
}
