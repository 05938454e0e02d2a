/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_engine.c - the engine, which owns templates and shapes; finding partials; the words of errors.
 * Used by all other files of the Mustache engine. Neither parses nor renders. */
#include "mustache_inner.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- errors ---- */

bool must_fail(must_error_t *error, const char *name, uint32_t line, const char *format, ...)
{
    const int used = snprintf(error->text, sizeof(error->text), "%.120s:%u: error: ", name, line);
    if (used > 0) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(error->text + used, sizeof(error->text) - (size_t)used, format, args);
        va_end(args);
    }
    return false;
}

bool must_fail_memory(must_error_t *error, const char *name)
{
    (void)snprintf(error->text, sizeof(error->text), "%.120s: error: no memory, or more than %u MiB of output", name,
                   MUST_OUTPUT_SIZE_MAX >> 20);
    return false;
}

/* The contexts, innermost first, as far as the message has room. */
bool must_fail_unnamed(must_error_t *error, const must_template_t *t, const must_node_t *node,
                       const must_shape_t *shape)
{
    char inside[96];
    size_t used = 0;
    inside[0] = '\0';
    for (; shape->parent != NULL && used < sizeof(inside); shape = shape->parent) {
        if (shape->of != NULL) {
            const int more = snprintf(inside + used, sizeof(inside) - used, "%s%s", used == 0 ? "" : ", ", shape->of->name);
            used += more > 0 ? (size_t)more : 0;
        }
    }
    const int shown = node->name_size > 60 ? 60 : node->name_size;
    if (used == 0) {
        return must_fail(error, t->name, node->line, "no value named '%.*s' here", shown, node->text);
    }
    return must_fail(error, t->name, node->line, "no value named '%.*s' here (inside %s)", shown, node->text, inside);
}

/* ---- owning ---- */

must_engine_t *must_engine_new(const must_config_t *config)
{
    must_engine_t *engine = calloc(1, sizeof(*engine));
    if (engine != NULL) {
        engine->config = *config;
    }
    return engine;
}

void must_template_free(must_template_t *t)
{
    if (t != NULL) {
        free(t->name);
        free(t->source);
        free(t->nodes);
        free(t);
    }
}

void must_engine_free(must_engine_t *engine)
{
    if (engine == NULL) {
        return;
    }
    while (engine->templates != NULL) {
        must_template_t *t = engine->templates;
        engine->templates = t->older;
        must_template_free(t);
    }
    while (engine->shapes != NULL) {
        must_shape_t *shape = engine->shapes;
        engine->shapes = shape->older;
        free(shape);
    }
    free(engine);
}

must_template_t *must_template_new(must_engine_t *engine, const must_source_t *source)
{
    must_template_t *t = calloc(1, sizeof(*t));
    if (t == NULL) {
        return NULL;
    }
    t->engine = engine;
    t->escape = source->escape;
    t->name = strdup(source->name);
    t->source = calloc(1, source->size + MUST_SOURCE_PAD);
    t->nodes = malloc(MUST_NODE_COUNT_FIRST * sizeof(*t->nodes));
    if (t->name == NULL || t->source == NULL || t->nodes == NULL) {
        must_template_free(t);
        return NULL;
    }
    if (source->size > 0) {
        memcpy(t->source, source->text, source->size);
    }
    return t;
}

/* ---- partials ---- */

bool must_partial_find(must_template_t *t, must_node_t *node, must_template_t **out, must_error_t *error)
{
    const must_config_t *config = &t->engine->config;
    *out = node->partial;
    if (node->partial != NULL) {
        return true;
    }
    char name[MUST_NAME_SIZE_MAX + 1];
    memcpy(name, node->text, node->name_size);
    name[node->name_size] = '\0';
    error->text[0] = '\0';
    node->partial = config->partial == NULL ? NULL : config->partial(config->ctx, name, error);
    *out = node->partial;
    if (node->partial != NULL) {
        return true;
    }
    if (error->text[0] != '\0') {
        return false;
    }
    return !config->strict || must_fail(error, t->name, node->line, "no partial named '%.60s'", name);
}
