/* SPDX-License-Identifier: BSD-2-Clause */
/* run_compact.c - the instruction loop for the smallest flash: a switch over the class, then one over the code.
 * The same semantics as run_fast.c, from the same alu.h; exactly one of the two is compiled in.
 * All arithmetic is done in 64 bits where that gives the same result, and cut once at the end. */
#include "inside.h"

#if defined(RBPF_COMPACT)

#include "alu.h"

/* The state of a run that the loop's helpers share. */
typedef struct loop {
    rbpf_vm_t *vm;
    const uint8_t *text;
    const uint8_t *pc;
    int32_t left;
} loop_t;

/* The lowest n bytes of value with their sign. */
static uint64_t extend(uint64_t value, uint32_t n)
{
    const uint32_t unused = 64u - 8u * n;
    return (uint64_t)((int64_t)(value << unused) >> unused);
}

static uint64_t divide(uint64_t a, uint64_t b, bool rest)
{
    if (b == 0) {
        return rest ? a : 0;
    }
    return rest ? a % b : a / b;
}

/* Signed division by the unsigned one: the quotient has the sign of a * b, the rest that of a. MIN / -1 comes out as MIN. */
static uint64_t divide_signed(uint64_t a, uint64_t b, bool rest)
{
    const bool a_negative = (int64_t)a < 0;
    const bool b_negative = (int64_t)b < 0;
    const uint64_t value = divide(a_negative ? 0u - a : a, b_negative ? 0u - b : b, rest);
    const bool negative = a_negative != (!rest && b_negative);
    return negative ? 0u - value : value;
}

/* The result of arithmetic code `code` on a and b, not yet cut to 32 bits. For 32 bits both operands come extended:
 * with their sign where the operation looks at it, else with zeros. */
static uint64_t compute(uint32_t code, uint64_t a, uint64_t b, int32_t form, uint32_t count_mask)
{
    switch (code) {
    case 0x0:
        return a + b;
    case 0x1:
        return a - b;
    case 0x2:
        return a * b;
    case 0x3:
    case 0x9:
        return form == 0 ? divide(a, b, code == 0x9) : divide_signed(a, b, code == 0x9);
    case 0x4:
        return a | b;
    case 0x5:
        return a & b;
    case 0x6:
        return a << (b & count_mask);
    case 0x7:
        return a >> (b & count_mask);
    case 0x8:
        return 0u - a;
    case 0xa:
        return a ^ b;
    case 0xc:
        return (uint64_t)((int64_t)a >> (b & count_mask));
    default: /* mov; the offset is the width to extend from */
        return form == 0 ? b : extend(b, (uint32_t)form / 8u);
    }
}

static void arithmetic(const loop_t *loop)
{
    const uint8_t *const pc = loop->pc;
    const uint32_t code = (uint32_t)*pc >> 4;
    const bool by_register = (*pc & 8u) != 0;
    const bool wide = (*pc & 7u) == CLASS_ALU64;
    const int32_t form = rbpf_offset(pc);
    uint64_t *const to = &loop->vm->regs[rbpf_dst(pc)];
    uint64_t a = *to;
    uint64_t b = by_register ? loop->vm->regs[rbpf_src(pc)] : (uint64_t)(int64_t)rbpf_immediate(pc);
    if (code == 0xd) {
        *to = rbpf_swap(a, rbpf_immediate(pc), by_register || wide);
        return;
    }
    if (!wide) {
        const bool is_signed = code == 0xc || (form != 0 && code != 0xb);
        a = is_signed ? extend(a, 4) : (uint32_t)a;
        b = is_signed ? extend(b, 4) : (uint32_t)b;
    }
    a = compute(code, a, b, form, wide ? 63u : 31u);
    *to = wide ? a : (uint32_t)a;
}

/* Whether the branch with this code is taken. Signed order is unsigned order with the top bits flipped. */
static bool taken(const loop_t *loop)
{
    const uint8_t *const pc = loop->pc;
    const uint32_t code = (uint32_t)*pc >> 4;
    uint64_t a = loop->vm->regs[rbpf_dst(pc)];
    uint64_t b = (*pc & 8u) != 0 ? loop->vm->regs[rbpf_src(pc)] : (uint64_t)(int64_t)rbpf_immediate(pc);
    if ((*pc & 7u) == CLASS_JMP32) {
        a = extend(a, 4);
        b = extend(b, 4);
    }
    if (code == 0x6 || code == 0x7 || code >= 0xc) {
        a ^= (uint64_t)1 << 63;
        b ^= (uint64_t)1 << 63;
    }
    switch (code) {
    case 0x0:
        return true;
    case 0x1:
        return a == b;
    case 0x2:
    case 0x6:
        return a > b;
    case 0x3:
    case 0x7:
        return a >= b;
    case 0x4:
        return (a & b) != 0;
    case 0x5:
        return a != b;
    case 0xa:
    case 0xc:
        return a < b;
    default:
        return a <= b;
    }
}

/* One load or store. Bits 3..4 of the opcode are its size (4, 2, 1, 8 bytes), mode 4 extends the sign. */
static rbpf_result_t load_or_store(const loop_t *loop)
{
    rbpf_vm_t *const vm = loop->vm;
    const uint8_t *const pc = loop->pc;
    const uint32_t class = *pc & 7u;
    const uint32_t size = (uint32_t)*pc >> 3 & 3u;
    const uint32_t n = size == 3 ? 8u : 4u >> size;
    uint64_t *const to = &vm->regs[rbpf_dst(pc)];
    const uint64_t from = vm->regs[rbpf_src(pc)];
    const uint64_t at = (class == CLASS_LDX ? from : *to) + (uint64_t)(int64_t)rbpf_offset(pc);
    uint8_t *bytes;
    if (!rbpf_reach(vm, at, n, class != CLASS_LDX, &bytes)) {
        vm->fault_address = at;
        return RBPF_ERR_MEMORY;
    }
    uint64_t value = class == CLASS_STX ? from : (uint64_t)(int64_t)rbpf_immediate(pc);
    if (class == CLASS_LDX) {
        value = 0;
        memcpy(&value, bytes, n);
        value = RBPF_LE(64, value);
        *to = *pc >> 5 == 4 ? extend(value, n) : value;
        return RBPF_OK;
    }
    value = RBPF_LE(64, value); /* so that its lowest bytes come first */
    memcpy(bytes, &value, n);
    return RBPF_OK;
}

/* The instructions of two slots: a constant, or an address in data or rodata. */
static void load_wide(loop_t *loop)
{
    const uint8_t *const pc = loop->pc;
    uint64_t value = rbpf_image32(pc + 4);
    if (*pc == OP_LDDW) {
        value |= (uint64_t)rbpf_image32(pc + 12) << 32;
    } else {
        value += RBPF_ADDRESS(*pc == OP_LDDWD ? RBPF_REGION_DATA : RBPF_REGION_RODATA);
    }
    loop->vm->regs[rbpf_dst(pc)] = value;
    loop->pc += RBPF_SLOT_SIZE;
}

static void jump(loop_t *loop, int32_t by)
{
    loop->pc += RBPF_SLOT_SIZE * (ptrdiff_t)by;
}

static rbpf_result_t charge(loop_t *loop)
{
    if (--loop->left >= 0) {
        return RBPF_OK;
    }
    loop->left = rbpf_refill(loop->vm);
    return loop->left >= 0 ? RBPF_OK : rbpf_spent(loop->vm);
}

static rbpf_result_t call(loop_t *loop)
{
    rbpf_vm_t *const vm = loop->vm;
    const rbpf_result_t result = charge(loop);
    if (result != RBPF_OK) {
        return result;
    }
    if (rbpf_src(loop->pc) != 0) {
        if (!rbpf_enter(vm, (uint32_t)((size_t)(loop->pc - loop->text) / RBPF_SLOT_SIZE) + 1u)) {
            return RBPF_ERR_DEPTH;
        }
        jump(loop, rbpf_immediate(loop->pc));
        return RBPF_OK;
    }
    if (!vm->call(vm->ctx, rbpf_image32(loop->pc + 4), vm->regs)) {
        return RBPF_ERR_REFUSED;
    }
    return atomic_load_explicit(&vm->stop, memory_order_relaxed) != 0 ? RBPF_ERR_STOPPED : RBPF_OK;
}

/* One branch of class JMP or JMP32 that is neither call nor exit. */
static rbpf_result_t branch(loop_t *loop)
{
    if (!taken(loop)) {
        return RBPF_OK;
    }
    jump(loop, *loop->pc == OP_JA32 ? rbpf_immediate(loop->pc) : rbpf_offset(loop->pc));
    const rbpf_result_t result = charge(loop);
    if (result != RBPF_OK) {
        loop->pc += RBPF_SLOT_SIZE; /* it stands where it would have gone on */
    }
    return result;
}

/* One instruction; the pc is then one slot before the next one. */
static rbpf_result_t step(loop_t *loop)
{
    switch (*loop->pc & 7u) {
    case CLASS_LD:
        load_wide(loop);
        return RBPF_OK;
    case CLASS_ALU32:
    case CLASS_ALU64:
        arithmetic(loop);
        return RBPF_OK;
    case CLASS_JMP:
    case CLASS_JMP32:
        return *loop->pc == OP_CALL ? call(loop) : branch(loop);
    default:
        return load_or_store(loop);
    }
}

rbpf_result_t rbpf_go(rbpf_vm_t *vm, uint32_t slot)
{
    loop_t loop = {.vm = vm, .text = vm->image->text};
    rbpf_result_t result = RBPF_OK;
    loop.pc = loop.text + (size_t)slot * RBPF_SLOT_SIZE;
    for (;;) {
        if (*loop.pc != OP_EXIT) {
            result = step(&loop);
            if (result != RBPF_OK) {
                break;
            }
            loop.pc += RBPF_SLOT_SIZE;
        } else if (vm->depth != 0) {
            loop.pc = loop.text + (size_t)rbpf_leave(vm) * RBPF_SLOT_SIZE;
        } else {
            break;
        }
    }
    vm->branches_left += loop.left > 0 ? (uint32_t)loop.left : 0;
    vm->fault_slot = (uint32_t)((size_t)(loop.pc - loop.text) / RBPF_SLOT_SIZE);
    return result;
}

#endif
