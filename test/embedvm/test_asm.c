/* SPDX-License-Identifier: BSD-2-Clause */
/* test_asm.c - what the assembler makes of sound texts: bytes of instructions, the shortest forms, and all parts of an image. */
#include "text.h"

#include <stdio.h>

typedef struct code_row {
    const char *name;
    const char *source;
    const char *digits;
} code_row_t;

#define ROWS(rows)                                                             \
    for (size_t i = 0; i < sizeof(rows) / sizeof((rows)[0]); i++) {            \
        text_code_is((rows)[i].name, (rows)[i].source, (rows)[i].digits);      \
    }

static void test_instructions(void **state)
{
    static const code_row_t rows[] = {
        {"arithmetic", "add\nsub\nmul\ndiv\nmod\nshl\nshr\n", "80 81 82 83 84 85 86"},
        {"logic", "and\nor\nxor\nland\nlor\nnot\nneg\nlnot", "87 88 89 8a 8b 8c 8d 8e"},
        {"compares", "lt\nle\neq\nne\nge\ngt", "a8 a9 aa ab ac ad"},
        {"registers", "pushsp\npushsfp", "ae af"},
        {"returns", "return\nreturn top\ndrop\ncall top\njump top", "9c 9b 9d 9e 9f"},
        {"user functions", "uf 0\nuf 15", "b0 bf"},
        {"stack", "bury 0\nbury 5\ndig 0\ndig 5\nzeros 1\nzeros 8\nnip 1\nnip 8", "c5 ed c6 ee f0 f7 f8 ff"},
        {"locals by number", "push local 0\npush local 31\npush arg 0\npush arg 31\npop local 1\npop arg 1", "00 1f 3f 20 41 7e"},
        {"pushes of one byte", "push -4\npush -1\npush 0\npush 3\npush 0xffff", "94 97 90 93 97"},
        {"pushes of two bytes", "push 4\npush 255\npush -5\npush -128", "98 04 98 ff 99 fb 99 80"},
        {"pushes of three bytes", "push 256\npush -129\npush 0x8000", "9a 01 00 9a ff 7f 9a 80 00"},
        {"load of a byte", "load8u 5\nload8u 256\nload8u [top]\nload8u 5[top]\nload8u 256[top]", "c0 05 c1 01 00 c2 c3 05 c4 01 00"},
        {"load of a signed byte", "load8s 5\nload8s [top]\nload8s 0 [ top ]", "d0 05 d2 d3 00"},
        {"store of a byte", "store8 5\nstore8 256\nstore8 [top]\nstore8 5[top]\nstore8 256[top]", "c8 05 c9 01 00 ca cb 05 cc 01 00"},
        {"load of a word", "load16 5\nload16 256\nload16 [top]\nload16 5[top]\nload16 -2[top]", "e0 05 e1 01 00 e2 e3 05 e4 ff fe"},
        {"store of a word", "store16 5\nstore16 [top]\nstore16 5[top]", "e8 05 ea eb 05"},
    };
    (void)state;
    ROWS(rows);
}

static void test_text(void **state)
{
    static const code_row_t rows[] = {
        {"data", ".byte 1, -1, 'a', '\\n', 255\n.word 1, -1, 0x1234", "01 ff 61 0a ff 00 01 ff ff 12 34"},
        {"strings", ".string \"a;b\\\"\\x7f\\0\\\\\" ; and a comment\n.string \"\"", "61 3b 62 22 7f 00 5c"},
        {"space", ".space 2, 1\nadd", "00 00 00 80"},
        {"comments, blank lines and carriage returns", "; one\r\n\r\n\tadd ; two\r\n", "80"},
        {"labels before a statement and alone", "a: b: add\nc:\n.byte a, b, c", "80 00 00 01"},
        {"strength of operators", ".word 1 + 2 * 3, (1 + 2) * 3, 1 << 2 + 1, 1 | 2 << 1, 7 - 2 - 1", "00 07 00 09 00 08 00 05 00 04"},
        {"signs", ".byte -1 + 2, - -1, ~0 + 1, 3 - -3", "01 01 00 06"},
        {"constants above and below", ".byte A\n.const A B + 1\n.const B C * 2\n.const C 5", "0b"},
        {"distances of labels", ".byte b - a\na: push 1000\nb:", "03 9a 03 e8"},
        {"included once, from its own folder", ".include \"lib.evs\"\n.include \"lib.evs\"\n.byte ANSWER, DEEP", "2a 07"},
        {"included from a folder that is searched, and from there", ".include \"api/a.evs\"\n.byte B", "09"},
        {"a file that includes itself", ".include \"loop.evs\"\n.byte LOOP", "01"},
    };
    (void)state;
    ROWS(rows);
}

static void test_branches(void **state)
{
    static const code_row_t rows[] = {
        {"short", "a: jump a\ncall b\njumpif a\njumpunless b\nb: add", "a0 00 a2 06 a4 fc a6 02 80"},
        {"to a number", "jump 0x200", "a1 02 00"},
    };
    (void)state;
    ROWS(rows);
}

/* The first bytes of `jump a`, some space, `a: add`, and whether the entry is where the label should be. */
static void check_far(uint32_t space, uint32_t jump_size)
{
    static text_t text;
    char source[200];
    (void)snprintf(source, sizeof source, "jump a\n.space %u\na: add\n.entry a\n", space);
    assert_true(text_assemble(&text, source));
    assert_int_equal(text.image.code[0], jump_size == 2 ? 0xa0 : 0xa1);
    assert_int_equal(text.image.entry, space + jump_size);
    text_close(&text);
    (void)snprintf(source, sizeof source, "a: add\n.space %u\njump a\n", space);
    assert_true(text_assemble(&text, source));
    assert_int_equal(text.image.code_size, 1 + space + (space + 1 <= 128 ? 2 : 3));
    text_close(&text);
}

static void test_far(void **state)
{
    (void)state;
    check_far(0, 2);
    check_far(125, 2);
    check_far(126, 3);
    check_far(127, 3);
    check_far(128, 3);
    check_far(40000, 3);
}

/* Jumps over 62 others are just short. The last two are long, so the 338 before that reach over both grow, the last of them first. */
static void test_chain(void **state)
{
    static text_t text;
    static char source[40000];
    size_t used = 0;
    (void)state;
    for (unsigned i = 0; i < 398; i++) {
        used += (size_t)snprintf(source + used, sizeof source - used, "l%u: jump l%u\n", i, i + 63);
    }
    used += (size_t)snprintf(source + used, sizeof source - used, "l398: jump far\nl399: jump far\n");
    for (unsigned i = 400; i < 461; i++) {
        used += (size_t)snprintf(source + used, sizeof source - used, "l%u:", i);
    }
    (void)snprintf(source + used, sizeof source - used, ".space 1000\nfar: add");
    assert_true(text_assemble(&text, source));
    assert_int_equal(text.image.code_size, 338 * 3 + 60 * 2 + 2 * 3 + 1000 + 1);
    text_close(&text);
}

static void test_functions(void **state)
{
    static const code_row_t rows[] = {
        {"arguments and locals", "function f(a, b) local x, y\npush a\npush b\npop y\npush x\nend", "f1 3f 3e 41 00 9c"},
        {"no arguments", "function f()\nend", "9c"},
        {"many locals", "function f() local a,b,c,d,e,f,g,h,i\npush i\nend", "f7 f0 08 9c"},
        {"no return behind a return", "function f()\nreturn top\nend\nadd", "9b 80"},
        {"no return behind a jump", "function f()\na: jump a\nend\nadd", "a0 00 80"},
        {"a return behind a label", "function f()\njump a\na:\nend", "a0 02 9c"},
        {"labels are of their function", "function f()\na: jump a\nend\nfunction g()\na: jump a\nend", "a0 00 a0 00"},
        {"a label of its own before one of all", "a: add\nfunction f()\njump a\na: end", "80 a0 02 9c"},
        {"calls", "call f\ndrop\nfunction f()\nend", "a2 03 9d 9c"},
    };
    (void)state;
    ROWS(rows);
}

static void test_host(void **state)
{
    static text_t text;
    (void)state;
    text_code_is("a host call", ".hostcall set 3 1 2\npush 1\npush 0\nhost set", "91 90 91 93 98 04 b0");
    assert_true(text_assemble(&text, ".hostcall a 3, 1, 0\n.hostcall b 3 2 0\n.hostcall c 3 1 0\n.hostcall d 0xffff 0xffff 62\n"
                                     "host c\nhost a\nhost a\nhost d\n.digest 3 0xffffffff\n.digest 4 1\n.digest 3 0xffffffff\n"));
    assert_int_equal(text.image.need_count, 2);
    assert_int_equal(evm_image_need(&text.image, 0), 0x30001);
    assert_int_equal(evm_image_need(&text.image, 1), 0xffffffff);
    assert_int_equal(text.image.digest_count, 2);
    uint32_t api, digest;
    evm_image_digest(&text.image, 1, &api, &digest);
    assert_int_equal(api, 4);
    assert_int_equal(digest, 1);
    text_close(&text);
}

static void test_parts(void **state)
{
    static text_t text;
    evm_function_t function;
    (void)state;
    assert_true(text_assemble(&text, "add\nb: add\nfunction cg_main(x)\nend\n.export b 3\n.export cg_main\n"));
    assert_int_equal(text.image.entry, 2);
    assert_int_equal(text.image.memory, 4 + EVM_STACK_DEFAULT);
    assert_int_equal(evm_image_find(&text.image, "b", &function), EVM_OK);
    assert_int_equal(function.address, 1);
    assert_int_equal(function.argc, 3);
    assert_int_equal(evm_image_find(&text.image, "cg_main", &function), EVM_OK);
    assert_int_equal(function.argc, 1);
    text_close(&text);
    assert_true(text_assemble(&text, ".entry b\nadd\nb: add\n.memory 65536"));
    assert_int_equal(text.image.entry, 1);
    assert_int_equal(text.image.memory, EVM_MEMORY_MAX);
    text_close(&text);
    assert_true(text_assemble(&text, "add\n.memory 0x1000"));
    assert_int_equal(text.image.entry, 0);
    assert_int_equal(text.image.memory, 0x1000);
    text_close(&text);
}

static size_t read_golden(const char *path, char *bytes, size_t room)
{
    FILE *const file = fopen(path, "rb");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, room - 1, file);
    assert_int_equal(fclose(file), 0);
    bytes[size] = 0;
    return size;
}

static bool serve(void *ctx, unsigned function, unsigned argc, const uint16_t *argv, uint16_t *result)
{
    (void)ctx;
    *result = 0;
    return function == 0 && argc == 4 && argv[0] == 3 && argv[1] == 1 && argv[2] == 3 && argv[3] == 1;
}

/* golden/demo.hex is the image of golden/demo.evs, 16 bytes a line; it also runs. */
static void test_golden(void **state)
{
    static text_t text;
    static char source[4096], wanted[4096], got[4096];
    static uint8_t memory[EVM_MEMORY_MAX];
    size_t used = 0;
    evm_t evm;
    uint16_t value;
    (void)state;
    (void)read_golden("golden/demo.evs", source, sizeof source);
    (void)read_golden("golden/demo.hex", wanted, sizeof wanted);
    assert_true(text_assemble(&text, source));
    for (size_t i = 0; i < text.size; i++) {
        used += (size_t)snprintf(got + used, sizeof got - used, "%02x%c", text.bytes[i], i % 16 == 15 || i + 1 == text.size ? '\n' : ' ');
    }
    assert_string_equal(got, wanted);
    const evm_image_t *const image = &text.image;
    assert_int_equal(evm_init(&evm, memory, image->memory, image->code, image->code_size, serve, NULL), EVM_OK);
    assert_int_equal(evm_run(&evm, image->entry, NULL, 0, 1000, &value), EVM_OK);
    assert_int_equal(value, 355);
    text_close(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instructions), cmocka_unit_test(test_text), cmocka_unit_test(test_branches), cmocka_unit_test(test_far),
        cmocka_unit_test(test_chain), cmocka_unit_test(test_functions), cmocka_unit_test(test_host), cmocka_unit_test(test_parts),
        cmocka_unit_test(test_golden),
    };
    return cmocka_run_group_tests_name("embedvm asm", tests, NULL, NULL);
}
