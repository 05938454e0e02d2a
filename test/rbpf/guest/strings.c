/* SPDX-License-Identifier: BSD-2-Clause */
/* strings.c - string literals, mergeable and not, and arrays of characters. */
#include "guest.h"

static const char motto[] = "subtract, never add";

static NOINLINE u64 hash(const char *text)
{
    u64 value = 14695981039346656037u;
    for (u32 i = 0; i < 64 && text[i] != 0; i++) {
        value = (value ^ (u8)text[i]) * 1099511628211u;
    }
    return value;
}

ENTRY(strings)
{
    char local[8] = "abcdefg";
    (void)context;
    local[n & 3] = 'Z';
    return hash("a literal") + 3 * hash("another literal") + 5 * hash(motto + (n & 7)) + 7 * hash(local) + hash((n & 1) != 0 ? "odd" : "even");
}
