/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_small.c - `constants`, `errors` and `events`: the parts of a description that no call is needed for.
 * Events come out in the order of their ids, as calls do. */
#include "gen/model_inner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool model_read_id(model_reader_t *reader, const yaml_node_t *node, const char *what, model_rule_t rule, uint32_t max, uint32_t *id)
{
    yaml_number_t number;
    if (!yaml_want_number(reader->diag, node, "'id'", &number)) {
        return false;
    }
    if (number.is_negative || number.magnitude < 1 || number.magnitude > max) {
        model_refuse(reader, rule, node->at, "the id of %s is 1 to %u, not %s", what, (unsigned)max, diag_clip(reader->diag, node->text));
        return false;
    }
    *id = (uint32_t)number.magnitude;
    return true;
}

/* The names of an enum's values, sorted when a constant first asks: an enum may have tens of thousands. */
static const model_index_t *small_values(model_reader_t *reader, const model_type_t *type)
{
    model_index_t *index = &reader->layouts[type->index].values;
    if (index->entries == NULL) {
        *index = (model_index_t){arena_array(reader->arena, type->value_count, sizeof(model_entry_t)), type->value_count};
        for (uint32_t i = 0; i < type->value_count; i++) {
            index->entries[i] = (model_entry_t){type->values[i].name, &type->values[i]};
        }
        model_index_sort(index);
    }
    return index;
}

static void constant_read_named(model_reader_t *reader, const yaml_node_t *node, model_constant_t *constant)
{
    const model_type_t *type = constant->type;
    const char *text = NULL;
    yaml_number_t number;
    if (constant->kind == MODEL_FLAGS && node->kind == YAML_SCALAR && yaml_looks(node) == YAML_LOOKS_INT) {
        if (yaml_want_number(reader->diag, node, "'value'", &number)) {
            constant->integer = yaml_number_bits(number);
            if (number.is_negative || (number.magnitude & ~type->flags_mask) != 0) {
                model_refuse(reader, MODEL_RULE_CONSTANT_VALUE, node->at, "%s has bits that '%s' does not name",
                             diag_clip(reader->diag, node->text), type->name);
            }
        }
        return;
    }
    if (!yaml_want(reader->diag, node, YAML_SCALAR, "'value'")) {
        return;
    }
    text = node->text;
    const model_value_t *value = model_index_find(small_values(reader, type), text);
    if (value != NULL) {
        constant->integer = value->value;
        return;
    }
    model_refuse(reader, MODEL_RULE_CONSTANT_VALUE, node->at, "'%s' has no value '%s'", type->name, diag_clip(reader->diag, text));
    model_index_help(reader->diag, small_values(reader, type), text);
}

static void constant_read_real(model_reader_t *reader, const yaml_node_t *node, model_constant_t *constant)
{
    if (!yaml_want(reader->diag, node, YAML_SCALAR, "'value'")) {
        return;
    }
    const yaml_looks_t looks = yaml_looks(node);
    char *end = NULL;
    errno = 0;
    constant->real = strtod(node->text, &end);
    const bool is_number = (looks == YAML_LOOKS_INT || looks == YAML_LOOKS_FLOAT) && *end == '\0' && strpbrk(node->text, "xoinI") == NULL;
    const double most = constant->kind == MODEL_F32 ? 3.4028234663852886e38 : 1.7976931348623157e308;
    if (!is_number || constant->real > most || constant->real < -most) {
        constant->real = 0;
        model_refuse(reader, MODEL_RULE_CONSTANT_VALUE, node->at, "'%s' is not a finite number that fits %s",
                     diag_clip(reader->diag, node->text), model_kind_name(constant->kind));
    } else if (constant->kind == MODEL_F32) {
        constant->real = (double)(float)constant->real;
    }
}

static void constant_read_value(model_reader_t *reader, const yaml_node_t *node, model_constant_t *constant)
{
    yaml_number_t number;
    bool truth = false;
    if (model_kind_is_named(constant->kind)) {
        constant_read_named(reader, node, constant);
    } else if (model_kind_is_float(constant->kind)) {
        constant_read_real(reader, node, constant);
    } else if (constant->kind == MODEL_BOOL) {
        constant->integer = yaml_want_bool(reader->diag, node, "'value'", &truth) && truth;
    } else if (yaml_want_number(reader->diag, node, "'value'", &number)) {
        constant->integer = yaml_number_bits(number);
        if (!yaml_number_fits(number, model_kind_bits(constant->kind), model_kind_is_signed(constant->kind))) {
            model_refuse(reader, MODEL_RULE_CONSTANT_VALUE, node->at, "%s does not fit %s", diag_clip(reader->diag, node->text),
                         model_kind_name(constant->kind));
        }
    }
}

static void constant_read(model_reader_t *reader, const yaml_node_t *key, const yaml_node_t *node, model_constant_t *constant)
{
    const yaml_node_t *values[KEY_CONSTANT_COUNT];
    model_use_t use;
    constant->name = key->text;
    constant->at = key->at;
    (void)model_read_name(reader, key, "a constant");
    (void)yaml_keys(reader->diag, node, &model_constant_table, values);
    model_read_doc(reader, values[KEY_CONSTANT_DOC], &constant->doc);
    model_read_unit(reader, values[KEY_CONSTANT_UNIT], &constant->unit);
    const yaml_node_t *type = values[KEY_CONSTANT_TYPE];
    if (type == NULL || !model_read_use(reader, type, &use)) {
        return;
    }
    if (use.kind > MODEL_FLAGS || use.array != 0 || use.own || use.optional) {
        model_refuse(reader, MODEL_RULE_CONSTANT_TYPE, type->at, "a constant cannot be '%s'", diag_clip(reader->diag, type->text));
        return;
    }
    constant->kind = use.kind;
    constant->type = use.type;
    if (constant->unit != NULL && (use.kind == MODEL_BOOL || use.type != NULL)) {
        model_refuse(reader, MODEL_RULE_UNIT, values[KEY_CONSTANT_UNIT]->at, "only numbers have a unit");
    }
    if (values[KEY_CONSTANT_VALUE] != NULL) {
        constant_read_value(reader, values[KEY_CONSTANT_VALUE], constant);
    }
}

void model_read_constants(model_reader_t *reader)
{
    const yaml_node_t *map = reader->keys[KEY_API_CONSTANTS];
    const uint32_t count = model_read_map(reader, map, "'constants'");
    reader->api->constants = arena_array(reader->arena, count, sizeof(model_constant_t));
    reader->api->constant_count = count;
    for (uint32_t i = 0; i < count; i++) {
        constant_read(reader, map->keys[i], map->kids[i], &reader->api->constants[i]);
    }
}

void model_read_errors(model_reader_t *reader)
{
    const yaml_node_t *map = reader->keys[KEY_API_ERRORS];
    const uint32_t count = model_read_map(reader, map, "'errors'");
    const model_error_t *taken[MODEL_ERROR_ID_MAX + 1] = {NULL};
    model_error_t *errors = arena_array(reader->arena, count, sizeof *errors);
    reader->api->errors = errors;
    reader->api->error_count = count;
    reader->errors = (model_index_t){arena_array(reader->arena, count, sizeof(model_entry_t)), count};
    for (uint32_t i = 0; i < count; i++) {
        const yaml_node_t *values[KEY_ERROR_COUNT];
        errors[i].name = map->keys[i]->text;
        errors[i].at = map->keys[i]->at;
        reader->errors.entries[i] = (model_entry_t){errors[i].name, &errors[i]};
        (void)model_read_name(reader, map->keys[i], "an error");
        (void)yaml_keys(reader->diag, map->kids[i], &model_error_table, values);
        model_read_doc(reader, values[KEY_ERROR_DOC], &errors[i].doc);
        const yaml_node_t *id = values[KEY_ERROR_ID];
        if (id == NULL || !model_read_id(reader, id, "an error", MODEL_RULE_ERROR_ID, MODEL_ERROR_ID_MAX, &errors[i].id)) {
            continue;
        }
        if (taken[errors[i].id] != NULL) {
            const model_error_t *first = taken[errors[i].id];
            model_refuse(reader, MODEL_RULE_ERROR_TWICE, id->at, "error '%s' reuses id %u", errors[i].name, (unsigned)errors[i].id);
            diag_note(reader->diag, first->at, "id %u is taken by '%s'", (unsigned)first->id, first->name);
        } else {
            taken[errors[i].id] = &errors[i];
        }
    }
    model_index_sort(&reader->errors);
}

/* The data as a record, so that one way of laying out and copying serves both. */
static void event_make_record(model_reader_t *reader, model_event_t *event)
{
    if (event->data.count > 0) {
        event->record = arena_alloc(reader->arena, sizeof *event->record);
        *event->record = (model_type_t){
            .name = event->name, .at = event->at, .index = UINT32_MAX, .kind = MODEL_RECORD, .base = MODEL_U8, .fields = event->data, .is_used = true,
        };
    }
}

static void event_read_data(model_reader_t *reader, const yaml_node_t *map, model_event_t *event)
{
    uint64_t size = 0;
    event->data.at = arena_array(reader->arena, map != NULL && map->kind == YAML_MAP ? map->count : 0, sizeof(model_item_t));
    model_read_items(reader, map, MODEL_PLACE_EVENT, "'data'", &event->data);
    for (uint32_t i = 0; i < event->data.count; i++) {
        const model_use_t *use = &event->data.at[i].use;
        const uint32_t align = model_use_align(reader, use);
        size = (size + align - 1) / align * align + model_use_size(reader, use);
    }
    model_mark_used(reader, &event->data);
    if (size > MODEL_EVENT_DATA_MAX) {
        model_refuse(reader, MODEL_RULE_EVENT_DATA, map->at, "the data of event '%s' take %llu bytes, more than %d", event->name,
                     (unsigned long long)size, MODEL_EVENT_DATA_MAX);
    } else if (event->data.count > MODEL_ARGS_MAX) {
        model_refuse(reader, MODEL_RULE_EVENT_DATA, map->at, "event '%s' has %u data, more than %d", event->name, (unsigned)event->data.count, MODEL_ARGS_MAX);
    }
    for (uint32_t i = 0; event->from != NULL && i < event->data.count; i++) {
        const model_item_t *item = &event->data.at[i];
        if (strcmp(item->name, event->from->name) == 0) {
            model_refuse(reader, MODEL_RULE_C_NAME, item->at, "datum '%s' of event '%s' has the name of the handle that the event is from", item->name, event->name);
        }
    }
    event_make_record(reader, event);
}

static void event_read_from(model_reader_t *reader, const yaml_node_t *node, model_event_t *event)
{
    const char *text = NULL;
    if (!yaml_want_text(reader->diag, node, "'from'", &text)) {
        return;
    }
    model_type_t *type = model_index_find(&reader->types, text);
    if (type == NULL || !type->is_handle) {
        model_refuse(reader, MODEL_RULE_EVENT_FROM, node->at, type == NULL ? "there is no type '%s'" : "'%s' is not a handle",
                     diag_clip(reader->diag, text));
        if (type == NULL) {
            model_index_help(reader->diag, &reader->types, text);
        } else {
            diag_help(reader->diag, "an event is from a type with `handle: true` that some call gives as own: its handle is the subscription");
        }
        return;
    }
    if (!type->is_owned) {
        model_refuse(reader, MODEL_RULE_EVENT_FROM, node->at, "no call gives '%s' as own, so nobody can subscribe to event '%s'", type->name, event->name);
        diag_help(reader->diag, "let a call make the source: `out: {%s: own %s}`; closing its handle ends the subscription", type->name, type->name);
        return;
    }
    type->is_used = true;
    event->from = type;
}

static void event_read_queue(model_reader_t *reader, const yaml_node_t *node, model_event_t *event)
{
    static const char *const names[] = {[MODEL_QUEUE_DROP_NEWEST] = "drop_newest",
                                       [MODEL_QUEUE_DROP_OLDEST] = "drop_oldest",
                                       [MODEL_QUEUE_COALESCE] = "coalesce"};
    const char *text = NULL;
    if (!yaml_want_text(reader->diag, node, "'queue'", &text)) {
        return;
    }
    for (model_queue_t queue = MODEL_QUEUE_DROP_NEWEST; queue <= MODEL_QUEUE_COALESCE; queue++) {
        if (strcmp(text, names[queue]) == 0) {
            event->queue = queue;
            return;
        }
    }
    model_refuse(reader, MODEL_RULE_EVENT_QUEUE, node->at, "'queue' is drop_newest, drop_oldest or coalesce, not '%s'",
                 diag_clip(reader->diag, text));
}

static int event_compare(const void *left, const void *right)
{
    const model_event_t *a = left, *b = right;
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return a->at.offset < b->at.offset ? -1 : 1;
}

/* In order of id; two of one id stand in the order of the file then. */
static void event_order(model_reader_t *reader)
{
    const uint32_t count = reader->api->event_count;
    model_event_t *events = reader->api->events;
    if (count > 1) {
        qsort(events, count, sizeof events[0], event_compare);
    }
    for (uint32_t i = 1; i < count; i++) {
        if (events[i].id != 0 && events[i].id == events[i - 1].id) {
            model_refuse(reader, MODEL_RULE_EVENT_ID, events[i].at, "event '%s' reuses id %u", events[i].name, (unsigned)events[i].id);
            diag_note(reader->diag, events[i - 1].at, "id %u is taken by '%s'", (unsigned)events[i].id, events[i - 1].name);
        }
    }
}

void model_read_events(model_reader_t *reader)
{
    const yaml_node_t *map = reader->keys[KEY_API_EVENTS];
    const uint32_t count = model_read_map(reader, map, "'events'");
    reader->api->events = arena_array(reader->arena, count, sizeof(model_event_t));
    reader->api->event_count = count;
    for (uint32_t i = 0; i < count; i++) {
        const yaml_node_t *values[KEY_EVENT_COUNT];
        model_event_t *event = &reader->api->events[i];
        event->name = map->keys[i]->text;
        event->at = map->keys[i]->at;
        (void)model_read_name(reader, map->keys[i], "an event");
        (void)yaml_keys(reader->diag, map->kids[i], &model_event_table, values);
        model_read_doc(reader, values[KEY_EVENT_DOC], &event->doc);
        if (values[KEY_EVENT_ID] != NULL) {
            (void)model_read_id(reader, values[KEY_EVENT_ID], "an event", MODEL_RULE_EVENT_ID, MODEL_ID_MAX, &event->id);
        }
        if (values[KEY_EVENT_FROM] != NULL) {
            event_read_from(reader, values[KEY_EVENT_FROM], event);
        }
        if (values[KEY_EVENT_QUEUE] != NULL) {
            event_read_queue(reader, values[KEY_EVENT_QUEUE], event);
        }
        event_read_data(reader, values[KEY_EVENT_DATA], event);
    }
    event_order(reader);
}
