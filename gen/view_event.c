/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_event.c - events: the host's post function, the way into the handler's slots, the guest's declaration. */
#include "gen/view_guest.h"

/* How one datum gets into its slot: extended to 64 bits by its sign, floats as their bits, records as where they lie in the block. */
static void slot_line(view_maker_t *m, const plan_event_t *event, uint32_t i, texts_t *lines)
{
    const model_item_t *item = &event->event->data.at[i];
    const model_kind_t kind = model_carrier(&item->use);
    const uint32_t slot = i + 1;
    if (item->use.kind == MODEL_RECORD) {
        view_addf(m, lines, "slots[%u] = at + %uu;", slot, event->record->fields[i].offset);
    } else if (model_kind_is_float(kind)) {
        const uint32_t bits = model_kind_bits(kind);
        view_addf(m, lines, "{ uint%u_t bits; memcpy(&bits, &from->%s, %u); slots[%u] = bits; }", bits, item->name, bits / 8, slot);
    } else if (model_kind_is_signed(kind)) {
        view_addf(m, lines, "slots[%u] = (uint64_t)(int64_t)from->%s;", slot, item->name);
    } else {
        view_addf(m, lines, "slots[%u] = from->%s;", slot, item->name);
    }
}

static void params_view(view_maker_t *m, const plan_api_t *api, const plan_event_t *plan, view_event_t *out)
{
    const model_event_t *event = plan->event;
    texts_t host = {0}, guest = {0}, fill = {0}, args = {0};
    const char *name = api->model->name;
    view_addf(m, &guest, "%s_%s_t %s", name, event->from->name, event->from->name);
    for (uint32_t i = 0; i < event->data.count; i++) {
        const model_item_t *item = &event->data.at[i];
        const bool is_record = item->use.kind == MODEL_RECORD;
        view_host_param(m, name, item, &host);
        view_addf(m, &guest, is_record ? "const %s *%s" : "%s %s", view_guest_type(m, name, &item->use), item->name);
        view_addf(m, &fill, is_record ? "event_.%s = *%s;" : "event_.%s = %s;", item->name, item->name);
        view_item_t *arg = view_item(m, api, item);
        arg->offset = plan->record->fields[i].offset;
        view_add(m, &args, arg);
    }
    out->host_params = view_join(m, &host, ", ");
    out->guest_params = view_join(m, &guest, ", ");
    out->fill = view_list(&fill);
    out->args = view_list(&args);
    out->data_count = event->data.count;
}

static void slots_view(view_maker_t *m, const plan_event_t *event, view_event_t *out)
{
    texts_t letters = {0}, lines = {0};
    for (uint32_t i = 0; i < event->slot_count; i++) {
        view_add(m, &letters, view_slot_letter(m, &event->slots[i]));
    }
    for (uint32_t i = 0; i < event->event->data.count; i++) {
        slot_line(m, event, i, &lines);
    }
    out->signature = arena_printf(m->arena, "(%s)", view_join(m, &letters, ""));
    out->slots = view_list(&lines);
    out->slot_count = event->slot_count;
    out->has_block = event->has_block;
}

view_event_t *view_event(view_maker_t *m, const plan_api_t *api, const plan_event_t *event)
{
    static const char *const queues[] = {"CG_EV_DROP_NEWEST", "CG_EV_DROP_OLDEST", "CG_EV_COALESCE"};
    static const char *const queue_names[] = {"drop_newest", "drop_oldest", "coalesce"};
    static const char *const queue_texts[] = {
        "If the queue of the guest is full, the new event is lost.",
        "If the queue of the guest is full, the oldest event of this kind and source is lost instead of the new one.",
        "At most one of each source waits in the queue of the guest: a newer one replaces its data in its place.",
    };
    view_event_t *out = arena_alloc(m->arena, sizeof *out);
    const model_event_t *model = event->event;
    out->name = model->name;
    out->NAME = view_upper(m, model->name);
    out->api = api->model->name;
    out->API = view_upper(m, out->api);
    out->doc = model->doc == NULL ? model->name : model->doc;
    out->handler = arena_printf(m->arena, "on_%s_%s", out->api, out->name);
    out->queueing = queues[model->queue];
    out->queue_name = queue_names[model->queue];
    out->queue_text = queue_texts[model->queue];
    out->from = model->from->name;
    out->FROM = view_upper(m, out->from);
    out->from_type = view_handle_struct(m, out->api, model->from);
    out->from_number = api->type_numbers[model->from->index];
    out->class_name = m->plan->class_name;
    out->api_id = api->model->id;
    out->id = model->id;
    out->index = event->index;
    params_view(m, api, event, out);
    slots_view(m, event, out);
    view_event_cells(m, event, out);
    guest_event(m, model, out);
    out->has_data = event->record != NULL;
    if (event->record != NULL) {
        out->data = view_data(m, api, event->record);
    }
    return out;
}
