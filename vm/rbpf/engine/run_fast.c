/* SPDX-License-Identifier: BSD-2-Clause */
/* run_fast.c - the instruction loop for hosts and larger controllers: one label an opcode, each jumps to the next.
 * run_compact.c is the same loop for the smallest flash; exactly one of the two is compiled in.
 * Trusts what verify.c checked; checks memory, budget and depth itself. Fields are read where they lie, for that is one
 * host instruction each. */
#include "inside.h"

#if !defined(RBPF_COMPACT)

#include "alu.h"

#define DST regs[rbpf_dst(pc)]
#define SRC regs[rbpf_src(pc)]
#define IMM ((uint64_t)(int64_t)rbpf_immediate(pc))

#define GO goto *labels[*pc]
#define NEXT               \
    pc += RBPF_SLOT_SIZE;  \
    GO

/* A taken branch costs one of the budget. */
#define TAKE(by)                                               \
    pc += RBPF_SLOT_SIZE + RBPF_SLOT_SIZE * (ptrdiff_t)(by);   \
    if (--left < 0) {                                          \
        goto spent;                                            \
    }                                                          \
    GO

#define ALU(name, code, W, result)                             \
    name##_##W##k:                                             \
    {                                                          \
        uint64_t *const to = &DST;                             \
        const uint##W##_t a = (uint##W##_t)*to;                \
        const uint##W##_t b = (uint##W##_t)IMM;                \
        (void)a;                                               \
        *to = (result);                                        \
        NEXT;                                                  \
    }                                                          \
    name##_##W##x:                                             \
    {                                                          \
        uint64_t *const to = &DST;                             \
        const uint##W##_t a = (uint##W##_t)*to;                \
        const uint##W##_t b = (uint##W##_t)SRC;                \
        (void)a;                                               \
        *to = (result);                                        \
        NEXT;                                                  \
    }

#define BRANCH(name, code, type, W, op)                        \
    name##_##W##k: if ((type)DST op (type)IMM) {               \
        TAKE(rbpf_offset(pc));                                 \
    }                                                          \
    NEXT;                                                      \
    name##_##W##x: if ((type)DST op (type)SRC) {               \
        TAKE(rbpf_offset(pc));                                 \
    }                                                          \
    NEXT;

#define LOAD(name, n, value)                                   \
    name:                                                      \
    at = SRC + (uint64_t)(int64_t)rbpf_offset(pc);             \
    if (!rbpf_reach(vm, at, n, false, &bytes)) {               \
        goto outside;                                          \
    }                                                          \
    DST = (value);                                             \
    NEXT;

#define STORE(name, n, put)                                    \
    name:                                                      \
    at = DST + (uint64_t)(int64_t)rbpf_offset(pc);             \
    if (!rbpf_reach(vm, at, n, true, &bytes)) {                \
        goto outside;                                          \
    }                                                          \
    put;                                                       \
    NEXT;

/* Sixteen opcodes of one code, in their order: memory classes as named, arithmetic `a` and branches `j` in all their forms. */
#define ROW(a, j, ld, ldx, st, stx, ld8, ldx8, st8, stx8)                                   \
    &&ld, &&ldx, &&st, &&stx, &&a##_32k, &&j##_64k, &&j##_32k, &&a##_64k, &&ld8, &&ldx8, &&st8, &&stx8, \
        &&a##_32x, &&j##_64x, &&j##_32x, &&a##_64x

#define LABELS                                                                  \
    ROW(add, ja, bad, bad, bad, bad, bad, bad, bad, bad),                       \
    ROW(sub, jeq, bad, bad, bad, bad, lddw, bad, bad, bad),                     \
    ROW(mul, jgt, bad, bad, bad, bad, bad, bad, bad, bad),                      \
    ROW(div, jge, bad, bad, bad, bad, bad, bad, bad, bad),                      \
    ROW(or, jset, bad, bad, bad, bad, bad, bad, bad, bad),                      \
    ROW(and, jne, bad, bad, bad, bad, bad, bad, bad, bad),                      \
    ROW(lsh, jsgt, bad, ldxw, stw, stxw, bad, ldxh, sth, stxh),                 \
    ROW(rsh, jsge, bad, ldxb, stb, stxb, bad, ldxdw, stdw, stxdw),              \
    ROW(neg, call, bad, ldxsw, bad, bad, bad, ldxsh, bad, bad),                 \
    ROW(mod, exit, bad, ldxsb, bad, bad, bad, bad, bad, bad),                   \
    ROW(xor, jlt, bad, bad, bad, bad, bad, bad, bad, bad),                      \
    ROW(mov, jle, bad, bad, bad, bad, lddwd, bad, bad, bad),                    \
    ROW(arsh, jslt, bad, bad, bad, bad, bad, bad, bad, bad),                    \
    ROW(end, jsle, bad, bad, bad, bad, lddwr, bad, bad, bad),                   \
    ROW(none, none, bad, bad, bad, bad, bad, bad, bad, bad),                    \
    ROW(none, none, bad, bad, bad, bad, bad, bad, bad, bad)

/* Forms of ROW that are no instruction. */
#define NOT_THERE                                                               \
    ja_64x: ja_32x: neg_32x: neg_64x: call_32k: call_64x: call_32x:             \
    exit_32k: exit_64x: exit_32x: end_64x:                                      \
    none_32k: none_64k: none_32x: none_64x: bad

rbpf_result_t rbpf_go(rbpf_vm_t *vm, uint32_t slot)
{
    static const void *const labels[256] = {LABELS};
    uint64_t *const regs = vm->regs;
    const uint8_t *const text = vm->image->text;
    const uint8_t *pc = text + (size_t)slot * RBPF_SLOT_SIZE;
    int32_t left = 0;
    uint64_t at;
    uint8_t *bytes;
    rbpf_result_t result = RBPF_OK;
    GO;
    RBPF_ALU_LIST(ALU, 32)
    RBPF_ALU_LIST(ALU, 64)
    RBPF_BRANCH_LIST(BRANCH, 32)
    RBPF_BRANCH_LIST(BRANCH, 64)
    LOAD(ldxb, 1, *bytes)
    LOAD(ldxh, 2, rbpf_get16(bytes))
    LOAD(ldxw, 4, rbpf_get32(bytes))
    LOAD(ldxdw, 8, rbpf_get64(bytes))
    LOAD(ldxsb, 1, (uint64_t)(int64_t)(int8_t)*bytes)
    LOAD(ldxsh, 2, (uint64_t)(int64_t)(int16_t)rbpf_get16(bytes))
    LOAD(ldxsw, 4, (uint64_t)(int64_t)(int32_t)rbpf_get32(bytes))
    STORE(stb, 1, *bytes = (uint8_t)IMM)
    STORE(sth, 2, rbpf_put16(bytes, (uint16_t)IMM))
    STORE(stw, 4, rbpf_put32(bytes, (uint32_t)IMM))
    STORE(stdw, 8, rbpf_put64(bytes, IMM))
    STORE(stxb, 1, *bytes = (uint8_t)SRC)
    STORE(stxh, 2, rbpf_put16(bytes, (uint16_t)SRC))
    STORE(stxw, 4, rbpf_put32(bytes, (uint32_t)SRC))
    STORE(stxdw, 8, rbpf_put64(bytes, SRC))
neg_32k: DST = (uint32_t)(0u - (uint32_t)DST); NEXT;
neg_64k: DST = 0u - DST; NEXT;
end_32k: DST = rbpf_swap(DST, rbpf_immediate(pc), false); NEXT;
end_32x: /* to big-endian, and the plain swap, are the same on a little-endian guest */
end_64k: DST = rbpf_swap(DST, rbpf_immediate(pc), true); NEXT;
lddwd: DST = RBPF_ADDRESS(RBPF_REGION_DATA) + rbpf_image32(pc + 4); pc += RBPF_SLOT_SIZE; NEXT;
lddwr: DST = RBPF_ADDRESS(RBPF_REGION_RODATA) + rbpf_image32(pc + 4); pc += RBPF_SLOT_SIZE; NEXT;
lddw: DST = rbpf_image32(pc + 4) | (uint64_t)rbpf_image32(pc + 12) << 32; pc += RBPF_SLOT_SIZE; NEXT;
ja_64k: TAKE(rbpf_offset(pc));
ja_32k: TAKE(rbpf_immediate(pc));
call_64k:
    if (--left < 0 && (left = rbpf_refill(vm)) < 0) { result = rbpf_spent(vm); goto out; }
    if (rbpf_src(pc) != 0) { goto local; }
    if (!vm->call(vm->ctx, rbpf_image32(pc + 4), regs)) { result = RBPF_ERR_REFUSED; goto out; }
    if (atomic_load_explicit(&vm->stop, memory_order_relaxed) != 0) { result = RBPF_ERR_STOPPED; goto out; }
    NEXT;
local:
    if (!rbpf_enter(vm, (uint32_t)((size_t)(pc - text) / RBPF_SLOT_SIZE) + 1u)) { result = RBPF_ERR_DEPTH; goto out; }
    pc += RBPF_SLOT_SIZE + RBPF_SLOT_SIZE * (ptrdiff_t)rbpf_immediate(pc);
    GO;
exit_64k:
    if (vm->depth == 0) { goto out; }
    pc = text + (size_t)rbpf_leave(vm) * RBPF_SLOT_SIZE;
    GO;
spent:
    left = rbpf_refill(vm);
    if (left >= 0) { GO; }
    result = rbpf_spent(vm); goto out;
outside:
    vm->fault_address = at; result = RBPF_ERR_MEMORY; goto out;
NOT_THERE:
    result = RBPF_ERR_INSTRUCTION;
out:
    vm->branches_left += left > 0 ? (uint32_t)left : 0;
    vm->fault_slot = (uint32_t)((size_t)(pc - text) / RBPF_SLOT_SIZE);
    return result;
}

#endif
