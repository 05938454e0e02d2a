/* SPDX-License-Identifier: BSD-2-Clause */
/* event.c - an event's source and data as values for a handler. */
#include "inside.h"

const cg_ev_info_t *cg_object_find_event(const cg_catalog_t *catalog, uint32_t index, const cg_api_info_t **api)
{
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        for (uint32_t k = 0; k < catalog->apis[i].event_count; k++) {
            if (catalog->apis[i].events[k].index == index) {
                *api = &catalog->apis[i];
                return &catalog->apis[i].events[k];
            }
        }
    }
    return NULL;
}

const cg_ev_info_t *cg_object_event(cg_guest_t *g, const cg_ev_delivery_t *delivery, const cg_api_info_t **api)
{
    uint64_t slots[CG_EV_SLOTS_MAX] = {0};
    cg_event_block(g, delivery, 0, object_of(g)->window.bytes, slots);
    return cg_object_find_event(g->kind->catalog, delivery->event, api);
}

bool cg_object_datum(cg_guest_t *g, const cg_ev_info_t *event, uint32_t nth, cg_value_t *value)
{
    const cg_object_t *object = object_of(g);
    if (nth == 0) {
        return object->ops->make_handle(object->vm, event->from, cg_load32(object->window.bytes), true, value);
    }
    const cg_item_info_t *item = &event->args[nth - 1];
    return object_give(object, (cg_kind_t)item->kind, item->type, false, object->window.bytes + CG_EV_HEAD + item->offset, value);
}
