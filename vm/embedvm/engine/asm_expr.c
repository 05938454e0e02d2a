/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_expr.c - characters, names, numbers and expressions of the assembler, and its table of symbols.
 * Expressions are as in C: | below << below + - below *, then - ~ and parentheses; values of 64 bits that may not leave 40. */
#include "asm_inside.h"

enum { EXPRESSION_STEPS = 64 };

static const int64_t value_max = (int64_t)1 << 40;

void asm_skip(place_t *at)
{
    while (*at->at == ' ' || *at->at == '\t' || *at->at == '\r') {
        at->at++;
    }
}

bool asm_at_end(place_t *at)
{
    asm_skip(at);
    return *at->at == 0 || *at->at == '\n' || *at->at == ';';
}

bool asm_take(place_t *at, char c)
{
    asm_skip(at);
    if (*at->at != c) {
        return false;
    }
    at->at++;
    return true;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool asm_name(place_t *at, name_t *name)
{
    asm_skip(at);
    if (!is_letter(*at->at)) {
        return false;
    }
    name->at = at->at;
    while (is_letter(*at->at) || is_digit(*at->at)) {
        at->at++;
    }
    name->length = (size_t)(at->at - name->at);
    return true;
}

bool asm_same(name_t a, name_t b)
{
    return a.length == b.length && memcmp(a.at, b.at, a.length) == 0;
}

bool asm_is(name_t name, const char *word)
{
    return name.length == strlen(word) && memcmp(name.at, word, name.length) == 0;
}

bool asm_word(place_t *at, const char *word)
{
    place_t ahead = *at;
    name_t name;
    if (!asm_name(&ahead, &name) || !asm_is(name, word)) {
        return false;
    }
    *at = ahead;
    return true;
}

/* The value of a digit in any base up to 16; 16 if it is none. */
static unsigned digit(char c)
{
    if (is_digit(c)) {
        return (unsigned)(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return (unsigned)(c - 'a') + 10u;
    }
    return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10u : 16u;
}

static bool escape(assembler_t *as, place_t *at, uint8_t *c)
{
    static const char known[] = "n\nt\tr\r\\\\\"\"''";
    const place_t start = *at;
    const char kind = at->at[1];
    if (kind == 'x' && digit(at->at[2]) < 16 && digit(at->at[3]) < 16) {
        *c = (uint8_t)(digit(at->at[2]) << 4 | digit(at->at[3]));
        at->at += 4;
        return true;
    }
    for (size_t i = 0; kind != 0 && known[i] != 0; i += 2) {
        if (known[i] == kind) {
            *c = (uint8_t)known[i + 1];
            at->at += 2;
            return true;
        }
    }
    if (kind == '0') {
        *c = 0;
        at->at += 2;
        return true;
    }
    return asm_error(as, &start, "unknown escape; there are \\n \\t \\r \\0 \\\\ \\\" \\' and \\xNN");
}

bool asm_char(assembler_t *as, place_t *at, char quote, uint8_t *c)
{
    if (*at->at == 0 || *at->at == '\n' || *at->at == '\r') {
        return asm_error(as, at, "the closing %c is missing on this line", quote);
    }
    if (*at->at == '\\') {
        return escape(as, at, c);
    }
    *c = (uint8_t)*at->at++;
    return true;
}

static bool number(assembler_t *as, place_t *at, int64_t *value)
{
    const place_t start = *at;
    unsigned base = 10;
    if (at->at[0] == '0' && (at->at[1] == 'x' || at->at[1] == 'X')) {
        base = 16;
        at->at += 2;
        if (digit(*at->at) >= 16) {
            return asm_error(as, &start, "a hexadecimal number has digits behind 0x");
        }
    }
    for (*value = 0; digit(*at->at) < base; at->at++) {
        *value = *value * (int64_t)base + (int64_t)digit(*at->at);
        if (*value > value_max) {
            return asm_error(as, &start, "the number is too large");
        }
    }
    return !is_letter(*at->at) || asm_error(as, at, "a letter in a number");
}

static bool character(assembler_t *as, place_t *at, int64_t *value)
{
    uint8_t c;
    at->at++;
    if (!asm_char(as, at, '\'', &c)) {
        return false;
    }
    *value = c;
    if (*at->at != '\'') {
        return asm_error(as, at, "the closing ' is missing");
    }
    at->at++;
    return true;
}

static bool named(assembler_t *as, place_t *at, int64_t *value)
{
    place_t start = *at;
    name_t name;
    if (!asm_name(at, &name)) {
        return asm_error(as, at, "a number, a name or a parenthesis is wanted here");
    }
    const symbol_t *const symbol = as->stage == STAGE_READ ? NULL : asm_find(as, name, start.scope);
    *value = symbol == NULL ? 0 : symbol->value;
    as->unknown = as->unknown || symbol == NULL || !symbol->known;
    if (symbol == NULL && as->stage != STAGE_READ) {
        return asm_error(as, &start, "'%.*s' is not defined", (int)name.length, name.at);
    }
    return true;
}

static bool in_parentheses(assembler_t *as, place_t *at, int64_t *value)
{
    if (as->depth >= EVM_ASM_DEPTH_MAX) {
        return asm_error(as, at, "parentheses too deep");
    }
    as->depth++;
    at->at++;
    const bool good = asm_expr(as, at, value);
    as->depth--;
    return good && (asm_take(at, ')') || asm_error(as, at, "the closing ) is missing"));
}

/* Signs, then one thing. The signs are few on any line that makes sense, and are counted, not nested. */
static bool primary(assembler_t *as, place_t *at, int64_t *value)
{
    asm_skip(at);
    const char *const first = at->at;
    while (asm_take(at, '-') || asm_take(at, '~')) {
        asm_skip(at);
    }
    const char *sign = at->at;
    bool good;
    if (is_digit(*at->at)) {
        good = number(as, at, value);
    } else if (*at->at == '\'') {
        good = character(as, at, value);
    } else if (*at->at == '(') {
        good = in_parentheses(as, at, value);
    } else {
        good = named(as, at, value);
    }
    while (good && sign != first) {
        sign--;
        *value = *sign == '-' ? -*value : *sign == '~' ? ~*value : *value;
    }
    return good;
}

/* The operator that comes next and its strength; 0: none. Moves over it. */
static int operator_at(place_t *at, int weakest, char *which)
{
    static const char signs[] = "|<+-*";
    static const int strengths[] = {1, 2, 3, 3, 4};
    asm_skip(at);
    for (size_t i = 0; signs[i] != 0; i++) {
        const bool found = *at->at == signs[i] && (signs[i] != '<' || at->at[1] == '<');
        if (found && strengths[i] >= weakest) {
            at->at += signs[i] == '<' ? 2 : 1;
            *which = signs[i];
            return strengths[i];
        }
    }
    return 0;
}

static bool fits(char which, int64_t a, int64_t b)
{
    const int64_t size = a < 0 ? -a : a;
    switch (which) {
    case '*': return a == 0 || (b <= value_max / size && b >= -value_max / size);
    case '<': return b >= 0 && b < 40 && a >= 0 && a <= value_max >> b;
    case '+': return a + b <= value_max && a + b >= -value_max;
    case '-': return a - b <= value_max && a - b >= -value_max;
    default: return true;
    }
}

/* While reading, names have no values yet, so a value can be wrong without a fault of the text. */
static bool combine(assembler_t *as, const place_t *at, char which, int64_t b, int64_t *value)
{
    const int64_t a = *value;
    if (!fits(which, a, b)) {
        *value = 0;
        return as->stage == STAGE_READ || asm_error(as, at, "the value of the expression is too large");
    }
    switch (which) {
    case '*': *value = a * b; break;
    case '<': *value = a << b; break;
    case '+': *value = a + b; break;
    case '-': *value = a - b; break;
    default: *value = a | b; break;
    }
    return true;
}

/* All operators of at least this strength; there are four strengths, so this nests no deeper. */
static bool level(assembler_t *as, place_t *at, int weakest, int64_t *value)
{
    char which = 0;
    int strength;
    if (!primary(as, at, value)) {
        return false;
    }
    while ((strength = operator_at(at, weakest, &which)) != 0) {
        const place_t sign = {at->at - (which == '<' ? 2 : 1), at->line_start, at->line, at->file, at->scope};
        int64_t right;
        if (!level(as, at, strength + 1, &right) || !combine(as, &sign, which, right, value)) {
            return false;
        }
    }
    return true;
}

bool asm_expr(assembler_t *as, place_t *at, int64_t *value)
{
    *value = 0;
    return asm_works(as, EXPRESSION_STEPS) && level(as, at, 1, value);
}

bool asm_keep(assembler_t *as, place_t *at, place_t *kept)
{
    int64_t ignored;
    asm_skip(at);
    *kept = *at;
    return asm_expr(as, at, &ignored);
}

bool asm_value(assembler_t *as, const place_t *kept, int64_t low, int64_t high, int64_t *value)
{
    place_t at = *kept;
    if (!asm_expr(as, &at, value)) {
        return false;
    }
    if (*value < low || *value > high) {
        return asm_error(as, kept, "the value %lld is not in %lld to %lld", (long long)*value, (long long)low, (long long)high);
    }
    return true;
}

symbol_t *asm_find(assembler_t *as, name_t name, uint32_t scope)
{
    symbol_t *found = NULL;
    const uint32_t count = asm_works(as, as->symbols.count) ? as->symbols.count : 0;
    for (uint32_t i = 0; i < count; i++) {
        symbol_t *const symbol = ASM_GET(&as->symbols, symbol_t, i);
        if ((symbol->scope == scope || (symbol->scope == 0 && found == NULL)) && asm_same(symbol->name, name)) {
            found = symbol;
        }
    }
    return found;
}

symbol_t *asm_define(assembler_t *as, const place_t *at, name_t name, uint32_t scope)
{
    if (asm_is(name, "top") || asm_is(name, "local") || asm_is(name, "arg")) {
        asm_error(as, at, "'%.*s' is a word of the language", (int)name.length, name.at);
        return NULL;
    }
    const symbol_t *const old = asm_find(as, name, scope);
    if (old != NULL && old->scope == scope) {
        asm_error(as, at, "'%.*s' is defined twice", (int)name.length, name.at);
        return NULL;
    }
    symbol_t *const symbol = ASM_ADD(as, &as->symbols, symbol_t);
    if (symbol != NULL) {
        symbol->name = name;
        symbol->scope = scope;
    }
    return symbol;
}
