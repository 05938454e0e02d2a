/* SPDX-License-Identifier: BSD-2-Clause */
/* run.c - the instruction loop: one function for each group of opcodes, told apart by their high half.
 * A function leaves ip at an instruction that fails and moves it last, by evm_go. Signed arithmetic is done in 32 bits or unsigned. */
#include "inside.h"

enum { OP_RETURN_TOP = 0x9b, OP_RETURN, OP_DROP, OP_CALL_TOP, OP_JUMP_TOP };
enum { OP_PUSH_U8 = 0x98, OP_PUSH_S8, OP_PUSH_16, OP_PUSH_SP = 0xae, OP_PUSH_SFP = 0xaf };

static int32_t signed16(uint16_t value)
{
    return (int32_t)(value ^ 0x8000u) - 0x8000;
}

/* Local n lies at sfp - 2n - 2, argument -n at sfp + 2n + 2. Outside memory is refused, also where 16 bits would wrap. */
static evm_result_t local(evm_t *evm, uint32_t opcode)
{
    const int32_t n = (int32_t)((opcode & 0x3fu) ^ 0x20u) - 0x20;
    const uint32_t frame = evm->stack_top - evm_stacked(evm, evm->sfp);
    const uint32_t at = frame - (uint32_t)(2 * n) + (n < 0 ? 2u : 0u - 2u);
    if (!evm_inside(evm, at, 2)) {
        return EVM_ERR_MEMORY;
    }
    if (opcode < 0x40) {
        return evm_give(evm, evm_get16(evm->memory + at), 1);
    }
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    evm_put16(evm->memory + at, evm_pop(evm));
    return evm_next(evm, 1);
}

/* In 32 bits -32768 / -1 is 32768, which is -32768 when cut: it wraps. */
static evm_result_t divide(int32_t a, int32_t b, bool rest, uint32_t *value)
{
    if (b == 0) {
        return EVM_ERR_DIVISION;
    }
    *value = (uint32_t)(rest ? a % b : a / b);
    return EVM_OK;
}

/* A count of 16 or more, and so every negative one, shifts all bits out. */
static uint32_t shift_left(uint32_t a, uint32_t count)
{
    return count < 16 ? a << count : 0;
}

static uint32_t shift_right(uint32_t a, uint32_t count)
{
    const bool negative = (a & 0x8000u) != 0;
    const uint32_t bits = negative ? ~a & 0xffffu : a;
    const uint32_t shifted = count < 16 ? bits >> count : 0;
    return negative ? ~shifted : shifted;
}

/* The opcodes 0x80 to 0x8b and 0xa8 to 0xad. */
static evm_result_t compute(uint32_t opcode, uint16_t a, uint16_t b, uint32_t *value)
{
    switch (opcode) {
    case 0x80: *value = (uint32_t)a + b; break;
    case 0x81: *value = (uint32_t)a - b; break;
    case 0x82: *value = (uint32_t)a * b; break;
    case 0x83: return divide(signed16(a), signed16(b), false, value);
    case 0x84: return divide(signed16(a), signed16(b), true, value);
    case 0x85: *value = shift_left(a, b); break;
    case 0x86: *value = shift_right(a, b); break;
    case 0x87: *value = a & b; break;
    case 0x88: *value = a | b; break;
    case 0x89: *value = a ^ b; break;
    case 0x8a: *value = a != 0 && b != 0; break;
    case 0x8b: *value = a != 0 || b != 0; break;
    case 0xa8: *value = signed16(a) < signed16(b); break;
    case 0xa9: *value = signed16(a) <= signed16(b); break;
    case 0xaa: *value = a == b; break;
    case 0xab: *value = a != b; break;
    case 0xac: *value = signed16(a) >= signed16(b); break;
    default: *value = signed16(a) > signed16(b); break;
    }
    return EVM_OK;
}

static evm_result_t binary(evm_t *evm, uint32_t opcode)
{
    uint32_t value;
    if (!evm_holds(evm, evm->sp, 2)) {
        return EVM_ERR_STACK;
    }
    const uint16_t b = evm_pop(evm);
    const uint16_t a = evm_pop(evm);
    const evm_result_t result = compute(opcode, a, b, &value);
    return result == EVM_OK ? evm_give(evm, (uint16_t)value, 1) : result;
}

/* The opcodes 0x8c to 0x8f. */
static evm_result_t unary(evm_t *evm, uint32_t opcode)
{
    if (opcode == 0x8f) {
        return EVM_ERR_INSTRUCTION;
    }
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    const uint32_t a = evm_pop(evm);
    const uint32_t value = opcode == 0x8c ? ~a : opcode == 0x8d ? 0u - a : a == 0;
    return evm_give(evm, (uint16_t)value, 1);
}

/* The opcodes 0x90 to 0x9a. */
static evm_result_t constant(evm_t *evm, uint32_t opcode)
{
    const uint32_t n = opcode == OP_PUSH_16 ? 2 : 1;
    uint16_t value;
    if (opcode < OP_PUSH_U8) {
        return evm_give(evm, (uint16_t)(((opcode & 7u) ^ 4u) - 4u), 1);
    }
    if (!evm_operand(evm, n, &value)) {
        return EVM_ERR_MEMORY;
    }
    return evm_give(evm, opcode == OP_PUSH_S8 ? evm_extend8(value) : value, 1u + n);
}

/* Give up the frame. A saved sfp is even but for bit 0, which is set where the caller drops the value. It came from memory the guest can
 * write; checked here, sfp always points into the stack. */
static evm_result_t leave(evm_t *evm, uint16_t value)
{
    if (!evm_holds(evm, evm->sfp, 2)) {
        return EVM_ERR_STACK;
    }
    evm->sp = evm->sfp;
    const uint16_t back = evm_pop(evm);
    const uint16_t saved = evm_pop(evm);
    evm->sfp = (uint16_t)(saved & ~1u);
    if (back == EVM_END) {
        evm->result = value;
        evm->ended = true;
        return EVM_OK;
    }
    if (!evm_holds(evm, evm->sfp, 0)) {
        return EVM_ERR_STACK;
    }
    if ((saved & 1u) == 0) {
        evm_push(evm, value); /* fits: two words were just taken */
    }
    return evm_go(evm, back);
}

/* A call of n bytes. Where the value is dropped by the next instruction, the return skips both. A call that could only return outside
 * memory, where 16 bits would wrap, is refused at once. */
static evm_result_t call(evm_t *evm, uint16_t address, uint32_t n)
{
    uint32_t back = evm->ip + n;
    const bool drop = evm_inside(evm, back, 1) && evm->memory[back] == OP_DROP;
    back += drop ? 1u : 0u;
    if (back >= evm->size || back == EVM_END) {
        return EVM_ERR_JUMP;
    }
    return evm_enter(evm, address, (uint16_t)back, drop);
}

/* The opcodes 0x9b to 0x9f. */
static evm_result_t control(evm_t *evm, uint32_t opcode)
{
    if (opcode == OP_RETURN) {
        return leave(evm, 0);
    }
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    const uint16_t top = evm_pop(evm);
    switch (opcode) {
    case OP_RETURN_TOP: return leave(evm, top);
    case OP_DROP: return evm_next(evm, 1);
    case OP_CALL_TOP: return call(evm, top, 1);
    default: return evm_go(evm, top);
    }
}

/* The opcodes 0xa0 to 0xa7: jump, call, jump if, jump unless; the distance counts from the opcode and wraps at 16 bits. */
static evm_result_t branch(evm_t *evm, uint32_t opcode)
{
    const uint32_t n = (opcode & 1u) == 0 ? 1 : 2;
    const uint32_t kind = opcode >> 1 & 3u;
    uint16_t distance;
    if (!evm_operand(evm, n, &distance)) {
        return EVM_ERR_MEMORY;
    }
    const uint16_t target = (uint16_t)(evm->ip + (n == 1 ? evm_extend8(distance) : distance));
    if (kind == 0) {
        return evm_go(evm, target);
    }
    if (kind == 1) {
        return call(evm, target, 1u + n);
    }
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    const bool taken = (evm_pop(evm) != 0) == (kind == 2);
    return taken ? evm_go(evm, target) : evm_next(evm, 1u + n);
}

/* The opcodes 0xb0 to 0xbf. Only the low byte of the number of arguments counts. Nothing is taken before all is checked. */
static evm_result_t user(evm_t *evm, uint32_t opcode)
{
    uint16_t argv[EVM_ARGS_MAX] = {0};
    uint16_t value = 0;
    if (!evm_holds(evm, evm->sp, 1)) {
        return EVM_ERR_STACK;
    }
    const unsigned argc = evm->memory[evm->sp + 1u];
    if (argc > EVM_ARGS_MAX) {
        return EVM_ERR_ARGS;
    }
    if (!evm_holds(evm, evm->sp, argc + 1u)) {
        return EVM_ERR_STACK;
    }
    (void)evm_pop(evm);
    for (unsigned i = 0; i < argc; i++) {
        argv[i] = evm_pop(evm);
    }
    if (evm->call == NULL || !evm->call(evm->ctx, opcode & 15u, argc, argv, &value)) {
        return EVM_ERR_REFUSED;
    }
    return evm_give(evm, value, 1);
}

/* The opcodes 0xf0 to 0xff: push n zeros, or drop n words below the top. */
static evm_result_t many(evm_t *evm, uint32_t opcode)
{
    const uint32_t n = (opcode & 7u) + 1u;
    if (opcode >= 0xf8) {
        if (!evm_holds(evm, evm->sp, n + 1u)) {
            return EVM_ERR_STACK;
        }
        const uint16_t top = evm_pop(evm);
        evm->sp = (uint16_t)(evm->sp + 2u * n);
        return evm_give(evm, top, 1);
    }
    if (!evm_fits(evm, n)) {
        return EVM_ERR_STACK;
    }
    for (uint32_t i = 0; i < n; i++) {
        evm_push(evm, 0);
    }
    return evm_next(evm, 1);
}

static evm_result_t compare_or_branch(evm_t *evm, uint32_t opcode)
{
    if (opcode < 0xa8) {
        return branch(evm, opcode);
    }
    if (opcode < OP_PUSH_SP) {
        return binary(evm, opcode);
    }
    return evm_give(evm, opcode == OP_PUSH_SP ? evm->sp : evm->sfp, 1);
}

static evm_result_t step(evm_t *evm)
{
    const uint32_t opcode = evm->memory[evm->ip];
    switch (opcode >> 4) {
    case 0x8: return opcode < 0x8c ? binary(evm, opcode) : unary(evm, opcode);
    case 0x9: return opcode < OP_RETURN_TOP ? constant(evm, opcode) : control(evm, opcode);
    case 0xa: return compare_or_branch(evm, opcode);
    case 0xb: return user(evm, opcode);
    case 0xc:
    case 0xd:
    case 0xe: return evm_memory_step(evm, opcode);
    case 0xf: return many(evm, opcode);
    default: return local(evm, opcode);
    }
}

evm_result_t evm_loop(evm_t *evm)
{
    evm_result_t result = EVM_OK;
    while (result == EVM_OK && !evm->ended) {
        if (atomic_load_explicit(&evm->stop, memory_order_relaxed)) {
            return EVM_ERR_STOPPED;
        }
        if (evm->steps_left == 0) {
            return EVM_ERR_STEPS;
        }
        evm->steps_left--;
        result = step(evm);
    }
    return result;
}
