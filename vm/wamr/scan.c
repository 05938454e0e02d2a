/* SPDX-License-Identifier: BSD-2-Clause */
/* scan.c - read the sections of a module before the engine does: digests, memory, and what must not be there.
 * The bytes are hostile: every length is compared with what is left. Looks at no code; the engine's loader validates the rest. */
#include "inside.h"

enum { SECTION_CUSTOM = 0, SECTION_MEMORY = 5, SECTION_START = 8 };
enum { HEADER_SIZE = 8, LEB_MAX = 5, DIGEST_SIZE = 8 };
enum { LIMIT_HAS_MAX = 1 }; /* other bits: shared, 64-bit, page size */

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

static int scan_memory(wamr_scan_t *scan, const cg_guest_config_t *config, reader_t body)
{
    uint32_t count;
    uint32_t flags;
    if (!read_leb(&body, &count) || (count != 0 && !read_leb(&body, &flags))) {
        return refuse(config, "is not a sound module: its memory section is cut off");
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
    return read_leb(&body, &scan->pages) ? CG_LOAD_OK : refuse(config, "is not a sound module: its memory section is cut off");
}

int wamr_scan(wamr_scan_t *scan, const cg_guest_config_t *config)
{
    *scan = (wamr_scan_t){0};
    if (!wamr_probe(config->image, config->image_size)) {
        return refuse(config, "is not a WebAssembly module of version 1");
    }
    reader_t rest = {config->image + HEADER_SIZE, config->image_size - HEADER_SIZE};
    while (rest.left != 0) {
        reader_t body;
        uint32_t kind;
        int result = CG_LOAD_OK;
        if (!read_byte(&rest, &kind) || !read_block(&rest, &body)) {
            return refuse(config, "is not a sound module: a section ends beyond the file");
        }
        if (kind == SECTION_CUSTOM) {
            result = scan_custom(config, body);
        } else if (kind == SECTION_MEMORY) {
            result = scan_memory(scan, config, body);
        } else if (kind == SECTION_START) {
            result = refuse(config, "has a start function, which would run before its limits hold: move its work into " WAMR_ENTRY);
        }
        if (result != CG_LOAD_OK) {
            return result;
        }
    }
    return CG_LOAD_OK;
}
