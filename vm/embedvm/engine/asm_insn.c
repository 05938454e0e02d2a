/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_insn.c - instructions: their names, opcodes and operands, as one table.
 * Called by asm_read.c; makes items, whose bytes are decided by asm_place.c. */
#include "asm_inside.h"

typedef enum form {
    FORM_PLAIN,  /* no operand */
    FORM_SMALL,  /* a number low..high in the opcode */
    FORM_PUSH,   /* a variable, local n, arg n, or an expression */
    FORM_POP,    /* a variable, local n, or arg n */
    FORM_GO,     /* a label, or top for another opcode */
    FORM_BRANCH, /* a label */
    FORM_RETURN, /* top, or nothing */
    FORM_ACCESS, /* address, [top], or address[top] */
    FORM_HOST,   /* the name of a host call */
    FORM_FUNCTION,
    FORM_END,
} form_t;

typedef struct instruction {
    const char *name;
    form_t form;
    uint8_t opcode;
    uint8_t other; /* with top for FORM_GO and FORM_RETURN, the shift for FORM_SMALL */
    uint8_t low, high;
} instruction_t;

static const instruction_t instructions[] = {
    {"push", FORM_PUSH, 0x00, 0, 0, 0},
    {"pop", FORM_POP, 0x40, 0, 0, 0},
    {"add", FORM_PLAIN, 0x80, 0, 0, 0},
    {"sub", FORM_PLAIN, 0x81, 0, 0, 0},
    {"mul", FORM_PLAIN, 0x82, 0, 0, 0},
    {"div", FORM_PLAIN, 0x83, 0, 0, 0},
    {"mod", FORM_PLAIN, 0x84, 0, 0, 0},
    {"shl", FORM_PLAIN, 0x85, 0, 0, 0},
    {"shr", FORM_PLAIN, 0x86, 0, 0, 0},
    {"and", FORM_PLAIN, 0x87, 0, 0, 0},
    {"or", FORM_PLAIN, 0x88, 0, 0, 0},
    {"xor", FORM_PLAIN, 0x89, 0, 0, 0},
    {"land", FORM_PLAIN, 0x8a, 0, 0, 0},
    {"lor", FORM_PLAIN, 0x8b, 0, 0, 0},
    {"not", FORM_PLAIN, 0x8c, 0, 0, 0},
    {"neg", FORM_PLAIN, 0x8d, 0, 0, 0},
    {"lnot", FORM_PLAIN, 0x8e, 0, 0, 0},
    {"return", FORM_RETURN, 0x9c, 0x9b, 0, 0},
    {"drop", FORM_PLAIN, 0x9d, 0, 0, 0},
    {"jump", FORM_GO, 0xa0, 0x9f, 0, 0},
    {"call", FORM_GO, 0xa2, 0x9e, 0, 0},
    {"jumpif", FORM_BRANCH, 0xa4, 0, 0, 0},
    {"jumpunless", FORM_BRANCH, 0xa6, 0, 0, 0},
    {"lt", FORM_PLAIN, 0xa8, 0, 0, 0},
    {"le", FORM_PLAIN, 0xa9, 0, 0, 0},
    {"eq", FORM_PLAIN, 0xaa, 0, 0, 0},
    {"ne", FORM_PLAIN, 0xab, 0, 0, 0},
    {"ge", FORM_PLAIN, 0xac, 0, 0, 0},
    {"gt", FORM_PLAIN, 0xad, 0, 0, 0},
    {"pushsp", FORM_PLAIN, 0xae, 0, 0, 0},
    {"pushsfp", FORM_PLAIN, 0xaf, 0, 0, 0},
    {"uf", FORM_SMALL, 0xb0, 0, 0, 15},
    {"load8u", FORM_ACCESS, 0xc0, 0, 0, 0},
    {"store8", FORM_ACCESS, 0xc8, 0, 0, 0},
    {"load8s", FORM_ACCESS, 0xd0, 0, 0, 0},
    {"load16", FORM_ACCESS, 0xe0, 0, 0, 0},
    {"store16", FORM_ACCESS, 0xe8, 0, 0, 0},
    {"bury", FORM_SMALL, 0xc5, 3, 0, 5},
    {"dig", FORM_SMALL, 0xc6, 3, 0, 5},
    {"zeros", FORM_SMALL, 0xf0, 0, 1, 8},
    {"nip", FORM_SMALL, 0xf8, 0, 1, 8},
    {"host", FORM_HOST, 0, 0, 0, 0},
    {"function", FORM_FUNCTION, 0, 0, 0, 0},
    {"end", FORM_END, 0, 0, 0, 0},
};

/* An item of this opcode; its operand, where it has one, is an expression that comes next. */
static item_t *operated(assembler_t *as, item_kind_t kind, const place_t *start, uint8_t opcode, place_t *at)
{
    place_t expr = {0};
    if (at != NULL && !asm_keep(as, at, &expr)) {
        return NULL;
    }
    item_t *const item = asm_item(as, kind, start);
    if (item != NULL) {
        item->opcode = opcode;
        item->expr = expr;
    }
    return item;
}

static bool plain(assembler_t *as, const place_t *start, uint8_t opcode, bool ends)
{
    item_t *const item = operated(as, ITEM_SMALL, start, opcode, NULL);
    if (item != NULL) {
        item->ends = ends;
    }
    return item != NULL;
}

static bool small(assembler_t *as, const place_t *start, const instruction_t *which, place_t *at)
{
    item_t *const item = operated(as, ITEM_SMALL, start, which->opcode, at);
    if (item == NULL) {
        return false;
    }
    item->low = which->low;
    item->high = which->high;
    item->shift = which->other;
    return true;
}

/* `local n`, `arg n` or the name of a variable. *is_one tells whether it was one of these. */
static bool local(assembler_t *as, const place_t *start, uint8_t opcode, place_t *at, bool *is_one)
{
    const bool is_argument = asm_word(at, "arg");
    *is_one = true;
    if (is_argument || asm_word(at, "local")) {
        item_t *const item = operated(as, ITEM_LOCAL, start, opcode, at);
        if (item == NULL) {
            return false;
        }
        item->is_argument = is_argument;
        item->high = EVM_PARAMETERS_MAX - 1;
        return true;
    }
    place_t ahead = *at;
    name_t name;
    const variable_t *const variable = asm_name(&ahead, &name) && asm_at_end(&ahead) ? asm_variable(as, name) : NULL;
    if (variable == NULL) {
        *is_one = false;
        return true;
    }
    *at = ahead;
    return plain(as, start, (uint8_t)(opcode | ((uint32_t)variable->field & 0x3fu)), false);
}

static bool push_or_pop(assembler_t *as, const place_t *start, const instruction_t *which, place_t *at)
{
    bool is_local;
    if (!local(as, start, which->opcode, at, &is_local)) {
        return false;
    }
    if (is_local) {
        return true;
    }
    if (which->form == FORM_POP) {
        asm_skip(at);
        return asm_error(as, at, "no argument or local of this name; pop also takes 'local n' and 'arg n'");
    }
    return operated(as, ITEM_PUSH, start, 0, at) != NULL;
}

static bool go(assembler_t *as, const place_t *start, const instruction_t *which, place_t *at)
{
    const bool is_jump = which->opcode == 0xa0;
    if (which->form == FORM_GO && asm_word(at, "top")) {
        return plain(as, start, which->other, is_jump);
    }
    item_t *const item = operated(as, ITEM_BRANCH, start, which->opcode, at);
    if (item != NULL) {
        item->ends = is_jump;
    }
    return item != NULL;
}

static bool access(assembler_t *as, const place_t *start, uint8_t opcode, place_t *at)
{
    if (asm_take(at, '[')) {
        const bool good = asm_word(at, "top") && asm_take(at, ']');
        return (good || asm_error(as, at, "only 'top]' can stand here")) && plain(as, start, (uint8_t)(opcode + 2u), false);
    }
    item_t *const item = operated(as, ITEM_ACCESS, start, opcode, at);
    if (item == NULL) {
        return false;
    }
    if (!asm_take(at, '[')) {
        return true;
    }
    item->opcode = (uint8_t)(opcode + 3u);
    return (asm_word(at, "top") && asm_take(at, ']')) || asm_error(as, at, "only 'top]' can stand here");
}

static bool read_form(assembler_t *as, const place_t *start, const instruction_t *which, place_t *at)
{
    switch (which->form) {
    case FORM_PLAIN: return plain(as, start, which->opcode, false);
    case FORM_SMALL: return small(as, start, which, at);
    case FORM_PUSH:
    case FORM_POP: return push_or_pop(as, start, which, at);
    case FORM_GO:
    case FORM_BRANCH: return go(as, start, which, at);
    case FORM_RETURN: return plain(as, start, asm_word(at, "top") ? which->other : which->opcode, true);
    case FORM_ACCESS: return access(as, start, which->opcode, at);
    case FORM_HOST: return asm_host(as, start, at);
    case FORM_FUNCTION: return asm_function(as, start, at);
    case FORM_END: return asm_end(as, start);
    }
    return false;
}

bool asm_instruction(assembler_t *as, const place_t *start, name_t name, place_t *at)
{
    for (size_t i = 0; i < sizeof instructions / sizeof instructions[0]; i++) {
        if (asm_is(name, instructions[i].name)) {
            return read_form(as, start, &instructions[i], at);
        }
    }
    return asm_error(as, start, "there is no instruction '%.*s'", (int)name.length, name.at);
}
