/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_ops.c - a body as a descriptor: ops as texts, and whether they say all that the compiled lines say.
 * The stages of view_check.c and view_give.c add each op beside the lines it stands for. A line without an op makes the call a compiled one, so no check can be lost. */
#include "gen/view_body.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELLS_MAX = 8, EXTENTS_MAX = 8, COPY_MAX = 640 }; /* CG_ROW_CELLS_MAX ... of callgate/body.h; rows.c asserts that they agree */

enum { OP_TEXT_MAX = 1024 }; /* an op names at most a closed enum's runs; a longer one makes the call a compiled one */

/* Decimal digits of a byte, and ", " before it. False if it does not fit. */
static bool byte_text(char *text, size_t *used, uint64_t byte)
{
    if (*used + 6 > OP_TEXT_MAX) {
        return false;
    }
    text[(*used)++] = ',';
    text[(*used)++] = ' ';
    if (byte >= 100) {
        text[(*used)++] = (char)('0' + byte / 100);
    }
    if (byte >= 10) {
        text[(*used)++] = (char)('0' + byte / 10 % 10);
    }
    text[(*used)++] = (char)('0' + byte % 10);
    return true;
}

/* Seven bits a byte, lowest first; all but the last have their high bit set. */
static bool number_text(char *text, size_t *used, uint64_t value)
{
    for (; value > 127; value >>= 7) {
        if (!byte_text(text, used, (value & 127) | 128)) {
            return false;
        }
    }
    return byte_text(text, used, value);
}

/* Ops are written by hand rather than by printf: there are several for each call. */
void body_op(body_t *b, uint32_t covers, const char *name, const plan_arg_t *arg, uint32_t word, const uint64_t *numbers, size_t count)
{
    char text[OP_TEXT_MAX];
    const size_t cell = arg == NULL ? 0 : (size_t)(arg - b->call->args);
    const int begun = cell == 0 ? snprintf(text, sizeof text, "CG_ROW_%s", name) : snprintf(text, sizeof text, "CG_ROW_%s | %zu << 5", name, cell);
    size_t used = (size_t)begun;
    bool is_whole = begun > 0 && used < sizeof text && (word == BODY_NO_WORD || byte_text(text, &used, word));
    for (size_t i = 0; is_whole && i < count; i++) {
        is_whole = number_text(text, &used, numbers[i]);
    }
    view_add(b->m, &b->ops, arena_text(b->m->arena, text, used));
    b->covered += covers;
    b->is_compiled = b->is_compiled || !is_whole;
}

uint32_t body_copy_at(body_t *b, const plan_arg_t *arg, uint32_t size)
{
    const uint32_t at = b->copy;
    b->copy_at[arg - b->call->args] = at;
    b->copy += size;
    return at;
}

uint32_t body_copied(const body_t *b, const plan_arg_t *arg)
{
    return b->copy_at[arg - b->call->args];
}

const char *body_cell(body_t *b, const plan_arg_t *arg, const char *member)
{
    return arena_printf(b->m->arena, "v[%zu].%s", (size_t)(arg - b->call->args), member);
}

bool body_is_word(const model_item_t *item)
{
    const model_kind_t kind = model_carrier(&item->use);
    return !model_kind_is_float(kind) && !model_kind_is_signed(kind) && (kind == MODEL_BOOL || model_kind_bits(kind) <= 32);
}

static int by_value(const void *left, const void *right)
{
    const int64_t a = ((const model_value_t *)left)->value;
    const int64_t b = ((const model_value_t *)right)->value;
    return a < b ? -1 : a > b;
}

const uint64_t *body_runs(body_t *b, const model_type_t *type, size_t *count)
{
    if (type->kind != MODEL_ENUM || type->open || model_kind_is_signed(type->base) || model_kind_bits(type->base) > 32 || type->value_count == 0) {
        return NULL;
    }
    model_value_t *sorted = arena_array(b->m->arena, type->value_count, sizeof *sorted);
    uint64_t *numbers = arena_array(b->m->arena, 1 + 2 * (size_t)type->value_count, sizeof *numbers);
    memcpy(sorted, type->values, type->value_count * sizeof *sorted);
    qsort(sorted, type->value_count, sizeof *sorted, by_value);
    int64_t end = 0;
    *count = 1;
    for (uint32_t i = 0; i < type->value_count; i++) {
        const uint32_t first = i;
        while (i + 1 < type->value_count && sorted[i + 1].value == sorted[i].value + 1) {
            i += 1;
        }
        numbers[*count] = (uint64_t)(sorted[first].value - end);
        numbers[*count + 1] = (uint64_t)(sorted[i].value - sorted[first].value);
        end = sorted[i].value;
        *count += 2;
    }
    numbers[0] = *count / 2;
    return numbers;
}

static size_t lines(const body_t *b)
{
    return b->checks.count + b->after.count + b->undo.count + b->final.count;
}

void body_stage_done(body_t *b)
{
    b->is_compiled = b->is_compiled || b->covered != lines(b);
}

void body_invoke(body_t *b)
{
    if (!b->call->is_value) {
        OP(b, 0, "INVOKE", NULL, BODY_NO_WORD, b->call->call->fail_mask);
    } else {
        body_op(b, 0, "VALUE", &b->call->args[b->call->result], BODY_NO_WORD, NULL, 0);
        b->is_compiled = b->is_compiled || b->call->result < 0 || !body_is_word(b->call->args[b->call->result].item);
    }
}

/* Every line is covered, and the call fits the frame of an interpreted one. */
static bool is_described(const body_t *b)
{
    return !b->is_compiled && b->covered == lines(b) && b->thunk_actuals.count == b->actuals.count && b->call->call->args.count <= CELLS_MAX && b->extent_count <= EXTENTS_MAX && b->copy <= COPY_MAX;
}

void view_ops(body_t *b, view_call_t *out)
{
    out->is_described = is_described(b);
    out->copy = b->copy;
    out->ops_end = b->ops_end == NULL ? "CG_ROW_END" : b->ops_end;
    out->ops = view_list(&b->ops);
    out->thunk_locals = view_list(&b->thunk_locals);
    out->thunk_after = view_list(&b->thunk_after);
    out->thunk_invoke = arena_printf(b->m->arena, "host_%s_%s(%s)", b->api, b->call->call->name, view_join(b->m, &b->thunk_actuals, ", "));
}
