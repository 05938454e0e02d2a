/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm3_test.c - where the adapter of wasm3 differs from WAMR's: steps, what it refuses beside, growth, traps; and what must not differ.
 * Every case must leave nothing behind: the leak check at exit is part of the test. Modules are written by test/wamr/module.c, calls are those of demo.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "demo.h"
#include "module.h"
#include "wasm3.h"

#include <pthread.h>
#include <stdlib.h>

#define CONST(n) "\x41" n
#define CALL(n) "\x10" n
#define END "\x0b"
#define DROP "\x1a"
#define LOAD8 "\x2d\x00\x00"
#define ADD "\x6a"
#define KIB64 "\x80\x80\x04"

static const cg_wasm3_native_t natives[DEMO_CALLS] = {
    {"demo", "add", "(ii)i", cg_wasm3_native_row, &demo_rows[DEMO_ADD]},
    {"demo", "fill", "(ii)i", cg_wasm3_native_row, &demo_rows[DEMO_FILL]},
    {"demo", "twice", "(I)I", cg_wasm3_native_row, &demo_rows[DEMO_TWICE]},
    {"demo", "secret", "()i", cg_wasm3_native_row, &demo_rows[DEMO_SECRET]},
    {"other", "ping", "()i", cg_wasm3_native_row, &demo_rows[OTHER_PING]},
};
static const cg_wasm3_glue_t glue = {natives};
static const cg_vm_t rig_vm = {.ops = &cg_wasm3_ops, .set = &demo_set, .glue = &glue, .catalog = &demo_catalog, .is_uncounted = true};

static const char imports[] = "demo.add(ii)i demo.fill(ii)i demo.twice(I)I demo.secret()i";
static const uint32_t all = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE);
static const uint32_t all_linked = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE) | DEMO_BIT(DEMO_SECRET);

static cg_policy_t policy_of(void)
{
    cg_policy_t policy = demo_policy(&all);
    policy.linked = &all_linked;
    policy.unlimited_steps = true;
    return policy;
}

/* ---- loading ---- */

typedef struct load_case {
    const char *name;
    module_t module;
    uint32_t memory_bytes; /* 0: four pages */
    int expected;          /* cg_load_t */
    const char *message;   /* must be in the message; NULL: there is none */
} load_case_t;

static const load_case_t load_cases[] = {
    {"a module without imports", {0}, 0, CG_LOAD_OK, NULL},
    {"a module without memory", {.no_memory = true}, 0, CG_LOAD_OK, NULL},
    {"the same call twice", {.imports = "demo.add(ii)i demo.add(ii)i"}, 0, CG_LOAD_OK, NULL},
    {"an optional call links", {.imports = "demo.secret()i"}, 0, CG_LOAD_OK, NULL},
    {"a call that is not granted", {.imports = "other.ping()i"}, 0, CG_LOAD_IMPORT, "imports other.ping, which the policy does not grant"},
    {"a call that the API does not have", {.imports = "demo.subtract(ii)i"}, 0, CG_LOAD_IMPORT, "imports demo.subtract, which this host does not have"},
    {"an argument of another type", {.imports = "demo.add(iI)i"}, 0, CG_LOAD_IMPORT, "imports demo.add of type (iI)i, but it is (ii)i"},
    {"a result too many", {.imports = "demo.add(ii)"}, 0, CG_LOAD_IMPORT, "imports demo.add of type (ii),"},
    {"an imported memory", {.no_memory = true, .odd_import = "\4demo\3mem\2\0\1", .odd_size = 12}, 0, CG_LOAD_IMPORT, "imports demo.mem, which is not a function"},
    {"an imported global", {.odd_import = "\4demo\3glo\3\x7f\0", .odd_size = 12}, 0, CG_LOAD_IMPORT, "demo.glo, which is not a function"},
    {"an import whose name ends in a zero byte", {.odd_import = "\4demo\4add\0\0\0", .odd_size = 12}, 0, CG_LOAD_IMAGE, "a name has a zero byte"},
    {"memory a page larger than the policy gives", {.pages = 5}, 0, CG_LOAD_MEMORY, "needs 327680 bytes of memory, the policy gives 262144"},
    {"memory that may grow beyond the policy", {.pages = 1, .pages_max = 100}, 0, CG_LOAD_OK, NULL},
    {"memory of no pages", {BYTES_AS(memory, "\1\0\0")}, 0, CG_LOAD_OK, NULL},
    {"memory of pages of a byte", {BYTES_AS(memory, "\1\x08\1\0")}, 0, CG_LOAD_IMAGE, "of other pages than 64 KiB"},
    {"a table of functions", {BYTES_AS(table, "\1\x70\1\1\1")}, 0, CG_LOAD_OK, NULL},
    {"a table of host objects", {BYTES_AS(table, "\1\x6f\0\1")}, 0, CG_LOAD_IMAGE, "has tables that are not one of functions"},
    {"two tables", {BYTES_AS(table, "\2\x70\0\1\x70\0\1")}, 0, CG_LOAD_IMAGE, "has tables that are not one of functions"},
    {"a local of a vector", {BYTES_AS(locals, "\1\1\x7b")}, 0, CG_LOAD_IMAGE, "values of a type other than i32, i64, f32, f64"},
    {"no entry", {.entry = "main"}, 0, CG_LOAD_IMAGE, "does not export `int cg_main(void)`"},
    {"an entry of another type", {.entry_type = "(i)i"}, 0, CG_LOAD_IMAGE, "does not export `int cg_main(void)`"},
    {"a start function", {.has_start = true}, 0, CG_LOAD_IMAGE, "has a start function"},
    {"an export that another engine runs at once", {.second = "__wasm_call_ctors"}, 0, CG_LOAD_IMAGE, "exports __wasm_call_ctors"},
    {"two entries", {.second = "cg_main"}, 0, CG_LOAD_IMAGE, "exports twice"},
    {"code that the engine does not know", {BYTES_AS(code, "\xff\x0b")}, 0, CG_LOAD_IMAGE, "is not a sound module: "},
    {"code that leaves a value of another type", {BYTES_AS(code, "\x42\0\x0b")}, 0, CG_LOAD_IMAGE, "is not a sound module: "},
    {"code that takes a value that is not there", {BYTES_AS(code, "\x1a\x41\0\x0b")}, 0, CG_LOAD_IMAGE, "is not a sound module: "},
    {"code that ends too early", {BYTES_AS(code, "\x41\0")}, 0, CG_LOAD_IMAGE, "is not a sound module: "},
    {"digests of another version", {.section = "callgate", BYTES_AS(section, "\2\0\5\0\1\1\1\1")}, 0, CG_LOAD_DIGEST, "was built for another version of API demo"},
};

static void every_module(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof load_cases / sizeof load_cases[0]; i++) {
        const load_case_t *c = &load_cases[i];
        uint8_t bytes[MODULE_MAX];
        demo_guest_t demo = {0};
        cg_policy_t policy = policy_of();
        policy.memory_bytes = c->memory_bytes != 0 ? c->memory_bytes : 262144;
        const int loaded = demo_open(&demo, &rig_vm, bytes, module_write(bytes, &c->module), &policy);
        if (loaded != c->expected || (c->message == NULL ? demo.message[0] != '\0' : strstr(demo.message, c->message) == NULL)) {
            print_error("%s: load %d; message: %s\n", c->name, loaded, demo.message);
            fail();
        }
        demo_close(&demo);
    }
}

static void limited_steps_are_refused(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {0};
    demo_guest_t demo = {0};
    cg_policy_t policy = policy_of();
    policy.unlimited_steps = false;
    assert_int_equal(demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy), CG_LOAD_POLICY);
    assert_non_null(strstr(demo.message, "write `steps: unlimited`"));
    demo_close(&demo);
}

/* A module cut off anywhere is refused, and never read beyond its end. */
static void every_prefix(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.add(ii)i", BYTES_AS(table, "\1\x70\0\1"), .section = "callgate", BYTES_AS(section, "\4\0\5\0\x44\x44\x33\x33")};
    const uint32_t size = module_write(bytes, &module);
    const cg_policy_t policy = policy_of();
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

/* ---- running ---- */

typedef struct run_case {
    const char *name;
    const char *code;
    uint32_t code_size;
    int expected; /* cg_stop_t */
    int32_t result;
    const char *message; /* must be in the message; NULL: there is none */
} run_case_t;

#define CODE(text) (text), (uint32_t)(sizeof(text) - 1)

static const run_case_t run_cases[] = {
    {"a negative result", CODE(CONST("\x7f") END), CG_STOP_RETURNED, -1, NULL},
    {"a value of 32 bits comes back", CODE(CONST("\x02") CONST("\x03") CALL("\x00") END), CG_STOP_RETURNED, 5, NULL},
    {"a value of 64 bits comes back whole", CODE("\x42\x80\x80\x80\x80\x10" CALL("\x02") "\x42\x20\x88\xa7" END), CG_STOP_RETURNED, 2, NULL},
    {"a count comes back, and memory was written", CODE(CONST("\x10") CONST("\x04") CALL("\x01") CONST("\x13") LOAD8 ADD END), CG_STOP_RETURNED, 4 + 0xab, NULL},
    {"a buffer that ends with memory", CODE(CONST("\xfe\xff\x03") CONST("\x02") CALL("\x01") END), CG_STOP_RETURNED, 2, NULL},
    {"a buffer a byte beyond memory", CODE(CONST("\xfe\xff\x03") CONST("\x03") CALL("\x01") END), CG_STOP_GATE, 0, "demo.fill: a range is not inside the guest's memory"},
    {"a buffer that wraps around", CODE(CONST("\x7f") CONST("\x02") CALL("\x01") END), CG_STOP_GATE, 0, "demo.fill: a range is not inside"},
    {"an optional call answers denied", CODE(CALL("\x03") END), CG_STOP_RETURNED, -2, NULL},
    {"memory that grew is seen", CODE(CONST("\x01") "\x40\x00" DROP CONST(KIB64) CONST("\x04") CALL("\x01") END), CG_STOP_RETURNED, 4, NULL},
    {"memory grows up to the policy", CODE(CONST("\x03") "\x40\x00" END), CG_STOP_RETURNED, 1, NULL},
    {"memory does not grow beyond the policy", CODE(CONST("\x04") "\x40\x00" END), CG_STOP_RETURNED, -1, NULL},
    {"memory does not grow by a number that wraps", CODE(CONST("\x7f") "\x40\x00" END), CG_STOP_RETURNED, -1, NULL},
    {"what could not grow has its size", CODE(CONST("\x04") "\x40\x00" DROP "\x3f\x00" END), CG_STOP_RETURNED, 1, NULL},
    {"a loop that calls for ever", CODE("\x03\x40" CONST("\x02") CONST("\x03") CALL("\x00") DROP "\x0c\x00\x0b" CONST("\x00") END), CG_STOP_GATE, 0,
     "demo.add: the activation used up its calls"},
    {"unreachable", CODE("\x00" END), CG_STOP_FAULT, 0, "unreachable"},
    {"a load outside memory", CODE(CONST("\x7f") LOAD8 END), CG_STOP_FAULT, 0, "out of bounds memory access"},
    {"a division by zero", CODE(CONST("\x01") CONST("\x00") "\x6d" END), CG_STOP_FAULT, 0, "integer divide by zero"},
    {"a division that overflows", CODE(CONST("\x80\x80\x80\x80\x78") CONST("\x7f") "\x6d" END), CG_STOP_FAULT, 0, "integer overflow"},
    {"recursion without end", CODE(CALL("\x04") END), CG_STOP_FAULT, 0, "stack overflow"},
};

/* Each guest runs twice, so that the second run shows that the first left nothing: no trap, no budget used, no frames. */
static void run_one(const run_case_t *c)
{
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = imports, .pages_max = 100, .code = c->code, .code_size = c->code_size};
    demo_guest_t demo = {0};
    const cg_policy_t policy = policy_of();
    const int rounds = strstr(c->name, "grow") != NULL ? 1 : 2; /* memory keeps what the first run made of it */
    int loaded = demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy);
    for (int round = 0; round < rounds && loaded == CG_LOAD_OK; round++) {
        int32_t result = 99;
        const int stopped = demo_run(&demo, &result);
        if (stopped != c->expected || result != c->result || (c->message == NULL ? demo.message[0] != '\0' : strstr(demo.message, c->message) == NULL)) {
            print_error("%s, run %d: stop %d, result %d; message: %s\n", c->name, round + 1, stopped, result, demo.message);
            fail();
        }
    }
    if (loaded != CG_LOAD_OK) {
        print_error("%s: %s\n", c->name, demo.message);
        fail();
    }
    demo_close(&demo);
}

static void every_run(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof run_cases / sizeof run_cases[0]; i++) {
        run_one(&run_cases[i]);
    }
}

/* Guests share nothing, so they need no lock. */
static void *live_and_die(void *failures)
{
    for (int i = 0; i < 30; i++) {
        uint8_t bytes[MODULE_MAX];
        const module_t module = {.imports = "demo.add(ii)i", BYTES_AS(code, CONST("\x02") CONST("\x03") CALL("\x00") END)};
        demo_guest_t demo = {0};
        const cg_policy_t policy = policy_of();
        int32_t result = 0;
        const int loaded = demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy);
        if (loaded != CG_LOAD_OK || demo_run(&demo, &result) != CG_STOP_RETURNED || result != 5) {
            *(int *)failures += 1;
        }
        demo_close(&demo);
    }
    return NULL;
}

static void several_threads(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    pthread_t threads[THREADS];
    int failures[THREADS] = {0};
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, live_and_die, &failures[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(failures[i], 0);
    }
}

/* A guest may hold its calls for ever, but not those after it was asked to stop. */
static void asked_to_stop(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.add(ii)i", BYTES_AS(code, "\x03\x40" CONST("\x02") CONST("\x03") CALL("\x00") DROP "\x0c\x00\x0b" CONST("\x00") END)};
    demo_guest_t demo = {0};
    cg_policy_t policy = policy_of();
    policy.calls = INT32_MAX;
    int32_t result = 0;
    demo_reset();
    demo_stop_at = 3;
    assert_int_equal(demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy), CG_LOAD_OK);
    assert_int_equal(demo_run(&demo, &result), CG_STOP_ASKED);
    assert_int_equal(demo_made, 3);
    demo_close(&demo);
    demo_reset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_module),
        cmocka_unit_test(limited_steps_are_refused),
        cmocka_unit_test(every_prefix),
        cmocka_unit_test(every_run),
        cmocka_unit_test(several_threads),
        cmocka_unit_test(asked_to_stop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
