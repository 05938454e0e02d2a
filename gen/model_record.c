/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_record.c - records inside each other: no circles, not too deep, not too large.
 * Sizes here are natural ones, for limits only; the layout on a VM is the plan's business. */
#include "gen/model_inner.h"

enum { RECORD_DEPTH_MAX = 16 };

static uint32_t record_element_size(const model_reader_t *reader, const model_use_t *use)
{
    if (model_kind_is_named(use->element)) {
        return model_kind_bits(use->type->base) / 8;
    }
    if (use->element == MODEL_RECORD) {
        return reader->layouts[use->type->index].size;
    }
    return model_kind_bits(use->element) / 8;
}

uint32_t model_use_size(const model_reader_t *reader, const model_use_t *use)
{
    return record_element_size(reader, use) * (use->array != 0 ? use->array : 1);
}

uint32_t model_use_align(const model_reader_t *reader, const model_use_t *use)
{
    const uint32_t align = use->element == MODEL_RECORD ? reader->layouts[use->type->index].align : record_element_size(reader, use);
    return align != 0 ? align : 1;
}

/* The records being laid out, outermost first: the path of a circle. */
typedef struct record_path {
    const model_type_t *types[RECORD_DEPTH_MAX];
    uint32_t count;
} record_path_t;

static void record_refuse_cycle(model_reader_t *reader, const record_path_t *path, const model_item_t *field)
{
    const model_type_t *target = field->use.type;
    model_refuse(reader, MODEL_RULE_CYCLE, field->at, "record '%s' holds itself", target->name);
    bool is_inside = false;
    for (uint32_t i = 0; i < path->count; i++) {
        is_inside = is_inside || path->types[i] == target;
        if (is_inside) {
            const model_type_t *next = i + 1 < path->count ? path->types[i + 1] : target;
            diag_note(reader->diag, path->types[i]->at, "'%s' holds '%s'", path->types[i]->name, next->name);
        }
    }
}

static void record_layout(model_reader_t *reader, const model_type_t *type, record_path_t *path);

/* Make sure that the record in a field is laid out; false if it cannot be. Depth is bounded by RECORD_DEPTH_MAX. */
static bool record_enter(model_reader_t *reader, const model_item_t *field, record_path_t *path)
{
    const model_layout_t *inner = &reader->layouts[field->use.type->index];
    if (inner->mark == MODEL_MARK_OPEN) {
        record_refuse_cycle(reader, path, field);
        return false;
    }
    if (inner->mark == MODEL_MARK_NEW && path->count < RECORD_DEPTH_MAX) {
        record_layout(reader, field->use.type, path);
    }
    if (inner->mark != MODEL_MARK_DONE || inner->height >= RECORD_DEPTH_MAX) {
        model_refuse(reader, MODEL_RULE_NESTING, field->at, "records are nested deeper than %d", RECORD_DEPTH_MAX);
        return false;
    }
    return inner->size != 0;
}

static void record_layout(model_reader_t *reader, const model_type_t *type, record_path_t *path)
{
    model_layout_t *layout = &reader->layouts[type->index];
    uint32_t size = 0;
    bool is_good = true;
    layout->mark = MODEL_MARK_OPEN;
    layout->align = 1;
    layout->height = 1;
    path->types[path->count++] = type;
    for (uint32_t i = 0; i < type->fields.count; i++) {
        const model_item_t *field = &type->fields.at[i];
        if (field->use.kind == MODEL_RECORD) {
            is_good = record_enter(reader, field, path) && is_good;
            const uint32_t height = reader->layouts[field->use.type->index].height + 1;
            layout->height = is_good && height > layout->height ? height : layout->height;
        }
        const uint32_t align = model_use_align(reader, &field->use);
        layout->align = align > layout->align ? align : layout->align;
        /* No overflow: a field has at most 512 * 512 bytes, and adding ends once the record is too large. */
        size = is_good && size <= MODEL_COPY_MAX ? (size + align - 1) / align * align + model_use_size(reader, &field->use) : size;
    }
    size = (size + layout->align - 1) / layout->align * layout->align;
    if (is_good && size > MODEL_COPY_MAX) {
        model_refuse(reader, MODEL_RULE_RECORD_SIZE, type->at, "record '%s' is larger than %d bytes", type->name, MODEL_COPY_MAX);
        is_good = false;
    }
    path->count--;
    layout->size = is_good ? size : 0;
    layout->mark = MODEL_MARK_DONE;
}

void model_check_records(model_reader_t *reader)
{
    record_path_t path = {.count = 0};
    for (uint32_t i = 0; i < reader->api->type_count; i++) {
        if (reader->api->types[i].kind == MODEL_RECORD && reader->layouts[i].mark == MODEL_MARK_NEW) {
            record_layout(reader, &reader->api->types[i], &path);
        }
    }
}
