/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/layout.c - lay records out by the alignment of the VM. The C compiler asserts the result on both sides. */
#include "gen/layout.h"

typedef struct place {
    uint32_t size, align, natural; /* bytes; `natural` is the alignment on a host */
} place_t;

static place_t place_of(const vm_t *vm, plan_record_t *records, model_kind_t kind, const model_type_t *type);

static uint32_t align_up(uint32_t at, uint32_t align)
{
    return (at + align - 1) / align * align;
}

static bool is_any_bits_good(const model_item_t *item)
{
    const model_kind_t kind = item->use.kind;
    const bool is_closed = kind == MODEL_BOOL || kind == MODEL_FLAGS || (kind == MODEL_ENUM && !item->use.type->open);
    return !is_closed && !item->range.present;
}

static void fields_place(const vm_t *vm, plan_record_t *records, plan_record_t *record)
{
    uint32_t at = 0;
    uint32_t used = 0;
    uint32_t host_align = 1;
    record->align = 1;
    record->is_plain = true;
    for (uint32_t i = 0; i < record->type->fields.count; i++) {
        const model_item_t *item = &record->type->fields.at[i];
        const place_t place = place_of(vm, records, item->use.kind, item->use.type);
        const uint32_t total = place.size * (item->use.array == 0 ? 1 : item->use.array);
        at = align_up(at, place.align);
        record->fields[i] = (plan_field_t){item, at, place.size};
        record->align = place.align > record->align ? place.align : record->align;
        record->is_plain = record->is_plain && is_any_bits_good(item) && (item->use.kind != MODEL_RECORD || records[item->use.type->index].is_plain);
        host_align = place.natural > host_align ? place.natural : host_align;
        record->is_plain = record->is_plain && at % place.natural == 0;
        at += total;
        used += total;
    }
    record->size = align_up(at, record->align);
    record->has_padding = record->size != used;
    record->natural = host_align;
    record->is_plain = record->is_plain && !record->has_padding && record->size % host_align == 0;
}

/* The model has no cycles among records, and nests them no deeper than the file is deep. */
static place_t record_place(const vm_t *vm, plan_record_t *records, const model_type_t *type)
{
    plan_record_t *record = &records[type->index];
    if (record->size == 0) {
        fields_place(vm, records, record);
    }
    return (place_t){record->size, record->align, record->natural};
}

static place_t place_of(const vm_t *vm, plan_record_t *records, model_kind_t kind, const model_type_t *type)
{
    if (kind == MODEL_RECORD) {
        return record_place(vm, records, type);
    }
    if (model_kind_is_named(kind)) {
        kind = type->base;
    }
    const uint32_t size = kind == MODEL_BOOL ? 1 : model_kind_bits(kind) / 8;
    return (place_t){size, vm->is_packed ? 1 : size, size};
}

plan_record_t *layout_records(arena_t *arena, const vm_t *vm, const model_api_t *api)
{
    plan_record_t *records = arena_array(arena, api->type_count + 1, sizeof *records);
    for (uint32_t i = 0; i < api->type_count; i++) {
        const model_type_t *type = &api->types[i];
        if (type->kind == MODEL_RECORD) {
            records[i].type = type;
            records[i].fields = arena_array(arena, type->fields.count, sizeof *records[i].fields);
        }
    }
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (records[i].type != NULL) {
            (void)record_place(vm, records, records[i].type);
        }
    }
    return records;
}

plan_record_t *layout_extra(arena_t *arena, const vm_t *vm, plan_record_t *records, const model_type_t *type)
{
    plan_record_t *record = arena_alloc(arena, sizeof *record);
    record->type = type;
    record->fields = arena_array(arena, type->fields.count, sizeof *record->fields);
    fields_place(vm, records, record);
    return record;
}

uint32_t layout_size(const vm_t *vm, const plan_record_t *records, const model_use_t *use)
{
    const model_kind_t kind = use->kind == MODEL_LIST ? use->element : use->kind;
    if (kind == MODEL_HANDLE || (kind == MODEL_RECORD && use->type->is_handle)) {
        return vm->handle_bits == 15 ? 2 : 4;
    }
    if (kind == MODEL_RECORD) {
        return records[use->type->index].size;
    }
    if (kind == MODEL_BYTES || kind == MODEL_STRING || kind == MODEL_BOOL) {
        return 1;
    }
    return model_kind_bits(model_carrier(use)) / 8;
}
