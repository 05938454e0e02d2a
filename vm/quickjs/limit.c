/* SPDX-License-Identifier: BSD-2-Clause */
/* limit.c - what holds a guest: memory, counted by the allocator, and steps, counted by the engine's interrupt handler, by the allocator and by what edits.cmake put into
 * functions that work long without either. A guest that is over is ended by an error that it cannot catch; from then on the engine looks at every loop and call.
 * Memory is the engine's to count by malloc's own sizes, so vm/objects' is not used. */
#include "inside.h"

#include <malloc.h>
#include <stdlib.h>

static _Thread_local quickjs_box_t *running; /* whose code this thread runs now */

static void charge(quickjs_box_t *box, uint64_t steps)
{
    box->base.steps_left -= box->base.is_unlimited ? 0 : (int64_t)(steps < INT32_MAX ? steps : INT32_MAX);
    box->fresh_steps += steps;
    if (box->fresh_steps > QUICKJS_WORK_STEPS && box->context != NULL) {
        callgate_quickjs_look(box->context);
    }
}

bool callgate_quickjs_work(uint64_t steps)
{
    quickjs_box_t *box = running;
    if (box == NULL) {
        return true;
    }
    charge(box, steps);
    return box->base.over == CG_OBJECT_GOES_ON && !atomic_load(&box->base.stop) && (box->base.is_unlimited || box->base.steps_left >= 0);
}

/* ---- memory ---- */

/* A guest without steps gets no memory, so that what works by allocating stops soon; one that is over needs some to be ended. */
static bool is_refused(quickjs_box_t *box, size_t more)
{
    cg_object_base_t *base = &box->base;
    const bool is_over = base->over != CG_OBJECT_GOES_ON;
    const uint64_t most = base->most + (is_over ? QUICKJS_RESERVE_BYTES : 0);
    if (base->used > most || more > most - base->used) {
        base->is_full = true;
        return true;
    }
    charge(box, more / CG_OBJECT_STEP_BYTES);
    return !base->is_unlimited && !is_over && base->steps_left < 0 && more > CG_OBJECT_STEP_BYTES * QUICKJS_WORK_STEPS;
}

static void *take(void *opaque, size_t size)
{
    quickjs_box_t *box = opaque;
    void *block = is_refused(box, size) ? NULL : malloc(size);
    box->base.used += block == NULL ? 0 : malloc_usable_size(block);
    return block;
}

static void *take_clear(void *opaque, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        return NULL;
    }
    void *block = take(opaque, count * size);
    return block == NULL ? NULL : memset(block, 0, count * size);
}

static void give_back(void *opaque, void *block)
{
    quickjs_box_t *box = opaque;
    box->base.used -= block == NULL ? 0 : malloc_usable_size(block);
    free(block);
}

static void *retake(void *opaque, void *block, size_t size)
{
    quickjs_box_t *box = opaque;
    const size_t before = block == NULL ? 0 : malloc_usable_size(block);
    if (size == 0) {
        give_back(opaque, block);
        return NULL;
    }
    if (size > before && is_refused(box, size - before)) {
        return NULL;
    }
    void *made = realloc(block, size);
    box->base.used = made == NULL ? box->base.used : box->base.used - before + malloc_usable_size(made);
    return made;
}

static size_t usable(const void *block)
{
    return malloc_usable_size((void *)(uintptr_t)block);
}

const JSMallocFunctions quickjs_memory = {.js_calloc = take_clear, .js_malloc = take, .js_free = give_back, .js_realloc = retake, .js_malloc_usable_size = usable};

/* ---- steps ---- */

int quickjs_look(JSContext *context, void *opaque)
{
    quickjs_box_t *box = opaque;
    box->fresh_steps = 0;
    if (!cg_object_look(&box->base, QUICKJS_LOOK_STEPS)) {
        return 0;
    }
    callgate_quickjs_look(context); /* what catches errors in C must not go on from here to the next loop */
    return 1;
}

quickjs_box_t *quickjs_begin(quickjs_box_t *box)
{
    quickjs_box_t *before = running;
    running = box;
    JS_UpdateStackTop(box->runtime); /* it may be another thread's */
    box->base.is_full = false;
    box->unhandled = 0;
    return before;
}

void quickjs_leave(quickjs_box_t *before)
{
    running = before;
}

void quickjs_done(quickjs_box_t *box, quickjs_box_t *before)
{
    box->base.is_unlimited = true; /* nothing of the guest's runs now */
    quickjs_leave(before);
}

JSValue quickjs_end(quickjs_box_t *box)
{
    JSContext *context = box->context;
    callgate_quickjs_look(context);
    (void)JS_ThrowInternalError(context, "%s", cg_object_over_text(box->base.over));
    JSValue error = JS_GetException(context);
    JS_SetUncatchableError(context, error);
    return JS_Throw(context, error);
}
