/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_check.c - names of a template against the tables, without data.
 * Uses the shapes of mustache_class.c just as rendering does, so that both come to the same end. Writes no output. */
#include "mustache_inner.h"

#include <string.h>

typedef struct check {
    must_engine_t *engine;
    must_error_t *error;
    uint32_t work;
    uint32_t depth;
    const must_template_t *open[MUST_PARTIAL_DEPTH_MAX + 1]; /* the templates we are in, outermost first */
} check_t;

static bool check_nodes(check_t *c, must_template_t *t, must_shape_t *shape, uint32_t at, uint32_t end);

/* Where a whole dotted name leads. DYNAMIC: only the data can tell. */
static must_found_t check_name(const must_shape_t *shape, const must_node_t *node, must_kind_t *kind,
                               const must_class_t **of)
{
    if (node->key_size == 1 && *node->text == '.') {
        *of = shape->of;
        *kind = shape->of == NULL ? MUST_TEXT : MUST_OBJECT;
        return shape->of != NULL && shape->of->find != NULL ? DYNAMIC : FOUND;
    }
    must_place_t place;
    const must_found_t found = must_shape_find(shape, node->text, node->key_size, &place);
    if (found != FOUND) {
        return found;
    }
    const must_field_t *field = place.field;
    for (uint8_t i = 1; i <= node->key_count; i++) {
        if (field->kind != MUST_OBJECT) {
            return NOT_FOUND;
        }
        if (field->of->find != NULL) {
            return DYNAMIC;
        }
        field = must_class_find(field->of, node[i].text, node[i].key_size);
        if (field == NULL) {
            return NOT_FOUND;
        }
    }
    *kind = field->kind;
    *of = field->of;
    return FOUND;
}

/* The shape inside a section over such a value; `shape` itself where it does not become the context. */
static must_shape_t *inner_shape(check_t *c, must_shape_t *shape, must_kind_t kind, const must_class_t *of)
{
    switch (kind) {
    case MUST_NULL:
    case MUST_BOOL: return shape;
    case MUST_TEXT:
    case MUST_NUMBER: return must_shape_enter(c->engine, shape, NULL, false);
    case MUST_OBJECT: return must_shape_enter(c->engine, shape, of, false);
    case MUST_LIST: return must_shape_enter(c->engine, shape, of, true);
    }
    return shape;
}

static bool check_tag(check_t *c, must_template_t *t, must_shape_t *shape, must_node_t *node)
{
    must_kind_t kind = MUST_NULL;
    const must_class_t *of = NULL;
    switch (check_name(shape, node, &kind, &of)) {
    case NOT_FOUND: return must_fail_unnamed(c->error, t, node, shape);
    case DYNAMIC: return true;
    case FOUND: break;
    }
    if (node->kind == NODE_VALUE) {
        return (kind != MUST_OBJECT && kind != MUST_LIST) ||
               must_fail(c->error, t->name, node->line, "'%.*s' is %s and cannot be printed; open a section with '#'",
                         node->name_size, node->text, kind == MUST_LIST ? "a list" : "an object");
    }
    must_shape_t *inner = node->kind == NODE_INVERTED ? shape : inner_shape(c, shape, kind, of);
    if (inner == NULL) {
        return must_fail_memory(c->error, t->name);
    }
    return check_nodes(c, t, inner, (uint32_t)(node - t->nodes) + 1 + node->key_count, node->end);
}

/* A partial that is open already is not entered again: recursion over data ends where the data does. */
static bool check_partial(check_t *c, must_template_t *t, must_shape_t *shape, must_node_t *node)
{
    must_template_t *partial;
    if (!must_partial_find(t, node, &partial, c->error)) {
        return false;
    }
    for (uint32_t i = 0; i <= c->depth; i++) {
        if (partial == NULL || c->open[i] == partial) {
            return true;
        }
    }
    if (c->depth == MUST_PARTIAL_DEPTH_MAX) {
        return must_fail(c->error, t->name, node->line, "partials are nested deeper than %u; does '%.*s' end?",
                         MUST_PARTIAL_DEPTH_MAX, node->name_size, node->text);
    }
    c->open[++c->depth] = partial;
    const bool good = check_nodes(c, partial, shape, 0, partial->node_count);
    c->depth--;
    return good;
}

/* The recursion is bounded: at most 64 sections in each of at most 65 templates. */
static bool check_nodes(check_t *c, must_template_t *t, must_shape_t *shape, uint32_t at, uint32_t end)
{
    if (end - at >= MUST_WORK_MAX - c->work) {
        return must_fail(c->error, t->name, 1, "checking takes more than %u steps; do partials multiply?", MUST_WORK_MAX);
    }
    c->work += end - at + 1;
    while (at < end) {
        must_node_t *node = &t->nodes[at];
        switch ((must_node_kind_t)node->kind) {
        case NODE_TEXT:
        case NODE_KEY: at++; break;
        case NODE_VALUE:
            if (!check_tag(c, t, shape, node)) {
                return false;
            }
            at++;
            break;
        case NODE_SECTION:
        case NODE_INVERTED:
            if (!check_tag(c, t, shape, node)) {
                return false;
            }
            at = node->end;
            break;
        case NODE_PARTIAL:
            if (!check_partial(c, t, shape, node)) {
                return false;
            }
            at++;
            break;
        }
    }
    return true;
}

bool must_check(must_template_t *t, const must_class_t *root, must_error_t *error)
{
    check_t c = {.engine = t->engine, .error = error, .open = {t}};
    error->text[0] = '\0';
    must_shape_t *shape = must_shape_enter(t->engine, &t->engine->none, root, false);
    if (shape == NULL) {
        return must_fail_memory(error, t->name);
    }
    return check_nodes(&c, t, shape, 0, t->node_count);
}
