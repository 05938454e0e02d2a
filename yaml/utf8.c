/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/utf8.c - the decoder behind yaml/utf8.h. Reads never past `size`. */
#include "yaml/utf8.h"

size_t utf8_decode(const char *text, size_t size, uint32_t *point)
{
    if (size == 0) {
        return 0;
    }
    const unsigned char *at = (const unsigned char *)text;
    const uint32_t first = at[0];
    if (first < 0x80) {
        *point = first;
        return 1;
    }
    const size_t n = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || n > size) {
        return 0;
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t value = first & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((at[i] & 0xc0u) != 0x80u) {
            return 0;
        }
        value = value << 6 | (at[i] & 0x3fu);
    }
    if (value < least[n] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
        return 0;
    }
    *point = value;
    return n;
}

bool utf8_is_hidden(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x061c || (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x206f) || point == 0xfeff;
}
