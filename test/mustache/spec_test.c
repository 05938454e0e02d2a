/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/spec_test.c - the official tests of the Mustache language, all of them, on the lenient engine.
 * Takes the folder of their JSON files as argument; says so and passes where that folder is not there. JSON is read as
 * the YAML it is; its values are given to the engine as dynamic objects. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <libfyaml.h>

#include "gen/mustache.h"

#define TESTS_WANTED 136

static const char *const files[] = {"comments", "delimiters", "interpolation", "inverted", "partials", "sections"};

/* Arrays given to the engine, kept until the test is over. */
typedef struct kept {
    struct kept *older;
    const void *items[];
} kept_t;
static kept_t *all_kept;

static bool json_find(const void *object, const char *name, size_t name_size, must_value_t *out);
static const must_class_t json_class = {.name = "json", .find = json_find};

static struct fy_node *node_of(const void *object)
{
    union {
        const void *given;
        struct fy_node *node; /* the library wants it writable, to keep text in it */
    } both = {.given = object};
    return both.node;
}

static void list_value(struct fy_node *node, must_value_t *out)
{
    const size_t count = (size_t)fy_node_sequence_item_count(node);
    kept_t *kept = malloc(sizeof(*kept) + count * sizeof(kept->items[0]));
    if (kept == NULL) {
        abort();
    }
    kept->older = all_kept;
    all_kept = kept;
    for (size_t i = 0; i < count; i++) {
        kept->items[i] = fy_node_sequence_get_by_index(node, (int)i);
    }
    *out = (must_value_t){.kind = MUST_LIST, .of = &json_class, .list = {kept->items, count}};
}

static void scalar_value(struct fy_node *node, must_value_t *out)
{
    const char *text = fy_node_get_scalar0(node);
    *out = (must_value_t){.kind = MUST_TEXT, .text = text};
    if (fy_node_get_style(node) != FYNS_PLAIN) {
        return;
    }
    char *end;
    const long number = strtol(text, &end, 10);
    if (strcmp(text, "null") == 0) {
        *out = (must_value_t){.kind = MUST_NULL};
    } else if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
        *out = (must_value_t){.kind = MUST_BOOL, .truth = text[0] == 't'};
    } else if (end != text && *end == '\0') {
        *out = (must_value_t){.kind = MUST_NUMBER, .number = number};
    }
}

static void node_value(struct fy_node *node, must_value_t *out)
{
    switch (fy_node_get_type(node)) {
    case FYNT_SCALAR: scalar_value(node, out); break;
    case FYNT_SEQUENCE: list_value(node, out); break;
    case FYNT_MAPPING: *out = (must_value_t){.kind = MUST_OBJECT, .of = &json_class, .object = node}; break;
    }
}

/* Compares keys byte by byte: the library's own search would parse the name as YAML. */
static struct fy_node *member(struct fy_node *node, const char *name, size_t name_size)
{
    if (fy_node_get_type(node) != FYNT_MAPPING) {
        return NULL;
    }
    void *at = NULL;
    struct fy_node_pair *pair;
    while ((pair = fy_node_mapping_iterate(node, &at)) != NULL) {
        size_t size;
        const char *key = fy_node_get_scalar(fy_node_pair_key(pair), &size);
        if (key != NULL && size == name_size && memcmp(key, name, size) == 0) {
            return fy_node_pair_value(pair);
        }
    }
    return NULL;
}

static bool json_find(const void *object, const char *name, size_t name_size, must_value_t *out)
{
    struct fy_node *node = node_of(object);
    if (name_size == 1 && name[0] == '.') {
        node_value(node, out);
        return true;
    }
    struct fy_node *found = member(node, name, name_size);
    if (found == NULL) {
        return false;
    }
    node_value(found, out);
    return true;
}

static const char *member_text(struct fy_node *test, const char *name)
{
    struct fy_node *node = member(test, name, strlen(name));
    return node == NULL ? "" : fy_node_get_scalar0(node);
}

typedef struct partials {
    must_engine_t *engine;
    struct fy_node *texts;
} partials_t;

static must_template_t *partial(void *ctx, const char *name, must_error_t *error)
{
    partials_t *partials = ctx;
    struct fy_node *node = partials->texts == NULL ? NULL : member(partials->texts, name, strlen(name));
    if (node == NULL) {
        return NULL;
    }
    const char *text = fy_node_get_scalar0(node);
    must_template_t *t = NULL;
    (void)must_parse(partials->engine, &(must_source_t){name, text, strlen(text), MUST_ESCAPE_HTML}, &t, error);
    return t;
}

/* Renders twice, for the second time uses what the first one learned. */
static bool run_test(const char *file, struct fy_node *test)
{
    partials_t partials = {.texts = member(test, "partials", 8)};
    must_engine_t *engine = must_engine_new(&(must_config_t){.partial = partial, .ctx = &partials});
    partials.engine = engine;
    const char *text = member_text(test, "template");
    const char *wanted = member_text(test, "expected");
    must_error_t error = {""};
    must_template_t *t = NULL;
    bool good = must_parse(engine, &(must_source_t){"spec", text, strlen(text), MUST_ESCAPE_HTML}, &t, &error);
    for (int round = 0; good && round < 2; round++) {
        must_buffer_t out = {0};
        good = must_render(t, &json_class, member(test, "data", 4), &out, &error);
        if (good && strcmp(out.data, wanted) != 0) {
            printf("got:    %s\n", out.data);
            good = false;
        }
        must_buffer_free(&out);
    }
    if (!good) {
        printf("wanted: %s\nin %s: %s; template: %s\n%s\n", wanted, file, member_text(test, "name"), text, error.text);
    }
    must_engine_free(engine);
    while (all_kept != NULL) {
        kept_t *kept = all_kept;
        all_kept = kept->older;
        free(kept);
    }
    return good;
}

int main(int argc, char **argv)
{
    if (argc != 2 || access(argv[1], R_OK) != 0) {
        printf("skipped: the official Mustache tests, because their folder is not there\n");
        return 0;
    }
    int run = 0;
    int failed = 0;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        char path[1024];
        (void)snprintf(path, sizeof(path), "%s/%s.json", argv[1], files[i]);
        struct fy_document *document = fy_document_build_from_file(NULL, path);
        struct fy_node *tests = document == NULL ? NULL : member(fy_document_root(document), "tests", 5);
        const int count = tests == NULL ? 0 : fy_node_sequence_item_count(tests);
        for (int k = 0; k < count; k++) {
            failed += !run_test(files[i], fy_node_sequence_get_by_index(tests, k));
            run++;
        }
        fy_document_destroy(document);
    }
    printf("%d official tests, %d failed\n", run, failed);
    return run == TESTS_WANTED && failed == 0 ? 0 : 1;
}
