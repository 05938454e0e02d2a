/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view.h - the plan in words that templates print: names, types, expressions.
 * Made by view*.c from a plan; printed by render.c. The tables in view_fields.c say what templates may name; doc/templates.md is made from them.
 * Every line of C that a body consists of is made here, in the order of doc/abi.md: a template can place a call's checks, but cannot leave one out. */
#ifndef GEN_VIEW_H
#define GEN_VIEW_H

#include "gen/mustache.h"
#include "gen/plan.h"

/* A number for guests whose words have 16 bits, decimal: in one cell, or as two that have no sign. */
typedef struct view_cells {
    const char *one, *high, *low; /* one, or high and low */
} view_cells_t;
/* How a guest language beside C writes something; what is not said of a thing is NULL. */
typedef struct view_spelling {
    const char *name, *type, *value, *text;
    const char *params, *result;          /* of the wrapper */
    const char *import_params, *import_result;
    must_list_t lines;                    /* texts */
} view_spelling_t;

typedef struct view_value {
    const char *name, *NAME, *text, *doc;
    const char *plain, *hex; /* as numbers for people; hex is NULL for signed ones */
    const view_cells_t *cells; /* NULL where it takes more than two */
    view_spelling_t *rust, *assembly;
} view_value_t;

typedef struct view_constant {
    const char *name, *NAME, *text, *doc, *unit, *kind;
    const char *plain; /* the value as a number for people */
    const char *kind_c; /* CG_KIND_x */
    const view_cells_t *cells; /* NULL where it takes more than two */
    bool is_float;
    view_spelling_t *rust, *assembly;
} view_constant_t;

typedef struct view_error {
    const char *name, *NAME, *doc, *doc_c;
    int64_t id, number;
    view_spelling_t *rust;
} view_error_t;

/* A field of a record or an argument of a call, as the catalog, headers and docs show it. */
typedef struct view_item {
    const char *name, *NAME, *doc, *unit, *unit_c;
    const char *kind, *element;    /* CG_KIND_x */
    const char *direction;         /* CG_IN ... */
    const char *type_ref;          /* "&type_saul_phydat" or "NULL" */
    const char *host_decl;         /* fields: "int16_t val[3]" */
    const char *guest_decl;
    const char *notes;             /* for doc comments: "ms, 1..60000"; NULL if none */
    const char *type_text, *type_link; /* as descriptions spell it, "own watch"; the named type in it, else NULL */
    const char *range, *direction_name; /* "1..60000", NULL if none; "in", "inout", "out" */
    bool optional, own, is_uri, in_result, is_guarded;
    int64_t max, array, offset, guard, word;
    /* lists: */
    bool is_boolean, is_integer, is_wide, is_real, is_enum, is_flags, is_record, is_object, is_text, is_bytes; /* what it is, or what each element of a list or array is */
    bool is_many;                  /* a list or an array */
    bool is_in, is_out;            /* arguments: inputs and inout; outputs and inout */
    bool is_list, is_input, is_output;
    const char *list_name, *list_type; /* suffix of the helpers, C type of an element on the host */
    int64_t size;                      /* bytes of an element in guest memory */
    must_list_t get_lines, put_lines;  /* texts, for one element at `to` and `from` */
    const char *kept;
    view_spelling_t *rust, *assembly;      /* fields */
} view_item_t;

typedef struct view_type {
    const char *name, *NAME, *api, *API, *doc;
    const char *type_name, *type_NAME;    /* as name and NAME, for use inside fields and values */
    const char *kind, *base;              /* CG_KIND_x */
    const char *base_c;                   /* "uint8_t" */
    const char *base_name, *kind_name;    /* "u8", NULL if there is none below; "enum" */
    const char *known;                    /* closed enums and flags: C condition on `value` */
    const char *struct_name;              /* handles: "struct host_saul_device", or the record's type for `pass: fields` */
    const char *host_bind, *host_include; /* the host's own type for --host, else NULL */
    bool is_enum, is_flags, is_record, is_handle, is_opaque, is_owned, open, is_plain, has_padding, is_wide, is_signed;
    int64_t size, number, value_count, field_count;
    must_list_t values;                   /* view_value_t */
    must_list_t fields;                   /* view_item_t */
    must_list_t get_lines, put_lines;     /* texts */
    const char *kept;                     /* C condition on `from`: the host kept its promises */
    must_list_t bind_asserts;             /* texts */
    /* the API reference only (view_doc.h): */
    must_list_t codes, layouts;           /* view_code_t, view_layout_t */
    must_list_t makers, takers, closers, sources; /* view_ref_t: handles */
    view_spelling_t *rust, *assembly;
} view_type_t;

typedef struct view_slot {
    const char *param;  /* guest import parameter type: "uint32_t" */
    const char *expr;   /* guest expression that fills it */
    const char *note;   /* "dev: value" for docs */
    const char *letter; /* as in a signature */
    int64_t number;     /* from 0 */
} view_slot_t;

typedef struct view_call {
    const char *name, *NAME, *api, *API, *doc;
    const char *number, *form, *form_name, *class_name;
    const char *host_result, *host_params, *guest_result, *guest_params;
    const char *invoke, *result, *fail_mask, *shape, *signature;
    const char *import_result;            /* "int32_t", "uint64_t", "float" ... */
    const char *slot_letters, *result_letter;
    const char *bind, *bind_include;      /* generated definition for --host; NULL if none */
    bool is_value, touches_memory, has_words, has_checks, has_after, has_undo, blocks, has_spill, is_result_wide, is_described, has_result;
    const char *thunk_invoke, *ops_end;
    must_list_t ops, thunk_locals, thunk_after; /* texts: the body as a descriptor; meaningless unless is_described */
    int64_t api_id, cell_count;
    int64_t id, index, needs, copy, slot_count, word_count, spill_count, own_slot_count, arg_count, error_count;
    must_list_t args;                     /* view_item_t */
    must_list_t errors;                   /* view_error_t */
    must_list_t locals, checks, after, undo, final;              /* texts: C of the body */
    const char *value_expr;               /* guest: what a value call returns */
    bool has_unpack, is_accessor;
    must_list_t words;                    /* texts: the body's words, as C expressions of the slots */
    must_list_t unpack;                   /* texts: C conditions that the slots hold nothing else */
    must_list_t access;                   /* texts: lines of an accessor of a `pass: fields` record */
    must_list_t cells;                    /* texts: names of its cells where slots have 16 bits, else of its slots */
    must_list_t slots, own_slots, spilled; /* view_slot_t: all, those of the convention, those in the block */
    must_list_t sdk_before, sdk_after, sdk_doc; /* texts: C of the guest's wrapper */
    must_list_t bind_lines;               /* texts */
    const char *needs_name;               /* "read" */
    must_list_t codes, abis;              /* view_code_t, view_abi_t: the API reference only (view_doc.h) */
    view_spelling_t *rust, *assembly;
} view_call_t;

typedef struct view_event {
    const char *name, *NAME, *api, *API, *doc;
    const char *handler;                  /* "on_timer_fired" */
    const char *queueing;                 /* CG_EV_x */
    const char *queue_name, *queue_text;  /* "drop_newest"; what that means, a sentence */
    const char *from, *from_type, *FROM;  /* name of the handle type; C type of the host's object; upper case */
    const char *host_params, *guest_params;
    const char *signature, *class_name;
    bool has_block, has_data;
    int64_t cell_count;
    int64_t api_id, id, index, from_number, slot_count, data_count;
    view_type_t *data;                    /* as a record; NULL if there are none */
    must_list_t args;                     /* view_item_t */
    must_list_t fill;                     /* texts: lines that fill the host's struct from the arguments of a post */
    must_list_t slots;                    /* texts: lines that fill the handler's slots from the host's struct */
    must_list_t cells;                    /* as those of calls */
    must_list_t codes, abis;              /* as those of calls */
    view_spelling_t *rust, *assembly;
} view_event_t;

typedef struct view_api {
    const char *api_name, *api_NAME;      /* as name and NAME, for use inside constants and errors */
    const char *name, *NAME, *doc, *version, *version_c, *source;
    const char *digest;                   /* hexadecimal, over all calls */
    const char *guest_entry;              /* api << 16 | calls, hexadecimal */
    bool has_memory, is_gate;
    int64_t id, call_count, type_count, error_count, constant_count, has_calls;
    must_list_t types, enums, flags, records, handles; /* view_type_t; `enums` has flags too */
    must_list_t constants, errors, calls, owned;
    must_list_t events;                   /* view_event_t */
    int64_t event_count;
    const char *event_entry, *event_digest; /* as guest_entry and digest, for events; NULL if there are none */
    must_list_t event_digests;            /* texts */
    must_list_t digests;                  /* texts */
    must_list_t includes;                 /* texts: headers of the host's own types, for --host */
    view_spelling_t *rust;
} view_api_t;

/* Perfect hash of the call numbers: with h = number * multiplier, in 32 bits, the entry is table[((h >> shift) + displace[h >> 5 & bucket_mask]) & mask]. */
typedef struct view_hash {
    const char *multiplier, *table, *displace, *entry_type;
    int64_t shift, mask, bucket_mask, size, displace_size;
    bool has_displace;
} view_hash_t;

typedef struct view_set {
    const char *vm, *VM, *suffix, *class_name, *host, *sources, *banner;
    int64_t call_count, type_count, guard_count, api_count, event_count;
    must_list_t events;                   /* view_event_t, by index */
    must_list_t apis, calls, handles, owned, guards; /* guards: texts "COAP_PUT_URI" */
    bool is_big_endian;                   /* guests of this class keep the highest byte first */
    bool is_uncounted;                    /* `steps: none` */
    int64_t count_size, handle_size;      /* bytes in guest memory */
    int64_t handle_bits;
    must_list_t numbers;                  /* texts */
    view_hash_t *hash;                    /* NULL unless calls have numbers */
    view_api_t *api;                      /* the one in hand, for outputs made once per API; else NULL */
    must_list_t gate_errors;              /* view_gate_error_t (view_doc.h) */
    const struct view_doc *reference;           /* what the API reference has beyond the APIs (view_doc.h); else NULL */
} view_set_t;

extern const must_class_t view_set_class;

/* What all makers of views share. */
typedef struct view_maker {
    arena_t *arena;
    const plan_t *plan;
    const char *host;  /* --host; NULL if none */
    must_list_t gate_errors; /* view_gate_error_t (view_doc.h) */
    uint32_t languages;      /* a bit for each guest language beside C that is spelled; guest_want (view_guest.h) */
} view_maker_t;

/* Make the view of a plan. Lives in the arena. */
view_set_t *view_make(view_maker_t *maker);

/* ---- between the files view*.c ---- */

/* A growing list of texts (or of pointers) in the arena. */
typedef struct texts {
    const void **items;
    size_t count, room;
} texts_t;

void view_add(view_maker_t *m, texts_t *list, const void *item);
void view_addf(view_maker_t *m, texts_t *list, const char *format, ...) __attribute__((format(printf, 3, 4)));
must_list_t view_list(const texts_t *list);
const char *view_join(view_maker_t *m, const texts_t *list, const char *between);
const char *view_upper(view_maker_t *m, const char *name);
const char *view_c_string(view_maker_t *m, const char *text);
const char *view_integer(view_maker_t *m, model_kind_t kind, int64_t value); /* a C constant of that kind */
const char *view_plain(view_maker_t *m, model_kind_t kind, int64_t value);   /* a decimal number */

const char *view_kind(model_kind_t kind);                        /* "CG_KIND_U8" */
const char *view_c_type(model_kind_t kind);                      /* "uint8_t" */
const char *view_host_type(view_maker_t *m, const char *api, const model_use_t *use);  /* of one value or element */
const char *view_guest_type(view_maker_t *m, const char *api, const model_use_t *use);
const char *view_handle_struct(view_maker_t *m, const char *api, const model_type_t *type);
/* C condition that `value` (an integer expression) is a known one of a closed enum or of flags; NULL if all are. */
const char *view_known(view_maker_t *m, const model_type_t *type, const char *value);
/* "value >= 1 && value <= 3" for host values; NULL if there is no range */
const char *view_in_range(view_maker_t *m, const model_item_t *item, const char *value);

view_type_t *view_type(view_maker_t *m, const plan_api_t *api, const model_type_t *type);
view_item_t *view_item(view_maker_t *m, const plan_api_t *api, const model_item_t *item);
void view_record_lines(view_maker_t *m, const plan_api_t *api, const plan_record_t *record, view_type_t *out);
void view_list_lines(view_maker_t *m, const plan_call_t *call, const plan_arg_t *arg, view_item_t *out);
const char *view_list_name(view_maker_t *m, const plan_call_t *call, const model_item_t *item);
const char *view_order(const view_maker_t *m);
void view_host_param(view_maker_t *m, const char *api, const model_item_t *item, texts_t *params); /* of one input */
view_type_t *view_data(view_maker_t *m, const plan_api_t *api, const plan_record_t *record); /* of an event */
view_event_t *view_event(view_maker_t *m, const plan_api_t *api, const plan_event_t *event);
const char *view_slot_letter(const view_maker_t *m, const plan_slot_t *slot);
void view_host(view_maker_t *m, const plan_call_t *call, view_call_t *out);
void view_body(view_maker_t *m, const plan_call_t *call, view_call_t *out);
void view_slots(view_maker_t *m, const plan_call_t *call, view_call_t *out);
void view_call_cells(view_maker_t *m, const plan_call_t *call, view_call_t *out);
void view_event_cells(view_maker_t *m, const plan_event_t *event, view_event_t *out);
const view_cells_t *view_number_cells(view_maker_t *m, int64_t value);
void view_sdk(view_maker_t *m, const plan_call_t *call, view_call_t *out);
void view_bind(view_maker_t *m, const plan_call_t *call, view_call_t *out);
view_hash_t *view_hash(view_maker_t *m, const uint32_t *numbers, uint32_t count);

#endif
