/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/embedvm/cells.c - slots of 64 bits from cells of 16, and back. Used by glue for calls and by the adapter for events. Freestanding; checks no value. */
#include "embedvm.h"

/* Cells of one slot; 0: not the letter of a slot. */
static uint32_t cells_of(char letter)
{
    switch (letter) {
    case 'h':
    case 'H':
        return 1;
    case 'w':
    case 'W':
        return 2;
    case 'd':
        return 4;
    default:
        return 0;
    }
}

uint32_t cg_embedvm_count(const char *letters)
{
    uint32_t count = 0;
    for (; *letters != '\0'; letters++) {
        count += cells_of(*letters);
    }
    return count;
}

static uint64_t extended(char letter, uint64_t value)
{
    if (letter == 'H') {
        return (uint64_t)(int64_t)(int16_t)(uint16_t)value;
    }
    return letter == 'W' ? (uint64_t)(int64_t)(int32_t)(uint32_t)value : value;
}

bool cg_embedvm_gather(const char *letters, const uint16_t *cells, uint32_t count, uint64_t *slots)
{
    if (cg_embedvm_count(letters) != count) {
        return false;
    }
    for (; *letters != '\0'; letters++) {
        const uint32_t size = cells_of(*letters);
        uint64_t value = 0;
        for (uint32_t i = 0; i < size; i++) {
            value = value << 16 | *cells++;
        }
        if (size != 0) {
            *slots++ = extended(*letters, value);
        }
    }
    return true;
}

void cg_embedvm_cut(const char *letters, const uint64_t *slots, uint16_t *cells)
{
    for (; *letters != '\0'; letters++) {
        const uint32_t size = cells_of(*letters);
        for (uint32_t i = size; i > 0; i--) {
            *cells++ = (uint16_t)(*slots >> (16 * (i - 1)));
        }
        slots += size != 0 ? 1 : 0;
    }
}
