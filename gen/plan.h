/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/plan.h - the plan: where each value of each call sits for one VM.
 * Made by plan.c from models and the facts of a VM; read by view*.c and by `callgate dump plan`. Decides everything; templates decide nothing. */
#ifndef GEN_PLAN_H
#define GEN_PLAN_H

#include "gen/model.h"
#include "gen/vm.h"

enum { PLAN_COPY_BUFFER = 512 };

/* How a result travels (DESIGN: three forms of result). */
typedef enum plan_form { PLAN_STATUS, PLAN_COUNT, PLAN_VALUE } plan_form_t;

/* What a slot carries of its argument. */
typedef enum plan_role {
    PLAN_ROLE_VALUE,         /* the value, or a part of it */
    PLAN_ROLE_PRESENT,       /* 1 if an optional scalar is there */
    PLAN_ROLE_ADDRESS,       /* where a record, a buffer or an output is */
    PLAN_ROLE_COUNT,         /* elements of a buffer */
    PLAN_ROLE_CAPACITY,      /* elements that fit a buffer */
    PLAN_ROLE_COUNT_ADDRESS, /* where the count goes */
    PLAN_ROLE_HAS_ADDRESS    /* where the presence of an optional output goes */
} plan_role_t;

/* The machine kind of a slot. INT is untyped: bits beyond the value must be its extension. */
typedef enum plan_slot_kind { PLAN_SLOT_INT, PLAN_SLOT_I32, PLAN_SLOT_I64, PLAN_SLOT_F32, PLAN_SLOT_F64 } plan_slot_kind_t;

/* One slot. Words are the convention between glue and bodies: 32 bits each, 64-bit values as two, low first. */
typedef struct plan_slot {
    uint32_t arg;   /* index of the argument */
    plan_role_t role;
    plan_slot_kind_t kind;
    uint32_t word;  /* first word that it fills */
    uint32_t cells; /* of the VM: 1, but where these have 16 bits as many as the value needs */
    uint32_t bits;  /* of the value in this slot: 8 .. 64 */
    bool is_signed; /* sign-extended */
    bool is_wide;   /* fills two words */
    bool is_spilled;
} plan_slot_t;

/* Where one argument is. */
typedef struct plan_arg {
    const model_item_t *item;
    uint32_t word;       /* first word; meaningless if words is 0 */
    uint32_t at[PLAN_ROLE_HAS_ADDRESS + 1]; /* word of each role that it has */
    uint32_t words;      /* 0: only in the result */
    bool in_result;      /* the value, or a buffer's count, is the result */
    uint32_t size;       /* bytes in guest memory of the scalar, the record, or one element */
    int32_t guard;       /* number in the set, -1: none */
} plan_arg_t;

typedef struct plan_field {
    const model_item_t *item;
    uint32_t offset; /* bytes from the start of the record */
    uint32_t size;   /* bytes of one element */
} plan_field_t;

/* Layout of a record in guest memory. */
typedef struct plan_record {
    const model_type_t *type; /* NULL for types that are no records */
    uint32_t size, align;     /* bytes */
    uint32_t natural;         /* alignment on a host, bytes */
    bool has_padding;
    bool is_plain;            /* any bytes are good, and none is padding: copied whole where byte orders agree */
    plan_field_t *fields;
} plan_record_t;

typedef struct plan_api plan_api_t;

typedef struct plan_call {
    const plan_api_t *api;
    const model_call_t *call;
    uint32_t index;       /* in the set */
    uint32_t number;      /* api << 16 | id */
    plan_form_t form;
    bool is_value;        /* C signature returns the value, whatever the form */
    int32_t result;       /* argument in the result, -1: none */
    plan_slot_kind_t result_kind; /* of the slot that the result travels in */
    plan_arg_t *args;     /* as call->args */
    plan_slot_t *slots;
    uint32_t slot_count, word_count;
    uint32_t spill_count; /* of the slots, the last so many are in the spill block */
    bool touches_memory;
} plan_call_t;

/* An event as one VM sees it: a handler with the handle and the data as arguments, and a block in guest memory with all of it. Scalars travel by value, records as
 * their addresses in the block. */
typedef struct plan_event {
    const model_event_t *event;
    uint32_t index;          /* in the set */
    plan_record_t *record;   /* layout of the data in the block, behind its head; NULL: no data */
    plan_slot_t *slots;      /* [slot_count]: the handle's, then each datum's; arg, word and role mean nothing */
    uint32_t slot_count;
    bool has_block;          /* some slot is an address */
} plan_event_t;

struct plan_api {
    const model_api_t *model;
    plan_record_t *records; /* [type_count] */
    uint32_t *type_numbers; /* [type_count]; 0: no handle type */
    plan_call_t *calls;
    uint32_t *digests;      /* [call_count] over the calls 0..k */
    plan_event_t *events;
    uint32_t *event_digests; /* [event_count] over the events 0..k */
};

/* A set of APIs for one VM. */
typedef struct plan {
    const vm_t *vm;
    const char *class_name;
    plan_api_t *apis;
    uint32_t api_count, call_count, type_count /* with type 0 */, guard_count, event_count;
} plan_t;

/* Make the plan. Calls that cannot be carried by the VM are errors in diag (rules R2xx of doc/description.md); NULL if there was one. */
plan_t *plan_make(arena_t *arena, diag_t *diag, model_api_t *const *apis, size_t count, const vm_t *vm);

/* The plan as stable text. */
void plan_dump(FILE *out, const plan_t *plan);

/* Words of the plan's enums, for dumps and messages. */
const char *plan_form_name(plan_form_t form);
const char *plan_role_name(plan_role_t role);

/* Does the call return its one output itself, in C on every VM? Decided without the VM. */
bool plan_is_value(const model_call_t *call);

/* Digest over the calls 0..k of an API, for each k: names, ids, and the types as far as they decide what travels. */
uint32_t *plan_digests(arena_t *arena, const model_api_t *api);

/* The same over its events. They are apart, so that an API may grow in calls and in events. */
uint32_t *plan_event_digests(arena_t *arena, const model_api_t *api);

#endif
