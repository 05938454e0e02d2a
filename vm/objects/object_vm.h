/* SPDX-License-Identifier: BSD-2-Clause */
/* object_vm.h - calls of guests whose values are tagged: numbers, strings, tables, objects.
 * Such a VM has no memory that the gate could look at. So the values of a call are laid into a block of the adapter's, which the gate takes for the guest's memory; the
 * call goes through the same body as on every VM, which makes every check; results are read from the block again. What is here converts and checks nothing but kinds.
 * An adapter says how its engine's values are read and made (cg_object_ops_t), and is given calls and events as values. No engine runs between a call's begin and its
 * end, so an engine may leave by longjmp from any of its functions. */
#ifndef CALLGATE_VM_OBJECTS_H
#define CALLGATE_VM_OBJECTS_H

#include "callgate/body.h"

/* A value of the engine's: an index, a pointer, a tagged word. Only the adapter looks inside. */
typedef struct cg_value {
    uint64_t u[2];
} cg_value_t;

/* How values are read and made. `vm` is cg_object_t.vm. Functions that read give false where the value is of another kind; those that make give false, or do not come
 * back, where there is no memory. */
typedef struct cg_object_ops {
    /* Argument `index` of the call under way, counted from 0; one that was not given is none. */
    void (*argument)(void *vm, uint32_t index, cg_value_t *value);
    bool (*is_none)(void *vm, cg_value_t value);
    bool (*get_bool)(void *vm, cg_value_t value, bool *truth);
    /* A whole number; *is_negative where it is below 0, then *bits is its two's complement. False too where it does not fit 64 bits. */
    bool (*get_integer)(void *vm, cg_value_t value, uint64_t *bits, bool *is_negative);
    bool (*get_float)(void *vm, cg_value_t value, double *real);
    /* A string, or bytes; they stay where they are until the call is made. */
    bool (*get_bytes)(void *vm, cg_value_t value, const uint8_t **bytes, uint32_t *size);
    /* A list's length, and one of its elements, counted from 0. */
    bool (*get_count)(void *vm, cg_value_t list, uint32_t *count);
    bool (*get_element)(void *vm, cg_value_t list, uint32_t index, cg_value_t *value);
    /* A field of a record; one that is not there is none. False: it is no record. */
    bool (*get_field)(void *vm, cg_value_t record, const char *name, cg_value_t *value);
    /* An object's handle, also where it is dead: the gate says so. False: it is no object of this type. */
    bool (*get_handle)(void *vm, cg_value_t value, const cg_type_info_t *type, uint32_t *handle);
    /* A value of get_element or get_field is done with; the last one first. NULL: nothing to do. */
    void (*drop)(void *vm, cg_value_t value);
    bool (*make_none)(void *vm, cg_value_t *value);
    bool (*make_bool)(void *vm, bool truth, cg_value_t *value);
    bool (*make_integer)(void *vm, uint64_t bits, bool is_signed, cg_value_t *value);
    bool (*make_float)(void *vm, double real, cg_value_t *value);
    bool (*make_bytes)(void *vm, const uint8_t *bytes, uint32_t size, bool is_text, cg_value_t *value);
    bool (*make_list)(void *vm, uint32_t count, cg_value_t *list);
    bool (*set_element)(void *vm, cg_value_t list, uint32_t index, cg_value_t value);
    bool (*make_record)(void *vm, const cg_type_info_t *type, cg_value_t *record);
    bool (*set_field)(void *vm, cg_value_t record, const char *name, cg_value_t value);
    bool has_wrapped_u64; /* numbers have 64 bits with a sign: a u64 above 2^63 - 1 is a negative one */
    bool (*make_handle)(void *vm, const cg_type_info_t *type, uint32_t handle, bool is_owned, cg_value_t *value);
    /* An integer whose type has 64 bits, where that is a kind of its own. NULL: make_integer. */
    bool (*make_wide)(void *vm, uint64_t bits, bool is_signed, cg_value_t *value);
    /* A set of names in another form than a list, as a list that is dropped. False: it is none. NULL: there is no such form. */
    bool (*get_names)(void *vm, cg_value_t set, cg_value_t *list);
    /* Where a VM has objects that hold a record as it lies in the block. NULL: it has none. Copy one of this type to `bytes`; false: the value is no such object. Let the
     * object that the caller gave for this output take them, and give it as the value; false: there is none. */
    bool (*get_record)(void *vm, cg_value_t value, const cg_type_info_t *type, uint8_t *bytes);
    bool (*set_record)(void *vm, const cg_type_info_t *type, const uint8_t *bytes, cg_value_t *value);
} cg_object_ops_t;

/* The first part of an adapter's state, which guest->vm points at. */
typedef struct cg_object {
    const cg_object_ops_t *ops;
    void *vm;
    cg_window_t window; /* of the block */
} cg_object_t;

/* Serves one call from its slots; false: the activation ends now. */
typedef bool cg_object_fn(cg_guest_t *g, const uint64_t *slots, uint64_t *result);
typedef uint64_t cg_object_row_fn(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed);

/* What cg_vm_t.glue points at. */
typedef struct cg_object_glue {
    cg_object_fn *const *calls; /* [call_count]; NULL: rows serve them */
    const cg_row_t *rows;
    cg_object_row_fn *row_call;
    const void *entries; /* what the glue of this VM has for its adapter; NULL: nothing */
} cg_object_glue_t;

enum { CG_OBJECT_KIND = 1 /* cg_object_answer_t.code: an argument is of another kind */ };

/* What became of a call. */
typedef struct cg_object_answer {
    int32_t code;                /* 0; a negative error of the gate or the API; CG_OBJECT_KIND */
    bool is_over;                /* the activation is to end now, whatever the guest would like */
    uint32_t argument;           /* CG_OBJECT_KIND: which one, counted from 0 */
    const char *wanted;          /* what it should have been: "an integer" */
    const char *field;           /* the field of a record that it is about; NULL: the argument itself */
    uint32_t count;              /* of results */
    uint64_t result;             /* as the gate gave it */
} cg_object_answer_t;

/* Bytes of the block that the calls and events of this catalog need. */
uint32_t cg_object_block_size(const cg_catalog_t *catalog);

/* Make a call with the arguments that ops->argument gives: the inputs in order, then, for each output that is a record or a buffer, one that may be none: how many elements
 * the caller wants at most for a buffer; for a record it is the adapter's to use. Results follow by cg_object_result. */
void cg_object_call(cg_guest_t *g, const cg_call_info_t *call, cg_object_answer_t *answer);

/* Has this output such an argument? */
static inline bool cg_object_has_spare(const cg_item_info_t *item)
{
    return item->direction == CG_OUT && (item->kind == CG_KIND_RECORD || item->kind == CG_KIND_BYTES || item->kind == CG_KIND_STRING || item->kind == CG_KIND_LIST);
}

/* Make the value of one output (index among the arguments) of the call that was just made; false: no memory. */
bool cg_object_result(cg_guest_t *g, const cg_call_info_t *call, const cg_object_answer_t *answer, uint32_t argument, cg_value_t *value);

/* For adapters that lay down simple calls themselves, and give the glue's functions the slots: where in the block argument `argument` lies, 0 where it does not. */
uint32_t cg_object_place(const cg_call_info_t *call, uint32_t argument);

/* For objects that hold a record: the value of a field of the record at `bytes`; and a new one, false: *answer says why not, as that of a call. */
bool cg_object_give_field(cg_guest_t *g, const cg_item_info_t *field, const uint8_t *bytes, cg_value_t *value);
bool cg_object_take_field(cg_guest_t *g, const cg_item_info_t *field, cg_value_t value, uint8_t *bytes, cg_object_answer_t *answer);

/* Close a handle, from anywhere between calls, a collector included: it touches no block. 0 or a negative error. */
int32_t cg_object_close(cg_guest_t *g, uint32_t handle);

/* The event with this index; *api is the API that it is of. NULL: there is none. */
const cg_ev_info_t *cg_object_find_event(const cg_catalog_t *catalog, uint32_t index, const cg_api_info_t **api);

/* For deliver: lay the event's data down, and give its arguments one by one: 0 is the source's handle, then each datum. */
const cg_ev_info_t *cg_object_event(cg_guest_t *g, const cg_ev_delivery_t *delivery, const cg_api_info_t **api);
bool cg_object_datum(cg_guest_t *g, const cg_ev_info_t *event, uint32_t nth, cg_value_t *value);

/* The API of a call, and what its error number means: name and sentence; never NULL. */
const cg_api_info_t *cg_object_api(const cg_catalog_t *catalog, const cg_call_info_t *call);
const char *cg_object_error_name(const cg_api_info_t *api, int32_t code);
const char *cg_object_error_text(const cg_api_info_t *api, int32_t code);

#endif
