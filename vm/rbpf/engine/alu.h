/* SPDX-License-Identifier: BSD-2-Clause */
/* alu.h - what each arithmetic instruction computes, once for 32 and once for 64 bits.
 * Both builds of the engine take their arithmetic from here. RFC 9669 sections 4.1 and 4.2; never traps. */
#ifndef RBPF_ALU_H
#define RBPF_ALU_H

#include "inside.h"

/* Division by zero gives 0, modulo by zero leaves the value, and the one signed overflow, MIN / -1, gives MIN and rest 0.
 * `form` is the instruction's offset: 1 is the signed form. */
#define RBPF_DIVISION(W)                                                                                            \
    static inline uint##W##_t rbpf_div##W(uint##W##_t a, uint##W##_t b, int32_t form)                               \
    {                                                                                                               \
        if (b == 0) {                                                                                               \
            return 0;                                                                                               \
        }                                                                                                           \
        if (form == 0) {                                                                                            \
            return a / b;                                                                                           \
        }                                                                                                           \
        return b == UINT##W##_MAX ? (uint##W##_t)(0u - a) : (uint##W##_t)((int##W##_t)a / (int##W##_t)b);           \
    }                                                                                                               \
    static inline uint##W##_t rbpf_mod##W(uint##W##_t a, uint##W##_t b, int32_t form)                               \
    {                                                                                                               \
        if (b == 0) {                                                                                               \
            return a;                                                                                               \
        }                                                                                                           \
        if (form == 0) {                                                                                            \
            return a % b;                                                                                           \
        }                                                                                                           \
        return b == UINT##W##_MAX ? 0 : (uint##W##_t)((int##W##_t)a % (int##W##_t)b);                               \
    }
RBPF_DIVISION(32)
RBPF_DIVISION(64)
#undef RBPF_DIVISION

/* Register moves may extend the sign of the low `form` bits; 0 moves all. */
static inline uint64_t rbpf_mov64(uint64_t b, int32_t form)
{
    switch (form) {
    case 8:
        return (uint64_t)(int64_t)(int8_t)b;
    case 16:
        return (uint64_t)(int64_t)(int16_t)b;
    case 32:
        return (uint64_t)(int64_t)(int32_t)b;
    default:
        return b;
    }
}

static inline uint32_t rbpf_mov32(uint32_t b, int32_t form)
{
    return (uint32_t)rbpf_mov64(b, form);
}

/* Byte order: `big` from or to big-endian (the guest is little-endian, so to little-endian only cuts), else a plain swap. */
static inline uint64_t rbpf_swap(uint64_t a, int32_t width, bool swap)
{
    if (width == 16) {
        return swap ? __builtin_bswap16((uint16_t)a) : (uint16_t)a;
    }
    if (width == 32) {
        return swap ? __builtin_bswap32((uint32_t)a) : (uint32_t)a;
    }
    return swap ? __builtin_bswap64(a) : a;
}

/* name, code, result of a and b at width W. Shift counts are masked. */
#define RBPF_ALU_LIST(X, W)                                                        \
    X(add, 0x0, W, a + b)                                                          \
    X(sub, 0x1, W, a - b)                                                          \
    X(mul, 0x2, W, a * b)                                                          \
    X(div, 0x3, W, rbpf_div##W(a, b, rbpf_offset(pc)))                             \
    X(or, 0x4, W, a | b)                                                           \
    X(and, 0x5, W, a & b)                                                          \
    X(lsh, 0x6, W, a << (b & (W - 1u)))                                            \
    X(rsh, 0x7, W, a >> (b & (W - 1u)))                                            \
    X(mod, 0x9, W, rbpf_mod##W(a, b, rbpf_offset(pc)))                             \
    X(xor, 0xa, W, a ^ b)                                                          \
    X(mov, 0xb, W, rbpf_mov##W(b, rbpf_offset(pc)))                                \
    X(arsh, 0xc, W, (uint##W##_t)((int##W##_t)a >> (b & (W - 1u))))

/* name, code, type the operands are compared as (without its width), operator. jset asks whether any bit is left. */
#define RBPF_BRANCH_LIST(X, W)      \
    X(jeq, 0x1, uint##W##_t, W, ==) \
    X(jgt, 0x2, uint##W##_t, W, >)  \
    X(jge, 0x3, uint##W##_t, W, >=) \
    X(jset, 0x4, uint##W##_t, W, &) \
    X(jne, 0x5, uint##W##_t, W, !=) \
    X(jsgt, 0x6, int##W##_t, W, >)  \
    X(jsge, 0x7, int##W##_t, W, >=) \
    X(jlt, 0xa, uint##W##_t, W, <)  \
    X(jle, 0xb, uint##W##_t, W, <=) \
    X(jslt, 0xc, int##W##_t, W, <)  \
    X(jsle, 0xd, int##W##_t, W, <=)

#endif
