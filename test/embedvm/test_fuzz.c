/* SPDX-License-Identifier: BSD-2-Clause */
/* test_fuzz.c - random programs, images and texts from a fixed seed: test_fuzz [ROUNDS [SEED]].
 * Nothing is expected but that every one ends within its memory and its budget; the sanitizers watch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "asm.h"

enum { STEPS = 300, MEMORY_MAX = 400, TEXT_MAX = 300 };

static uint32_t rounds = 200000;
static uint32_t seed = 1;

static uint32_t next(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 17;
    seed ^= seed << 5;
    return seed;
}

static uint32_t below(uint32_t end)
{
    return next() % end;
}

static bool serve(void *ctx, unsigned function, unsigned argc, const uint16_t *argv, uint16_t *result)
{
    uint32_t *const calls = ctx;
    ++*calls;
    for (unsigned i = 0; i < argc; i++) {
        *result = (uint16_t)(*result + argv[i]);
    }
    return function != 15;
}

/* What holds after every run, however it ended. */
static void check(const evm_t *evm, evm_result_t result, uint16_t sp)
{
    assert_int_equal(evm->sp, sp);
    assert_int_equal(evm->sfp, sp);
    assert_true(evm->steps_left <= STEPS);
    assert_true(result != EVM_OK || evm->ended);
    if (result != EVM_OK && result != EVM_ERR_JUMP) {
        assert_true(evm->fault_ip < evm->size);
    }
}

/* Bytes that are random, or, more often, drawn from the instructions that keep a program going. */
static void fill(uint8_t *bytes, uint32_t size)
{
    static const uint8_t lively[] = {0x91, 0x93, 0x97, 0x00, 0x01, 0x40, 0x3f, 0x80, 0x81, 0x82, 0xc5, 0xc6, 0xf0, 0xf3, 0xae, 0xaf,
                                     0x98, 0xa2, 0xa0, 0xa4, 0xc0, 0xe0, 0xe2, 0xea, 0xe8, 0x9b, 0x9c, 0x9e, 0x9d, 0xb0, 0xf8, 0x99};
    const uint32_t share = below(5);
    for (uint32_t i = 0; i < size; i++) {
        bytes[i] = below(4) < share ? lively[below(sizeof lively)] : (uint8_t)next();
    }
}

static void test_programs(void **state)
{
    uint8_t code[MEMORY_MAX];
    uint32_t ended[16] = {0}, calls = 0;
    (void)state;
    uint8_t *const full = malloc(EVM_MEMORY_MAX);
    assert_non_null(full);
    for (uint32_t round = 0; round < rounds; round++) {
        const bool is_full = round % 64 == 0;
        const uint32_t size = is_full ? (uint32_t)EVM_MEMORY_MAX : 2 + below(MEMORY_MAX - 1);
        const uint32_t code_size = below((size < MEMORY_MAX ? size : (uint32_t)MEMORY_MAX) + 1);
        uint8_t *const memory = is_full ? full : malloc(size);
        const uint16_t args[4] = {1, 2, (uint16_t)next(), (uint16_t)next()};
        evm_t evm;
        uint16_t value = 0;
        assert_non_null(memory);
        fill(code, code_size);
        assert_int_equal(evm_init(&evm, memory, size, code, code_size, serve, &calls), EVM_OK);
        const uint16_t sp = evm.sp;
        for (uint32_t run = 0; run < 2; run++) {
            const uint16_t address = (uint16_t)(run == 0 ? 0 : below(size));
            const evm_result_t result = evm_run(&evm, address, args, below(5), STEPS, &value);
            check(&evm, result, sp);
            ended[-(int)result]++;
        }
        if (!is_full) {
            free(memory);
        }
    }
    free(full);
    assert_true(calls > rounds / 100);
    for (int result = 0; result >= EVM_ERR_REFUSED && rounds >= 10000; result--) {
        assert_true(ended[-result] > 20); /* the programs come to every end there is */
    }
}

/* Headers with counts that are small, or anything, before random bytes. */
static void test_images(void **state)
{
    uint8_t bytes[120];
    uint32_t opened = 0;
    (void)state;
    for (uint32_t round = 0; round < rounds; round++) {
        const uint32_t size = below(sizeof bytes + 1);
        evm_image_t image;
        for (uint32_t i = 0; i < sizeof bytes; i++) {
            bytes[i] = (uint8_t)(below(3) == 0 ? next() : below(2) == 0 ? 'a' : 0);
        }
        memcpy(bytes, "EVM1\0\1", 6);
        for (uint32_t i = 6; i < 18; i += 2) {
            bytes[i] = below(20) == 0 ? (uint8_t)next() : 0;
            bytes[i + 1] = (uint8_t)below(4);
        }
        if (below(2) == 0 && size > 18) { /* lengths that add up */
            bytes[6] = bytes[8] = bytes[9] = bytes[10] = bytes[12] = bytes[13] = bytes[14] = bytes[16] = 0;
            const uint32_t rest = bytes[15] * 4u + bytes[17] * 8u + 18u;
            bytes[7] = (uint8_t)(size > rest ? size - rest : 1);
        }
        uint8_t *const exact = malloc(size == 0 ? 1 : size);
        assert_non_null(exact);
        memcpy(exact, bytes, size);
        opened += evm_image_open(&image, exact, size) == EVM_OK;
        free(exact);
    }
    assert_true(opened > rounds / 20);
}

static void count_error(void *ctx, const char *path, uint32_t line, uint32_t column, const char *message)
{
    uint32_t *const errors = ctx;
    assert_string_equal(path, "fuzz.evs");
    assert_true(line >= 1 && column >= 1 && message[0] != 0);
    ++*errors;
}

/* Pieces of the language in any order: every text gives an image that opens, or an error. */
static void test_texts(void **state)
{
    static const char *const pieces[] = {
        "push", "pop", "local", "arg", "top", "load16", "store8", "jump", "call", "jumpif", "return", "zeros", "bury", "uf", "host", "function",
        "end", ".const", ".byte", ".word", ".string", ".space", ".entry", ".export", ".memory", ".digest", ".hostcall", ".include", "a", "b",
        "a:", "b:", "f(a, b)", "(", ")", "[top]", "+", "-", "*", "<<", "|", "~", ",", "0", "1", "300", "0x7fff", "65536", "'x'", "\"text\\n\"", "\"",
        "\\", ";", "\n", "\n", "\n", "\n", "\r\n", "\t", "\xff", "a - b", "a + 1", "b * a", "add", "cg_main:", "((((((((((((((((((",
    };
    (void)state;
    for (uint32_t round = 0; round < rounds / 4; round++) {
        uint32_t errors = 0;
        const evm_asm_ops_t ops = {.abi_version = EVM_ASM_OPS_VERSION, .report = count_error, .ctx = &errors};
        char text[TEXT_MAX + 32];
        size_t size = 0, image_size;
        uint8_t *bytes;
        evm_image_t image;
        for (uint32_t n = below(40); n != 0 && size < TEXT_MAX; n--) {
            const char *const piece = pieces[below(sizeof pieces / sizeof pieces[0])];
            memcpy(text + size, piece, strlen(piece));
            size += strlen(piece);
            text[size++] = below(3) == 0 ? '\n' : ' ';
        }
        const int failed = evm_assemble("fuzz.evs", text, size, &ops, &bytes, &image_size);
        assert_true((failed != 0) == (errors != 0));
        if (!failed) {
            assert_int_equal(evm_image_open(&image, bytes, (uint32_t)image_size), EVM_OK);
        }
        free(bytes);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_programs), cmocka_unit_test(test_images), cmocka_unit_test(test_texts)};
    rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : rounds;
    seed = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : seed;
    return cmocka_run_group_tests_name("embedvm fuzz", tests, NULL, NULL);
}
