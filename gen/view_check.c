/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_check.c - the lines of a body before the host function: what a guest sent is checked and copied.
 * Called by view_body.c, which has the order. Changes nothing of the guest in any line that it makes. */
#include "gen/view_body.h"

/* ---- widths and ranges of scalars ---- */

static uint64_t type_number(const body_t *b, const model_item_t *item)
{
    return b->call->api->type_numbers[item->use.type->index];
}

static void width_op(body_t *b, const plan_arg_t *arg, model_kind_t kind)
{
    const uint32_t bits = kind == MODEL_BOOL ? 1 : model_kind_bits(kind);
    if (!model_has_presence(&arg->item->use) && kind != MODEL_F32 && bits < 32) {
        const char *name = arena_printf(b->m->arena, "WIDTH_%c%s", model_kind_is_signed(kind) ? 'S' : 'U', bits == 1 ? "" : bits == 8 ? " | 1 << 5" : " | 2 << 5");
        body_op(b, 1, name, NULL, arg->at[PLAN_ROLE_VALUE], NULL, 0);
    }
}

static const char *width_check(body_t *b, model_kind_t kind, uint32_t w)
{
    arena_t *arena = b->m->arena;
    const uint32_t bits = kind == MODEL_BOOL ? 1 : model_kind_bits(kind);
    if (kind == MODEL_F32 || bits >= 32) {
        return NULL;
    }
    if (model_kind_is_signed(kind)) {
        const int32_t max = (int32_t)((1u << (bits - 1)) - 1);
        return arena_printf(arena, "cg_width_s(g, a[%u], %d, %d)", w, -max - 1, max);
    }
    return arena_printf(arena, "cg_width_u(g, a[%u], %uu)", w, (1u << bits) - 1);
}

static void check_add(body_t *b, const plan_arg_t *arg, const char *check)
{
    if (check != NULL && model_has_presence(&arg->item->use)) {
        ADD(b, checks, "(a[%u] == 0 || %s)", arg->at[PLAN_ROLE_PRESENT], check);
    } else if (check != NULL) {
        view_add(b->m, &b->checks, check);
    }
}

static void scalar_widths(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const model_kind_t kind = model_carrier(&item->use);
    if (model_has_presence(&item->use)) {
        ADD(b, checks, "cg_width_u(g, a[%u], 1u)", arg->at[PLAN_ROLE_PRESENT]);
    }
    check_add(b, arg, width_check(b, kind, arg->at[PLAN_ROLE_VALUE]));
    width_op(b, arg, kind);
    if (item->range.present) {
        const char sign = model_kind_is_signed(kind) ? 's' : 'u';
        check_add(b, arg, arena_printf(b->m->arena, "cg_range_%c(g, %s, %s, %s)", sign, body_value(b, arg),
                                       view_integer(b->m, kind, item->range.min), view_integer(b->m, kind, item->range.max)));
        if (body_is_word(item) && !model_has_presence(&item->use)) {
            OP(b, 1, "RANGE_U", arg, arg->at[PLAN_ROLE_VALUE], (uint64_t)item->range.min, (uint64_t)item->range.max);
        }
    }
    if (model_kind_is_float(kind)) {
        const uint32_t w = arg->at[PLAN_ROLE_VALUE];
        ADD(b, locals, "%s v_%s;", view_c_type(kind), item->name);
        if (kind == MODEL_F32) {
            ADD(b, locals, "memcpy(&v_%s, &a[%u], 4);", item->name, w);
        } else {
            ADD(b, locals, "const uint64_t bits_%s = (uint64_t)a[%u] << 32 | a[%u];", item->name, w + 1, w);
            ADD(b, locals, "memcpy(&v_%s, &bits_%s, 8);", item->name, item->name);
        }
    }
}

void body_widths(body_t *b, const plan_arg_t *arg)
{
    if (arg->item->direction == MODEL_IN && model_kind_is_scalar(arg->item->use.kind)) {
        scalar_widths(b, arg);
    }
}

/* ---- handles ---- */

static const char *right_of(const model_call_t *call)
{
    switch (call->needs) {
    case MODEL_NEEDS_NONE:
        return "0";
    case MODEL_NEEDS_READ:
        return "CG_READ";
    case MODEL_NEEDS_WRITE:
        return "CG_WRITE";
    case MODEL_NEEDS_EXEC:
        return "CG_EXEC";
    }
    return "0";
}

static void handle_check(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *type = body_type(b, item);
    ADD(b, locals, "void *v_%s;", item->name);
    if (item->use.optional) {
        ADD(b, checks, "cg_get_optional(g, a[%u], %s, %s, &v_%s)", arg->at[PLAN_ROLE_VALUE], type, right_of(b->call->call), item->name);
    } else {
        ADD(b, checks, "(v_%s = cg_get(g, a[%u], %s, %s)) != NULL", item->name, arg->at[PLAN_ROLE_VALUE], type, right_of(b->call->call));
        OP(b, 1, "HANDLE", arg, arg->at[PLAN_ROLE_VALUE], type_number(b, item) << 3 | (uint64_t)b->call->call->needs);
    }
    if (item->use.own) {
        ADD(b, checks, item->use.optional ? "(a[%u] == 0 || cg_is_owned(g, a[%u]))" : "cg_is_owned(g, a[%u])", arg->at[PLAN_ROLE_VALUE], arg->at[PLAN_ROLE_VALUE]);
        ADD(b, final, "cg_consume(g, a[%u]);", arg->at[PLAN_ROLE_VALUE]);
    }
}

void body_handles(body_t *b, const plan_arg_t *arg)
{
    if (arg->item->direction == MODEL_IN && arg->item->use.kind == MODEL_HANDLE) {
        handle_check(b, arg);
    }
}

/* An object that is given away cannot also be an argument in another place. */
void body_distinct(body_t *b)
{
    for (uint32_t i = 0; i < b->call->call->args.count; i++) {
        for (uint32_t k = i + 1; k < b->call->call->args.count; k++) {
            const plan_arg_t *one = &b->call->args[i];
            const plan_arg_t *two = &b->call->args[k];
            const bool are_handles = one->item->use.kind == MODEL_HANDLE && two->item->use.kind == MODEL_HANDLE;
            const bool are_inputs = one->item->direction == MODEL_IN && two->item->direction == MODEL_IN;
            if (are_handles && are_inputs && (one->item->use.own || two->item->use.own) && one->item->use.type == two->item->use.type) {
                ADD(b, checks, "cg_distinct(g, a[%u], a[%u])", one->at[PLAN_ROLE_VALUE], two->at[PLAN_ROLE_VALUE]);
            }
        }
    }
}

/* ---- memory ranges ---- */

static void extent_add(body_t *b, const char *at, const char *size, bool is_written)
{
    b->extents[b->extent_count++] = (extent_t){at, size, is_written};
}

static const char *bytes_of(body_t *b, const plan_arg_t *arg, const char *count)
{
    return arg->size == 1 ? count : arena_printf(b->m->arena, "%s * %uu", count, arg->size);
}

static void out_address(body_t *b, uint32_t w, uint32_t size)
{
    ADD(b, checks, "cg_out(g, a[%u], %uu) != NULL", w, size);
    extent_add(b, body_word(b, w), arena_printf(b->m->arena, "%uu", size), true);
    OP(b, 1, "OUT", NULL, w, size);
}

static void buffer_in_range(body_t *b, const plan_arg_t *arg)
{
    const char *name = arg->item->name;
    const char *count = body_word(b, arg->at[PLAN_ROLE_COUNT]);
    const char *bytes = bytes_of(b, arg, count);
    ADD(b, locals, "const uint8_t *p_%s;", name);
    ADD(b, checks, "cg_count_in(g, %s, %uu, %uu)", count, arg->item->use.max, arg->size);
    ADD(b, checks, "(p_%s = cg_in(g, a[%u], %s)) != NULL", name, arg->at[PLAN_ROLE_ADDRESS], bytes);
    extent_add(b, body_word(b, arg->at[PLAN_ROLE_ADDRESS]), bytes, false);
    if (arg->item->use.kind != MODEL_LIST && arg->at[PLAN_ROLE_COUNT] == arg->at[PLAN_ROLE_ADDRESS] + 1) {
        OP(b, 2, "BUFFER_IN", arg, arg->at[PLAN_ROLE_ADDRESS], arg->item->use.max);
    }
}

static void buffer_out_range(body_t *b, const plan_arg_t *arg)
{
    const char *name = arg->item->name;
    const bool is_inout = arg->item->direction == MODEL_INOUT;
    const uint32_t cap = arg->at[PLAN_ROLE_CAPACITY];
    ADD(b, locals, "uint32_t n_%s;", name);
    ADD(b, locals, "uint8_t *p_%s;", name);
    ADD(b, checks, "cg_count_out(g, a[%u], %uu, %uu, &n_%s)", cap, arg->item->use.max, arg->size, name);
    if (is_inout) {
        ADD(b, checks, "cg_range_u(g, a[%u], 0, a[%u] < %uu ? a[%u] : %uu)", arg->at[PLAN_ROLE_COUNT], cap, arg->item->use.max, cap, arg->item->use.max);
    }
    ADD(b, checks, "(p_%s = cg_out(g, a[%u], n_%s)) != NULL", name, arg->at[PLAN_ROLE_ADDRESS], name);
    extent_add(b, body_word(b, arg->at[PLAN_ROLE_ADDRESS]), arena_printf(b->m->arena, "n_%s", name), true);
    if (arg->item->use.kind != MODEL_LIST && !is_inout && cap == arg->at[PLAN_ROLE_ADDRESS] + 1) {
        OP(b, 2, "BUFFER_OUT", arg, arg->at[PLAN_ROLE_ADDRESS], arg->item->use.max);
    }
    if (!arg->in_result) {
        out_address(b, arg->at[PLAN_ROLE_COUNT_ADDRESS], body_count_size(b));
    }
}

void body_ranges(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (model_kind_is_buffer(item->use.kind)) {
        if (item->direction == MODEL_IN) {
            buffer_in_range(b, arg);
        } else {
            buffer_out_range(b, arg);
        }
    } else if (item->direction == MODEL_IN && item->use.kind == MODEL_RECORD) {
        ADD(b, locals, "const uint8_t *p_%s;", item->name);
        ADD(b, checks, "(p_%s = cg_in(g, a[%u], %uu)) != NULL", item->name, arg->at[PLAN_ROLE_ADDRESS], arg->size);
        extent_add(b, body_word(b, arg->at[PLAN_ROLE_ADDRESS]), arena_printf(b->m->arena, "%uu", arg->size), false);
        OP(b, 1, "IN", arg, arg->at[PLAN_ROLE_ADDRESS], arg->size);
    } else if (item->direction == MODEL_OUT && !arg->in_result) {
        if (model_has_presence(&item->use)) {
            out_address(b, arg->at[PLAN_ROLE_HAS_ADDRESS], 1);
        }
        out_address(b, arg->at[PLAN_ROLE_ADDRESS], arg->size);
    }
}

void body_overlaps(body_t *b)
{
    const size_t before = b->checks.count;
    for (uint32_t i = 0; i < b->extent_count; i++) {
        for (uint32_t k = i + 1; k < b->extent_count; k++) {
            if (b->extents[i].is_written || b->extents[k].is_written) {
                ADD(b, checks, "cg_apart(g, %s, %s, %s, %s)", b->extents[i].at, b->extents[i].size, b->extents[k].at, b->extents[k].size);
            }
        }
    }
    if (b->checks.count > before) {
        body_op(b, (uint32_t)(b->checks.count - before), "APART", NULL, BODY_NO_WORD, NULL, 0);
    }
}

/* ---- room ---- */

void body_room(body_t *b)
{
    const model_items_t *args = &b->call->call->args;
    for (uint32_t i = 0; i < args->count; i++) {
        const model_item_t *item = &args->at[i];
        if (item->use.kind != MODEL_HANDLE || item->direction != MODEL_OUT) {
            continue;
        }
        uint32_t same = 0;
        bool is_first = true;
        for (uint32_t k = 0; k < args->count; k++) {
            const model_item_t *other = &args->at[k];
            if (other->use.kind == MODEL_HANDLE && other->direction == MODEL_OUT && other->use.type == item->use.type && other->use.own == item->use.own) {
                same += 1;
                is_first = is_first && k >= i;
            }
        }
        if (is_first && item->use.own) {
            ADD(b, checks, "cg_room_own(g, %s, %u)", body_type(b, item), same);
            if (same == 1) {
                OP(b, 1, "ROOM_OWN", NULL, BODY_NO_WORD, type_number(b, item));
            }
        } else if (is_first) {
            ADD(b, checks, "cg_room_lent(g, %s)", body_type(b, item));
            OP(b, 1, "ROOM_LENT", NULL, BODY_NO_WORD, type_number(b, item));
        }
    }
}

/* ---- copy in ---- */

/* Buffers that go back to the guest begin as zeros: a host function that says more than it wrote gives away nothing of the stack. */
static void copy_op(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (item->use.kind == MODEL_STRING) {
        const uint32_t at = body_copy_at(b, arg, item->use.max + 1);
        if (item->direction == MODEL_IN) {
            OP(b, 1, "TEXT", arg, BODY_NO_WORD, at);
        } else if (item->direction == MODEL_OUT) {
            OP(b, 0, "ZERO", arg, BODY_NO_WORD, at, item->use.max + 1);
        }
    } else if (item->use.kind == MODEL_RECORD && b->call->api->records[item->use.type->index].is_plain) {
        const uint32_t at = body_copy_at(b, arg, arg->size);
        if (item->direction == MODEL_IN) {
            OP(b, 1, "COPY", arg, BODY_NO_WORD, at);
        } else {
            OP(b, 0, "ZERO", arg, BODY_NO_WORD, at, arg->size);
        }
    }
}

void body_copy_in(body_t *b, const plan_arg_t *arg)
{
    copy_op(b, arg);
    const model_item_t *item = arg->item;
    const char *name = item->name;
    const char *type = model_kind_is_scalar(item->use.kind) ? NULL : view_host_type(b->m, b->api, &item->use);
    const bool is_in = item->direction != MODEL_OUT;
    const char *zero = item->direction == MODEL_IN ? "" : " = {0}";
    if (item->use.kind == MODEL_STRING) {
        ADD(b, locals, "char v_%s[%u]%s;", name, item->use.max + 1, zero);
        if (is_in) {
            ADD(b, checks, "cg_text(g, p_%s, a[%u], v_%s)", name, arg->at[PLAN_ROLE_COUNT], name);
        }
    } else if (item->use.kind == MODEL_RECORD) {
        ADD(b, locals, is_in ? "%s v_%s;" : "%s v_%s = {0};", type, name);
        if (is_in) {
            ADD(b, checks, "cg_read(g, get_%s_%s_%s(p_%s, &v_%s, 0))", b->api, item->use.type->name, b->m->plan->class_name, name, name);
        }
    } else if (item->use.kind == MODEL_LIST) {
        ADD(b, locals, "%s v_%s[%u]%s;", type, name, item->use.max, zero);
        if (is_in) {
            ADD(b, checks, "cg_read(g, list_get_%s(p_%s, a[%u], v_%s))", view_list_name(b->m, b->call, item), name, arg->at[PLAN_ROLE_COUNT], name);
        }
    }
}

/* ---- enums, flags, formats; guards ---- */

static void meaning_check(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (model_kind_is_named(item->use.kind)) {
        const char *known = view_known(b->m, item->use.type, "value");
        if (known != NULL) {
            check_add(b, arg, arena_printf(b->m->arena, "cg_known(g, known_%s_%s_%s(%s))", b->api, item->use.type->name, b->m->plan->class_name, body_value(b, arg)));
            size_t count = 0;
            const uint64_t *runs = model_has_presence(&item->use) ? NULL : body_runs(b, item->use.type, &count);
            if (runs != NULL) {
                body_op(b, 1, "KNOWN", arg, arg->at[PLAN_ROLE_VALUE], runs, count);
            }
        }
    }
    if (item->use.kind == MODEL_STRING && item->format == MODEL_FORMAT_URI) {
        ADD(b, checks, "cg_uri(g, v_%s, a[%u])", item->name, arg->at[PLAN_ROLE_COUNT]);
        body_op(b, 1, "URI", arg, BODY_NO_WORD, NULL, 0);
    }
}

void body_meanings(body_t *b, const plan_arg_t *arg)
{
    if (arg->item->direction != MODEL_OUT) {
        meaning_check(b, arg);
    }
}

void body_guards(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (arg->guard < 0) {
        return;
    }
    const char *guard = arena_printf(b->m->arena, "CG_GUARD_%s_%s_%s", b->API, view_upper(b->m, b->call->call->name), view_upper(b->m, item->name));
    if (item->use.kind == MODEL_STRING) {
        ADD(b, checks, "cg_guard_text(g, %s, v_%s, a[%u])", guard, item->name, arg->at[PLAN_ROLE_COUNT]);
        OP(b, 1, "GUARD_TEXT", arg, BODY_NO_WORD, (uint64_t)arg->guard);
    } else {
        check_add(b, arg, arena_printf(b->m->arena, "cg_guard_value(g, %s, (int64_t)%s)", guard, body_value(b, arg)));
        if (body_is_word(item) && !model_has_presence(&item->use)) {
            OP(b, 1, "GUARD", arg, arg->at[PLAN_ROLE_VALUE], (uint64_t)arg->guard);
        }
    }
}
