/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_call.c - `calls`: ids, rights, arguments, errors, and the limits of one call.
 * Items are read by model_item.c, binds by model_bind.c, accessors added by model_fields.c. Says nothing of how a call is lowered. */
#include "gen/model_inner.h"

#include <stdlib.h>
#include <string.h>

static void call_read_needs(model_reader_t *reader, const yaml_node_t *node, model_call_t *call)
{
    static const struct {
        const char *name;
        model_needs_t needs;
    } names[] = {{"none", MODEL_NEEDS_NONE}, {"read", MODEL_NEEDS_READ}, {"write", MODEL_NEEDS_WRITE}, {"exec", MODEL_NEEDS_EXEC}};
    const char *text = NULL;
    if (!yaml_want_text(reader->diag, node, "'needs'", &text)) {
        return;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcmp(text, names[i].name) == 0) {
            call->needs = names[i].needs;
            return;
        }
    }
    model_refuse(reader, MODEL_RULE_NEEDS, node->at, "'needs' is none, read, write or exec, not '%s'", diag_clip(reader->diag, text));
    call->needs = MODEL_NEEDS_READ;
}

static uint32_t call_count_items(const yaml_node_t *node)
{
    return node == NULL ? 0 : node->kind == YAML_MAP ? node->count : 1;
}

/* `in`, `inout`, `out`, in this order. */
static void call_read_args(model_reader_t *reader, const yaml_node_t **values, model_call_t *call)
{
    const yaml_node_t *in = values[KEY_CALL_IN], *inout = values[KEY_CALL_INOUT], *out = values[KEY_CALL_OUT];
    const uint32_t count = call_count_items(in) + call_count_items(inout) + call_count_items(out);
    call->args.at = arena_array(reader->arena, count, sizeof(model_item_t));
    model_read_items(reader, in, MODEL_PLACE_IN, "'in'", &call->args);
    model_read_items(reader, inout, MODEL_PLACE_INOUT, "'inout'", &call->args);
    if (out == NULL || out->kind != YAML_SCALAR) {
        model_read_items(reader, out, MODEL_PLACE_OUT, "'out'", &call->args);
        return;
    }
    yaml_node_t key = {.kind = YAML_SCALAR, .at = out->at, .text = "result", .size = 6};
    model_read_item(reader, &key, out, MODEL_PLACE_OUT, &call->args.at[call->args.count++]);
    call->is_result_unnamed = true;
}

static void call_read_fails(model_reader_t *reader, const yaml_node_t *node, model_call_t *call)
{
    if (node == NULL || !yaml_want(reader->diag, node, YAML_LIST, "'fails'")) {
        return;
    }
    call->fails = arena_array(reader->arena, node->count, sizeof(model_error_t *));
    for (uint32_t i = 0; i < node->count; i++) {
        const char *name = NULL;
        if (!yaml_want_text(reader->diag, node->kids[i], "an error", &name)) {
            continue;
        }
        const model_error_t *error = model_index_find(&reader->errors, name);
        if (error == NULL) {
            model_refuse(reader, MODEL_RULE_FAILS, node->kids[i]->at, "there is no error '%s'", diag_clip(reader->diag, name));
            model_index_help(reader->diag, &reader->errors, name);
            continue;
        }
        const uint32_t bit = error->id != 0 ? UINT32_C(1) << (error->id - 1) : 0;
        if ((call->fail_mask & bit) != 0) {
            model_refuse(reader, MODEL_RULE_FAILS, node->kids[i]->at, "error '%s' comes twice in 'fails'", diag_clip(reader->diag, name));
            continue;
        }
        call->fail_mask |= bit;
        call->fails[call->fail_count++] = error;
    }
}

/* Names that the signature of a call gets from one argument, beside the argument's own. Returns how many. */
static uint32_t call_derived_names(model_reader_t *reader, const model_item_t *arg, const char *names[3])
{
    if (model_has_presence(&arg->use)) {
        names[0] = arena_printf(reader->arena, "has_%s", arg->name);
        return 1;
    }
    if (model_kind_is_buffer(arg->use.kind)) {
        names[0] = arena_printf(reader->arena, "%s_count", arg->name);
        names[1] = arena_printf(reader->arena, "%s_capacity", arg->name);
        names[2] = arena_printf(reader->arena, "%s_size", arg->name);
        return 3;
    }
    return 0;
}

static void call_check_twice(model_reader_t *reader, const model_items_t *args)
{
    for (uint32_t i = 0; i < args->count; i++) {
        for (uint32_t j = 0; j < i; j++) {
            if (strcmp(args->at[i].name, args->at[j].name) == 0) {
                model_refuse(reader, MODEL_RULE_ARG_TWICE, args->at[i].at, "'%s' comes twice among arguments and results", args->at[i].name);
                diag_note(reader->diag, args->at[j].at, "'%s' is first given here", args->at[j].name);
                break;
            }
        }
        const char *names[3];
        const uint32_t count = call_derived_names(reader, &args->at[i], names);
        for (uint32_t j = 0; j < args->count * count; j++) {
            const model_item_t *other = &args->at[j / count];
            if (strcmp(names[j % count], other->name) == 0) {
                model_refuse(reader, MODEL_RULE_ARG_TWICE, other->at, "'%s' is the name of a parameter made for '%s'", other->name, args->at[i].name);
                diag_note(reader->diag, args->at[i].at, "'%s' is here", args->at[i].name);
            }
        }
    }
}

static uint64_t call_copied(const model_reader_t *reader, const model_use_t *use)
{
    if (use->kind == MODEL_RECORD) {
        return model_use_size(reader, use);
    }
    if (use->kind == MODEL_LIST) {
        return (uint64_t)use->max * model_use_size(reader, use);
    }
    return use->kind == MODEL_STRING ? (uint64_t)use->max + 1 : 0; /* the copy of a string ends with NUL */
}

static void call_check_limits(model_reader_t *reader, const model_call_t *call)
{
    if (call->args.count > MODEL_ARGS_MAX) {
        model_refuse(reader, MODEL_RULE_ARGS_MAX, call->at, "call '%s' has %u arguments and results, more than %d", call->name,
                     (unsigned)call->args.count, MODEL_ARGS_MAX);
        return;
    }
    uint64_t copied = 0;
    for (uint32_t i = 0; i < call->args.count; i++) {
        const model_item_t *arg = &call->args.at[i];
        copied += call_copied(reader, &arg->use);
        if (arg->use.kind == MODEL_HANDLE && arg->direction == MODEL_IN && call->needs == MODEL_NEEDS_NONE) {
            model_refuse(reader, MODEL_RULE_NEEDS_HANDLE, arg->at, "call '%s' takes a handle but needs no right on it", call->name);
            diag_help(reader->diag, "write needs: read, write or exec");
        }
    }
    if (copied > MODEL_COPY_MAX) {
        model_refuse(reader, MODEL_RULE_COPY_MAX, call->at, "call '%s' copies %llu bytes of records, strings and lists, more than %d", call->name,
                     (unsigned long long)copied, MODEL_COPY_MAX);
    }
    call_check_twice(reader, &call->args);
}

static void call_read(model_reader_t *reader, const yaml_node_t *key, const yaml_node_t *node, model_call_t *call)
{
    const yaml_node_t *values[KEY_CALL_COUNT];
    call->name = key->text;
    call->at = key->at;
    call->needs = MODEL_NEEDS_READ;
    (void)model_read_name(reader, key, "a call");
    (void)yaml_keys(reader->diag, node, &model_call_table, values);
    model_read_doc(reader, values[KEY_CALL_DOC], &call->doc);
    if (values[KEY_CALL_ID] != NULL) {
        (void)model_read_id(reader, values[KEY_CALL_ID], "a call", MODEL_RULE_CALL_ID, MODEL_ID_MAX, &call->id);
    }
    if (values[KEY_CALL_NEEDS] != NULL) {
        call_read_needs(reader, values[KEY_CALL_NEEDS], call);
    }
    if (values[KEY_CALL_BLOCKS] != NULL) {
        (void)yaml_want_bool(reader->diag, values[KEY_CALL_BLOCKS], "'blocks'", &call->blocks);
    }
    call_read_args(reader, values, call);
    call_read_fails(reader, values[KEY_CALL_FAILS], call);
    call_check_limits(reader, call);
    if (values[KEY_CALL_BIND] != NULL) {
        model_read_binds(reader, values[KEY_CALL_BIND], call);
    }
}

static int call_compare(const void *left, const void *right)
{
    const model_call_t *a = left, *b = right;
    if (a->id != b->id) {
        return a->id < b->id ? -1 : 1;
    }
    return a->at.offset < b->at.offset ? -1 : 1;
}

/* Calls are in order of id now. Accessors may not meet: model_fields.c tells about those. */
static void call_check_ids(model_reader_t *reader)
{
    const model_call_t *calls = reader->api->calls;
    uint32_t last = 0;
    for (uint32_t i = 0; i < reader->api->call_count && calls[i].accessor == MODEL_ACCESSOR_NONE; i++) {
        last = calls[i].id;
    }
    for (uint32_t i = 1; i < reader->api->call_count; i++) {
        if (calls[i].id == 0 || calls[i].id != calls[i - 1].id || calls[i].accessor != MODEL_ACCESSOR_NONE) {
            continue;
        }
        model_refuse(reader, MODEL_RULE_CALL_TWICE, calls[i].at, "call '%s' reuses id %u", calls[i].name, (unsigned)calls[i].id);
        diag_note(reader->diag, calls[i - 1].at, "id %u is taken by '%s'", (unsigned)calls[i].id, calls[i - 1].name);
        if (last < MODEL_ID_MAX) {
            diag_help(reader->diag, "the next free id is %u", (unsigned)last + 1);
        }
    }
}

static void call_mark_type(model_reader_t *reader, const model_use_t *use, uint32_t depth)
{
    if (use->type == NULL) {
        return;
    }
    model_type_t *type = &reader->api->types[use->type->index];
    type->is_owned = type->is_owned || use->own;
    if (type->is_used || depth == 32) {
        return;
    }
    type->is_used = true;
    for (uint32_t i = 0; i < type->fields.count; i++) {
        call_mark_type(reader, &type->fields.at[i].use, depth + 1);
    }
}

/* A type is entered once, and records are nested 16 deep at most: the walk is short. */
void model_mark_used(model_reader_t *reader, const model_items_t *items)
{
    for (uint32_t i = 0; i < items->count; i++) {
        call_mark_type(reader, &items->at[i].use, 0);
    }
}

void model_read_calls(model_reader_t *reader)
{
    const yaml_node_t *map = reader->keys[KEY_API_CALLS];
    const uint32_t count = model_read_map(reader, map, "'calls'");
    const uint32_t accessors = model_count_accessors(reader);
    model_call_t *calls = arena_array(reader->arena, (size_t)count + accessors, sizeof *calls);
    reader->api->calls = calls;
    reader->api->call_count = count + accessors;
    for (uint32_t i = 0; i < count; i++) {
        call_read(reader, map->keys[i], map->kids[i], &calls[i]);
    }
    model_add_accessors(reader, calls + count);
    if (count + accessors > 1) {
        qsort(calls, (size_t)count + accessors, sizeof *calls, call_compare);
    }
    call_check_ids(reader);
    for (uint32_t i = 0; i < count + accessors; i++) {
        model_mark_used(reader, &calls[i].args);
    }
}
