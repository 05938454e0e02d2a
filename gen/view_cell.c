/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_cell.c - how a call's cells are called, one after the other, for guests that write them themselves; and numbers in cells of 16 bits. */
#include "gen/view.h"

/* The name of what one slot carries. */
static const char *slot_name(view_maker_t *m, const plan_call_t *call, const plan_slot_t *slot)
{
    const model_item_t *item = call->args[slot->arg].item;
    const char *count = item->use.kind == MODEL_LIST ? "count" : "size";
    switch (slot->role) {
    case PLAN_ROLE_VALUE:
        return item->name;
    case PLAN_ROLE_PRESENT:
        return arena_printf(m->arena, "has_%s", item->name);
    case PLAN_ROLE_ADDRESS:
        return arena_printf(m->arena, "%s_at", item->name);
    case PLAN_ROLE_COUNT:
        return arena_printf(m->arena, "%s_%s", item->name, count);
    case PLAN_ROLE_CAPACITY:
        return arena_printf(m->arena, "%s_capacity", item->name);
    case PLAN_ROLE_COUNT_ADDRESS:
        return arena_printf(m->arena, "%s_%s_at", item->name, count);
    case PLAN_ROLE_HAS_ADDRESS:
        return arena_printf(m->arena, "has_%s_at", item->name);
    }
    return item->name;
}

/* One name a cell, the highest first. */
static void cells_add(view_maker_t *m, texts_t *list, const char *name, uint32_t cells)
{
    if (cells == 1) {
        view_add(m, list, name);
    } else if (cells == 2) {
        view_addf(m, list, "%s_high", name);
        view_addf(m, list, "%s_low", name);
    }
    for (uint32_t i = cells; cells > 2 && i > 0; i--) {
        view_addf(m, list, "%s_%u", name, i - 1);
    }
}

void view_call_cells(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < call->slot_count; i++) {
        cells_add(m, &list, slot_name(m, call, &call->slots[i]), call->slots[i].cells);
    }
    out->cells = view_list(&list);
    out->cell_count = (int64_t)list.count;
}

void view_event_cells(view_maker_t *m, const plan_event_t *event, view_event_t *out)
{
    texts_t list = {0};
    view_add(m, &list, event->event->from->name);
    for (uint32_t i = 0; i < event->event->data.count; i++) {
        const model_item_t *item = &event->event->data.at[i];
        const bool is_record = item->use.kind == MODEL_RECORD;
        cells_add(m, &list, is_record ? arena_printf(m->arena, "%s_at", item->name) : item->name, event->slots[i + 1].cells);
    }
    out->cells = view_list(&list);
    out->cell_count = (int64_t)list.count;
}

const view_cells_t *view_number_cells(view_maker_t *m, int64_t value)
{
    view_cells_t *cells = arena_alloc(m->arena, sizeof *cells);
    if (value >= INT16_MIN && value <= UINT16_MAX) {
        cells->one = arena_printf(m->arena, "%d", (int)value);
    } else if (value >= INT32_MIN && value <= UINT32_MAX) {
        cells->high = arena_printf(m->arena, "%u", (uint32_t)value >> 16);
        cells->low = arena_printf(m->arena, "%u", (uint32_t)value & 0xffffu);
    }
    return cells->one != NULL || cells->high != NULL ? cells : NULL;
}
