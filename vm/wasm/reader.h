/* SPDX-License-Identifier: BSD-2-Clause */
/* reader.h - read the bytes of a module that may be hostile: every length is compared with what is left.
 * Included by the readers of modules (scan.c, and those of engines). Knows numbers and blocks, no sections. */
#ifndef CALLGATE_WASM_READER_H
#define CALLGATE_WASM_READER_H

#include <stdbool.h>
#include <stdint.h>

enum { WASM_HEADER_SIZE = 8, WASM_LEB_MAX = 5 };

/* The kinds of sections. A byte of a file may be any other. */
enum { WASM_SECTION_CUSTOM = 0, WASM_SECTION_TYPE = 1, WASM_SECTION_IMPORT = 2, WASM_SECTION_FUNCTION = 3, WASM_SECTION_TABLE = 4, WASM_SECTION_MEMORY = 5,
       WASM_SECTION_GLOBAL = 6, WASM_SECTION_EXPORT = 7, WASM_SECTION_START = 8, WASM_SECTION_ELEMENT = 9, WASM_SECTION_CODE = 10, WASM_SECTION_DATA = 11,
       WASM_SECTION_DATA_COUNT = 12 };

/* Bytes not read yet. */
typedef struct wasm_reader {
    const uint8_t *at;
    uint32_t left;
} wasm_reader_t;

static inline bool wasm_read_byte(wasm_reader_t *reader, uint32_t *value)
{
    if (reader->left == 0) {
        return false;
    }
    *value = *reader->at++;
    reader->left -= 1;
    return true;
}

/* An unsigned number of at most 32 bits; longer forms than five bytes, and bits beyond, are refused. */
static inline bool wasm_read_leb(wasm_reader_t *reader, uint32_t *value)
{
    *value = 0;
    for (uint32_t i = 0; i < WASM_LEB_MAX; i++) {
        uint32_t byte;
        if (!wasm_read_byte(reader, &byte) || (i == WASM_LEB_MAX - 1 && byte > 0x0fu)) {
            return false;
        }
        *value |= (byte & 0x7fu) << (7 * i);
        if ((byte & 0x80u) == 0) {
            return true;
        }
    }
    return false;
}

static inline bool wasm_skip(wasm_reader_t *reader, uint32_t size)
{
    if (size > reader->left) {
        return false;
    }
    reader->at += size;
    reader->left -= size;
    return true;
}

/* Cut a size and so many bytes off. */
static inline bool wasm_read_block(wasm_reader_t *reader, wasm_reader_t *block)
{
    uint32_t size;
    if (!wasm_read_leb(reader, &size) || size > reader->left) {
        return false;
    }
    *block = (wasm_reader_t){reader->at, size};
    return wasm_skip(reader, size);
}

#endif
