/* SPDX-License-Identifier: BSD-2-Clause */
/* value.c - JavaScript's values for vm/objects. Fields and elements are properties, so getters and proxies of the guest run while arguments are taken: nothing is kept of a
 * buffer or a list across them, and module.c lets no other call begin. What is made holds nothing of the guest's, so making runs none of its code. */
#include "inside.h"

static quickjs_box_t *box_of(void *vm)
{
    return vm;
}

static bool has_thrown(void *vm)
{
    return JS_HasException(box_of(vm)->context);
}

/* ---- reading ---- */

static void argument(void *vm, uint32_t index, cg_value_t *value)
{
    quickjs_frame_t *frame = &box_of(vm)->frame;
    uint32_t inputs = 0;
    frame->wants_bytes = false;
    for (uint32_t i = 0; i < frame->call->arg_count; i++) {
        const cg_item_info_t *item = &frame->call->args[i];
        if (item->direction != CG_OUT && inputs++ == index) {
            frame->wants_bytes = item->kind == CG_KIND_BYTES;
        }
    }
    if (frame->is_method && index == 0) {
        *value = quickjs_wrap(frame->self);
        return;
    }
    index -= frame->is_method;
    *value = quickjs_wrap(index < frame->count ? frame->values[index] : JS_UNDEFINED);
}

static bool is_none(void *vm, cg_value_t value)
{
    (void)vm;
    return JS_IsNull(quickjs_unwrap(value)) || JS_IsUndefined(quickjs_unwrap(value));
}

static bool get_bool(void *vm, cg_value_t value, bool *truth)
{
    (void)vm;
    const JSValue given = quickjs_unwrap(value);
    *truth = JS_IsBool(given) && JS_VALUE_GET_BOOL(given) != 0;
    return JS_IsBool(given);
}

static bool get_float(void *vm, cg_value_t value, double *real)
{
    const JSValue given = quickjs_unwrap(value);
    return JS_IsNumber(given) && JS_ToFloat64(box_of(vm)->context, real, given) == 0;
}

/* The engine takes a large one modulo 2^64: it is good where it comes out the same. */
static bool get_big(JSContext *context, JSValueConst given, uint64_t *bits, bool *is_negative)
{
    int64_t number = 0;
    if (JS_ToBigInt64(context, &number, given) != 0) {
        return false;
    }
    *bits = (uint64_t)number;
    *is_negative = number < 0;
    JSValue same = JS_NewBigInt64(context, number);
    bool is_same = JS_IsStrictEqual(context, same, given);
    JS_FreeValue(context, same);
    if (!is_same && number < 0) {
        *is_negative = false;
        same = JS_NewBigUint64(context, *bits);
        is_same = JS_IsStrictEqual(context, same, given);
        JS_FreeValue(context, same);
    }
    return is_same;
}

static bool get_integer(void *vm, cg_value_t value, uint64_t *bits, bool *is_negative)
{
    static const double safe = 9007199254740991.0; /* 2^53 - 1 */
    const JSValue given = quickjs_unwrap(value);
    double real = 0;
    if (has_thrown(vm)) {
        return false;
    }
    if (JS_IsBigInt(given)) {
        return get_big(box_of(vm)->context, given, bits, is_negative);
    }
    if (!get_float(vm, value, &real) || !(real >= -safe && real <= safe)) {
        return false;
    }
    const int64_t whole = (int64_t)real;
    *bits = (uint64_t)whole;
    *is_negative = whole < 0;
    return !((double)whole < real) && !((double)whole > real);
}

void quickjs_forget_text(quickjs_box_t *box)
{
    if (box->frame.text != NULL) {
        JS_FreeCString(box->context, box->frame.text);
    }
    box->frame.text = NULL;
}

/* A view, or a whole buffer, as it is now. */
static bool get_buffer(JSContext *context, JSValueConst given, const uint8_t **bytes, size_t *size)
{
    static const uint8_t nothing[1];
    size_t offset = 0, length = 0, whole = 0;
    JSValue buffer = JS_UNDEFINED;
    if (JS_IsArrayBuffer(given)) {
        buffer = JS_DupValue(context, given);
    } else if (JS_GetTypedArrayType(given) >= 0) {
        buffer = JS_GetTypedArrayBuffer(context, given, &offset, &length, NULL);
    }
    if (!JS_IsArrayBuffer(buffer)) {
        JS_FreeValue(context, buffer);
        return false; /* another value, or a view beyond its buffer: then it has thrown */
    }
    const uint8_t *start = JS_GetArrayBuffer(context, &whole, buffer);
    JS_FreeValue(context, buffer); /* the argument holds it */
    if (JS_HasException(context)) {
        return false; /* detached */
    }
    *size = JS_IsArrayBuffer(given) ? whole : length;
    *bytes = start != NULL ? start + offset : nothing;
    return offset <= whole && *size <= whole - offset;
}

/* Half of a surrogate pair comes as three bytes that are no UTF-8: ed, then a0 to bf. */
static bool is_well_formed(const char *text, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if ((uint8_t)text[i] == 0xed && (uint8_t)text[i + 1] >= 0xa0) {
            return false;
        }
    }
    return true;
}

static bool get_bytes(void *vm, cg_value_t value, const uint8_t **bytes, uint32_t *size)
{
    quickjs_box_t *box = vm;
    const JSValue given = quickjs_unwrap(value);
    size_t length = 0;
    bool is_good = false;
    quickjs_forget_text(box);
    if (has_thrown(vm)) {
        return false;
    }
    if (box->frame.wants_bytes) {
        is_good = get_buffer(box->context, given, bytes, &length);
    } else if (JS_IsString(given)) {
        box->frame.text = JS_ToCStringLen(box->context, &length, given);
        *bytes = (const uint8_t *)box->frame.text;
        is_good = box->frame.text != NULL && is_well_formed(box->frame.text, length);
    }
    *size = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
    return is_good;
}

static bool get_count(void *vm, cg_value_t list, uint32_t *count)
{
    const JSValue given = quickjs_unwrap(list);
    int64_t length = 0;
    const bool is_list = JS_IsArray(given) || JS_GetTypedArrayType(given) >= 0;
    if (has_thrown(vm) || !is_list || JS_GetLength(box_of(vm)->context, given, &length) != 0) {
        return false;
    }
    *count = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
    return true;
}

/* The names in a Set, or those of an object that are true. */
static bool get_names(void *vm, cg_value_t set, cg_value_t *list)
{
    JSContext *context = box_of(vm)->context;
    JSValue given = quickjs_unwrap(set);
    JSPropertyEnum *names = NULL;
    uint32_t count = 0, used = 0;
    if (has_thrown(vm) || !JS_IsObject(given) || JS_IsFunction(context, given)) {
        return false;
    }
    if (JS_IsSet(given)) {
        JSValue array = JS_Call(context, box_of(vm)->to_array, JS_UNDEFINED, 1, &given);
        *list = quickjs_wrap(array);
        return !JS_IsException(array);
    }
    JSValue array = JS_NewArray(context);
    bool is_good = !JS_IsException(array) && JS_GetOwnPropertyNames(context, &names, &count, given, JS_GPN_STRING_MASK | JS_GPN_ENUM_ONLY) == 0;
    for (uint32_t i = 0; is_good && i < count; i++) {
        JSValue truth = JS_GetProperty(context, given, names[i].atom);
        is_good = !JS_IsException(truth);
        if (JS_IsBool(truth) && JS_VALUE_GET_BOOL(truth)) {
            is_good = JS_DefinePropertyValueUint32(context, array, used++, JS_AtomToString(context, names[i].atom), JS_PROP_C_W_E) >= 0;
        } else {
            is_good = is_good && (JS_IsBool(truth) || JS_IsUndefined(truth));
        }
        JS_FreeValue(context, truth);
    }
    JS_FreePropertyEnum(context, names, count);
    if (!is_good) {
        JS_FreeValue(context, array);
    }
    *list = quickjs_wrap(array);
    return is_good;
}

static bool get_element(void *vm, cg_value_t list, uint32_t index, cg_value_t *value)
{
    const JSValue element = has_thrown(vm) ? JS_EXCEPTION : JS_GetPropertyUint32(box_of(vm)->context, quickjs_unwrap(list), index);
    *value = quickjs_wrap(element);
    return !JS_IsException(element);
}

static bool get_field(void *vm, cg_value_t record, const char *name, cg_value_t *value)
{
    const JSValue given = quickjs_unwrap(record);
    if (has_thrown(vm) || !JS_IsObject(given) || JS_IsArray(given)) {
        return false;
    }
    const JSValue field = JS_GetPropertyStr(box_of(vm)->context, given, name);
    *value = quickjs_wrap(field);
    return !JS_IsException(field);
}

static void drop(void *vm, cg_value_t value)
{
    JS_FreeValue(box_of(vm)->context, quickjs_unwrap(value));
}

/* ---- making ---- */

bool quickjs_push(quickjs_box_t *box, JSValue made, cg_value_t *value)
{
    if (JS_IsException(made) || box->made_count == QUICKJS_MADE_MAX) {
        JS_FreeValue(box->context, made);
        return false;
    }
    box->made[box->made_count++] = made;
    *value = quickjs_wrap(made);
    return true;
}

JSValue quickjs_pop(quickjs_box_t *box)
{
    return box->made_count > 0 ? box->made[--box->made_count] : JS_UNDEFINED;
}

void quickjs_drop_made(quickjs_box_t *box)
{
    while (box->made_count > 0) {
        JS_FreeValue(box->context, quickjs_pop(box));
    }
}

static bool make_none(void *vm, cg_value_t *value)
{
    return quickjs_push(vm, JS_NULL, value);
}

static bool make_bool(void *vm, bool truth, cg_value_t *value)
{
    return quickjs_push(vm, JS_NewBool(box_of(vm)->context, truth), value);
}

static bool make_wide(void *vm, uint64_t bits, bool is_signed, cg_value_t *value)
{
    JSContext *context = box_of(vm)->context;
    return quickjs_push(vm, is_signed ? JS_NewBigInt64(context, (int64_t)bits) : JS_NewBigUint64(context, bits), value);
}

/* Values of wide enums: a number where it is safe. */
static bool make_integer(void *vm, uint64_t bits, bool is_signed, cg_value_t *value)
{
    const uint64_t size = is_signed && (int64_t)bits < 0 ? 0 - bits : bits;
    if (size >= UINT64_C(1) << 53) {
        return make_wide(vm, bits, is_signed, value);
    }
    return quickjs_push(vm, JS_NewInt64(box_of(vm)->context, (int64_t)bits), value);
}

static bool make_float(void *vm, double real, cg_value_t *value)
{
    return quickjs_push(vm, JS_NewFloat64(box_of(vm)->context, real), value);
}

static bool make_bytes(void *vm, const uint8_t *bytes, uint32_t size, bool is_text, cg_value_t *value)
{
    JSContext *context = box_of(vm)->context;
    return quickjs_push(vm, is_text ? JS_NewStringLen(context, (const char *)bytes, size) : JS_NewUint8ArrayCopy(context, bytes, size), value);
}

static bool make_list(void *vm, uint32_t count, cg_value_t *list)
{
    (void)count;
    return quickjs_push(vm, JS_NewArray(box_of(vm)->context), list);
}

/* The value is the one on top. */
static bool set_element(void *vm, cg_value_t list, uint32_t index, cg_value_t value)
{
    (void)value;
    return JS_DefinePropertyValueUint32(box_of(vm)->context, quickjs_unwrap(list), index, quickjs_pop(vm), JS_PROP_C_W_E) >= 0;
}

static bool make_record(void *vm, const cg_type_info_t *type, cg_value_t *record)
{
    JSContext *context = box_of(vm)->context;
    if (type != &cg_object_error) {
        return quickjs_push(vm, JS_NewObject(context), record);
    }
    return quickjs_push(vm, JS_NewError(context), record) && JS_SetPrototype(context, quickjs_unwrap(*record), box_of(vm)->error_prototype) >= 0;
}

static bool set_field(void *vm, cg_value_t record, const char *name, cg_value_t value)
{
    (void)value;
    return JS_DefinePropertyValueStr(box_of(vm)->context, quickjs_unwrap(record), name, quickjs_pop(vm), JS_PROP_C_W_E) >= 0;
}

static bool make_handle(void *vm, const cg_type_info_t *type, uint32_t handle, bool is_owned, cg_value_t *value)
{
    return quickjs_push(vm, quickjs_handle_value(vm, type, handle, is_owned), value);
}

const cg_object_ops_t quickjs_values = {
    .argument = argument, .is_none = is_none, .get_bool = get_bool, .get_integer = get_integer, .get_float = get_float, .get_bytes = get_bytes,
    .get_count = get_count, .get_element = get_element, .get_field = get_field, .get_handle = cg_object_get_handle, .drop = drop,
    .make_none = make_none, .make_bool = make_bool, .make_integer = make_integer, .make_float = make_float, .make_bytes = make_bytes,
    .make_list = make_list, .set_element = set_element, .make_record = make_record, .set_field = set_field, .make_handle = make_handle,
    .make_wide = make_wide, .get_names = get_names,
};
