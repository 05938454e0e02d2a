/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/text.c - texts from guests and hosts: UTF-8 (RFC 3629: shortest form, no surrogates, at most U+10FFFF) without NUL.
 * The copy is checked, never the guest's bytes. */
#include "callgate/body.h"
#include "callgate/host.h"

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

/* Where a register takes eight bytes from any address, plain text goes by words: a loop over bytes costs eight times as much. */
#if UINTPTR_MAX > UINT32_MAX
#define ONES 0x0101010101010101u
#define HIGHS 0x8080808080808080u

static inline uint64_t load8(const void *from)
{
    uint64_t word;
    cg_copy(&word, from, 8);
    return word;
}

/* Bits of HIGHS are set if one of the eight bytes is NUL or has its high bit set. */
static inline uint64_t odd8(uint64_t word)
{
    return (word - ONES) | word;
}

/* Copy and look in one go: what is looked at is what was stored, and the last word overlaps the one before it. At least eight bytes. */
static inline bool copy_plain(char *to, const uint8_t *from, uint32_t size)
{
    const uint32_t last = size - 8;
    uint64_t odd = 0;
    for (uint32_t i = 0; i < last; i += 8) {
        const uint64_t word = load8(from + i);
        cg_copy(to + i, &word, 8);
        odd |= odd8(word);
    }
    const uint64_t word = load8(from + last);
    cg_copy(to + last, &word, 8);
    return ((odd | odd8(word)) & HIGHS) == 0;
}

static bool is_text(const char *text, uint32_t size)
{
    if (size < 8) {
        return is_utf8(text, size);
    }
    uint64_t odd = odd8(load8(text + (size - 8)));
    for (uint32_t i = 0; i < size - 8; i += 8) {
        odd |= odd8(load8(text + i));
    }
    return (odd & HIGHS) == 0 || is_utf8(text, size);
}

/* Text that is short or not plain. */
static CG_COLD bool copy_any(cg_guest_t *g, const uint8_t *from, uint32_t n, char *to)
{
    cg_copy(to, from, n);
    return is_utf8(to, n) || cg_no(g, CG_ERR_FORMAT);
}

bool cg_text(cg_guest_t *g, const uint8_t *from, uint32_t n, char *to)
{
    to[n] = '\0';
    return CG_LIKELY(n >= 8 && copy_plain(to, from, n)) || copy_any(g, from, n, to);
}
#else
#define is_text is_utf8

bool cg_text(cg_guest_t *g, const uint8_t *from, uint32_t n, char *to)
{
    cg_copy(to, from, n);
    to[n] = '\0';
    return is_utf8(to, n) || cg_no(g, CG_ERR_FORMAT);
}
#endif

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
    cg_copy(to->text, text, size);
    to->count = size;
    return CG_OK;
}

int cg_buffer_set(cg_buffer_t *to, const void *bytes, size_t size)
{
    if (size > to->capacity) {
        return CG_ERR_SPACE;
    }
    if (size > 0) {
        cg_copy(to->bytes, bytes, size);
    }
    to->count = (uint32_t)size;
    return CG_OK;
}
