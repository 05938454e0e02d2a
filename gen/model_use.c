/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_use.c - the notation of types: `u8`, `phydat`, `s16(3)`, `bytes(..64)`, `own device`.
 * Reads what a type is; whether it may stand where it stands is model_item.c's business. */
#include "gen/model_inner.h"

#include <string.h>

/* The parts of a notation: [own|optional] name [(..n) | (n)]. */
typedef struct use_parts {
    const char *name;
    size_t size;       /* of name */
    bool own, optional;
    bool has_bound;
    bool is_max;       /* (..n) */
    uint64_t bound;
} use_parts_t;

static bool use_split(const char *text, use_parts_t *parts)
{
    *parts = (use_parts_t){0};
    if (strncmp(text, "optional ", 9) == 0) {
        parts->optional = true;
        text += 9;
    }
    if (strncmp(text, "own ", 4) == 0) {
        parts->own = true;
        text += 4;
    }
    parts->name = text;
    parts->size = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    text += parts->size;
    if (parts->size == 0 || *text == '\0') {
        return parts->size > 0;
    }
    const size_t left = strlen(text);
    if (text[0] != '(' || text[left - 1] != ')') {
        return false;
    }
    parts->has_bound = true;
    parts->is_max = strncmp(text + 1, "..", 2) == 0;
    const size_t skip = parts->is_max ? 3 : 1;
    yaml_number_t number;
    if (left < skip + 2 || text[skip] == '-' || !yaml_parse_number(text + skip, left - skip - 1, &number)) {
        return false;
    }
    parts->bound = number.magnitude;
    return true;
}

/* Tell what is wrong with a text that cannot be split; the usual mistakes get their remedy. */
static void use_refuse_text(model_reader_t *reader, const yaml_node_t *node)
{
    model_refuse(reader, MODEL_RULE_NOTATION, node->at, "'%s' is not a type", diag_clip(reader->diag, node->text));
    if (strchr(node->text, '*') != NULL || strchr(node->text, '&') != NULL) {
        diag_help(reader->diag, "there are no pointers: use a handle, a record, or a buffer such as bytes(..64)");
    } else if (strchr(node->text, '[') != NULL) {
        diag_help(reader->diag, "arrays are written T(3), lists T(..16)");
    } else if (strncmp(node->text, "own optional ", 13) == 0) {
        diag_help(reader->diag, "write 'optional own ...'");
    } else {
        diag_help(reader->diag, "write T, T(3), T(..16), bytes(..64), string(..31), own T or optional T");
    }
}

static bool use_unbounded(model_reader_t *reader, const yaml_node_t *node, const use_parts_t *parts, const char *name)
{
    model_refuse(reader, MODEL_RULE_UNBOUNDED, node->at, "'%s' needs a maximum", diag_clip(reader->diag, name));
    if (parts->has_bound) {
        diag_help(reader->diag, "write %s(..%llu): two dots make it a maximum", name, (unsigned long long)parts->bound);
    } else {
        diag_help(reader->diag, "write %s(..64), with the most bytes that make sense", name);
    }
    return false;
}

static bool use_buffer(model_reader_t *reader, const yaml_node_t *node, const use_parts_t *parts, model_use_t *use)
{
    const model_kind_t kind = parts->name[0] == 'b' ? MODEL_BYTES : MODEL_STRING;
    if (!parts->has_bound || !parts->is_max) {
        return use_unbounded(reader, node, parts, model_kind_name(kind));
    }
    use->kind = use->element = kind;
    use->max = (uint32_t)parts->bound;
    return true;
}

static bool use_bound(model_reader_t *reader, const yaml_node_t *node, const use_parts_t *parts)
{
    const uint64_t most = parts->is_max ? MODEL_BUFFER_MAX : MODEL_COPY_MAX;
    if (!parts->has_bound || (parts->bound >= 1 && parts->bound <= most)) {
        return true;
    }
    model_refuse(reader, MODEL_RULE_BOUND, node->at, "the %s of '%s' must be 1 to %llu", parts->is_max ? "maximum" : "size",
                 diag_clip(reader->diag, node->text),
                 (unsigned long long)most);
    return false;
}

/* What people write who think in C or Rust: uint8_t, int32_t, int, i64, float. NULL if the name is none of these. */
static const char *use_foreign(const char *name)
{
    static const char *const pairs[][2] = {
        {"uint8_t", "u8"}, {"uint16_t", "u16"}, {"uint32_t", "u32"}, {"uint64_t", "u64"}, {"int8_t", "s8"}, {"int16_t", "s16"},
        {"int32_t", "s32"}, {"int64_t", "s64"}, {"i8", "s8"}, {"i16", "s16"}, {"i32", "s32"}, {"i64", "s64"}, {"int", "s32"},
        {"unsigned", "u32"}, {"float", "f32"}, {"double", "f64"}, {"size_t", "u32"}, {"char", "u8"}, {"byte", "u8"}, {"boolean", "bool"},
        {"str", "string(..64)"}, {"text", "string(..64)"}, {"buffer", "bytes(..64)"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if (strcmp(name, pairs[i][0]) == 0) {
            return pairs[i][1];
        }
    }
    return NULL;
}

static void use_help_unknown(model_reader_t *reader, const char *name)
{
    yaml_near_t near;
    if (use_foreign(name) != NULL) {
        diag_help(reader->diag, "write '%s'", use_foreign(name));
        return;
    }
    yaml_near_init(&near, name);
    for (model_kind_t kind = MODEL_BOOL; kind <= MODEL_F64; kind++) {
        yaml_near_try(&near, model_kind_name(kind));
    }
    yaml_near_try(&near, "bytes");
    yaml_near_try(&near, "string");
    for (uint32_t i = 0; i < reader->types.count; i++) {
        yaml_near_try(&near, reader->types.entries[i].name);
    }
    yaml_near_help(reader->diag, &near);
}

static bool use_named(model_reader_t *reader, const yaml_node_t *node, const use_parts_t *parts, model_use_t *use)
{
    char name[MODEL_NAME_MAX + 1];
    const model_type_t *type = NULL;
    if (parts->size <= MODEL_NAME_MAX) {
        memcpy(name, parts->name, parts->size);
        name[parts->size] = '\0';
        type = model_index_find(&reader->types, name);
    }
    if (type == NULL) {
        model_refuse(reader, MODEL_RULE_TYPE_UNKNOWN, node->at, "there is no type '%.*s'", (int)(parts->size > 64 ? 64 : parts->size), parts->name);
        if (parts->size <= MODEL_NAME_MAX && !diag_is_full(reader->diag)) {
            use_help_unknown(reader, name);
        }
        return false;
    }
    use->type = type;
    use->kind = use->element = type->is_handle ? MODEL_HANDLE : type->kind;
    return true;
}

bool model_read_use(model_reader_t *reader, const yaml_node_t *node, model_use_t *use)
{
    const char *text = NULL;
    use_parts_t parts;
    *use = (model_use_t){.kind = MODEL_U8, .element = MODEL_U8};
    if (!yaml_want_text(reader->diag, node, "a type", &text)) {
        return false;
    }
    if (!use_split(text, &parts)) {
        use_refuse_text(reader, node);
        return false;
    }
    if (!use_bound(reader, node, &parts)) {
        return false;
    }
    use->own = parts.own;
    use->optional = parts.optional;
    if ((parts.size == 5 && strncmp(parts.name, "bytes", 5) == 0) || (parts.size == 6 && strncmp(parts.name, "string", 6) == 0)) {
        return use_buffer(reader, node, &parts, use);
    }
    if (model_kind_of(parts.name, parts.size, &use->kind)) {
        use->element = use->kind;
    } else if (!use_named(reader, node, &parts, use)) {
        return false;
    }
    if (parts.is_max) {
        use->kind = MODEL_LIST;
        use->max = (uint32_t)parts.bound;
    } else {
        use->array = (uint32_t)parts.bound;
    }
    return true;
}
