/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/saul_actuator.c - devices that remember what was written, and tell people.
 * The line to the sink begins with the device's name, where lines of guests begin with a bracket: no guest can print one of these. */
#include "inner.h"

#include <stdio.h>
#include <string.h>

static int actuator_read(cg_host_t *host, struct host_saul_device *dev, cg_saul_phydat_t *data)
{
    (void)pthread_mutex_lock(&host->device_lock);
    *data = dev->u.written;
    (void)pthread_mutex_unlock(&host->device_lock);
    return dev->dims;
}

static void tell(cg_host_t *host, const struct host_saul_device *dev, const cg_saul_phydat_t *data, const char *guest)
{
    char line[256];
    size_t size = 0;
    host_escape(line, CG_SAUL_NAME_MAX, &size, dev->name, strlen(dev->name));
    size += (size_t)snprintf(line + size, sizeof line - size, " <-");
    for (uint8_t i = 0; i < dev->dims; i++) {
        size += (size_t)snprintf(line + size, sizeof line - size, " %d", data->val[i]);
    }
    size += (size_t)snprintf(line + size, sizeof line - size, " scale %d unit %u by ", data->scale, data->unit);
    host_escape(line, sizeof line - 1, &size, guest, strlen(guest));
    line[size++] = '\n';
    host_sink(host, line, size);
}

static int actuator_write(cg_host_t *host, struct host_saul_device *dev, const cg_saul_phydat_t *data, const char *guest)
{
    cg_saul_phydat_t taken = *data;
    for (uint8_t i = dev->dims; i < HOST_LINUX_DIMS_MAX; i++) {
        taken.val[i] = 0;
    }
    (void)pthread_mutex_lock(&host->device_lock);
    dev->u.written = taken;
    (void)pthread_mutex_unlock(&host->device_lock);
    tell(host, dev, &taken, guest);
    return dev->dims;
}

static const saul_driver_t actuator_driver = { actuator_read, actuator_write, NULL };

int host_linux_add_actuator(cg_host_t *host, const host_linux_device_t *device, const host_linux_actuator_t *actuator)
{
    int status;
    struct host_saul_device *dev = saul_device_new(host, device, actuator->dims, &actuator_driver, &status);
    if (dev == NULL) {
        return status;
    }
    dev->u.written.unit = device->unit;
    dev->u.written.scale = device->scale;
    saul_device_add(host, dev);
    return 0;
}
