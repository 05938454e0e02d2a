/* SPDX-License-Identifier: BSD-2-Clause */
/* pack.c - an ELF object to an image: place, relocate, write, verify.
 * The steps are in place.c and relocate.c; here are their tools, the order, and the bytes of the image. Trusts nothing in the object. */
#include "pack.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "pack_inside.h"

bool rbpf_pack_fail(pack_t *pack, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(pack->message, pack->message_size, format, args);
    va_end(args);
    for (char *c = pack->message; *c != 0; c++) {
        if (*c < ' ' || *c > '~') {
            *c = '?';
        }
    }
    return false;
}

bool rbpf_pack_add(pack_t *pack, pack_bytes_t *to, const uint8_t *from, uint64_t size, uint64_t align, const char *name, uint32_t *at)
{
    const uint32_t mask = align <= 1 ? 0 : (uint32_t)align - 1;
    const uint32_t start = (to->size + mask) & ~mask;
    if (start > RBPF_PACK_PART_MAX || size > RBPF_PACK_PART_MAX - start) {
        return rbpf_pack_fail(pack, "'%.64s' is too large: code, data and constants may be %d MiB each", name, RBPF_PACK_PART_MAX >> 20);
    }
    const uint32_t end = start + (uint32_t)size;
    if (end > to->room) {
        const uint32_t room = end + end / 2 + 64;
        uint8_t *bytes = realloc(to->bytes, room);
        if (bytes == NULL) {
            return rbpf_pack_fail(pack, "out of memory");
        }
        to->bytes = bytes;
        to->room = room;
    }
    if (end != to->size) {
        memset(to->bytes + to->size, 0, end - to->size);
    }
    if (from != NULL && size != 0) {
        memcpy(to->bytes + start, from, (size_t)size);
    }
    to->size = end;
    *at = start;
    return true;
}

const char *rbpf_pack_function_at(const pack_t *pack, uint32_t slot, uint32_t *offset)
{
    const uint64_t at = (uint64_t)slot * RBPF_SLOT_SIZE;
    const char *name = "?";
    uint64_t best = 0;
    *offset = slot;
    for (uint32_t i = 0; i < pack->elf.symbol_count; i++) {
        elf_symbol_t symbol;
        if (!rbpf_elf_symbol(&pack->elf, i, &symbol) || symbol.type != ELF_FUNC || symbol.section >= pack->elf.section_count ||
            pack->places[symbol.section].part != PART_TEXT || symbol.value > at) {
            continue;
        }
        const uint64_t start = pack->places[symbol.section].at + symbol.value;
        if (start <= at && start >= best) {
            best = start;
            name = symbol.name;
            *offset = (uint32_t)((at - start) / RBPF_SLOT_SIZE);
        }
    }
    return name;
}

/* Every part ends at a multiple of 8, so the digests, last in rodata, do too. */
static bool finish_parts(pack_t *pack)
{
    uint32_t at;
    return rbpf_pack_add(pack, &pack->parts[PART_DATA], NULL, 0, RBPF_SLOT_SIZE, "data", &at) &&
           rbpf_pack_add(pack, &pack->parts[PART_RODATA], pack->digests.bytes, pack->digests.size, RBPF_SLOT_SIZE, "rodata", &at);
}

static uint8_t *copy(uint8_t *to, const pack_bytes_t *from)
{
    if (from->size != 0) {
        memcpy(to, from->bytes, from->size);
    }
    return to + from->size;
}

static bool write_image(pack_t *pack, uint8_t **image, size_t *image_size)
{
    const pack_bytes_t *data = &pack->parts[PART_DATA];
    const pack_bytes_t *rodata = &pack->parts[PART_RODATA];
    const pack_bytes_t *text = &pack->parts[PART_TEXT];
    const uint32_t digest_count = pack->digests.size / 8;
    const size_t size = 32 + (size_t)data->size + rodata->size + text->size + pack->functions.size;
    uint8_t *bytes = calloc(1, size);
    if (bytes == NULL) {
        return rbpf_pack_fail(pack, "out of memory");
    }
    rbpf_put32(bytes, 0x46504272u);
    rbpf_put32(bytes + 8, digest_count == 0 ? 0 : digest_count << 8 | 1u);
    rbpf_put32(bytes + 16, data->size);
    rbpf_put32(bytes + 20, rodata->size);
    rbpf_put32(bytes + 24, text->size);
    rbpf_put32(bytes + 28, pack->functions.size / 6);
    copy(copy(copy(copy(bytes + 32, data), rodata), text), &pack->functions);
    *image = bytes;
    *image_size = size;
    return true;
}

static bool any_call(void *ctx, uint32_t number)
{
    (void)ctx;
    (void)number;
    return true;
}

/* An image that the engine would refuse is refused here, where functions still have names. */
static bool check_image(pack_t *pack, const uint8_t *bytes, size_t size)
{
    rbpf_image_t image;
    uint32_t fault_at = 0;
    uint32_t offset;
    rbpf_result_t result = rbpf_image_open(&image, bytes, (uint32_t)size);
    if (result == RBPF_OK) {
        result = rbpf_verify(&image, any_call, NULL, &fault_at);
    }
    if (result == RBPF_OK) {
        return true;
    }
    const bool is_foreign = result == RBPF_ERR_INSTRUCTION || result == RBPF_ERR_UNSUPPORTED;
    const char *name = rbpf_pack_function_at(pack, fault_at, &offset);
    return rbpf_pack_fail(pack, "function '%.64s', instruction %u: %s; %s", name, offset, rbpf_result_text(result),
                          is_foreign ? "compile with -O1 or -O2, and without atomics and calls by pointer" : "the object is damaged");
}

static bool pack_all(pack_t *pack, const uint8_t *elf, size_t size, uint8_t **image, size_t *image_size)
{
    const char *wrong = rbpf_elf_open(&pack->elf, elf, size);
    if (wrong != NULL) {
        return rbpf_pack_fail(pack, "%s", wrong);
    }
    pack->places = calloc(pack->elf.section_count, sizeof *pack->places);
    if (pack->places == NULL) {
        return rbpf_pack_fail(pack, "out of memory");
    }
    return rbpf_pack_place(pack) && rbpf_pack_relocate(pack) && finish_parts(pack) && write_image(pack, image, image_size) &&
           check_image(pack, *image, *image_size);
}

bool rbpf_is_elf(const uint8_t *bytes, size_t size)
{
    return size >= 4 && memcmp(bytes, "\x7f" "ELF", 4) == 0;
}

int rbpf_elf_to_image(const uint8_t *elf, size_t size, uint8_t **image, size_t *image_size, char *message, size_t message_size)
{
    char none[1];
    pack_t pack = {.message = message_size == 0 ? none : message, .message_size = message_size == 0 ? 1 : message_size};
    *image = NULL;
    *image_size = 0;
    const bool good = pack_all(&pack, elf, size, image, image_size);
    if (!good) {
        free(*image);
        *image = NULL;
        *image_size = 0;
    }
    for (uint32_t i = 0; i < PART_COUNT; i++) {
        free(pack.parts[i].bytes);
    }
    free(pack.functions.bytes);
    free(pack.digests.bytes);
    free(pack.places);
    return good ? 0 : -1;
}
