/* SPDX-License-Identifier: BSD-2-Clause */
/* scan.c - read the sections of a module before the engine does: digests, memory, what must not be there, and what would cost the host far more than the module is large.
 * The bytes are hostile: every length is compared with what is left. Looks at no instruction; the engine's loader validates the rest. */
#include "inside.h"

enum { SECTION_CUSTOM = 0, SECTION_TYPE = 1, SECTION_TABLE = 4, SECTION_MEMORY = 5, SECTION_START = 8, SECTION_CODE = 10 };
enum { HEADER_SIZE = 8, LEB_MAX = 5, DIGEST_SIZE = 8 };
enum { LIMIT_HAS_MAX = 1 }; /* other bits: shared, 64-bit, page size */
enum { TYPE_FUNCTION = 0x60, TYPE_FIRST = 0x6f, TYPE_LAST = 0x7f };

/* What the engine pays for a module goes beyond its size: it copies a plan for each value of a block's type at each branch to it, compares each type with all before
 * it, looks through a function's whole operand stack at many instructions, keeps 200 bytes a function, and has room for so many entries where a table names no
 * maximum, and for twice the first size where it does. One instruction may fill a table, but is one step. */
enum {
    PARAMS_MAX = 32, RESULTS_MAX = 8, TYPES_MAX = 1024, FUNCTIONS_MAX = 16384, FUNCTION_BYTES_MAX = 65536, TABLE_ENTRIES_LEAST = 1024, TABLE_ENTRIES_MAX = 4096
};

static const char digest_section[] = "callgate";

/* Bytes not read yet. */
typedef struct reader {
    const uint8_t *at;
    uint32_t left;
} reader_t;

static bool read_byte(reader_t *reader, uint32_t *value)
{
    if (reader->left == 0) {
        return false;
    }
    *value = *reader->at++;
    reader->left -= 1;
    return true;
}

/* An unsigned number of at most 32 bits; longer forms than five bytes, and bits beyond, are refused. */
static bool read_leb(reader_t *reader, uint32_t *value)
{
    *value = 0;
    for (uint32_t i = 0; i < LEB_MAX; i++) {
        uint32_t byte;
        if (!read_byte(reader, &byte) || (i == LEB_MAX - 1 && byte > 0x0fu)) {
            return false;
        }
        *value |= (byte & 0x7fu) << (7 * i);
        if ((byte & 0x80u) == 0) {
            return true;
        }
    }
    return false;
}

/* Cut a size and so many bytes off. */
static bool read_block(reader_t *reader, reader_t *block)
{
    uint32_t size;
    if (!read_leb(reader, &size) || size > reader->left) {
        return false;
    }
    *block = (reader_t){reader->at, size};
    reader->at += size;
    reader->left -= size;
    return true;
}

static int refuse(const cg_guest_config_t *config, const char *why)
{
    cg_say(config, why, (const char *)NULL);
    return CG_LOAD_IMAGE;
}

bool wamr_probe(const uint8_t *image, uint32_t size)
{
    static const uint8_t header[HEADER_SIZE] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    return size >= HEADER_SIZE && memcmp(image, header, HEADER_SIZE) == 0;
}

static int scan_custom(const cg_guest_config_t *config, reader_t body)
{
    reader_t name;
    if (!read_block(&body, &name)) {
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
static bool read_types(reader_t *body, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t type;
        if (!read_byte(body, &type) || type < TYPE_FIRST || type > TYPE_LAST) {
            return false;
        }
    }
    return true;
}

static int scan_types(const cg_guest_config_t *config, reader_t body)
{
    uint32_t count;
    if (!read_leb(&body, &count)) {
        return refuse_cut(config);
    }
    if (count > TYPES_MAX) {
        return refuse(config, "has more than 1024 types of functions");
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t form;
        uint32_t params;
        uint32_t results;
        if (!read_byte(&body, &form) || form != TYPE_FUNCTION || !read_leb(&body, &params) || !read_types(&body, params) ||
            !read_leb(&body, &results) || !read_types(&body, results)) {
            return refuse(config, "is not a sound module: a type is cut off, or of a kind that is not supported");
        }
        if (params > PARAMS_MAX || results > RESULTS_MAX) {
            return refuse(config, "has a function or block of more than 32 parameters or 8 results");
        }
    }
    return CG_LOAD_OK;
}

static int scan_tables(wamr_scan_t *scan, const cg_guest_config_t *config, reader_t body)
{
    uint32_t count;
    if (!read_leb(&body, &count)) {
        return refuse_cut(config);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t flags;
        uint32_t first;
        uint32_t max;
        if (!read_types(&body, 1) || !read_leb(&body, &flags) || (flags & ~(uint32_t)LIMIT_HAS_MAX) != 0 || !read_leb(&body, &first) ||
            ((flags & LIMIT_HAS_MAX) != 0 && !read_leb(&body, &max))) {
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

static int scan_memory(wamr_scan_t *scan, const cg_guest_config_t *config, reader_t body)
{
    uint32_t count;
    uint32_t flags;
    if (!read_leb(&body, &count) || (count != 0 && !read_leb(&body, &flags))) {
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
    return read_leb(&body, &scan->pages) ? CG_LOAD_OK : refuse_cut(config);
}

/* The locals of one function, which a few bytes declare by the thousand. Honest code names each of them, so that a program is larger than their number. */
static int scan_locals(wamr_scan_t *scan, const cg_guest_config_t *config, reader_t function)
{
    uint32_t runs;
    if (!read_leb(&function, &runs)) {
        return refuse_cut(config);
    }
    for (uint32_t i = 0; i < runs; i++) {
        uint32_t count;
        if (!read_leb(&function, &count) || !read_types(&function, 1)) {
            return refuse(config, "is not a sound module: locals are cut off, or of a type that is not supported");
        }
        if (count > config->image_size - scan->locals) {
            return refuse(config, "declares more locals than it has bytes");
        }
        scan->locals += count;
    }
    return CG_LOAD_OK;
}

static int scan_function(wamr_scan_t *scan, const cg_guest_config_t *config, reader_t function)
{
    if (function.left > FUNCTION_BYTES_MAX) {
        return refuse(config, "has a function of more than 64 KiB");
    }
    return scan_locals(scan, config, function);
}

static int scan_code(wamr_scan_t *scan, const cg_guest_config_t *config, reader_t body)
{
    uint32_t count;
    int result = CG_LOAD_OK;
    if (!read_leb(&body, &count)) {
        return refuse_cut(config);
    }
    if (count > FUNCTIONS_MAX) {
        return refuse(config, "has more than 16384 functions");
    }
    for (uint32_t i = 0; i < count && result == CG_LOAD_OK; i++) {
        reader_t function;
        result = read_block(&body, &function) ? scan_function(scan, config, function) : refuse_cut(config);
    }
    return result;
}

static int scan_section(wamr_scan_t *scan, const cg_guest_config_t *config, uint32_t kind, reader_t body)
{
    switch (kind) {
    case SECTION_CUSTOM:
        return scan_custom(config, body);
    case SECTION_TYPE:
        return scan_types(config, body);
    case SECTION_TABLE:
        return scan_tables(scan, config, body);
    case SECTION_MEMORY:
        return scan_memory(scan, config, body);
    case SECTION_START:
        return refuse(config, "has a start function, which would run before its limits hold: move its work into " WAMR_ENTRY);
    case SECTION_CODE:
        return scan_code(scan, config, body);
    default: /* a byte of the file, not an enum: the engine judges the others */
        return CG_LOAD_OK;
    }
}

int wamr_scan(wamr_scan_t *scan, const cg_guest_config_t *config)
{
    *scan = (wamr_scan_t){0};
    if (!wamr_probe(config->image, config->image_size)) {
        return refuse(config, "is not a WebAssembly module of version 1");
    }
    if (config->image_size > CG_WAMR_IMAGE_MAX) {
        return refuse(config, "is larger than this host takes (CG_WAMR_IMAGE_MAX, 2 MiB unless the host says otherwise)");
    }
    reader_t rest = {config->image + HEADER_SIZE, config->image_size - HEADER_SIZE};
    while (rest.left != 0) {
        reader_t body;
        uint32_t kind;
        if (!read_byte(&rest, &kind) || !read_block(&rest, &body)) {
            return refuse(config, "is not a sound module: a section ends beyond the file");
        }
        const int result = scan_section(scan, config, kind, body);
        if (result != CG_LOAD_OK) {
            return result;
        }
    }
    return CG_LOAD_OK;
}
