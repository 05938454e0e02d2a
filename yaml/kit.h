/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/kit.h - what readers of nodes have in common: tables of allowed keys, typed scalars, "did you mean".
 * Used by the model and by the readers of policies and devices. Each function that can refuse has told `diag` why when it returns false. */
#ifndef YAML_KIT_H
#define YAML_KIT_H

#include "yaml/node.h"

/* Values of plain scalars by the YAML 1.2 core schema: `on` and `yes` are text, `0x10` is a number. Quoted scalars are always text. */
typedef enum yaml_looks { YAML_LOOKS_TEXT, YAML_LOOKS_NULL, YAML_LOOKS_BOOL, YAML_LOOKS_INT, YAML_LOOKS_FLOAT } yaml_looks_t;

yaml_looks_t yaml_looks(const yaml_node_t *node);

/* One key that a map may have. */
typedef struct yaml_key {
    const char *name;
    bool is_required;
    const char *schema; /* JSON Schema of its value; NULL: any */
    const char *doc;    /* one sentence for editors; NULL: none */
} yaml_key_t;

/* The keys of one kind of map. */
typedef struct yaml_table {
    const char *what; /* "a call" */
    const yaml_key_t *keys;
    uint32_t count;
} yaml_table_t;

/* Look a key up; NULL if it is not there. Walks the map: for maps with few keys. */
const yaml_node_t *yaml_map_get(const yaml_node_t *map, const char *key);

/* Sort the values of `map` into `values`, one for each key of the table, NULL where it is absent. Every unknown key and every missing
 * required one is an error, and so is a node that is not a map. False if there was one; `values` is filled all the same. */
bool yaml_keys(diag_t *diag, const yaml_node_t *map, const yaml_table_t *table, const yaml_node_t **values);

/* The node is of a kind, or an error says what it should be: "'calls' must be a map". `what` names the place. */
bool yaml_want(diag_t *diag, const yaml_node_t *node, yaml_kind_t kind, const char *what);

/* Text: a scalar that is quoted, or plain and neither number, truth value nor null. */
bool yaml_want_text(diag_t *diag, const yaml_node_t *node, const char *what, const char **text);

/* true or false. */
bool yaml_want_bool(diag_t *diag, const yaml_node_t *node, const char *what, bool *value);

/* An integer of up to 64 bits and its sign; -0 is 0. */
typedef struct yaml_number {
    bool is_negative;
    uint64_t magnitude;
} yaml_number_t;

/* Parse all of `text`: decimal without leading zeros, or 0x and hexadecimal digits, either with a minus. */
bool yaml_parse_number(const char *text, size_t size, yaml_number_t *number);

/* Parse `a..b`. */
bool yaml_parse_range(const char *text, yaml_number_t *low, yaml_number_t *high);

/* The number lies in -(2^(bits-1)) .. 2^(bits-1)-1, or 0 .. 2^bits-1. `bits` is 1 to 64. */
bool yaml_number_fits(yaml_number_t number, uint32_t bits, bool is_signed);

/* The number as int64_t, or as uint64_t bit for bit. */
int64_t yaml_number_bits(yaml_number_t number);

/* -1, 0 or 1. */
int yaml_number_compare(yaml_number_t left, yaml_number_t right);

/* A plain scalar that is an integer. */
bool yaml_want_number(diag_t *diag, const yaml_node_t *node, const char *what, yaml_number_t *number);

/* The same, within min..max. */
bool yaml_want_between(diag_t *diag, const yaml_node_t *node, const char *what, int64_t min, int64_t max, int64_t *value);

/* Text of the form [a-z][a-z0-9_]*, without "__", without "_" at the end, of at most `size_max` bytes. */
bool yaml_want_name(diag_t *diag, const yaml_node_t *node, const char *what, uint32_t size_max);

/* The nearest of several words to one that is unknown. */
typedef struct yaml_near {
    const char *word;
    const char *best; /* NULL: none is near */
    uint32_t distance;
    uint32_t tried;
} yaml_near_t;

void yaml_near_init(yaml_near_t *near, const char *word);
void yaml_near_try(yaml_near_t *near, const char *candidate);

/* Add "did you mean 'x'?" to the last error if a word is near. */
void yaml_near_help(diag_t *diag, const yaml_near_t *near);

/* The rules of this kit, for the manual. */
#define YAML_KIT_RULES(X)                                                                                                                      \
    X(R010, "A value has the kind that its key asks for: a map, a list, text.", "Write what the message asks for.")                            \
    X(R011, "Every key is known.", "Mend the spelling; in flow style quote texts that hold a comma.")                                          \
    X(R012, "Required keys are there.", "Add the key.")                                                                                        \
    X(R013, "A text is quoted where it would be read as a number, `true`, `false` or `null`; it is not left out.", "Quote it.")                \
    X(R014, "A truth value is `true` or `false`.", "`yes`, `no`, `on`, `off` are text in YAML 1.2.")                                           \
    X(R015, "A number is decimal without leading zeros or `0x` hexadecimal, not quoted, and within its limits.", "Write it so.")               \
    X(R016, "A name is lower case: `[a-z][a-z0-9_]*` without `__`, no `_` at the end, at most 40 bytes.", "Rename it.")

#endif
