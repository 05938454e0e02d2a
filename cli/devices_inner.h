/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/devices_inner.h - one device between its text and the host. For devices*.c only. */
#ifndef CLI_DEVICES_INNER_H
#define CLI_DEVICES_INNER_H

#include "catalog.h"
#include "devices.h"
#include "yaml/kit.h"

typedef enum device_driver { DEVICE_FILE, DEVICE_SIM, DEVICE_ACTUATOR } device_driver_t;

/* A device that was read without fault, ready to be added. Texts live in the arena. */
typedef struct device {
    const yaml_node_t *node, *name; /* the whole entry, and its name */
    host_linux_device_t common;
    device_driver_t driver;
    host_linux_file_t file;
    host_linux_sim_t sim;
    host_linux_actuator_t actuator;
} device_t;

typedef struct devices_reader {
    arena_t *arena;
    diag_t *diag;
    const char *file;                   /* the devices file, for relative paths */
    const cg_type_info_t *class, *unit; /* enums of the API saul */
} devices_reader_t;

/* Read one entry: its driver decides which keys it has. False after an error. */
bool device_read(devices_reader_t *reader, const yaml_node_t *node, device_t *device);

#endif
