/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache.h - a small Mustache engine: templates parsed once, rendered many times.
 * Used by the render stage of the generator and by its tests. Knows nothing of APIs, VMs or files: the caller brings
 * the text of templates, finds partials, and describes its C structs by static tables. Never aborts, never prints to
 * stderr, keeps no global state.
 *
 * Language: variables {{x}}, raw {{{x}}} and {{&x}}, sections {{#x}}, inverted {{^x}}, {{/x}}, comments {{! }},
 * partials {{>x}}, delimiters {{=<% %>=}}, dotted names {{a.b}}, the value itself {{.}}. No lambdas, no inheritance.
 * Own additions: inside a section over a list `-first`, `-last` (yes or no) and `-index` (a number from 0) are defined.
 * Own choices: a section over a yes-or-no value does not become the context, so {{.}} inside it is still the item
 * around it; indentation of a partial is not put on blank lines. */
#ifndef CALLGATE_GEN_MUSTACHE_H
#define CALLGATE_GEN_MUSTACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define MUST_TEMPLATE_SIZE_MAX (1024u * 1024u) /* bytes of one template */
#define MUST_NAME_SIZE_MAX 255u                /* bytes of a name in a tag; stored in 8 bits */
#define MUST_SECTION_DEPTH_MAX 64u             /* sections open at once in one template */
#define MUST_PARTIAL_DEPTH_MAX 64u             /* partials inside partials while rendering */
#define MUST_CONTEXT_DEPTH_MAX 256u            /* objects, lists and texts entered at once while rendering */
#define MUST_INDENT_SIZE_MAX 256u              /* bytes of indentation that nested partials add up to */
#define MUST_OUTPUT_SIZE_MAX (256u * 1024u * 1024u) /* bytes a buffer may hold */
#define MUST_WORK_MAX (1u << 27)               /* nodes one rendering may visit: ends partials that multiply */

/* Why something was refused: `name:line: error: what, and what to do`. Empty if nothing was. */
typedef struct must_error {
    char text[256];
} must_error_t;

/* ---- values ---- */

typedef enum must_kind {
    MUST_NULL,   /* nothing: prints nothing, is false; only dynamic objects give it */
    MUST_TEXT,   /* const char *, NUL-ended UTF-8; NULL or empty is false */
    MUST_NUMBER, /* int64_t, printed decimal; 0 is false */
    MUST_BOOL,   /* bool, printed `true` or `false` */
    MUST_OBJECT, /* pointer to a struct of class `of`; NULL is false, and all in it is empty and false */
    MUST_LIST    /* must_list_t of objects of class `of`, or of texts where `of` is NULL; no items is false */
} must_kind_t;

typedef struct must_class must_class_t;

/* A list is an array of pointers: to objects (never NULL), or to texts. The array belongs to the caller. Pointers
 * rather than structs, so that a list may be a choice from another list at no cost. */
typedef struct must_list {
    const void *const *items;
    size_t count;
} must_list_t;

/* One value, as dynamic objects give it. */
typedef struct must_value {
    must_kind_t kind;
    const must_class_t *of;
    union {
        const char *text;
        int64_t number;
        bool truth;
        const void *object;
        must_list_t list;
    };
} must_value_t;

/* One named value of a struct. Fill it in with the macros below: they check the type of the member. */
typedef struct must_field {
    const char *name;       /* as templates write it; no dot, no white space */
    must_kind_t kind;
    uint16_t offset;        /* bytes from the start of the struct */
    const must_class_t *of; /* for MUST_OBJECT and MUST_LIST */
    const char *doc;        /* one sentence for doc/templates.md */
} must_field_t;

/* A class: a C struct described by a table, or, with `find`, a dynamic object. Static, or at least outlives the engine.
 * find: looks up `name` (not NUL-ended) in `object`; "." asks for the value the object itself stands for. True and
 *       *out, whose memory outlives the rendering, or false if there is no such name. Lookups through it are not cached. */
struct must_class {
    const char *name;
    const char *doc;
    const must_field_t *fields;
    uint16_t field_count;
    bool (*find)(const void *object, const char *name, size_t name_size, must_value_t *out);
};

/* Zero, if `member` of `type` has the C type that the kind asks for; else an error of the compiler. */
#define MUST_IS_TEXT(type, member) _Generic(((type *)0)->member, const char *: 0, char *: 0)
#define MUST_IS_NUMBER(type, member) _Generic(((type *)0)->member, int64_t: 0)
#define MUST_IS_BOOL(type, member) _Generic(((type *)0)->member, bool: 0)
#define MUST_IS_LIST(type, member) _Generic(((type *)0)->member, must_list_t: 0)
#define MUST_IS_POINTER(type, member) (0 * sizeof(*((type *)0)->member))

/* Rows of a table of fields; the name in templates is the name of the member. `class_of` is the address of a class. */
#define MUST_FIELD_TEXT(type, member, doc_text) \
    {#member, MUST_TEXT, (uint16_t)(offsetof(type, member) + MUST_IS_TEXT(type, member)), NULL, doc_text}
#define MUST_FIELD_NUMBER(type, member, doc_text) \
    {#member, MUST_NUMBER, (uint16_t)(offsetof(type, member) + MUST_IS_NUMBER(type, member)), NULL, doc_text}
#define MUST_FIELD_BOOL(type, member, doc_text) \
    {#member, MUST_BOOL, (uint16_t)(offsetof(type, member) + MUST_IS_BOOL(type, member)), NULL, doc_text}
#define MUST_FIELD_OBJECT(type, member, class_of, doc_text) \
    {#member, MUST_OBJECT, (uint16_t)(offsetof(type, member) + MUST_IS_POINTER(type, member)), class_of, doc_text}
#define MUST_FIELD_LIST(type, member, class_of, doc_text) \
    {#member, MUST_LIST, (uint16_t)(offsetof(type, member) + MUST_IS_LIST(type, member)), class_of, doc_text}
#define MUST_FIELD_TEXTS(type, member, doc_text) MUST_FIELD_LIST(type, member, NULL, doc_text)

/* A class from its table: MUST_CLASS("call", "One function of an API.", call_fields). */
#define MUST_CLASS(name_text, doc_text, table) \
    {name_text, doc_text, table, (uint16_t)(sizeof(table) / sizeof((table)[0])), NULL}

/* Writes the reference of `root` and of every class reachable from it, once each, in the order first met: a Markdown
 * heading, the text of the class and a table of its fields. False if writing failed or there are more than 256 classes. */
bool must_class_print(FILE *file, const must_class_t *root);

/* ---- output ---- */

/* A growing text. Start from {0}; the memory is the buffer's until must_buffer_free. After each function of this file
 * that wrote to it and returned true, data[size] is a NUL byte. */
typedef struct must_buffer {
    char *data;
    size_t size;
    size_t capacity;
} must_buffer_t;

/* Frees the memory and makes the buffer {0} again. */
void must_buffer_free(must_buffer_t *buffer);

/* How {{x}} is made harmless. {{{x}}} and {{&x}} never are changed. */
typedef enum must_escape {
    MUST_ESCAPE_NONE,      /* as it is */
    MUST_ESCAPE_HTML,      /* & < > " ' become entities */
    MUST_ESCAPE_C_COMMENT, /* safe inside C comments of both forms: control characters, line breaks and marks that turn the
                              direction of text become a space, a space parts what would read as the start or end of a
                              comment (also where the text meets the template), backslashes at the end are dropped.
                              Leaves identifiers, numbers and types as they are. */
    MUST_ESCAPE_C_STRING,  /* safe between the quotes of a C string: same bytes, no trigraphs */
    MUST_ESCAPE_MARKDOWN   /* plain text in a paragraph or a table cell of Markdown: on one line, with a backslash before what would be markup */
} must_escape_t;

/* Appends `size` bytes of `text`, escaped. False without memory or beyond MUST_OUTPUT_SIZE_MAX: *out is as it was. */
bool must_escape(must_buffer_t *out, must_escape_t mode, const char *text, size_t size);

/* ---- templates ---- */

typedef struct must_engine must_engine_t;
typedef struct must_template must_template_t;

/* strict:  a name that resolves nowhere is an error, also of a partial, and so is printing an object or a list. If not
 *          strict, all these print nothing.
 * partial: finds the template for {{>name}}, once for each tag that is reached. It must be of the same engine, and the
 *          same one for the same name; it may be parsed on the spot when first asked for. NULL if there is none; a text
 *          left in *error then is taken as the reason and ends the rendering. May be NULL: no partials. */
typedef struct must_config {
    bool strict;
    must_template_t *(*partial)(void *ctx, const char *name, must_error_t *error);
    void *ctx;
} must_config_t;

/* An engine owns its templates. One engine and all its templates are used by one thread at a time (rendering keeps
 * what it learned in the template). NULL without memory. */
must_engine_t *must_engine_new(const must_config_t *config);

/* Frees the engine and all its templates. NULL is fine. */
void must_engine_free(must_engine_t *engine);

/* name: for messages. text: `size` bytes, copied. escape: what {{x}} does in this template. */
typedef struct must_source {
    const char *name;
    const char *text;
    size_t size;
    must_escape_t escape;
} must_source_t;

/* Parses a template. True: *out lives as long as the engine. False: *error says why, *out is unchanged. */
bool must_parse(must_engine_t *engine, const must_source_t *source, must_template_t **out, must_error_t *error);

/* Checks every name in the template and its partials against the tables, without data: also in sections that no data
 * enters. Parts inside dynamic classes are not checked. False: *error says what a strict rendering would. */
bool must_check(must_template_t *t, const must_class_t *root, must_error_t *error);

/* Renders with `object` of class `root` (never NULL) as the outermost context and appends to *out.
 * False: *error says why, and *out holds what it held before. The object is only read. */
bool must_render(must_template_t *t, const must_class_t *root, const void *object, must_buffer_t *out,
                 must_error_t *error);

#endif
