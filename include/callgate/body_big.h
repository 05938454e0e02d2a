/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/body_big.h - the helpers of body.h for guests that keep the highest byte first. Included by bodies of such classes, by way of body.h.
 * Always inline: a build without such guests carries none of it. */
#ifndef CALLGATE_BODY_BIG_H
#define CALLGATE_BODY_BIG_H

#include "callgate/body.h"

#define CG_BIG_HELPER static inline __attribute__((unused))

/* Values in a host copy of guest bytes; any alignment. */
CG_BIG_HELPER void cg_store16_be(uint8_t *to, uint32_t value)
{
    to[0] = (uint8_t)(value >> 8);
    to[1] = (uint8_t)value;
}

CG_BIG_HELPER void cg_store32_be(uint8_t *to, uint32_t value)
{
    cg_store16_be(to, value >> 16);
    cg_store16_be(to + 2, value);
}

CG_BIG_HELPER void cg_store64_be(uint8_t *to, uint64_t value)
{
    cg_store32_be(to, (uint32_t)(value >> 32));
    cg_store32_be(to + 4, (uint32_t)value);
}

CG_BIG_HELPER uint32_t cg_load16_be(const uint8_t *from)
{
    return (uint32_t)from[0] << 8 | (uint32_t)from[1];
}

CG_BIG_HELPER uint32_t cg_load32_be(const uint8_t *from)
{
    return cg_load16_be(from) << 16 | cg_load16_be(from + 2);
}

CG_BIG_HELPER uint64_t cg_load64_be(const uint8_t *from)
{
    return (uint64_t)cg_load32_be(from) << 32 | cg_load32_be(from + 4);
}

/* Copy out: the range is derived again. */
CG_NODISCARD CG_BIG_HELPER bool cg_give16_be(cg_guest_t *g, uint32_t at, uint32_t value)
{
    uint8_t bytes[2];
    cg_store16_be(bytes, value);
    return cg_give(g, at, bytes, sizeof bytes);
}

CG_NODISCARD CG_BIG_HELPER bool cg_give32_be(cg_guest_t *g, uint32_t at, uint32_t value)
{
    uint8_t bytes[4];
    cg_store32_be(bytes, value);
    return cg_give(g, at, bytes, sizeof bytes);
}

CG_NODISCARD CG_BIG_HELPER bool cg_give64_be(cg_guest_t *g, uint32_t at, uint64_t value)
{
    uint8_t bytes[8];
    cg_store64_be(bytes, value);
    return cg_give(g, at, bytes, sizeof bytes);
}

#endif
