/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_slot.c - from the slots of a VM to the words of a body, on the host's side; and how the slots are called in imports. */
#include "gen/view.h"

#include <inttypes.h>

static const char *part_of(view_maker_t *m, const plan_slot_t *slot, uint32_t i)
{
    const uint32_t slot_bits = m->plan->vm->slot_bits;
    if (slot->kind != PLAN_SLOT_INT && !slot->is_wide) {
        return arena_printf(m->arena, "cg_low(&s[%u])", i);
    }
    if (slot_bits == 64 && !slot->is_wide && slot->shift == 0) {
        return arena_printf(m->arena, "cg_word(&s[%u])", i);
    }
    if (slot_bits == 16 && slot->is_signed) {
        return arena_printf(m->arena, "(uint32_t)(int32_t)(int16_t)s[%u]%s", i, slot->shift == 0 ? "" : " << 16");
    }
    return slot->shift == 0 ? arena_printf(m->arena, "(uint32_t)s[%u]", i) : arena_printf(m->arena, "(uint32_t)s[%u] << %u", i, slot->shift);
}

/* The words of the body, as expressions of the slots. */
static must_list_t words(view_maker_t *m, const plan_call_t *call)
{
    texts_t list = {0};
    const char *word = NULL;
    for (uint32_t i = 0; i < call->slot_count; i++) {
        const plan_slot_t *slot = &call->slots[i];
        const char *part = part_of(m, slot, i);
        const bool goes_on = i + 1 < call->slot_count && call->slots[i + 1].word == slot->word;
        word = word == NULL ? part : arena_printf(m->arena, "%s | %s", word, part);
        if (!goes_on) {
            view_add(m, &list, word);
            word = NULL;
        }
        if (slot->is_wide) {
            view_addf(m, &list, "(uint32_t)(s[%u] >> 32)", i);
        }
    }
    return view_list(&list);
}

/* Untyped slots of 64 bits hold values of at most 32: nothing else may be in them. Unsigned ones are looked at all at once. */
static must_list_t extensions(view_maker_t *m, const plan_call_t *call)
{
    texts_t list = {0};
    const char *high = NULL;
    for (uint32_t i = 0; i < call->slot_count; i++) {
        const plan_slot_t *slot = &call->slots[i];
        if (slot->kind != PLAN_SLOT_INT || slot->is_wide || m->plan->vm->slot_bits != 64) {
            continue;
        }
        if (slot->is_signed) {
            view_addf(m, &list, "cg_is_s32(g, s[%u])", i);
        } else {
            high = high == NULL ? arena_printf(m->arena, "cg_high(&s[%u])", i) : arena_printf(m->arena, "%s | cg_high(&s[%u])", high, i);
        }
    }
    if (high != NULL) {
        view_addf(m, &list, "cg_is_none(g, %s)", high);
    }
    return view_list(&list);
}

static const char *shape(view_maker_t *m, const plan_call_t *call)
{
    uint32_t bits = 0;
    for (uint32_t i = 0; i < call->slot_count && i < 16; i++) {
        const plan_slot_t *slot = &call->slots[i];
        bits |= (slot->is_wide ? 2u : slot->is_signed ? 1u : 0u) << (2 * i);
    }
    return arena_printf(m->arena, "0x%" PRIx32 "u", bits);
}

const char *view_slot_letter(plan_slot_kind_t kind)
{
    static const char *const letters[] = {"I", "i", "I", "f", "F"};
    return letters[kind];
}

void view_slots(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t letters = {0};
    for (uint32_t i = 0; i < call->slot_count; i++) {
        view_add(m, &letters, view_slot_letter(call->slots[i].kind));
    }
    const plan_slot_kind_t kind = call->result_kind;
    out->slot_letters = view_join(m, &letters, "");
    out->result_letter = view_slot_letter(kind);
    out->signature = arena_printf(m->arena, "(%s)%s", out->slot_letters, out->result_letter);
    out->is_result_wide = kind == PLAN_SLOT_I64 || kind == PLAN_SLOT_F64 || kind == PLAN_SLOT_INT;
    out->words = words(m, call);
    out->unpack = extensions(m, call);
    out->has_unpack = out->unpack.count > 0;
    out->shape = shape(m, call);
    out->slot_count = call->slot_count;
    out->word_count = call->word_count;
    out->has_words = call->word_count > 0;
    out->has_spill = call->spill_count > 0;
    out->own_slot_count = call->slot_count - call->spill_count;
    out->spill_count = call->spill_count;
}
