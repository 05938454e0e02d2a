/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/event.c - api/event.yaml: the gate itself has the events; how to wait is the integrator's cg_guest_config_t.wait. */
#include "host_event.h"

#include <string.h>

int host_event_wait(cg_call_t *call, uint32_t timeout, cg_event_record_t *event)
{
    cg_ev_head_t head;
    _Static_assert(sizeof event->data == CG_EV_DATA_MAX, "the data of an event fit");
    const int result = cg_event_wait(call, timeout, &head, event->data);
    if (result != CG_OK) {
        return result > 0 ? CG_EVENT_ERR_TIMEOUT : result;
    }
    event->handle = head.handle;
    event->api = head.api;
    event->id = head.id;
    event->lost = head.lost;
    event->size = head.size;
    return CG_OK;
}

uint32_t host_event_lost(cg_call_t *call)
{
    return cg_event_lost(call);
}
