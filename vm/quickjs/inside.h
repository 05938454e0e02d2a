/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the files of this folder tell each other. Nobody else includes it. */
#ifndef QUICKJS_INSIDE_H
#define QUICKJS_INSIDE_H

#include "object_base.h"

#include <quickjs.h>
#include <stdio.h>
#include <string.h>

enum {
    QUICKJS_LOOK_STEPS = 100,        /* loops and calls between two looks at the clockwork (edits.cmake) */
    QUICKJS_WORK_STEPS = 1000,       /* so much at once brings the next look at once */
    QUICKJS_STACK_BYTES = 256 * 1024, /* of the host's stack, at most, for a guest's recursion */
    QUICKJS_RESERVE_BYTES = 65536,   /* beyond the policy's memory, for what ends a guest */
    QUICKJS_MADE_MAX = 64,           /* values that are being put together: two a level of records and lists */
    QUICKJS_TEXT_SIZE = 256          /* of what is said of an error */
};

typedef struct quickjs_box quickjs_box_t;

/* What an object of the host's has behind it. */
typedef struct quickjs_handle {
    cg_object_held_t held;       /* first, for vm/objects */
    void *object;                /* the guest's object, which owns this */
    struct quickjs_handle *next; /* of those that are open, and some that were closed */
} quickjs_handle_t;

/* The call under way: where its arguments are. */
typedef struct quickjs_frame {
    const cg_call_info_t *call;
    JSValueConst *values;
    JSValueConst self;
    uint32_t count;       /* of values */
    bool is_method;       /* argument 0 is self */
    bool wants_bytes;     /* the argument that is looked at is bytes, so no text will do */
    const char *text;     /* the last text that get_bytes gave; it is the engine's */
} quickjs_frame_t;

/* guest->vm points here; the block lies behind it. */
struct quickjs_box {
    cg_object_base_t base;  /* first, for vm/objects */
    JSRuntime *runtime;
    JSContext *context;
    JSClassID class_id;     /* of all objects of the host */
    JSValue program;        /* the module, compiled */
    JSValue error_class, error_prototype;
    JSValue to_array;       /* Array.from, as it was before the guest */
    JSValue *apis;          /* [api_count] the object of each API; that of the gate's own is undefined */
    JSValue *prototypes;    /* [type_count] by number of the handle type */
    quickjs_handle_t *open;
    quickjs_frame_t frame;
    bool is_taking;         /* the block is in use: no other call may begin */
    JSValue made[QUICKJS_MADE_MAX]; /* values that no other holds yet, the last one on top */
    uint32_t made_count;
    uint64_t fresh_steps;   /* charged since the last look, by what does not look itself */
    uint32_t unhandled;     /* promises that were rejected and that nobody handles */
    JSValue reason;         /* of the last of these */
    char text[QUICKJS_TEXT_SIZE]; /* what went wrong */
};

static inline quickjs_box_t *quickjs_box(JSContext *context)
{
    return JS_GetContextOpaque(context);
}

/* ---- limit.c: memory and steps ---- */

extern const JSMallocFunctions quickjs_memory;

int quickjs_look(JSContext *context, void *box);
/* Enter the engine for an activation, and leave it. What begin gives is given to done. */
quickjs_box_t *quickjs_begin(quickjs_box_t *box);
void quickjs_done(quickjs_box_t *box, quickjs_box_t *before);
/* The same after loading: whether it took too long is still to be seen. */
void quickjs_leave(quickjs_box_t *before);
/* End the activation by an error that the guest cannot get rid of. */
JSValue quickjs_end(quickjs_box_t *box);

/* What edits.cmake put into the engine. */
bool callgate_quickjs_work(uint64_t steps);
void callgate_quickjs_look(JSContext *context);

/* ---- value.c ---- */

extern const cg_object_ops_t quickjs_values;

static inline cg_value_t quickjs_wrap(JSValue value)
{
    cg_value_t wrapped = {{0, 0}};
    _Static_assert(sizeof value <= sizeof wrapped, "a value of the engine fits");
    memcpy(&wrapped, &value, sizeof value);
    return wrapped;
}

static inline JSValue quickjs_unwrap(cg_value_t wrapped)
{
    JSValue value;
    memcpy(&value, &wrapped, sizeof value);
    return value;
}

/* The text of the frame is done with. */
void quickjs_forget_text(quickjs_box_t *box);
/* What was made and is not in anything yet: add one (false: it is an exception, or there are too many), take the last one, or free them all. */
bool quickjs_push(quickjs_box_t *box, JSValue made, cg_value_t *value);
JSValue quickjs_pop(quickjs_box_t *box);
void quickjs_drop_made(quickjs_box_t *box);

/* ---- handle.c: objects of the host ---- */

/* Makes the class and one prototype a type, with methods. False: no memory. */
bool quickjs_open_types(quickjs_box_t *box, const cg_catalog_t *catalog);
/* The object of a live handle: the one that the guest has already, or a new one. */
JSValue quickjs_handle_value(quickjs_box_t *box, const cg_type_info_t *type, uint32_t handle, bool is_owned);
/* NULL: the value is no object of the host's. */
cg_object_held_t *quickjs_held_of(void *box, cg_value_t value);
/* A class that a guest cannot make objects of, for instanceof. */
JSValue quickjs_handle_class(quickjs_box_t *box, const cg_type_info_t *type);

/* ---- module.c: a module for each API ---- */

/* False: no memory, or an exception. */
bool quickjs_open_apis(quickjs_box_t *box, const cg_catalog_t *catalog);
void quickjs_close_apis(quickjs_box_t *box);
JSModuleDef *quickjs_load_module(JSContext *context, const char *name, void *box);
/* A function of the guest's, by its name; is_method: what it is called on is its first argument. */
JSValue quickjs_new_call(JSContext *context, const cg_call_info_t *call, bool is_method);
/* The function that handles base.event, or undefined. Runs no code of the guest's. */
JSValue quickjs_handler(quickjs_box_t *box);

#endif
