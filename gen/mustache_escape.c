/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/mustache_escape.c - the output buffer, and making a text harmless for the language it is put into.
 * Called by mustache_render.c and by whoever prints texts of descriptions. Knows nothing of templates. */
#include "mustache_inner.h"

#include <stdlib.h>
#include <string.h>

#define CAPACITY_FIRST 4096u

/* Which bytes need a look, as the bits of a mode. 0xC2 and 0xE2 begin the sequences that turned_size knows. */
#define H 1
#define C 2
#define S 4
#define M 16
#define A (C | S | M)
#define ROW(m, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, ba, bb, bc, bd, be, bf)                                     \
    ((b0) & (m)) != 0, ((b1) & (m)) != 0, ((b2) & (m)) != 0, ((b3) & (m)) != 0, ((b4) & (m)) != 0, ((b5) & (m)) != 0, \
    ((b6) & (m)) != 0, ((b7) & (m)) != 0, ((b8) & (m)) != 0, ((b9) & (m)) != 0, ((ba) & (m)) != 0, ((bb) & (m)) != 0, \
    ((bc) & (m)) != 0, ((bd) & (m)) != 0, ((be) & (m)) != 0, ((bf) & (m)) != 0
#define TABLE(m) {                                                           \
    ROW(m, 8, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A),     /* NUL */        \
    ROW(m, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A, A),                  \
    ROW(m, 0, 0, H | S, M, 0, 0, H | M, H, 0, M, C | M, M, 0, M, M, C), /* " # & ' ) * + - . / */ \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, H | M, 0, H | M, A), /* < > ? */  \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                  \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, M, A, M, 0, M),     /* [ \ ] _ */    \
    ROW(m, M, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),     /* ` */          \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, M, 0, M, A),     /* | ~ DEL */    \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                  \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                  \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                  \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                  \
    ROW(m, 0, 0, A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),     /* 0xC2 */       \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),                  \
    ROW(m, 0, 0, A, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),     /* 0xE2 */       \
    ROW(m, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)}

const bool must_care[MUST_ESCAPE_COUNT][256] = {
    [MUST_ESCAPE_NONE] = TABLE(8),
    [MUST_ESCAPE_HTML] = TABLE(8 | H),
    [MUST_ESCAPE_C_COMMENT] = TABLE(8 | C),
    [MUST_ESCAPE_C_STRING] = TABLE(8 | S),
    [MUST_ESCAPE_MARKDOWN] = TABLE(8 | M),
};
#undef H
#undef C
#undef S
#undef M
#undef A
#undef ROW
#undef TABLE

bool must_buffer_grow(must_buffer_t *buffer, size_t extra)
{
    if (buffer->size >= MUST_OUTPUT_SIZE_MAX || extra >= MUST_OUTPUT_SIZE_MAX - buffer->size) {
        return false;
    }
    const size_t wanted = buffer->size + extra + 1;
    size_t capacity = buffer->capacity == 0 ? CAPACITY_FIRST : buffer->capacity;
    while (capacity < wanted) {
        capacity *= 2; /* wanted <= 256 MiB, so this cannot wrap */
    }
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void must_buffer_free(must_buffer_t *buffer)
{
    free(buffer->data);
    *buffer = (must_buffer_t){0};
}

/* Bytes of the UTF-8 sequence at `text` if it is a control character beyond ASCII, a line or paragraph separator, or a
 * mark that turns the direction of text (compilers warn of these, and readers see another program); else 0. */
static size_t turned_size(const char *text, size_t left)
{
    const unsigned char *at = (const unsigned char *)text;
    if (left >= 2 && at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F) {
        return 2;
    }
    if (left < 3 || at[0] != 0xE2) {
        return 0;
    }
    const bool general = at[1] == 0x80 && ((at[2] >= 0x8E && at[2] <= 0x8F) || (at[2] >= 0xA8 && at[2] <= 0xAE));
    const bool isolate = at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9;
    return general || isolate ? 3 : 0;
}

static bool is_control(unsigned char c)
{
    return c < 0x20 || c == 0x7F;
}

/* The room was reserved by must_escape: no mode turns one byte into more than `EXPANSION_MAX`. */
#define EXPANSION_MAX 6u

static void put(must_buffer_t *out, const char *text, size_t size)
{
    memcpy(out->data + out->size, text, size);
    out->size += size;
}

static void escape_html(must_buffer_t *out, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        switch (text[i]) {
        case '&': put(out, "&amp;", 5); break;
        case '<': put(out, "&lt;", 4); break;
        case '>': put(out, "&gt;", 4); break;
        case '"': put(out, "&quot;", 6); break;
        case '\'': put(out, "&#39;", 5); break;
        default: put(out, text + i, 1); break;
        }
    }
}

/* Size without the backslashes at the end. A backslash before the end of a line joins it with the next one, even
 * where white space is between, so white space that hides one goes too. */
static size_t comment_size(const char *text, size_t size)
{
    size_t kept = size;
    size_t at = size;
    while (at > 0) {
        const unsigned char c = (unsigned char)text[at - 1];
        const size_t turned = at >= 3 && turned_size(text + at - 3, 3) == 3 ? 3
                            : at >= 2 && turned_size(text + at - 2, 2) == 2 ? 2 : 0;
        if (c == '\\') {
            at--;
            kept = at;
        } else if (turned != 0) {
            at -= turned;
        } else if (c == ' ' || is_control(c)) {
            at--;
        } else {
            break;
        }
    }
    return kept;
}

/* A space goes between two bytes that would start or end a comment, and after a question mark before a slash, which
 * may be the trigraph of a backslash. */
static void escape_comment(must_buffer_t *out, const char *text, size_t size)
{
    const size_t kept = comment_size(text, size);
    char before = out->size == 0 ? '\n' : out->data[out->size - 1];
    for (size_t i = 0; i < kept; i++) {
        const size_t turned = turned_size(text + i, kept - i);
        char c = text[i];
        if (turned != 0 || is_control((unsigned char)c)) {
            c = ' ';
            i += turned == 0 ? 0 : turned - 1;
        }
        if ((c == '/' && (before == '*' || before == '?')) || (c == '*' && before == '/')) {
            put(out, " ", 1);
        }
        put(out, &c, 1);
        before = c;
    }
}

static void put_octal(must_buffer_t *out, unsigned char c)
{
    const char text[4] = {'\\', (char)('0' + (c >> 6)), (char)('0' + (c >> 3 & 7)), (char)('0' + (c & 7))};
    put(out, text, sizeof(text)); /* three digits: a digit that follows cannot join */
}

static void escape_string(must_buffer_t *out, const char *text, size_t size)
{
    size_t turned_end = 0;
    for (size_t i = 0; i < size; i++) {
        const unsigned char c = (unsigned char)text[i];
        const size_t turned = turned_size(text + i, size - i);
        turned_end = turned == 0 ? turned_end : i + turned;
        if (c == '\n') {
            put(out, "\\n", 2);
        } else if (c == '\t') {
            put(out, "\\t", 2);
        } else if (is_control(c) || i < turned_end) {
            put_octal(out, c);
        } else {
            if (c == '"' || c == '\\' || c == '?') {
                put(out, "\\", 1);
            }
            put(out, text + i, 1);
        }
    }
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Marks that mean something anywhere, and those that make a list where a line begins: "- ", "+ ", "1. ", "1) ". */
static bool is_mark(const char *text, size_t i, size_t size, bool begins_line)
{
    const char c = text[i];
    if (c == '_') {
        return i == 0 || i + 1 == size || !is_word(text[i - 1]) || !is_word(text[i + 1]);
    }
    if (c == '-' || c == '+' || c == '.' || c == ')') {
        size_t digits = 0;
        while (digits < i && text[digits] >= '0' && text[digits] <= '9') {
            digits++;
        }
        return begins_line && digits == i && (i > 0) == (c == '.' || c == ')');
    }
    return strchr("\\`*[]<>|#&~", c) != NULL;
}

static void escape_markdown(must_buffer_t *out, const char *text, size_t size)
{
    const bool begins_line = out->size == 0 || out->data[out->size - 1] == '\n';
    while (size > 0 && (is_control((unsigned char)text[size - 1]) || text[size - 1] == ' ')) {
        size--;
    }
    while (size > 0 && (is_control((unsigned char)text[0]) || text[0] == ' ')) {
        text++;
        size--;
    }
    for (size_t i = 0; i < size; i++) {
        const size_t turned = turned_size(text + i, size - i);
        if (turned != 0 || is_control((unsigned char)text[i])) {
            put(out, " ", 1);
            i += turned == 0 ? 0 : turned - 1;
            continue;
        }
        if (is_mark(text, i, size, begins_line)) {
            put(out, "\\", 1);
        }
        put(out, text + i, 1);
    }
}

bool must_escape(must_buffer_t *out, must_escape_t mode, const char *text, size_t size)
{
    if (size >= MUST_OUTPUT_SIZE_MAX / EXPANSION_MAX || !must_buffer_reserve(out, size * EXPANSION_MAX)) {
        return false;
    }
    switch (mode) {
    case MUST_ESCAPE_NONE: put(out, text, size); break;
    case MUST_ESCAPE_HTML: escape_html(out, text, size); break;
    case MUST_ESCAPE_C_COMMENT: escape_comment(out, text, size); break;
    case MUST_ESCAPE_C_STRING: escape_string(out, text, size); break;
    case MUST_ESCAPE_MARKDOWN: escape_markdown(out, text, size); break;
    }
    out->data[out->size] = '\0';
    return true;
}
