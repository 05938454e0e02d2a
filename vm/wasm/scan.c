/* SPDX-License-Identifier: BSD-2-Clause */
/* scan.c - read the sections of a module before the engine does: digests, memory, what must not be there, and what would cost the host far more than the module is large.
 * The bytes are hostile: every length is compared with what is left. Looks at no instruction; the engine's loader validates the rest. */
#include "reader.h"
#include "wasm_module.h"

#include <string.h>

enum { DIGEST_SIZE = 8 };
enum { LIMIT_HAS_MAX = 1 }; /* other bits: shared, 64-bit, page size */
enum { TYPE_FUNCTION = 0x60, TYPE_FIRST = 0x6f, TYPE_LAST = 0x7f };

/* What the engine pays for a module goes beyond its size: it copies a plan for each value of a block's type at each branch to it, compares each type with all before
 * it, looks through a function's whole operand stack at many instructions, keeps 200 bytes a function, and has room for so many entries where a table names no
 * maximum, and for twice the first size where it does. One instruction may fill a table, but is one step. */
enum {
    PARAMS_MAX = 32, RESULTS_MAX = 8, TYPES_MAX = 1024, FUNCTIONS_MAX = 16384, TABLE_ENTRIES_LEAST = 1024, TABLE_ENTRIES_MAX = 4096
};

static const char digest_section[] = "callgate";

static int refuse(const cg_guest_config_t *config, const char *why)
{
    cg_say(config, why, (const char *)NULL);
    return CG_LOAD_IMAGE;
}

bool cg_wasm_probe(const uint8_t *image, uint32_t size)
{
    static const uint8_t header[WASM_HEADER_SIZE] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    return size >= WASM_HEADER_SIZE && memcmp(image, header, WASM_HEADER_SIZE) == 0;
}

static int scan_custom(const cg_guest_config_t *config, wasm_reader_t body)
{
    wasm_reader_t name;
    if (!wasm_read_block(&body, &name)) {
        return refuse(config, "is not a sound module: a custom section has no name");
    }
    if (name.left != sizeof digest_section - 1 || memcmp(name.at, digest_section, name.left) != 0) {
        return CG_LOAD_OK;
    }
    if (body.left % DIGEST_SIZE != 0) {
        return refuse(config, "its section `callgate` is not a list of digests: rebuild the guest against this host's SDK");
    }
    return cg_check_digests(config, body.at, body.left / DIGEST_SIZE);
}

static int refuse_cut(const cg_guest_config_t *config)
{
    return refuse(config, "is not a sound module: a section ends too early");
}

/* Number and reference types are one byte each; others belong to extensions that no guest of ours uses. */
static bool read_types(wasm_reader_t *body, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t type;
        if (!wasm_read_byte(body, &type) || type < TYPE_FIRST || type > TYPE_LAST) {
            return false;
        }
    }
    return true;
}

static int scan_types(const cg_guest_config_t *config, wasm_reader_t body)
{
    uint32_t count;
    if (!wasm_read_leb(&body, &count)) {
        return refuse_cut(config);
    }
    if (count > TYPES_MAX) {
        return refuse(config, "has more than 1024 types of functions");
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t form;
        uint32_t params;
        uint32_t results;
        if (!wasm_read_byte(&body, &form) || form != TYPE_FUNCTION || !wasm_read_leb(&body, &params) || !read_types(&body, params) ||
            !wasm_read_leb(&body, &results) || !read_types(&body, results)) {
            return refuse(config, "is not a sound module: a type is cut off, or of a kind that is not supported");
        }
        if (params > PARAMS_MAX || results > RESULTS_MAX) {
            return refuse(config, "has a function or block of more than 32 parameters or 8 results");
        }
    }
    return CG_LOAD_OK;
}

static int scan_tables(cg_wasm_scan_t *scan, const cg_guest_config_t *config, wasm_reader_t body)
{
    uint32_t count;
    if (!wasm_read_leb(&body, &count)) {
        return refuse_cut(config);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags;
        uint32_t first;
        uint32_t max;
        if (!read_types(&body, 1) || !wasm_read_leb(&body, &flags) || (flags & ~(uint32_t)LIMIT_HAS_MAX) != 0 || !wasm_read_leb(&body, &first) ||
            ((flags & LIMIT_HAS_MAX) != 0 && !wasm_read_leb(&body, &max))) {
            return refuse(config, "is not a sound module: a table is cut off, or of a kind that is not supported");
        }
        const uint32_t room = first > TABLE_ENTRIES_LEAST / 2 ? first : TABLE_ENTRIES_LEAST / 2;
        if (room > (TABLE_ENTRIES_MAX - scan->table_entries) / 2) {
            return refuse(config, "has tables for more than 4096 entries, counting at least 1024 for each and twice its first size");
        }
        scan->table_entries += 2 * room;
    }
    return CG_LOAD_OK;
}

static int scan_memory(cg_wasm_scan_t *scan, const cg_guest_config_t *config, wasm_reader_t body)
{
    uint32_t count;
    uint32_t flags;
    if (!wasm_read_leb(&body, &count) || (count != 0 && !wasm_read_leb(&body, &flags))) {
        return refuse_cut(config);
    }
    if (count == 0) {
        return CG_LOAD_OK;
    }
    if (count > 1 || scan->has_memory) {
        return refuse(config, "has more than one memory; one is supported");
    }
    if ((flags & ~(uint32_t)LIMIT_HAS_MAX) != 0) {
        return refuse(config, "has a memory that is shared, of 64 bits, or of other pages than 64 KiB; only plain ones are supported");
    }
    scan->has_memory = true;
    return wasm_read_leb(&body, &scan->pages) ? CG_LOAD_OK : refuse_cut(config);
}

/* The locals of one function, which a few bytes declare by the thousand. Honest code names each of them, so that a program is larger than their number. */
static int scan_locals(cg_wasm_scan_t *scan, const cg_guest_config_t *config, wasm_reader_t function)
{
    uint32_t runs;
    if (!wasm_read_leb(&function, &runs)) {
        return refuse_cut(config);
    }
    for (uint32_t i = 0; i < runs; i++) {
        uint32_t count;
        if (!wasm_read_leb(&function, &count) || !read_types(&function, 1)) {
            return refuse(config, "is not a sound module: locals are cut off, or of a type that is not supported");
        }
        if (count > config->image_size - scan->locals) {
            return refuse(config, "declares more locals than it has bytes");
        }
        scan->locals += count;
    }
    return CG_LOAD_OK;
}

static int scan_function(cg_wasm_scan_t *scan, const cg_guest_config_t *config, wasm_reader_t function)
{
    if (function.left > CG_WASM_FUNCTION_MAX) {
        return refuse(config, "has a function that is larger than this host takes (CG_WASM_FUNCTION_MAX, 32 KiB unless the host says otherwise)");
    }
    return scan_locals(scan, config, function);
}

static int scan_code(cg_wasm_scan_t *scan, const cg_guest_config_t *config, wasm_reader_t body)
{
    uint32_t count;
    int result = CG_LOAD_OK;
    if (!wasm_read_leb(&body, &count)) {
        return refuse_cut(config);
    }
    if (count > FUNCTIONS_MAX) {
        return refuse(config, "has more than 16384 functions");
    }
    for (uint32_t i = 0; i < count && result == CG_LOAD_OK; i++) {
        wasm_reader_t function;
        result = wasm_read_block(&body, &function) ? scan_function(scan, config, function) : refuse_cut(config);
    }
    return result;
}

static int scan_section(cg_wasm_scan_t *scan, const cg_guest_config_t *config, uint32_t kind, wasm_reader_t body)
{
    switch (kind) {
    case WASM_SECTION_CUSTOM:
        return scan_custom(config, body);
    case WASM_SECTION_TYPE:
        return scan_types(config, body);
    case WASM_SECTION_TABLE:
        return scan_tables(scan, config, body);
    case WASM_SECTION_MEMORY:
        return scan_memory(scan, config, body);
    case WASM_SECTION_START:
        return refuse(config, "has a start function, which would run before its limits hold: move its work into " CG_WASM_ENTRY);
    case WASM_SECTION_CODE:
        return scan_code(scan, config, body);
    default: /* a byte of the file, not an enum: the engine judges the others */
        return CG_LOAD_OK;
    }
}

int cg_wasm_scan(cg_wasm_scan_t *scan, const cg_guest_config_t *config)
{
    *scan = (cg_wasm_scan_t){0};
    if (!cg_wasm_probe(config->image, config->image_size)) {
        return refuse(config, "is not a WebAssembly module of version 1");
    }
    if (config->image_size > CG_WASM_IMAGE_MAX) {
        return refuse(config, "is larger than this host takes (CG_WASM_IMAGE_MAX, 2 MiB unless the host says otherwise)");
    }
    wasm_reader_t rest = {config->image + WASM_HEADER_SIZE, config->image_size - WASM_HEADER_SIZE};
    while (rest.left != 0) {
        wasm_reader_t body;
        uint32_t kind;
        if (!wasm_read_byte(&rest, &kind) || !wasm_read_block(&rest, &body)) {
            return refuse(config, "is not a sound module: a section ends beyond the file");
        }
        const int result = scan_section(scan, config, kind, body);
        if (result != CG_LOAD_OK) {
            return result;
        }
    }
    return CG_LOAD_OK;
}

uint32_t cg_wasm_memory_needed(const cg_wasm_scan_t *scan)
{
    const uint32_t pages = scan->has_memory && scan->pages == 0 ? 1 : scan->pages;
    return pages <= UINT32_MAX / CG_WASM_PAGE_BYTES ? pages * CG_WASM_PAGE_BYTES : UINT32_MAX;
}

int cg_wasm_check_memory(const cg_wasm_scan_t *scan, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const uint32_t most = policy->memory_bytes / CG_WASM_PAGE_BYTES;
    if (!scan->has_memory || (most != 0 && scan->pages <= most)) {
        return CG_LOAD_OK;
    }
    return cg_refuse_memory(config, policy, cg_wasm_memory_needed(scan), ", or link with a smaller stack (-Wl,-z,stack-size=8192)");
}
