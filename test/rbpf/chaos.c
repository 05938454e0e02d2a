/* SPDX-License-Identifier: BSD-2-Clause */
/* chaos.c - see chaos.h. */
#include "chaos.h"

#include <stdbool.h>

#include "asm.h"

uint64_t chaos_seed = 0x5eed;

/* splitmix64: any seed will do. */
uint64_t chaos_next(void)
{
    uint64_t z = chaos_seed += 0x9e3779b97f4a7c15u;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

uint32_t chaos_below(uint64_t limit)
{
    return limit == 0 ? 0 : (uint32_t)(chaos_next() % limit);
}

uint64_t chaos_edge(void)
{
    static const uint64_t numbers[] = {0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000u, 0xffffffffu,
                                       0xfffffff8u, 0x10000000u, 0x7fffffffffffffffu, 0x8000000000000000u, 0xffffffffffffffffu};
    return numbers[chaos_below(sizeof numbers / sizeof numbers[0])];
}

/* Whether an instruction of one slot has this opcode. */
static bool is_opcode(uint32_t op)
{
    const uint32_t code = op >> 4;
    const bool by_register = (op & 8u) != 0;
    switch (op & 7u) {
    case 1:
        return op >> 5 == 3 || (op >> 5 == 4 && op != 0x99);
    case 2:
    case 3:
        return op >> 5 == 3;
    case 4:
    case 7:
        return code <= 0xd && !(code == 8 && by_register) && op != 0xdf;
    case 5:
        return code <= 0xd && !(by_register && (code == 0 || code == 8 || code == 9));
    case 6:
        return op == 0x06 || (code != 0 && code <= 0xd && code != 8 && code != 9);
    default:
        return false;
    }
}

static uint32_t any_opcode(void)
{
    uint32_t op;
    do {
        op = chaos_below(256);
    } while (!is_opcode(op));
    return op;
}

/* What may stand in the offset of an arithmetic instruction. */
static int16_t any_form(uint32_t op)
{
    const uint32_t code = op >> 4;
    if (code == 0x3 || code == 0x9) {
        return (int16_t)chaos_below(2);
    }
    if (op == 0xbf || op == 0xbc) {
        return (int16_t)(chaos_below(op == 0xbf ? 4 : 3) == 0 ? 0 : 8 << chaos_below(op == 0xbf ? 3 : 2));
    }
    return 0;
}

static uint64_t any_instruction(uint32_t slot, uint32_t count)
{
    const uint32_t op = any_opcode();
    const uint32_t class = op & 7u;
    const bool by_register = (op & 8u) != 0 && class >= 4;
    const uint32_t register_to = chaos_below(class == 2 || class == 3 ? 11 : 10);
    const uint32_t register_from = chaos_below(11);
    const int16_t jump = (int16_t)((int32_t)chaos_below(count) - (int32_t)slot - 1);
    const uint32_t number = chaos_below(2) == 0 ? chaos_below(70) : (uint32_t)chaos_edge();
    if (op == 0x95 || op == 0x05) {
        return I(op, 0, 0, op == 0x05 ? jump : 0, 0);
    }
    if (op == 0x06 || op == 0x85) {
        const bool local = op == 0x85 && chaos_below(2) == 0;
        return I(op, 0, local ? 1 : 0, 0, op == 0x06 || local ? (uint32_t)(int32_t)jump : number);
    }
    if (class == 1) {
        return I(op, register_to, register_from, chaos_below(3) == 0 ? chaos_next() : chaos_below(16), 0);
    }
    if (class == 2 || class == 3) {
        return I(op, register_to, class == 3 ? register_from : 0, -(int32_t)chaos_below(24), class == 2 ? number : 0);
    }
    if (op == 0xd4 || op == 0xdc || op == 0xd7) {
        return I(op, register_to, 0, 0, 16u << chaos_below(3));
    }
    if (op == 0x87 || op == 0x84) {
        return I(op, register_to, 0, 0, 0);
    }
    const int16_t offset = class == 5 || class == 6 ? jump : any_form(op);
    return I(op, register_to, by_register ? register_from : 0, offset, by_register ? 0 : number);
}

uint32_t chaos_program(uint64_t text[CHAOS_SLOTS_MAX])
{
    const uint32_t count = 8 + chaos_below(CHAOS_SLOTS_MAX - 8);
    for (uint32_t slot = 0; slot < count; slot++) {
        text[slot] = any_instruction(slot, count);
    }
    text[0] = I(0xb8, chaos_below(10), 0, 0, chaos_below(32));
    text[1] = 0;
    text[count - 1] = EXIT;
    return count;
}
