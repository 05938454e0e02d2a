/* SPDX-License-Identifier: BSD-2-Clause */
/* object_base.h - the part of an adapter that is the same for most VMs of tagged values: its state begins with a cg_object_base_t, and half of its cg_vm_ops_t is here.
 * Steps, the end that nobody can catch, memory that is counted and freed as a whole, and what errors say. Knows no engine. */
#ifndef CALLGATE_VM_OBJECT_BASE_H
#define CALLGATE_VM_OBJECT_BASE_H

#include "object_vm.h"

#include "callgate/guest.h"

#include <stdatomic.h>
#include <stddef.h>

/* Why the guest's code must not go on; it cannot catch that. cg_object_over_text says it. */
typedef enum cg_object_over { CG_OBJECT_GOES_ON, CG_OBJECT_OVER_GATE, CG_OBJECT_OVER_STEPS, CG_OBJECT_OVER_ASKED } cg_object_over_t;

/* STEP_BYTES: bytes of memory that are worked on for the price of one step. LOAD_STEPS: that a program may take to be read, before any policy counts. */
enum { CG_OBJECT_STEP_BYTES = 16, CG_OBJECT_LOAD_STEPS = 50000000 };

/* What an engine is asked to do; `context` is what stands behind it. */
typedef enum cg_object_act {
    CG_OBJECT_OPEN,   /* const cg_guest_config_t: begin, and see that the program is a sound one; nothing of it runs */
    CG_OBJECT_RUN,    /* NULL: run it from its beginning */
    CG_OBJECT_FIND,   /* NULL: is there a handler for base->event? */
    CG_OBJECT_HANDLE  /* const cg_ev_delivery_t: call that handler with what cg_object_event_values gives */
} cg_object_act_t;

/* What the functions here need of an adapter. `vm` is its struct, which begins with a cg_object_base_t. */
typedef struct cg_object_engine {
    size_t size; /* of that struct */
    const cg_object_ops_t *values;
    /* NULL: the value is no object. */
    struct cg_object_held *(*held_of)(void *vm, cg_value_t value);
    /* False: base->message says why, and base->is_full that it was for want of memory. */
    bool (*act)(void *vm, cg_object_act_t what, const void *context);
    const char *separator; /* the text of an error begins with the call, "saul/find: ", with this in it; NULL: it does not, the adapter puts that where it belongs */
    void (*close)(void *vm); /* the guest ends, or was not loaded. NULL: to free its memory is enough */
} cg_object_engine_t;

/* guest->vm points here. The adapter's own state follows in its struct, and the block behind that. */
typedef struct cg_object_base {
    cg_object_t object;
    const cg_object_engine_t *engine;
    cg_guest_t *guest;
    const char *message; /* what went wrong */
    const cg_api_info_t *api;    /* what FIND and HANDLE are about: */
    const cg_ev_info_t *event;   /* event->handler is the name of a function, "on_timer_fired" */
    int32_t result;      /* by RUN: what the program returned */
    bool is_full;        /* there was no memory for it; if it was left in the middle, act refuses from then on */
    uint64_t used, most; /* bytes of the guest's memory */
    struct cg_object_piece *pieces;
    int64_t steps_left;  /* below 0: they are used up */
    bool is_unlimited;
    cg_object_over_t over;
    atomic_bool stop;
} cg_object_base_t;

/* An object as a guest has it: it can neither make one nor look into it. */
typedef struct cg_object_held {
    const cg_type_info_t *type;
    uint32_t handle;
    bool is_closed; /* by close, or given away: the handle stays, and is dead */
    bool is_owned;  /* the collector closes it */
} cg_object_held_t;

typedef enum cg_object_served { CG_OBJECT_GOOD, CG_OBJECT_RAISE, CG_OBJECT_END } cg_object_served_t;

/* Give the program a name of an API: "saul" and "find". False: no memory. */
typedef bool cg_object_define_fn(void *vm, const char *api, const char *name, cg_value_t value);
typedef bool cg_object_make_call_fn(void *vm, const cg_call_info_t *call, cg_value_t *value);

/* ---- base.c: functions of cg_vm_ops_t. storage, load: an adapter's own call these with its engine ---- */

bool cg_object_probe(const uint8_t *image, uint32_t size);
uint32_t cg_object_storage(const cg_guest_config_t *config, const cg_object_engine_t *engine);
int cg_object_load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size, const cg_object_engine_t *engine);
int cg_object_run(cg_guest_t *guest, int32_t *result);
bool cg_object_handles(const cg_guest_t *guest, uint32_t event);
int cg_object_deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery);
void cg_object_destroy(cg_guest_t *guest);
int cg_object_inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context);
void cg_object_renew(cg_guest_t *guest);
void cg_object_stop(cg_guest_t *guest);
uint32_t cg_object_memory(const cg_guest_t *guest);
/* All of them for a cg_vm_ops_t. */
#define CG_OBJECT_VM_OPS                                                                                                                             \
    .version = CG_VM_OPS_VERSION, .probe = cg_object_probe, .run = cg_object_run, .handles = cg_object_handles, .deliver = cg_object_deliver,         \
    .destroy = cg_object_destroy, .inspect = cg_object_inspect, .renew = cg_object_renew, .stop = cg_object_stop, .memory = cg_object_memory

/* The end of an activation, as a text. */
const char *cg_object_over_text(cg_object_over_t over);
/* So many bytes were worked on; only counted. */
void cg_object_charge(cg_object_base_t *base, size_t bytes);
/* So many steps were made. True: the guest is over, now and whenever this is asked until the next activation begins. From the engine's hook. */
bool cg_object_look(cg_object_base_t *base, uint64_t steps);

/* ---- serve.c: whole calls and events as values; vm is the adapter's struct ---- */

/* A whole call. GOOD: *value is its result, none, or a list of several. RAISE: *value is what the guest's language is to raise, a record of
 * cg_object_error with api, call, code (0: a value of another kind), name, and text. END: the guest is over; its code must not go on. */
cg_object_served_t cg_object_serve(cg_object_base_t *base, const cg_call_info_t *call, cg_value_t *value);
/* The same for the answer that cg_object_call gave; GOOD: the results are still to be made, by cg_object_result. */
cg_object_served_t cg_object_settle(cg_object_base_t *base, const cg_call_info_t *call, const cg_object_answer_t *answer, cg_value_t *error);
extern const cg_type_info_t cg_object_error;
/* Is this object the call's first argument? Then the call may be a method of its. */
bool cg_object_is_method(const cg_call_info_t *call, const cg_type_info_t *type);
/* Give the program all names: constants, enums and flags as records, calls. */
bool cg_object_open(cg_object_base_t *base, cg_object_define_fn *define, cg_object_make_call_fn *make_call);
/* The source and data of an event into values[CG_EV_SLOTS_MAX]; how many they are. */
uint32_t cg_object_event_values(cg_object_base_t *base, const cg_ev_delivery_t *delivery, cg_value_t *values);
/* For ops: by held_of. */
bool cg_object_get_handle(void *vm, cg_value_t value, const cg_type_info_t *type, uint32_t *handle);
/* The guest closes an object, or the collector has found it. Does nothing twice. */
void cg_object_release(cg_object_base_t *base, cg_object_held_t *held);

/* ---- memory.c: needs malloc ---- */

/* As realloc; what is new is zero. NULL beyond base->most. Costs steps. */
void *cg_object_allocate(cg_object_base_t *base, void *block, size_t size);
void cg_object_free(cg_object_base_t *base, void *block);
/* For destroy: an engine that was left in the middle need not be closed. */
void cg_object_free_all(cg_object_base_t *base);

#endif
