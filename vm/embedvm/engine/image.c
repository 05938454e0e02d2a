/* SPDX-License-Identifier: BSD-2-Clause */
/* image.c - read the structure of an image: header, functions, needs, digests, code.
 * Looks at no instruction and copies nothing. Every length is subtracted from what is left, never added up. */
#include "inside.h"

/* The header: "EVM1", then u16 each: version, code size, memory, entry, functions, needs, digests. */
enum { HEADER_SIZE = 18, AT_VERSION = 4, AT_CODE = 6, AT_MEMORY = 8, AT_ENTRY = 10, AT_FUNCTIONS = 12, AT_NEEDS = 14, AT_DIGESTS = 16 };
enum { VERSION = 1, MEMORY_ALL = 0xffff };

/* A function: u16 address, u8 argc, u8 length of the name, the name. */
enum { FUNCTION_SIZE = 4, NEED_SIZE = 4, DIGEST_SIZE = 8 };

bool evm_is_image(const uint8_t *bytes, uint32_t size)
{
    return size >= 4 && memcmp(bytes, "EVM1", 4) == 0;
}

static bool name_is_good(const uint8_t *name, uint32_t length)
{
    for (uint32_t i = 0; i < length; i++) {
        const uint8_t c = name[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
            return false;
        }
    }
    return length != 0;
}

/* Move *at over the functions, all of which must be sound and lie before `end`. */
static evm_result_t check_functions(const evm_image_t *image, const uint8_t **at, const uint8_t *end)
{
    for (uint32_t i = 0; i < image->function_count; i++) {
        const uint8_t *const entry = *at;
        if (end - entry < FUNCTION_SIZE || end - entry - FUNCTION_SIZE < entry[3]) {
            return EVM_ERR_STRUCTURE;
        }
        if (evm_get16(entry) >= image->code_size || entry[2] > EVM_PARAMETERS_MAX || !name_is_good(entry + FUNCTION_SIZE, entry[3])) {
            return EVM_ERR_FUNCTION;
        }
        *at = entry + FUNCTION_SIZE + entry[3];
    }
    return EVM_OK;
}

/* How much memory the image gets. In the header 0 leaves it to us and 0xffff means all of it, which 16 bits cannot say. */
static uint32_t memory_for(uint32_t wanted, uint32_t code_size)
{
    if (wanted == 0) {
        return ((code_size + 1u) & ~1u) + EVM_STACK_DEFAULT;
    }
    return wanted == MEMORY_ALL ? (uint32_t)EVM_MEMORY_MAX : wanted;
}

static evm_result_t read_header(evm_image_t *image, const uint8_t *bytes)
{
    image->code_size = evm_get16(bytes + AT_CODE);
    image->memory = memory_for(evm_get16(bytes + AT_MEMORY), image->code_size);
    image->entry = evm_get16(bytes + AT_ENTRY);
    image->function_count = evm_get16(bytes + AT_FUNCTIONS);
    image->need_count = evm_get16(bytes + AT_NEEDS);
    image->digest_count = evm_get16(bytes + AT_DIGESTS);
    if (image->code_size == 0 || image->memory > EVM_MEMORY_MAX || image->memory < image->code_size) {
        return EVM_ERR_LENGTH;
    }
    return image->entry < image->code_size ? EVM_OK : EVM_ERR_FUNCTION;
}

evm_result_t evm_image_open(evm_image_t *image, const uint8_t *bytes, uint32_t size)
{
    memset(image, 0, sizeof *image);
    if (!evm_is_image(bytes, size)) {
        return EVM_ERR_MAGIC;
    }
    if (size < HEADER_SIZE) {
        return EVM_ERR_STRUCTURE;
    }
    if (evm_get16(bytes + AT_VERSION) != VERSION) {
        return EVM_ERR_MAGIC;
    }
    const uint8_t *at = bytes + HEADER_SIZE;
    const uint8_t *const end = bytes + size;
    evm_result_t result = read_header(image, bytes);
    image->functions = at;
    if (result == EVM_OK) {
        result = check_functions(image, &at, end);
    }
    if (result != EVM_OK) {
        return result;
    }
    /* No sum can wrap: three numbers of 16 bits, times at most 8. */
    if ((uint32_t)(end - at) != image->need_count * NEED_SIZE + image->digest_count * DIGEST_SIZE + image->code_size) {
        return EVM_ERR_STRUCTURE;
    }
    image->needs = at;
    image->digests = image->needs + image->need_count * NEED_SIZE;
    image->code = image->digests + image->digest_count * DIGEST_SIZE;
    return EVM_OK;
}

evm_result_t evm_image_flat(evm_image_t *image, const uint8_t *bytes, uint32_t size)
{
    memset(image, 0, sizeof *image);
    if (size == 0 || size > EVM_MEMORY_MAX) {
        return EVM_ERR_LENGTH;
    }
    image->code = image->functions = image->needs = image->digests = bytes;
    image->code_size = size;
    image->memory = EVM_MEMORY_MAX;
    return EVM_OK;
}

/* The entry at `at`, and where the next one is. */
static const uint8_t *read_function(const uint8_t *at, evm_function_t *function)
{
    function->address = evm_get16(at);
    function->argc = at[2];
    function->name_length = at[3];
    function->name = (const char *)(at + FUNCTION_SIZE);
    return at + FUNCTION_SIZE + at[3];
}

evm_result_t evm_image_function(const evm_image_t *image, uint32_t index, evm_function_t *function)
{
    const uint8_t *at = image->functions;
    if (index >= image->function_count) {
        return EVM_ERR_FUNCTION;
    }
    for (uint32_t i = 0; i <= index; i++) {
        at = read_function(at, function);
    }
    return EVM_OK;
}

static bool same(const char *name, const evm_function_t *function)
{
    uint32_t i = 0;
    while (i < function->name_length && name[i] == function->name[i]) { /* a name in an image holds no NUL */
        i++;
    }
    return i == function->name_length && name[i] == 0;
}

evm_result_t evm_image_find(const evm_image_t *image, const char *name, evm_function_t *function)
{
    const uint8_t *at = image->functions;
    for (uint32_t i = 0; i < image->function_count; i++) {
        at = read_function(at, function);
        if (same(name, function)) {
            return EVM_OK;
        }
    }
    return EVM_ERR_FUNCTION;
}

uint32_t evm_image_need(const evm_image_t *image, uint32_t index)
{
    return evm_get32(image->needs + (size_t)index * NEED_SIZE);
}

void evm_image_digest(const evm_image_t *image, uint32_t index, uint32_t *api, uint32_t *digest)
{
    const uint8_t *const at = image->digests + (size_t)index * DIGEST_SIZE;
    *api = evm_get32(at);
    *digest = evm_get32(at + 4);
}
