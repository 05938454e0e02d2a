/* SPDX-License-Identifier: BSD-2-Clause */
/* memory.c - the opcodes 0xc0 to 0xef: operation in bits 3..5, mode in bits 0..2.
 * Called by run.c only. Addresses are computed in 16 bits and may wrap, as a[-1] needs; the access itself may not. */
#include "inside.h"

enum { LOAD_8U, STORE_8U, LOAD_8S, STORE_8S, LOAD_16, STORE_16 };
enum { MODE_SHORT, MODE_LONG, MODE_TOP, MODE_TOP_SHORT, MODE_TOP_LONG, MODE_BURY, MODE_DIG };

static uint8_t *word(const evm_t *evm, uint32_t index)
{
    return evm->memory + evm->sp + 2u * index;
}

/* A copy of the top goes under the `depth` words below it. */
static evm_result_t bury(evm_t *evm, uint32_t depth)
{
    if (!evm_holds(evm, evm->sp, depth + 1u) || !evm_fits(evm, 1)) {
        return EVM_ERR_STACK;
    }
    const uint16_t top = evm_get16(word(evm, 0));
    evm->sp = (uint16_t)(evm->sp - 2u);
    memmove(word(evm, 0), word(evm, 1), 2u * (depth + 1u));
    evm_put16(word(evm, depth + 1u), top);
    return evm_next(evm, 1);
}

/* The word under depth + 1 others comes to the top. */
static evm_result_t dig(evm_t *evm, uint32_t depth)
{
    if (!evm_holds(evm, evm->sp, depth + 2u)) {
        return EVM_ERR_STACK;
    }
    const uint16_t found = evm_get16(word(evm, depth + 1u));
    memmove(word(evm, 1), word(evm, 0), 2u * (depth + 1u));
    evm_put16(word(evm, 0), found);
    return evm_next(evm, 1);
}

/* Bytes of operand of a mode, which is none of bury and dig. */
static uint32_t operand_size(uint32_t mode)
{
    if (mode == MODE_TOP) {
        return 0;
    }
    return mode == MODE_SHORT || mode == MODE_TOP_SHORT ? 1 : 2;
}

/* The address an access means; takes the index from the stack where there is one. */
static evm_result_t resolve(evm_t *evm, uint32_t mode, uint32_t width, uint16_t *address)
{
    const uint32_t n = operand_size(mode);
    uint16_t base = 0;
    if (n != 0 && !evm_operand(evm, n, &base)) {
        return EVM_ERR_MEMORY;
    }
    if (mode < MODE_TOP) {
        *address = base;
        return EVM_OK;
    }
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    const uint32_t index = evm_pop(evm);
    *address = (uint16_t)(mode == MODE_TOP ? index : index * width + base);
    return EVM_OK;
}

static evm_result_t load(evm_t *evm, uint32_t operation, const uint8_t *at, uint32_t n)
{
    if (operation == LOAD_16) {
        return evm_give(evm, evm_get16(at), n);
    }
    return evm_give(evm, operation == LOAD_8S ? evm_extend8(*at) : *at, n);
}

static evm_result_t store(evm_t *evm, uint32_t width, uint8_t *at, uint32_t n)
{
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    const uint16_t value = evm_pop(evm);
    if (width == 2) {
        evm_put16(at, value);
    } else {
        *at = (uint8_t)value;
    }
    return evm_next(evm, n);
}

evm_result_t evm_memory_step(evm_t *evm, uint32_t opcode)
{
    const uint32_t operation = opcode >> 3 & 7u;
    const uint32_t mode = opcode & 7u;
    const uint32_t width = operation >= LOAD_16 ? 2 : 1;
    uint16_t address;
    if (mode == MODE_BURY) {
        return bury(evm, operation);
    }
    if (mode == MODE_DIG) {
        return dig(evm, operation);
    }
    if (mode > MODE_DIG) {
        return EVM_ERR_INSTRUCTION;
    }
    const evm_result_t result = resolve(evm, mode, width, &address);
    if (result != EVM_OK) {
        return result;
    }
    if (!evm_inside(evm, address, width)) {
        return EVM_ERR_MEMORY;
    }
    const uint32_t size = 1u + operand_size(mode);
    const bool is_store = (operation & 1u) != 0;
    return is_store ? store(evm, width, evm->memory + address, size) : load(evm, operation, evm->memory + address, size);
}
