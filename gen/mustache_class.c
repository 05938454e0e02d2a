/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_class.c - what names mean: fields of classes, the keys of loops, shapes, and the printed reference.
 * Called by mustache_render.c and mustache_check.c when a tag meets a shape for the first time. Never reads an object. */
#include "mustache_inner.h"

#include <stdlib.h>
#include <string.h>

#define CLASSES_MAX 256u

static const must_field_t loop_fields[] = {
    {"-first", MUST_BOOL, offsetof(must_loop_t, first), NULL, "This is the first item of the list."},
    {"-last", MUST_BOOL, offsetof(must_loop_t, last), NULL, "This is the last item of the list."},
    {"-index", MUST_NUMBER, offsetof(must_loop_t, index), NULL, "Items before this one."},
};
#define LOOP_FIELD_COUNT (sizeof(loop_fields) / sizeof(loop_fields[0]))

static const must_field_t *table_find(const must_field_t *fields, size_t count, const char *name, size_t name_size)
{
    for (size_t i = 0; i < count; i++) {
        if (strncmp(fields[i].name, name, name_size) == 0 && fields[i].name[name_size] == '\0') {
            return &fields[i];
        }
    }
    return NULL;
}

const must_field_t *must_class_find(const must_class_t *of, const char *name, size_t name_size)
{
    return table_find(of->fields, of->field_count, name, name_size);
}

const must_field_t *must_loop_find(const char *name, size_t name_size)
{
    return table_find(loop_fields, LOOP_FIELD_COUNT, name, name_size);
}

must_shape_t *must_shape_enter(must_engine_t *engine, must_shape_t *shape, const must_class_t *of, bool loop)
{
    for (must_shape_t *child = shape->children; child != NULL; child = child->sibling) {
        if (child->of == of && child->loop == loop) {
            return child;
        }
    }
    must_shape_t *made = malloc(sizeof(*made));
    if (made == NULL) {
        return NULL;
    }
    *made = (must_shape_t){
        .parent = shape, .sibling = shape->children, .older = engine->shapes, .of = of, .loop = loop};
    shape->children = made;
    engine->shapes = made;
    return made;
}

must_found_t must_shape_find(const must_shape_t *shape, const char *name, size_t name_size, must_place_t *out)
{
    const must_field_t *loop_field = must_loop_find(name, name_size);
    uint16_t hops = 0; /* contexts are at most MUST_CONTEXT_DEPTH_MAX */
    for (; shape->parent != NULL; shape = shape->parent, hops++) {
        if (shape->loop && loop_field != NULL) {
            *out = (must_place_t){loop_field, hops, true};
            return FOUND;
        }
        if (shape->of == NULL) {
            continue;
        }
        if (shape->of->find != NULL) {
            return DYNAMIC;
        }
        const must_field_t *field = must_class_find(shape->of, name, name_size);
        if (field != NULL) {
            *out = (must_place_t){field, hops, false};
            return FOUND;
        }
    }
    return NOT_FOUND;
}

/* A cell of a Markdown table: one line, no bar that would end it. */
static void print_cell(FILE *file, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '|') {
            (void)fputc('\\', file);
        }
        (void)fputc(*text == '\n' ? ' ' : *text, file);
    }
}

static void print_kind(FILE *file, const must_field_t *field)
{
    switch (field->kind) {
    case MUST_NULL: (void)fputs("nothing", file); break;
    case MUST_TEXT: (void)fputs("text", file); break;
    case MUST_NUMBER: (void)fputs("number", file); break;
    case MUST_BOOL: (void)fputs("yes or no", file); break;
    case MUST_OBJECT: (void)fprintf(file, "a `%s`, or none", field->of->name); break;
    case MUST_LIST:
        if (field->of == NULL) {
            (void)fputs("list of texts", file);
        } else {
            (void)fprintf(file, "list of `%s`", field->of->name);
        }
        break;
    }
}

static void print_class(FILE *file, const must_class_t *of)
{
    (void)fprintf(file, "## %s\n\n", of->name);
    if (of->doc != NULL && of->doc[0] != '\0') {
        (void)fprintf(file, "%s\n\n", of->doc);
    }
    (void)fputs("| name | value | meaning |\n|---|---|---|\n", file);
    for (size_t i = 0; i < of->field_count; i++) {
        (void)fprintf(file, "| `%s` | ", of->fields[i].name);
        print_kind(file, &of->fields[i]);
        (void)fputs(" | ", file);
        print_cell(file, of->fields[i].doc);
        (void)fputs(" |\n", file);
    }
}

/* Adds the class unless it is known. False if there is no room. */
static bool known_add(const must_class_t **known, size_t *count, const must_class_t *of)
{
    for (size_t i = 0; i < *count; i++) {
        if (known[i] == of) {
            return true;
        }
    }
    if (*count == CLASSES_MAX) {
        return false;
    }
    known[(*count)++] = of;
    return true;
}

bool must_class_print(FILE *file, const must_class_t *root)
{
    const must_class_t *known[CLASSES_MAX];
    size_t count = 0;
    (void)known_add(known, &count, root);
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            (void)fputc('\n', file);
        }
        print_class(file, known[i]);
        for (size_t k = 0; k < known[i]->field_count; k++) {
            const must_class_t *of = known[i]->fields[k].of;
            if (of != NULL && !known_add(known, &count, of)) {
                return false;
            }
        }
    }
    return ferror(file) == 0;
}
