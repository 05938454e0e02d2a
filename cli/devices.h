/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/devices.h - a devices file, turned into devices of the Linux host.
 * doc/devices.md is the language. Knows the names of classes and units from the catalog. Never reads a sensor. */
#ifndef CLI_DEVICES_H
#define CLI_DEVICES_H

#include "callgate/set.h"
#include "host/linux/host.h"
#include "warning.h"
#include "yaml/diag.h"

#include <stdbool.h>
#include <stddef.h>

enum { DEVICES_SIZE_MAX = 256 * 1024 /* bytes of a devices file */ };

/* Read a devices file and add its devices to `host`, in order. Paths in it are relative to the file.
 * The catalog must have the API saul. Each fault is an error in `diag`, and then no device of the file may be counted on; devices that can only
 * give errors, such as one whose file is missing, are warnings. `arena` holds what is read; it may be freed when this returns, with the warnings.
 * False if there was an error. */
bool devices_read(arena_t *arena, diag_t *diag, warnings_t *warnings, const cg_catalog_t *catalog, cg_host_t *host, const char *file,
                  const char *bytes, size_t size);

#endif
