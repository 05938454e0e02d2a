/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_sdk.c - the guest's wrappers in C: the same names, structs and results on every VM, whatever the slots are.
 * The only difference between VMs is how a slot is filled and how the import is declared. */
#include "gen/view.h"

typedef struct sdk {
    view_maker_t *m;
    const plan_call_t *call;
    const char *api;
    texts_t params, before, after, slots, doc;
} sdk_t;

#define ADD(s, list, ...) view_addf((s)->m, &(s)->list, __VA_ARGS__)

/* ---- parameters ---- */

static void param_buffer(sdk_t *s, const model_item_t *item, const char *type)
{
    if (item->direction == MODEL_IN && item->use.kind == MODEL_STRING) {
        ADD(s, params, "const char *%s", item->name);
    } else if (item->direction == MODEL_IN) {
        ADD(s, params, item->use.kind == MODEL_BYTES ? "const void *%.0s%s, uint32_t %s_size" : "const %s *%s, uint32_t %s_count", type, item->name, item->name);
    } else if (item->direction == MODEL_OUT) {
        ADD(s, params, "%s *%s, uint32_t %s_capacity, uint32_t *%s_count", type, item->name, item->name, item->name);
    } else {
        ADD(s, params, "%s *%s, uint32_t *%s_count, uint32_t %s_capacity", type, item->name, item->name, item->name);
    }
}

static void param(sdk_t *s, const model_item_t *item)
{
    const char *type = view_guest_type(s->m, s->api, &item->use);
    if (model_kind_is_buffer(item->use.kind)) {
        param_buffer(s, item, type);
        return;
    }
    if (item->direction == MODEL_OUT && s->call->is_value) {
        return;
    }
    if (model_has_presence(&item->use)) {
        ADD(s, params, item->direction == MODEL_IN ? "bool has_%s" : "bool *has_%s", item->name);
    }
    if (item->direction == MODEL_IN) {
        ADD(s, params, item->use.kind == MODEL_RECORD ? "const %s *%s" : "%s %s", type, item->name);
    } else {
        ADD(s, params, "%s *%s", type, item->name);
    }
}

/* ---- slots ---- */

/* What goes into the slot, as a C expression of its natural type. */
static const char *natural(sdk_t *s, const plan_slot_t *slot)
{
    const model_item_t *item = s->call->args[slot->arg].item;
    const char *name = item->name;
    arena_t *arena = s->m->arena;
    const bool is_in = item->direction == MODEL_IN;
    switch (slot->role) {
    case PLAN_ROLE_VALUE:
        return arena_printf(arena, item->use.kind == MODEL_HANDLE ? "%s.id" : "%s", name);
    case PLAN_ROLE_PRESENT:
        return arena_printf(arena, "has_%s", name);
    case PLAN_ROLE_ADDRESS:
        if (s->call->is_value) {
            return "callgate_at(&value_)";
        }
        return arena_printf(arena, "callgate_at(%s)", name);
    case PLAN_ROLE_HAS_ADDRESS:
        return arena_printf(arena, "callgate_at(has_%s)", name);
    case PLAN_ROLE_COUNT_ADDRESS:
        return arena_printf(arena, "callgate_at(%s_count)", name);
    case PLAN_ROLE_CAPACITY:
        return arena_printf(arena, item->use.kind == MODEL_STRING ? "room_%s_" : "%s_capacity", name);
    case PLAN_ROLE_COUNT:
        if (is_in) {
            return arena_printf(arena, item->use.kind == MODEL_STRING ? "callgate_strlen(%s)" : item->use.kind == MODEL_BYTES ? "%s_size" : "%s_count", name);
        }
        return arena_printf(arena, "*%s_count", name);
    }
    return name;
}

static const char *slot_type(plan_slot_kind_t kind, uint32_t slot_bits)
{
    switch (kind) {
    case PLAN_SLOT_INT:
        return slot_bits == 64 ? "uint64_t" : slot_bits == 32 ? "uint32_t" : "uint16_t";
    case PLAN_SLOT_I32:
        return "uint32_t";
    case PLAN_SLOT_I64:
        return "uint64_t";
    case PLAN_SLOT_F32:
        return "float";
    case PLAN_SLOT_F64:
        return "double";
    }
    return "uint32_t";
}

static const char *slot_expr(sdk_t *s, const plan_slot_t *slot)
{
    const model_item_t *item = s->call->args[slot->arg].item;
    const char *value = natural(s, slot);
    const char *type = slot_type(slot->kind, s->m->plan->vm->slot_bits);
    const model_kind_t kind = model_carrier(&item->use);
    if (slot->kind == PLAN_SLOT_F32 || slot->kind == PLAN_SLOT_F64) {
        return value;
    }
    if (slot->role == PLAN_ROLE_VALUE && model_kind_is_float(kind)) {
        value = arena_printf(s->m->arena, "callgate_bits%u(%s)", model_kind_bits(kind), value);
    }
    if (slot->is_signed && slot->kind == PLAN_SLOT_INT) {
        return arena_printf(s->m->arena, "(%s)(int64_t)%s", type, value);
    }
    return arena_printf(s->m->arena, "(%s)%s", type, value);
}

static void slots_view(sdk_t *s, view_call_t *out)
{
    texts_t own = {0};
    texts_t spilled = {0};
    for (uint32_t i = 0; i < s->call->slot_count; i++) {
        const plan_slot_t *slot = &s->call->slots[i];
        view_slot_t *view = arena_alloc(s->m->arena, sizeof *view);
        view->number = i;
        view->letter = view_slot_letter(s->m, slot);
        view->param = slot_type(slot->kind, s->m->plan->vm->slot_bits);
        view->expr = slot_expr(s, slot);
        view->note = arena_printf(s->m->arena, "%s: %s", s->call->args[slot->arg].item->name, plan_role_name(slot->role));
        view_add(s->m, &s->slots, view);
        view_add(s->m, slot->is_spilled ? &spilled : &own, view);
    }
    out->slots = view_list(&s->slots);
    out->own_slots = view_list(&own);
    out->spilled = view_list(&spilled);
}

/* ---- after the call; names of locals end in an underscore, which no name of a description does ---- */

static void result_after(sdk_t *s)
{
    const plan_arg_t *arg = &s->call->args[s->call->result];
    const model_item_t *item = arg->item;
    if (model_kind_is_buffer(item->use.kind)) {
        ADD(s, after, "*%s_count = (uint32_t)result_;", item->name);
    } else if (item->use.kind == MODEL_HANDLE) {
        ADD(s, after, "%s->id = (uint32_t)result_;", item->name);
    } else {
        ADD(s, after, "*%s = (%s)result_;", item->name, view_guest_type(s->m, s->api, &item->use));
    }
}

/* Texts get a NUL behind, for which the wrapper keeps one byte of the capacity back. */
static void text_room(sdk_t *s, const model_item_t *item)
{
    if (item->use.kind == MODEL_STRING && item->direction != MODEL_IN) {
        ADD(s, before, "const uint32_t room_%s_ = %s_capacity == 0 ? 0 : %s_capacity - 1;", item->name, item->name, item->name);
        ADD(s, after, "if (%s_capacity > 0) { %s[*%s_count] = '\\0'; }", item->name, item->name, item->name);
    }
}

static void doc(sdk_t *s, const view_item_t *view)
{
    const char *between = view->doc != NULL && view->notes != NULL ? " " : "";
    if (view->doc != NULL || view->notes != NULL) {
        ADD(s, doc, "%s: %s%s%s%s%s", view->name, view->doc == NULL ? "" : view->doc, between, view->notes == NULL ? "" : "(", view->notes == NULL ? "" : view->notes, view->notes == NULL ? "" : ")");
    }
}

/* A status or a count is signed; a value is as wide as its slot. */
static const char *import_result(sdk_t *s)
{
    const plan_slot_kind_t kind = s->call->result_kind;
    if (s->call->form != PLAN_VALUE) {
        return kind == PLAN_SLOT_INT && s->m->plan->vm->slot_bits == 64 ? "int64_t" : "int32_t";
    }
    return slot_type(kind, 64);
}

/* A value that does not fit the result comes back through a variable of the wrapper's; a refusal leaves it 0. */
static const char *value_expr(sdk_t *s)
{
    if (s->call->result < 0) {
        return "((void)result_, value_)";
    }
    const model_item_t *item = s->call->args[s->call->result].item;
    const model_kind_t kind = model_carrier(&item->use);
    if (model_kind_is_float(kind) && !s->m->plan->vm->has_floats) {
        return arena_printf(s->m->arena, "callgate_float%u(result_)", model_kind_bits(kind));
    }
    return arena_printf(s->m->arena, "(%s)result_", view_guest_type(s->m, s->api, &item->use));
}

static const model_item_t *value_item(const plan_call_t *call)
{
    uint32_t i = 0;
    while (call->args[i].item->direction != MODEL_OUT) {
        i += 1;
    }
    return call->args[i].item;
}

void view_sdk(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    sdk_t s = {.m = m, .call = call, .api = call->api->model->name};
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        const model_item_t *item = call->args[i].item;
        param(&s, item);
        doc(&s, out->args.items[i]);
    }
    slots_view(&s, out);
    if (call->is_value) {
        out->guest_result = view_guest_type(m, s.api, &value_item(call)->use);
        if (call->result < 0) {
            ADD(&s, before, "%s value_ = 0;", out->guest_result);
        }
        out->value_expr = value_expr(&s);
    } else {
        out->guest_result = "int";
        if (call->result >= 0) {
            result_after(&s);
        }
    }
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        text_room(&s, call->args[i].item);
    }
    out->import_result = import_result(&s);
    out->guest_params = s.params.count == 0 ? "void" : view_join(m, &s.params, ", ");
    out->sdk_before = view_list(&s.before);
    out->sdk_after = view_list(&s.after);
    out->sdk_doc = view_list(&s.doc);
}
