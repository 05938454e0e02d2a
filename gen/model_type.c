/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_type.c - `types`: enums, flags, records and handles.
 * First all names, so that types may be used before they are defined; then what each holds. Layout of records: model_record.c. */
#include "gen/model_inner.h"

#include <stdlib.h>
#include <string.h>

/* The keys that say what a type is. */
static const struct {
    uint32_t key;
    model_kind_t kind;
} type_kinds[] = {{KEY_TYPE_ENUM, MODEL_ENUM}, {KEY_TYPE_FLAGS, MODEL_FLAGS}, {KEY_TYPE_RECORD, MODEL_RECORD}, {KEY_TYPE_HANDLE, MODEL_HANDLE}};

/* Name and kind of one type; false if it has no kind, or several. */
static bool type_read_kind(model_reader_t *reader, const yaml_node_t *name, const yaml_node_t **values, model_type_t *type)
{
    uint32_t found = 0;
    for (size_t i = 0; i < sizeof type_kinds / sizeof type_kinds[0]; i++) {
        if (values[type_kinds[i].key] != NULL) {
            type->kind = type_kinds[i].kind;
            found++;
        }
    }
    const char *text = NULL;
    if (values[KEY_TYPE_PASS] != NULL && yaml_want_text(reader->diag, values[KEY_TYPE_PASS], "'pass'", &text)) {
        type->pass_fields = strcmp(text, "fields") == 0;
        if (!type->pass_fields && strcmp(text, "copy") != 0) {
            model_refuse(reader, MODEL_RULE_PASS, values[KEY_TYPE_PASS]->at, "'pass' is copy or fields, not '%s'", diag_clip(reader->diag, text));
        }
    }
    type->is_handle = type->kind == MODEL_HANDLE || (type->kind == MODEL_RECORD && type->pass_fields);
    if (found == 1) {
        return true;
    }
    model_refuse(reader, MODEL_RULE_TYPE_KIND, name->at, found == 0 ? "type '%s' has no kind" : "type '%s' has several kinds", name->text);
    diag_help(reader->diag, "give exactly one of enum, flags, record, handle");
    return false;
}

/* Keys that only some kinds of types have. */
static void type_check_keys(model_reader_t *reader, const yaml_node_t **values, const model_type_t *type)
{
    static const struct {
        uint32_t key;
        uint32_t kinds;
        const char *where;
    } rules[] = {
        {KEY_TYPE_OPEN, 1u << MODEL_ENUM, "an enum"},
        {KEY_TYPE_VALUES, 1u << MODEL_ENUM | 1u << MODEL_FLAGS, "an enum or flags"},
        {KEY_TYPE_PASS, 1u << MODEL_RECORD, "a record"},
        {KEY_TYPE_FIELDS, 1u << MODEL_RECORD, "a record"},
        {KEY_TYPE_HOST, 1u << MODEL_RECORD | 1u << MODEL_HANDLE, "a record or handle"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const yaml_node_t *node = values[rules[i].key];
        if (node != NULL && (rules[i].kinds >> type->kind & 1u) == 0) {
            model_refuse(reader, MODEL_RULE_TYPE_KIND, node->at, "'%s' belongs to %s", model_type_table.keys[rules[i].key].name, rules[i].where);
        }
    }
}

static bool type_read_base(model_reader_t *reader, const yaml_node_t *node, model_type_t *type)
{
    const char *text = NULL;
    type->base = MODEL_U8;
    if (!yaml_want_text(reader->diag, node, type->kind == MODEL_ENUM ? "'enum'" : "'flags'", &text)) {
        return false;
    }
    model_kind_t kind = MODEL_BOOL;
    const bool is_integer = model_kind_of(text, strlen(text), &kind) && model_kind_is_integer(kind);
    if (!is_integer || (type->kind == MODEL_FLAGS && model_kind_is_signed(kind))) {
        model_refuse(reader, MODEL_RULE_BASE, node->at, "'%s' cannot be the base of %s", diag_clip(reader->diag, text),
                     type->kind == MODEL_ENUM ? "an enum" : "flags");
        diag_help(reader->diag, "take u8, u16, u32 or u64%s", type->kind == MODEL_ENUM ? ", or s8 to s64" : "");
        return false;
    }
    type->base = kind;
    return true;
}

/* One `name: number` or `name: {value: number, doc: text}`. */
static bool type_read_value(model_reader_t *reader, const yaml_node_t *key, const yaml_node_t *node, const model_type_t *type, model_value_t *value)
{
    const yaml_node_t *values[KEY_VALUE_COUNT] = {NULL};
    yaml_number_t number = {false, 0};
    value->name = key->text;
    value->at = key->at;
    (void)model_read_name(reader, key, "a value");
    if (node->kind == YAML_MAP) {
        (void)yaml_keys(reader->diag, node, &model_value_table, values);
        model_read_doc(reader, values[KEY_VALUE_DOC], &value->doc);
        node = values[KEY_VALUE_VALUE];
    }
    if (node == NULL || !yaml_want_number(reader->diag, node, "a value", &number)) {
        return false;
    }
    if (!yaml_number_fits(number, model_kind_bits(type->base), model_kind_is_signed(type->base))) {
        model_refuse(reader, MODEL_RULE_VALUE_FITS, node->at, "the value %s of '%s' does not fit %s", diag_clip(reader->diag, node->text),
                     diag_clip(reader->diag, key->text), model_kind_name(type->base));
        return false;
    }
    value->value = yaml_number_bits(number);
    return true;
}

static int type_compare_values(const void *left, const void *right)
{
    const model_value_t *a = *(const model_value_t *const *)left, *b = *(const model_value_t *const *)right;
    if (a->value != b->value) {
        return a->value < b->value ? -1 : 1;
    }
    return a->at.offset < b->at.offset ? -1 : 1;
}

static void type_check_twice(model_reader_t *reader, const model_type_t *type)
{
    const model_value_t **sorted = arena_array(reader->arena, type->value_count, sizeof(model_value_t *));
    for (uint32_t i = 0; i < type->value_count; i++) {
        sorted[i] = &type->values[i];
    }
    if (type->value_count > 1) {
        qsort(sorted, type->value_count, sizeof sorted[0], type_compare_values);
    }
    for (uint32_t i = 1; i < type->value_count; i++) {
        if (sorted[i]->value == sorted[i - 1]->value) {
            model_refuse(reader, MODEL_RULE_VALUE_TWICE, sorted[i]->at, "'%s' has the same value as '%s'", sorted[i]->name, sorted[i - 1]->name);
            diag_note(reader->diag, sorted[i - 1]->at, "'%s' is here", sorted[i - 1]->name);
        }
    }
}

static void type_read_values(model_reader_t *reader, const yaml_node_t *name, const yaml_node_t **values, model_type_t *type)
{
    const bool is_based = type_read_base(reader, values[type->kind == MODEL_ENUM ? KEY_TYPE_ENUM : KEY_TYPE_FLAGS], type);
    if (values[KEY_TYPE_OPEN] != NULL) {
        (void)yaml_want_bool(reader->diag, values[KEY_TYPE_OPEN], "'open'", &type->open);
    }
    const yaml_node_t *map = values[KEY_TYPE_VALUES];
    const uint32_t count = model_read_map(reader, map, "'values'");
    if (count == 0 && (map == NULL || map->kind == YAML_MAP)) {
        model_refuse(reader, MODEL_RULE_EMPTY, name->at, "type '%s' has no values", name->text);
        diag_help(reader->diag, "list them: values: {first: 0, second: 1}");
    }
    type->values = arena_array(reader->arena, count, sizeof(model_value_t));
    for (uint32_t i = 0; i < count && is_based; i++) {
        if (type_read_value(reader, map->keys[i], map->kids[i], type, &type->values[type->value_count])) {
            type->flags_mask |= type->kind == MODEL_FLAGS ? (uint64_t)type->values[type->value_count].value : 0;
            type->value_count++;
        }
    }
    type_check_twice(reader, type);
}

static void type_read_fields_id(model_reader_t *reader, const yaml_node_t *name, const yaml_node_t *node, model_type_t *type)
{
    if ((node != NULL) != type->pass_fields) {
        model_refuse(reader, MODEL_RULE_FIELDS_ID, node != NULL ? node->at : name->at,
                     node != NULL ? "'fields' without 'pass: fields'" : "type '%s' needs 'fields', the id of its first accessor", name->text);
        diag_help(reader->diag, node != NULL ? "remove it, or add pass: fields" : "write for example fields: 0x8000");
        return;
    }
    yaml_number_t id;
    if (node == NULL || !yaml_want_number(reader->diag, node, "'fields'", &id)) {
        return;
    }
    if (id.is_negative || id.magnitude < MODEL_FIELDS_ID_MIN || id.magnitude > MODEL_FIELDS_ID_MAX) {
        model_refuse(reader, MODEL_RULE_FIELDS_ID, node->at, "ids of accessors are 0x%x to 0x%x, not %s", MODEL_FIELDS_ID_MIN,
                     MODEL_FIELDS_ID_MAX, diag_clip(reader->diag, node->text));
        return;
    }
    type->fields_id = (uint32_t)id.magnitude;
    const uint64_t last = id.magnitude + 2 * (uint64_t)type->fields.count - 1;
    if (type->fields.count > 0 && last > MODEL_FIELDS_ID_MAX) {
        model_refuse(reader, MODEL_RULE_FIELDS_ID, node->at, "the accessors of %u fields take ids up to 0x%llx, above 0x%x",
                     (unsigned)type->fields.count, (unsigned long long)last, MODEL_FIELDS_ID_MAX);
    }
}

/* Fields of `pass: fields` become calls with one value each. */
static void type_check_field(model_reader_t *reader, const model_item_t *field)
{
    if (field->use.kind == MODEL_RECORD) {
        model_refuse(reader, MODEL_RULE_FIELDS_TYPE, field->at, "field '%s' of a record with 'pass: fields' cannot be a record", field->name);
    }
    if (field->use.array > 256) {
        model_refuse(reader, MODEL_RULE_FIELDS_TYPE, field->at, "field '%s' has %u elements; with 'pass: fields' an index has 8 bits", field->name,
                     (unsigned)field->use.array);
    }
}

static void type_read_record(model_reader_t *reader, const yaml_node_t *name, const yaml_node_t **values, model_type_t *type)
{
    const yaml_node_t *map = values[KEY_TYPE_RECORD];
    type->fields.at = arena_array(reader->arena, map->kind == YAML_MAP ? map->count : 0, sizeof(model_item_t));
    model_read_items(reader, map, MODEL_PLACE_FIELD, "'record'", &type->fields);
    if (map->kind == YAML_MAP && map->count == 0) {
        model_refuse(reader, MODEL_RULE_EMPTY, name->at, "record '%s' has no fields", name->text);
    }
    type_read_fields_id(reader, name, values[KEY_TYPE_FIELDS], type);
    for (uint32_t i = 0; i < type->fields.count && type->pass_fields; i++) {
        type_check_field(reader, &type->fields.at[i]);
    }
}

static void type_read_hosts(model_reader_t *reader, const yaml_node_t *map, model_type_t *type)
{
    const uint32_t count = model_read_map(reader, map, "'host'");
    type->hosts = arena_array(reader->arena, count, sizeof(model_host_type_t));
    for (uint32_t i = 0; i < count; i++) {
        const yaml_node_t *values[KEY_HOST_TYPE_COUNT];
        model_host_type_t *host = &type->hosts[type->host_count++];
        host->host = map->keys[i]->text;
        host->at = map->keys[i]->at;
        (void)model_read_name(reader, map->keys[i], "a host");
        if (!yaml_keys(reader->diag, map->kids[i], &model_host_type_table, values)) {
            continue;
        }
        if (yaml_want_text(reader->diag, values[KEY_HOST_TYPE_TYPE], "'type'", &host->type) && !model_is_c_type(host->type)) {
            model_refuse(reader, MODEL_RULE_HOST_TYPE, values[KEY_HOST_TYPE_TYPE]->at, "'%s' is not the name of a C type",
                         diag_clip(reader->diag, host->type));
        }
        const yaml_node_t *include = values[KEY_HOST_TYPE_INCLUDE];
        if (include != NULL && yaml_want_text(reader->diag, include, "'include'", &host->include) && !model_is_header(host->include)) {
            model_refuse(reader, MODEL_RULE_HOST_TYPE, include->at, "'%s' is not the name of a header", diag_clip(reader->diag, host->include));
        }
    }
}

static void type_read_content(model_reader_t *reader, const yaml_node_t *name, const yaml_node_t **values, model_type_t *type)
{
    model_read_doc(reader, values[KEY_TYPE_DOC], &type->doc);
    type_check_keys(reader, values, type);
    type_read_hosts(reader, values[KEY_TYPE_HOST], type);
    bool is_true = false;
    if (type->kind == MODEL_RECORD) {
        type_read_record(reader, name, values, type);
    } else if (model_kind_is_named(type->kind)) {
        type_read_values(reader, name, values, type);
    } else if (yaml_want_bool(reader->diag, values[KEY_TYPE_HANDLE], "'handle'", &is_true) && !is_true) {
        model_refuse(reader, MODEL_RULE_HANDLE, values[KEY_TYPE_HANDLE]->at, "'handle' can only be true");
    }
}

static bool type_is_builtin(const char *name)
{
    static const char *const words[] = {"bytes", "string", "own", "optional", "list"};
    model_kind_t kind;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(name, words[i]) == 0) {
            return true;
        }
    }
    return model_kind_of(name, strlen(name), &kind);
}

void model_read_types(model_reader_t *reader)
{
    const yaml_node_t *map = reader->keys[KEY_API_TYPES];
    const uint32_t count = model_read_map(reader, map, "'types'");
    const yaml_node_t *(*values)[KEY_TYPE_COUNT] = arena_array(reader->arena, count, sizeof *values);
    bool *is_good = arena_array(reader->arena, count, sizeof *is_good);
    model_type_t *types = arena_array(reader->arena, count, sizeof *types);
    reader->api->types = types;
    reader->api->type_count = count;
    reader->layouts = arena_array(reader->arena, count, sizeof *reader->layouts);
    reader->types = (model_index_t){arena_array(reader->arena, count, sizeof(model_entry_t)), count};
    for (uint32_t i = 0; i < count; i++) {
        types[i].name = map->keys[i]->text;
        types[i].at = map->keys[i]->at;
        types[i].index = i;
        types[i].kind = MODEL_ENUM;
        reader->types.entries[i] = (model_entry_t){types[i].name, &types[i]};
        if (model_read_name(reader, map->keys[i], "a type") && type_is_builtin(types[i].name)) {
            model_refuse(reader, MODEL_RULE_BUILTIN, types[i].at, "'%s' is a word of the language", types[i].name);
        }
        (void)yaml_keys(reader->diag, map->kids[i], &model_type_table, values[i]);
        is_good[i] = map->kids[i]->kind == YAML_MAP && type_read_kind(reader, map->keys[i], values[i], &types[i]);
    }
    model_index_sort(&reader->types);
    for (uint32_t i = 0; i < count; i++) {
        if (is_good[i]) {
            type_read_content(reader, map->keys[i], values[i], &types[i]);
        }
    }
    model_check_records(reader);
}
