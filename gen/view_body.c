/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_body.c - the lines of a body: every check of a call, in the one order that all VMs share.
 *
 * widths and ranges > handles > memory ranges, overlap > room for handles > copy in > enums and flags, formats > guards > invoke >
 * what was given away is gone > owned handles > the host's promises > lent handles > copy out. First failure wins (doc/abi.md). Templates only place these lines.
 * What comes before the host function is made in view_check.c, the call of it and what follows in view_give.c; their order only here. */
#include "gen/view_body.h"

#include <inttypes.h>

const char *body_word(body_t *b, uint32_t index)
{
    return arena_printf(b->m->arena, "a[%u]", index);
}

/* The checked C value of a scalar input, as an expression of words. */
const char *body_value(body_t *b, const plan_arg_t *arg)
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
    return kind == MODEL_U32 ? body_word(b, w) : arena_printf(arena, "(%s)a[%u]", view_c_type(kind), w);
}

const char *body_type(body_t *b, const model_item_t *item)
{
    return arena_printf(b->m->arena, "CG_TYPE_%s_%s", b->API, view_upper(b->m, item->use.type->name));
}

const char *body_capacity(body_t *b, const plan_arg_t *arg)
{
    const uint32_t cap = arg->at[PLAN_ROLE_CAPACITY];
    return arena_printf(b->m->arena, "a[%u] < %uu ? a[%u] : %uu", cap, arg->item->use.max, cap, arg->item->use.max);
}

uint32_t body_count_size(const body_t *b)
{
    return b->m->plan->vm->address_bits / 8;
}

typedef void stage_t(body_t *b, const plan_arg_t *arg);

static void each(body_t *b, stage_t *stage)
{
    for (uint32_t i = 0; i < b->call->call->args.count; i++) {
        stage(b, &b->call->args[i]);
        body_stage_done(b);
    }
}

/* The order of all checks, in this one place. */
static void stages(body_t *b)
{
    each(b, body_widths);
    each(b, body_handles);
    body_distinct(b);
    each(b, body_ranges);
    body_overlaps(b);
    body_room(b);
    each(b, body_copy_in);
    each(b, body_meanings);
    each(b, body_guards);
    each(b, body_results);
    each(b, body_actuals);
    body_invoke(b);
    body_owned(b);
    each(b, body_promises);
    body_value_promise(b);
    each(b, body_lent);
    each(b, body_give);
}

void view_body(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    body_t b = {.m = m, .call = call, .api = call->api->model->name};
    b.API = view_upper(m, b.api);
    view_add(m, &b.actuals, "g");
    view_add(m, &b.thunk_actuals, "g");
    stages(&b);
    out->result = body_result(&b);
    view_ops(&b, out);
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
