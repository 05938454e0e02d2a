/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/number.c - decimal numbers from files.
 * strtod obeys the locale and takes hexadecimal, infinities and not-a-number; files of devices have none of these. Called by saul_file.c and
 * saul_csv.c. Allocates nothing. */
#include "inner.h"

#include <math.h>

enum {
    DIGITS_MAX = 18,       /* significant digits that are kept; they fit into 64 bits */
    EXPONENT_MAX = 100000  /* beyond any double, and sums of it stay far from overflow */
};

typedef struct cursor {
    const char *text;
    size_t size, at;
} cursor_t;

static bool is_digit(const cursor_t *c)
{
    return c->at < c->size && c->text[c->at] >= '0' && c->text[c->at] <= '9';
}

static bool take(cursor_t *c, char wanted)
{
    const bool is_there = c->at < c->size && c->text[c->at] == wanted;
    c->at += is_there;
    return is_there;
}

/* Digits into *mantissa; *shift counts those that found no place in it. Gives how many there were. */
static size_t digits(cursor_t *c, uint64_t *mantissa, unsigned *kept, int *shift)
{
    const size_t start = c->at;
    for (; is_digit(c); c->at++) {
        if (*kept < DIGITS_MAX) {
            *mantissa = *mantissa * 10 + (uint64_t)(c->text[c->at] - '0');
            *kept += *mantissa != 0;
        } else if (*shift < EXPONENT_MAX) {
            ++*shift;
        }
    }
    return c->at - start;
}

/* [e[+-]digits]; an `e` without digits is not part of the number. */
static int exponent(cursor_t *c)
{
    const size_t start = c->at;
    if (!take(c, 'e') && !take(c, 'E')) {
        return 0;
    }
    const bool is_negative = take(c, '-');
    if (!is_negative) {
        (void)take(c, '+');
    }
    if (!is_digit(c)) {
        c->at = start;
        return 0;
    }
    int value = 0;
    for (; is_digit(c); c->at++) {
        value = value < EXPONENT_MAX ? value * 10 + (c->text[c->at] - '0') : EXPONENT_MAX;
    }
    return is_negative ? -value : value;
}

size_t host_number(const char *text, size_t size, double *value)
{
    cursor_t c = { text, size, 0 };
    const bool is_negative = take(&c, '-');
    if (!is_negative) {
        (void)take(&c, '+');
    }
    uint64_t mantissa = 0;
    unsigned kept = 0;
    int shift = 0;
    if (digits(&c, &mantissa, &kept, &shift) == 0) {
        return 0;
    }
    if (take(&c, '.')) {
        const int before = shift;
        const size_t n = digits(&c, &mantissa, &kept, &shift);
        if (n == 0 || n > EXPONENT_MAX) {
            return 0;
        }
        shift = before - ((int)n - (shift - before));
    }
    shift += exponent(&c);
    const double magnitude = shift < 0 ? (double)mantissa / pow(10, -shift) : (double)mantissa * pow(10, shift);
    if (mantissa != 0 && !isfinite(magnitude)) {
        return 0;
    }
    *value = mantissa == 0 ? 0 : is_negative ? -magnitude : magnitude;
    return c.at;
}
