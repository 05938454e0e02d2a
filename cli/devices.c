/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/devices.c - the devices file as a whole: version, list, names used once, and handing the devices to the host.
 * One entry is read by devices_driver.c. Adds nothing to the host before the whole file was found good. */
#include "devices_inner.h"

#include <string.h>

enum { KEY_VERSION, KEY_DEVICES, KEY_COUNT };

static const yaml_key_t devices_keys[KEY_COUNT] = {
    [KEY_VERSION] = {.name = "callgate_devices", .is_required = true},
    [KEY_DEVICES] = {.name = "devices", .is_required = true},
};

static const yaml_table_t devices_table = {"a devices file", devices_keys, KEY_COUNT};

static void devices_version(devices_reader_t *reader, const yaml_node_t *node)
{
    yaml_number_t version;
    if (node != NULL && yaml_want_number(reader->diag, node, "'callgate_devices'", &version) && (version.is_negative || version.magnitude != 1)) {
        diag_error(reader->diag, node->at, "this is version %s of the devices file, and only version 1 is known", node->text);
    }
}

static void devices_names(devices_reader_t *reader, const device_t *devices, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            if (strcmp(devices[i].common.name, devices[k].common.name) == 0) {
                diag_error(reader->diag, devices[i].name->at, "there is a device '%s' already", devices[i].common.name);
                diag_note(reader->diag, devices[k].name->at, "it is first given here");
                break;
            }
        }
    }
}

static int device_add(cg_host_t *host, const device_t *device)
{
    switch (device->driver) {
    case DEVICE_FILE:
        return host_linux_add_file(host, &device->common, &device->file);
    case DEVICE_SIM:
        return host_linux_add_sim(host, &device->common, &device->sim);
    case DEVICE_ACTUATOR:
        return host_linux_add_actuator(host, &device->common, &device->actuator);
    }
    return HOST_LINUX_REFUSED;
}

static void devices_add(devices_reader_t *reader, warnings_t *warnings, cg_host_t *host, const device_t *devices, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const int result = device_add(host, &devices[i]);
        if (result == HOST_LINUX_SILENT) {
            warning_add(warnings, reader->arena, devices[i].node->at, "device '%s' will give only errors: %s", devices[i].common.name,
                        host_linux_problem(host));
        } else if (result == HOST_LINUX_NO_MEMORY) {
            diag_error(reader->diag, devices[i].node->at, "there is no memory for device '%s'", devices[i].common.name);
        } else if (result != 0) {
            diag_error(reader->diag, devices[i].node->at, "%s", host_linux_problem(host));
        }
    }
}

static device_t *devices_list(devices_reader_t *reader, const yaml_node_t *list, uint32_t *count)
{
    *count = 0;
    if (list == NULL || !yaml_want(reader->diag, list, YAML_LIST, "'devices'")) {
        return NULL;
    }
    if (list->count > HOST_LINUX_DEVICES_MAX) {
        diag_error(reader->diag, list->at, "there are %u devices, and %d is the most", (unsigned)list->count, HOST_LINUX_DEVICES_MAX);
        return NULL;
    }
    device_t *devices = arena_array(reader->arena, list->count, sizeof *devices);
    for (uint32_t i = 0; i < list->count; i++) {
        if (device_read(reader, list->kids[i], &devices[*count])) {
            (*count)++;
        }
    }
    return devices;
}

static const cg_type_info_t *devices_enum(const cg_catalog_t *catalog, const char *name)
{
    const cg_api_info_t *saul = catalog_api(catalog, "saul");
    for (uint32_t i = 0; saul != NULL && i < saul->type_count; i++) {
        if (saul->types[i]->kind == CG_KIND_ENUM && strcmp(saul->types[i]->name, name) == 0) {
            return saul->types[i];
        }
    }
    return NULL;
}

bool devices_read(arena_t *arena, diag_t *diag, warnings_t *warnings, const cg_catalog_t *catalog, cg_host_t *host, const char *file,
                  const char *bytes, size_t size)
{
    const uint32_t before = diag_count(diag);
    devices_reader_t reader = {arena, diag, file, devices_enum(catalog, "class"), devices_enum(catalog, "unit")};
    const yaml_node_t *root = yaml_read(arena, diag, file, bytes, size, DEVICES_SIZE_MAX);
    if (root == NULL) {
        return false;
    }
    if (reader.class == NULL || reader.unit == NULL) {
        diag_error(diag, (yaml_pos_t){root->at.source, YAML_POS_FILE}, "this command was built without the API saul, so it has no devices");
        return false;
    }
    const yaml_node_t *values[KEY_COUNT];
    (void)yaml_keys(diag, root, &devices_table, values);
    devices_version(&reader, values[KEY_VERSION]);
    uint32_t count = 0;
    const device_t *devices = devices_list(&reader, values[KEY_DEVICES], &count);
    devices_names(&reader, devices, count);
    if (diag_count(diag) == before) {
        devices_add(&reader, warnings, host, devices, count);
    }
    return diag_count(diag) == before;
}
