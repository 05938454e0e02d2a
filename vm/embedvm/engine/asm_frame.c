/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_frame.c - functions, whose arguments and locals have names, and calls of the host.
 * Both are made of plain instructions: everything here can be written without it. */
#include "asm_inside.h"

enum { OP_ZEROS = 0xf0, OP_RETURN = 0x9c, OP_USER_0 = 0xb0, ZEROS_MAX = 8 };

const variable_t *asm_variable(assembler_t *as, name_t name)
{
    for (uint32_t i = 0; i < as->variables.count; i++) {
        const variable_t *const variable = ASM_GET(&as->variables, variable_t, i);
        if (asm_same(variable->name, name)) {
            return variable;
        }
    }
    return NULL;
}

/* Names with commas between them; argument n is field -1 - n, local n is field n. *count is how many. */
static bool read_variables(assembler_t *as, place_t *at, bool are_arguments, uint32_t *count)
{
    do {
        name_t name;
        asm_skip(at);
        const place_t start = *at;
        if (!asm_name(at, &name)) {
            return asm_error(as, at, "the name of an argument or local is wanted here");
        }
        if (asm_variable(as, name) != NULL) {
            return asm_error(as, &start, "'%.*s' is defined twice", (int)name.length, name.at);
        }
        if (*count == EVM_PARAMETERS_MAX) {
            return asm_error(as, &start, "a function has at most 32 arguments and 32 locals");
        }
        variable_t *const variable = ASM_ADD(as, &as->variables, variable_t);
        if (variable == NULL) {
            return false;
        }
        variable->name = name;
        variable->field = are_arguments ? -1 - (int32_t)*count : (int32_t)*count;
        ++*count;
    } while (asm_take(at, ','));
    return true;
}

/* The instructions that make the locals, all 0. */
static bool make_locals(assembler_t *as, const place_t *start, uint32_t count)
{
    while (count != 0) {
        const uint32_t now = count < ZEROS_MAX ? count : (uint32_t)ZEROS_MAX;
        item_t *const item = asm_item(as, ITEM_SMALL, start);
        if (item == NULL) {
            return false;
        }
        item->opcode = (uint8_t)(OP_ZEROS + now - 1u);
        count -= now;
    }
    return true;
}

/* `(a, b) local x, y` behind the name; the parentheses may be empty. */
static bool read_frame(assembler_t *as, const place_t *start, place_t *at, uint32_t *argc)
{
    uint32_t locals = 0;
    if (!asm_take(at, '(')) {
        return asm_error(as, at, "the arguments of a function stand in parentheses");
    }
    if (!asm_take(at, ')') && !(read_variables(as, at, true, argc) && (asm_take(at, ')') || asm_error(as, at, "the closing ) is missing")))) {
        return false;
    }
    if (asm_word(at, "local") && !read_variables(as, at, false, &locals)) {
        return false;
    }
    return make_locals(as, start, locals);
}

bool asm_function(assembler_t *as, const place_t *start, place_t *at)
{
    name_t name;
    uint32_t argc = 0;
    asm_skip(at);
    const place_t name_start = *at;
    if (as->function.scope != 0) {
        return asm_error(as, start, "a function in a function; the one before has no 'end'");
    }
    /* From here on we are in it, also after an error, so that its 'end' is none. */
    as->function = *start;
    as->function.scope = ++as->functions;
    as->variables.count = 0;
    if (!asm_name(at, &name)) {
        return asm_error(as, at, "a function has a name");
    }
    if (!asm_label(as, &name_start, name, 0)) {
        return false;
    }
    const uint32_t symbol = as->symbols.count - 1u;
    const bool good = read_frame(as, start, at, &argc);
    ASM_GET(&as->symbols, symbol_t, symbol)->is_function = true;
    ASM_GET(&as->symbols, symbol_t, symbol)->argc = argc;
    return good;
}

bool asm_end(assembler_t *as, const place_t *start)
{
    if (as->function.scope == 0) {
        return asm_error(as, start, "'end' without a function");
    }
    as->function.scope = 0;
    as->variables.count = 0;
    if (as->items.count != 0 && ASM_GET(&as->items, item_t, as->items.count - 1u)->ends) {
        return true;
    }
    item_t *const item = asm_item(as, ITEM_SMALL, start);
    if (item != NULL) {
        item->opcode = OP_RETURN;
    }
    return item != NULL;
}

static host_call_t *find_host(assembler_t *as, name_t name)
{
    const uint32_t count = asm_works(as, as->hosts.count) ? as->hosts.count : 0;
    for (uint32_t i = 0; i < count; i++) {
        host_call_t *const host = ASM_GET(&as->hosts, host_call_t, i);
        if (asm_same(host->name, name)) {
            return host;
        }
    }
    return NULL;
}

bool asm_hostcall(assembler_t *as, place_t *at)
{
    host_call_t host = {0};
    asm_skip(at);
    const place_t start = *at;
    if (!asm_name(at, &host.name)) {
        return asm_error(as, at, ".hostcall wants a name and the numbers of API, call and arguments");
    }
    if (find_host(as, host.name) != NULL) {
        return asm_error(as, &start, "'%.*s' is defined twice", (int)host.name.length, host.name.at);
    }
    if (!asm_keep(as, at, &host.api)) {
        return false;
    }
    (void)asm_take(at, ',');
    if (!asm_keep(as, at, &host.call)) {
        return false;
    }
    (void)asm_take(at, ',');
    if (!asm_keep(as, at, &host.argc)) {
        return false;
    }
    host_call_t *const kept = ASM_ADD(as, &as->hosts, host_call_t);
    if (kept != NULL) {
        *kept = host;
    }
    return kept != NULL;
}

static bool push(assembler_t *as, const place_t *start, const place_t *expr, int64_t add)
{
    item_t *const item = asm_item(as, ITEM_PUSH, start);
    if (item == NULL) {
        return false;
    }
    item->expr = *expr;
    item->add = add;
    return true;
}

bool asm_host(assembler_t *as, const place_t *start, place_t *at)
{
    name_t name;
    asm_skip(at);
    const place_t name_start = *at;
    if (!asm_name(at, &name)) {
        return asm_error(as, at, "host wants the name of a .hostcall");
    }
    host_call_t *const host = find_host(as, name);
    if (host == NULL) {
        return asm_error(as, &name_start, "no .hostcall above is called '%.*s'", (int)name.length, name.at);
    }
    host->used = true;
    if (!push(as, start, &host->call, 0) || !push(as, start, &host->api, 0) || !push(as, start, &host->argc, 2)) {
        return false;
    }
    item_t *const item = asm_item(as, ITEM_SMALL, start);
    if (item != NULL) {
        item->opcode = OP_USER_0;
    }
    return item != NULL;
}
