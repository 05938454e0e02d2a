/* SPDX-License-Identifier: BSD-2-Clause */
/* pack_inside.h - what pack.c, place.c and relocate.c share: the image while it is made.
 * Never included from elsewhere. */
#ifndef RBPF_PACK_INSIDE_H
#define RBPF_PACK_INSIDE_H

#include "elf.h"
#include "inside.h"
#include "pack.h"

/* Where a section goes. PART_NONE: it stays out (debug information, symbol tables, digests). */
typedef enum pack_part { PART_NONE, PART_DATA, PART_RODATA, PART_TEXT, PART_COUNT } pack_part_t;

typedef struct pack_place {
    pack_part_t part;
    uint32_t at; /* offset in the part */
} pack_place_t;

/* One part of the image: its bytes grow while sections are placed. */
typedef struct pack_bytes {
    uint8_t *bytes;
    uint32_t size, room;
} pack_bytes_t;

typedef struct pack {
    elf_t elf;
    pack_place_t *places; /* of each section */
    pack_bytes_t parts[PART_COUNT];
    pack_bytes_t functions; /* entries of the table, in order */
    pack_bytes_t digests;
    uint32_t digest_entries; /* seen so far, the same ones too */
    size_t relocations_left; /* bytes of them that a file of this size can still hold */
    char *message;
    size_t message_size;
} pack_t;

/* Write the message and give false, so that a caller can `return rbpf_pack_fail(...)`. Names from the file go through %s unharmed: what is not printable
 * becomes '?'; give names as %.64s, so that a long one leaves room for what helps. */
bool rbpf_pack_fail(pack_t *pack, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Add `size` bytes (zeros if `from` is NULL) at the next multiple of `align`, a power of two; *at is where. `name` is for the message. */
bool rbpf_pack_add(pack_t *pack, pack_bytes_t *to, const uint8_t *from, uint64_t size, uint64_t align, const char *name, uint32_t *at);

/* The function of the object that code slot `slot` is in, by the nearest symbol before it; *offset counts slots from its start. */
const char *rbpf_pack_function_at(const pack_t *pack, uint32_t slot, uint32_t *offset);

/* place.c: names and table of functions, sections, digests. Nothing moves after that. */
bool rbpf_pack_place(pack_t *pack);

/* relocate.c: put addresses where the object asks for them. */
bool rbpf_pack_relocate(pack_t *pack);

#endif
