/* SPDX-License-Identifier: BSD-2-Clause */
/* load_test.c - which modules the WAMR adapter takes, which it refuses, and in which words.
 * Each case loads, is ended or refused, and must leave nothing behind: the leak check at exit is part of the test. */
#include "rig.h"

#include <stdlib.h>

typedef struct load_case {
    const char *name;
    module_t module;
    uint32_t granted, linked; /* bits of calls; linked 0: as granted */
    uint32_t memory_bytes;    /* 0: four pages */
    int expected;             /* cg_load_t */
    const char *message;      /* must be in the message; NULL: there is none */
} load_case_t;

#define ALL DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE)

static const load_case_t cases[] = {
    {"a module without imports", {0}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"a module without memory", {.no_memory = true}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"granted calls", {.imports = "demo.add(ii)i demo.fill(ii)i demo.twice(I)I"}, ALL, 0, 0, CG_LOAD_OK, NULL},
    {"the same call twice", {.imports = "demo.add(ii)i demo.add(ii)i"}, ALL, 0, 0, CG_LOAD_OK, NULL},
    {"an optional call links", {.imports = "demo.secret()i"}, ALL, DEMO_BIT(DEMO_SECRET), 0, CG_LOAD_OK, NULL},
    {"a call that is not granted", {.imports = "demo.secret()i"}, ALL, 0, 0, CG_LOAD_IMPORT,
     "imports demo.secret, which the policy does not grant: add `demo: [secret]` under `calls:`"},
    {"a call that is not granted, twice", {.imports = "demo.secret()i demo.secret()i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.secret, which"},
    {"several calls that are not granted", {.imports = "demo.add(ii)i demo.secret()i other.ping()i demo.fill(ii)i"}, 0, 0, 0, CG_LOAD_IMPORT,
     "imports demo.add, demo.secret, other.ping, demo.fill, which the policy does not grant: "
     "add `demo: [add, secret, fill]`, `other: [ping]` under `calls:`"},
    {"a call that the API does not have", {.imports = "demo.subtract(ii)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.subtract, which this host does not have"},
    {"an API that the host does not have", {.imports = "env.printf(ii)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports env.printf, which"},
    {"a name with an underscore in front, which the engine would link", {.imports = "demo._add(ii)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo._add, which"},
    {"more unknown names than are shown", {.imports = "a.a() a.b() a.c() a.d() a.e() a.f() a.g() a.h() a.i() a.j()"}, ALL, 0, 0, CG_LOAD_IMPORT,
     "a.g, a.h and more, which this host does not have"},
    {"an argument of another type", {.imports = "demo.add(iI)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.add of type (iI)i, but it is (ii)i"},
    {"an argument too many", {.imports = "demo.add(iii)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.add of type (iii)i"},
    {"an argument too few", {.imports = "demo.add(i)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.add of type (i)i"},
    {"a result too many", {.imports = "demo.add(ii)"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.add of type (ii),"},
    {"a result of another type", {.imports = "demo.add(ii)I"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.add of type (ii)I"},
    {"an imported memory", {.no_memory = true, .odd_import = "\4demo\3mem\2\0\1", .odd_size = 12}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.mem, which is not a function"},
    {"an imported table", {.odd_import = "\4demo\3tab\1\x70\0\1", .odd_size = 13}, ALL, 0, 0, CG_LOAD_IMPORT, "demo.tab, which is not a function"},
    {"an imported global", {.odd_import = "\4demo\3glo\3\x7f\0", .odd_size = 12}, ALL, 0, 0, CG_LOAD_IMPORT, "demo.glo, which is not a function"},
    {"memory just as large as the policy gives", {.pages = 4}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"memory a page larger", {.pages = 5}, 0, 0, 0, CG_LOAD_MEMORY, "needs 327680 bytes of memory, the policy gives 262144: raise `memory_bytes` under `limits:`"},
    {"memory of 65,536 pages", {BYTES_AS(memory, "\1\0\x80\x80\x04")}, 0, 0, UINT32_MAX, CG_LOAD_MEMORY, "needs 4294967295 bytes"},
    {"memory that may grow beyond the policy", {.pages = 1, .pages_max = 100}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"memory where the policy gives less than a page", {.pages = 1}, 0, 0, 65535, CG_LOAD_MEMORY, "needs 65536 bytes"},
    {"memory of no pages where the policy gives less than one", {BYTES_AS(memory, "\1\0\0")}, 0, 0, 65535, CG_LOAD_MEMORY, "needs 65536 bytes"},
    {"memory of no pages", {BYTES_AS(memory, "\1\0\0")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"no memory where the policy gives none", {.no_memory = true}, 0, 0, 1, CG_LOAD_OK, NULL},
    {"shared memory", {BYTES_AS(memory, "\1\3\1\2")}, 0, 0, 0, CG_LOAD_IMAGE, "has a memory that is shared"},
    {"memory of 64 bits", {BYTES_AS(memory, "\1\4\1")}, 0, 0, 0, CG_LOAD_IMAGE, "has a memory that is shared, of 64 bits"},
    {"two memories", {BYTES_AS(memory, "\2\0\1\0\1")}, 0, 0, 0, CG_LOAD_IMAGE, "more than one memory"},
    {"a memory section cut off", {BYTES_AS(memory, "\1\0")}, 0, 0, 0, CG_LOAD_IMAGE, "a section ends too early"},
    {"a table of functions", {BYTES_AS(table, "\1\x70\1\1\1")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"the largest table", {BYTES_AS(table, "\1\x70\0\x80\x10")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"a table an entry larger", {BYTES_AS(table, "\1\x70\0\x81\x10")}, 0, 0, 0, CG_LOAD_IMAGE, "has tables for more than 4096 entries"},
    {"a table of four thousand million entries", {BYTES_AS(table, "\1\x70\0\xff\xff\xff\xff\x0f")}, 0, 0, 0, CG_LOAD_IMAGE, "has tables for more than 4096 entries"},
    {"more tables than bytes", {BYTES_AS(table, "\xff\xff\3\x70\0\1")}, 0, 0, 0, CG_LOAD_IMAGE, "a table is cut off"},
    {"a table of 64 bits", {BYTES_AS(table, "\1\x70\4\1")}, 0, 0, 0, CG_LOAD_IMAGE, "a table is cut off, or of a kind that is not supported"},
    {"a few locals", {BYTES_AS(locals, "\2\2\x7f\3\x7e")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"more locals than the module has bytes", {BYTES_AS(locals, "\1\xd0\x86\3\x7f")}, 0, 0, 0, CG_LOAD_IMAGE, "declares more locals than it has bytes"},
    {"more locals in two runs than the module has bytes", {BYTES_AS(locals, "\2\x32\x7f\x32\x7f")}, 0, 0, 0, CG_LOAD_IMAGE, "declares more locals than it has bytes"},
    {"locals whose number wraps around", {BYTES_AS(locals, "\2\1\x7f\xff\xff\xff\xff\x0f\x7f")}, 0, 0, 0, CG_LOAD_IMAGE, "declares more locals than it has bytes"},
    {"a local of a type that is not supported", {BYTES_AS(locals, "\1\1\x63")}, 0, 0, 0, CG_LOAD_IMAGE, "locals are cut off, or of a type that is not supported"},
    {"an argument of a type that no call has", {.imports = "demo.add(ir)i"}, ALL, 0, 0, CG_LOAD_IMPORT, "imports demo.add of type (i?)i, but it is (ii)i"},
    {"a start function", {.has_start = true}, 0, 0, 0, CG_LOAD_IMAGE, "has a start function"},
    {"constructors that the engine would run", {.entry_type = "()", .code = "\x0b", .code_size = 1, .second = "__wasm_call_ctors"}, 0, 0, 0, CG_LOAD_IMAGE, "exports __wasm_call_ctors"},
    {"another function that the engine would run", {.entry_type = "()", .code = "\x0b", .code_size = 1, .second = "__post_instantiate"}, 0, 0, 0, CG_LOAD_IMAGE, "exports __post_instantiate"},
    {"no entry", {.entry = "main"}, 0, 0, 0, CG_LOAD_IMAGE, "does not export `int cg_main(void)`"},
    {"an entry that takes an argument", {.entry_type = "(i)i"}, 0, 0, 0, CG_LOAD_IMAGE, "does not export `int cg_main(void)`"},
    {"an entry that returns nothing", {.entry_type = "()", .code = "\x0b", .code_size = 1}, 0, 0, 0, CG_LOAD_IMAGE, "does not export `int cg_main(void)`"},
    {"code that is not valid", {.code = "\x0b", .code_size = 1}, 0, 0, 0, CG_LOAD_IMAGE, "is not a sound module: "},
    {"the digest of all calls", {.section = "callgate", BYTES_AS(section, "\4\0\5\0\x44\x44\x33\x33")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"the digest of an older, smaller API", {.section = "callgate", BYTES_AS(section, "\2\0\5\0\x22\x22\x11\x11")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"the digest of another version", {.section = "callgate", BYTES_AS(section, "\2\0\5\0\x22\x22\x11\x12")}, 0, 0, 0, CG_LOAD_DIGEST,
     "was built for another version of API demo (this host has 1.2.0): rebuild the guest against this host's SDK"},
    {"the digest of a newer, larger API", {.section = "callgate", BYTES_AS(section, "\5\0\5\0\x44\x44\x33\x33")}, 0, 0, 0, CG_LOAD_DIGEST, "another version of API demo"},
    {"a digest over no calls", {.section = "callgate", BYTES_AS(section, "\0\0\5\0\0\0\0\0")}, 0, 0, 0, CG_LOAD_DIGEST, "another version of API demo"},
    {"the second of two digests is wrong", {.section = "callgate", BYTES_AS(section, "\4\0\5\0\x44\x44\x33\x33\1\0\6\0\0\0\0\0")}, 0, 0, 0, CG_LOAD_DIGEST,
     "another version of API other"},
    {"a digest of an API that the host does not have", {.section = "callgate", BYTES_AS(section, "\1\0\7\0\1\2\3\4")}, 0, 0, 0, CG_LOAD_OK, NULL},
    {"digests of odd length", {.section = "callgate", BYTES_AS(section, "\4\0\5\0\x44\x44\x33")}, 0, 0, 0, CG_LOAD_IMAGE, "is not a list of digests"},
    {"another custom section", {.section = "callgated", BYTES_AS(section, "\1")}, 0, 0, 0, CG_LOAD_OK, NULL},
};

static void load_one(const load_case_t *c)
{
    uint8_t bytes[MODULE_MAX];
    const uint32_t size = module_write(bytes, &c->module);
    const uint32_t linked = c->granted | c->linked;
    demo_guest_t demo = {0};
    cg_policy_t policy = demo_policy(&c->granted);
    policy.linked = c->linked == 0 ? NULL : &linked;
    policy.memory_bytes = c->memory_bytes == 0 ? policy.memory_bytes : c->memory_bytes;
    uint8_t *image = malloc(size);
    assert_non_null(image);
    memcpy(image, bytes, size);
    const int loaded = demo_open(&demo, &rig_vm, image, size, &policy);
    if (loaded != c->expected || (c->message == NULL ? demo.message[0] != '\0' : strstr(demo.message, c->message) == NULL)) {
        print_error("%s: load %d, wanted %d; message: %s\n", c->name, loaded, c->expected, demo.message);
        fail();
    }
    demo_close(&demo);
    free(image);
}

static void every_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        load_one(&cases[i]);
    }
}

/* A module cut off anywhere is refused, and never read beyond its end. */
static void every_prefix(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.add(ii)i", .section = "callgate", BYTES_AS(section, "\4\0\5\0\x44\x44\x33\x33")};
    const uint32_t size = module_write(bytes, &module);
    const uint32_t granted = ALL;
    const cg_policy_t policy = demo_policy(&granted);
    uint32_t good = 0;
    for (uint32_t cut = 0; cut <= size; cut++) {
        demo_guest_t demo = {0};
        uint8_t *image = malloc(cut == 0 ? 1 : cut);
        assert_non_null(image);
        memcpy(image, bytes, cut);
        good += demo_open(&demo, &rig_vm, image, cut, &policy) == CG_LOAD_OK;
        assert_true(demo.loaded == CG_LOAD_OK || demo.message[0] != '\0');
        demo_close(&demo);
        free(image);
    }
    assert_int_equal(good, 2); /* the whole, and the whole without its custom section */
}

/* Bytes changed at random: loaded or refused, and if loaded then run; nothing else may happen. */
static void many_mutations(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.add(ii)i demo.fill(ii)i", .pages_max = 3, .section = "callgate",
                             BYTES_AS(section, "\4\0\5\0\x44\x44\x33\x33"),
                             BYTES_AS(code, "\x41\x00\x41\x0a\x10\x01\x41\x02\x10\x00\x40\x00\x0b")};
    const uint32_t size = module_write(bytes, &module);
    const uint32_t granted = ALL;
    cg_policy_t policy = demo_policy(&granted);
    policy.steps = 1000;
    uint32_t random = 12345;
    uint32_t ran = 0;
    for (uint32_t round = 0; round < 4000; round++) {
        demo_guest_t demo = {0};
        uint8_t *image = malloc(size);
        assert_non_null(image);
        memcpy(image, bytes, size);
        for (uint32_t i = 0; i <= round % 3; i++) {
            random = random * 1103515245u + 12345u;
            image[8 + (random >> 8) % (size - 8)] = (uint8_t)(random >> 20);
        }
        int32_t result;
        if (demo_open(&demo, &rig_vm, image, size, &policy) == CG_LOAD_OK) {
            (void)demo_run(&demo, &result);
            ran += 1;
        } else {
            assert_string_not_equal(demo.message, "");
        }
        demo_close(&demo);
        free(image);
    }
    assert_true(ran > 100);
}

/* The engine walks the parameters of a function at every call that it loads. */
static void very_many_parameters(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    char imports[1100];
    const uint32_t granted = 0;
    const cg_policy_t policy = demo_policy(&granted);
    for (uint32_t params = 32; params <= 33; params++) {
        demo_guest_t demo = {0};
        memcpy(imports, "a.b(", 4);
        memset(imports + 4, 'i', params);
        memcpy(imports + 4 + params, ")", 2);
        const module_t module = {.imports = imports};
        const int loaded = demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy);
        assert_int_equal(loaded, params == 32 ? CG_LOAD_IMPORT : CG_LOAD_IMAGE);
        assert_non_null(strstr(demo.message, params == 32 ? "imports a.b, which" : "more than 32 parameters"));
        demo_close(&demo);
    }
}

/* Files whose loading would cost far more than their size: refused before the engine sees them. Sections begin with a count; what follows need not be there. */
static void modules_that_cost_more_than_they_weigh(void **state)
{
    (void)state;
    static const struct {
        const char *begin; /* after the header */
        uint32_t begin_size, size;
        const char *message;
    } rows[] = {
        {"\1\2\x81\x08", 4, 12, "more than 1024 types"},
        {"\x0a\3\x81\x80\1", 5, 13, "more than 16384 functions"},
        {"\x0a\x85\x80\2\1\x81\x80\2", 8, 8 + 4 + 32773, "has a function that is larger than this host takes"},
        {"", 0, 2097153, "is larger than this host takes"},
    };
    const uint32_t granted = 0;
    const cg_policy_t policy = demo_policy(&granted);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        demo_guest_t demo = {0};
        uint8_t *bytes = calloc(rows[i].size, 1);
        assert_non_null(bytes);
        memcpy(bytes, "\0asm\1\0\0", 8);
        memcpy(bytes + 8, rows[i].begin, rows[i].begin_size);
        assert_int_equal(demo_open(&demo, &rig_vm, bytes, rows[i].size, &policy), CG_LOAD_IMAGE);
        if (strstr(demo.message, rows[i].message) == NULL) {
            fail_msg("%s: %s", rows[i].message, demo.message);
        }
        demo_close(&demo);
        free(bytes);
    }
}

static void storage_too_small(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {0};
    const uint32_t granted = 0;
    const cg_policy_t policy = demo_policy(&granted);
    char message[100];
    const cg_guest_config_t config = {.vm = &rig_vm, .image = bytes, .image_size = module_write(bytes, &module), .message = message, .message_size = sizeof message};
    const uint32_t size = cg_guest_storage(&config, &policy);
    cg_guest_t guest = {0};
    assert_true(size > 0 && size % 8 == 0);
    void *storage = malloc(size);
    assert_int_equal(cg_guest_init(&guest, &config, &policy, storage, size - 8), CG_LOAD_MEMORY);
    assert_string_equal(message, "the storage is too small: ask cg_guest_storage");
    free(storage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(many_mutations),
        cmocka_unit_test(very_many_parameters),
        cmocka_unit_test(modules_that_cost_more_than_they_weigh),
        cmocka_unit_test(storage_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
