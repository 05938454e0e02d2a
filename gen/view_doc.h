/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_doc.h - what the API reference (`callgate doc`) shows beyond the view of one plan: each call in each language, and how it travels on each VM.
 * view_doc.c fills it in from the plans of all VMs, view_language.c from the view; templates doc*.mustache print it. No other output sees it. */
#ifndef GEN_VIEW_DOC_H
#define GEN_VIEW_DOC_H

#include "gen/view.h"

/* Something of the reference that another place links to: the call or event `api`.`name`. */
typedef struct view_ref {
    const char *api, *name;
} view_ref_t;

/* A call, an event or a type in one language: before + name + after is the code, `name` what it is about. Without code `note` says why. */
typedef struct view_code {
    const char *language, *label; /* "c-guest", "C guest" */
    const char *fence;            /* "c" */
    const char *before, *name, *after;
    const char *note;
} view_code_t;

/* Where one value travels: a slot of a call or of an event's handler, or a field of a record. */
typedef struct view_place {
    int64_t number;         /* of the slot, from 0; bytes from the start of the record */
    const char *value;      /* name of the argument, datum or field */
    const char *role;       /* "value", "address" ... */
    const char *kind, *bits; /* "i32"; "u16" */
    const char *where;      /* "slot 3", or "block + 8" in the spill block */
    bool is_spilled;
    int64_t size, count;    /* fields: bytes of one element, elements */
} view_place_t;

/* How a call or an event travels on one VM. */
typedef struct view_abi {
    const char *vm;
    const char *form, *result, *result_kind; /* "count", "devices" or NULL, "i32"; NULL for events */
    const char *called_by;  /* "number 0x00020004", "name saul.read" */
    const char *block;      /* where the address of the spill block goes: "slot 4"; NULL if there is none */
    bool has_places;
    must_list_t places;     /* view_place_t */
} view_abi_t;

/* Where the fields of a record are, for all VMs of one class. */
typedef struct view_layout {
    const char *vms;        /* names with commas between */
    int64_t size, align;
    bool has_padding;
    must_list_t places;     /* view_place_t */
} view_layout_t;

/* An error of the gate itself. The caller of view_doc_make brings them: gen/ does not know the gate. */
typedef struct view_gate_error {
    const char *NAME, *text;
    int64_t number;
    bool is_violation;      /* an honest guest cannot come here */
} view_gate_error_t;

extern const must_class_t view_gate_error_class;

/* A language that the reference shows. Each function gives the code, or why there is none; a new language is a row in view_language.c. */
typedef struct view_language {
    const char *id, *label, *fence; /* fence: what Markdown calls the language */
    const char *sdk; /* shown where a VM has an SDK of this name; NULL: always */
    view_code_t (*call)(view_maker_t *m, const view_call_t *call);
    view_code_t (*event)(view_maker_t *m, const view_event_t *event);
    view_code_t (*type)(view_maker_t *m, const view_type_t *type);
} view_language_t;

typedef struct view_doc {
    const char *title;      /* names of the APIs in hand, the gate's own left out */
    must_list_t languages;  /* view_language_t */
    must_list_t vms;        /* texts */
    must_list_t gate_errors; /* view_gate_error_t */
} view_doc_t;

/* The view of the first plan with the reference of all `count` (at least one) of them in it; they are of the same APIs. Lives in the arena. */
view_set_t *view_doc_make(arena_t *arena, const plan_t *const *plans, uint32_t count, must_list_t gate_errors);

/* The languages of the VMs in hand, in the order they are shown. */
must_list_t view_languages(view_maker_t *m);

extern const must_class_t view_gate_error_class, view_ref_class, view_code_class, view_abi_class, view_layout_class, view_doc_class;

#endif
