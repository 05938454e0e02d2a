/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_item.c - one argument, result, field or datum: its type, whether that may stand here, and its attributes.
 * Called for calls, records and events. Knows nothing of how many there are or how large they get. */
#include "gen/model_inner.h"

#include <string.h>

static bool item_is_number(model_kind_t kind)
{
    return model_kind_is_integer(kind) || model_kind_is_float(kind);
}

static const char *item_phrase(model_kind_t kind)
{
    return kind == MODEL_HANDLE   ? "a handle"
           : kind == MODEL_LIST   ? "a list"
           : kind == MODEL_STRING ? "a string"
           : kind == MODEL_RECORD ? "a record"
                                  : model_kind_name(kind);
}

/* `own` and `optional`. */
static bool item_check_words(model_reader_t *reader, yaml_pos_t at, const model_use_t *use, model_place_t place)
{
    const bool is_argument = place == MODEL_PLACE_IN || place == MODEL_PLACE_OUT;
    if (use->own && (use->kind != MODEL_HANDLE || use->array != 0 || !is_argument)) {
        model_refuse(reader, MODEL_RULE_OWN, at, "only a handle in 'in' or 'out' can be 'own'");
        return false;
    }
    if (use->optional && (!(model_kind_is_scalar(use->kind) || use->kind == MODEL_HANDLE) || use->array != 0 || !is_argument)) {
        model_refuse(reader, MODEL_RULE_OPTIONAL, at, "only a scalar or a handle in 'in' or 'out' can be 'optional'");
        return false;
    }
    return true;
}

static bool item_check_place(model_reader_t *reader, yaml_pos_t at, const model_use_t *use, model_place_t place)
{
    const bool is_plain = model_kind_is_scalar(use->kind) || use->kind == MODEL_RECORD;
    switch (place) {
    case MODEL_PLACE_IN:
    case MODEL_PLACE_OUT: return true;
    case MODEL_PLACE_INOUT:
        if (!model_kind_is_buffer(use->kind)) {
            model_refuse(reader, MODEL_RULE_INOUT, at, "'inout' takes bytes, strings and lists, not %s", item_phrase(use->kind));
            diag_help(reader->diag, "give the value in 'in' and take it back in 'out' under another name");
            return false;
        }
        return true;
    case MODEL_PLACE_FIELD:
        if (!is_plain) {
            model_refuse(reader, MODEL_RULE_FIELD_TYPE, at, "a record cannot hold %s", item_phrase(use->kind));
            return false;
        }
        return true;
    case MODEL_PLACE_EVENT:
        if (!is_plain) {
            model_refuse(reader, MODEL_RULE_EVENT_DATA, at, "an event cannot carry %s", item_phrase(use->kind));
            diag_help(reader->diag, "numbers, enums, flags and records travel with an event; let the guest ask for more with a call");
            return false;
        }
        return true;
    }
    return true;
}

static bool item_check_use(model_reader_t *reader, yaml_pos_t at, const model_use_t *use, model_place_t place)
{
    if (use->array != 0 && place != MODEL_PLACE_FIELD) {
        model_refuse(reader, MODEL_RULE_ARRAY_PLACE, at, "arrays stand in records only");
        diag_help(reader->diag, place == MODEL_PLACE_EVENT ? "put the array, %s(%u), into a record" : "write a list, %s(..%u), or put the array into a record",
                  use->type != NULL ? use->type->name : model_kind_name(use->element),
                  (unsigned)use->array);
        return false;
    }
    if (use->kind == MODEL_LIST && !model_kind_is_scalar(use->element) && use->element != MODEL_RECORD) {
        model_refuse(reader, MODEL_RULE_LIST_ELEMENT, at, "a list cannot hold %s", item_phrase(use->element));
        return false;
    }
    return item_check_words(reader, at, use, place) && item_check_place(reader, at, use, place);
}

static void item_read_range(model_reader_t *reader, const yaml_node_t *node, model_item_t *item)
{
    const char *text = NULL;
    yaml_number_t low, high;
    if (!yaml_want_text(reader->diag, node, "'range'", &text)) {
        return;
    }
    if (!yaml_parse_range(text, &low, &high)) {
        model_refuse(reader, MODEL_RULE_RANGE, node->at, "'%s' is not a range", diag_clip(reader->diag, text));
        diag_help(reader->diag, "write the least and the greatest value with two dots between: 1..100");
        return;
    }
    if (!model_kind_is_integer(item->use.kind) || item->use.array != 0) {
        model_refuse(reader, MODEL_RULE_RANGE_PLACE, node->at, "only a single integer can have a range");
        return;
    }
    const bool is_signed = model_kind_is_signed(item->use.kind);
    const uint32_t bits = model_kind_bits(item->use.kind);
    if (yaml_number_compare(low, high) > 0) {
        model_refuse(reader, MODEL_RULE_RANGE, node->at, "the range '%s' is empty: its least value is above its greatest",
                     diag_clip(reader->diag, text));
    } else if (!yaml_number_fits(low, bits, is_signed) || !yaml_number_fits(high, bits, is_signed)) {
        model_refuse(reader, MODEL_RULE_RANGE, node->at, "the range '%s' does not fit %s", diag_clip(reader->diag, text),
                     model_kind_name(item->use.kind));
    } else {
        item->range = (model_range_t){true, is_signed, yaml_number_bits(low), yaml_number_bits(high)};
    }
}

static void item_read_guard(model_reader_t *reader, const yaml_node_t *node, model_place_t place, model_item_t *item)
{
    if (!yaml_want_bool(reader->diag, node, "'guard'", &item->guard) || !item->guard) {
        return;
    }
    const model_kind_t kind = item->use.kind;
    const bool is_kind = model_kind_is_integer(kind) || model_kind_is_named(kind) || kind == MODEL_STRING;
    if (place == MODEL_PLACE_IN && is_kind && !item->use.optional) {
        return;
    }
    item->guard = false;
    model_refuse(reader, MODEL_RULE_GUARD, node->at, "%s cannot be guarded",
                 place != MODEL_PLACE_IN ? "what is not in 'in'" : item->use.optional ? "an optional argument" : "an argument of this type");
    diag_help(reader->diag, "a policy guards integers, enums, flags and strings that a guest passes in");
}

static void item_read_format(model_reader_t *reader, const yaml_node_t *node, model_item_t *item)
{
    const char *text = NULL;
    if (!yaml_want_text(reader->diag, node, "'format'", &text)) {
        return;
    }
    if (strcmp(text, "uri") != 0) {
        model_refuse(reader, MODEL_RULE_FORMAT, node->at, "there is no format '%s'", diag_clip(reader->diag, text));
        diag_help(reader->diag, "the only format is uri");
    } else if (item->use.kind != MODEL_STRING) {
        model_refuse(reader, MODEL_RULE_FORMAT, node->at, "only a string can have a format");
    } else {
        item->format = MODEL_FORMAT_URI;
    }
}

/* Attributes of the long form. With a wrong type only what does not depend on it is read. */
static void item_read_long(model_reader_t *reader, const yaml_node_t **values, model_place_t place, bool is_typed, model_item_t *item)
{
    model_read_doc(reader, values[KEY_ITEM_DOC], &item->doc);
    model_read_unit(reader, values[KEY_ITEM_UNIT], &item->unit);
    if (!is_typed) {
        return;
    }
    if (values[KEY_ITEM_UNIT] != NULL && !item_is_number(item->use.element)) {
        model_refuse(reader, MODEL_RULE_UNIT, values[KEY_ITEM_UNIT]->at, "only numbers have a unit");
    }
    if (values[KEY_ITEM_RANGE] != NULL) {
        item_read_range(reader, values[KEY_ITEM_RANGE], item);
    }
    if (values[KEY_ITEM_GUARD] != NULL) {
        item_read_guard(reader, values[KEY_ITEM_GUARD], place, item);
    }
    if (values[KEY_ITEM_FORMAT] != NULL) {
        item_read_format(reader, values[KEY_ITEM_FORMAT], item);
    }
}

void model_read_item(model_reader_t *reader, const yaml_node_t *key, const yaml_node_t *value, model_place_t place, model_item_t *item)
{
    const yaml_node_t *values[KEY_ITEM_COUNT] = {NULL};
    const yaml_node_t *type = value;
    item->name = key->text;
    item->at = key->at;
    item->direction = place == MODEL_PLACE_OUT ? MODEL_OUT : place == MODEL_PLACE_INOUT ? MODEL_INOUT : MODEL_IN;
    item->use = (model_use_t){.kind = MODEL_U8, .element = MODEL_U8};
    if (value->kind == YAML_MAP) {
        (void)yaml_keys(reader->diag, value, &model_item_table, values);
        type = values[KEY_ITEM_TYPE];
    }
    bool is_typed = type != NULL && model_read_use(reader, type, &item->use);
    if (is_typed && !item_check_use(reader, type->at, &item->use, place)) {
        item->use = (model_use_t){.kind = MODEL_U8, .element = MODEL_U8};
        is_typed = false;
    }
    item_read_long(reader, values, place, is_typed, item);
}

void model_read_items(model_reader_t *reader, const yaml_node_t *map, model_place_t place, const char *what, model_items_t *items)
{
    const uint32_t count = model_read_map(reader, map, what);
    for (uint32_t i = 0; i < count; i++) {
        (void)model_read_word(reader, map->keys[i], place == MODEL_PLACE_FIELD ? "a field" : place == MODEL_PLACE_EVENT ? "a datum" : "an argument");
        model_read_item(reader, map->keys[i], map->kids[i], place, &items->at[items->count++]);
    }
}
