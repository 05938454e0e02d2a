/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_give.c - the lines of a body from the host function on: its arguments, what it promised, what goes back to the guest.
 * Called by view_body.c, which has the order. Trusts no count and no value that a host function leaves behind. */
#include "gen/view_body.h"

/* ---- invoke ---- */

static void actual_buffer(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *name = item->name;
    const char *count = item->direction == MODEL_INOUT ? body_word(b, arg->at[PLAN_ROLE_COUNT]) : "0";
    if (item->direction == MODEL_IN) {
        switch ((int)item->use.kind) {
        case MODEL_BYTES:
            ADD(b, actuals, "(cg_bytes_t){p_%s, a[%u]}", name, arg->at[PLAN_ROLE_COUNT]);
            view_add(b->m, &b->thunk_actuals, body_cell(b, arg, "bytes"));
            return;
        case MODEL_STRING:
            ADD(b, actuals, "(cg_text_t){v_%s, a[%u]}", name, arg->at[PLAN_ROLE_COUNT]);
            view_add(b->m, &b->thunk_actuals, body_cell(b, arg, "text"));
            return;
        default:
            ADD(b, actuals, "v_%s, a[%u]", name, arg->at[PLAN_ROLE_COUNT]);
            return;
        }
    }
    if (item->use.kind == MODEL_LIST) {
        ADD(b, locals, "uint32_t c_%s;", name);
        view_addf(b->m, &b->actuals, "v_%s, %s, (c_%s = %s, &c_%s)", name, body_capacity(b, arg), name, count, name);
        return;
    }
    const bool is_text = item->use.kind == MODEL_STRING;
    ADD(b, locals, "%s b_%s;", is_text ? "cg_text_buffer_t" : "cg_buffer_t", name);
    ADD(b, actuals, "(b_%s = (%s){%c_%s, %s, %s}, &b_%s)", name, is_text ? "cg_text_buffer_t" : "cg_buffer_t", is_text ? 'v' : 'p', name, body_capacity(b, arg), count, name);
    ADD(b, thunk_actuals, "&%s", body_cell(b, arg, is_text ? "text_buffer" : "buffer"));
}

static const char *cell_member(model_kind_t kind)
{
    const bool is_signed = model_kind_is_signed(kind);
    if (kind == MODEL_BOOL) {
        return "truth";
    }
    return model_kind_bits(kind) == 8 ? (is_signed ? "s8" : "u8") : model_kind_bits(kind) == 16 ? (is_signed ? "s16" : "u16") : is_signed ? "s32" : "u32";
}

/* How the thunk gives the same argument, where it can. Objects and records of the host are variables of its own, of their type. */
static void thunk_actual(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const bool is_in = item->direction == MODEL_IN;
    const char *name = item->name;
    const char *type = model_kind_is_scalar(item->use.kind) ? NULL : view_host_type(b->m, b->api, &item->use);
    if (item->use.kind == MODEL_HANDLE && is_in) {
        view_add(b->m, &b->thunk_actuals, body_cell(b, arg, "object"));
    } else if (item->use.kind == MODEL_HANDLE) {
        ADD(b, thunk_locals, "%s *v_%s = NULL;", type, name);
        ADD(b, thunk_actuals, "&v_%s", name);
        ADD(b, thunk_after, "%s = v_%s;", body_cell(b, arg, "object"), name);
    } else if (item->use.kind == MODEL_RECORD) {
        const char *copy = body_cell(b, arg, "buffer.bytes");
        ADD(b, thunk_locals, "%s v_%s;", type, name);
        ADD(b, thunk_locals, "memcpy(&v_%s, %s, sizeof v_%s);", name, copy, name);
        ADD(b, thunk_actuals, "&v_%s", name);
        if (!is_in) {
            ADD(b, thunk_after, "memcpy(%s, &v_%s, sizeof v_%s);", copy, name, name);
        }
    } else {
        const model_kind_t kind = model_carrier(&item->use);
        if (is_in && !model_kind_is_float(kind)) {
            view_add(b->m, &b->thunk_actuals, body_value(b, arg));
        } else if (!is_in && !model_kind_is_float(kind) && model_kind_bits(kind) <= 32) {
            ADD(b, thunk_actuals, "&%s", body_cell(b, arg, cell_member(kind)));
        }
    }
}

void body_actuals(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (model_kind_is_buffer(item->use.kind)) {
        actual_buffer(b, arg);
        return;
    }
    if (!model_has_presence(&item->use) && (item->direction == MODEL_IN || !b->call->is_value)) {
        thunk_actual(b, arg);
    }
    if (item->direction == MODEL_IN && item->use.kind == MODEL_RECORD) {
        ADD(b, actuals, "&v_%s", item->name);
    } else if (item->direction == MODEL_IN && item->use.kind == MODEL_HANDLE) {
        ADD(b, actuals, "v_%s", item->name);
    } else if (item->direction == MODEL_IN) {
        if (model_has_presence(&item->use)) {
            ADD(b, actuals, "a[%u] != 0, a[%u] != 0 ? %s : 0", arg->at[PLAN_ROLE_PRESENT], arg->at[PLAN_ROLE_PRESENT], body_value(b, arg));
        } else {
            view_add(b->m, &b->actuals, body_value(b, arg));
        }
    } else if (!b->call->is_value) {
        if (model_has_presence(&item->use)) {
            ADD(b, locals, "bool has_%s = false;", item->name);
            ADD(b, actuals, "&has_%s", item->name);
        }
        ADD(b, actuals, "&v_%s", item->name);
    }
}

/* ---- what the host gave ---- */

void body_results(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *type = view_host_type(b->m, b->api, &item->use);
    if (item->direction != MODEL_OUT || b->call->is_value) {
        return;
    }
    if (item->use.kind == MODEL_HANDLE) {
        ADD(b, locals, "%s *v_%s = NULL;", type, item->name);
        ADD(b, locals, "uint32_t h_%s = 0;", item->name);
    } else if (model_kind_is_scalar(item->use.kind)) {
        ADD(b, locals, "%s v_%s = 0;", type, item->name);
    }
}

static bool is_made(const model_item_t *item, bool own)
{
    return item->direction == MODEL_OUT && item->use.kind == MODEL_HANDLE && item->use.own == own;
}

static const char *made(body_t *b, const model_item_t *item)
{
    return arena_printf(b->m->arena, "cg_%s(g, %s, v_%s, %s, &h_%s)", item->use.own ? "own" : "lend", body_type(b, item), item->name, item->use.optional ? "true" : "false", item->name);
}

/* All objects that the host gives away go into the table before anything can fail, so that undoing finds each of them: no && between several. */
void body_owned(body_t *b)
{
    const model_items_t *args = &b->call->call->args;
    texts_t makes = {0}, names = {0};
    for (uint32_t i = 0; i < args->count; i++) {
        const model_item_t *item = &args->at[i];
        if (is_made(item, true)) {
            view_addf(b->m, &makes, "made_%s = %s", item->name, made(b, item));
            view_addf(b->m, &names, "made_%s", item->name);
            ADD(b, undo, "cg_undo(g, h_%s);", item->name);
        }
    }
    for (uint32_t i = 0; i < args->count; i++) {
        if (is_made(&args->at[i], true) && makes.count == 1) {
            view_add(b->m, &b->after, made(b, &args->at[i]));
            if (!args->at[i].use.optional) {
                OP(b, 2, "OWN", &b->call->args[i], BODY_NO_WORD, b->call->api->type_numbers[args->at[i].use.type->index]);
            }
        } else if (is_made(&args->at[i], true)) {
            ADD(b, locals, "bool made_%s;", args->at[i].name);
        }
    }
    if (makes.count > 1) {
        ADD(b, after, "(%s, %s)", view_join(b->m, &makes, ", "), view_join(b->m, &names, " && "));
    }
}

void body_lent(body_t *b, const plan_arg_t *arg)
{
    if (is_made(arg->item, false)) {
        view_add(b->m, &b->after, made(b, arg->item));
        if (!arg->item->use.optional) {
            OP(b, 1, "LEND", arg, BODY_NO_WORD, b->call->api->type_numbers[arg->item->use.type->index]);
        }
    }
}

static const char *kept_value(body_t *b, const model_item_t *item, const char *value)
{
    const char *range = view_in_range(b->m, item, value);
    const bool is_named = model_kind_is_named(item->use.kind);
    if (is_named && view_known(b->m, item->use.type, "value") != NULL) {
        return arena_printf(b->m->arena, "known_%s_%s_%s(%s)", b->api, item->use.type->name, b->m->plan->class_name, value);
    }
    return range;
}

void body_promises(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *name = item->name;
    if (item->direction == MODEL_IN) {
        return;
    }
    /* Compared with what the gate gave, not with what the host function left in its own arguments. */
    if (item->use.kind == MODEL_BYTES) {
        ADD(b, after, "cg_host_kept(g, b_%s.count <= (%s))", name, body_capacity(b, arg));
        OP(b, 1, "KEPT_COUNT", arg, arg->at[PLAN_ROLE_ADDRESS], item->use.max);
    } else if (item->use.kind == MODEL_STRING) {
        ADD(b, after, "cg_host_kept(g, b_%s.text == v_%s && b_%s.count <= (%s))", name, name, name, body_capacity(b, arg));
        ADD(b, after, "cg_host_text(g, &b_%s)", name);
        OP(b, 2, "KEPT_TEXT", arg, arg->at[PLAN_ROLE_ADDRESS], item->use.max, body_copied(b, arg));
    } else if (item->use.kind == MODEL_LIST) {
        ADD(b, after, "cg_host_kept(g, c_%s <= (%s) && list_kept_%s(v_%s, c_%s))", name, body_capacity(b, arg), view_list_name(b->m, b->call, item), name, name);
    } else if (item->use.kind == MODEL_RECORD) {
        if (!b->call->api->records[item->use.type->index].is_plain) {
            ADD(b, after, "cg_host_kept(g, kept_%s_%s_%s(&v_%s))", b->api, item->use.type->name, b->m->plan->class_name, name);
        }
    } else if (model_kind_is_scalar(item->use.kind) && !b->call->is_value) {
        const char *kept = kept_value(b, item, arena_printf(b->m->arena, "v_%s", name));
        if (kept != NULL) {
            ADD(b, after, model_has_presence(&item->use) ? "(!has_%s || cg_host_kept(g, %s))" : "%.0scg_host_kept(g, %s)", name, kept);
            if (item->range.present && body_is_word(item) && !model_kind_is_named(item->use.kind) && !model_has_presence(&item->use)) {
                OP(b, 1, "KEPT_RANGE", arg, BODY_NO_WORD, (uint64_t)item->range.min, (uint64_t)item->range.max);
            }
        }
    }
}

/* What the host returned itself, where that is no result of this VM. */
static const char *given(body_t *b, const model_item_t *item)
{
    return b->call->is_value ? "value" : arena_printf(b->m->arena, "v_%s", item->name);
}

static void give_scalar(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const model_kind_t kind = model_carrier(&item->use);
    const uint32_t w = arg->at[PLAN_ROLE_ADDRESS];
    if (model_has_presence(&item->use)) {
        ADD(b, after, "cg_give8(g, a[%u], has_%s)", arg->at[PLAN_ROLE_HAS_ADDRESS], item->name);
    }
    const char *give = NULL;
    if (model_kind_is_float(kind)) {
        const uint32_t bits = model_kind_bits(kind);
        ADD(b, locals, "uint%u_t bits_%s = 0;", bits, item->name);
        give = arena_printf(b->m->arena, "(memcpy(&bits_%s, &%s, %u), cg_give%u%s(g, a[%u], bits_%s))", item->name, given(b, item), bits / 8, bits, view_order(b->m), w, item->name);
    } else {
        const uint32_t bits = kind == MODEL_BOOL ? 8 : model_kind_bits(kind);
        give = arena_printf(b->m->arena, "cg_give%u%s(g, a[%u], (uint%u_t)%s)", bits, bits == 8 ? "" : view_order(b->m), w, bits < 32 ? 32 : bits, given(b, item));
    }
    ADD(b, after, model_has_presence(&item->use) ? "(!has_%s || %s)" : "%.0s%s", item->name, give);
    if (!b->call->is_value && !model_has_presence(&item->use) && !model_kind_is_float(kind) && arg->size <= 4) {
        OP(b, 1, "GIVE", arg, w, arg->size);
    }
}

static void give_buffer(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *name = item->name;
    const char *count = arena_printf(b->m->arena, item->use.kind == MODEL_LIST ? "c_%s" : "b_%s.count", name);
    if (item->use.kind == MODEL_STRING) {
        ADD(b, after, "cg_give(g, a[%u], v_%s, %s)", arg->at[PLAN_ROLE_ADDRESS], name, count);
        OP(b, 1, "GIVE_TEXT", arg, arg->at[PLAN_ROLE_ADDRESS], body_copied(b, arg));
    } else if (item->use.kind == MODEL_LIST) {
        ADD(b, after, "list_put_%s(g, a[%u], v_%s, %s)", view_list_name(b->m, b->call, item), arg->at[PLAN_ROLE_ADDRESS], name, count);
    }
    if (!arg->in_result) {
        ADD(b, after, "cg_give%u%s(g, a[%u], %s)", 8 * body_count_size(b), view_order(b->m), arg->at[PLAN_ROLE_COUNT_ADDRESS], count);
        if (item->use.kind != MODEL_LIST && body_count_size(b) == 4) {
            OP(b, 1, "GIVE_COUNT", arg, arg->at[PLAN_ROLE_COUNT_ADDRESS], 0);
        }
    }
}

void body_give(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (item->direction == MODEL_IN || (b->call->is_value && arg->in_result)) {
        return;
    }
    if (model_kind_is_buffer(item->use.kind)) {
        give_buffer(b, arg);
    } else if (item->use.kind == MODEL_RECORD) {
        ADD(b, after, "give_%s_%s_%s(g, a[%u], &v_%s)", b->api, item->use.type->name, b->m->plan->class_name, arg->at[PLAN_ROLE_ADDRESS], item->name);
        if (b->call->api->records[item->use.type->index].is_plain) {
            OP(b, 1, "GIVE_COPY", arg, arg->at[PLAN_ROLE_ADDRESS], body_copied(b, arg), arg->size);
        }
    } else if (!arg->in_result) {
        if (item->use.kind == MODEL_HANDLE) {
            ADD(b, after, "cg_give%u%s(g, a[%u], h_%s)", 8 * arg->size, view_order(b->m), arg->at[PLAN_ROLE_ADDRESS], item->name);
            OP(b, 1, "GIVE", arg, arg->at[PLAN_ROLE_ADDRESS], arg->size);
        } else {
            give_scalar(b, arg);
        }
    }
}

/* ---- the result ---- */

static const char *value_result(body_t *b, const model_item_t *item)
{
    const model_kind_t kind = model_carrier(&item->use);
    if (model_kind_is_float(kind)) {
        ADD(b, locals, "uint%u_t bits = 0;", model_kind_bits(kind));
        return arena_printf(b->m->arena, "(memcpy(&bits, &value, %u), bits)", model_kind_bits(kind) / 8);
    }
    return model_kind_is_signed(kind) ? "(uint64_t)(int64_t)value" : "value";
}

const char *body_result(body_t *b)
{
    if (b->call->result < 0) {
        return "0";
    }
    const model_item_t *item = b->call->args[b->call->result].item;
    if (b->call->is_value) {
        b->ops_end = arena_printf(b->m->arena, "CG_ROW_END_WORD | %d << 5", (int)b->call->result);
        return value_result(b, item);
    }
    const bool is_count = model_kind_is_buffer(item->use.kind);
    b->ops_end = arena_printf(b->m->arena, "CG_ROW_END_%s | %d << 5", is_count ? "COUNT" : "WORD", (int)b->call->result);
    b->is_compiled = b->is_compiled || (!is_count && item->use.kind != MODEL_HANDLE && !body_is_word(item));
    const char *prefix = item->use.kind == MODEL_HANDLE ? "h_%s" : item->use.kind == MODEL_LIST ? "c_%s" : model_kind_is_buffer(item->use.kind) ? "b_%s.count" : "v_%s";
    return arena_printf(b->m->arena, prefix, item->name);
}

void body_value_promise(body_t *b)
{
    for (uint32_t i = 0; b->call->is_value && i < b->call->call->args.count; i++) {
        const model_item_t *item = b->call->args[i].item;
        const char *kept = item->direction == MODEL_OUT ? kept_value(b, item, "value") : NULL;
        if (kept != NULL) {
            ADD(b, after, "cg_host_kept(g, %s)", kept);
        }
    }
}
