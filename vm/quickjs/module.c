/* SPDX-License-Identifier: BSD-2-Clause */
/* module.c - the modules that a guest imports: "callgate" has an object for each API, and CallgateError; "callgate/<api>" has what is in one of them. An API's object has its
 * calls and constants by name, `types`, and `on`, where a guest puts its handlers. It is frozen, so what is called is what was made here. */
#include "inside.h"

static const char prefix[] = "callgate";

/* ---- errors ---- */

/* What is thrown says in `message` which call it was, too. */
static JSValue throw_error(quickjs_box_t *box, const cg_call_info_t *call, JSValue error)
{
    JSContext *context = box->context;
    char message[QUICKJS_TEXT_SIZE];
    JSValue text = JS_GetPropertyStr(context, error, "text");
    const char *words = JS_ToCString(context, text);
    (void)snprintf(message, sizeof message, "%s.%s: %s", cg_object_api(box->base.guest->kind->catalog, call)->name, call->name, words != NULL ? words : "");
    JS_FreeCString(context, words);
    JS_FreeValue(context, text);
    const bool is_good = JS_DefinePropertyValueStr(context, error, "message", JS_NewString(context, message), JS_PROP_C_W_E & ~JS_PROP_ENUMERABLE) >= 0;
    if (!is_good || JS_HasException(context)) {
        JS_FreeValue(context, error);
        return JS_EXCEPTION;
    }
    return JS_Throw(context, error);
}

/* ---- calls ---- */

/* What the answer means, where it is not a good one. */
static JSValue not_good(quickjs_box_t *box, const cg_call_info_t *call, cg_object_served_t served)
{
    if (served == CG_OBJECT_RAISE) {
        return throw_error(box, call, quickjs_pop(box));
    }
    quickjs_drop_made(box);
    return box->base.over != CG_OBJECT_GOES_ON ? quickjs_end(box) : JS_HasException(box->context) ? JS_EXCEPTION : JS_ThrowOutOfMemory(box->context);
}

/* One output is itself; several are an object with their names. */
static JSValue results(quickjs_box_t *box, const cg_call_info_t *call, const cg_object_answer_t *answer)
{
    cg_value_t all, value;
    bool is_good = answer->count < 2 || quickjs_values.make_record(box, NULL, &all);
    for (uint32_t i = 0; is_good && i < call->arg_count; i++) {
        if (call->args[i].direction != CG_IN) {
            is_good = cg_object_result(box->base.guest, call, answer, i, &value) && (answer->count < 2 || quickjs_values.set_field(box, all, call->args[i].name, value));
        }
    }
    JSValue result = is_good && answer->count > 0 ? quickjs_pop(box) : JS_UNDEFINED;
    quickjs_drop_made(box);
    return is_good ? result : JS_HasException(box->context) ? JS_EXCEPTION : JS_ThrowOutOfMemory(box->context);
}

/* Getters of the guest may have run while arguments were taken, and may have thrown. */
static JSValue call_now(quickjs_box_t *box, const cg_call_info_t *call)
{
    cg_object_answer_t answer;
    cg_value_t error;
    box->is_taking = true;
    cg_object_call(box->base.guest, call, &answer);
    box->is_taking = false;
    quickjs_forget_text(box);
    if (JS_HasException(box->context)) {
        return JS_EXCEPTION;
    }
    const cg_object_served_t served = cg_object_settle(&box->base, call, &answer, &error);
    return served == CG_OBJECT_GOOD ? results(box, call, &answer) : not_good(box, call, served);
}

/* A getter of the guest's calls, while another call is taking its arguments. */
static JSValue refuse_inner(quickjs_box_t *box, const cg_call_info_t *call)
{
    static const cg_object_answer_t busy = {.code = CG_ERR_BUSY};
    cg_value_t error;
    return not_good(box, call, cg_object_settle(&box->base, call, &busy, &error));
}

static JSValue call_any(JSContext *context, JSValueConst self, int count, JSValueConst *values, int is_method, void *opaque)
{
    quickjs_box_t *box = quickjs_box(context);
    const cg_call_info_t *call = opaque;
    if (box->base.over != CG_OBJECT_GOES_ON) {
        return quickjs_end(box);
    }
    if (box->is_taking) {
        return refuse_inner(box, call);
    }
    box->frame = (quickjs_frame_t){.call = call, .values = values, .self = self, .count = (uint32_t)count, .is_method = is_method != 0};
    JSValue result = call_now(box, call);
    box->frame = (quickjs_frame_t){.self = JS_UNDEFINED};
    return result;
}

JSValue quickjs_new_call(JSContext *context, const cg_call_info_t *call, bool is_method)
{
    int inputs = is_method ? -1 : 0;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        inputs += call->args[i].direction != CG_OUT;
    }
    return JS_NewCClosure(context, call_any, call->name, NULL, inputs, is_method, (void *)(uintptr_t)call);
}

/* ---- handlers ---- */

static JSValue on_object(quickjs_box_t *box, const cg_api_info_t *api)
{
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    return JS_GetPropertyStr(box->context, box->apis[api - catalog->apis], "on");
}

/* on(name, handler): the same as on.<name> = handler. */
static JSValue on_event(JSContext *context, JSValueConst self, int count, JSValueConst *values, int magic, void *opaque)
{
    (void)self;
    (void)magic;
    const cg_api_info_t *api = opaque;
    const char *name = count > 0 && JS_IsString(values[0]) ? JS_ToCString(context, values[0]) : NULL;
    const char *found = NULL;
    for (uint32_t i = 0; name != NULL && i < api->event_count; i++) {
        found = strcmp(api->events[i].name, name) == 0 ? api->events[i].name : found;
    }
    JS_FreeCString(context, name);
    if (found == NULL || count < 2) {
        return JS_HasException(context) ? JS_EXCEPTION : JS_ThrowTypeError(context, "%s.on wants the name of an event, and a function", api->name);
    }
    JSValue on = on_object(quickjs_box(context), api);
    const int done = JS_SetPropertyStr(context, on, found, JS_DupValue(context, values[1]));
    JS_FreeValue(context, on);
    return done < 0 ? JS_EXCEPTION : JS_UNDEFINED;
}

/* A function whose only properties are the events: to set another is an error. */
static bool open_on(quickjs_box_t *box, const cg_api_info_t *api, JSValueConst object)
{
    JSContext *context = box->context;
    JSValue on = JS_NewCClosure(context, on_event, "on", NULL, 2, 0, (void *)(uintptr_t)api);
    bool is_good = !JS_IsException(on);
    for (size_t i = 0; is_good && i < 2; i++) {
        const JSAtom atom = JS_NewAtom(context, i == 0 ? "name" : "length");
        is_good = JS_DeleteProperty(context, on, atom, 0) >= 0;
        JS_FreeAtom(context, atom);
    }
    for (uint32_t i = 0; is_good && i < api->event_count; i++) {
        is_good = JS_DefinePropertyValueStr(context, on, api->events[i].name, JS_UNDEFINED, JS_PROP_WRITABLE | JS_PROP_ENUMERABLE) >= 0;
    }
    is_good = is_good && JS_PreventExtensions(context, on) >= 0;
    return JS_DefinePropertyValueStr(context, object, "on", on, JS_PROP_C_W_E) >= 0 && is_good;
}

JSValue quickjs_handler(quickjs_box_t *box)
{
    JSContext *context = box->context;
    JSPropertyDescriptor found = {.value = JS_UNDEFINED, .getter = JS_UNDEFINED, .setter = JS_UNDEFINED};
    JSValue on = on_object(box, box->base.api);
    const JSAtom name = JS_NewAtom(context, box->base.event->name);
    const int is_there = JS_GetOwnProperty(context, &found, on, name);
    JS_FreeAtom(context, name);
    JS_FreeValue(context, on);
    if (is_there > 0) {
        JS_FreeValue(context, found.getter);
        JS_FreeValue(context, found.setter);
        if (JS_IsFunction(context, found.value)) {
            return found.value;
        }
        JS_FreeValue(context, found.value);
    }
    return JS_UNDEFINED;
}

/* ---- APIs ---- */

/* The value on top, in the object of its API: constants and calls there, enums and flags in `types`, where there are classes for handles, too: a call may have the same name. */
static bool define(void *vm, const char *api, const char *name, cg_value_t value)
{
    quickjs_box_t *box = vm;
    JSContext *context = box->context;
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    const bool is_type = JS_IsObject(quickjs_unwrap(value)) && !JS_IsFunction(context, quickjs_unwrap(value));
    uint32_t i = 0;
    while (strcmp(catalog->apis[i].name, api) != 0) {
        i++;
    }
    JSValue made = quickjs_pop(box);
    JSValue to = is_type ? JS_GetPropertyStr(context, box->apis[i], "types") : JS_DupValue(context, box->apis[i]);
    const bool is_frozen = !is_type || JS_FreezeObject(context, made) >= 0;
    const bool is_good = JS_DefinePropertyValueStr(context, to, name, made, JS_PROP_C_W_E) >= 0;
    JS_FreeValue(context, to);
    return is_good && is_frozen;
}

static bool make_call(void *vm, const cg_call_info_t *call, cg_value_t *value)
{
    quickjs_box_t *box = vm;
    return quickjs_push(box, quickjs_new_call(box->context, call, false), value);
}

/* An object with `types`, which has the classes. */
static bool begin_api(quickjs_box_t *box, const cg_api_info_t *api, JSValue *object)
{
    JSContext *context = box->context;
    *object = JS_NewObject(context);
    JSValue types = JS_NewObject(context);
    bool is_good = !JS_IsException(*object) && !JS_IsException(types);
    for (uint32_t i = 0; is_good && i < api->type_count; i++) {
        if (api->types[i]->kind == CG_KIND_HANDLE) {
            is_good = JS_DefinePropertyValueStr(context, types, api->types[i]->name, quickjs_handle_class(box, api->types[i]), JS_PROP_C_W_E) >= 0;
        }
    }
    return JS_DefinePropertyValueStr(context, *object, "types", types, JS_PROP_C_W_E) >= 0 && is_good;
}

static bool freeze_api(quickjs_box_t *box, const cg_api_info_t *api, JSValueConst object)
{
    JSContext *context = box->context;
    JSValue types = JS_GetPropertyStr(context, object, "types");
    const bool is_good = JS_FreezeObject(context, types) >= 0;
    JS_FreeValue(context, types);
    return is_good && (api->event_count == 0 || open_on(box, api, object)) && JS_FreezeObject(context, object) >= 0;
}

/* What is written in JavaScript: the class of errors. Array.from is kept as it is before any guest. */
static bool open_words(quickjs_box_t *box)
{
    static const char source[] = "(class CallgateError extends Error {})";
    JSContext *context = box->context;
    JSValue global = JS_GetGlobalObject(context);
    JSValue array = JS_GetPropertyStr(context, global, "Array");
    box->to_array = JS_GetPropertyStr(context, array, "from");
    JS_FreeValue(context, array);
    const JSAtom shared = JS_NewAtom(context, "SharedArrayBuffer");
    (void)JS_DeleteProperty(context, global, shared, 0);
    JS_FreeAtom(context, shared);
    JS_FreeValue(context, global);
    box->error_class = JS_Eval(context, source, sizeof source - 1, "callgate", JS_EVAL_TYPE_GLOBAL);
    box->error_prototype = JS_IsException(box->error_class) ? JS_UNDEFINED : JS_GetPropertyStr(context, box->error_class, "prototype");
    return !JS_HasException(context);
}

bool quickjs_open_apis(quickjs_box_t *box, const cg_catalog_t *catalog)
{
    box->apis = js_calloc(box->context, catalog->api_count, sizeof *box->apis);
    box->prototypes = js_calloc(box->context, catalog->set->type_count, sizeof *box->prototypes);
    if (box->apis == NULL || box->prototypes == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        box->apis[i] = JS_UNDEFINED;
    }
    for (uint32_t i = 0; i < catalog->set->type_count; i++) {
        box->prototypes[i] = JS_UNDEFINED;
    }
    bool is_good = open_words(box) && quickjs_open_types(box, catalog);
    for (uint32_t i = 0; is_good && i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) { /* closing is a method, and what is allowed sys tells */
            is_good = begin_api(box, &catalog->apis[i], &box->apis[i]);
        }
    }
    is_good = is_good && cg_object_open(&box->base, define, make_call);
    for (uint32_t i = 0; is_good && i < catalog->api_count; i++) {
        is_good = catalog->apis[i].id == 0 || freeze_api(box, &catalog->apis[i], box->apis[i]);
    }
    return is_good && !JS_HasException(box->context);
}

void quickjs_close_apis(quickjs_box_t *box)
{
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    JSContext *context = box->context;
    for (uint32_t i = 0; box->apis != NULL && i < catalog->api_count; i++) {
        JS_FreeValue(context, box->apis[i]);
    }
    for (uint32_t i = 0; box->apis != NULL && box->prototypes != NULL && i < catalog->set->type_count; i++) {
        JS_FreeValue(context, box->prototypes[i]);
    }
    js_free(context, box->apis);
    js_free(context, box->prototypes);
    JS_FreeValue(context, box->to_array);
    JS_FreeValue(context, box->error_prototype);
    JS_FreeValue(context, box->error_class);
}

/* ---- modules ---- */

static int fill_root(JSContext *context, JSModuleDef *module)
{
    const quickjs_box_t *box = quickjs_box(context);
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    int done = JS_SetModuleExport(context, module, "CallgateError", JS_DupValue(context, box->error_class));
    for (uint32_t i = 0; done == 0 && i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) {
            done = JS_SetModuleExport(context, module, catalog->apis[i].name, JS_DupValue(context, box->apis[i]));
        }
    }
    return done;
}

static JSModuleDef *make_root(quickjs_box_t *box, const char *name)
{
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    JSModuleDef *module = JS_NewCModule(box->context, name, fill_root);
    int done = module == NULL ? -1 : JS_AddModuleExport(box->context, module, "CallgateError");
    for (uint32_t i = 0; done == 0 && i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) {
            done = JS_AddModuleExport(box->context, module, catalog->apis[i].name);
        }
    }
    return done == 0 ? module : NULL;
}

/* Each property of the API's object: exported by name, or, in a second step, with its value. */
static int export_all(quickjs_box_t *box, JSModuleDef *module, JSValueConst object, bool is_filled)
{
    JSContext *context = box->context;
    JSPropertyEnum *names = NULL;
    uint32_t count = 0;
    int done = JS_GetOwnPropertyNames(context, &names, &count, object, JS_GPN_STRING_MASK);
    for (uint32_t i = 0; done == 0 && i < count; i++) {
        const char *name = JS_AtomToCStringLen(context, NULL, names[i].atom);
        done = name == NULL ? -1 : is_filled ? JS_SetModuleExport(context, module, name, JS_GetProperty(context, object, names[i].atom))
                                             : JS_AddModuleExport(context, module, name);
        JS_FreeCString(context, name);
    }
    JS_FreePropertyEnum(context, names, count);
    return done;
}

/* "callgate/saul": the object of saul. */
static const JSValue *find_api(const quickjs_box_t *box, const char *name)
{
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    const size_t skip = sizeof prefix - 1;
    for (uint32_t i = 0; strncmp(name, prefix, skip) == 0 && name[skip] == '/' && i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0 && strcmp(catalog->apis[i].name, name + skip + 1) == 0) {
            return &box->apis[i];
        }
    }
    return NULL;
}

static int fill_api(JSContext *context, JSModuleDef *module)
{
    quickjs_box_t *box = quickjs_box(context);
    const JSAtom atom = JS_GetModuleName(context, module);
    const char *name = JS_AtomToCStringLen(context, NULL, atom);
    const JSValue *object = name == NULL ? NULL : find_api(box, name);
    const int done = object == NULL ? -1 : export_all(box, module, *object, true);
    JS_FreeCString(context, name);
    JS_FreeAtom(context, atom);
    return done;
}

JSModuleDef *quickjs_load_module(JSContext *context, const char *name, void *opaque)
{
    quickjs_box_t *box = opaque;
    const JSValue *object = find_api(box, name);
    if (strcmp(name, prefix) == 0) {
        return make_root(box, name);
    }
    if (object == NULL) {
        (void)JS_ThrowReferenceError(context, "there is no module '%s'", name);
        return NULL;
    }
    JSModuleDef *module = JS_NewCModule(context, name, fill_api);
    return module != NULL && export_all(box, module, *object, false) == 0 ? module : NULL;
}
