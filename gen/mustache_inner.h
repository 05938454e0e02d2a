/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_inner.h - what the files of the Mustache engine share: nodes, shapes, the engine.
 * For gen/mustache_*.c only; everybody else uses gen/mustache.h. */
#ifndef CALLGATE_GEN_MUSTACHE_INNER_H
#define CALLGATE_GEN_MUSTACHE_INNER_H

#include "mustache.h"

/* A shape is the list of classes of the contexts entered, innermost first. Equal lists are the same shape (each is
 * made once and lives as long as the engine), so a tag knows where its name leads by comparing one pointer. */
typedef struct must_shape must_shape_t;
struct must_shape {
    must_shape_t *parent;    /* without the innermost context; NULL for the shape of no context */
    must_shape_t *children;  /* shapes with one context more */
    must_shape_t *sibling;   /* next in the parent's list */
    must_shape_t *older;     /* next in the engine's list of all shapes */
    const must_class_t *of;  /* NULL: a text or a number, which has no fields */
    bool loop;               /* the context is an item of a list */
};

typedef enum must_node_kind {
    NODE_TEXT,
    NODE_VALUE,
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL,
    NODE_KEY /* b and c of a.b.c: follow the node of `a`, looked up in the value before */
} must_node_kind_t;

#define UNKNOWN_KIND 255u

/* Nodes lie in one array in the order of the template; a section is followed by its body. One node is a cache line.
 * What is learned while rendering is marked so; parsing leaves it empty. */
typedef struct must_node {
    uint8_t kind;      /* must_node_kind_t */
    uint8_t key_size;  /* bytes of the name up to its first dot */
    uint8_t name_size; /* bytes of the whole name */
    uint8_t key_count; /* number of NODE_KEY that follow */
    uint8_t escape;    /* NODE_VALUE: must_escape_t */
    bool touchy;       /* NODE_TEXT: could end or start a C comment together with the value before */
    bool quick;        /* NODE_TEXT: not touchy, and short enough to be copied with its pad */
    bool standalone;   /* NODE_PARTIAL: alone on its line */
    uint32_t size;     /* NODE_TEXT: bytes; NODE_PARTIAL: bytes of the indentation */
    uint32_t line;
    uint32_t end;       /* sections: index of the node behind the body */
    uint16_t hops;      /* learned: contexts to go out from the innermost to the one that has `field` */
    uint8_t known_kind; /* learned: must_kind_t of `field`, if no NODE_KEY follows; else UNKNOWN_KIND */
    bool synthetic;     /* learned: the field is of the loop, not of the item */
    const char *text;   /* NODE_TEXT: the text; else the name */
    union {
        const must_shape_t *shape; /* learned: the shape for which hops and field hold */
        const must_class_t *of;    /* learned, NODE_KEY: the class for which field holds */
        const char *indent;        /* NODE_PARTIAL, from parsing */
    };
    union {
        const must_field_t *field; /* learned */
        must_template_t *partial;  /* learned, NODE_PARTIAL */
    };
    must_shape_t *child; /* learned, NODE_SECTION: the shape inside, when last entered */
} must_node_t;

struct must_template {
    must_engine_t *engine;
    must_template_t *older; /* next in the engine's list */
    char *name;
    char *source;
    must_node_t *nodes;
    uint32_t node_count;
    must_escape_t escape;
};

struct must_engine {
    must_config_t config;
    must_template_t *templates;
    must_shape_t *shapes;
    must_shape_t none; /* the shape of no context */
};

/* What one loop offers to templates; described by a class of its own. */
typedef struct must_loop {
    int64_t index;
    bool first;
    bool last;
} must_loop_t;

/* A context that was entered. */
typedef struct must_frame {
    must_value_t self;
    must_shape_t *shape;
    must_loop_t loop;
    size_t pad; /* to a power of two, which is quicker to step over */
} must_frame_t;

/* Where a name leads from a shape. */
typedef struct must_place {
    const must_field_t *field;
    uint16_t hops;
    bool synthetic;
} must_place_t;

typedef enum must_found {
    FOUND,
    NOT_FOUND,
    DYNAMIC /* a dynamic class is in between: only the data can tell */
} must_found_t;

/* The shape with one context more; NULL without memory. */
must_shape_t *must_shape_enter(must_engine_t *engine, must_shape_t *shape, const must_class_t *of, bool loop);
must_found_t must_shape_find(const must_shape_t *shape, const char *name, size_t name_size, must_place_t *out);

/* The value of a name in the contexts from `top` outward. False if there is none. */
bool must_value_load(const must_frame_t *top, must_node_t *node, must_value_t *out);
bool must_value_is_true(const must_value_t *value);

/* The field of that name, or NULL. */
const must_field_t *must_class_find(const must_class_t *of, const char *name, size_t name_size);
/* The field of the loop, or NULL. */
const must_field_t *must_loop_find(const char *name, size_t name_size);

/* Fills in *error with `template:line: error: ` and the text; returns false, so that a caller can return it. */
bool must_fail(must_error_t *error, const char *name, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
bool must_fail_unnamed(must_error_t *error, const must_template_t *t, const must_node_t *node,
                       const must_shape_t *shape);
bool must_fail_memory(must_error_t *error, const char *name);

/* The template that a partial tag stands for, kept in the node. NULL in *out and true: there is none, and that is fine. */
bool must_partial_find(must_template_t *t, must_node_t *node, must_template_t **out, must_error_t *error);

/* A template with its name and source, and room for MUST_NODE_COUNT_FIRST nodes: the array is never NULL. NULL without
 * memory. */
#define MUST_NODE_COUNT_FIRST 32u
must_template_t *must_template_new(must_engine_t *engine, const must_source_t *source);
void must_template_free(must_template_t *t);

/* Bytes that may be read behind the end of a template's text, so that short texts are copied without asking for the
 * exact size. */
#define MUST_SOURCE_PAD 32u

/* Makes room for `extra` bytes and a NUL. */
bool must_buffer_grow(must_buffer_t *buffer, size_t extra);

static inline bool must_buffer_has(const must_buffer_t *buffer, size_t extra)
{
    return extra < buffer->capacity - buffer->size;
}

static inline bool must_buffer_reserve(must_buffer_t *buffer, size_t extra)
{
    return must_buffer_has(buffer, extra) || must_buffer_grow(buffer, extra);
}

/* For each mode (must_escape_t) and byte: it ends a plain text, because it may need escaping, or is the NUL byte. */
#define MUST_ESCAPE_COUNT 5u
extern const bool must_care[MUST_ESCAPE_COUNT][256];

#endif
