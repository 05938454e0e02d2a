/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/saul.c - the saul API: the registry of devices, and the way to their drivers.
 * The registry is in the order of configuration and does not change once guests run. Drivers are in saul_file.c, saul_sim.c and
 * saul_actuator.c; each is a small table of functions. */
#include "inner.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CATEGORY_MASK = 0xc0 }; /* the top two bits of a class: actuator 01, sensor 10 */

/* ---- registry ---- */

int saul_refuse(cg_host_t *host, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(host->problem, sizeof host->problem, format, args);
    va_end(args);
    return HOST_LINUX_REFUSED;
}

static bool is_taken(const cg_host_t *host, const char *name)
{
    for (uint16_t i = 0; i < host->device_count; i++) {
        if (strcmp(host->devices[i]->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* A name is shown as it is, so it must be what escaping leaves alone. */
static bool is_printable(const char *name)
{
    char shown[4 * CG_SAUL_NAME_MAX];
    size_t size = 0;
    host_escape(shown, sizeof shown, &size, name, strlen(name));
    return size == strlen(name) && memcmp(shown, name, size) == 0;
}

static int check(cg_host_t *host, const host_linux_device_t *device, uint8_t dims)
{
    const char *name = device->name;
    if (name == NULL || name[0] == '\0' || strlen(name) > CG_SAUL_NAME_MAX) {
        return saul_refuse(host, "a device's name has 1 to %d bytes", CG_SAUL_NAME_MAX);
    }
    if (!is_printable(name)) {
        return saul_refuse(host, "a device's name holds characters that cannot be shown");
    }
    if (is_taken(host, name)) {
        return saul_refuse(host, "there is a device '%s' already; names are used once", name);
    }
    if (device->kind == CG_SAUL_CLASS_ANY || device->kind == CG_SAUL_CLASS_ACT_ANY || device->kind == CG_SAUL_CLASS_SENSE_ANY) {
        return saul_refuse(host, "device '%s' has a class that is only for searching; give it a class of its own", name);
    }
    if (device->scale < -HOST_LINUX_SCALE_MAX || device->scale > HOST_LINUX_SCALE_MAX) {
        return saul_refuse(host, "device '%s': the scale must be within -%d to %d", name, HOST_LINUX_SCALE_MAX, HOST_LINUX_SCALE_MAX);
    }
    if (dims < 1 || dims > HOST_LINUX_DIMS_MAX) {
        return saul_refuse(host, "device '%s' must have 1 to %d values", name, HOST_LINUX_DIMS_MAX);
    }
    if (host->device_count == HOST_LINUX_DEVICES_MAX) {
        return saul_refuse(host, "device '%s' is one too many; there is room for %d", name, HOST_LINUX_DEVICES_MAX);
    }
    return 0;
}

struct host_saul_device *saul_device_new(cg_host_t *host, const host_linux_device_t *device, uint8_t dims, const saul_driver_t *driver, int *status)
{
    host->problem[0] = '\0';
    *status = check(host, device, dims);
    if (*status != 0) {
        return NULL;
    }
    struct host_saul_device *dev = calloc(1, sizeof *dev);
    if (dev == NULL) {
        *status = HOST_LINUX_NO_MEMORY;
        return NULL;
    }
    dev->driver = driver;
    memcpy(dev->name, device->name, strlen(device->name) + 1);
    dev->kind = device->kind;
    dev->unit = device->unit;
    dev->scale = device->scale;
    dev->dims = dims;
    return dev;
}

void saul_device_add(cg_host_t *host, struct host_saul_device *dev)
{
    host->devices[host->device_count++] = dev;
}

void saul_device_free(struct host_saul_device *dev)
{
    if (dev->driver->free != NULL) {
        dev->driver->free(dev);
    }
    free(dev);
}

/* ---- calls ---- */

/* RIOT's registry compares classes as they are, and its header names three of them wildcards without ever matching them so; here they are. */
static bool is_match(const struct host_saul_device *dev, cg_saul_class_t kind)
{
    if (kind == CG_SAUL_CLASS_ANY) {
        return true;
    }
    if (kind == CG_SAUL_CLASS_ACT_ANY || kind == CG_SAUL_CLASS_SENSE_ANY) {
        return (dev->kind & CATEGORY_MASK) == kind;
    }
    return dev->kind == kind;
}

int host_saul_count(cg_call_t *call, cg_saul_class_t kind, uint16_t *devices)
{
    const cg_host_t *host = cg_call_host(call);
    *devices = 0;
    for (uint16_t i = 0; i < host->device_count; i++) {
        *devices = (uint16_t)(*devices + is_match(host->devices[i], kind));
    }
    return 0;
}

int host_saul_find(cg_call_t *call, cg_saul_class_t kind, uint8_t nth, struct host_saul_device **dev)
{
    const cg_host_t *host = cg_call_host(call);
    unsigned left = nth;
    for (uint16_t i = 0; i < host->device_count; i++) {
        if (is_match(host->devices[i], kind) && left-- == 0) {
            *dev = host->devices[i];
            return 0;
        }
    }
    return CG_SAUL_ERR_NOT_FOUND;
}

int host_saul_name(cg_call_t *call, struct host_saul_device *dev, cg_text_buffer_t *text)
{
    (void)call;
    return cg_text_set(text, dev->name);
}

/* What a driver gave: an error of the API, or a number of values. */
static int finish(int result, uint8_t *dims)
{
    if (result < 0) {
        return result;
    }
    *dims = (uint8_t)result;
    return 0;
}

int saul_read(cg_host_t *host, struct host_saul_device *dev, cg_saul_phydat_t *data, uint8_t *dims)
{
    if (dev->is_silent) {
        return CG_SAUL_ERR_IO;
    }
    if (dev->driver->read == NULL) {
        return CG_SAUL_ERR_NOT_SUPPORTED;
    }
    return finish(dev->driver->read(host, dev, data), dims);
}

int host_saul_read(cg_call_t *call, struct host_saul_device *dev, cg_saul_phydat_t *data, uint8_t *dims)
{
    return saul_read(cg_call_host(call), dev, data, dims);
}

int host_saul_write(cg_call_t *call, struct host_saul_device *dev, const cg_saul_phydat_t *data, uint8_t *dims)
{
    if (dev->driver->write == NULL) {
        return CG_SAUL_ERR_NOT_SUPPORTED;
    }
    return finish(dev->driver->write(cg_call_host(call), dev, data, cg_call_guest(call)), dims);
}
