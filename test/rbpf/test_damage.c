/* SPDX-License-Identifier: BSD-2-Clause */
/* test_damage.c - one field of a sound object is changed, and the packer says what is wrong: test_damage FOLDER.
 * The object is bad/victim.c: .rel.text has a call of `beside` and an address of `pointer`, .rel.data has the pointer to `cells`. */
#include "objects.h"

#include <stdlib.h>

/* What is changed: a field of the file's header, of a section's header, of a symbol, of a relocation, or bytes of a section. */
typedef enum place { HEADER, SECTION, SYMBOL, RELOCATION, CONTENT } place_t;

/* Fields, as offset and width in one number. */
enum {
    E_MAGIC = 0 << 8 | 1, E_CLASS = 4 << 8 | 1, E_ORDER = 5 << 8 | 1, E_TYPE = 16 << 8 | 2, E_MACHINE = 18 << 8 | 2, E_SECTIONS_AT = 40 << 8 | 8, E_SECTION_SIZE = 58 << 8 | 2, E_SECTION_COUNT = 60 << 8 | 2,
    S_TYPE = 4 << 8 | 4, S_FLAGS = 8 << 8 | 8, S_AT = 24 << 8 | 8, S_SIZE = 32 << 8 | 8, S_LINK = 40 << 8 | 4, S_INFO = 44 << 8 | 4, S_ALIGN = 48 << 8 | 8, S_NAME = 0 << 8 | 4,
    Y_NAME = 0 << 8 | 4, Y_INFO = 4 << 8 | 1, Y_OTHER = 5 << 8 | 1, Y_SECTION = 6 << 8 | 2, Y_VALUE = 8 << 8 | 8,
    R_AT = 0 << 8 | 8, R_TYPE = 8 << 8 | 4, R_SYMBOL = 12 << 8 | 4,
    SLOT0 = 0 << 8 | 1, CALL_KIND = 9 << 8 | 1, CALL_OP = 8 << 8 | 1, CALL_BY = 12 << 8 | 4, WIDE_OP = 16 << 8 | 1, WIDE_SOURCE = 17 << 8 | 1, WIDE_VALUE = 20 << 8 | 4,
    POINTER = 24 << 8 | 8,
};

typedef struct damage_case {
    const char *name;
    place_t place;
    const char *of;
    uint32_t index; /* of the relocation in its section */
    uint32_t field;
    uint64_t value;
    const char *message; /* NULL: it is taken all the same */
    uint64_t r0;         /* what it gives then for r1 = 1, r2 = 5; undamaged 5 * 3 + 11. FAULT: an address that is none */
} damage_case_t;

enum { FAULT = 0xfa };

static const damage_case_t damage_cases[] = {
    {"a 32-bit file", HEADER, "", 0, E_CLASS, 1, "not a 64-bit little-endian object; compile with clang --target=bpf", 0},
    {"a big-endian file", HEADER, "", 0, E_ORDER, 2, "not a 64-bit little-endian object; compile with clang --target=bpf", 0},
    {"another magic", HEADER, "", 0, E_MAGIC, 0x7e, "not an ELF file", 0},
    {"an executable", HEADER, "", 0, E_TYPE, 2, "not a relocatable object; give what the compiler makes with -c", 0},
    {"another processor", HEADER, "", 0, E_MACHINE, 62, "not an object for eBPF; compile with clang --target=bpf", 0},
    {"section headers past the end", HEADER, "", 0, E_SECTIONS_AT, 0x4000, "the section headers lie outside the file; is it cut short?", 0},
    {"section headers far outside", HEADER, "", 0, E_SECTIONS_AT, 0xffffffffffffffc0u, "the section headers lie outside the file; is it cut short?", 0},
    {"one section header too many", HEADER, "", 0, E_SECTION_COUNT, 13, "the section headers lie outside the file; is it cut short?", 0},
    {"section headers of another size", HEADER, "", 0, E_SECTION_SIZE, 40, "the ELF file has no section headers of the usual size; was it stripped?", 0},
    {"no section", HEADER, "", 0, E_SECTION_COUNT, 0, "the ELF file has no section headers of the usual size; was it stripped?", 0},
    {"no symbol table", SECTION, ".symtab", 0, S_TYPE, 1, "the ELF file has no symbol table; was it stripped?", 0},
    {"two symbol tables", SECTION, ".strtab", 0, S_TYPE, 2, "the ELF file has more than one symbol table", 0},
    {"a symbol table outside the file", SECTION, ".symtab", 0, S_AT, 0x4000, "the symbol table is damaged", 0},
    {"a symbol table whose names are nowhere", SECTION, ".symtab", 0, S_LINK, 12, "the symbol table is damaged", 0},
    {"a symbol table that takes code for names", SECTION, ".symtab", 0, S_LINK, 2, NULL, 3},
    {"a symbol table where no section should be", SECTION, "", 0, S_TYPE, 2, "the symbol table is damaged", 0},
    {"the empty section outside the file", SECTION, "", 0, S_AT, 0x10000, NULL, 26},
    {"code that starts outside the file", SECTION, ".text", 0, S_AT, 0x10000, "section '.text' lies outside the file; is it cut short?", 0},
    {"code that ends outside the file", SECTION, ".text", 0, S_SIZE, 0xffffffffffffffc0u, "section '.text' lies outside the file; is it cut short?", 0},
    {"code cut in an instruction", SECTION, ".text", 0, S_SIZE, 60, "code section '.text' is not a whole number of instructions; the object is damaged", 0},
    {"code cut in a wide instruction", SECTION, ".text", 0, S_SIZE, 24, "function 'cg_main', instruction 2: 'pointer' is wanted as an address where no wide constant is; the object is damaged, or of a newer kind than this program knows", 0},
    {"code of zeros that are not in the file", SECTION, ".text", 0, S_TYPE, 8, "code section '.text' is not a whole number of instructions; the object is damaged", 0},
    {"debug information outside the file", SECTION, ".llvm_addrsig", 0, S_AT, 0x10000, "section '.llvm_addrsig' lies outside the file; is it cut short?", 0},
    {"a thread-local section", SECTION, ".data", 0, S_FLAGS, 0x403, "section '.data' is thread-local; a guest has one thread: make the variable static", 0},
    {"an alignment that is no power of two", SECTION, ".data", 0, S_ALIGN, 24, "section '.data' wants an alignment of 24 bytes; at most 4096 are given", 0},
    {"the largest alignment", SECTION, ".data", 0, S_ALIGN, 4096, NULL, 26},
    {"an alignment of nothing", SECTION, ".data", 0, S_ALIGN, 0, NULL, 26},
    {"a section without a name", SECTION, ".data", 0, S_NAME, 0xffffff, NULL, 26},
    {"data that is zero, with a pointer in it", SECTION, ".data", 0, S_TYPE, 8, "section '.data', offset 0x18: 'cells' has a relocation outside the section; the object is damaged", 0},
    {"data of a type that is not loaded", SECTION, ".data", 0, S_TYPE, 7, "function 'cg_main', instruction 2: 'pointer' is in a section that is no part of the program in memory; leave this reference out", 0},
    {"digests that are not in the file", SECTION, "callgate", 0, S_TYPE, 8, NULL, 26},
    {"digests cut short", SECTION, "callgate", 0, S_SIZE, 4, "section 'callgate' holds 4 bytes; it is for interface digests, 8 bytes each, at most 1024: keep other things out of it", 0},
    {"data that is not in memory", SECTION, ".data", 0, S_FLAGS, 0, "function 'cg_main', instruction 2: 'pointer' is in a section that is no part of the program in memory; leave this reference out", 0},

    {"an entry outside its section", SYMBOL, "cg_main", 0, Y_VALUE, 0x80, "function 'cg_main' does not start inside its section; the object is damaged", 0},
    {"an entry far outside", SYMBOL, "cg_main", 0, Y_VALUE, 0xfffffffffffffff8u, "function 'cg_main' does not start inside its section; the object is damaged", 0},
    {"an entry in an instruction", SYMBOL, "cg_main", 0, Y_VALUE, 4, "function 'cg_main' does not start inside its section; the object is damaged", 0},
    {"an entry in a wide instruction", SYMBOL, "cg_main", 0, Y_VALUE, 24, "function 'cg_main', instruction 0: no such function in the image, or its entry is not an instruction; the object is damaged", 0},
    {"an entry in data", SYMBOL, "cg_main", 0, Y_SECTION, 7, "function 'cg_main' is not in a section of code; the object is damaged", 0},
    {"an entry that is hidden", SYMBOL, "cg_main", 0, Y_OTHER, 2, NULL, 3},
    {"an entry that is protected", SYMBOL, "cg_main", 0, Y_OTHER, 3, NULL, 26},
    {"an entry that is weak", SYMBOL, "cg_main", 0, Y_INFO, 0x22, NULL, 26},
    {"an entry whose name is nowhere", SYMBOL, "cg_main", 0, Y_NAME, 0xffffff, NULL, 3},
    {"what is called has no section", SYMBOL, "beside", 0, Y_SECTION, 0, "function 'cg_main', instruction 1: 'beside' is not defined; define it, or call the host through the header generated for its API", 0},
    {"what is called is in a section that is none", SYMBOL, "beside", 0, Y_SECTION, 12, "section '.text': a relocation names no symbol; the object is damaged", 0},
    {"what is called is a number", SYMBOL, "beside", 0, Y_SECTION, 0xfff1, "function 'cg_main', instruction 1: 'beside' is called and is not a function; call it by a name that is one", 0},
    {"what is called is data", SYMBOL, "beside", 0, Y_SECTION, 7, "function 'beside' is not in a section of code; the object is damaged", 0},
    {"what is called is no entry", SYMBOL, "beside", 0, Y_INFO, 0x02, NULL, 26},
    {"what is called starts in an instruction", SYMBOL, "hidden", 0, Y_VALUE, 4, "function 'beside', instruction 0: 'hidden' is called and is not a function; call it by a name that is one", 0},
    {"what is called is far away", SYMBOL, "hidden", 0, Y_VALUE, 0x1000008, "function 'beside', instruction 0: 'hidden' is called and is not a function; call it by a name that is one", 0},
    {"what is called is further than that", SYMBOL, "hidden", 0, Y_VALUE, 0x8000000000000000u, "function 'beside', instruction 0: 'hidden' is called and is not a function; call it by a name that is one", 0},
    {"what is called by name is data", RELOCATION, ".rel.text", 0, R_SYMBOL, 8, "function 'cg_main', instruction 1: 'cells' is called and is not a function; call it by a name that is one", 0},
    {"what is pointed at is a number", SYMBOL, "pointer", 0, Y_SECTION, 0xfff1, NULL, FAULT},
    {"what is pointed at is common", SYMBOL, "pointer", 0, Y_SECTION, 0xfff2, "function 'cg_main', instruction 2: 'pointer' is a common variable; compile with -fno-common", 0},
    {"what is pointed at is code", SYMBOL, "pointer", 0, Y_SECTION, 2, "function 'cg_main', instruction 2: 'pointer' is a function whose address is taken; this VM has no calls by pointer: call it by its name", 0},
    {"what is pointed at is in no part", SYMBOL, "pointer", 0, Y_SECTION, 11, "function 'cg_main', instruction 2: 'pointer' is in a section that is no part of the program in memory; leave this reference out", 0},
    {"what is pointed at is far away", SYMBOL, "pointer", 0, Y_VALUE, 0x1000001, "function 'cg_main', instruction 2: 'pointer' has an address outside its section; the object is damaged", 0},
    {"what is pointed at is as far as it can be", SYMBOL, "pointer", 0, Y_VALUE, 0x1000000, NULL, FAULT},

    {"relocations with their own addends", SECTION, ".rel.text", 0, S_TYPE, 4, "section '.rel.text': relocations of a kind that eBPF objects do not have; compile with clang --target=bpf", 0},
    {"relocations for another symbol table", SECTION, ".rel.text", 0, S_LINK, 1, "section '.rel.text': relocations of a kind that eBPF objects do not have; compile with clang --target=bpf", 0},
    {"relocations of no section", SECTION, ".rel.text", 0, S_INFO, 12, "section '.rel.text' has relocations for a section that is none; the object is damaged", 0},
    {"relocations of debug information", SECTION, ".rel.data", 0, S_INFO, 10, NULL, FAULT},
    {"relocations of code applied to data", SECTION, ".rel.text", 0, S_INFO, 7, "section '.data', offset 0x8: 'beside' has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3", 0},
    {"more relocations than the file holds", SECTION, ".rel.text", 0, S_SIZE, 0x100000, "section '.rel.text' lies outside the file; is it cut short?", 0},
    {"half a relocation is passed over", SECTION, ".rel.data", 0, S_SIZE, 8, NULL, FAULT},
    {"a relocation at the end of the code", RELOCATION, ".rel.text", 0, R_AT, 64, "section '.text', offset 0x40: 'beside' has a relocation outside the section; the object is damaged", 0},
    {"a relocation far outside", RELOCATION, ".rel.text", 0, R_AT, 0xfffffffffffffff8u, "section '.text', offset 0xfffffffffffffff8: 'beside' has a relocation outside the section; the object is damaged", 0},
    {"a relocation in an instruction", RELOCATION, ".rel.text", 0, R_AT, 12, "section '.text', offset 0xc: 'beside' has a relocation outside the section; the object is damaged", 0},
    {"a relocation of no symbol", RELOCATION, ".rel.text", 0, R_SYMBOL, 9, "section '.text': a relocation names no symbol; the object is damaged", 0},
    {"a relocation of the first symbol", RELOCATION, ".rel.text", 0, R_SYMBOL, 0, "function 'cg_main', instruction 1: '' is not defined; define it, or call the host through the header generated for its API", 0},
    {"a relocation of an unknown kind", RELOCATION, ".rel.text", 0, R_TYPE, 99, "function 'cg_main', instruction 1: 'beside' has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3", 0},
    {"a relocation for pointers in code", RELOCATION, ".rel.text", 0, R_TYPE, 2, "function 'cg_main', instruction 1: 'beside' has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3", 0},
    {"a relocation for short pointers in code", RELOCATION, ".rel.text", 0, R_TYPE, 3, "function 'cg_main', instruction 1: 'beside' has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3", 0},
    {"a relocation for calls in data", RELOCATION, ".rel.data", 0, R_TYPE, 10, "section '.data', offset 0x18: 'cells' has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3", 0},
    {"a call where a constant is wanted", RELOCATION, ".rel.text", 0, R_TYPE, 1, "function 'cg_main', instruction 1: 'beside' is wanted as an address where no wide constant is; the object is damaged, or of a newer kind than this program knows", 0},
    {"a constant where a call is wanted", RELOCATION, ".rel.text", 1, R_TYPE, 10, "function 'cg_main', instruction 2: 'pointer' is wanted as a function where no call is; the object is damaged, or of a newer kind than this program knows", 0},
    {"a wide constant at the last instruction", RELOCATION, ".rel.text", 1, R_AT, 56, "function 'cg_main', instruction 7: 'pointer' is wanted as an address where no wide constant is; the object is damaged, or of a newer kind than this program knows", 0},
    {"a pointer over the end", RELOCATION, ".rel.data", 0, R_AT, 25, "section '.data', offset 0x19: 'cells' is pointed at from past the end of the section; the object is damaged", 0},
    {"a short pointer", RELOCATION, ".rel.data", 0, R_TYPE, 3, NULL, 26},
    {"a pointer over the end by four bytes", RELOCATION, ".rel.data", 0, R_AT, 28, "section '.data', offset 0x1c: 'cells' is pointed at from past the end of the section; the object is damaged", 0},
    {"a pointer of the oldest kind", RELOCATION, ".rel.data", 0, R_TYPE, 1, NULL, 26},
    {"a pointer of an unknown kind", RELOCATION, ".rel.data", 0, R_TYPE, 4, "section '.data', offset 0x18: 'cells' has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3", 0},

    {"a call of a kernel function", CONTENT, ".text", 0, CALL_KIND, 0x20, "function 'cg_main', instruction 1: 'beside' is wanted as a function where no call is; the object is damaged, or of a newer kind than this program knows", 0},
    {"a host call to be changed to a local one", CONTENT, ".text", 0, CALL_KIND, 0, NULL, 26},
    {"no call where one is wanted", CONTENT, ".text", 0, CALL_OP, 0xb7, "function 'cg_main', instruction 1: 'beside' is wanted as a function where no call is; the object is damaged, or of a newer kind than this program knows", 0},
    {"a call past the end", CONTENT, ".text", 0, CALL_BY, 100, "function 'cg_main', instruction 1: a jump outside the program or into the middle of an instruction; the object is damaged", 0},
    {"a call far past the end", CONTENT, ".text", 0, CALL_BY, 0x7fffffff, "function 'cg_main', instruction 1: a jump outside the program or into the middle of an instruction; the object is damaged", 0},
    {"a call far before the start", CONTENT, ".text", 0, CALL_BY, 0x80000000u, "function 'cg_main', instruction 1: a jump outside the program or into the middle of an instruction; the object is damaged", 0},
    {"no wide constant where one is wanted", CONTENT, ".text", 0, WIDE_OP, 0xb7, "function 'cg_main', instruction 2: 'pointer' is wanted as an address where no wide constant is; the object is damaged, or of a newer kind than this program knows", 0},
    {"a map where a wide constant is wanted", CONTENT, ".text", 0, WIDE_SOURCE, 0x11, "function 'cg_main', instruction 2: 'pointer' is wanted as an address where no wide constant is; the object is damaged, or of a newer kind than this program knows", 0},
    {"an address before its region", CONTENT, ".text", 0, WIDE_VALUE, 0xffffffe0u, "function 'cg_main', instruction 2: 'pointer' would get an address outside its region; index the array from its first element on", 0},
    {"an address at the start of its region", CONTENT, ".text", 0, WIDE_VALUE, 0xffffffe8u, NULL, FAULT},
    {"an address past its region", CONTENT, ".text", 0, WIDE_VALUE, 0x0ffffff0, "function 'cg_main', instruction 2: 'pointer' would get an address outside its region; index the array from its first element on", 0},
    {"an address at the end of its region", CONTENT, ".text", 0, WIDE_VALUE, 0x0fffffe7, NULL, FAULT},
    {"a pointer before its region", CONTENT, ".data", 0, POINTER, 0xfffffffffffffff7u, "section '.data', offset 0x18: 'cells' would get an address outside its region; index the array from its first element on", 0},
    {"a pointer at the start of its region", CONTENT, ".data", 0, POINTER, 0xfffffffffffffff8u, NULL, 22},
    {"a pointer with the largest addend", CONTENT, ".data", 0, POINTER, 0x7fffffffffffffffu, "section '.data', offset 0x18: 'cells' has an address outside its section; the object is damaged", 0},
    {"a pointer with the smallest addend", CONTENT, ".data", 0, POINTER, 0x8000000000000000u, "section '.data', offset 0x18: 'cells' has an address outside its section; the object is damaged", 0},
};

/* Where `name` is among the sections: its header. The test reads the object with offsets of its own. */
static uint8_t *section(const object_t *object, const char *name)
{
    uint8_t *headers = object->elf + rbpf_get(object->elf + 40, 8);
    const uint8_t *names = object->elf + rbpf_get(headers + rbpf_get(object->elf + 62, 2) * 64 + 24, 8);
    for (uint32_t i = 0; i < rbpf_get(object->elf + 60, 2); i++) {
        if (strcmp((const char *)names + rbpf_get(headers + i * 64, 4), name) == 0) {
            return headers + i * 64;
        }
    }
    fail_msg("no section %s", name);
    return headers;
}

static uint8_t *content(const object_t *object, const char *name)
{
    return object->elf + rbpf_get(section(object, name) + 24, 8);
}

static uint8_t *symbol(const object_t *object, const char *name)
{
    uint8_t *at = content(object, ".symtab");
    const uint8_t *names = content(object, ".strtab");
    for (uint32_t i = 0; i < rbpf_get(section(object, ".symtab") + 32, 8) / 24; i++) {
        if (strcmp((const char *)names + rbpf_get(at + i * 24, 4), name) == 0) {
            return at + i * 24;
        }
    }
    fail_msg("no symbol %s", name);
    return at;
}

static uint8_t *find(const object_t *object, const damage_case_t *c)
{
    switch (c->place) {
    case HEADER:
        return object->elf;
    case SECTION:
        return section(object, c->of);
    case SYMBOL:
        return symbol(object, c->of);
    case RELOCATION:
        return content(object, c->of) + c->index * 16;
    case CONTENT:
        return content(object, c->of);
    }
    return object->elf;
}

static void run_taken(const damage_case_t *c, uint8_t *image, size_t image_size)
{
    object_t taken = {.image = image, .image_size = image_size};
    uint64_t r0 = 0;
    object_start(&taken);
    const rbpf_result_t result = rbpf_run(&taken.vm, 0, 1, 5, 10, &r0);
    if (result != (c->r0 == FAULT ? RBPF_ERR_MEMORY : RBPF_OK) || (result == RBPF_OK && r0 != c->r0)) {
        print_error("%s: %d, %llu\n", c->name, (int)result, (unsigned long long)r0);
        fail();
    }
    free(taken.data);
    free(taken.stack);
}

static void run_damage(const damage_case_t *c)
{
    object_t object;
    uint8_t *image;
    size_t image_size;
    char message[512] = "";
    object_load(&object, "bad", "victim");
    assert_non_null(object.image);
    asm_put(find(&object, c) + (c->field >> 8), c->value, c->field & 0xffu);
    const int result = rbpf_elf_to_image(object.elf, object.elf_size, &image, &image_size, message, sizeof message);
    if (result != (c->message == NULL ? 0 : -1) || (c->message != NULL && strcmp(message, c->message) != 0)) {
        print_error("%s: %d \"%s\"\n", c->name, result, message);
        fail();
    }
    if (result == 0) {
        run_taken(c, image, image_size);
    }
    free(image);
    object_free(&object);
}

static void test_damage(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damage_cases / sizeof damage_cases[0]; i++) {
        run_damage(&damage_cases[i]);
    }
}

/* A pointer of four bytes changes four bytes: the first cell becomes its own address, more by what was there, and the second stays. */
static void test_short_pointer(void **state)
{
    (void)state;
    object_t object;
    uint8_t *image;
    size_t image_size;
    char message[512] = "";
    object_load(&object, "bad", "victim");
    asm_put(content(&object, ".rel.data"), 8, 8);
    asm_put(content(&object, ".rel.data") + 8, 3, 4);
    assert_int_equal(rbpf_elf_to_image(object.elf, object.elf_size, &image, &image_size, message, sizeof message), 0);
    assert_int_equal(rbpf_get(image + 32 + 8, 4), 0x20000008 + 10);
    assert_int_equal(rbpf_get(image + 32 + 12, 4), 11);
    free(image);
    object_free(&object);
}

/* A name from the object cannot write to a terminal what it likes. */
static void test_unprintable(void **state)
{
    (void)state;
    static const uint8_t bytes[] = {0x1b, 0x07, 0x7f, 0xff, '\n'};
    for (size_t i = 0; i < sizeof bytes; i++) {
        object_t object;
        uint8_t *image;
        size_t image_size;
        char message[512] = "";
        object_load(&object, "bad", "victim");
        uint8_t *hidden = symbol(&object, "hidden");
        asm_put(hidden + 6, 0, 2);
        content(&object, ".strtab")[rbpf_get(hidden, 4)] = bytes[i];
        assert_int_equal(rbpf_elf_to_image(object.elf, object.elf_size, &image, &image_size, message, sizeof message), -1);
        message[50] = 0;
        assert_string_equal(message, "function 'beside', instruction 0: '?idden' is not ");
        object_free(&object);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_damage), cmocka_unit_test(test_short_pointer), cmocka_unit_test(test_unprintable)};
    object_folder = argc == 2 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
