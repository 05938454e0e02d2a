/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/quickjs/adapter.c - ties QuickJS-ng to the gate: cg_quickjs_ops.
 * The source is compiled once, at load, as a module; nothing of it runs before cg_guest_run, which evaluates it. Jobs that promises left are done before an activation ends, with
 * its steps. limit.c holds the guest to memory and steps; what is not JavaScript's is in vm/objects/object_base.h. */
#include "inside.h"

extern const cg_vm_ops_t cg_quickjs_ops;

/* ---- loading ---- */

/* Rejected promises that get no handler before the activation ends are errors of the guest. */
static void track(JSContext *context, JSValueConst promise, JSValueConst reason, bool is_handled, void *opaque)
{
    quickjs_box_t *box = opaque;
    (void)promise;
    if (is_handled) {
        box->unhandled -= box->unhandled > 0;
        return;
    }
    box->unhandled++;
    JS_FreeValue(context, box->reason);
    box->reason = JS_DupValue(context, reason);
}

/* What JavaScript has of its own: no clock (Date, performance), nothing shared between threads. */
static bool open_language(JSContext *context)
{
    JS_AddIntrinsicRegExpCompiler(context);
    return JS_AddIntrinsicBaseObjects(context) == 0 && JS_AddIntrinsicEval(context) == 0 && JS_AddIntrinsicRegExp(context) == 0 && JS_AddIntrinsicJSON(context) == 0
        && JS_AddIntrinsicProxy(context) == 0 && JS_AddIntrinsicMapSet(context) == 0 && JS_AddIntrinsicTypedArrays(context) == 0
        && JS_AddIntrinsicPromise(context) == 0 && JS_AddIntrinsicBigInt(context) == 0 && JS_AddIntrinsicWeakRef(context) == 0;
}

static bool open_engine(quickjs_box_t *box)
{
    box->runtime = JS_NewRuntime2(&quickjs_memory, box);
    if (box->runtime == NULL) {
        return false;
    }
    JS_SetRuntimeOpaque(box->runtime, box);
    JS_SetMaxStackSize(box->runtime, QUICKJS_STACK_BYTES);
    JS_SetGCThreshold(box->runtime, (size_t)box->base.most / 4);
    JS_SetInterruptHandler(box->runtime, quickjs_look, box);
    JS_SetModuleLoaderFunc(box->runtime, NULL, quickjs_load_module, box);
    JS_SetHostPromiseRejectionTracker(box->runtime, track, box);
    box->context = JS_NewContextRaw(box->runtime);
    if (box->context == NULL) {
        return false;
    }
    JS_SetContextOpaque(box->context, box);
    return open_language(box->context);
}

/* The compiler wants a 0 behind the source. */
static bool compile(quickjs_box_t *box, const cg_guest_config_t *config)
{
    JSContext *context = box->context;
    char *source = js_malloc(context, (size_t)config->image_size + 1);
    if (source == NULL) {
        return false;
    }
    memcpy(source, config->image, config->image_size);
    source[config->image_size] = '\0';
    box->program = JS_Eval(context, source, config->image_size, "guest", JS_EVAL_TYPE_MODULE | JS_EVAL_FLAG_COMPILE_ONLY);
    js_free(context, source);
    return !JS_IsException(box->program) && JS_ResolveModule(context, box->program) == 0;
}

/* The gate has released all objects before; finalizers see that the guest is over. */
static void close_engine(void *vm)
{
    quickjs_box_t *box = vm;
    if (box->context != NULL) {
        quickjs_drop_made(box);
        JS_FreeValue(box->context, box->reason);
        JS_FreeValue(box->context, box->program);
        quickjs_close_apis(box);
        JS_FreeContext(box->context);
    }
    if (box->runtime != NULL) {
        JS_FreeRuntime(box->runtime);
    }
}

/* What was thrown, as the message: what its toString says and where it was, if its stack tells. May run the guest's code. */
static void describe(quickjs_box_t *box, JSValueConst thrown)
{
    JSContext *context = box->context;
    const char *what = JS_ToCString(context, thrown);
    JSValue stack = what != NULL && JS_IsError(thrown) ? JS_GetPropertyStr(context, thrown, "stack") : JS_UNDEFINED;
    const char *where = JS_IsString(stack) ? JS_ToCString(context, stack) : NULL;
    const char *line = where != NULL ? where + strspn(where, " ") : "";
    const bool is_memory = box->base.is_full && (what == NULL || JS_IsNull(thrown) || strncmp(what, "InternalError: out of memory", 28) == 0);
    if (is_memory) {
        (void)snprintf(box->text, sizeof box->text, "the memory of the policy is used up");
    } else {
        (void)snprintf(box->text, sizeof box->text, "%s%s%.*s%s", what != NULL ? what : "an error that is no text", line[0] != '\0' ? " (" : "", (int)strcspn(line, "\n"), line,
                       line[0] != '\0' ? ")" : "");
    }
    box->base.message = box->text;
    JS_FreeCString(context, where);
    JS_FreeCString(context, what);
    JS_FreeValue(context, stack);
    JS_FreeValue(context, JS_GetException(context));
}

/* What the compiler does is counted as if it ran, in steps that are its own. */
static bool compile_counted(quickjs_box_t *box, const cg_guest_config_t *config)
{
    quickjs_box_t *before = quickjs_begin(box);
    const bool is_good = compile(box, config);
    if (!is_good) {
        JSValue thrown = JS_GetException(box->context);
        describe(box, thrown);
        JS_FreeValue(box->context, thrown);
    }
    quickjs_leave(before);
    return is_good;
}

static bool open_program(quickjs_box_t *box, const cg_guest_config_t *config)
{
    if (open_engine(box) && quickjs_open_apis(box, config->vm->catalog)) {
        return compile_counted(box, config);
    }
    box->base.is_full = true;
    return false;
}

static bool open_box(quickjs_box_t *box, const cg_guest_config_t *config)
{
    JSValue *const values[] = {&box->program, &box->error_class, &box->error_prototype, &box->to_array, &box->reason};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        *values[i] = JS_UNDEFINED;
    }
    return open_program(box, config);
}

/* ---- running ---- */

/* Do the jobs that promises left. False: one of them threw. */
static bool drain(quickjs_box_t *box)
{
    JSContext *context = NULL;
    int done = 1;
    while (done > 0 && box->base.over == CG_OBJECT_GOES_ON) {
        done = JS_ExecutePendingJob(box->runtime, &context);
    }
    return done >= 0;
}

/* The end of an activation, after its own code: jobs, then what went wrong. */
static bool finish(quickjs_box_t *box, bool is_good)
{
    is_good = is_good && drain(box);
    (void)(is_good || cg_object_look(&box->base, 0)); /* what there were no steps for says so in its own way */
    const bool is_rejected = is_good && box->unhandled > 0;
    JSValue thrown = is_rejected ? box->reason : JS_GetException(box->context);
    if (is_rejected) {
        box->reason = JS_UNDEFINED;
    }
    if ((!is_good || is_rejected) && box->base.over == CG_OBJECT_GOES_ON) {
        describe(box, thrown);
    }
    JS_FreeValue(box->context, thrown);
    return is_good && !is_rejected;
}

/* Call the function that the module exports as `run`, where there is one. */
static bool call_run(quickjs_box_t *box)
{
    JSContext *context = box->context;
    JSValue module = JS_GetModuleNamespace(context, JS_VALUE_GET_PTR(box->program));
    JSValue function = JS_IsException(module) ? JS_EXCEPTION : JS_GetPropertyStr(context, module, "run");
    JSValue result = JS_IsFunction(context, function) ? JS_Call(context, function, JS_UNDEFINED, 0, NULL) : JS_DupValue(context, function);
    const bool is_good = !JS_IsException(result);
    JS_FreeValue(context, result);
    JS_FreeValue(context, function);
    JS_FreeValue(context, module);
    return is_good;
}

/* A module is evaluated once, with what it awaits; its `run` is called each time. */
static bool run(quickjs_box_t *box)
{
    JSValue promise = JS_EvalFunction(box->context, JS_DupValue(box->context, box->program));
    bool is_good = !JS_IsException(promise) && drain(box);
    if (is_good && box->base.over == CG_OBJECT_GOES_ON && box->unhandled == 0 && JS_PromiseState(box->context, promise) == JS_PROMISE_FULFILLED) {
        is_good = call_run(box);
    }
    JS_FreeValue(box->context, promise);
    return is_good;
}

static bool has_handler(quickjs_box_t *box)
{
    JSValue handler = quickjs_handler(box);
    const bool is_there = !JS_IsUndefined(handler);
    JS_FreeValue(box->context, handler);
    JS_FreeValue(box->context, JS_GetException(box->context));
    return is_there;
}

/* Call the handler with the event's values. */
static bool handle(quickjs_box_t *box, const cg_ev_delivery_t *delivery)
{
    JSContext *context = box->context;
    cg_value_t values[CG_EV_SLOTS_MAX];
    JSValue handler = quickjs_handler(box);
    bool is_good = cg_object_event_values(&box->base, delivery, values) == box->base.event->arg_count + 1u;
    if (is_good) {
        JSValue result = JS_Call(context, handler, JS_UNDEFINED, (int)box->made_count, box->made);
        is_good = !JS_IsException(result);
        JS_FreeValue(context, result);
    }
    quickjs_drop_made(box);
    JS_FreeValue(context, handler);
    return is_good;
}

static bool activate(quickjs_box_t *box, const cg_ev_delivery_t *delivery)
{
    quickjs_box_t *before = quickjs_begin(box);
    const bool is_good = finish(box, delivery != NULL ? handle(box, delivery) : run(box));
    quickjs_done(box, before);
    return is_good;
}

static bool act(void *vm, cg_object_act_t what, const void *context)
{
    switch (what) {
    case CG_OBJECT_OPEN: return open_box(vm, context);
    case CG_OBJECT_RUN: return activate(vm, NULL);
    case CG_OBJECT_FIND: return has_handler(vm);
    case CG_OBJECT_HANDLE: return activate(vm, context);
    }
    return false;
}

static const cg_object_engine_t engine = {sizeof(quickjs_box_t), &quickjs_values, quickjs_held_of, act, NULL, close_engine};

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    (void)policy;
    return cg_object_storage(config, &engine);
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    return cg_object_load(guest, config, policy, at, size, &engine);
}

const cg_vm_ops_t cg_quickjs_ops = {CG_OBJECT_VM_OPS, .name = "quickjs", .storage = storage, .load = load};
