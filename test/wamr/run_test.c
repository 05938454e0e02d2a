/* SPDX-License-Identifier: BSD-2-Clause */
/* run_test.c - guests that the WAMR adapter runs: results, limits, the ways to be stopped, several at once. */
#include "rig.h"

#include <pthread.h>

/* Code by mnemonic; numbers are signed LEB, here always small. */
#define CONST(n) "\x41" n
#define CALL(n) "\x10" n
#define END "\x0b"
#define DROP "\x1a"
#define GROW "\x40\x00"
#define LOAD8 "\x2d\x00\x00"
#define ADD "\x6a"
#define FOREVER "\x03\x40\x0c\x00\x0b"
#define KIB64 "\x80\x80\x04"

static const char imports[] = "demo.add(ii)i demo.fill(ii)i demo.twice(I)I demo.secret()i";
static const uint32_t all = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE);
static const uint32_t all_linked = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL) | DEMO_BIT(DEMO_TWICE) | DEMO_BIT(DEMO_SECRET);

typedef struct run_case {
    const char *name;
    const char *code;
    uint32_t code_size;
    int expected; /* cg_stop_t */
    int32_t result;
    const char *message; /* must be in the message; NULL: there is none */
} run_case_t;

#define CODE(text) (text), (uint32_t)(sizeof(text) - 1)

static const run_case_t cases[] = {
    {"a plain result", CODE(CONST("\x07") END), CG_STOP_RETURNED, 7, NULL},
    {"a negative result", CODE(CONST("\x7f") END), CG_STOP_RETURNED, -1, NULL},
    {"a value of 32 bits comes back", CODE(CONST("\x02") CONST("\x03") CALL("\x00") END), CG_STOP_RETURNED, 5, NULL},
    {"a value of 64 bits comes back whole", CODE("\x42\x80\x80\x80\x80\x10" CALL("\x02") "\x42\x20\x88\xa7" END), CG_STOP_RETURNED, 2, NULL},
    {"a count comes back, and memory was written", CODE(CONST("\x10") CONST("\x04") CALL("\x01") CONST("\x13") LOAD8 ADD END), CG_STOP_RETURNED, 4 + 0xab, NULL},
    {"not a byte too many was written", CODE(CONST("\x10") CONST("\x04") CALL("\x01") CONST("\x14") LOAD8 ADD END), CG_STOP_RETURNED, 4, NULL},
    {"a buffer that ends with memory", CODE(CONST("\xfe\xff\x03") CONST("\x02") CALL("\x01") END), CG_STOP_RETURNED, 2, NULL},
    {"a buffer a byte beyond memory", CODE(CONST("\xfe\xff\x03") CONST("\x03") CALL("\x01") END), CG_STOP_GATE, 0, "demo.fill: a range is not inside the guest's memory"},
    {"a buffer that wraps around", CODE(CONST("\x7f") CONST("\x02") CALL("\x01") END), CG_STOP_GATE, 0, "demo.fill: a range is not inside"},
    {"an empty buffer at the end of memory", CODE(CONST(KIB64) CONST("\x00") CALL("\x01") END), CG_STOP_RETURNED, 0, NULL},
    {"an optional call answers denied", CODE(CALL("\x03") END), CG_STOP_RETURNED, -2, NULL},
    {"memory that grew is seen", CODE(CONST("\x01") "\x40\x00" DROP CONST(KIB64) CONST("\x04") CALL("\x01") END), CG_STOP_RETURNED, 4, NULL},
    {"memory grows up to the policy", CODE(CONST("\x03") "\x40\x00" END), CG_STOP_RETURNED, 1, NULL},
    {"memory does not grow beyond the policy", CODE(CONST("\x04") "\x40\x00" END), CG_STOP_RETURNED, -1, NULL},
    {"a loop that never ends", CODE(FOREVER CONST("\x00") END), CG_STOP_STEPS, 0, "the steps of the policy are used up"},
    {"a loop that calls for ever", CODE("\x03\x40" CONST("\x02") CONST("\x03") CALL("\x00") DROP "\x0c\x00\x0b" CONST("\x00") END), CG_STOP_GATE, 0,
     "demo.add: the activation used up its calls"},
    {"unreachable", CODE("\x00" END), CG_STOP_FAULT, 0, "unreachable"},
    {"a load outside memory", CODE(CONST("\x7f") LOAD8 END), CG_STOP_FAULT, 0, "out of bounds memory access"},
    {"a division by zero", CODE(CONST("\x01") CONST("\x00") "\x6d" END), CG_STOP_FAULT, 0, "integer divide by zero"},
    {"recursion without end", CODE(CALL("\x04") END), CG_STOP_FAULT, 0, "stack overflow"},
};

/* Each guest runs twice, so that the second run shows that the first left nothing: no exception, no budget used, no frames. */
static void run_one(const run_case_t *c, const cg_vm_t *vm)
{
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = imports, .pages_max = 100, .code = c->code, .code_size = c->code_size};
    demo_guest_t demo = {0};
    cg_policy_t policy = demo_policy(&all);
    policy.linked = &all_linked;
    const int loaded = demo_open(&demo, vm, bytes, module_write(bytes, &module), &policy);
    for (int round = 0; round < 2 && loaded == CG_LOAD_OK; round++) {
        int32_t result = 99;
        const bool is_growth = strstr(c->name, "grow") != NULL;
        if (round == 1 && is_growth) {
            break; /* memory keeps what the first run made of it */
        }
        const int stopped = demo_run(&demo, &result);
        if (stopped != c->expected || result != c->result ||
            (c->message == NULL ? demo.message[0] != '\0' : strstr(demo.message, c->message) == NULL)) {
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

static void every_case(void **state)
{
    const cg_vm_t *vm = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run_one(&cases[i], vm);
    }
}

static uint32_t write_add(uint8_t *bytes)
{
    const module_t module = {.imports = "demo.add(ii)i", BYTES_AS(code, CONST("\x02") CONST("\x03") CALL("\x00") END)};
    return module_write(bytes, &module);
}

static void limits_of_steps(void **state)
{
    (void)state;
    static const struct {
        uint32_t steps;
        bool unlimited;
        int expected;
    } rows[] = {{0, false, CG_STOP_STEPS}, {1, false, CG_STOP_STEPS}, {100, false, CG_STOP_RETURNED},
                {UINT32_MAX, false, CG_STOP_RETURNED}, {0, true, CG_STOP_RETURNED}};
    uint8_t bytes[MODULE_MAX];
    const uint32_t size = write_add(bytes);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        demo_guest_t demo = {0};
        int32_t result;
        cg_policy_t policy = demo_policy(&all);
        policy.steps = rows[i].steps;
        policy.unlimited_steps = rows[i].unlimited;
        assert_int_equal(demo_open(&demo, &rig_vm, bytes, size, &policy), CG_LOAD_OK);
        assert_int_equal(demo_run(&demo, &result), rows[i].expected);
        demo_close(&demo);
    }
}

/* Two guests of one process: what one is granted is not the other's, neither at load nor when it runs. */
static void grants_are_each_guests_own(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const uint32_t size = write_add(bytes);
    const uint32_t none = 0;
    const uint32_t add = DEMO_BIT(DEMO_ADD);
    cg_policy_t rich = demo_policy(&add);
    cg_policy_t poor = demo_policy(&none);
    demo_guest_t first = {0};
    demo_guest_t second = {0};
    int32_t result;
    assert_int_equal(demo_open(&first, &rig_vm, bytes, size, &rich), CG_LOAD_OK);
    assert_int_equal(demo_open(&second, &rig_vm, bytes, size, &poor), CG_LOAD_IMPORT);
    demo_close(&second);
    poor.linked = &add;
    assert_int_equal(demo_open(&second, &rig_vm, bytes, size, &poor), CG_LOAD_OK);
    assert_int_equal(demo_run(&second, &result), CG_STOP_GATE);
    assert_string_equal(second.message, "demo.add: the policy does not grant this call");
    assert_int_equal(demo_run(&first, &result), CG_STOP_RETURNED);
    assert_int_equal(result, 5);
    demo_close(&first);
    demo_close(&second);
}

static void one_table_at_a_time(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const uint32_t size = write_add(bytes);
    const cg_policy_t policy = demo_policy(&all);
    demo_guest_t first = {0};
    demo_guest_t second = {0};
    assert_int_equal(demo_open(&first, &rig_vm, bytes, size, &policy), CG_LOAD_OK);
    assert_int_equal(demo_open(&second, &rig_vm_direct, bytes, size, &policy), CG_LOAD_POLICY);
    assert_non_null(strstr(second.message, "guests with another table of calls live in this process"));
    demo_close(&second);
    demo_close(&first);
    assert_int_equal(demo_open(&second, &rig_vm_direct, bytes, size, &policy), CG_LOAD_OK);
    demo_close(&second);
}

static void asked_to_stop(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.add(ii)i",
                             BYTES_AS(code, "\x03\x40" CONST("\x02") CONST("\x03") CALL("\x00") DROP "\x0c\x00\x0b" CONST("\x00") END)};
    demo_guest_t demo = {0};
    int32_t result;
    const cg_policy_t policy = demo_policy(&all);
    assert_int_equal(demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy), CG_LOAD_OK);
    demo_reset();
    demo_stop_at = 10;
    assert_int_equal(demo_run(&demo, &result), CG_STOP_ASKED);
    assert_int_equal(demo_made, 10); /* not one call more */
    demo_reset();
    demo_close(&demo);
}

/* Memory in use is what the guest sees, whatever the engine's pages are. */
static void memory_in_use(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t fixed = {.pages = 2, .pages_max = 2};
    const module_t none = {.no_memory = true};
    const cg_policy_t policy = demo_policy(&all);
    demo_guest_t demo = {0};
    assert_int_equal(demo_open(&demo, &rig_vm, bytes, module_write(bytes, &fixed), &policy), CG_LOAD_OK);
    assert_int_equal(cg_wamr_ops.memory(&demo.guest), 131072);
    demo_close(&demo);
    assert_int_equal(demo_open(&demo, &rig_vm, bytes, module_write(bytes, &none), &policy), CG_LOAD_OK);
    assert_int_equal(cg_wamr_ops.memory(&demo.guest), 0);
    demo_close(&demo);
}

/* A module without memory has an empty window, and every buffer is outside it. */
static void no_memory_no_buffer(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.fill(ii)i", .no_memory = true, BYTES_AS(code, CONST("\x00") CONST("\x01") CALL("\x00") END)};
    const cg_policy_t policy = demo_policy(&all);
    demo_guest_t demo = {0};
    int32_t result;
    assert_int_equal(demo_open(&demo, &rig_vm, bytes, module_write(bytes, &module), &policy), CG_LOAD_OK);
    assert_int_equal(demo_run(&demo, &result), CG_STOP_GATE);
    demo_close(&demo);
}

enum { THREADS = 4, ROUNDS = 50 };

static void *live_and_die(void *failures)
{
    uint8_t bytes[MODULE_MAX];
    const uint32_t size = write_add(bytes);
    const uint32_t add = DEMO_BIT(DEMO_ADD);
    const cg_policy_t policy = demo_policy(&add);
    for (int round = 0; round < ROUNDS; round++) {
        demo_guest_t demo = {0};
        int32_t result = 0;
        const bool is_good = demo_open(&demo, &rig_vm, bytes, size, &policy) == CG_LOAD_OK && demo_run(&demo, &result) == CG_STOP_RETURNED && result == 5;
        *(int *)failures += !is_good;
        demo_close(&demo);
    }
    return NULL;
}

static void several_threads(void **state)
{
    (void)state;
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

static int use_rows(void **state)
{
    static const cg_vm_t *vm = &rig_vm;
    *state = (void *)(uintptr_t)vm;
    return 0;
}

static int use_direct(void **state)
{
    static const cg_vm_t *vm = &rig_vm_direct;
    *state = (void *)(uintptr_t)vm;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"every_case with natives from rows", every_case, use_rows, NULL, NULL},
        {"every_case with natives of their own", every_case, use_direct, NULL, NULL},
        cmocka_unit_test(limits_of_steps),
        cmocka_unit_test(grants_are_each_guests_own),
        cmocka_unit_test(one_table_at_a_time),
        cmocka_unit_test(asked_to_stop),
        cmocka_unit_test(memory_in_use),
        cmocka_unit_test(no_memory_no_buffer),
        cmocka_unit_test(several_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
