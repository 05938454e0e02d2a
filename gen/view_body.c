/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_body.c - the lines of a body: every check of a call, in the one order that all VMs share.
 *
 * widths and ranges > handles > memory ranges, overlap > room for handles > copy in > enums and flags, formats > guards > invoke >
 * what was given away is gone > owned handles > the host's promises > lent handles > copy out. First failure wins (doc/abi.md). Templates only place these lines. */
#include "gen/view.h"

#include <inttypes.h>

/* One range of guest memory that the call uses. */
typedef struct extent {
    const char *at, *size; /* C expressions */
    bool is_written;
} extent_t;

typedef struct body {
    view_maker_t *m;
    const plan_call_t *call;
    const char *api, *API;
    texts_t locals, checks, after, undo, final, actuals;
    extent_t extents[3 * MODEL_ARGS_MAX];
    uint32_t extent_count;
} body_t;

#define ADD(b, list, ...) view_addf((b)->m, &(b)->list, __VA_ARGS__)

static const char *word(body_t *b, uint32_t index)
{
    return arena_printf(b->m->arena, "a[%u]", index);
}

/* The checked C value of a scalar input, as an expression of words. */
static const char *value_of(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const uint32_t w = arg->at[PLAN_ROLE_VALUE];
    const model_kind_t kind = model_carrier(&item->use);
    arena_t *arena = b->m->arena;
    if (model_kind_is_float(kind)) {
        return arena_printf(arena, "v_%s", item->name);
    }
    if (model_kind_bits(kind) == 64) {
        return arena_printf(arena, "(%s)((uint64_t)a[%u] << 32 | a[%u])", view_c_type(kind), w + 1, w);
    }
    if (kind == MODEL_BOOL) {
        return arena_printf(arena, "(a[%u] != 0)", w);
    }
    return kind == MODEL_U32 ? word(b, w) : arena_printf(arena, "(%s)a[%u]", view_c_type(kind), w);
}

/* ---- 1: widths and ranges of scalars ---- */

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
    if (item->range.present) {
        const char sign = model_kind_is_signed(kind) ? 's' : 'u';
        check_add(b, arg, arena_printf(b->m->arena, "cg_range_%c(g, %s, %s, %s)", sign, value_of(b, arg),
                                       view_integer(b->m, kind, item->range.min), view_integer(b->m, kind, item->range.max)));
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

/* ---- 2: handles ---- */

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

static const char *type_name(body_t *b, const model_item_t *item)
{
    return arena_printf(b->m->arena, "CG_TYPE_%s_%s", b->API, view_upper(b->m, item->use.type->name));
}

static void handle_check(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *type = type_name(b, item);
    ADD(b, locals, "void *v_%s;", item->name);
    if (item->use.optional) {
        ADD(b, checks, "cg_get_optional(g, a[%u], %s, %s, &v_%s)", arg->at[PLAN_ROLE_VALUE], type, right_of(b->call->call), item->name);
    } else {
        ADD(b, checks, "(v_%s = cg_get(g, a[%u], %s, %s)) != NULL", item->name, arg->at[PLAN_ROLE_VALUE], type, right_of(b->call->call));
    }
    if (item->use.own) {
        ADD(b, checks, item->use.optional ? "(a[%u] == 0 || cg_is_owned(g, a[%u]))" : "cg_is_owned(g, a[%u])", arg->at[PLAN_ROLE_VALUE], arg->at[PLAN_ROLE_VALUE]);
        ADD(b, final, "cg_consume(g, a[%u]);", arg->at[PLAN_ROLE_VALUE]);
    }
}

/* An object that is given away cannot also be an argument in another place. */
static void handles_distinct(body_t *b)
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

/* ---- 3: memory ranges ---- */

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
    extent_add(b, word(b, w), arena_printf(b->m->arena, "%uu", size), true);
}

static void buffer_in_range(body_t *b, const plan_arg_t *arg)
{
    const char *name = arg->item->name;
    const char *count = word(b, arg->at[PLAN_ROLE_COUNT]);
    const char *bytes = bytes_of(b, arg, count);
    ADD(b, locals, "const uint8_t *p_%s;", name);
    ADD(b, checks, "cg_count_in(g, %s, %uu, %uu)", count, arg->item->use.max, arg->size);
    ADD(b, checks, "(p_%s = cg_in(g, a[%u], %s)) != NULL", name, arg->at[PLAN_ROLE_ADDRESS], bytes);
    extent_add(b, word(b, arg->at[PLAN_ROLE_ADDRESS]), bytes, false);
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
    extent_add(b, word(b, arg->at[PLAN_ROLE_ADDRESS]), arena_printf(b->m->arena, "n_%s", name), true);
    if (!arg->in_result) {
        out_address(b, arg->at[PLAN_ROLE_COUNT_ADDRESS], b->m->plan->vm->address_bits == 16 ? 2 : 4);
    }
}

static void memory_checks(body_t *b, const plan_arg_t *arg)
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
        extent_add(b, word(b, arg->at[PLAN_ROLE_ADDRESS]), arena_printf(b->m->arena, "%uu", arg->size), false);
    } else if (item->direction == MODEL_OUT && !arg->in_result) {
        if (model_has_presence(&item->use)) {
            out_address(b, arg->at[PLAN_ROLE_HAS_ADDRESS], 1);
        }
        out_address(b, arg->at[PLAN_ROLE_ADDRESS], arg->size);
    }
}

static void overlap_checks(body_t *b)
{
    for (uint32_t i = 0; i < b->extent_count; i++) {
        for (uint32_t k = i + 1; k < b->extent_count; k++) {
            if (b->extents[i].is_written || b->extents[k].is_written) {
                ADD(b, checks, "cg_apart(g, %s, %s, %s, %s)", b->extents[i].at, b->extents[i].size, b->extents[k].at, b->extents[k].size);
            }
        }
    }
}

/* ---- 4: room ---- */

static void room_checks(body_t *b)
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
            ADD(b, checks, "cg_room_own(g, %s, %u)", type_name(b, item), same);
        } else if (is_first) {
            ADD(b, checks, "cg_room_lent(g, %s)", type_name(b, item));
        }
    }
}

/* ---- 5: copy in ---- */

/* Buffers that go back to the guest begin as zeros: a host function that says more than it wrote gives away nothing of the stack. */
static void copy_in(body_t *b, const plan_arg_t *arg)
{
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
            ADD(b, checks, "cg_read(g, list_get_%s_%s_%s(p_%s, a[%u], v_%s))", b->api, b->call->call->name, name, name, arg->at[PLAN_ROLE_COUNT], name);
        }
    }
}

/* ---- 6 and 7: enums, flags, formats; guards ---- */

static void meaning_check(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (model_kind_is_named(item->use.kind)) {
        const char *known = view_known(b->m, item->use.type, "value");
        if (known != NULL) {
            check_add(b, arg, arena_printf(b->m->arena, "cg_known(g, known_%s_%s(%s))", b->api, item->use.type->name, value_of(b, arg)));
        }
    }
    if (item->use.kind == MODEL_STRING && item->format == MODEL_FORMAT_URI) {
        ADD(b, checks, "cg_uri(g, v_%s, a[%u])", item->name, arg->at[PLAN_ROLE_COUNT]);
    }
}

static void guard_check(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (arg->guard < 0) {
        return;
    }
    const char *guard = arena_printf(b->m->arena, "CG_GUARD_%s_%s_%s", b->API, view_upper(b->m, b->call->call->name), view_upper(b->m, item->name));
    if (item->use.kind == MODEL_STRING) {
        ADD(b, checks, "cg_guard_text(g, %s, v_%s, a[%u])", guard, item->name, arg->at[PLAN_ROLE_COUNT]);
    } else {
        check_add(b, arg, arena_printf(b->m->arena, "cg_guard_value(g, %s, (int64_t)%s)", guard, value_of(b, arg)));
    }
}

/* ---- 8: invoke ---- */

static const char *capacity_of(body_t *b, const plan_arg_t *arg)
{
    const uint32_t cap = arg->at[PLAN_ROLE_CAPACITY];
    return arena_printf(b->m->arena, "a[%u] < %uu ? a[%u] : %uu", cap, arg->item->use.max, cap, arg->item->use.max);
}

static void actual_buffer(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *name = item->name;
    const char *count = item->direction == MODEL_INOUT ? word(b, arg->at[PLAN_ROLE_COUNT]) : "0";
    if (item->direction == MODEL_IN) {
        switch ((int)item->use.kind) {
        case MODEL_BYTES:
            ADD(b, actuals, "(cg_bytes_t){p_%s, a[%u]}", name, arg->at[PLAN_ROLE_COUNT]);
            return;
        case MODEL_STRING:
            ADD(b, actuals, "(cg_text_t){v_%s, a[%u]}", name, arg->at[PLAN_ROLE_COUNT]);
            return;
        default:
            ADD(b, actuals, "v_%s, a[%u]", name, arg->at[PLAN_ROLE_COUNT]);
            return;
        }
    }
    if (item->use.kind == MODEL_LIST) {
        ADD(b, locals, "uint32_t c_%s;", name);
        view_addf(b->m, &b->actuals, "v_%s, %s, (c_%s = %s, &c_%s)", name, capacity_of(b, arg), name, count, name);
        return;
    }
    const bool is_text = item->use.kind == MODEL_STRING;
    ADD(b, locals, "%s b_%s;", is_text ? "cg_text_buffer_t" : "cg_buffer_t", name);
    ADD(b, actuals, "(b_%s = (%s){%c_%s, %s, %s}, &b_%s)", name, is_text ? "cg_text_buffer_t" : "cg_buffer_t", is_text ? 'v' : 'p', name, capacity_of(b, arg), count, name);
}

static void actual(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (model_kind_is_buffer(item->use.kind)) {
        actual_buffer(b, arg);
    } else if (item->direction == MODEL_IN && item->use.kind == MODEL_RECORD) {
        ADD(b, actuals, "&v_%s", item->name);
    } else if (item->direction == MODEL_IN && item->use.kind == MODEL_HANDLE) {
        ADD(b, actuals, "v_%s", item->name);
    } else if (item->direction == MODEL_IN) {
        if (model_has_presence(&item->use)) {
            ADD(b, actuals, "a[%u] != 0, a[%u] != 0 ? %s : 0", arg->at[PLAN_ROLE_PRESENT], arg->at[PLAN_ROLE_PRESENT], value_of(b, arg));
        } else {
            view_add(b->m, &b->actuals, value_of(b, arg));
        }
    } else if (!b->call->is_value) {
        if (model_has_presence(&item->use)) {
            ADD(b, locals, "bool has_%s = false;", item->name);
            ADD(b, actuals, "&has_%s", item->name);
        }
        ADD(b, actuals, "&v_%s", item->name);
    }
}

/* ---- 9: what the host gave ---- */

static void out_local(body_t *b, const plan_arg_t *arg)
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
    return arena_printf(b->m->arena, "cg_%s(g, %s, v_%s, %s, &h_%s)", item->use.own ? "own" : "lend", type_name(b, item), item->name, item->use.optional ? "true" : "false", item->name);
}

/* All objects that the host gives away go into the table before anything can fail, so that undoing finds each of them: no && between several. */
static void owned_made(body_t *b)
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
        } else if (is_made(&args->at[i], true)) {
            ADD(b, locals, "bool made_%s;", args->at[i].name);
        }
    }
    if (makes.count > 1) {
        ADD(b, after, "(%s, %s)", view_join(b->m, &makes, ", "), view_join(b->m, &names, " && "));
    }
}

static void lent_made(body_t *b, const plan_arg_t *arg)
{
    if (is_made(arg->item, false)) {
        view_add(b->m, &b->after, made(b, arg->item));
    }
}

static const char *kept_value(body_t *b, const model_item_t *item, const char *value)
{
    const char *range = view_in_range(b->m, item, value);
    const bool is_named = model_kind_is_named(item->use.kind);
    if (is_named && view_known(b->m, item->use.type, "value") != NULL) {
        return arena_printf(b->m->arena, "known_%s_%s(%s)", b->api, item->use.type->name, value);
    }
    return range;
}

static void promise(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *name = item->name;
    if (item->direction == MODEL_IN) {
        return;
    }
    /* Compared with what the gate gave, not with what the host function left in its own arguments. */
    if (item->use.kind == MODEL_BYTES) {
        ADD(b, after, "cg_host_kept(g, b_%s.count <= (%s))", name, capacity_of(b, arg));
    } else if (item->use.kind == MODEL_STRING) {
        ADD(b, after, "cg_host_kept(g, b_%s.text == v_%s && b_%s.count <= (%s))", name, name, name, capacity_of(b, arg));
        ADD(b, after, "cg_host_text(g, &b_%s)", name);
    } else if (item->use.kind == MODEL_LIST) {
        ADD(b, after, "cg_host_kept(g, c_%s <= (%s) && list_kept_%s_%s_%s(v_%s, c_%s))", name, capacity_of(b, arg), b->api, b->call->call->name, name, name, name);
    } else if (item->use.kind == MODEL_RECORD) {
        if (!b->call->api->records[item->use.type->index].is_plain) {
            ADD(b, after, "cg_host_kept(g, kept_%s_%s_%s(&v_%s))", b->api, item->use.type->name, b->m->plan->class_name, name);
        }
    } else if (model_kind_is_scalar(item->use.kind) && !b->call->is_value) {
        const char *kept = kept_value(b, item, arena_printf(b->m->arena, "v_%s", name));
        if (kept != NULL) {
            ADD(b, after, model_has_presence(&item->use) ? "(!has_%s || cg_host_kept(g, %s))" : "%.0scg_host_kept(g, %s)", name, kept);
        }
    }
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
        give = arena_printf(b->m->arena, "(memcpy(&bits_%s, &v_%s, %u), cg_give%u(g, a[%u], bits_%s))", item->name, item->name, bits / 8, bits, w, item->name);
    } else {
        const uint32_t bits = kind == MODEL_BOOL ? 8 : model_kind_bits(kind);
        give = arena_printf(b->m->arena, "cg_give%u(g, a[%u], (uint%u_t)v_%s)", bits, w, bits < 32 ? 32 : bits, item->name);
    }
    ADD(b, after, model_has_presence(&item->use) ? "(!has_%s || %s)" : "%.0s%s", item->name, give);
}

static void give_buffer(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    const char *name = item->name;
    const char *count = arena_printf(b->m->arena, item->use.kind == MODEL_LIST ? "c_%s" : "b_%s.count", name);
    if (item->use.kind == MODEL_STRING) {
        ADD(b, after, "cg_give(g, a[%u], v_%s, %s)", arg->at[PLAN_ROLE_ADDRESS], name, count);
    } else if (item->use.kind == MODEL_LIST) {
        ADD(b, after, "list_put_%s_%s_%s(g, a[%u], v_%s, %s)", b->api, b->call->call->name, name, arg->at[PLAN_ROLE_ADDRESS], name, count);
    }
    if (!arg->in_result) {
        ADD(b, after, "cg_give32(g, a[%u], %s)", arg->at[PLAN_ROLE_COUNT_ADDRESS], count);
    }
}

static void give(body_t *b, const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (item->direction == MODEL_IN || b->call->is_value) {
        return;
    }
    if (model_kind_is_buffer(item->use.kind)) {
        give_buffer(b, arg);
    } else if (item->use.kind == MODEL_RECORD) {
        ADD(b, after, "give_%s_%s_%s(g, a[%u], &v_%s)", b->api, item->use.type->name, b->m->plan->class_name, arg->at[PLAN_ROLE_ADDRESS], item->name);
    } else if (!arg->in_result) {
        if (item->use.kind == MODEL_HANDLE) {
            ADD(b, after, "cg_give32(g, a[%u], h_%s)", arg->at[PLAN_ROLE_ADDRESS], item->name);
        } else {
            give_scalar(b, arg);
        }
    }
}

/* ---- 10: the result ---- */

static const char *value_result(body_t *b, const model_item_t *item)
{
    const model_kind_t kind = model_carrier(&item->use);
    if (model_kind_is_float(kind)) {
        ADD(b, locals, "uint%u_t bits = 0;", model_kind_bits(kind));
        return arena_printf(b->m->arena, "(memcpy(&bits, &value, %u), bits)", model_kind_bits(kind) / 8);
    }
    return model_kind_is_signed(kind) ? "(uint64_t)(int64_t)value" : "value";
}

static const char *result(body_t *b)
{
    if (b->call->result < 0) {
        return "0";
    }
    const model_item_t *item = b->call->args[b->call->result].item;
    if (b->call->is_value) {
        return value_result(b, item);
    }
    const char *prefix = item->use.kind == MODEL_HANDLE ? "h_%s" : item->use.kind == MODEL_LIST ? "c_%s" : model_kind_is_buffer(item->use.kind) ? "b_%s.count" : "v_%s";
    return arena_printf(b->m->arena, prefix, item->name);
}

static void value_promise(body_t *b)
{
    if (b->call->is_value && b->call->result >= 0) {
        const char *kept = kept_value(b, b->call->args[b->call->result].item, "value");
        if (kept != NULL) {
            ADD(b, after, "cg_host_kept(g, %s)", kept);
        }
    }
}

typedef void stage_t(body_t *b, const plan_arg_t *arg);

static void stage_scalars(body_t *b, const plan_arg_t *arg)
{
    if (arg->item->direction == MODEL_IN && model_kind_is_scalar(arg->item->use.kind)) {
        scalar_widths(b, arg);
    }
}

static void stage_handles(body_t *b, const plan_arg_t *arg)
{
    if (arg->item->direction == MODEL_IN && arg->item->use.kind == MODEL_HANDLE) {
        handle_check(b, arg);
    }
}

static void stage_meaning(body_t *b, const plan_arg_t *arg)
{
    if (arg->item->direction != MODEL_OUT) {
        meaning_check(b, arg);
    }
}

static void stage_guards(body_t *b, const plan_arg_t *arg)
{
    guard_check(b, arg);
}

static void each(body_t *b, stage_t *stage)
{
    for (uint32_t i = 0; i < b->call->call->args.count; i++) {
        stage(b, &b->call->args[i]);
    }
}

/* The order of the whole file in one place. */
static void stages(body_t *b)
{
    each(b, stage_scalars);
    each(b, stage_handles);
    handles_distinct(b);
    each(b, memory_checks);
    overlap_checks(b);
    room_checks(b);
    each(b, copy_in);
    each(b, stage_meaning);
    each(b, stage_guards);
    each(b, out_local);
    each(b, actual);
    owned_made(b);
    each(b, promise);
    value_promise(b);
    each(b, lent_made);
    each(b, give);
}

void view_body(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    body_t b = {.m = m, .call = call, .api = call->api->model->name};
    b.API = view_upper(m, b.api);
    view_add(m, &b.actuals, "g");
    stages(&b);
    out->result = result(&b);
    out->invoke = arena_printf(m->arena, "host_%s_%s(%s)", b.api, call->call->name, view_join(m, &b.actuals, ", "));
    out->locals = view_list(&b.locals);
    out->checks = view_list(&b.checks);
    out->after = view_list(&b.after);
    out->undo = view_list(&b.undo);
    out->final = view_list(&b.final);
    out->has_checks = b.checks.count > 0;
    out->has_after = b.after.count > 0;
    out->has_undo = b.undo.count > 0;
    out->fail_mask = arena_printf(m->arena, "0x%" PRIx32 "u", call->call->fail_mask);
}
