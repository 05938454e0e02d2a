/* SPDX-License-Identifier: BSD-2-Clause */
/* image.c - read the structure of an image: header, parts, function table, digests.
 * Looks at no instruction (that is verify.c) and copies nothing. Every length is subtracted from what is left, never added up. */
#include "inside.h"

/* The header: u32 magic, u32 version, u64 flags, u32 data, rodata, text sizes, u32 functions. */
enum { HEADER_SIZE = 32, AT_FLAGS = 8, AT_DATA = 16, AT_RODATA = 20, AT_TEXT = 24, AT_FUNCTIONS = 28 };
enum { FUNCTION_SIZE = 6, FUNCTION_MAX = 0xffff, DIGEST_SIZE = 8 };

static const uint32_t magic = 0x46504272u;

/* flags: bit 0 says that the rodata ends in digests, bits 8..23 how many. Bit 0 alone is no image of ours: other tools mark
 * compressed text with it. */
static const uint32_t flag_digests = 1u;
static const uint32_t flags_known = 0x00ffff01u;

static rbpf_result_t find_digests(rbpf_image_t *image, uint32_t flags)
{
    const uint32_t count = flags >> 8;
    if (((flags & flag_digests) != 0) != (count != 0)) {
        return RBPF_ERR_MAGIC;
    }
    if (count > image->rodata_size / DIGEST_SIZE) {
        return RBPF_ERR_STRUCTURE;
    }
    image->digest_count = count;
    image->digests = image->rodata + (image->rodata_size - count * DIGEST_SIZE);
    return RBPF_OK;
}

/* How many bytes of rodata have a NUL at or behind them: a name that begins among these is ended. Found once, for there may be many names. */
static uint32_t ended_size(const rbpf_image_t *image)
{
    uint32_t size = image->rodata_size;
    while (size > 0 && image->rodata[size - 1] != 0) {
        size -= 1;
    }
    return size;
}

/* Each entry is {u16 name at in rodata, u16 flags, u16 byte offset in text}. */
static bool function_is_sound(const rbpf_image_t *image, const uint8_t *entry, uint32_t ended)
{
    const uint32_t name_at = rbpf_image16(entry);
    const uint32_t text_at = rbpf_image16(entry + 4);
    return text_at % RBPF_SLOT_SIZE == 0 && text_at / RBPF_SLOT_SIZE < image->slot_count && name_at < ended;
}

static rbpf_result_t check_functions(const rbpf_image_t *image)
{
    const uint32_t ended = ended_size(image);
    for (uint32_t i = 0; i < image->function_count; i++) {
        if (!function_is_sound(image, image->functions + i * FUNCTION_SIZE, ended)) {
            return RBPF_ERR_FUNCTION;
        }
    }
    return RBPF_OK;
}

/* Cut the bytes after the header into data, rodata, text and function table; they must fit exactly. */
static rbpf_result_t cut(rbpf_image_t *image, const uint8_t *bytes, uint32_t size)
{
    const uint32_t text_size = rbpf_image32(bytes + AT_TEXT);
    uint32_t left = size - HEADER_SIZE;
    image->data_size = rbpf_image32(bytes + AT_DATA);
    image->rodata_size = rbpf_image32(bytes + AT_RODATA);
    image->function_count = rbpf_image32(bytes + AT_FUNCTIONS);
    if (image->data_size > RBPF_REGION_SIZE_MAX || image->rodata_size > RBPF_REGION_SIZE_MAX || text_size > RBPF_REGION_SIZE_MAX ||
        text_size == 0 || image->function_count > FUNCTION_MAX) {
        return RBPF_ERR_LENGTH;
    }
    if ((image->data_size + image->rodata_size) % RBPF_SLOT_SIZE != 0 || text_size % RBPF_SLOT_SIZE != 0) {
        return RBPF_ERR_ALIGN;
    }
    /* No sum can wrap: four numbers of at most 2^28 each. */
    if (left != image->data_size + image->rodata_size + text_size + image->function_count * FUNCTION_SIZE) {
        return RBPF_ERR_STRUCTURE;
    }
    image->data = bytes + HEADER_SIZE;
    image->rodata = image->data + image->data_size;
    image->text = image->rodata + image->rodata_size;
    image->slot_count = text_size / RBPF_SLOT_SIZE;
    image->functions = image->text + text_size;
    return RBPF_OK;
}

rbpf_result_t rbpf_image_open(rbpf_image_t *image, const uint8_t *bytes, uint32_t size)
{
    image->verified = false;
    if (size < HEADER_SIZE) {
        return RBPF_ERR_STRUCTURE;
    }
    if ((uintptr_t)bytes % RBPF_IMAGE_ALIGN != 0) {
        return RBPF_ERR_ALIGN;
    }
    const uint32_t flags = rbpf_image32(bytes + AT_FLAGS);
    if (rbpf_image32(bytes) != magic || rbpf_image32(bytes + 4) != 0 || (flags & ~flags_known) != 0 || rbpf_image32(bytes + AT_FLAGS + 4) != 0) {
        return RBPF_ERR_MAGIC;
    }
    rbpf_result_t result = cut(image, bytes, size);
    if (result == RBPF_OK) {
        result = find_digests(image, flags);
    }
    if (result == RBPF_OK) {
        result = check_functions(image);
    }
    return result;
}

rbpf_result_t rbpf_image_function(const rbpf_image_t *image, uint32_t index, uint32_t *slot, const char **name)
{
    uint32_t first = 0;
    const char *text = "";
    if (index < image->function_count) {
        const uint8_t *entry = image->functions + index * FUNCTION_SIZE;
        text = (const char *)(image->rodata + rbpf_image16(entry));
        first = rbpf_image16(entry + 4) / (uint32_t)RBPF_SLOT_SIZE;
    } else if (index != 0) {
        return RBPF_ERR_FUNCTION;
    }
    if (slot != NULL) {
        *slot = first;
    }
    if (name != NULL) {
        *name = text;
    }
    return RBPF_OK;
}

static bool same(const char *a, const char *b)
{
    while (*a != 0 && *a == *b) {
        a++;
        b++;
    }
    return *a == *b;
}

rbpf_result_t rbpf_image_find(const rbpf_image_t *image, const char *name, uint32_t *index)
{
    const char *here;
    for (uint32_t i = 0; rbpf_image_function(image, i, NULL, &here) == RBPF_OK; i++) {
        if (same(here, name)) {
            *index = i;
            return RBPF_OK;
        }
    }
    return RBPF_ERR_FUNCTION;
}
