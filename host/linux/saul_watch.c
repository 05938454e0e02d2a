/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/saul_watch.c - devices under watch: read at intervals by the host's clock, told where they changed. Devices stay as long as the host, so a watch never
 * outlives its device. */
#include "inner.h"

#include <stdlib.h>

struct host_saul_watch {
    clock_job_t job; /* first: the clock gives it back */
    cg_host_t *host;
    cg_guest_t *guest;
    struct host_saul_device *dev;
    uint32_t interval_ms;
    uint16_t threshold;
    bool has_told;
    uint8_t dims;
    cg_saul_phydat_t told; /* the last one */
};

static bool is_changed(const struct host_saul_watch *watch, const cg_saul_phydat_t *data, uint8_t dims)
{
    const cg_saul_phydat_t *told = &watch->told;
    bool is_far = !watch->has_told || dims != watch->dims || data->unit != told->unit || data->scale != told->scale || watch->threshold == 0;
    for (uint8_t i = 0; i < dims && !is_far; i++) {
        is_far = abs((int)data->val[i] - (int)told->val[i]) >= (int)watch->threshold;
    }
    return is_far;
}

/* A reading that fails is passed over; one that the guest has no room for counts as not told. Where nobody will ever be told, there is no further reading.
 * What is due next is later than the end of this reading: a slow device leaves the clock a rest. */
static bool sample(clock_job_t *job, uint64_t now_ms)
{
    struct host_saul_watch *watch = (struct host_saul_watch *)job;
    cg_saul_phydat_t data = {.unit = 0};
    uint8_t dims = 0;
    cg_post_t posted = CG_POST_LOST;
    if (saul_read(watch->host, watch->dev, &data, &dims) == 0 && is_changed(watch, &data, dims)) {
        posted = cg_post_saul_changed(watch->guest, watch, &data, dims);
        if (posted >= 0) {
            watch->has_told = true;
            watch->told = data;
            watch->dims = dims;
        }
    }
    const uint64_t after_ms = host_linux_now_ms();
    const uint64_t end_ms = after_ms > now_ms ? after_ms : now_ms;
    job->due_ms += (1 + (end_ms - job->due_ms) / watch->interval_ms) * watch->interval_ms;
    return posted != CG_POST_CLOSED;
}

int host_saul_watch(cg_call_t *call, struct host_saul_device *dev, uint32_t interval, uint16_t threshold, struct host_saul_watch **watch)
{
    cg_host_t *host = cg_call_host(call);
    if (dev->driver->read == NULL) {
        return CG_SAUL_ERR_NOT_SUPPORTED;
    }
    if (dev->is_silent) {
        return CG_SAUL_ERR_IO;
    }
    struct host_saul_watch *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return CG_ERR_QUOTA;
    }
    *made = (struct host_saul_watch){
        .job = {.due_ms = host_linux_now_ms(), .run = sample}, .host = host, .guest = cg_call_events(call), .dev = dev, .interval_ms = interval, .threshold = threshold,
    };
    if (!host_clock_add(host->clock, &made->job)) {
        free(made);
        return CG_ERR_QUOTA;
    }
    *watch = made;
    return 0;
}

void host_saul_watch_release(cg_host_t *host, struct host_saul_watch *watch)
{
    host_clock_remove(host->clock, &watch->job);
    free(watch);
}
