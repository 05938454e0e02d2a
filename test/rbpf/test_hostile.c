/* SPDX-License-Identifier: BSD-2-Clause */
/* test_hostile.c - objects, images and programs full of errors, from a fixed seed: test_hostile FOLDER [ROUNDS [SEED]].
 * Nothing is expected but that every one is refused or runs within its memory and its budget; the sanitizers watch. */
#include "chaos.h"
#include "objects.h"

#include <stdlib.h>

enum { ROUNDS = 3000, BRANCHES = 2000 };

static uint32_t rounds = ROUNDS;

/* Change a few places, each to a flipped bit, a random byte, an edge value of 1 to 8 bytes, or a copy of another place. */
static void spoil(uint8_t *bytes, size_t size)
{
    for (uint32_t n = 1 + chaos_below(6); n != 0; n--) {
        const uint32_t width = 1u << chaos_below(4);
        const uint32_t at = chaos_below(size - 8);
        switch (chaos_below(4)) {
        case 0:
            bytes[at] ^= (uint8_t)(1u << chaos_below(8));
            break;
        case 1:
            bytes[at] = (uint8_t)chaos_next();
            break;
        case 2:
            asm_put(bytes + at, chaos_edge(), width);
            break;
        default:
            memmove(bytes + at, bytes + chaos_below(size - 8), width);
            break;
        }
    }
}

static bool known(void *ctx, uint32_t number)
{
    (void)ctx;
    return number != 0xbad;
}

static bool serve(void *ctx, uint32_t number, uint64_t *regs)
{
    (void)ctx;
    regs[0] = number + regs[1];
    return number % 7 != 6;
}

/* Open, verify and run what may be an image, all functions; how far it came. */
static uint32_t try_image(const uint8_t *bytes, size_t size)
{
    rbpf_image_t image;
    rbpf_vm_t vm;
    uint32_t fault_at;
    uint64_t r0;
    if (rbpf_image_open(&image, bytes, (uint32_t)size) != RBPF_OK) {
        return 0;
    }
    if (rbpf_verify(&image, known, NULL, &fault_at) != RBPF_OK) {
        assert_true(fault_at < image.slot_count);
        return 1;
    }
    uint8_t *data = malloc(image.data_size + 1);
    uint8_t *stack = malloc(1024);
    assert_non_null(data);
    assert_non_null(stack);
    assert_int_equal(rbpf_init(&vm, &image, data, stack, 1024, serve, NULL), RBPF_OK);
    for (uint32_t i = 0; i <= image.function_count && i < 4; i++) {
        const rbpf_result_t result = rbpf_run(&vm, i, chaos_edge(), chaos_edge(), BRANCHES, &r0);
        assert_int_not_equal(result, RBPF_ERR_INSTRUCTION); /* the verifier would have failed */
        assert_true(vm.branches_left <= BRANCHES);
        if (result == RBPF_ERR_BRANCHES) {
            assert_int_equal(vm.branches_left, 0);
        }
    }
    free(data);
    free(stack);
    return 2;
}

static const char *const names[] = {"strings", "globals", "tables", "calls", "choices", "records"};

static void test_objects(void **state)
{
    (void)state;
    uint32_t reached[4] = {0};
    for (uint32_t i = 0; i < rounds; i++) {
        object_t object;
        object_load(&object, names[chaos_below(6)], i % 2 == 0 ? "v2-O2" : "v4-O2");
        const size_t size = chaos_below(8) == 0 ? chaos_below(object.elf_size) + 1 : object.elf_size;
        uint8_t *copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, object.elf, size);
        if (size > 64) {
            spoil(copy, size);
        }
        uint8_t *image;
        size_t image_size;
        char message[300];
        const int result = rbpf_elf_to_image(copy, size, &image, &image_size, message, sizeof message);
        assert_true(result == 0 ? image != NULL : message[0] != 0 && strlen(message) < sizeof message);
        reached[result == 0 ? 1 + try_image(image, image_size) : 0]++;
        free(image);
        free(copy);
        object_free(&object);
    }
    /* Neither all refused nor all taken, or this test sees nothing; what the packer makes always opens. */
    assert_true(reached[0] > rounds / 20 && reached[3] > rounds / 20);
    assert_int_equal(reached[1], 0);
}

static void test_images(void **state)
{
    (void)state;
    uint32_t reached[3] = {0};
    for (uint32_t i = 0; i < rounds; i++) {
        object_t object;
        object_load(&object, names[chaos_below(6)], i % 2 == 0 ? "v2-O1" : "v3-O1");
        const size_t size = chaos_below(16) == 0 ? chaos_below(object.image_size) + 1 : object.image_size;
        uint8_t *copy = malloc(size);
        assert_non_null(copy);
        memcpy(copy, object.image, size);
        if (size > 64) {
            spoil(copy, size);
        }
        reached[try_image(copy, size)]++;
        free(copy);
        object_free(&object);
    }
    assert_true(reached[0] > rounds / 50 && reached[1] > rounds / 50 && reached[2] > rounds / 50);
}

static void test_programs(void **state)
{
    (void)state;
    uint32_t reached[3] = {0};
    for (uint32_t i = 0; i < rounds * 4; i++) {
        uint64_t text[CHAOS_SLOTS_MAX];
        _Alignas(8) uint8_t image[1024];
        const uint32_t count = chaos_program(text);
        const asm_parts_t parts = {.text = text, .slot_count = count, .data = "0123456789abcdef0123456789abcde", .data_size = 32};
        const uint32_t size = asm_image(image, &parts);
        uint8_t *exact = malloc(size);
        assert_non_null(exact);
        memcpy(exact, image, size);
        reached[try_image(exact, size)]++;
        free(exact);
    }
    assert_int_equal(reached[0], 0);
    assert_true(reached[2] > rounds);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_objects),
        cmocka_unit_test(test_images),
        cmocka_unit_test(test_programs),
    };
    object_folder = argc > 1 ? argv[1] : ".";
    rounds = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : ROUNDS;
    chaos_seed = argc > 3 ? strtoull(argv[3], NULL, 0) : chaos_seed;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
