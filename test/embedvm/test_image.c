/* SPDX-License-Identifier: BSD-2-Clause */
/* test_image.c - .evm and flat images: a sound one, every way to damage it, every length of it. */
#include "rig.h"

/* Header, the functions `go` at 1 with two arguments and `on_9` at 0, two needs, one digest, four bytes of code. */
#define HEAD(version, code, memory, entry, functions) "45564d31" version code memory entry functions
#define GO "0001 02 02 676f"
#define ON "0000 00 04 6f6e5f39"
#define TAIL "00030001 00000002 00000003 deadbeef 91929b9c"
#define SOUND HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" GO ON TAIL

static uint32_t open_exactly(const uint8_t *bytes, uint32_t size, evm_result_t *result)
{
    evm_image_t image;
    evm_function_t function;
    uint32_t sum = 0, api, digest;
    uint8_t *const exact = malloc(size == 0 ? 1 : size); /* on the heap, so that a byte too many is seen */
    assert_non_null(exact);
    memcpy(exact, bytes, size);
    *result = evm_image_open(&image, exact, size);
    if (*result == EVM_OK) { /* read all of it */
        for (uint32_t i = 0; i < image.function_count; i++) {
            assert_int_equal(evm_image_function(&image, i, &function), EVM_OK);
            sum += (uint8_t)function.name[function.name_length - 1];
        }
        for (uint32_t i = 0; i < image.need_count; i++) {
            sum += evm_image_need(&image, i);
        }
        for (uint32_t i = 0; i < image.digest_count; i++) {
            evm_image_digest(&image, i, &api, &digest);
            sum += digest;
        }
        sum += image.code[image.code_size - 1] + image.code[image.entry];
        assert_true(image.memory >= image.code_size && image.memory <= EVM_MEMORY_MAX);
    }
    free(exact);
    return sum;
}

static void test_sound(void **state)
{
    uint8_t bytes[RIG_CODE_MAX];
    evm_image_t image;
    evm_function_t function;
    uint32_t api, digest;
    (void)state;
    const uint32_t size = rig_bytes(SOUND, bytes);
    assert_true(evm_is_image(bytes, size));
    assert_int_equal(evm_image_open(&image, bytes, size), EVM_OK);
    assert_int_equal(image.code_size, 4);
    assert_int_equal(image.memory, 256);
    assert_int_equal(image.entry, 1);
    assert_int_equal(image.code[0], 0x91);
    assert_int_equal(evm_image_find(&image, "go", &function), EVM_OK);
    assert_int_equal(function.address, 1);
    assert_int_equal(function.argc, 2);
    assert_int_equal(evm_image_find(&image, "on_9", &function), EVM_OK);
    assert_int_equal(function.name_length, 4);
    assert_int_equal(evm_image_find(&image, "on_", &function), EVM_ERR_FUNCTION);
    assert_int_equal(evm_image_find(&image, "on_99", &function), EVM_ERR_FUNCTION);
    assert_int_equal(evm_image_find(&image, "", &function), EVM_ERR_FUNCTION);
    assert_int_equal(evm_image_function(&image, 2, &function), EVM_ERR_FUNCTION);
    assert_int_equal(image.need_count, 2);
    assert_int_equal(evm_image_need(&image, 0), 0x30001);
    assert_int_equal(evm_image_need(&image, 1), 2);
    assert_int_equal(image.digest_count, 1);
    evm_image_digest(&image, 0, &api, &digest);
    assert_int_equal(api, 3);
    assert_int_equal(digest, 0xdeadbeef);
}

static void test_damaged(void **state)
{
    static const rig_row_t rows[] = {
        {"the sound one", SOUND, EVM_OK, 0},
        {"nothing", "", EVM_ERR_MAGIC, 0},
        {"other magic", "45564d32 0001", EVM_ERR_MAGIC, 0},
        {"other version", HEAD("0002", "0004", "0100", "0001", "0002") "0002 0001" GO ON TAIL, EVM_ERR_MAGIC, 0},
        {"no code", HEAD("0001", "0000", "0100", "0000", "0000") "0000 0000", EVM_ERR_LENGTH, 0},
        {"less memory than code", HEAD("0001", "0004", "0003", "0001", "0002") "0002 0001" GO ON TAIL, EVM_ERR_LENGTH, 0},
        {"no room for the stack", HEAD("0001", "ffff", "0000", "0001", "0002") "0002 0001" GO ON TAIL, EVM_ERR_LENGTH, 0},
        {"all memory", HEAD("0001", "0004", "ffff", "0001", "0002") "0002 0001" GO ON TAIL, EVM_OK, 0},
        {"memory left to the engine", HEAD("0001", "0004", "0000", "0001", "0002") "0002 0001" GO ON TAIL, EVM_OK, 0},
        {"entry behind the code", HEAD("0001", "0004", "0100", "0004", "0002") "0002 0001" GO ON TAIL, EVM_ERR_FUNCTION, 0},
        {"function behind the code", HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" "0004 02 02 676f" ON TAIL, EVM_ERR_FUNCTION, 0},
        {"function with 33 arguments", HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" "0001 21 02 676f" ON TAIL, EVM_ERR_FUNCTION, 0},
        {"function with a capital letter", HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" "0001 02 02 674f" ON TAIL, EVM_ERR_FUNCTION, 0},
        {"function with a NUL", HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" "0001 02 02 6700" ON TAIL, EVM_ERR_FUNCTION, 0},
        {"function without a name", HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" "0001 02 00" ON TAIL, EVM_ERR_FUNCTION, 0},
        {"name longer than the image", HEAD("0001", "0004", "0100", "0001", "0002") "0002 0001" GO "0000 00 ff 6f6e5f39" TAIL, EVM_ERR_STRUCTURE, 0},
        {"65535 functions", HEAD("0001", "0004", "0100", "0001", "ffff") "0002 0001" GO ON, EVM_ERR_STRUCTURE, 0},
        {"65535 needs", HEAD("0001", "0004", "0100", "0001", "0002") "ffff 0001" GO ON TAIL, EVM_ERR_STRUCTURE, 0},
        {"65535 digests", HEAD("0001", "0004", "0100", "0001", "0002") "0002 ffff" GO ON TAIL, EVM_ERR_STRUCTURE, 0},
        {"a byte too many", SOUND "00", EVM_ERR_STRUCTURE, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint8_t bytes[RIG_CODE_MAX];
        evm_result_t result;
        (void)open_exactly(bytes, rig_bytes(rows[i].code, bytes), &result);
        if (result != rows[i].result) {
            fail_msg("%s: %s", rows[i].name, evm_result_text(result));
        }
    }
}

static void test_cut(void **state)
{
    uint8_t bytes[RIG_CODE_MAX];
    evm_result_t result;
    (void)state;
    const uint32_t size = rig_bytes(SOUND, bytes);
    for (uint32_t cut = 0; cut < size; cut++) {
        (void)open_exactly(bytes, cut, &result);
        assert_int_not_equal(result, EVM_OK);
    }
}

/* Every byte of a sound image with every value: refused or readable, without a byte outside. */
static void test_every_byte(void **state)
{
    uint8_t bytes[RIG_CODE_MAX];
    evm_result_t result;
    uint32_t opened = 0;
    (void)state;
    const uint32_t size = rig_bytes(SOUND, bytes);
    for (uint32_t at = 0; at < size; at++) {
        const uint8_t old = bytes[at];
        for (uint32_t value = 0; value < 256; value++) {
            bytes[at] = (uint8_t)value;
            (void)open_exactly(bytes, size, &result);
            opened += result == EVM_OK;
        }
        bytes[at] = old;
    }
    assert_true(opened > 5000 && opened < 256 * size);
}

static void test_flat(void **state)
{
    static uint8_t bytes[EVM_MEMORY_MAX + 1];
    evm_image_t image;
    evm_function_t function;
    (void)state;
    assert_int_equal(evm_image_flat(&image, bytes, 0), EVM_ERR_LENGTH);
    assert_int_equal(evm_image_flat(&image, bytes, EVM_MEMORY_MAX + 1), EVM_ERR_LENGTH);
    assert_int_equal(evm_image_flat(&image, bytes, EVM_MEMORY_MAX), EVM_OK);
    assert_int_equal(image.memory, EVM_MEMORY_MAX);
    assert_int_equal(image.entry, 0);
    assert_ptr_equal(image.code, bytes);
    assert_int_equal(evm_image_find(&image, "main", &function), EVM_ERR_FUNCTION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound), cmocka_unit_test(test_damaged), cmocka_unit_test(test_cut),
        cmocka_unit_test(test_every_byte), cmocka_unit_test(test_flat),
    };
    return cmocka_run_group_tests_name("embedvm image", tests, NULL, NULL);
}
