/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model.c - from the text of a description to its model: the head, then each part in the order in which parts need each other.
 * Reads on after errors, so that one run tells them all; the model of a description with errors is thrown away. */
#include "gen/model_inner.h"

#include <string.h>

static void head_read_language(model_reader_t *reader, const yaml_node_t *node)
{
    yaml_number_t number;
    if (yaml_want_number(reader->diag, node, "'callgate'", &number) && (number.is_negative || number.magnitude != 1)) {
        model_refuse(reader, MODEL_RULE_LANGUAGE, node->at, "this generator reads version 1 of the language, not %s",
                     diag_clip(reader->diag, node->text));
    }
}

static void head_read_id(model_reader_t *reader, const yaml_node_t *node)
{
    yaml_number_t number;
    if (!yaml_want_number(reader->diag, node, "'id'", &number)) {
        return;
    }
    const bool is_gate = strcmp(reader->api->name, "gate") == 0;
    if (number.is_negative || number.magnitude > MODEL_ID_MAX) {
        model_refuse(reader, MODEL_RULE_API_ID, node->at, "the id of an API is 1 to %d, not %s", MODEL_ID_MAX, diag_clip(reader->diag, node->text));
    } else if ((number.magnitude == 0) != is_gate) {
        model_refuse(reader, MODEL_RULE_API_ID, node->at, is_gate ? "the API named 'gate' has the id 0" : "the id 0 belongs to the API named 'gate'");
    } else {
        reader->api->id = (uint32_t)number.magnitude;
    }
}

static void head_read_version(model_reader_t *reader, const yaml_node_t *node)
{
    if (!yaml_want(reader->diag, node, YAML_SCALAR, "'version'")) {
        return;
    }
    const char *text = node->text, *at = text;
    bool is_good = node->size <= 32;
    for (int part = 0; part < 3; part++) {
        const size_t digits = strspn(at, "0123456789");
        is_good = is_good && digits > 0 && (at[0] != '0' || digits == 1) && at[digits] == (part < 2 ? '.' : '\0');
        at += digits;
        at += *at != '\0';
    }
    if (!is_good) {
        model_refuse(reader, MODEL_RULE_VERSION, node->at, "'%s' is not a version", diag_clip(reader->diag, text));
        diag_help(reader->diag, "a version has three numbers: 1.0.0");
    }
    reader->api->version = text;
}

static void model_read_head(model_reader_t *reader, const yaml_node_t *root)
{
    model_api_t *api = reader->api;
    (void)yaml_keys(reader->diag, root, &model_api_table, reader->keys);
    api->name = "";
    api->version = "";
    api->at = root->at;
    const yaml_node_t *name = reader->keys[KEY_API_NAME];
    if (name != NULL) {
        api->at = name->at;
        if (yaml_want(reader->diag, name, YAML_SCALAR, "'api'")) {
            api->name = name->text;
            (void)model_read_api_name(reader, name);
        }
    }
    if (reader->keys[KEY_API_CALLGATE] != NULL) {
        head_read_language(reader, reader->keys[KEY_API_CALLGATE]);
    }
    if (reader->keys[KEY_API_ID] != NULL) {
        head_read_id(reader, reader->keys[KEY_API_ID]);
    }
    if (reader->keys[KEY_API_VERSION] != NULL) {
        head_read_version(reader, reader->keys[KEY_API_VERSION]);
    }
    model_read_doc(reader, reader->keys[KEY_API_DOC], &api->doc);
}

model_api_t *model_read(arena_t *arena, diag_t *diag, const char *file, const char *bytes, size_t size)
{
    const uint32_t before = diag_count(diag);
    const yaml_node_t *root = yaml_read(arena, diag, file, bytes, size, YAML_SIZE_MAX);
    if (root == NULL) {
        return NULL;
    }
    model_reader_t reader = {.arena = arena, .diag = diag, .api = arena_alloc(arena, sizeof(model_api_t))};
    reader.api->file = arena_text(arena, file, strlen(file));
    if (root->kind != YAML_MAP) {
        (void)yaml_want(diag, root, YAML_MAP, "a description");
        return NULL;
    }
    model_read_head(&reader, root);
    model_read_types(&reader);
    model_read_constants(&reader);
    model_read_errors(&reader);
    model_read_calls(&reader);
    model_read_events(&reader);
    if (diag_count(diag) != before) {
        return NULL; /* names that are wrong already would only be told twice */
    }
    model_check_names(&reader);
    return diag_count(diag) == before ? reader.api : NULL;
}
