/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_read.c - lines to items: labels and directives; instructions are read by asm_insn.c, functions by asm_frame.c.
 * Computes no value: labels have none yet. A line with an error is left, and reading goes on with the next. */
#include "asm_inside.h"

item_t *asm_item(assembler_t *as, item_kind_t kind, const place_t *start)
{
    item_t *const item = ASM_ADD(as, &as->items, item_t);
    if (item != NULL) {
        item->kind = kind;
        item->start = *start;
    }
    return item;
}

bool asm_label(assembler_t *as, const place_t *start, name_t name, uint32_t scope)
{
    symbol_t *const symbol = asm_define(as, start, name, scope);
    item_t *const item = symbol == NULL ? NULL : asm_item(as, ITEM_LABEL, start);
    if (item == NULL) {
        return false;
    }
    symbol->is_label = true;
    item->symbol = as->symbols.count - 1u;
    return true;
}

static bool read_const(assembler_t *as, place_t *at)
{
    asm_skip(at);
    const place_t start = *at;
    place_t expr;
    name_t name;
    if (!asm_name(at, &name)) {
        return asm_error(as, at, ".const wants a name and its value");
    }
    if (!asm_keep(as, at, &expr) || asm_define(as, &start, name, 0) == NULL) {
        return false;
    }
    item_t *const item = asm_item(as, ITEM_CONST, &start);
    if (item == NULL) {
        return false;
    }
    item->symbol = as->symbols.count - 1u;
    item->expr = expr;
    return true;
}

static bool read_values(assembler_t *as, place_t *at, item_kind_t kind)
{
    do {
        place_t expr;
        if (!asm_keep(as, at, &expr)) {
            return false;
        }
        item_t *const item = asm_item(as, kind, &expr);
        if (item == NULL) {
            return false;
        }
        item->expr = expr;
    } while (asm_take(at, ','));
    return true;
}

static bool read_string(assembler_t *as, place_t *at)
{
    uint8_t ignored;
    uint32_t size = 0;
    asm_skip(at);
    const place_t start = *at;
    if (!asm_take(at, '"')) {
        return asm_error(as, at, ".string wants a text in \"\"");
    }
    while (*at->at != '"') {
        if (!asm_char(as, at, '"', &ignored)) {
            return false;
        }
        size++;
    }
    at->at++;
    item_t *const item = asm_item(as, ITEM_STRING, &start);
    if (item == NULL) {
        return false;
    }
    item->size = size;
    return true;
}

static bool read_include(assembler_t *as, place_t *at)
{
    asm_skip(at);
    const place_t start = *at;
    if (!asm_take(at, '"')) {
        return asm_error(as, at, ".include wants a file in \"\"");
    }
    name_t name = {at->at, strcspn(at->at, "\"\n\r")};
    at->at += name.length;
    if (name.length == 0 || *at->at != '"') {
        return asm_error(as, &start, ".include wants a file in \"\"");
    }
    at->at++;
    if (as->function.scope != 0) {
        return asm_error(as, &start, ".include stands outside of functions");
    }
    return asm_include(as, &start, name);
}

/* .memory and .entry: each at most once. */
static bool read_once(assembler_t *as, const place_t *start, place_t *at, place_t *kept)
{
    if (kept->at != NULL) {
        return asm_error(as, start, "this was given before, in line %u", kept->line);
    }
    return asm_keep(as, at, kept);
}

static bool read_export(assembler_t *as, place_t *at)
{
    pair_t pair = {0};
    asm_skip(at);
    pair.start = *at;
    if (!asm_name(at, &pair.name)) {
        return asm_error(as, at, ".export wants a label and its number of arguments");
    }
    if (!asm_at_end(at) && !asm_keep(as, at, &pair.second)) {
        return false;
    }
    pair_t *const kept = ASM_ADD(as, &as->exports, pair_t);
    if (kept != NULL) {
        *kept = pair;
    }
    return kept != NULL;
}

static bool read_digest(assembler_t *as, place_t *at)
{
    pair_t pair = {.start = *at};
    if (!asm_keep(as, at, &pair.first)) {
        return false;
    }
    (void)asm_take(at, ',');
    if (!asm_keep(as, at, &pair.second)) {
        return false;
    }
    pair_t *const kept = ASM_ADD(as, &as->digests, pair_t);
    if (kept != NULL) {
        *kept = pair;
    }
    return kept != NULL;
}

static bool read_directive(assembler_t *as, place_t *at)
{
    const place_t start = *at;
    name_t name = {0};
    at->at++;
    if (!asm_name(at, &name)) {
        return asm_error(as, &start, "a directive has a name");
    }
    if (asm_is(name, "const")) {
        return read_const(as, at);
    }
    if (asm_is(name, "include")) {
        return read_include(as, at);
    }
    if (asm_is(name, "memory") || asm_is(name, "entry")) {
        return read_once(as, &start, at, asm_is(name, "entry") ? &as->entry : &as->memory);
    }
    if (asm_is(name, "export")) {
        return read_export(as, at);
    }
    if (asm_is(name, "byte") || asm_is(name, "word")) {
        return read_values(as, at, asm_is(name, "byte") ? ITEM_BYTE : ITEM_WORD);
    }
    if (asm_is(name, "string")) {
        return read_string(as, at);
    }
    if (asm_is(name, "space")) {
        return read_values(as, at, ITEM_SPACE);
    }
    if (asm_is(name, "hostcall")) {
        return asm_hostcall(as, at);
    }
    if (asm_is(name, "digest")) {
        return read_digest(as, at);
    }
    return asm_error(as, &start, "there is no directive '.%.*s'", (int)name.length, name.at);
}

/* One line: any number of labels, then a statement or none. */
static bool read_line(assembler_t *as, place_t *at)
{
    while (!asm_at_end(at)) {
        const place_t start = *at;
        name_t name;
        bool good;
        if (*at->at == '.') {
            good = read_directive(as, at);
        } else if (!asm_name(at, &name)) {
            return asm_error(as, at, "a label, an instruction or a directive is wanted here");
        } else if (asm_take(at, ':')) {
            if (!asm_label(as, &start, name, start.scope)) {
                return false;
            }
            continue;
        } else {
            good = asm_instruction(as, &start, name, at);
        }
        return good && (asm_at_end(at) || asm_error(as, at, "the statement should end here"));
    }
    return true;
}

void asm_read(assembler_t *as, uint32_t file)
{
    const char *text = ASM_GET(&as->sources, source_t, file)->text;
    for (uint32_t line = 1; *text != 0 && as->errors < EVM_ASM_ERRORS_MAX; line++) {
        place_t at = {text, text, line, file, as->function.scope};
        (void)read_line(as, &at);
        text += strcspn(text, "\n");
        text += *text != 0;
    }
    if (as->function.scope != 0 && as->errors < EVM_ASM_ERRORS_MAX) {
        (void)asm_error(as, &as->function, "this function has no 'end'");
        as->function.scope = 0;
    }
}
