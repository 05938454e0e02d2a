/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the files of the engine share: bytes of the image, instruction fields, the one access check.
 * Never included from outside this folder. */
#ifndef RBPF_INSIDE_H
#define RBPF_INSIDE_H

#include <stddef.h>
#include <string.h>

#include "engine.h"

/* Image and guest memory are little-endian whatever the host is, and may lie at any alignment.
 * The builtin is one access on most machines; a freestanding build would call the function. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define RBPF_LE(bits, value) __builtin_bswap##bits(value)
#else
#define RBPF_LE(bits, value) (value)
#endif

/* From the image, which lies at a multiple of 4: on the smallest processors one access instead of a call. */
static inline uint16_t rbpf_image16(const uint8_t *at)
{
    uint16_t value;
    __builtin_memcpy(&value, __builtin_assume_aligned(at, 2), sizeof value);
    return RBPF_LE(16, value);
}

static inline uint32_t rbpf_image32(const uint8_t *at)
{
    uint32_t value;
    __builtin_memcpy(&value, __builtin_assume_aligned(at, 4), sizeof value);
    return RBPF_LE(32, value);
}

/* From anywhere. */
static inline uint16_t rbpf_get16(const uint8_t *at)
{
    uint16_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return RBPF_LE(16, value);
}

static inline uint32_t rbpf_get32(const uint8_t *at)
{
    uint32_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return RBPF_LE(32, value);
}

static inline uint64_t rbpf_get64(const uint8_t *at)
{
    uint64_t value;
    __builtin_memcpy(&value, at, sizeof value);
    return RBPF_LE(64, value);
}

static inline void rbpf_put16(uint8_t *at, uint16_t value)
{
    value = RBPF_LE(16, value);
    __builtin_memcpy(at, &value, sizeof value);
}

static inline void rbpf_put32(uint8_t *at, uint32_t value)
{
    value = RBPF_LE(32, value);
    __builtin_memcpy(at, &value, sizeof value);
}

static inline void rbpf_put64(uint8_t *at, uint64_t value)
{
    value = RBPF_LE(64, value);
    __builtin_memcpy(at, &value, sizeof value);
}

/* One instruction slot:
 *   byte 0  | byte 1          | bytes 2..3 | bytes 4..7
 *   opcode  | src:4 | dst:4   | offset s16 | immediate s32 */
enum { RBPF_SLOT_SIZE = 8 };

static inline uint32_t rbpf_dst(const uint8_t *pc)
{
    return pc[1] & 15u;
}

static inline uint32_t rbpf_src(const uint8_t *pc)
{
    return (uint32_t)pc[1] >> 4;
}

static inline int32_t rbpf_offset(const uint8_t *pc)
{
    return (int16_t)rbpf_image16(pc + 2);
}

static inline int32_t rbpf_immediate(const uint8_t *pc)
{
    return (int32_t)rbpf_image32(pc + 4);
}

/* Instruction classes, the low three bits of an opcode. */
enum { CLASS_LD = 0, CLASS_LDX = 1, CLASS_ST = 2, CLASS_STX = 3, CLASS_ALU32 = 4, CLASS_JMP = 5, CLASS_JMP32 = 6, CLASS_ALU64 = 7 };

/* Opcodes that are looked at by value. */
enum {
    OP_LDDW = 0x18,
    OP_LDDWD = 0xb8,
    OP_LDDWR = 0xd8,
    OP_JA = 0x05,
    OP_JA32 = 0x06,
    OP_CALL = 0x85,
    OP_EXIT = 0x95,
};

/* Whether the guest may read (or write) n bytes at `at`; then *bytes is where they are. The only check of a guest's own accesses.
 * An address of more than 32 bits is refused, so the region is always below 16; an empty window refuses everything. */
static inline bool rbpf_reach(const rbpf_vm_t *vm, uint64_t at, uint32_t n, bool write, uint8_t **bytes)
{
    if (at >> 32 != 0) {
        return false;
    }
    const cg_window_t *window = &vm->windows[(uint32_t)at >> RBPF_REGION_SHIFT];
    const uint32_t size = write ? window->writable : window->readable;
    const uint32_t offset = (uint32_t)at & RBPF_OFFSET_MASK;
    if (offset > size || n > size - offset) {
        return false;
    }
    *bytes = window->bytes + offset;
    return true;
}

/* Take the next chunk of the budget, for a branch just taken. What is left of the chunk, or -1: nothing left, or the host wants the guest to stop.
 * Counting in chunks keeps the stop flag out of the loop. */
static inline int32_t rbpf_refill(rbpf_vm_t *vm)
{
    uint32_t chunk = vm->branches_left;
    if (chunk > RBPF_STOP_BRANCHES) {
        chunk = RBPF_STOP_BRANCHES;
    }
    if (atomic_load_explicit(&vm->stop, memory_order_relaxed) != 0) {
        chunk = 0;
    }
    vm->branches_left -= chunk;
    return (int32_t)chunk - 1;
}

/* Why rbpf_refill gave nothing. */
static inline rbpf_result_t rbpf_spent(const rbpf_vm_t *vm)
{
    return atomic_load_explicit(&vm->stop, memory_order_relaxed) != 0 ? RBPF_ERR_STOPPED : RBPF_ERR_BRANCHES;
}

/* A local call: keep r6..r9 and where to go on, and move r10 up by a frame. false: no frame left, or no stack. */
bool rbpf_enter(rbpf_vm_t *vm, uint32_t back_to);

/* Undo the last rbpf_enter; where to go on. vm->depth must not be 0. */
uint32_t rbpf_leave(rbpf_vm_t *vm);

/* Run from slot to exit; the two builds of the engine differ in this one function. Registers, depth and budget are set. */
rbpf_result_t rbpf_go(rbpf_vm_t *vm, uint32_t slot);

#endif
