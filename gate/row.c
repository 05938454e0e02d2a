/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/row.c - a whole call from one table row: what glue a call does in the FAST build, for SMALL builds and for tracing. */
#undef CG_FAST
#define CG_FAST 1 /* helpers inline: each is called from one place here */
#include "callgate/body.h"
#include "callgate/trace.h"

enum { SHAPE_UNSIGNED = 0, SHAPE_SIGNED = 1, SHAPE_WIDE = 2 };

static bool to_words(cg_guest_t *g, const cg_row_t *row, const uint64_t *slots, bool is_typed, uint32_t *words)
{
    uint32_t shape = row->shape;
    for (uint32_t i = 0; i < row->slots; i++, shape >>= 2) {
        const uint32_t kind = shape & 3u;
        if (kind == SHAPE_WIDE) {
            *words++ = (uint32_t)slots[i];
            *words++ = (uint32_t)(slots[i] >> 32);
        } else if (is_typed) {
            *words++ = cg_low(&slots[i]);
        } else if (kind == SHAPE_SIGNED ? cg_is_s32(g, slots[i]) : cg_is_u32(g, slots[i])) {
            *words++ = (uint32_t)slots[i];
        } else {
            return false;
        }
    }
    return true;
}

/* All slots of a call in one array: the convention's own, then those that were spilled behind the address in its last one. */
static bool gather(cg_guest_t *g, const cg_row_t *row, const uint64_t *slots, uint32_t limit, uint64_t *all)
{
    if (row->slots <= limit) {
        memcpy(all, slots, sizeof *all * row->slots);
        return true;
    }
    memcpy(all, slots, sizeof *all * (limit - 1));
    return cg_spill(g, slots[limit - 1], all + (limit - 1), row->slots - (limit - 1));
}

static bool words_of(cg_guest_t *g, const cg_row_t *row, const uint64_t *slots, uint32_t limit, bool is_typed, uint32_t *words)
{
    if (row->slots <= limit) {
        return to_words(g, row, slots, is_typed, words);
    }
    uint64_t all[CG_ROW_SLOTS_MAX];
    return gather(g, row, slots, limit, all) && to_words(g, row, all, is_typed, words);
}

uint64_t cg_row_call(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed)
{
    if (!cg_enter(g, index)) {
        return cg_failed(g, index, 0, row->form);
    }
    uint32_t words[CG_ROW_WORDS_MAX];
    uint64_t result = 0;
    if (words_of(g, row, slots, limit, is_typed, words)) {
        result = row->ops != NULL ? cg_interpret(g, row, words) : row->body(g, words);
    }
    return cg_done(g, index, result, row->form);
}

bool cg_row_words(const cg_guest_t *g, const cg_row_t *row, const uint64_t *slots, uint32_t limit, bool is_typed, uint32_t *words)
{
    cg_guest_t look = {.windows = g->windows, .region_mask = g->region_mask, .offset_mask = g->offset_mask, .set = g->set, .policy = g->policy};
    return words_of(&look, row, slots, limit, is_typed, words);
}
