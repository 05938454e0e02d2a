/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/text.c - texts from guests and hosts: UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF) without NUL.
 * The copy is checked, never the guest's bytes. */
#include "callgate/body.h"
#include "callgate/host.h"

#define ONES 0x0101010101010101u
#define HIGHS 0x8080808080808080u

/* Eight bytes of which none is NUL and none has its high bit set. */
static bool is_plain8(const char *text)
{
    uint64_t word;
    memcpy(&word, text, 8);
    return (((word - ONES) | word) & HIGHS) == 0;
}

/* Bytes of the UTF-8 sequence at text[0], 0 if it is none. */
static uint32_t sequence(const uint8_t *text, uint32_t left)
{
    const uint32_t first = text[0];
    const uint32_t n = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (n == 0 || n > left || first == 0) {
        return 0;
    }
    for (uint32_t i = 1; i < n; i++) {
        if ((text[i] & 0xc0u) != 0x80u) {
            return 0;
        }
    }
    const bool is_bad = n > 1 && ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) || (first == 0xf0 && text[1] < 0x90) || (first == 0xf4 && text[1] > 0x8f));
    return is_bad ? 0 : n;
}

static bool is_utf8(const char *text, uint32_t size)
{
    uint32_t i = 0;
    while (i < size) {
        const uint32_t n = sequence((const uint8_t *)text + i, size - i);
        if (n == 0) {
            return false;
        }
        i += n;
    }
    return true;
}

/* Plain text in words of eight with the last one overlapping, since a loop over bytes costs eight times as much; all else slowly. */
static bool is_text(const char *text, uint32_t size)
{
    if (size < 8) {
        return is_utf8(text, size);
    }
    uint32_t i = 0;
    for (; i < size - 8; i += 8) {
        if (!is_plain8(text + i)) {
            return is_utf8(text, size);
        }
    }
    return is_plain8(text + (size - 8)) || is_utf8(text, size);
}

bool cg_text(cg_guest_t *g, const uint8_t *from, uint32_t n, char *to)
{
    memcpy(to, from, n);
    to[n] = '\0';
    return CG_LIKELY(is_text(to, n)) || cg_no(g, CG_ERR_FORMAT);
}

bool cg_host_text(cg_guest_t *g, const cg_text_buffer_t *text)
{
    return (text->count <= text->capacity && is_text(text->text, text->count)) || cg_no(g, CG_ERR_HOST);
}

int cg_text_set(cg_text_buffer_t *to, const char *text)
{
    uint32_t size = 0;
    while (text[size] != '\0') {
        if (size == to->capacity) {
            return CG_ERR_SPACE;
        }
        size += 1;
    }
    memcpy(to->text, text, size);
    to->count = size;
    return CG_OK;
}

int cg_buffer_set(cg_buffer_t *to, const void *bytes, size_t size)
{
    if (size > to->capacity) {
        return CG_ERR_SPACE;
    }
    if (size > 0) {
        memcpy(to->bytes, bytes, size);
    }
    to->count = (uint32_t)size;
    return CG_OK;
}
