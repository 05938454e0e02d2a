/* SPDX-License-Identifier: BSD-2-Clause */
/* test_elf.c - what a compiler makes of C, as an image: test_elf FOLDER, where the objects are.
 * Good guests give the same results as when compiled for the host; bad ones are refused with the exact message. */
#include "objects.h"

#include <stdlib.h>

#include "guest/guest.h"

typedef struct guest_case {
    const char *name;
    u64 (*native)(void *context, u32 n);
} guest_case_t;

static const guest_case_t guest_cases[] = {
    {"strings", guest_strings}, {"globals", guest_globals}, {"tables", guest_tables}, {"calls", guest_calls},
    {"choices", guest_choices}, {"numbers", guest_numbers}, {"records", guest_records},
};

static const char *const builds[] = {"generic-O1", "generic-O2", "v2-O1", "v2-O2", "v3-O1", "v3-O2", "v4-O2"};

/* Eight runs of one guest, whose variables live on between them; the host's twin has been run for every earlier build, so
 * its results are computed once and kept. */
static void run_guest(const guest_case_t *c, const char *build, const u64 *expected)
{
    object_t object;
    object_load(&object, c->name, build);
    if (object.image == NULL) {
        fail_msg("%s-%s: %s", c->name, build, object.message);
    }
    object_start(&object);
    for (u32 n = 0; n < 8; n++) {
        uint64_t r0 = 0;
        const rbpf_result_t result = rbpf_run(&object.vm, 0, 0, n, 100000, &r0);
        if (result != RBPF_OK || r0 != expected[n]) {
            fail_msg("%s-%s, run %u: %s at %u, 0x%llx instead of 0x%llx", c->name, build, n, rbpf_result_text(result), object.vm.fault_slot,
                     (unsigned long long)r0, (unsigned long long)expected[n]);
        }
    }
    object_free(&object);
}

static void test_guests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof guest_cases / sizeof guest_cases[0]; i++) {
        u64 expected[8];
        for (u32 n = 0; n < 8; n++) {
            expected[n] = guest_cases[i].native(NULL, n);
        }
        for (size_t k = 0; k < sizeof builds / sizeof builds[0]; k++) {
            run_guest(&guest_cases[i], builds[k], expected);
        }
    }
}

typedef struct bad_case {
    const char *name;
    const char *message;
} bad_case_t;

static const bad_case_t bad_cases[] = {
    {"far", "function 'cg_main' starts beyond the first 64 KiB of code, where no entry can be; make it static, or put it first"},
    {"names", "the names of global functions are longer than 64 KiB together, at 'abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcd'; make functions static"},
    {"digest_count", "section 'callgate' holds 8200 bytes; it is for interface digests, 8 bytes each, at most 1024: keep other things out of it"},
    {"address", "function 'cg_main', instruction 1: 'cg_main' is a function whose address is taken; this VM has no calls by pointer: call it by its name"},
    {"aligned", "section '.bss' wants an alignment of 8192 bytes; at most 4096 are given"},
    {"atomic", "function 'cg_main', instruction 4: an eBPF instruction this engine leaves out: atomic, packet access, map, or call by register; compile with -O1 or -O2, and without atomics and calls by pointer"},
    {"common", "function 'cg_main', instruction 0: 'shared' is a common variable; compile with -fno-common"},
    {"digest_size", "section 'callgate' holds 12 bytes; it is for interface digests, 8 bytes each, at most 1024: keep other things out of it"},
    {"digests", "API 2 is there with two digests, 0x11111111 and 0x22222222; generate its header anew and compile everything again"},
    {"huge", "'.bss' is too large: code, data and constants may be 16 MiB each"},
    {"no_entry", "there is no global function to start with; define `cg_main`, not static"},
    {"pointer", "section '.rodata', offset 0x0: '.text' is a function whose address is taken; this VM has no calls by pointer: call it by its name"},
    {"register", "function 'cg_main', instruction 4: an eBPF instruction this engine leaves out: atomic, packet access, map, or call by register; compile with -O1 or -O2, and without atomics and calls by pointer"},
    {"undefined", "function 'cg_main', instruction 1: 'somewhere' is not defined; define it, or call the host through the header generated for its API"},
    {"undefined_variable", "function 'cg_main', instruction 1: 'nowhere' is not defined; define it, or call the host through the header generated for its API"},
};

static void test_bad(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_cases / sizeof bad_cases[0]; i++) {
        object_t object;
        object_load(&object, "bad", bad_cases[i].name);
        if (object.image != NULL || strcmp(object.message, bad_cases[i].message) != 0) {
            fail_msg("%s: \"%s\"", bad_cases[i].name, object.message);
        }
        object_free(&object);
    }
}

static void test_good_object(void **state)
{
    (void)state;
    object_t object;
    const char *name;
    uint64_t r0;
    object_load(&object, "bad", "good");
    assert_non_null(object.image);
    object_start(&object);
    assert_int_equal(object.parsed.digest_count, 2);
    assert_int_equal(object.parsed.rodata_size, 16 + 2 * 8); /* names and digests, each digest once */
    assert_int_equal(rbpf_get(object.parsed.digests, 4), 2);
    assert_int_equal(rbpf_get(object.parsed.digests + 12, 4), 0x33333333);
    assert_int_equal(object.parsed.function_count, 2);
    assert_int_equal(rbpf_image_function(&object.parsed, 0, NULL, &name), RBPF_OK);
    assert_string_equal(name, "cg_main");
    assert_int_equal(rbpf_image_function(&object.parsed, 1, NULL, &name), RBPF_OK);
    assert_string_equal(name, "helper");
    assert_int_equal(rbpf_run(&object.vm, 0, 0, 40, 100, &r0), RBPF_OK);
    assert_int_equal(r0, 42);
    assert_int_equal(rbpf_run(&object.vm, 1, 7, 0, 100, &r0), RBPF_OK);
    assert_int_equal(r0, 8);
    object_free(&object);
}

/* The message buffer may be of any size, even none. */
static void test_message_sizes(void **state)
{
    (void)state;
    const uint8_t bytes[] = "this is no ELF file";
    uint8_t *image = NULL;
    size_t image_size = 1;
    char message[8];
    memset(message, 'x', sizeof message);
    assert_int_equal(rbpf_elf_to_image(bytes, sizeof bytes, &image, &image_size, message, 0), -1);
    assert_int_equal(message[0], 'x');
    assert_int_equal(rbpf_elf_to_image(bytes, sizeof bytes, &image, &image_size, message, 4), -1);
    assert_string_equal(message, "not");
    assert_int_equal(message[4], 'x');
    assert_null(image);
    assert_int_equal(image_size, 0);
    assert_false(rbpf_is_elf(bytes, sizeof bytes));
    assert_false(rbpf_is_elf(bytes, 0));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guests),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_good_object),
        cmocka_unit_test(test_message_sizes),
    };
    object_folder = argc == 2 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
