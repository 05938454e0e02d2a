/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/node.h - a YAML or JSON text as a tree of scalars, maps and lists, each with its place.
 * Made from libfyaml's events; used by the model and by the readers of policies and devices. Gives no meaning to any text. */
#ifndef YAML_NODE_H
#define YAML_NODE_H

#include "yaml/arena.h"
#include "yaml/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    YAML_SIZE_MAX = 1024 * 1024, /* bytes of a file */
    YAML_DEPTH_MAX = 32,         /* maps and lists inside each other */
    YAML_BLANK_MAX = 100         /* empty lines in a row */
};

typedef enum yaml_kind { YAML_SCALAR, YAML_MAP, YAML_LIST } yaml_kind_t;

typedef struct yaml_node yaml_node_t;

struct yaml_node {
    yaml_kind_t kind;
    bool is_plain;            /* SCALAR: written without quotes, so that it may be a number, a truth value or null */
    bool is_flow;             /* MAP, LIST: written with { } or [ ] */
    bool is_empty;            /* SCALAR: nothing was written at all, as in `key:` */
    yaml_pos_t at;
    const char *text;         /* SCALAR: NUL-ended, holds no other NUL; else NULL */
    uint32_t size;            /* SCALAR: bytes of text */
    uint32_t hash;            /* SCALAR: of text */
    uint32_t count;           /* MAP: pairs; LIST: elements */
    const yaml_node_t **keys; /* MAP: `count` scalars, no two the same; else NULL */
    const yaml_node_t **kids; /* MAP: the values; LIST: the elements; in the order of the text */
};

/* Read one document. `file` names it in messages. The tree lives in `arena`; `bytes` are copied and may be freed afterwards.
 * Refused, each with a message in `diag`: more than `size_max` bytes (YAML_SIZE_MAX is usual), NUL and other control characters, bytes that
 * are not UTF-8, bad YAML, anchors, aliases, tags, directives, several documents, more than YAML_BLANK_MAX empty lines in a row, keys that
 * are not text or come twice, depth over YAML_DEPTH_MAX. A name that ends in ".json" is read as JSON, so that what YAML allows beyond it is
 * refused. Returns NULL if there is no tree. A key that comes twice is told and left out, but the tree is given, so that its other errors
 * can be told too: callers look at diag_count. */
const yaml_node_t *yaml_read(arena_t *arena, diag_t *diag, const char *file, const char *bytes, size_t size, size_t size_max);

/* "a map", "a list", "text" */
const char *yaml_kind_name(yaml_kind_t kind);

/* The hash that nodes carry. */
uint32_t yaml_hash(const char *text, size_t size);

/* The rules of this reader, for the manual: R001 ... R009. */
#define YAML_RULES(X)                                                                                                  \
    X(R001, "The file is valid YAML 1.2, or JSON if its name ends in `.json`.", "Mend the syntax at the place named.") \
    X(R002, "The file has at most 1 MiB.", "Split the API, or move the file's comments elsewhere.")                    \
    X(R003, "The text is UTF-8 without control characters other than tab and line end.", "Save the file as UTF-8.")   \
    X(R004, "There is one document in a file, and no line begins with `%` (a directive).", "Use a file for each.")                    \
    X(R005, "There are no anchors, aliases or tags.", "Write the value out.")                                          \
    X(R006, "Maps and lists are nested at most 32 deep.", "Nest less.")                                                \
    X(R007, "Keys are single words or texts, not maps or lists.", "Quote the key if it holds a `:` or a bracket.")     \
    X(R008, "No key comes twice in a map.", "Remove or rename one of the two.")                                          \
    X(R009, "At most 100 empty lines follow each other.", "Remove some.")

#endif
