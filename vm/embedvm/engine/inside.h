/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the files of the engine share: bytes, the one access check, the stack, where the program goes on.
 * Never included from outside this folder. */
#ifndef EMBEDVM_INSIDE_H
#define EMBEDVM_INSIDE_H

#include <stddef.h>
#include <string.h>

#include "engine.h"

static inline uint16_t evm_get16(const uint8_t *at)
{
    return (uint16_t)((uint32_t)at[0] << 8 | at[1]);
}

static inline uint32_t evm_get32(const uint8_t *at)
{
    return (uint32_t)evm_get16(at) << 16 | evm_get16(at + 2);
}

static inline void evm_put16(uint8_t *at, uint16_t value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
}

/* The low byte with its sign. */
static inline uint16_t evm_extend8(uint32_t byte)
{
    return (uint16_t)(((byte & 0xffu) ^ 0x80u) - 0x80u);
}

/* Whether n bytes at `at` lie in memory. The only check of a guest's accesses. */
static inline bool evm_inside(const evm_t *evm, uint32_t at, uint32_t n)
{
    return at <= evm->size && n <= evm->size - at;
}

/* Bytes from `pointer`, which may be anything, up to the top of the stack. In a memory of 64 KiB the empty stack has sp 0, and the
 * floor is never 0, so 16 bits tell full from empty. */
static inline uint32_t evm_stacked(const evm_t *evm, uint16_t pointer)
{
    return (evm->stack_top - pointer) & 0xffffu;
}

/* Whether `pointer` can be a stack pointer with at least `words` words above it. */
static inline bool evm_holds(const evm_t *evm, uint16_t pointer, uint32_t words)
{
    const uint32_t stacked = evm_stacked(evm, pointer);
    return stacked <= evm->stack_top - evm->stack_floor && 2u * words <= stacked;
}

/* Whether `words` more words fit on the stack. */
static inline bool evm_fits(const evm_t *evm, uint32_t words)
{
    return 2u * words <= evm->stack_top - evm->stack_floor - evm_stacked(evm, evm->sp);
}

/* These two trust that evm_fits or evm_holds was asked. */
static inline void evm_push(evm_t *evm, uint16_t value)
{
    evm->sp = (uint16_t)(evm->sp - 2u);
    evm_put16(evm->memory + evm->sp, value);
}

static inline uint16_t evm_pop(evm_t *evm)
{
    const uint16_t value = evm_get16(evm->memory + evm->sp);
    evm->sp = (uint16_t)(evm->sp + 2u);
    return value;
}

/* Let the program go on at `address`. Keeps the rule of the loop: ip is always an address in memory, and never EVM_END. */
static inline evm_result_t evm_go(evm_t *evm, uint32_t address)
{
    if (address >= evm->size || address == EVM_END) {
        return EVM_ERR_JUMP;
    }
    evm->ip = (uint16_t)address;
    return EVM_OK;
}

/* Go on behind an instruction of n bytes. */
static inline evm_result_t evm_next(evm_t *evm, uint32_t n)
{
    return evm_go(evm, evm->ip + n);
}

/* Push a value as the effect of an instruction of n bytes. */
static inline evm_result_t evm_give(evm_t *evm, uint16_t value, uint32_t n)
{
    if (!evm_fits(evm, 1)) {
        return EVM_ERR_STACK;
    }
    evm_push(evm, value);
    return evm_next(evm, n);
}

/* Read the operand of n bytes, 1 or 2, of the instruction at ip. */
static inline bool evm_operand(const evm_t *evm, uint32_t n, uint16_t *value)
{
    const uint8_t *const at = evm->memory + evm->ip + 1u;
    if (!evm_inside(evm, evm->ip, 1u + n)) {
        return false;
    }
    *value = n == 1 ? *at : evm_get16(at);
    return true;
}

/* A call of `address` whose result is dropped or not, with a return to `back`. */
evm_result_t evm_enter(evm_t *evm, uint16_t address, uint16_t back, bool drop);

/* The opcodes 0xc0 to 0xef: loads, stores, bury and dig. */
evm_result_t evm_memory_step(evm_t *evm, uint32_t opcode);

/* Run from ip until a return to EVM_END, within steps_left. */
evm_result_t evm_loop(evm_t *evm);

#endif
