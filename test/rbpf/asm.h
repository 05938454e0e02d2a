/* SPDX-License-Identifier: BSD-2-Clause */
/* asm.h - write eBPF instructions and rBPF images by hand, for the tests and the bench of the engine.
 * Knows the formats from their description, not from the engine's headers, so that a mistake there shows. */
#ifndef TEST_RBPF_ASM_H
#define TEST_RBPF_ASM_H

#include <stdint.h>
#include <string.h>

/* One instruction slot as the number its eight little-endian bytes make. */
#define I(op, dst, src, off, imm)                                                                             \
    ((uint64_t)(op) | (uint64_t)(dst) << 8 | (uint64_t)(src) << 12 | (uint64_t)(uint16_t)(off) << 16 |        \
     (uint64_t)(uint32_t)(imm) << 32)

#define MOV(dst, imm) I(0xb7, dst, 0, 0, imm)
#define MOVX(dst, src) I(0xbf, dst, src, 0, 0)
#define EXIT I(0x95, 0, 0, 0, 0)
#define LDDW(dst, value) I(0x18, dst, 0, 0, (uint64_t)(value) & 0xffffffffu), I(0, 0, 0, 0, (uint64_t)(value) >> 32)
#define JA(off) I(0x05, 0, 0, off, 0)
#define CALL(number) I(0x85, 0, 0, 0, number)
#define LOCAL(by) I(0x85, 0, 1, 0, by)

/* The parts of an image; all sizes in bytes. */
typedef struct asm_parts {
    const uint64_t *text;
    uint32_t slot_count;
    const void *data;
    uint32_t data_size;
    const void *rodata;
    uint32_t rodata_size;
    const uint16_t *functions; /* function_count x {name, flags, byte offset} */
    uint32_t function_count;
    uint32_t flags;
} asm_parts_t;

static inline uint8_t *asm_put(uint8_t *to, uint64_t value, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        to[i] = (uint8_t)(value >> (8u * i));
    }
    return to + size;
}

static inline uint8_t *asm_copy(uint8_t *to, const void *from, uint32_t size)
{
    if (size != 0) {
        memcpy(to, from, size);
    }
    return to + size;
}

/* Write the image to `to`, which must be large enough; its size. */
static inline uint32_t asm_image(uint8_t *to, const asm_parts_t *p)
{
    uint8_t *at = to;
    at = asm_put(at, 0x46504272u, 4);
    at = asm_put(at, 0, 4);
    at = asm_put(at, p->flags, 8);
    at = asm_put(at, p->data_size, 4);
    at = asm_put(at, p->rodata_size, 4);
    at = asm_put(at, (uint64_t)p->slot_count * 8u, 4);
    at = asm_put(at, p->function_count, 4);
    at = asm_copy(at, p->data, p->data_size);
    at = asm_copy(at, p->rodata, p->rodata_size);
    for (uint32_t i = 0; i < p->slot_count; i++) {
        at = asm_put(at, p->text[i], 8);
    }
    for (uint32_t i = 0; i < p->function_count * 3u; i++) {
        at = asm_put(at, p->functions[i], 2);
    }
    return (uint32_t)(at - to);
}

#endif
