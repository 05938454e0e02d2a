/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_bind.c - `bind`: for a host, the C function that a call is, without code of ours.
 * The C text is checked for what would break out of its place; whether it compiles is the host's compiler's business. */
#include "gen/model_inner.h"

#include <string.h>

enum { BIND_CALL_MAX = 400 };

static const model_item_t *bind_find(const model_call_t *call, const char *name, size_t size)
{
    for (uint32_t i = 0; i < call->args.count && i < MODEL_ARGS_MAX; i++) {
        if (strncmp(call->args.at[i].name, name, size) == 0 && call->args.at[i].name[size] == '\0') {
            return &call->args.at[i];
        }
    }
    return NULL;
}

static void bind_near_arg(model_reader_t *reader, const model_call_t *call, const char *name, bool is_result)
{
    yaml_near_t near;
    yaml_near_init(&near, name);
    for (uint32_t i = 0; i < call->args.count && !diag_is_full(reader->diag); i++) {
        if (!is_result || call->args.at[i].direction == MODEL_OUT) {
            yaml_near_try(&near, call->args.at[i].name);
        }
    }
    yaml_near_help(reader->diag, &near);
}

/* One line, one expression. */
static bool bind_check_text(model_reader_t *reader, const yaml_node_t *node)
{
    const char *fault = node->size == 0                    ? "it is empty"
                        : node->size > BIND_CALL_MAX       ? "it is too long"
                        : strchr(node->text, ';') != NULL  ? "it holds a ';'"
                        : strstr(node->text, "/*") != NULL ? "it holds a comment"
                        : strstr(node->text, "*/") != NULL ? "it holds a comment"
                        : strstr(node->text, "//") != NULL ? "it holds a comment"
                                                           : NULL;
    uint32_t hidden = 0;
    if (fault == NULL && model_has_hidden(node->text, "", &hidden)) {
        fault = "it holds a control character";
    }
    if (fault == NULL && node->text[node->size - 1] == '\\') {
        fault = "it ends with a backslash";
    }
    if (fault != NULL) {
        model_refuse(reader, MODEL_RULE_BIND_CALL, node->at, "this cannot be the C text of a bind: %s", fault);
        return false;
    }
    return true;
}

/* Each {name} is one of the call's. Sets a bit in *used for each that is named. */
static void bind_check_names(model_reader_t *reader, const yaml_node_t *node, const model_call_t *call, uint32_t *used)
{
    for (const char *open = strpbrk(node->text, "{}"); open != NULL; open = strpbrk(open, "{}")) {
        const size_t size = open[0] == '{' ? strcspn(open + 1, "{}") : 0;
        if (open[0] == '}' || open[1 + size] != '}') {
            model_refuse(reader, MODEL_RULE_BIND_CALL, node->at, "a '%c' in the C text has no partner", open[0]);
            diag_help(reader->diag, "braces stand around names only: {dev}");
            return;
        }
        const model_item_t *item = bind_find(call, open + 1, size);
        if (item != NULL) {
            *used |= UINT32_C(1) << (item - call->args.at);
        } else {
            const char *name = arena_text(reader->arena, open + 1, size);
            model_refuse(reader, MODEL_RULE_BIND_NAME, node->at, "call '%s' has no argument or result '%s'", call->name,
                         diag_clip(reader->diag, name));
            bind_near_arg(reader, call, name, false);
        }
        open += size + 2;
    }
}

static void bind_read_gives(model_reader_t *reader, const yaml_node_t *node, const model_call_t *call, model_bind_t *bind, uint32_t *used)
{
    if (!yaml_want_text(reader->diag, node, "'gives'", &bind->gives)) {
        return;
    }
    const model_item_t *item = bind_find(call, bind->gives, node->size);
    if (item == NULL || item->direction != MODEL_OUT) {
        model_refuse(reader, MODEL_RULE_BIND_GIVES, node->at, "call '%s' has no result '%s'", call->name, diag_clip(reader->diag, bind->gives));
        bind_near_arg(reader, call, bind->gives, true);
        return;
    }
    *used |= UINT32_C(1) << (item - call->args.at);
    if (item->use.kind > MODEL_FLAGS || item->use.optional) {
        model_refuse(reader, MODEL_RULE_BIND_GIVES, node->at, "'gives' cannot be '%s': it is not a single number, bool, enum or flags",
                     diag_clip(reader->diag, bind->gives));
        diag_help(reader->diag, "let the function write it: &{%s}", bind->gives);
    }
}

static void bind_check_results(model_reader_t *reader, const model_call_t *call, const model_bind_t *bind, uint32_t used)
{
    for (uint32_t i = 0; i < call->args.count && i < MODEL_ARGS_MAX; i++) {
        if (call->args.at[i].direction != MODEL_IN && (used >> i & 1u) == 0) {
            model_refuse(reader, MODEL_RULE_BIND_RESULT, bind->at, "nothing gives the result '%s' of call '%s'", call->args.at[i].name, call->name);
            diag_help(reader->diag, "name it in 'gives', or pass &{%s} to the function", call->args.at[i].name);
        }
    }
}

static void bind_read_fails(model_reader_t *reader, const yaml_node_t *map, const model_call_t *call, model_bind_t *bind)
{
    const uint32_t count = model_read_map(reader, map, "'fails'");
    bind->fails = arena_array(reader->arena, count, sizeof(model_bind_fail_t));
    for (uint32_t i = 0; i < count; i++) {
        const yaml_node_t *key = map->keys[i];
        model_bind_fail_t fail = {.value = key->text, .is_negative = strcmp(key->text, "negative") == 0};
        const char *name = NULL;
        if (!fail.is_negative && !model_is_c_value(key->text)) {
            model_refuse(reader, MODEL_RULE_BIND_FAILS, key->at, "'%s' is not 'negative', a C name or a number", diag_clip(reader->diag, key->text));
        }
        if (!yaml_want_text(reader->diag, map->kids[i], "an error", &name)) {
            continue;
        }
        for (uint32_t k = 0; k < call->fail_count && k < MODEL_ERROR_ID_MAX; k++) {
            if (strcmp(call->fails[k]->name, name) == 0) {
                fail.error = call->fails[k];
                break;
            }
        }
        if (fail.error == NULL) {
            model_refuse(reader, MODEL_RULE_BIND_FAILS, map->kids[i]->at, "call '%s' does not fail with '%s'", call->name,
                         diag_clip(reader->diag, name));
            diag_help(reader->diag, "add it to the call's 'fails'");
            continue;
        }
        bind->fails[bind->fail_count++] = fail;
    }
}

static void bind_read(model_reader_t *reader, const yaml_node_t *key, const yaml_node_t *node, const model_call_t *call, model_bind_t *bind)
{
    const yaml_node_t *values[KEY_BIND_COUNT];
    uint32_t used = 0;
    bind->host = key->text;
    bind->at = key->at;
    (void)model_read_name(reader, key, "a host");
    const bool is_whole = yaml_keys(reader->diag, node, &model_bind_table, values);
    const yaml_node_t *text = values[KEY_BIND_CALL];
    const bool is_text = text != NULL && yaml_want_text(reader->diag, text, "'call'", &bind->call) && bind_check_text(reader, text);
    if (is_text) {
        bind_check_names(reader, text, call, &used);
    }
    if (values[KEY_BIND_GIVES] != NULL) {
        bind_read_gives(reader, values[KEY_BIND_GIVES], call, bind, &used);
    }
    const yaml_node_t *include = values[KEY_BIND_INCLUDE];
    if (include != NULL && yaml_want_text(reader->diag, include, "'include'", &bind->include) && !model_is_header(bind->include)) {
        model_refuse(reader, MODEL_RULE_HOST_TYPE, include->at, "'%s' is not the name of a header", diag_clip(reader->diag, bind->include));
    }
    bind_read_fails(reader, values[KEY_BIND_FAILS], call, bind);
    if (is_whole && is_text) {
        bind_check_results(reader, call, bind, used);
    }
}

void model_read_binds(model_reader_t *reader, const yaml_node_t *node, model_call_t *call)
{
    const uint32_t count = model_read_map(reader, node, "'bind'");
    call->binds = arena_array(reader->arena, count, sizeof(model_bind_t));
    call->bind_count = count;
    for (uint32_t i = 0; i < count; i++) {
        bind_read(reader, node->keys[i], node->kids[i], call, &call->binds[i]);
    }
}
