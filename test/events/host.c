/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - the host functions of bell; those of event are host/linux/event.c. */
#include "host.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void tell(cg_host_t *host, const char *format, ...)
{
    const size_t used = strlen(host->text);
    va_list parts;
    va_start(parts, format);
    if (used + 32 < TEXT_MAX) {
        (void)vsnprintf(host->text + used, TEXT_MAX - used, format, parts);
    }
    va_end(parts);
}

int host_bell_hang(cg_call_t *call, uint8_t name, struct host_bell_bell **bell)
{
    cg_host_t *host = cg_call_host(call);
    if (host->count == BELLS_MAX) {
        return CG_ERR_QUOTA;
    }
    *bell = &host->bells[host->count++];
    **bell = (struct host_bell_bell){.name = name, .is_out = true, .guest = cg_call_events(call)};
    return CG_OK;
}

void host_bell_bell_release(cg_host_t *host, struct host_bell_bell *bell)
{
    tell(host, bell->is_out ? "~%u " : "twice-%u ", bell->name);
    host->released_twice += !bell->is_out;
    bell->is_out = false;
    host->released += 1;
}

int host_bell_ring(cg_call_t *call, struct host_bell_bell *bell, uint8_t times)
{
    (void)call;
    for (uint32_t n = 1; n <= times; n++) {
        (void)cg_post_bell_rang(bell->guest, bell, n);
    }
    return CG_OK;
}

int host_bell_report(cg_call_t *call, int64_t value)
{
    cg_host_t *host = cg_call_host(call);
    host->reports += 1;
    tell(host, "%lld ", (long long)value);
    if (host->reports == host->ends_at) {
        cg_guest_end(cg_call_events(call));
        tell(host, "%s ", cg_guest_state(cg_call_events(call)) == CG_STATE_DYING ? "dying" : "not-dying");
    }
    return CG_OK;
}
