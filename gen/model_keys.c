/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_keys.c - the tables of keys, and the JSON Schema that editors use, printed from them.
 * Used by the readers model_*.c through yaml_keys. Checks nothing itself. */
#include "gen/model_keys.h"

#include "gen/model_rules.h"
#include "gen/model_schema.h"

#define MODEL_KEY_ROW(index, name, is_required, schema, doc) {name, is_required, schema, doc},
#define MODEL_TABLE(table, what, list)                          \
    static const yaml_key_t table##_rows[] = {list(MODEL_KEY_ROW)}; \
    const yaml_table_t table = {what, table##_rows, sizeof table##_rows / sizeof table##_rows[0]}

MODEL_TABLE(model_api_table, "a description", MODEL_API_KEYS);
MODEL_TABLE(model_type_table, "a type", MODEL_TYPE_KEYS);
MODEL_TABLE(model_value_table, "a value", MODEL_VALUE_KEYS);
MODEL_TABLE(model_host_type_table, "the type of a host", MODEL_HOST_TYPE_KEYS);
MODEL_TABLE(model_item_table, "an argument or field", MODEL_ITEM_KEYS);
MODEL_TABLE(model_constant_table, "a constant", MODEL_CONSTANT_KEYS);
MODEL_TABLE(model_error_table, "an error", MODEL_ERROR_KEYS);
MODEL_TABLE(model_call_table, "a call", MODEL_CALL_KEYS);
MODEL_TABLE(model_bind_table, "a bind", MODEL_BIND_KEYS);
MODEL_TABLE(model_event_table, "an event", MODEL_EVENT_KEYS);

const char *model_rule_number(model_rule_t rule)
{
#define MODEL_RULE_NUMBER(number, name, what, remedy) #number,
    static const char *const numbers[] = {MODEL_RULES(MODEL_RULE_NUMBER)};
    return rule < MODEL_RULE_COUNT ? numbers[rule] : "R000";
}

/* Definitions that are not maps with fixed keys. */
static const char *const schema_plain[][2] = {
    {"name", "{\"type\": \"string\", \"pattern\": \"^[a-z](_?[a-z0-9])*$\", \"maxLength\": 40}"},
    {"doc", "{\"type\": \"string\", \"maxLength\": 4096}"},
    {"id", "{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 32767}"},
    {"header", "{\"type\": \"string\", \"pattern\": \"^[A-Za-z0-9_][A-Za-z0-9_./+-]*$\"}"},
    {"integer_type", "{\"enum\": [\"u8\", \"u16\", \"u32\", \"u64\", \"s8\", \"s16\", \"s32\", \"s64\"]}"},
    {"type_use", "{\"type\": \"string\", \"pattern\": \"^(optional )?(own )?[a-z][a-z0-9_]*(\\\\((\\\\.\\\\.)?(0x)?[0-9A-Fa-f]+\\\\))?$\"}"},
};

/* Maps with fixed keys. `or` is the short form that may stand for the map; NULL if there is none. */
static const struct {
    const char *name, *or;
    const yaml_table_t *table;
} schema_maps[] = {
    {"type", NULL, &model_type_table},
    {"value", "{\"type\": \"integer\"}", &model_value_table},
    {"host_type", NULL, &model_host_type_table},
    {"item", MODEL_REF(type_use), &model_item_table},
    {"constant", NULL, &model_constant_table},
    {"error", NULL, &model_error_table},
    {"call", NULL, &model_call_table},
    {"bind", NULL, &model_bind_table},
    {"event", NULL, &model_event_table},
};

static void schema_print_keys(FILE *out, const yaml_table_t *table, const char *indent)
{
    const char *comma = "";
    fprintf(out, "%s\"type\": \"object\",\n%s\"additionalProperties\": false,\n%s\"required\": [", indent, indent, indent);
    for (uint32_t i = 0; i < table->count; i++) {
        if (table->keys[i].is_required) {
            fprintf(out, "%s\"%s\"", comma, table->keys[i].name);
            comma = ", ";
        }
    }
    fprintf(out, "],\n%s\"properties\": {\n", indent);
    for (uint32_t i = 0; i < table->count; i++) {
        const yaml_key_t *key = &table->keys[i];
        fprintf(out, "%s  \"%s\": {\"description\": \"%s\", \"allOf\": [%s]}%s\n", indent, key->name, key->doc, key->schema,
                i + 1 < table->count ? "," : "");
    }
    fprintf(out, "%s}\n", indent);
}

void model_schema_print(FILE *out)
{
    fputs("{\n  \"$schema\": \"http://json-schema.org/draft-07/schema#\",\n  \"title\": \"callgate API description\",\n", out);
    fputs("  \"definitions\": {\n", out);
    for (size_t i = 0; i < sizeof schema_plain / sizeof schema_plain[0]; i++) {
        fprintf(out, "    \"%s\": %s,\n", schema_plain[i][0], schema_plain[i][1]);
    }
    const size_t maps = sizeof schema_maps / sizeof schema_maps[0];
    for (size_t i = 0; i < maps; i++) {
        fprintf(out, "    \"%s\": ", schema_maps[i].name);
        if (schema_maps[i].or != NULL) {
            fprintf(out, "{\"oneOf\": [%s, ", schema_maps[i].or);
        }
        fputs("{\n", out);
        schema_print_keys(out, schema_maps[i].table, "      ");
        fprintf(out, "    }%s%s\n", schema_maps[i].or != NULL ? "]}" : "", i + 1 < maps ? "," : "");
    }
    fputs("  },\n", out);
    schema_print_keys(out, &model_api_table, "  ");
    fputs("}\n", out);
}
