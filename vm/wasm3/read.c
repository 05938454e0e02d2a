/* SPDX-License-Identifier: BSD-2-Clause */
/* read.c - what a module asks for and offers, read before the engine sees it: types, imports, functions, exports.
 * Works on a copy, where names become C strings in place. Judges no call: vm/wasm/compare.c does. */
#include "inside.h"

#include <stdlib.h>

enum { KIND_FUNCTION = 0, KIND_LAST = 3, TYPE_FUNCTION = 0x60 };

static int refuse(const cg_guest_config_t *config, const char *why)
{
    cg_say(config, why, (const char *)NULL);
    return CG_LOAD_IMAGE;
}

static int refuse_cut(const cg_guest_config_t *config)
{
    return refuse(config, "is not a sound module: types, imports, functions or exports are cut off");
}

static int refuse_room(const cg_guest_config_t *config)
{
    cg_say(config, "cannot be loaded: out of memory", (const char *)NULL);
    return CG_LOAD_MEMORY;
}

/* Bodies of the sections, each at most once. */
static int find_sections(wasm3_read_t *read, const cg_guest_config_t *config)
{
    wasm_reader_t rest = {read->copy + WASM_HEADER_SIZE, config->image_size - WASM_HEADER_SIZE};
    bool seen[WASM_SECTION_DATA_COUNT + 1] = {false};
    while (rest.left != 0) {
        wasm_reader_t body;
        uint32_t kind;
        if (!wasm_read_byte(&rest, &kind) || !wasm_read_block(&rest, &body)) {
            return refuse_cut(config);
        }
        if (kind == WASM_SECTION_CUSTOM) {
            continue;
        }
        if (kind > WASM_SECTION_DATA_COUNT || seen[kind]) {
            return refuse(config, "is not a sound module: a section is there twice, or of a kind that is not supported");
        }
        seen[kind] = true;
        read->sections[kind] = body;
    }
    return CG_LOAD_OK;
}

/* A count at the head of a section that may be missing. Each of what is counted takes a byte at least, so no count makes room that the module has not paid for. */
static bool read_count(wasm_reader_t *body, uint32_t *count)
{
    *count = 0;
    return body->at == NULL || (wasm_read_leb(body, count) && *count <= body->left);
}

static bool read_types(wasm3_read_t *read, wasm_reader_t body)
{
    for (uint32_t i = 0; i < read->type_count; i++) {
        uint32_t form;
        wasm_reader_t values;
        if (!wasm_read_byte(&body, &form) || form != TYPE_FUNCTION) {
            return false;
        }
        read->types[i] = body;
        if (!wasm_read_block(&body, &values) || !wasm_read_block(&body, &values)) {
            return false;
        }
    }
    return body.left == 0;
}

/* Skip a name. */
static bool skip_name(wasm_reader_t *rest)
{
    wasm_reader_t name;
    return wasm_read_block(rest, &name);
}

/* Types of imported functions. Anything else ends the walk: it is refused when the imports are compared. */
static bool read_import_types(wasm3_read_t *read, wasm_reader_t body, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t kind;
        if (!skip_name(&body) || !skip_name(&body) || !wasm_read_byte(&body, &kind)) {
            return false;
        }
        if (kind != KIND_FUNCTION) {
            return kind <= KIND_LAST;
        }
        if (!wasm_read_leb(&body, &read->functions[read->import_count])) {
            return false;
        }
        read->import_count += 1;
    }
    return body.left == 0;
}

static bool read_functions(wasm3_read_t *read, wasm_reader_t body, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!wasm_read_leb(&body, &read->functions[read->import_count + i])) {
            return false;
        }
    }
    read->function_count = read->import_count + count;
    for (uint32_t i = 0; i < read->function_count; i++) {
        if (read->functions[i] >= read->type_count) {
            return false;
        }
    }
    return body.left == 0;
}

int wasm3_read(wasm3_read_t *read, const cg_guest_config_t *config)
{
    *read = (wasm3_read_t){.copy = malloc(config->image_size)};
    if (read->copy == NULL) {
        return refuse_room(config);
    }
    memcpy(read->copy, config->image, config->image_size);
    const int result = find_sections(read, config);
    if (result != CG_LOAD_OK) {
        return result;
    }
    wasm_reader_t types = read->sections[WASM_SECTION_TYPE];
    wasm_reader_t imports = read->sections[WASM_SECTION_IMPORT];
    wasm_reader_t functions = read->sections[WASM_SECTION_FUNCTION];
    uint32_t imported;
    uint32_t own;
    if (!read_count(&types, &read->type_count) || !read_count(&imports, &imported) || !read_count(&functions, &own)) {
        return refuse_cut(config);
    }
    if (read->type_count > WASM3_TYPES_MAX || imported > WASM3_IMPORTS_MAX) {
        return refuse(config, "has more than 4096 types or imports");
    }
    read->types = calloc((size_t)read->type_count + 1, sizeof *read->types);
    read->functions = calloc((size_t)imported + own + 1, sizeof *read->functions);
    if (read->types == NULL || read->functions == NULL) {
        return refuse_room(config);
    }
    if (!read_types(read, types) || !read_import_types(read, imports, imported) || !read_functions(read, functions, own)) {
        return refuse_cut(config);
    }
    return CG_LOAD_OK;
}

void wasm3_read_free(wasm3_read_t *read)
{
    free(read->copy);
    free(read->types);
    free(read->functions);
    *read = (wasm3_read_t){0};
}

/* ---- items ---- */

/* The name as a C string: moved over the last byte of its size, so that a zero finds room behind it. A zero within is refused: the engine's names end there. */
static const char *take_name(const wasm3_read_t *read, wasm_reader_t *rest)
{
    wasm_reader_t name;
    if (!wasm_read_block(rest, &name) || memchr(name.at, 0, name.left) != NULL) {
        return NULL;
    }
    uint8_t *to = read->copy + (name.at - read->copy) - 1;
    memmove(to, name.at, name.left);
    to[name.left] = '\0';
    return (const char *)to;
}

static char letter_of(uint8_t type)
{
    return type == 0x7f ? 'i' : type == 0x7e ? 'I' : type == 0x7d ? 'f' : type == 0x7c ? 'F' : '?';
}

static void add_values(cg_wasm_type_t *type, wasm_reader_t *rest)
{
    wasm_reader_t values = {0};
    (void)wasm_read_block(rest, &values);
    for (uint32_t i = 0; i < values.left; i++) {
        cg_wasm_type_add(type, letter_of(values.at[i]));
    }
}

static const char *type_text(const wasm3_read_t *read, uint32_t index, cg_wasm_type_t *type)
{
    wasm_reader_t rest = read->types[index];
    type->used = 0;
    cg_wasm_type_add(type, '(');
    add_values(type, &rest);
    cg_wasm_type_add(type, ')');
    add_values(type, &rest);
    return type->text;
}

bool wasm3_next_import(const wasm3_read_t *read, wasm_reader_t *rest, wasm3_item_t *item, bool *is_sound)
{
    uint32_t kind;
    uint32_t type;
    *is_sound = true;
    if (rest->left == 0) {
        return false;
    }
    *is_sound = false;
    item->item.module = take_name(read, rest);
    item->item.name = item->item.module != NULL ? take_name(read, rest) : NULL;
    if (item->item.name == NULL || !wasm_read_byte(rest, &kind)) {
        return false;
    }
    item->item.type = NULL;
    if (kind == KIND_FUNCTION) {
        if (!wasm_read_leb(rest, &type)) {
            return false;
        }
        item->item.type = type_text(read, type, &item->type);
    }
    *is_sound = true;
    return true;
}

bool wasm3_next_export(const wasm3_read_t *read, wasm_reader_t *rest, wasm3_item_t *item, bool *is_sound)
{
    uint32_t kind;
    *is_sound = true;
    if (rest->left == 0) {
        return false;
    }
    *is_sound = false;
    item->item.module = NULL;
    item->item.name = take_name(read, rest);
    if (item->item.name == NULL || !wasm_read_byte(rest, &kind) || !wasm_read_leb(rest, &item->function) ||
        (kind == KIND_FUNCTION && item->function >= read->function_count)) {
        return false;
    }
    item->item.type = kind == KIND_FUNCTION ? type_text(read, read->functions[item->function], &item->type) : NULL;
    *is_sound = true;
    return true;
}
