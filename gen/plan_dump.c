/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/plan_dump.c - the plan as text that stays the same for the same input: for golden tests and for people. */
#include "gen/plan.h"

#include <inttypes.h>

static void record_dump(FILE *out, const plan_record_t *record)
{
    fprintf(out, "  record %s: %" PRIu32 " bytes, align %" PRIu32 "%s%s\n", record->type->name, record->size, record->align,
            record->has_padding ? ", padded" : "", record->is_plain ? ", plain" : "");
    for (uint32_t i = 0; i < record->type->fields.count; i++) {
        const plan_field_t *field = &record->fields[i];
        fprintf(out, "    %4" PRIu32 "  %s: %" PRIu32, field->offset, field->item->name, field->size);
        if (field->item->use.array != 0) {
            fprintf(out, " x %" PRIu32, field->item->use.array);
        }
        fprintf(out, "\n");
    }
}

static const char *slot_kind_name(plan_slot_kind_t kind)
{
    static const char *const names[] = {"int", "i32", "i64", "f32", "f64"};
    return names[kind];
}

static void slot_dump(FILE *out, const plan_call_t *call, uint32_t i)
{
    const plan_slot_t *slot = &call->slots[i];
    fprintf(out, "    slot %2" PRIu32 "  %-4s %s%-2" PRIu32 " word %" PRIu32, i, slot_kind_name(slot->kind), slot->is_signed ? "s" : "u", slot->bits, slot->word);
    if (slot->cells > 1) {
        fprintf(out, " in %" PRIu32 " cells", slot->cells);
    }
    fprintf(out, "  %s: %s%s\n", call->args[slot->arg].item->name, plan_role_name(slot->role), slot->is_spilled ? " (spilled)" : "");
}

static void call_dump(FILE *out, const plan_call_t *call)
{
    fprintf(out, "  call %s 0x%08" PRIx32 " index %" PRIu32 ": %s", call->call->name, call->number, call->index, plan_form_name(call->form));
    if (call->result >= 0) {
        fprintf(out, " %s", call->args[call->result].item->name);
    }
    fprintf(out, "%s\n", call->touches_memory ? ", touches memory" : "");
    for (uint32_t i = 0; i < call->slot_count; i++) {
        slot_dump(out, call, i);
    }
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        if (call->args[i].guard >= 0) {
            fprintf(out, "    guard %" PRId32 "  %s\n", call->args[i].guard, call->args[i].item->name);
        }
    }
}

static void event_dump(FILE *out, const plan_event_t *event)
{
    const model_event_t *model = event->event;
    fprintf(out, "  event %s %" PRIu32 " index %" PRIu32 ": from %s%s\n", model->name, model->id, event->index, model->from->name, event->has_block ? ", needs its block" : "");
    for (uint32_t i = 0; i < event->slot_count; i++) {
        const bool is_record = i > 0 && model->data.at[i - 1].use.kind == MODEL_RECORD;
        fprintf(out, "    slot %2" PRIu32 "  %-4s %s%s\n", i, slot_kind_name(event->slots[i].kind), i == 0 ? model->from->name : model->data.at[i - 1].name,
                is_record ? ": address" : "");
    }
    if (event->record != NULL) {
        record_dump(out, event->record);
    }
}

static void api_dump(FILE *out, const plan_api_t *api)
{
    const model_api_t *model = api->model;
    fprintf(out, "api %s %" PRIu32 "\n", model->name, model->id);
    for (uint32_t i = 0; i < model->type_count; i++) {
        if (api->type_numbers[i] != 0) {
            fprintf(out, "  handle %s: type %" PRIu32 "%s\n", model->types[i].name, api->type_numbers[i], model->types[i].is_owned ? ", owned" : "");
        }
        if (api->records[i].type != NULL) {
            record_dump(out, &api->records[i]);
        }
    }
    for (uint32_t i = 0; i < model->call_count; i++) {
        call_dump(out, &api->calls[i]);
    }
    for (uint32_t i = 0; i < model->event_count; i++) {
        event_dump(out, &api->events[i]);
    }
    if (model->call_count > 0) {
        fprintf(out, "  digest 0x%08" PRIx32 " over %" PRIu32 " calls\n", api->digests[model->call_count - 1], model->call_count);
    }
    if (model->event_count > 0) {
        fprintf(out, "  digest 0x%08" PRIx32 " over %" PRIu32 " events\n", api->event_digests[model->event_count - 1], model->event_count);
    }
}

void plan_dump(FILE *out, const plan_t *plan)
{
    fprintf(out, "plan for %s, bodies %s\n", plan->vm->name, plan->class_name);
    for (uint32_t i = 0; i < plan->api_count; i++) {
        api_dump(out, &plan->apis[i]);
    }
}
