/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_rust_call.c - the guest's wrappers in Rust: inputs as parameters, outputs in a Result, buffers as slices, handles by who owns them.
 * Names of locals end in an underscore, which no name of a description does. Called by view.c. */
#include "gen/view_guest.h"
#include "gen/view_rust.h"

#define OPTION "::core::option::Option<%s>"

typedef struct rust {
    view_maker_t *m;
    const plan_call_t *call;
    texts_t params, results, lifetimes, lines, imports, slots, forgets, values;
} rust_t;

#define ADD(r, list, ...) view_addf((r)->m, &(r)->list, __VA_ARGS__)
#define TEXT(r, ...) arena_printf((r)->m->arena, __VA_ARGS__)

static const char *maybe(rust_t *r, const model_use_t *use, const char *type)
{
    return use->optional ? TEXT(r, OPTION, type) : type;
}

/* ---- parameters ---- */

/* A buffer that the host writes has a lifetime of its own: what comes back is a part of it. */
static void param_written(rust_t *r, const model_item_t *item, const char *name)
{
    const char *element = rust_element(r->m, "", &item->use);
    const char *lifetime = TEXT(r, "'b%zu", r->lifetimes.count);
    view_add(r->m, &r->lifetimes, lifetime);
    ADD(r, params, "%s: &%s mut [%s]", name, lifetime, element);
    if (item->direction == MODEL_INOUT) {
        ADD(r, params, "%s_count: usize", item->name);
    }
    if (item->use.kind == MODEL_STRING) {
        ADD(r, results, "&%s str", lifetime);
    } else {
        ADD(r, results, "&%s mut [%s]", lifetime, element);
    }
}

static void param_handle(rust_t *r, const model_item_t *item, const char *name)
{
    const char *lent = rust_lent(r->m, "crate::", "", item->use.type);
    if (item->use.own) {
        ADD(r, params, "%s: %s", name, maybe(r, &item->use, rust_element(r->m, "", &item->use)));
        ADD(r, forgets, "::core::mem::forget(%s); // given away", name);
    } else if (item->use.type->is_owned && !item->use.optional) {
        ADD(r, params, "%s: impl ::core::convert::Into<%s>", name, lent);
        ADD(r, lines, "let %s: %s = ::core::convert::Into::into(%s);", name, lent, name);
    } else {
        ADD(r, params, "%s: %s", name, maybe(r, &item->use, lent));
    }
}

static void param(rust_t *r, const model_item_t *item)
{
    const char *name = rust_name(r->m, item->name);
    const char *element = rust_element(r->m, "", &item->use);
    if (model_kind_is_buffer(item->use.kind) && item->direction != MODEL_IN) {
        param_written(r, item, name);
    } else if (item->direction == MODEL_OUT) {
        const bool is_lent = item->use.kind == MODEL_HANDLE && !item->use.own;
        view_add(r->m, &r->results, maybe(r, &item->use, is_lent ? rust_lent(r->m, "crate::", "", item->use.type) : element));
    } else if (item->use.kind == MODEL_HANDLE) {
        param_handle(r, item, name);
    } else if (item->use.kind == MODEL_STRING) {
        ADD(r, params, "%s: &str", name);
    } else if (model_kind_is_buffer(item->use.kind)) {
        ADD(r, params, "%s: &[%s]", name, element);
    } else if (item->use.kind == MODEL_RECORD) {
        ADD(r, params, "%s: &%s", name, element);
    } else {
        ADD(r, params, "%s: %s", name, maybe(r, &item->use, element));
    }
}

/* ---- slots ---- */

static const char *value_slot(rust_t *r, const model_item_t *item, const char *type)
{
    const char *name = rust_name(r->m, item->name);
    const char *member = model_kind_is_named(item->use.kind) ? ".raw" : "";
    if (item->use.kind == MODEL_HANDLE) {
        const char *reference = item->use.own ? ".as_ref()" : "";
        return item->use.optional ? TEXT(r, "%s%s.map_or(0, |v_| v_.id())", name, reference) : TEXT(r, "%s.id()", name);
    }
    return item->use.optional ? TEXT(r, "%s.map_or(0 as %s, |v_| v_%s as %s)", name, type, member, type) : TEXT(r, "%s%s as %s", name, member, type);
}

static const char *slot_expr(rust_t *r, const plan_slot_t *slot)
{
    const model_item_t *item = r->call->args[slot->arg].item;
    const char *name = rust_name(r->m, item->name);
    switch (slot->role) {
    case PLAN_ROLE_VALUE:
        return value_slot(r, item, guest_slot(slot->kind));
    case PLAN_ROLE_PRESENT:
        return TEXT(r, "%s.is_some() as u32", name);
    case PLAN_ROLE_ADDRESS:
        if (model_kind_is_buffer(item->use.kind)) {
            return TEXT(r, item->direction == MODEL_IN ? "crate::at_(%s.as_ptr())" : "crate::at_(%s.as_mut_ptr())", name);
        }
        return item->direction == MODEL_IN ? TEXT(r, "crate::at_(%s)", name) : TEXT(r, "crate::at_(out_%s_.as_mut_ptr())", item->name);
    case PLAN_ROLE_HAS_ADDRESS:
        return TEXT(r, "crate::at_(::core::ptr::addr_of_mut!(has_%s_))", item->name);
    case PLAN_ROLE_COUNT_ADDRESS:
        return TEXT(r, "crate::at_(::core::ptr::addr_of_mut!(count_%s_))", item->name);
    case PLAN_ROLE_CAPACITY:
        return TEXT(r, "%s.len() as u32", name);
    case PLAN_ROLE_COUNT:
        return item->direction == MODEL_IN ? TEXT(r, "%s.len() as u32", name) : TEXT(r, "%s_count as u32", item->name);
    }
    return name;
}

/* What the host writes beside buffers: variables of the wrapper, zero before. */
static void locals(rust_t *r)
{
    for (uint32_t i = 0; i < r->call->slot_count; i++) {
        const model_item_t *item = r->call->args[r->call->slots[i].arg].item;
        switch (r->call->slots[i].role) {
        case PLAN_ROLE_ADDRESS:
            if (item->direction == MODEL_OUT && !model_kind_is_buffer(item->use.kind)) {
                const char *type = item->use.kind == MODEL_HANDLE ? "u32" : rust_element(r->m, "", &item->use);
                ADD(r, lines, "let mut out_%s_ = ::core::mem::MaybeUninit::<%s>::zeroed();", item->name, type);
            }
            break;
        case PLAN_ROLE_HAS_ADDRESS:
            ADD(r, lines, "let mut has_%s_ = 0u8;", item->name);
            break;
        case PLAN_ROLE_COUNT_ADDRESS:
            ADD(r, lines, "let mut count_%s_ = 0u32;", item->name);
            break;
        case PLAN_ROLE_VALUE:
        case PLAN_ROLE_PRESENT:
        case PLAN_ROLE_COUNT:
        case PLAN_ROLE_CAPACITY:
            break;
        }
    }
}

static void slots(rust_t *r)
{
    for (uint32_t i = 0; i < r->call->slot_count; i++) {
        const plan_slot_t *slot = &r->call->slots[i];
        view_add(r->m, &r->slots, slot_expr(r, slot));
        ADD(r, imports, "a%u_: %s", i, guest_slot(slot->kind));
    }
}

/* ---- results ---- */

/* The result slot, as a value of the type. */
static const char *from_result(rust_t *r, const model_use_t *use)
{
    const char *scalar = guest_scalar(model_carrier(use));
    if (model_kind_is_named(use->kind)) {
        return TEXT(r, "%s { raw: result_ as %s }", rust_element(r->m, "", use), scalar);
    }
    return use->kind == MODEL_BOOL ? "result_ != 0" : TEXT(r, "result_ as %s", scalar);
}

static const char *handle_value(rust_t *r, const model_item_t *item, const char *id)
{
    const char *type = rust_element(r->m, "", &item->use);
    const char *wrapped = !item->use.own && item->use.type->is_owned ? TEXT(r, "crate::Lent::<%s>::from_id(%s)", type, id) : TEXT(r, "%s::from_id(%s)", type, id);
    return TEXT(r, item->use.optional ? "unsafe { %s }" : "crate::got_(unsafe { %s })?", wrapped);
}

static const char *buffer_value(rust_t *r, const plan_arg_t *arg)
{
    const char *name = rust_name(r->m, arg->item->name);
    const char *count = arg->in_result ? "result_ as u32" : TEXT(r, "count_%s_", arg->item->name);
    return TEXT(r, arg->item->use.kind == MODEL_STRING ? "unsafe { crate::text_(%s, %s) }" : "crate::cut_(%s, %s)", name, count);
}

static const char *out_value(rust_t *r, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *out = TEXT(r, "unsafe { out_%s_.assume_init() }", item->name);
    if (model_kind_is_buffer(item->use.kind)) {
        return buffer_value(r, arg);
    }
    if (item->use.kind == MODEL_HANDLE) {
        return handle_value(r, item, arg->in_result ? "result_ as u32" : TEXT(r, "out_%s_.assume_init()", item->name));
    }
    if (arg->in_result) {
        return from_result(r, &item->use);
    }
    return item->use.optional ? TEXT(r, "if has_%s_ != 0 { ::core::option::Option::Some(%s) } else { ::core::option::Option::None }", item->name, out) : out;
}

/* Each is made before the result is put together: what is owned is closed again should a later handle be missing. */
static void values(rust_t *r)
{
    texts_t names = {0};
    for (uint32_t i = 0; i < r->call->call->args.count; i++) {
        const plan_arg_t *arg = &r->call->args[i];
        if (arg->item->direction != MODEL_IN) {
            ADD(r, lines, "let value_%s_ = %s;", arg->item->name, out_value(r, arg));
            view_addf(r->m, &names, "value_%s_", arg->item->name);
        }
    }
    const char *joined = view_join(r->m, &names, ", ");
    const char *all = names.count == 0 ? "()" : names.count == 1 ? joined : TEXT(r, "(%s)", joined);
    ADD(r, lines, r->call->is_value ? "%s" : "::core::result::Result::Ok(%s)", all);
}

static const char *result_type(rust_t *r)
{
    const char *joined = view_join(r->m, &r->results, ", ");
    const char *all = r->results.count == 1 ? joined : TEXT(r, "(%s)", joined);
    return r->call->is_value ? all : TEXT(r, "::core::result::Result<%s, crate::Error>", r->results.count == 0 ? "()" : all);
}

void rust_call(view_maker_t *m, const plan_call_t *call, view_call_t *view)
{
    rust_t r = {.m = m, .call = call};
    view_spelling_t *out = arena_alloc(m->arena, sizeof *out);
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        param(&r, call->args[i].item);
    }
    locals(&r);
    slots(&r);
    out->name = rust_name(m, call->call->name);
    const bool is_used = call->result >= 0 || !call->is_value;
    view_addf(m, &r.lines, "let %s = unsafe { import_::%s(%s) };", is_used ? "result_" : "_", out->name, view_join(m, &r.slots, ", "));
    if (!call->is_value) {
        view_add(m, &r.lines, "if result_ < 0 {");
        view_addf(m, &r.lines, "    return ::core::result::Result::Err(crate::Error::new_(%u, result_));", call->api->model->id);
        view_add(m, &r.lines, "}");
    }
    for (size_t i = 0; i < r.forgets.count; i++) {
        view_add(m, &r.lines, r.forgets.items[i]);
    }
    values(&r);
    const char *lifetimes = r.lifetimes.count == 0 ? "" : TEXT(&r, "<%s>", view_join(m, &r.lifetimes, ", "));
    out->type = lifetimes;
    out->params = view_join(m, &r.params, ", ");
    out->result = result_type(&r);
    out->import_params = view_join(m, &r.imports, ", ");
    out->import_result = call->form == PLAN_VALUE ? guest_slot(call->result_kind) : "i32";
    out->lines = view_list(&r.lines);
    view->rust = out;
}
