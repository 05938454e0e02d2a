/* SPDX-License-Identifier: BSD-2-Clause */
/* serve.c - whole calls, errors, names and events as values of the guest's, made by the adapter's functions. */
#include "object_base.h"

#include "callgate/load.h"

enum { TEXT_SIZE = 192 };

/* ---- errors ---- */

/* As much of `text` as there is room for; where it ends. */
static uint32_t append(char *to, uint32_t at, const char *text)
{
    while (*text != '\0' && at + 1 < TEXT_SIZE) {
        to[at++] = *text++;
    }
    return at;
}

static bool set_text(const cg_object_t *object, cg_value_t record, const char *name, const char *text)
{
    cg_value_t value;
    return object->ops->make_bytes(object->vm, (const uint8_t *)text, (uint32_t)strlen(text), true, &value) && object->ops->set_field(object->vm, record, name, value);
}

/* "saul/find: argument 1 is not a device"; the call only where the engine wants it. */
static const char *explain(char text[TEXT_SIZE], const cg_object_base_t *base, const cg_call_info_t *call, const cg_object_answer_t *answer)
{
    const cg_api_info_t *api = cg_object_api(base->guest->kind->catalog, call);
    const char *separator = base->engine->separator;
    char digits[CG_DIGITS_SIZE];
    uint32_t at = 0;
    if (separator != NULL) {
        at = append(text, append(text, append(text, append(text, 0, api->name), separator), call->name), ": ");
    }
    if (answer->code == CG_OBJECT_KIND) {
        at = append(text, append(text, at, "argument "), cg_decimal(digits, answer->argument + 1));
        at = answer->field != NULL ? append(text, append(text, at, ", field "), answer->field) : at;
        at = append(text, append(text, at, " is not "), answer->wanted);
    } else {
        at = append(text, at, cg_object_error_text(api, answer->code));
    }
    text[at] = '\0';
    return text;
}

const cg_type_info_t cg_object_error = {.name = "error", .field_count = 5};

static bool make_error(const cg_object_base_t *base, const cg_call_info_t *call, const cg_object_answer_t *answer, cg_value_t *error)
{
    const cg_object_t *object = &base->object;
    const cg_api_info_t *api = cg_object_api(base->guest->kind->catalog, call);
    const bool is_kind = answer->code == CG_OBJECT_KIND;
    char text[TEXT_SIZE];
    cg_value_t code;
    return object->ops->make_record(object->vm, &cg_object_error, error) && set_text(object, *error, "api", api->name) && set_text(object, *error, "call", call->name) &&
           set_text(object, *error, "name", is_kind ? "kind" : cg_object_error_name(api, answer->code)) && set_text(object, *error, "text", explain(text, base, call, answer)) &&
           object->ops->make_integer(object->vm, is_kind ? 0 : (uint64_t)answer->code, true, &code) && object->ops->set_field(object->vm, *error, "code", code);
}

/* ---- objects ---- */

bool cg_object_get_handle(void *vm, cg_value_t value, const cg_type_info_t *type, uint32_t *handle)
{
    const cg_object_base_t *base = vm;
    const cg_object_held_t *held = base->engine->held_of(vm, value);
    *handle = held != NULL ? held->handle : 0;
    return held != NULL && held->type == type;
}

void cg_object_release(cg_object_base_t *base, cg_object_held_t *held)
{
    const bool is_open = !held->is_closed;
    held->is_closed = true;
    if (is_open && cg_guest_state(base->guest) == CG_STATE_IN_GUEST && base->over == CG_OBJECT_GOES_ON) {
        (void)cg_object_close(base->guest, held->handle); /* it may be closed already; what is left the gate closes with the guest */
    }
}

/* An object that was given away is closed, in every place the guest has it. */
static void forget_given(const cg_object_base_t *base, const cg_call_info_t *call)
{
    uint32_t input = 0;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        const cg_item_info_t *item = &call->args[i];
        if (item->direction == CG_IN && item->own) {
            cg_value_t value;
            base->object.ops->argument(base->object.vm, input, &value);
            cg_object_held_t *held = base->engine->held_of(base->object.vm, value);
            if (held != NULL) {
                held->is_closed = true;
            }
        }
        input += item->direction != CG_OUT;
    }
}

/* ---- calls ---- */

/* None, one result, or a list of them. */
static bool make_results(const cg_object_base_t *base, const cg_call_info_t *call, const cg_object_answer_t *answer, cg_value_t *value)
{
    const cg_object_t *object = &base->object;
    bool is_good = answer->count != 0 || object->ops->make_none(object->vm, value);
    uint32_t made = 0;
    if (answer->count > 1) {
        is_good = object->ops->make_list(object->vm, answer->count, value);
    }
    for (uint32_t i = 0; is_good && i < call->arg_count; i++) {
        cg_value_t one;
        if (call->args[i].direction == CG_IN) {
            continue;
        }
        is_good = cg_object_result(base->guest, call, answer, i, &one) && (answer->count == 1 || object->ops->set_element(object->vm, *value, made++, one));
        *value = is_good && answer->count == 1 ? one : *value;
    }
    return is_good;
}

cg_object_served_t cg_object_settle(cg_object_base_t *base, const cg_call_info_t *call, const cg_object_answer_t *answer, cg_value_t *error)
{
    if (answer->is_over) {
        base->over = CG_OBJECT_OVER_GATE;
        return CG_OBJECT_END;
    }
    if (answer->code != 0) {
        return make_error(base, call, answer, error) ? CG_OBJECT_RAISE : CG_OBJECT_END;
    }
    forget_given(base, call);
    return CG_OBJECT_GOOD;
}

cg_object_served_t cg_object_serve(cg_object_base_t *base, const cg_call_info_t *call, cg_value_t *value)
{
    cg_object_answer_t answer;
    if (base->over != CG_OBJECT_GOES_ON) {
        return CG_OBJECT_END;
    }
    cg_object_call(base->guest, call, &answer);
    const cg_object_served_t served = cg_object_settle(base, call, &answer, value);
    return served != CG_OBJECT_GOOD || make_results(base, call, &answer, value) ? served : CG_OBJECT_END;
}

/* ---- names ---- */

bool cg_object_is_method(const cg_call_info_t *call, const cg_type_info_t *type)
{
    return call->arg_count > 0 && call->args[0].direction == CG_IN && call->args[0].kind == CG_KIND_HANDLE && call->args[0].type == type;
}

static bool open_values(const cg_object_t *object, const cg_api_info_t *api, const cg_type_info_t *type, cg_object_define_fn *define)
{
    cg_value_t record, value;
    bool is_good = object->ops->make_record(object->vm, type, &record);
    for (uint32_t i = 0; is_good && i < type->value_count; i++) {
        is_good = object->ops->make_integer(object->vm, (uint64_t)type->values[i].value, true, &value) && object->ops->set_field(object->vm, record, type->values[i].name, value);
    }
    return is_good && define(object->vm, api->name, type->name, record);
}

static bool make_constant(const cg_object_t *object, const cg_constant_info_t *constant, cg_value_t *value)
{
    if (constant->kind == CG_KIND_F32 || constant->kind == CG_KIND_F64) {
        return object->ops->make_float(object->vm, constant->real, value);
    }
    if (constant->kind == CG_KIND_BOOL) {
        return object->ops->make_bool(object->vm, constant->integer != 0, value);
    }
    const bool is_wide = object->ops->make_wide != NULL && (constant->kind == CG_KIND_U64 || constant->kind == CG_KIND_S64);
    return (is_wide ? object->ops->make_wide : object->ops->make_integer)(object->vm, (uint64_t)constant->integer, constant->kind != CG_KIND_U64, value);
}

static bool open_api(const cg_object_t *object, const cg_api_info_t *api, cg_object_define_fn *define, cg_object_make_call_fn *make_call)
{
    cg_value_t value;
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < api->constant_count; i++) {
        is_good = make_constant(object, &api->constants[i], &value) && define(object->vm, api->name, api->constants[i].name, value);
    }
    for (uint32_t i = 0; is_good && i < api->type_count; i++) {
        is_good = api->types[i]->value_count == 0 || open_values(object, api, api->types[i], define);
    }
    for (uint32_t i = 0; is_good && i < api->call_count; i++) {
        is_good = make_call(object->vm, &api->calls[i], &value) && define(object->vm, api->name, api->calls[i].name, value);
    }
    return is_good;
}

bool cg_object_open(cg_object_base_t *base, cg_object_define_fn *define, cg_object_make_call_fn *make_call)
{
    const cg_catalog_t *catalog = base->guest->kind->catalog;
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) { /* closing is the language's own matter, and what is allowed sys tells */
            is_good = open_api(&base->object, &catalog->apis[i], define, make_call);
        }
    }
    return is_good;
}

/* ---- events ---- */

uint32_t cg_object_event_values(cg_object_base_t *base, const cg_ev_delivery_t *delivery, cg_value_t *values)
{
    const cg_api_info_t *api = NULL;
    const cg_ev_info_t *event = cg_object_event(base->guest, delivery, &api);
    uint32_t count = 0;
    while (count <= event->arg_count && cg_object_datum(base->guest, event, count, &values[count])) {
        count++;
    }
    return count;
}
