/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_fields.c - accessors: the calls that a record with `pass: fields` stands for.
 * For field i: get has the id `fields` + 2 * i, set the one after it; so fields may be appended, never moved. */
#include "gen/model_inner.h"

#include <stdlib.h>
#include <string.h>

static bool fields_has_accessors(const model_type_t *type)
{
    return type->kind == MODEL_RECORD && type->pass_fields && type->fields_id != 0;
}

uint32_t model_count_accessors(const model_reader_t *reader)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < reader->api->type_count; i++) {
        const model_type_t *type = &reader->api->types[i];
        count += fields_has_accessors(type) ? 2 * type->fields.count : 0;
    }
    return count;
}

static void fields_add_object(const model_type_t *type, model_call_t *call)
{
    model_item_t *item = &call->args.at[call->args.count++];
    item->name = "object";
    item->doc = type->doc;
    item->at = type->at;
    item->use = (model_use_t){.kind = MODEL_HANDLE, .element = MODEL_HANDLE, .type = type};
    item->direction = MODEL_IN;
}

static void fields_add_index(const model_item_t *field, model_call_t *call)
{
    if (field->use.array == 0) {
        return;
    }
    model_item_t *item = &call->args.at[call->args.count++];
    item->name = "index";
    item->doc = "Which element, 0 first.";
    item->at = field->at;
    item->use = (model_use_t){.kind = MODEL_U8, .element = MODEL_U8};
    item->range = (model_range_t){true, false, 0, (int64_t)field->use.array - 1};
    item->direction = MODEL_IN;
}

static void fields_add(model_reader_t *reader, const model_type_t *type, uint32_t index, model_accessor_t accessor, model_call_t *call)
{
    const model_item_t *field = &type->fields.at[index];
    const bool is_get = accessor == MODEL_ACCESSOR_GET;
    call->name = arena_printf(reader->arena, "%s_%s_%s", type->name, is_get ? "get" : "set", field->name);
    call->doc = field->doc;
    call->at = field->at;
    call->id = type->fields_id + 2 * index + !is_get;
    call->needs = is_get ? MODEL_NEEDS_READ : MODEL_NEEDS_WRITE;
    call->accessor = accessor;
    call->record = type;
    call->field = index;
    call->is_result_unnamed = is_get;
    call->args.at = arena_array(reader->arena, 3, sizeof(model_item_t));
    fields_add_object(type, call);
    fields_add_index(field, call);
    model_item_t *value = &call->args.at[call->args.count++];
    *value = *field;
    value->name = is_get ? "result" : "value";
    value->use.array = 0;
    value->direction = is_get ? MODEL_OUT : MODEL_IN;
}

void model_add_accessors(model_reader_t *reader, model_call_t *calls)
{
    for (uint32_t i = 0; i < reader->api->type_count; i++) {
        const model_type_t *type = &reader->api->types[i];
        for (uint32_t k = 0; fields_has_accessors(type) && k < type->fields.count; k++) {
            fields_add(reader, type, k, MODEL_ACCESSOR_GET, calls++);
            fields_add(reader, type, k, MODEL_ACCESSOR_SET, calls++);
        }
    }
    model_check_accessors(reader);
}

static int fields_compare(const void *left, const void *right)
{
    const model_type_t *a = *(const model_type_t *const *)left, *b = *(const model_type_t *const *)right;
    if (a->fields_id != b->fields_id) {
        return a->fields_id < b->fields_id ? -1 : 1;
    }
    return a->index < b->index ? -1 : 1;
}

void model_check_accessors(model_reader_t *reader)
{
    const model_type_t **sorted = arena_array(reader->arena, reader->api->type_count, sizeof(model_type_t *));
    uint32_t count = 0;
    for (uint32_t i = 0; i < reader->api->type_count; i++) {
        if (fields_has_accessors(&reader->api->types[i])) {
            sorted[count++] = &reader->api->types[i];
        }
    }
    if (count > 1) {
        qsort(sorted, count, sizeof sorted[0], fields_compare);
    }
    for (uint32_t i = 1; i < count; i++) {
        const model_type_t *before = sorted[i - 1];
        const uint32_t free_id = before->fields_id + 2 * before->fields.count;
        if (sorted[i]->fields_id < free_id) {
            model_refuse(reader, MODEL_RULE_FIELDS_OVERLAP, sorted[i]->at, "the accessors of '%s' begin at 0x%x, among those of '%s'",
                         sorted[i]->name,
                         (unsigned)sorted[i]->fields_id, before->name);
            diag_note(reader->diag, before->at, "'%s' takes 0x%x to 0x%x", before->name, (unsigned)before->fields_id, (unsigned)free_id - 1);
            diag_help(reader->diag, "the next free id is 0x%x; leave room for fields to come", (unsigned)free_id);
        }
    }
}
