/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/uri.c - `format: uri`: refuse whatever two readers could read differently, repair nothing.
 * scheme "://" ( dotted IPv4 | "[" IPv6 "]" ) ":" port [ "/" path ]. RFC 3986 with all that is optional, escaped or to be normalised left out. */
#include "callgate/body.h"

typedef struct cursor {
    const char *at, *end;
} cursor_t;

static bool take(cursor_t *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted) {
        return false;
    }
    c->at += 1;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f');
}

/* A decimal number without leading zero, at most max. */
static bool number(cursor_t *c, uint32_t max)
{
    uint32_t value = 0;
    const char *first = c->at;
    while (c->at < c->end && is_digit(*c->at) && c->at - first < 6) {
        value = value * 10 + (uint32_t)(*c->at - '0');
        c->at += 1;
    }
    return c->at > first && value <= max && !(*first == '0' && c->at - first > 1);
}

static bool scheme(cursor_t *c)
{
    const char *first = c->at;
    while (c->at < c->end && ((*c->at >= 'a' && *c->at <= 'z') || (c->at > first && (is_digit(*c->at) || *c->at == '+' || *c->at == '-' || *c->at == '.')))) {
        c->at += 1;
    }
    return c->at > first && take(c, ':') && take(c, '/') && take(c, '/');
}

static bool ipv4(cursor_t *c)
{
    for (int i = 0; i < 4; i++) {
        if ((i > 0 && !take(c, '.')) || !number(c, 255)) {
            return false;
        }
    }
    return true;
}

/* Up to eight groups of one to four lower-case hex digits without leading zero, "::" at most once and for at least one group. */
static bool ipv6(cursor_t *c)
{
    int groups = 0;
    bool has_gap = false;
    if (c->end - c->at >= 2 && c->at[0] == ':' && c->at[1] == ':') {
        has_gap = true;
        c->at += 2;
    }
    while (c->at < c->end && is_hex(*c->at)) {
        const char *first = c->at;
        while (c->at < c->end && is_hex(*c->at)) {
            c->at += 1;
        }
        groups += 1;
        if (c->at - first > 4 || groups > 8 || (*first == '0' && c->at - first > 1)) {
            return false;
        }
        if (c->at == c->end || *c->at != ':') {
            break;
        }
        c->at += 1;
        if (c->at < c->end && *c->at == ':') {
            if (has_gap) {
                return false;
            }
            has_gap = true;
            c->at += 1;
        } else if (c->at == c->end || !is_hex(*c->at)) {
            return false;
        }
    }
    return has_gap ? groups < 8 : groups == 8;
}

static bool is_path_char(char c)
{
    switch (c) {
    case '%': case '\\': case '@': case '?': case '#': case '"': case '<': case '>': case '^': case '`': case '{': case '|': case '}':
        return false;
    default:
        return c > ' ' && c < 0x7f;
    }
}

/* Segments that are neither empty nor "." nor ".."; a lone "/" is the empty path. */
static bool path(cursor_t *c)
{
    if (c->at == c->end) {
        return true;
    }
    if (!take(c, '/')) {
        return false;
    }
    if (c->at == c->end) {
        return true;
    }
    for (;;) {
        const char *first = c->at;
        while (c->at < c->end && *c->at != '/' && is_path_char(*c->at)) {
            c->at += 1;
        }
        const size_t size = (size_t)(c->at - first);
        const bool is_dots = (size == 1 && first[0] == '.') || (size == 2 && first[0] == '.' && first[1] == '.');
        if (size == 0 || is_dots) {
            return false;
        }
        if (c->at == c->end) {
            return true;
        }
        if (!take(c, '/')) {
            return false;
        }
    }
}

bool cg_uri_is_good(const char *text, uint32_t size)
{
    cursor_t c = {text, text + size};
    if (!scheme(&c)) {
        return false;
    }
    const bool is_host = take(&c, '[') ? ipv6(&c) && take(&c, ']') : ipv4(&c);
    if (!is_host || !take(&c, ':')) {
        return false;
    }
    const char *port = c.at;
    return number(&c, 65535) && *port != '0' && path(&c);
}

bool cg_uri(cg_guest_t *g, const char *text, uint32_t n)
{
    return cg_uri_is_good(text, n) || cg_no(g, CG_ERR_FORMAT);
}
