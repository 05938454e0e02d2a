/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_place.c - sizes, addresses and bytes of items.
 * All items start at their smallest size. Sizes are computed from the addresses of the pass before and only grow, so the passes end, and
 * with the smallest sizes that fit each other. */
#include "asm_inside.h"

enum { CODE_MAX = ASM_CODE_MAX };

/* The value of an item's operand, 0 where it cannot be computed; then nothing is known of it. */
static bool operand(assembler_t *as, const item_t *item, int64_t low, int64_t high, int64_t *value)
{
    *value = item->add;
    if (item->expr.at == NULL) {
        return true;
    }
    if (!asm_value(as, &item->expr, low - item->add, high - item->add, value)) {
        *value = 0;
        return false;
    }
    *value += item->add;
    return true;
}

/* A value of 16 bits, with or without sign, as a signed one. */
static bool word(assembler_t *as, const item_t *item, int64_t *value)
{
    const bool good = operand(as, item, -32768, 65535, value);
    *value = *value > 32767 ? *value - 65536 : *value;
    return good;
}

static uint32_t push_size(int64_t value)
{
    if (value >= -4 && value <= 3) {
        return 1;
    }
    return value >= -128 && value <= 255 ? 2 : 3;
}

/* The size an item needs now. */
static uint32_t size_of(assembler_t *as, const item_t *item)
{
    int64_t value;
    switch (item->kind) {
    case ITEM_LABEL:
    case ITEM_CONST:
        return 0;
    case ITEM_SMALL:
    case ITEM_LOCAL:
    case ITEM_BYTE:
        return 1;
    case ITEM_WORD:
        return 2;
    case ITEM_PUSH:
        (void)word(as, item, &value);
        return push_size(value);
    case ITEM_BRANCH:
        if (!operand(as, item, 0, CODE_MAX, &value)) {
            return 2;
        }
        value -= item->address;
        return value >= -128 && value <= 127 ? 2 : 3;
    case ITEM_ACCESS:
        (void)operand(as, item, -32768, 65535, &value);
        return value >= 0 && value <= 255 ? 2 : 3;
    case ITEM_SPACE:
        (void)operand(as, item, 0, CODE_MAX, &value);
        return (uint32_t)value;
    case ITEM_STRING:
        return item->size;
    }
    return 0;
}

static uint32_t smallest(const item_t *item)
{
    switch (item->kind) {
    case ITEM_LABEL:
    case ITEM_CONST:
    case ITEM_SPACE:
        return 0;
    case ITEM_SMALL:
    case ITEM_LOCAL:
    case ITEM_PUSH:
    case ITEM_BYTE:
        return 1;
    case ITEM_BRANCH:
    case ITEM_ACCESS:
    case ITEM_WORD:
        return 2;
    case ITEM_STRING:
        return item->size;
    }
    return 0;
}

static bool set_symbol(assembler_t *as, const item_t *item, int64_t value, bool known)
{
    symbol_t *const symbol = ASM_GET(&as->symbols, symbol_t, item->symbol);
    const bool changed = symbol->value != value || symbol->known != known;
    symbol->value = value;
    symbol->known = known;
    return changed;
}

/* Give all items their addresses, and symbols their values. Whether one of those changed. */
static bool set_addresses(assembler_t *as)
{
    bool changed = false;
    uint64_t here = 0;
    for (uint32_t i = 0; i < as->items.count; i++) {
        item_t *const item = ASM_GET(&as->items, item_t, i);
        item->address = here < UINT32_MAX ? (uint32_t)here : UINT32_MAX;
        here += item->size;
        if (item->kind == ITEM_LABEL) {
            changed = set_symbol(as, item, item->address, true) || changed;
        } else if (item->kind == ITEM_CONST) {
            place_t at = item->expr;
            int64_t value = 0;
            as->unknown = false;
            const bool good = asm_expr(as, &at, &value);
            changed = set_symbol(as, item, good ? value : 0, good && !as->unknown) || changed;
        }
    }
    as->code_size = here < UINT32_MAX ? (uint32_t)here : UINT32_MAX;
    return changed;
}

/* Let all items grow to the sizes they need. Whether one did. */
static bool grow(assembler_t *as)
{
    bool grown = false;
    for (uint32_t i = 0; i < as->items.count; i++) {
        item_t *const item = ASM_GET(&as->items, item_t, i);
        const uint32_t size = size_of(as, item);
        if (size > item->size) {
            item->size = size;
            grown = true;
        }
    }
    return grown;
}

/* Constants may stand on constants further down; each pass makes at least one more known. */
static void set_all_addresses(assembler_t *as)
{
    for (uint32_t i = 0; i <= as->symbols.count && asm_works(as, as->items.count) && set_addresses(as); i++) {
    }
}

void asm_place(assembler_t *as)
{
    as->stage = STAGE_PLACE;
    for (uint32_t i = 0; i < as->items.count; i++) {
        item_t *const item = ASM_GET(&as->items, item_t, i);
        item->size = smallest(item);
    }
    do {
        set_all_addresses(as);
    } while (as->code_size <= CODE_MAX && asm_works(as, as->items.count) && grow(as));
}

static void put16(uint8_t *to, int64_t value)
{
    to[0] = (uint8_t)((uint64_t)value >> 8);
    to[1] = (uint8_t)value;
}

static void emit_push(assembler_t *as, const item_t *item, uint8_t *to)
{
    int64_t value;
    if (!word(as, item, &value)) {
        return;
    }
    if (item->size == 1) {
        to[0] = (uint8_t)(0x90u | ((uint64_t)value & 7u));
    } else if (item->size == 2) {
        to[0] = value < 0 ? 0x99 : 0x98;
        to[1] = (uint8_t)value;
    } else {
        to[0] = 0x9a;
        put16(to + 1, value);
    }
}

/* Opcode and an operand of one byte, or the next opcode and one of two. */
static void emit_short_or_long(const item_t *item, uint8_t *to, int64_t value)
{
    to[0] = (uint8_t)(item->opcode + (item->size == 3 ? 1u : 0u));
    if (item->size == 3) {
        put16(to + 1, value);
    } else {
        to[1] = (uint8_t)value;
    }
}

static void emit_small(assembler_t *as, const item_t *item, uint8_t *to)
{
    int64_t value = item->low;
    if (item->expr.at != NULL && !operand(as, item, item->low, item->high, &value)) {
        return;
    }
    if (item->kind == ITEM_LOCAL) {
        value = item->is_argument ? -1 - value : value;
        to[0] = (uint8_t)(item->opcode | ((uint64_t)value & 0x3fu));
    } else {
        to[0] = (uint8_t)(item->opcode + ((uint64_t)(value - item->low) << item->shift));
    }
}

static void emit_string(assembler_t *as, const item_t *item, uint8_t *to)
{
    place_t at = item->start;
    at.at++;
    for (uint32_t i = 0; i < item->size; i++) {
        (void)asm_char(as, &at, '"', &to[i]);
    }
}

static void emit_const(assembler_t *as, const item_t *item)
{
    place_t at = item->expr;
    int64_t value;
    if (asm_expr(as, &at, &value) && !ASM_GET(&as->symbols, symbol_t, item->symbol)->known) {
        (void)asm_error(as, &item->start, "the value of this constant depends on itself");
    }
}

static void emit_space(assembler_t *as, const item_t *item)
{
    int64_t value;
    if (operand(as, item, 0, CODE_MAX, &value) && value != item->size) {
        (void)asm_error(as, &item->expr, "the size of this space depends on what it moves");
    }
}

static void emit_item(assembler_t *as, const item_t *item, uint8_t *to)
{
    int64_t value = 0;
    switch (item->kind) {
    case ITEM_LABEL: break;
    case ITEM_CONST: emit_const(as, item); break;
    case ITEM_SMALL:
    case ITEM_LOCAL: emit_small(as, item, to); break;
    case ITEM_PUSH: emit_push(as, item, to); break;
    case ITEM_BRANCH:
        (void)operand(as, item, 0, CODE_MAX, &value);
        emit_short_or_long(item, to, value - item->address);
        break;
    case ITEM_ACCESS:
        (void)operand(as, item, -32768, 65535, &value);
        emit_short_or_long(item, to, value);
        break;
    case ITEM_BYTE:
        (void)operand(as, item, -128, 255, &value);
        to[0] = (uint8_t)value;
        break;
    case ITEM_WORD:
        (void)word(as, item, &value);
        put16(to, value);
        break;
    case ITEM_SPACE: emit_space(as, item); break;
    case ITEM_STRING: emit_string(as, item, to); break;
    }
}

void asm_emit(assembler_t *as)
{
    as->stage = STAGE_EMIT;
    for (uint32_t i = 0; i < as->items.count; i++) {
        const item_t *const item = ASM_GET(&as->items, item_t, i);
        if (item->address + (uint64_t)item->size > CODE_MAX) {
            (void)asm_error(as, &item->start, "the program gets larger than 65535 bytes here");
            return;
        }
        emit_item(as, item, as->code + item->address);
    }
}
