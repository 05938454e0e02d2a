/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/speed.c - renders a made-up host header for N calls of 54 tags each, and prints the tags visited.
 * speed.sh counts its instructions. Its argument is N. */
#include <stdlib.h>
#include <string.h>

#include "gen/mustache.h"

#define PARAM_COUNT 3

typedef struct param {
    const char *name;
    const char *type;
    const char *doc;
    int64_t slot;
    bool wide;
} param_t;

typedef struct call {
    const char *name;
    const char *prefix;
    const char *doc;
    const char *result;
    int64_t number;
    bool blocks;
    const param_t *first;
    must_list_t params;
} call_t;

typedef struct file {
    const char *api;
    must_list_t calls;
} file_t;

static const must_field_t param_fields[] = {
    MUST_FIELD_TEXT(param_t, name, ""),   MUST_FIELD_TEXT(param_t, type, ""), MUST_FIELD_TEXT(param_t, doc, ""),
    MUST_FIELD_NUMBER(param_t, slot, ""), MUST_FIELD_BOOL(param_t, wide, ""),
};
static const must_class_t param_class = MUST_CLASS("param", "", param_fields);
static const must_field_t call_fields[] = {
    MUST_FIELD_TEXT(call_t, name, ""),
    MUST_FIELD_TEXT(call_t, prefix, ""),
    MUST_FIELD_TEXT(call_t, doc, ""),
    MUST_FIELD_TEXT(call_t, result, ""),
    MUST_FIELD_NUMBER(call_t, number, ""),
    MUST_FIELD_BOOL(call_t, blocks, ""),
    MUST_FIELD_OBJECT(call_t, first, &param_class, ""),
    MUST_FIELD_LIST(call_t, params, &param_class, ""),
};
static const must_class_t call_class = MUST_CLASS("call", "", call_fields);
static const must_field_t file_fields[] = {
    MUST_FIELD_TEXT(file_t, api, ""),
    MUST_FIELD_LIST(file_t, calls, &call_class, ""),
};
static const must_class_t file_class = MUST_CLASS("file", "", file_fields);

/* Tags of one call: 18 outside the parameters, 12 for each of 3 parameters, which is 54. Closing tags do not count. */
#define TAGS_PER_CALL (18 + 12 * PARAM_COUNT)
static const char text[] =
    "{{#calls}}\n"
    "/* {{doc}}\n * Call {{number}} of {{api}}.{{#blocks}} May wait.{{/blocks}} */\n"
    "static inline {{{result}}} {{prefix}}_{{name}}("
    "{{#params}}{{{type}}} {{name}}{{^-last}}, {{/-last}}{{/params}})\n"
    "{\n"
    "{{#params}}\n"
    "    /* {{name}}: {{doc}} */\n"
    "    {{#wide}}cg_wide_t{{/wide}}{{^wide}}uint32_t{{/wide}} slot_{{slot}} = pack_{{api}}_{{prefix}}({{name}});\n"
    "{{/params}}\n"
    "    return {{prefix}}_invoke_{{name}}({{number}}{{#params}}, slot_{{slot}}{{/params}});\n"
    "}\n"
    "#define CG_{{api}}_{{name}} {{number}} /* {{first.name}} {{^blocks}}at once{{/blocks}} */\n"
    "{{/calls}}\n";

int main(int argc, char **argv)
{
    static const param_t params[PARAM_COUNT] = {
        {"device", "saul_device_t", "The device to be read, as found before.", 0, false},
        {"data", "saul_phydat_t *", "Where the values go.", 1, false},
        {"deadline", "uint64_t", "When to give up.", 2, true},
    };
    static const void *items[PARAM_COUNT] = {&params[0], &params[1], &params[2]};
    const call_t call = {"read_values", "saul", "Reads all values of a device at once.", "int", 131075, true,
                         &params[0], {items, PARAM_COUNT}};
    const size_t count = argc == 2 ? (size_t)strtoul(argv[1], NULL, 10) : 1000;
    const void **calls = calloc(count + 1, sizeof(*calls));
    must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
    must_error_t error = {""};
    must_template_t *t;
    must_buffer_t out = {0};
    if (calls == NULL || engine == NULL) {
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        calls[i] = &call;
    }
    const file_t file = {"saul", {calls, count}};
    const bool good = must_parse(engine, &(must_source_t){"speed", text, sizeof(text) - 1, MUST_ESCAPE_C_COMMENT}, &t,
                                 &error) &&
                      must_render(t, &file_class, &file, &out, &error);
    printf("%s%d tags a call, %zu bytes\n", error.text, TAGS_PER_CALL, out.size);
    must_buffer_free(&out);
    must_engine_free(engine);
    free(calls);
    return good ? 0 : 1;
}
