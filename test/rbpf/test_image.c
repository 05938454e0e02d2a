/* SPDX-License-Identifier: BSD-2-Clause */
/* test_image.c - images that are not what they say: one field of a good image is changed, or the image is cut. */
#include "rig.h"

#include <stdlib.h>

/* A good image: 8 bytes of data, 24 of rodata that end in one digest, 2 slots, 1 function. 32 + 8 + 24 + 16 + 6 bytes. */
enum { SIZE = 86, AT_VERSION = 4, AT_FLAGS = 8, AT_DATA = 16, AT_RODATA = 20, AT_TEXT = 24, AT_COUNT = 28, AT_NAME = 80, AT_ENTRY = 84 };

static uint32_t good(uint8_t *to)
{
    static const uint64_t text[] = {MOV(0, 1), EXIT};
    static const uint16_t functions[] = {11, 0, 0};
    static const uint8_t rodata[24] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 'r', 'u', 'n', 0, 0, 2, 0, 0, 0, 0xef, 0xbe, 0xad, 0xde};
    const asm_parts_t parts = {.text = text, .slot_count = 2, .data = "abcdefg", .data_size = 8, .rodata = rodata, .rodata_size = 24,
                               .functions = functions, .function_count = 1, .flags = 0x101};
    return asm_image(to, &parts);
}

typedef struct image_case {
    const char *name;
    uint32_t at, width; /* the field that is changed; width 0: none */
    uint64_t value;
    uint32_t size;
    rbpf_result_t result;
} image_case_t;

static const image_case_t image_cases[] = {
    {"a good image", 0, 0, 0, SIZE, RBPF_OK},
    {"no byte at all", 0, 0, 0, 0, RBPF_ERR_STRUCTURE},
    {"a header cut short", 0, 0, 0, 31, RBPF_ERR_STRUCTURE},
    {"a header alone", 0, 0, 0, 32, RBPF_ERR_STRUCTURE},
    {"the last byte missing", 0, 0, 0, SIZE - 1, RBPF_ERR_STRUCTURE},
    {"one byte too many", 0, 0, 0, SIZE + 1, RBPF_ERR_STRUCTURE},
    {"a wrong magic", 0, 4, 0x72425046u, SIZE, RBPF_ERR_MAGIC},
    {"a version nobody knows", AT_VERSION, 4, 7, SIZE, RBPF_ERR_MAGIC},
    {"a flag nobody knows", AT_FLAGS, 4, 0x103, SIZE, RBPF_ERR_MAGIC},
    {"a flag nobody knows in the upper half", AT_FLAGS + 4, 4, 1, SIZE, RBPF_ERR_MAGIC},
    {"digests announced, but none", AT_FLAGS, 4, 1, SIZE, RBPF_ERR_MAGIC},
    {"digests counted, but not announced", AT_FLAGS, 4, 0x100, SIZE, RBPF_ERR_MAGIC},
    {"no digests", AT_FLAGS, 4, 0, SIZE, RBPF_OK},
    {"as many digests as the rodata holds", AT_FLAGS, 4, 0x301, SIZE, RBPF_OK},
    {"more digests than the rodata holds", AT_FLAGS, 4, 0x401, SIZE, RBPF_ERR_STRUCTURE},
    {"the most digests", AT_FLAGS, 4, 0xffff01u, SIZE, RBPF_ERR_STRUCTURE},
    {"more data than there is", AT_DATA, 4, 16, SIZE, RBPF_ERR_STRUCTURE},
    {"data of an odd size", AT_DATA, 4, 7, SIZE, RBPF_ERR_ALIGN},
    {"data larger than a region", AT_DATA, 4, 0x10000008u, SIZE, RBPF_ERR_LENGTH},
    {"data of the largest size", AT_DATA, 4, 0xffffffffu, SIZE, RBPF_ERR_LENGTH},
    {"data of the size of a region", AT_DATA, 4, 0x10000000u, SIZE, RBPF_ERR_STRUCTURE},
    {"rodata larger than a region", AT_RODATA, 4, 0xfffffff8u, SIZE, RBPF_ERR_LENGTH},
    {"sizes that add up with a wrap", AT_RODATA, 4, 0xfffffff0u, SIZE, RBPF_ERR_LENGTH},
    {"text of no size", AT_TEXT, 4, 0, SIZE, RBPF_ERR_LENGTH},
    {"text of an odd size", AT_TEXT, 4, 12, SIZE, RBPF_ERR_ALIGN},
    {"text too large", AT_TEXT, 4, 0x80000000u, SIZE, RBPF_ERR_LENGTH},
    {"one function more", AT_COUNT, 4, 2, SIZE, RBPF_ERR_STRUCTURE},
    {"functions whose size wraps", AT_COUNT, 4, 0x80000001u, SIZE, RBPF_ERR_LENGTH},
    {"an entry in the middle of an instruction", AT_ENTRY, 2, 4, SIZE, RBPF_ERR_FUNCTION},
    {"an entry at the end", AT_ENTRY, 2, 16, SIZE, RBPF_ERR_FUNCTION},
    {"an entry far outside", AT_ENTRY, 2, 0xfff8, SIZE, RBPF_ERR_FUNCTION},
    {"an entry at the last instruction", AT_ENTRY, 2, 8, SIZE, RBPF_OK},
    {"a name outside the rodata", AT_NAME, 2, 24, SIZE, RBPF_ERR_FUNCTION},
    {"a name far outside", AT_NAME, 2, 0xffff, SIZE, RBPF_ERR_FUNCTION},
    {"a name without an end", AT_NAME, 2, 20, SIZE, RBPF_ERR_FUNCTION},
};

static void test_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof image_cases / sizeof image_cases[0]; i++) {
        const image_case_t *c = &image_cases[i];
        uint8_t draft[SIZE + 1] = {0};
        assert_int_equal(good(draft), SIZE);
        asm_put(draft + c->at, c->value, c->width);
        uint8_t *bytes = malloc(c->size + 4); /* it ends where the image ends */
        assert_non_null(bytes);
        memcpy(bytes + 4, draft, c->size); /* at a multiple of 4 that is none of 8 */
        rbpf_image_t image;
        const rbpf_result_t result = rbpf_image_open(&image, bytes + 4, c->size);
        if (result != c->result) {
            fail_msg("%s: result %d", c->name, (int)result);
        }
        free(bytes);
    }
}

/* On the smallest processors an access at an odd address stops the machine, so such an image is refused everywhere. */
static void test_odd_addresses(void **state)
{
    (void)state;
    uint8_t *bytes = malloc(SIZE + 4);
    assert_non_null(bytes);
    for (uint32_t by = 0; by < 4; by++) {
        rbpf_image_t image;
        good(bytes + by);
        assert_int_equal(rbpf_image_open(&image, bytes + by, SIZE), by == 0 ? RBPF_OK : RBPF_ERR_ALIGN);
    }
    free(bytes);
}

static void test_parts(void **state)
{
    (void)state;
    _Alignas(8) uint8_t bytes[SIZE];
    rbpf_image_t image;
    const char *name;
    good(bytes);
    assert_int_equal(rbpf_image_open(&image, bytes, SIZE), RBPF_OK);
    assert_int_equal(image.data_size, 8);
    assert_memory_equal(image.data, "abcdefg", 8);
    assert_int_equal(image.rodata_size, 24);
    assert_int_equal(image.slot_count, 2);
    assert_int_equal(image.digest_count, 1);
    const uint8_t digest[8] = {2, 0, 0, 0, 0xef, 0xbe, 0xad, 0xde};
    assert_memory_equal(image.digests, digest, 8);
    assert_int_equal(rbpf_image_function(&image, 0, NULL, &name), RBPF_OK);
    assert_string_equal(name, "run");
    assert_false(image.verified);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_odd_addresses),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
