/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/saul_sim.c - devices that are computed: constant, sine, ramp, and rows of a file.
 * A reading is a function of the host's clock and of nothing else, but for rows without a period. Reads no file at a reading. */
#include "inner.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double two_pi = 6.283185307179586476925;

/* Which row now. Rows without a period are handed out one by one, to whichever guest asks. */
static uint32_t row_now(cg_host_t *host, struct host_saul_device *dev, uint64_t passed_ms)
{
    if (dev->u.sim.period_ms != 0) {
        return (uint32_t)(passed_ms / dev->u.sim.period_ms % dev->u.sim.row_count);
    }
    (void)pthread_mutex_lock(&host->device_lock);
    const uint32_t row = dev->u.sim.row_next;
    dev->u.sim.row_next = (row + 1) % dev->u.sim.row_count;
    (void)pthread_mutex_unlock(&host->device_lock);
    return row;
}

/* How far into the period, 0 up to but not including 1. */
static double phase_now(const struct host_saul_device *dev, uint64_t passed_ms)
{
    return (double)(passed_ms % dev->u.sim.period_ms) / (double)dev->u.sim.period_ms;
}

static int sim_read(cg_host_t *host, struct host_saul_device *dev, cg_saul_phydat_t *data)
{
    const double *low = dev->u.sim.low, *high = dev->u.sim.high;
    const uint64_t now_ms = host_clock_ms(host);
    const uint64_t passed_ms = now_ms > dev->u.sim.start_ms ? now_ms - dev->u.sim.start_ms : 0;
    const uint32_t row = dev->u.sim.wave == HOST_LINUX_CSV ? row_now(host, dev, passed_ms) : 0;
    double values[HOST_LINUX_DIMS_MAX];
    for (uint8_t i = 0; i < dev->dims; i++) {
        switch (dev->u.sim.wave) {
        case HOST_LINUX_CONSTANT:
            values[i] = low[i];
            break;
        case HOST_LINUX_SINE:
            values[i] = (low[i] + high[i]) / 2 + (high[i] - low[i]) / 2 * sin(two_pi * phase_now(dev, passed_ms));
            break;
        case HOST_LINUX_RAMP:
            values[i] = low[i] + (high[i] - low[i]) * phase_now(dev, passed_ms);
            break;
        case HOST_LINUX_CSV:
            values[i] = dev->u.sim.rows[(size_t)row * dev->dims + i];
            break;
        }
    }
    if (!host_phydat(data, values, dev->dims, dev->scale)) {
        return CG_SAUL_ERR_IO;
    }
    data->unit = dev->unit;
    return dev->dims;
}

static void sim_free(struct host_saul_device *dev)
{
    free(dev->u.sim.rows);
}

static const saul_driver_t sim_driver = { sim_read, NULL, sim_free };

/* Finite, and small enough that sums and differences stay so. */
static bool is_usable(double value)
{
    return isfinite(value) && fabs(value) <= 1e100;
}

static int check(cg_host_t *host, const host_linux_device_t *device, const host_linux_sim_t *sim)
{
    const bool has_period = sim->wave == HOST_LINUX_SINE || sim->wave == HOST_LINUX_RAMP;
    if ((unsigned)sim->wave > HOST_LINUX_CSV) {
        return saul_refuse(host, "device '%s': there is no such wave", device->name);
    }
    if (has_period && sim->period_ms == 0) {
        return saul_refuse(host, "device '%s' needs a period of at least 1 ms", device->name);
    }
    if (sim->wave == HOST_LINUX_CSV && (sim->path == NULL || sim->path[0] == '\0')) {
        return saul_refuse(host, "device '%s' needs the path of a file with its rows", device->name);
    }
    for (uint8_t i = 0; i < sim->dims && sim->wave != HOST_LINUX_CSV; i++) {
        if (!is_usable(sim->low[i]) || (has_period && !is_usable(sim->high[i]))) {
            return saul_refuse(host, "device '%s': its values must be numbers within +-1e100", device->name);
        }
    }
    return 0;
}

int host_linux_add_sim(cg_host_t *host, const host_linux_device_t *device, const host_linux_sim_t *sim)
{
    int status;
    struct host_saul_device *dev = saul_device_new(host, device, sim->dims, &sim_driver, &status);
    if (dev == NULL) {
        return status;
    }
    dev->u.sim.wave = sim->wave;
    memcpy(dev->u.sim.low, sim->low, sizeof sim->low);
    memcpy(dev->u.sim.high, sim->high, sizeof sim->high);
    dev->u.sim.period_ms = sim->period_ms;
    dev->u.sim.start_ms = host_clock_ms(host);
    status = check(host, device, sim);
    if (status == 0 && sim->wave == HOST_LINUX_CSV) {
        status = saul_csv_load(host, sim->path, sim->dims, &dev->u.sim.rows, &dev->u.sim.row_count);
        dev->is_silent = status == HOST_LINUX_REFUSED;
    }
    if (status == 0 || dev->is_silent) {
        saul_device_add(host, dev);
        return dev->is_silent ? HOST_LINUX_SILENT : 0;
    }
    saul_device_free(dev);
    return status;
}
