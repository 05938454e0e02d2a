/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/world.h - a small described world that the tests render, and how they do it.
 * Included by the tests of the template engine only. */
#ifndef CALLGATE_TEST_MUSTACHE_WORLD_H
#define CALLGATE_TEST_MUSTACHE_WORLD_H

#include <string.h>

#include "gen/mustache.h"

/* The members that have the same name lie at different offsets, so that a wrong class shows. */
typedef struct type {
    const struct type *base;
    const char *name;
} type_t;

typedef struct param {
    const type_t *type;
    const type_t *main; /* hides that of the world */
    const char *name;
    bool last; /* not the loop's `-last` */
} param_t;

typedef struct call {
    const char *name;
    const char *doc;
    int64_t number;
    bool blocks;
    must_list_t params;
} call_t;

typedef struct world {
    const char *api;
    const char *empty;
    const char *none;
    int64_t zero;
    int64_t least;
    bool yes;
    bool no;
    const type_t *nothing;
    const call_t *main;
    must_list_t calls;
    must_list_t files;
    must_list_t nobody;
} world_t;

extern const must_class_t world_class;
extern const world_t world;

#define LIBRARY_SIZE_MAX 32

/* Named templates: texts in pairs of name and text, ended by NULL, each parsed when first asked for. The escape is that
 * of all of them. */
typedef struct library {
    must_engine_t *engine;
    const char *const *texts;
    must_escape_t escape;
    must_template_t *parsed[LIBRARY_SIZE_MAX];
} library_t;

must_template_t *library_find(void *ctx, const char *name, must_error_t *error);

typedef struct rendering {
    const char *name; /* as a sentence */
    const char *text;
    const char *wanted; /* output, or message */
    const char *const *partials;
} rendering_t;

/* Parses the text as "t" and renders it over `world` into *out, which is freed by the caller. */
bool world_render(const char *text, const char *const *partials, must_escape_t escape, bool strict, must_buffer_t *out,
                  must_error_t *error);

#endif
