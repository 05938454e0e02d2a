/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/diag.h - positions in a text, and messages about them as a good compiler prints them.
 * Used by all that read text written by people: nodes, the model, policies, devices. Never decides what is an error. */
#ifndef YAML_DIAG_H
#define YAML_DIAG_H

#include "yaml/arena.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A text being read. `file` and `text` outlive every position in it; messages keep copies and need neither. */
typedef struct yaml_source {
    const char *file; /* as the user named it */
    const char *text; /* UTF-8; NUL behind the last byte */
    uint32_t size;    /* bytes */
    uint32_t order;   /* messages of a source with a lower order are printed first; set by diag_source */
} yaml_source_t;

/* A place: a byte of a source. With `source` NULL the message has no place; with offset YAML_POS_FILE it is about the whole file. */
typedef struct yaml_pos {
    const yaml_source_t *source;
    uint32_t offset;
} yaml_pos_t;

#define YAML_POS_FILE UINT32_MAX

/* Line and column of a place, both from 1; the column counts code points. They are found by walking the text: for messages, not for loops. */
uint32_t yaml_pos_line(yaml_pos_t pos);
uint32_t yaml_pos_column(yaml_pos_t pos);

enum { DIAG_ERRORS_MAX = 100 };

typedef struct diag_entry diag_entry_t;

/* Collects messages. The fields are its own. */
typedef struct diag {
    arena_t arena;
    diag_entry_t *first, *last; /* errors, in the order in which they were found */
    uint32_t errors;            /* kept; at most DIAG_ERRORS_MAX */
    uint32_t lost;              /* more than that */
    uint32_t sources;
    bool is_last_lost;
} diag_t;

void diag_init(diag_t *diag);
void diag_free(diag_t *diag);

/* Make a source of `text`: both strings are copied into `arena`. Sizes from YAML_POS_FILE up are the caller's mistake. */
yaml_source_t *diag_source(diag_t *diag, arena_t *arena, const char *file, const char *text, size_t size);

/* Add an error at a place. Notes and helps belong to the error before them. The text of a message is one sentence without a full
 * stop; control characters in it are escaped when it is printed, so names out of a file may be given as they are. */
void diag_error(diag_t *diag, yaml_pos_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same; `rule`, e.g. "R017", ends the message in brackets; NULL if the message has no rule. Not copied: a literal. */
void diag_rule_error(diag_t *diag, const char *rule, yaml_pos_t at, const char *format, ...) __attribute__((format(printf, 4, 5)));
void diag_rule_verror(diag_t *diag, const char *rule, yaml_pos_t at, const char *format, va_list args) __attribute__((format(printf, 4, 0)));
void diag_note(diag_t *diag, yaml_pos_t at, const char *format, ...) __attribute__((format(printf, 3, 4)));
void diag_help(diag_t *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A text out of a file as a message shows it: cut after 60 bytes, so that what follows it in the message is seen. Lives as long as `diag`. */
const char *diag_clip(diag_t *diag, const char *text);

/* How many errors there were, those that were too many to keep included. */
uint32_t diag_count(const diag_t *diag);

/* True if the last error was one too many, so that notes and helps on it are lost, too: do not spend time on them. */
bool diag_is_full(const diag_t *diag);

/* Print all messages, sorted by file and place:
 *   api/saul.yaml:31:9: error: call 'read' reuses id 4 [R040]
 *      31 |     id: 4
 *         |         ^
 *   api/saul.yaml:18:9: note: id 4 is taken by 'find_type'
 *   help: the next free id is 7
 * Never more than DIAG_ERRORS_MAX errors; then one line says how many were left out. */
void diag_print(const diag_t *diag, FILE *out);

/* Print `size` bytes to `out` with everything that could disturb a terminal or a reader written as an escape: control characters, bytes
 * that are not UTF-8, and the marks that change the direction of text. A tab becomes a space. Returns the columns taken. */
size_t diag_escape(FILE *out, const char *text, size_t size);

#endif
