/* SPDX-License-Identifier: BSD-2-Clause */
/* handle.c - objects of the host as a guest has them: one JavaScript object a live handle, with a method for each call whose first argument it is, and close. Knows them without
 * holding them: those that the guest owns are closed when the collector frees them. */
#include "inside.h"

static quickjs_handle_t *handle_of(const quickjs_box_t *box, JSValueConst value)
{
    return JS_GetOpaque(value, box->class_id);
}

cg_object_held_t *quickjs_held_of(void *vm, cg_value_t value)
{
    quickjs_handle_t *handle = handle_of(vm, quickjs_unwrap(value));
    return handle != NULL ? &handle->held : NULL;
}

/* Out of the list of those that are open. */
static void forget(quickjs_box_t *box, const quickjs_handle_t *handle)
{
    quickjs_handle_t **at = &box->open;
    while (*at != NULL && *at != handle) {
        at = &(*at)->next;
    }
    if (*at == handle) {
        *at = handle->next;
    }
}

/* Lent objects stay open: the host gives the same handle again. */
static void collect(JSRuntime *runtime, JSValueConst value)
{
    quickjs_box_t *box = JS_GetRuntimeOpaque(runtime);
    quickjs_handle_t *handle = handle_of(box, value);
    if (handle == NULL) {
        return;
    }
    if (handle->held.is_owned) {
        cg_object_release(&box->base, &handle->held);
    }
    forget(box, handle);
    js_free_rt(runtime, handle);
}

static JSValue close_method(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
    (void)count;
    (void)values;
    quickjs_box_t *box = quickjs_box(context);
    quickjs_handle_t *handle = handle_of(box, self);
    if (handle == NULL) {
        return JS_ThrowTypeError(context, "close wants an object of the host");
    }
    cg_object_release(&box->base, &handle->held);
    return JS_UNDEFINED;
}

static JSValue text_method(JSContext *context, JSValueConst self, int count, JSValueConst *values)
{
    (void)count;
    (void)values;
    char text[128];
    const quickjs_box_t *box = quickjs_box(context);
    const quickjs_handle_t *handle = handle_of(box, self);
    if (handle == NULL) {
        return JS_ThrowTypeError(context, "not an object of the host");
    }
    if (handle->held.is_closed) {
        (void)snprintf(text, sizeof text, "%s (closed)", handle->held.type->name);
    } else {
        (void)snprintf(text, sizeof text, "%s #%u", handle->held.type->name, (unsigned)(handle->held.handle >> 1 & box->base.guest->slot_mask) + 1u);
    }
    return JS_NewString(context, text);
}

JSValue quickjs_handle_value(quickjs_box_t *box, const cg_type_info_t *type, uint32_t handle, bool is_owned)
{
    JSContext *context = box->context;
    for (quickjs_handle_t **at = &box->open; *at != NULL;) {
        quickjs_handle_t *known = *at;
        if (known->held.is_closed) {
            *at = known->next; /* nobody asks for it again */
            continue;
        }
        if (known->held.handle == handle && known->held.type == type) {
            return JS_DupValue(context, JS_MKPTR(JS_TAG_OBJECT, known->object));
        }
        at = &known->next;
    }
    JSValue made = JS_NewObjectProtoClass(context, box->prototypes[type->number], box->class_id);
    quickjs_handle_t *behind = JS_IsException(made) ? NULL : js_malloc(context, sizeof *behind);
    if (behind == NULL) {
        JS_FreeValue(context, made);
        return JS_EXCEPTION;
    }
    *behind = (quickjs_handle_t){.held = {type, handle, false, is_owned}, .object = JS_VALUE_GET_PTR(made), .next = box->open};
    box->open = behind;
    (void)JS_SetOpaque(made, behind);
    return made;
}

/* ---- classes ---- */

static bool put(JSContext *context, JSValueConst object, const char *name, JSValue value)
{
    return JS_DefinePropertyValueStr(context, object, name, value, JS_PROP_C_W_E & ~JS_PROP_ENUMERABLE) >= 0;
}

/* Symbol.dispose, for `using`. */
static bool put_dispose(JSContext *context, JSValueConst prototype)
{
    JSValue global = JS_GetGlobalObject(context);
    JSValue symbols = JS_GetPropertyStr(context, global, "Symbol");
    JSValue dispose = JS_GetPropertyStr(context, symbols, "dispose");
    bool is_good = !JS_IsException(dispose);
    if (JS_IsSymbol(dispose)) {
        const JSAtom name = JS_ValueToAtom(context, dispose);
        is_good = JS_DefinePropertyValue(context, prototype, name, JS_NewCFunction(context, close_method, "[Symbol.dispose]", 0), 0) >= 0;
        JS_FreeAtom(context, name);
    }
    JS_FreeValue(context, dispose);
    JS_FreeValue(context, symbols);
    JS_FreeValue(context, global);
    return is_good;
}

static bool open_type(quickjs_box_t *box, const cg_api_info_t *api, const cg_type_info_t *type)
{
    JSContext *context = box->context;
    JSValue prototype = JS_NewObject(context);
    box->prototypes[type->number] = prototype;
    bool is_good = !JS_IsException(prototype) && put_dispose(context, prototype);
    for (uint32_t i = 0; is_good && i < api->call_count; i++) {
        if (cg_object_is_method(&api->calls[i], type)) {
            is_good = put(context, prototype, api->calls[i].name, quickjs_new_call(context, &api->calls[i], true));
        }
    }
    return is_good && put(context, prototype, "close", JS_NewCFunction(context, close_method, "close", 0))
        && put(context, prototype, "toString", JS_NewCFunction(context, text_method, "toString", 0));
}

bool quickjs_open_types(quickjs_box_t *box, const cg_catalog_t *catalog)
{
    static const JSClassDef class = {.class_name = "HostObject", .finalizer = collect};
    (void)JS_NewClassID(box->runtime, &box->class_id);
    bool is_good = JS_NewClass(box->runtime, box->class_id, &class) == 0;
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        const cg_api_info_t *api = &catalog->apis[i];
        for (uint32_t k = 0; is_good && k < api->type_count; k++) {
            is_good = api->types[k]->kind != CG_KIND_HANDLE || open_type(box, api, api->types[k]);
        }
    }
    return is_good;
}

static JSValue cannot_construct(JSContext *context, JSValueConst target, int count, JSValueConst *values)
{
    (void)target;
    (void)count;
    (void)values;
    return JS_ThrowTypeError(context, "objects of the host come from calls");
}

JSValue quickjs_handle_class(quickjs_box_t *box, const cg_type_info_t *type)
{
    JSValue class = JS_NewCFunction2(box->context, cannot_construct, type->name, 0, JS_CFUNC_constructor, 0);
    const bool is_good = !JS_IsException(class) && JS_SetConstructor(box->context, class, box->prototypes[type->number]) == 0
                      && JS_FreezeObject(box->context, box->prototypes[type->number]) >= 0;
    if (!is_good) {
        JS_FreeValue(box->context, class);
        return JS_EXCEPTION;
    }
    return class;
}
