/* SPDX-License-Identifier: BSD-2-Clause */
/* strict.c - refuse before the engine sees it what the engine does not check, or what it runs to find out: plain WebAssembly 1.0 goes through.
 * Values are of four types; globals, tables and data begin with one constant; every function has a body. The engine validates the instructions. */
#include "inside.h"

enum { TYPE_FIRST = 0x7c, TYPE_LAST = 0x7f, TYPE_I32 = 0x7f, TYPE_I64 = 0x7e, TYPE_F32 = 0x7d, TYPE_FUNCREF = 0x70 };
enum { OP_END = 0x0b, OP_I32 = 0x41, OP_I64 = 0x42, OP_F32 = 0x43, OP_F64 = 0x44, SIGNED_MAX = 10 };

static int refuse(const cg_guest_config_t *config, const char *why)
{
    cg_say(config, why, (const char *)NULL);
    return CG_LOAD_IMAGE;
}

static bool is_value(uint32_t type)
{
    return type >= TYPE_FIRST && type <= TYPE_LAST;
}

static bool are_values(wasm_reader_t values)
{
    for (uint32_t i = 0; i < values.left; i++) {
        if (!is_value(values.at[i])) {
            return false;
        }
    }
    return true;
}

/* Of a section that may be missing. */
static bool count_of(wasm_reader_t *body, uint32_t *count)
{
    *count = 0;
    return body->at == NULL || wasm_read_leb(body, count);
}

static bool types_are_plain(const wasm3_read_t *read)
{
    for (uint32_t i = 0; i < read->type_count; i++) {
        wasm_reader_t rest = read->types[i];
        wasm_reader_t params;
        wasm_reader_t results;
        if (!wasm_read_block(&rest, &params) || !wasm_read_block(&rest, &results) || !are_values(params) || !are_values(results)) {
            return false;
        }
    }
    return true;
}

/* A signed number of any width: the engine judges its value. */
static bool skip_signed(wasm_reader_t *rest)
{
    for (uint32_t i = 0; i < SIGNED_MAX; i++) {
        uint32_t byte;
        if (!wasm_read_byte(rest, &byte)) {
            return false;
        }
        if ((byte & 0x80u) == 0) {
            return true;
        }
    }
    return false;
}

/* One constant of the type, and the end. */
static bool skip_constant(wasm_reader_t *rest, uint32_t type)
{
    uint32_t op;
    uint32_t end;
    const uint32_t wanted = type == TYPE_I32 ? OP_I32 : type == TYPE_I64 ? OP_I64 : type == TYPE_F32 ? OP_F32 : OP_F64;
    if (!wasm_read_byte(rest, &op) || op != wanted) {
        return false;
    }
    const bool is_whole = op == OP_I32 || op == OP_I64 ? skip_signed(rest) : wasm_skip(rest, op == OP_F32 ? 4 : 8);
    return is_whole && wasm_read_byte(rest, &end) && end == OP_END;
}

static bool globals_are_plain(wasm_reader_t body)
{
    uint32_t count;
    if (!count_of(&body, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t type;
        uint32_t mutability;
        if (!wasm_read_byte(&body, &type) || !is_value(type) || !wasm_read_byte(&body, &mutability) || mutability > 1 || !skip_constant(&body, type)) {
            return false;
        }
    }
    return body.left == 0;
}

/* One, of functions; sizes were settled by the scan. */
static bool tables_are_plain(wasm_reader_t body, uint32_t *count)
{
    return count_of(&body, count) && *count <= 1 && (*count == 0 || (body.left != 0 && *body.at == TYPE_FUNCREF));
}

static bool elements_are_plain(const wasm3_read_t *read, wasm_reader_t body, uint32_t table_count)
{
    uint32_t count;
    if (!count_of(&body, &count) || (count != 0 && table_count == 0)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags;
        uint32_t entries;
        if (!wasm_read_leb(&body, &flags) || flags != 0 || !skip_constant(&body, TYPE_I32) || !wasm_read_leb(&body, &entries)) {
            return false;
        }
        for (uint32_t k = 0; k < entries; k++) {
            uint32_t function;
            if (!wasm_read_leb(&body, &function) || function >= read->function_count) {
                return false;
            }
        }
    }
    return body.left == 0;
}

/* Active at a constant address of the one memory, or passive. */
static bool data_is_plain(const wasm3_read_t *read, wasm_reader_t body)
{
    uint32_t count;
    if (!count_of(&body, &count) || (count != 0 && read->sections[WASM_SECTION_MEMORY].at == NULL)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags;
        wasm_reader_t bytes;
        if (!wasm_read_leb(&body, &flags) || flags > 1 || (flags == 0 && !skip_constant(&body, TYPE_I32)) || !wasm_read_block(&body, &bytes)) {
            return false;
        }
    }
    return body.left == 0;
}

/* The engine takes a function without a byte for an import. */
static bool code_is_plain(const wasm3_read_t *read, wasm_reader_t body)
{
    uint32_t count;
    if (!count_of(&body, &count) || count != read->function_count - read->import_count) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        wasm_reader_t function;
        uint32_t runs;
        if (!wasm_read_block(&body, &function) || !wasm_read_leb(&function, &runs)) {
            return false;
        }
        for (uint32_t k = 0; k < runs; k++) {
            uint32_t locals;
            uint32_t type;
            if (!wasm_read_leb(&function, &locals) || !wasm_read_byte(&function, &type) || !is_value(type)) {
                return false;
            }
        }
        if (function.left == 0) {
            return false;
        }
    }
    return body.left == 0;
}

int wasm3_strict(const wasm3_read_t *read, const cg_guest_config_t *config)
{
    uint32_t table_count;
    uint32_t export_count;
    wasm_reader_t exports = read->sections[WASM_SECTION_EXPORT];
    if (!types_are_plain(read) || !code_is_plain(read, read->sections[WASM_SECTION_CODE])) {
        return refuse(config, "has a function without a body, or values of a type other than i32, i64, f32, f64 (build with -mcpu=mvp)");
    }
    if (!globals_are_plain(read->sections[WASM_SECTION_GLOBAL])) {
        return refuse(config, "has a global that does not begin with one constant of its type; no other is supported");
    }
    if (!tables_are_plain(read->sections[WASM_SECTION_TABLE], &table_count) || !elements_are_plain(read, read->sections[WASM_SECTION_ELEMENT], table_count)) {
        return refuse(config, "has tables that are not one of functions, filled from constant places; no other is supported");
    }
    if (!data_is_plain(read, read->sections[WASM_SECTION_DATA])) {
        return refuse(config, "has data that is not for constant addresses of its own memory; no other is supported");
    }
    if (!count_of(&exports, &export_count) || export_count > WASM3_EXPORTS_MAX) {
        return refuse(config, "has more than 4096 exports");
    }
    return CG_LOAD_OK;
}
