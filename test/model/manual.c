/* SPDX-License-Identifier: BSD-2-Clause */
/* test/model/manual.c - the manual, the schema and the reader say the same.
 * The rules in doc/description.md are those of the reader; each has a bad description in test/reject, and each message there names a rule that
 * exists; the schema is what the reader's tables print; the manual names every key, and its own examples are good. */
#include "support.h"

#include "gen/model_keys.h"
#include "gen/model_rules.h"
#include "gen/model_schema.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define MANUAL "../../doc/description.md"

typedef struct rule {
    const char *number, *what, *remedy;
} rule_t;

#define RULE_ROW_PLAIN(number, what, remedy) {#number, what, remedy},
#define RULE_ROW_NAMED(number, name, what, remedy) {#number, what, remedy},
static const rule_t rules[] = {YAML_RULES(RULE_ROW_PLAIN) YAML_KIT_RULES(RULE_ROW_PLAIN) MODEL_RULES(RULE_ROW_NAMED)};
enum { RULE_COUNT = sizeof rules / sizeof rules[0] };

static void numbers_are_given_once_and_in_order(void **state)
{
    (void)state;
    for (size_t i = 1; i < RULE_COUNT; i++) {
        assert_true(strcmp(rules[i - 1].number, rules[i].number) < 0);
    }
}

static void the_manual_has_the_rules_of_the_reader(void **state)
{
    (void)state;
    static const char begin[] = "<!-- rules: begin.", end[] = "<!-- rules: end -->";
    size_t size = 0, text_size = 0;
    char *manual = file_read(MANUAL, &size), *text = NULL;
    assert_non_null(manual);
    const char *from = strstr(manual, begin), *to = strstr(manual, end);
    assert_non_null(from);
    assert_non_null(to);
    from = strchr(from, '\n') + 1;
    FILE *out = open_memstream(&text, &text_size);
    assert_non_null(out);
    fwrite(manual, 1, (size_t)(from - manual), out);
    fputs("\n| rule | what holds | what to do |\n|---|---|---|\n", out);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        fprintf(out, "| %s | %s | %s |\n", rules[i].number, rules[i].what, rules[i].remedy);
    }
    fprintf(out, "\n%s", to);
    fclose(out);
    golden_check(MANUAL, text);
    free(text);
    free(manual);
}

/* Count how often each rule is named in the expected texts; a name that is no rule fails. */
static void count_rules(const char *text, const char *name, uint32_t counts[RULE_COUNT])
{
    for (const char *at = strstr(text, " [R"); at != NULL; at = strstr(at + 1, " [R")) {
        size_t i = 0;
        if (strlen(at) < 8 || at[6] != ']' || at[7] != '\n') {
            continue;
        }
        while (i < RULE_COUNT && strncmp(at + 2, rules[i].number, 4) != 0) {
            i++;
        }
        if (i == RULE_COUNT) {
            fail_msg("%s names a rule that is not there: %.5s", name, at + 2);
        }
        counts[i]++;
    }
}

static void every_rule_has_a_bad_description(void **state)
{
    (void)state;
    uint32_t counts[RULE_COUNT] = {0};
    DIR *folder = opendir("../reject");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[512];
        size_t size = 0;
        snprintf(path, sizeof path, "../reject/%s", entry->d_name);
        if (strstr(entry->d_name, ".expected") == NULL) {
            continue;
        }
        char *text = file_read(path, &size);
        assert_non_null(text);
        count_rules(text, entry->d_name, counts);
        free(text);
    }
    closedir(folder);
    for (size_t i = 0; i < RULE_COUNT; i++) {
        /* A file of more than 1 MiB is not kept in the tree: test/model/text.c makes one. */
        if (counts[i] == 0 && strcmp(rules[i].number, "R002") != 0) {
            fail_msg("no bad description breaks %s: %s", rules[i].number, rules[i].what);
        }
    }
}

static void the_schema_is_what_the_reader_knows(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    model_schema_print(out);
    fclose(out);
    golden_check("../../doc/callgate.schema.json", text);
    free(text);
}

typedef struct table_case {
    const char *definition; /* in the schema; NULL: the root */
    const yaml_table_t *table;
} table_case_t;

static const table_case_t tables[] = {
    {NULL, &model_api_table},         {"type", &model_type_table},   {"value", &model_value_table}, {"host_type", &model_host_type_table},
    {"item", &model_item_table},      {"error", &model_error_table}, {"call", &model_call_table},   {"bind", &model_bind_table},
    {"constant", &model_constant_table}, {"event", &model_event_table},
};

/* The object among `oneOf`, or the node itself. */
static const yaml_node_t *schema_object(const yaml_node_t *node)
{
    const yaml_node_t *choices = yaml_map_get(node, "oneOf");
    return choices != NULL ? choices->kids[choices->count - 1] : node;
}

static bool list_has(const yaml_node_t *list, const char *text)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (strcmp(list->kids[i]->text, text) == 0) {
            return true;
        }
    }
    return false;
}

static void check_table(const yaml_node_t *schema, const table_case_t *row)
{
    const yaml_node_t *object = schema;
    if (row->definition != NULL) {
        object = schema_object(yaml_map_get(yaml_map_get(schema, "definitions"), row->definition));
    }
    const yaml_node_t *keys = yaml_map_get(object, "properties"), *required = yaml_map_get(object, "required");
    assert_string_equal(yaml_map_get(object, "additionalProperties")->text, "false");
    assert_int_equal(keys->count, row->table->count);
    uint32_t required_count = 0;
    for (uint32_t i = 0; i < row->table->count; i++) {
        const yaml_key_t *key = &row->table->keys[i];
        assert_string_equal(keys->keys[i]->text, key->name);
        assert_int_equal(list_has(required, key->name), key->is_required);
        required_count += key->is_required;
    }
    assert_int_equal(required->count, required_count);
}

/* Reads the committed file, not what is printed now: an edit by hand must not go unseen either. */
static void key_sets_of_schema_and_reader_agree(void **state)
{
    (void)state;
    arena_t arena;
    diag_t diag;
    size_t size = 0;
    char *bytes = file_read("../../doc/callgate.schema.json", &size);
    assert_non_null(bytes);
    arena_init(&arena);
    diag_init(&diag);
    const yaml_node_t *schema = yaml_read(&arena, &diag, "callgate.schema.json", bytes, size, YAML_SIZE_MAX);
    diag_print(&diag, stderr);
    assert_non_null(schema);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        check_table(schema, &tables[i]);
    }
    free(bytes);
    diag_free(&diag);
    arena_free(&arena);
}

static void the_manual_names_every_key(void **state)
{
    (void)state;
    size_t size = 0;
    char *manual = file_read(MANUAL, &size);
    assert_non_null(manual);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        for (uint32_t k = 0; k < tables[i].table->count; k++) {
            char code[64], yaml[64];
            snprintf(code, sizeof code, "`%s`", tables[i].table->keys[k].name);
            snprintf(yaml, sizeof yaml, "%s: ", tables[i].table->keys[k].name);
            if (strstr(manual, code) == NULL && strstr(manual, yaml) == NULL) {
                fail_msg("the manual does not tell of the key '%s' of %s", tables[i].table->keys[k].name, tables[i].table->what);
            }
        }
    }
    free(manual);
}

/* Whether a description of an API of this name, with a constant or a handle type beside it, is taken. */
static bool takes_api(const char *name, const char *constant, const char *type)
{
    reading_t reading;
    char text[512];
    int size = snprintf(text, sizeof text, "callgate: 1\napi: %s\nid: 5\nversion: 1.0.0\n", name);
    if (constant != NULL) {
        size += snprintf(text + size, sizeof text - (size_t)size, "constants: {%s: {type: u8, value: 1}}\n", constant);
    }
    if (type != NULL) {
        size += snprintf(text + size, sizeof text - (size_t)size, "types: {%s: {handle: true}}\n", type);
    }
    reading_make(&reading, "api.yaml", text, (size_t)size);
    const bool is_taken = reading.api != NULL;
    reading_end(&reading);
    return is_taken;
}

/* `from` stands behind cg_ or CG_ in a header of ours. If it is `word_rest_t` or `WORD_REST`, no API `word` gets the same name in C by a type or
 * a constant `rest`. Functions are no danger: an API has only types and macros that begin so. */
static void check_name(const char *path, const char *from, bool is_macro)
{
    char word[64], *rest;
    size_t size = strspn(from, is_macro ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_" : "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (!is_macro) {
        if (size < 3 || strncmp(from + size - 2, "_t", 2) != 0) {
            return;
        }
        size -= 2;
    }
    for (size_t i = 0; i < size && i < sizeof word; i++) {
        word[i] = (char)(from[i] >= 'A' && from[i] <= 'Z' ? from[i] | 0x20 : from[i]);
    }
    if (size == 0 || size >= sizeof word) {
        return;
    }
    word[size] = '\0';
    for (rest = strchr(word, '_'); rest != NULL; rest = strchr(rest + 1, '_')) { /* `a_b_c`: API a with b_c, API a_b with c */
        *rest = '\0';
        if (rest[1] != '\0' && takes_api(word, is_macro ? rest + 1 : NULL, is_macro ? NULL : rest + 1)) {
            fail_msg("%s has a name that '%s' of an API '%s' gets, too: see text_taken", path, rest + 1, word);
        }
        *rest = '_';
    }
}

static void apis_cannot_be_named_as_our_own_headers(void **state)
{
    (void)state;
    DIR *folder = opendir("../../include/callgate");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[512], stem[64];
        size_t size = 0;
        const char *dot = strchr(entry->d_name, '.');
        if (dot == NULL || strcmp(dot, ".h") != 0) {
            continue;
        }
        snprintf(stem, sizeof stem, "%.*s", (int)(dot - entry->d_name), entry->d_name);
        if (takes_api(stem, NULL, NULL)) {
            fail_msg("an API could be named '%s', as one of our headers: see text_taken", stem);
        }
        snprintf(path, sizeof path, "../../include/callgate/%s", entry->d_name);
        char *text = file_read(path, &size);
        assert_non_null(text);
        for (const char *at = strstr(text, "CG_"); at != NULL; at = strstr(at + 1, "CG_")) {
            check_name(path, at + 3, true);
        }
        for (const char *at = strstr(text, "cg_"); at != NULL; at = strstr(at + 1, "cg_")) {
            check_name(path, at + 3, false);
        }
        free(text);
    }
    closedir(folder);
    assert_true(takes_api("lamp", "size", "bulb"));
}

static void the_first_example_of_the_manual_is_good(void **state)
{
    (void)state;
    size_t size = 0;
    char *manual = file_read(MANUAL, &size);
    assert_non_null(manual);
    char *from = strstr(manual, "```yaml\n");
    assert_non_null(from);
    from += 8;
    char *text = dump_text("example.yaml", from, (size_t)(strstr(from, "```") - from));
    assert_non_null(text);
    assert_non_null(strstr(text, "shine: # call number 0x00780002"));
    free(text);
    free(manual);
}

/* The other examples are parts; put together under a head they are a description, too. */
static void the_other_examples_fit_together(void **state)
{
    (void)state;
    size_t size = 0, text_size = 0;
    char *manual = file_read(MANUAL, &size), *text = NULL;
    assert_non_null(manual);
    FILE *out = open_memstream(&text, &text_size);
    assert_non_null(out);
    fputs("callgate: 1\napi: parts\nid: 21\nversion: 1.0.0\n", out);
    char *from = strstr(manual, "```yaml\n");
    uint32_t parts = 0;
    while ((from = strstr(from + 8, "```yaml\n")) != NULL) {
        const char *end = strstr(from + 8, "```");
        fwrite(from + 8, 1, (size_t)(end - from) - 8, out);
        parts++;
    }
    fclose(out);
    assert_int_equal(parts, 4);
    char *dump = dump_text("parts.yaml", text, text_size);
    assert_non_null(dump);
    free(dump);
    free(text);
    free(manual);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_given_once_and_in_order),
        cmocka_unit_test(the_manual_has_the_rules_of_the_reader),
        cmocka_unit_test(every_rule_has_a_bad_description),
        cmocka_unit_test(the_schema_is_what_the_reader_knows),
        cmocka_unit_test(key_sets_of_schema_and_reader_agree),
        cmocka_unit_test(the_manual_names_every_key),
        cmocka_unit_test(apis_cannot_be_named_as_our_own_headers),
        cmocka_unit_test(the_first_example_of_the_manual_is_good),
        cmocka_unit_test(the_other_examples_fit_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
