/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_slot.c - from the slots of a VM to the words of a body, on the host's side; and how the slots are called in imports. */
#include "gen/view.h"

#include <inttypes.h>

static const char *part_of(view_maker_t *m, const plan_slot_t *slot, uint32_t i)
{
    if (slot->kind != PLAN_SLOT_INT && !slot->is_wide) {
        return arena_printf(m->arena, "cg_low(&s[%u])", i);
    }
    return arena_printf(m->arena, slot->is_wide || m->plan->vm->slot_bits == 32 ? "(uint32_t)s[%u]" : "cg_word(&s[%u])", i);
}

/* The words of the body, as expressions of the slots: one each, two for a wide one. */
static must_list_t words(view_maker_t *m, const plan_call_t *call)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < call->slot_count; i++) {
        view_add(m, &list, part_of(m, &call->slots[i], i));
        if (call->slots[i].is_wide) {
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
        if (slot->kind != PLAN_SLOT_INT || slot->is_wide || m->plan->vm->slot_bits == 32) {
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

/* The letter of a slot in a signature: i I f F where slots are typed or have 64 bits, large where the value may have 64; where cells have 16 bits h w d for one,
 * two and four of them, large where the value is extended by its sign. */
const char *view_slot_letter(const view_maker_t *m, const plan_slot_t *slot)
{
    static const char *const letters[] = {"I", "i", "I", "f", "F"};
    if (m->plan->vm->slot_bits != 16) {
        return letters[slot->kind];
    }
    return slot->cells == 1 ? (slot->is_signed ? "H" : "h") : slot->cells == 2 ? (slot->is_signed ? "W" : "w") : "d";
}

void view_slots(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t letters = {0};
    for (uint32_t i = 0; i < call->slot_count; i++) {
        view_add(m, &letters, view_slot_letter(m, &call->slots[i]));
    }
    const plan_slot_kind_t kind = call->result_kind;
    out->slot_letters = view_join(m, &letters, "");
    const plan_slot_t result = {.kind = kind, .cells = 1, .is_signed = true};
    out->result_letter = view_slot_letter(m, &result);
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
