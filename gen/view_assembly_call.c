/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_assembly_call.c - the guest's wrappers in AssemblyScript. They allocate nothing: what a call gives goes into a Ref, a record or a StaticArray of the
 * caller's, texts go through one static buffer, and a call returns a negative error, or what its result carries. Called by view.c. */
#include "gen/view_assembly.h"
#include "gen/view_guest.h"

typedef struct assembly {
    view_maker_t *m;
    const plan_call_t *call;
    texts_t params, before, after, imports, slots;
    uint32_t text_at; /* bytes of the static buffer that are taken */
} assembly_t;

#define ADD(a, list, ...) view_addf((a)->m, &(a)->list, __VA_ARGS__)
#define TEXT(a, ...) arena_printf((a)->m->arena, __VA_ARGS__)

static bool is_records(const model_item_t *item)
{
    return item->use.kind == MODEL_LIST && item->use.element == MODEL_RECORD;
}

/* ---- parameters ---- */

static const char *array_type(assembly_t *a, const model_item_t *item)
{
    return is_records(item) ? "StaticArray<u8>" : TEXT(a, "StaticArray<%s>", assembly_element(a->m, &item->use));
}

/* How many elements a buffer has room for. */
static const char *room(assembly_t *a, const model_item_t *item)
{
    const char *name = assembly_name(a->m, item->name);
    return is_records(item) ? TEXT(a, "<u32>%s.length / %s.SIZE", name, assembly_element(a->m, &item->use)) : TEXT(a, "<u32>%s.length", name);
}

/* The gate knows the memory, but not where an array of this program ends. */
static void check_room(assembly_t *a, const model_item_t *item, const char *count)
{
    ADD(a, before, "if (%s > %s) return cg_.ERR_RANGE;", count, room(a, item));
}

static void param_buffer(assembly_t *a, const model_item_t *item, const char *name)
{
    const plan_arg_t *arg = &a->call->args[item - a->call->call->args.at];
    ADD(a, params, "%s: %s", name, array_type(a, item));
    if (item->direction == MODEL_IN) {
        ADD(a, params, "%s_count: u32", item->name);
        check_room(a, item, TEXT(a, "%s_count", item->name));
    } else if (item->direction == MODEL_INOUT) {
        ADD(a, params, "%s_count: cg_.Ref<u32>", item->name);
        check_room(a, item, TEXT(a, "%s_count.value", item->name));
    } else if (!arg->in_result) {
        ADD(a, params, "%s_count: cg_.Ref<u32>", item->name);
    }
}

static void param(assembly_t *a, const model_item_t *item)
{
    const plan_arg_t *arg = &a->call->args[item - a->call->call->args.at];
    const char *name = assembly_name(a->m, item->name);
    const char *type = assembly_element(a->m, &item->use);
    if (item->use.kind == MODEL_STRING && item->direction == MODEL_IN) {
        ADD(a, params, "%s: string", name);
        ADD(a, before, "const size_%s_ = cg_.encode_(%s, %u, %u);", item->name, name, a->text_at, item->use.max);
        return;
    }
    if (model_kind_is_buffer(item->use.kind)) {
        param_buffer(a, item, name);
        return;
    }
    if (item->direction == MODEL_OUT && (a->call->is_value || (arg->in_result && item->use.kind != MODEL_HANDLE))) {
        return;
    }
    const bool is_ref = item->direction == MODEL_OUT && item->use.kind != MODEL_RECORD;
    if (model_has_presence(&item->use)) {
        ADD(a, params, is_ref ? "has_%s: cg_.Ref<bool>" : "has_%s: bool", item->name);
    }
    if (is_ref) {
        ADD(a, params, "%s: cg_.Ref<%s>", name, type);
    } else {
        ADD(a, params, item->use.kind == MODEL_HANDLE && item->use.optional ? "%s: %s | null" : "%s: %s", name, type);
    }
}

/* ---- slots ---- */

static const char *slot_expr(assembly_t *a, const plan_slot_t *slot)
{
    const model_item_t *item = a->call->args[slot->arg].item;
    const char *name = assembly_name(a->m, item->name);
    const bool is_text = item->use.kind == MODEL_STRING && item->direction == MODEL_IN;
    switch (slot->role) {
    case PLAN_ROLE_VALUE:
        return TEXT(a, item->use.kind == MODEL_HANDLE ? "changetype<u32>(%s)" : "<%2$s>%1$s", name, guest_slot(slot->kind));
    case PLAN_ROLE_PRESENT:
        return TEXT(a, "<u32>has_%s", item->name);
    case PLAN_ROLE_ADDRESS:
        return is_text ? TEXT(a, "<u32>cg_.scratch_ + %u", a->text_at) : TEXT(a, "changetype<u32>(%s)", name);
    case PLAN_ROLE_HAS_ADDRESS:
        return TEXT(a, "changetype<u32>(has_%s)", item->name);
    case PLAN_ROLE_COUNT_ADDRESS:
        return TEXT(a, "changetype<u32>(%s_count)", item->name);
    case PLAN_ROLE_CAPACITY:
        return room(a, item);
    case PLAN_ROLE_COUNT:
        return TEXT(a, is_text ? "size_%s_" : item->direction == MODEL_IN ? "%s_count" : "%s_count.value", item->name);
    }
    return name;
}

static void slots(assembly_t *a)
{
    a->text_at = 0;
    for (uint32_t i = 0; i < a->call->slot_count; i++) {
        const plan_slot_t *slot = &a->call->slots[i];
        const model_item_t *item = a->call->args[slot->arg].item;
        view_add(a->m, &a->slots, slot_expr(a, slot));
        ADD(a, imports, "a%u_: %s", i, guest_slot(slot->kind));
        if (item->use.kind == MODEL_STRING && item->direction == MODEL_IN && slot->role == PLAN_ROLE_COUNT) {
            a->text_at += item->use.max;
        }
    }
}

/* ---- results ---- */

static void result(assembly_t *a, view_spelling_t *out)
{
    const plan_arg_t *arg = a->call->result < 0 ? NULL : &a->call->args[a->call->result];
    const model_item_t *item = arg == NULL ? NULL : arg->item;
    if (a->call->is_value && item != NULL) {
        out->result = assembly_element(a->m, &item->use);
        ADD(a, after, item->use.kind == MODEL_BOOL ? "return result_ != 0;" : "return <%s>result_;", out->result);
        return;
    }
    out->result = "i32";
    if (item != NULL && item->use.kind == MODEL_HANDLE) {
        ADD(a, after, "if (result_ < 0) return result_;");
        ADD(a, after, "%s.value = changetype<%s>(result_);", assembly_name(a->m, item->name), assembly_element(a->m, &item->use));
        ADD(a, after, "return 0;");
        return;
    }
    if (item != NULL && item->direction == MODEL_INOUT) {
        ADD(a, after, "if (result_ >= 0) %s_count.value = <u32>result_;", item->name);
    }
    ADD(a, after, "return result_;");
    if (item != NULL) {
        out->text = TEXT(a, model_kind_is_buffer(item->use.kind) ? "how much of `%s` is meant" : "`%s`", item->name);
    }
}

/* Texts in stand one behind the other in the static buffer. */
static void params(assembly_t *a)
{
    for (uint32_t i = 0; i < a->call->call->args.count; i++) {
        const model_item_t *item = a->call->args[i].item;
        param(a, item);
        if (item->use.kind == MODEL_STRING && item->direction == MODEL_IN) {
            a->text_at += item->use.max;
        }
    }
}

void assembly_call(view_maker_t *m, const plan_call_t *call, view_call_t *view)
{
    assembly_t a = {.m = m, .call = call};
    view_spelling_t *out = arena_alloc(m->arena, sizeof *out);
    params(&a);
    slots(&a);
    result(&a, out);
    out->name = assembly_name(m, call->call->name);
    out->params = view_join(m, &a.params, ", ");
    out->import_params = view_join(m, &a.imports, ", ");
    out->import_result = call->form == PLAN_VALUE ? guest_slot(call->result_kind) : "i32";
    view_addf(m, &a.before, "const result_ = %s_import_(%s);", call->call->name, view_join(m, &a.slots, ", "));
    for (size_t i = 0; i < a.after.count; i++) {
        view_add(m, &a.before, a.after.items[i]);
    }
    out->lines = view_list(&a.before);
    view->assembly = out;
}
