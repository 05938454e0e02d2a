/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/world.c - the described world of the template tests: see world.h. */
#include "world.h"

static const must_class_t type_class;
static const must_field_t type_fields[] = {
    MUST_FIELD_TEXT(type_t, name, "Its name in C."),
    MUST_FIELD_OBJECT(type_t, base, &type_class, "What it is made from."),
};
static const must_class_t type_class = MUST_CLASS("type", "A type.", type_fields);

static const must_field_t param_fields[] = {
    MUST_FIELD_TEXT(param_t, name, "Its name."),
    MUST_FIELD_OBJECT(param_t, type, &type_class, "Its type."),
    MUST_FIELD_OBJECT(param_t, main, &type_class, "Its type again."),
    MUST_FIELD_BOOL(param_t, last, "A field | with a bar\nand a line break."),
};
static const must_class_t param_class = MUST_CLASS("param", "", param_fields);

static const must_field_t call_fields[] = {
    MUST_FIELD_TEXT(call_t, name, "Its name."),
    MUST_FIELD_TEXT(call_t, doc, "What it does."),
    MUST_FIELD_NUMBER(call_t, number, "Its number."),
    MUST_FIELD_BOOL(call_t, blocks, "It may wait."),
    MUST_FIELD_LIST(call_t, params, &param_class, "Its arguments."),
};
static const must_class_t call_class = MUST_CLASS("call", "One function.", call_fields);

static const must_field_t world_fields[] = {
    MUST_FIELD_TEXT(world_t, api, "The API."),
    MUST_FIELD_TEXT(world_t, empty, "A text of no bytes."),
    MUST_FIELD_TEXT(world_t, none, "No text."),
    MUST_FIELD_NUMBER(world_t, zero, "Zero."),
    MUST_FIELD_NUMBER(world_t, least, "The least number."),
    MUST_FIELD_BOOL(world_t, yes, "Yes."),
    MUST_FIELD_BOOL(world_t, no, "No."),
    MUST_FIELD_OBJECT(world_t, nothing, &type_class, "No object."),
    MUST_FIELD_OBJECT(world_t, main, &call_class, "The first call."),
    MUST_FIELD_LIST(world_t, calls, &call_class, "All calls."),
    MUST_FIELD_TEXTS(world_t, files, "Names of files."),
    MUST_FIELD_LIST(world_t, nobody, &call_class, "No calls."),
};
const must_class_t world_class = MUST_CLASS("world", "All there is.", world_fields);

static const type_t byte_type = {NULL, "u8"};
static const type_t class_type = {&byte_type, "class_t"};
static const param_t params[] = {{&class_type, &class_type, "kind", false}, {&byte_type, &byte_type, "index", true}};
static const void *const find_params[] = {&params[0], &params[1]};
static const call_t find_call = {"find", "Finds a device.", 1, false, {find_params, 2}};
static const call_t wait_call = {"wait", NULL, 70000, true, {NULL, 0}};
static const void *const calls[] = {&find_call, &wait_call};
static const void *const files[] = {"a.h", "b<c>.h", "d.h"};

const world_t world = {
    .api = "saul",
    .empty = "",
    .least = INT64_MIN,
    .yes = true,
    .main = &find_call,
    .calls = {calls, 2},
    .files = {files, 3},
};

must_template_t *library_find(void *ctx, const char *name, must_error_t *error)
{
    library_t *library = ctx;
    const char *const *texts = library->texts;
    for (size_t i = 0; texts != NULL && i < LIBRARY_SIZE_MAX && texts[2 * i] != NULL; i++) {
        if (strcmp(texts[2 * i], name) == 0) {
            const char *text = texts[2 * i + 1];
            const must_source_t source = {name, text, strlen(text), library->escape};
            if (library->parsed[i] == NULL) {
                (void)must_parse(library->engine, &source, &library->parsed[i], error);
            }
            return library->parsed[i];
        }
    }
    return NULL;
}

bool world_render(const char *text, const char *const *partials, must_escape_t escape, bool strict, must_buffer_t *out,
                  must_error_t *error)
{
    library_t library = {.texts = partials, .escape = escape};
    library.engine = must_engine_new(&(must_config_t){.strict = strict, .partial = library_find, .ctx = &library});
    must_template_t *t = NULL;
    const bool good = library.engine != NULL &&
                      must_parse(library.engine, &(must_source_t){"t", text, strlen(text), escape}, &t, error) &&
                      must_render(t, &world_class, &world, out, error);
    must_engine_free(library.engine);
    return good;
}
