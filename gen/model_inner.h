/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_inner.h - what the parts of the model reader share. For model*.c only; everyone else reads gen/model.h.
 * Order: model.c reads the head and calls types, then uses of types (items), then calls and binds, then names. */
#ifndef GEN_MODEL_INNER_H
#define GEN_MODEL_INNER_H

#include "gen/model.h"
#include "gen/model_keys.h"
#include "gen/model_rules.h"

/* Where an item stands decides which types it may have. */
typedef enum model_place { MODEL_PLACE_IN, MODEL_PLACE_INOUT, MODEL_PLACE_OUT, MODEL_PLACE_FIELD, MODEL_PLACE_EVENT } model_place_t;

/* A name and where it leads; sorted by name for look-ups that no choice of names can make slow. */
typedef struct model_entry {
    const char *name;
    void *value;
} model_entry_t;

typedef struct model_index {
    model_entry_t *entries;
    uint32_t count;
} model_index_t;

/* What is worked out about a type while its file is read. Sizes of records are natural ones, as every C compiler lays them out. */
typedef enum model_mark { MODEL_MARK_NEW, MODEL_MARK_OPEN, MODEL_MARK_DONE } model_mark_t;
typedef struct model_layout {
    model_mark_t mark;
    uint32_t size, align; /* bytes; 0 if the record is wrong */
    uint32_t height;      /* records inside each other, 1 for a flat one */
    model_index_t values; /* of model_value_t; empty until a constant asks */
} model_layout_t;

typedef struct model_reader {
    arena_t *arena;
    diag_t *diag;
    model_api_t *api;
    const yaml_node_t *keys[KEY_API_COUNT]; /* values of the API's keys */
    model_index_t types;                    /* of model_type_t */
    model_index_t errors;                   /* of model_error_t */
    model_layout_t *layouts;                /* one for each type */
} model_reader_t;

/* An error of a rule, at a place. */
void model_refuse(model_reader_t *reader, model_rule_t rule, yaml_pos_t at, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* model_index.c: sort, find (NULL if not there), tell which name is nearest. `entries` is sorted in place. */
void model_index_sort(model_index_t *index);
void *model_index_find(const model_index_t *index, const char *name);
void model_index_help(diag_t *diag, const model_index_t *index, const char *name);

/* model_text.c: texts and words. The optional ones take a NULL node and leave *text alone. */
void model_read_doc(model_reader_t *reader, const yaml_node_t *node, const char **text);
void model_read_unit(model_reader_t *reader, const yaml_node_t *node, const char **text);
bool model_read_name(model_reader_t *reader, const yaml_node_t *node, const char *what);
bool model_read_word(model_reader_t *reader, const yaml_node_t *node, const char *what); /* a name that stands alone in C */
bool model_read_api_name(model_reader_t *reader, const yaml_node_t *node);
bool model_has_hidden(const char *text, const char *allowed, uint32_t *hidden); /* the first control character that is not allowed */
bool model_is_header(const char *text);
bool model_is_c_type(const char *text);
bool model_is_c_value(const char *text);

/* A map whose keys are names: NULL counts as an empty one, anything else is an error. Returns how many pairs there are. */
uint32_t model_read_map(model_reader_t *reader, const yaml_node_t *node, const char *what);

/* model_use.c: notation of types. Returns false, with the error told, if the text means no type; *use is then a harmless u8. */
bool model_read_use(model_reader_t *reader, const yaml_node_t *node, model_use_t *use);
bool model_kind_of(const char *text, size_t size, model_kind_t *kind); /* built-in scalars */

/* model_item.c: arguments, results, fields, data. */
void model_read_item(model_reader_t *reader, const yaml_node_t *key, const yaml_node_t *value, model_place_t place, model_item_t *item);
void model_read_items(model_reader_t *reader, const yaml_node_t *map, model_place_t place, const char *what, model_items_t *items);

/* model_type.c, model_record.c: `types`. model_use_size is 0 for types without a fixed size. */
void model_read_types(model_reader_t *reader);
void model_check_records(model_reader_t *reader);
uint32_t model_use_size(const model_reader_t *reader, const model_use_t *use);
uint32_t model_use_align(const model_reader_t *reader, const model_use_t *use);

/* model_small.c: `constants`, `errors`, `events`. */
bool model_read_id(model_reader_t *reader, const yaml_node_t *node, const char *what, model_rule_t rule, uint32_t max, uint32_t *id);
void model_read_constants(model_reader_t *reader);
void model_read_errors(model_reader_t *reader);
void model_read_events(model_reader_t *reader);

/* model_call.c, model_bind.c, model_fields.c: `calls`. */
void model_read_calls(model_reader_t *reader);
void model_read_binds(model_reader_t *reader, const yaml_node_t *node, model_call_t *call);
void model_mark_used(model_reader_t *reader, const model_items_t *items); /* `is_used`, `is_owned` of their types */
uint32_t model_count_accessors(const model_reader_t *reader);
void model_add_accessors(model_reader_t *reader, model_call_t *calls);
void model_check_accessors(model_reader_t *reader);

/* model_names.c: names in C. */
void model_check_names(model_reader_t *reader);

#endif
