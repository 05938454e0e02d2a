/* SPDX-License-Identifier: BSD-2-Clause */
/* test_calls.c - what ends a run and what a run costs: budget, stop, host calls, local calls, entries. */
#include "rig.h"

#include <pthread.h>
#include <unistd.h>

/* Ten turns of a loop: nine branches taken. */
#define TEN_TURNS I(0x07, 1, 0, 0, 1), I(0xa5, 1, 0, -2, 10)

typedef struct budget_case {
    const char *name;
    uint64_t text[10];
    uint32_t slot_count;
    uint32_t branches;
    rbpf_result_t result;
    uint32_t left;
} budget_case_t;

static const budget_case_t budget_cases[] = {
    {"no branch costs nothing", {EXIT}, 1, 0, RBPF_OK, 0},
    {"a budget that just suffices", {MOV(1, 0), TEN_TURNS, EXIT}, 4, 9, RBPF_OK, 0},
    {"a budget one too small", {MOV(1, 0), TEN_TURNS, EXIT}, 4, 8, RBPF_ERR_BRANCHES, 0},
    {"what is left can be read", {MOV(1, 0), TEN_TURNS, EXIT}, 4, 5000, RBPF_OK, 4991},
    {"the largest budget", {MOV(1, 0), TEN_TURNS, EXIT}, 4, 0xffffffffu, RBPF_OK, 0xffffffffu - 9},
    {"a branch not taken costs nothing", {I(0x15, 0, 0, 0, 1), I(0x15, 0, 0, 0, 1), EXIT}, 3, 1, RBPF_OK, 1},
    {"a branch to the next instruction is taken all the same", {I(0x15, 0, 0, 0, 0), EXIT}, 2, 1, RBPF_OK, 0},
    {"an unconditional jump costs one", {JA(0), EXIT}, 2, 1, RBPF_OK, 0},
    {"a long jump costs one", {I(0x06, 0, 0, 0, 0), EXIT}, 2, 1, RBPF_OK, 0},
    {"a host call costs one", {CALL(1), CALL(1), EXIT}, 3, 3, RBPF_OK, 1},
    {"a host call that cannot be paid", {CALL(1), CALL(1), EXIT}, 3, 1, RBPF_ERR_BRANCHES, 0},
    {"a local call costs one, its return nothing", {LOCAL(1), EXIT, EXIT}, 3, 1, RBPF_OK, 0},
    {"a local call that cannot be paid", {LOCAL(1), EXIT, EXIT}, 3, 0, RBPF_ERR_BRANCHES, 0},
    {"an endless loop", {JA(-1)}, 1, 3000, RBPF_ERR_BRANCHES, 0},
    {"an endless loop of a 32-bit branch", {I(0x16, 0, 0, -1, 0), EXIT}, 2, 1025, RBPF_ERR_BRANCHES, 0},
    {"a call refused by the host", {CALL(7), EXIT}, 2, 10, RBPF_ERR_REFUSED, 9},
};

static void test_budget(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof budget_cases / sizeof budget_cases[0]; i++) {
        const budget_case_t *c = &budget_cases[i];
        rig_t rig = {.parts = {.text = c->text, .slot_count = c->slot_count}, .stack_size = 2 * RBPF_FRAME_SIZE, .refuse = 7};
        assert_int_equal(rig_open(&rig), RBPF_OK);
        rig.r0 = 0;
        const rbpf_result_t result = rbpf_run(&rig.vm, 0, 0, 0, c->branches, &rig.r0);
        if (result != c->result || rig.vm.branches_left != c->left) {
            fail_msg("%s: result %d, left %u", c->name, (int)result, rig.vm.branches_left);
        }
        rig_close(&rig);
    }
}

/* A loop of exactly n turns is right around every border of the chunks the budget is taken in. */
static void test_chunks(void **state)
{
    (void)state;
    const uint64_t text[] = {I(0x07, 3, 0, 0, 1), I(0xad, 3, 2, -2, 0), MOVX(0, 3), EXIT};
    rig_t rig = {.parts = {.text = text, .slot_count = 4}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    for (uint32_t turns = 1020; turns < 1030; turns++) {
        assert_int_equal(rbpf_run(&rig.vm, 0, 0, turns, turns - 1, &rig.r0), RBPF_OK);
        assert_int_equal(rig.r0, turns);
        assert_int_equal(rig.vm.branches_left, 0);
        assert_int_equal(rbpf_run(&rig.vm, 0, 0, turns, turns - 2, &rig.r0), RBPF_ERR_BRANCHES);
        assert_int_equal(rbpf_run(&rig.vm, 0, 0, turns, turns + 2047, &rig.r0), RBPF_OK);
        assert_int_equal(rig.vm.branches_left, 2048);
    }
    rig_close(&rig);
}

static void test_host_call(void **state)
{
    (void)state;
    const uint64_t text[] = {MOV(1, 5), MOV(2, -6), MOV(3, 7), MOV(4, 8), MOV(5, 9), MOV(6, 11), CALL(3), I(0x0f, 0, 6, 0, 0), EXIT};
    rig_t rig = {.parts = {.text = text, .slot_count = 9}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rig_run(&rig, 0, 10), RBPF_OK);
    assert_int_equal(rig.calls, 1);
    assert_int_equal(rig.last_number, 3);
    assert_true(rig.last_args[0] == 5 && rig.last_args[1] == (uint64_t)-6 && rig.last_args[4] == 9);
    assert_int_equal(rig.r0, 3 * 10 + 5 + 11);
    rig_close(&rig);
}

static void test_refused_call(void **state)
{
    (void)state;
    const uint64_t text[] = {MOV(0, 1), CALL(3), MOV(0, 2), EXIT};
    rig_t rig = {.parts = {.text = text, .slot_count = 4}, .refuse = 3};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rig_run(&rig, 0, 10), RBPF_ERR_REFUSED);
    assert_int_equal(rig.vm.fault_slot, 1);
    assert_int_equal(rig.r0, 0);
    rig.refuse = 0;
    assert_int_equal(rig_run(&rig, 0, 10), RBPF_OK); /* the guest may be entered again */
    rig_close(&rig);
}

/* The guest calls with 6 in r6 and 4 on its stack; the callee overwrites r6 to r9, uses its own stack and reads the caller's. */
static void test_local_call(void **state)
{
    (void)state;
    const uint64_t text[] = {
        MOV(6, 6), MOV(9, 90), I(0x7a, 10, 0, -8, 4), MOVX(1, 10), LOCAL(6), MOVX(7, 0),
        I(0x79, 0, 10, -8, 0), I(0x0f, 0, 6, 0, 0), I(0x0f, 0, 9, 0, 0), I(0x0f, 0, 7, 0, 0), EXIT,
        MOV(6, 1000), MOV(9, 1000), I(0x7a, 10, 0, -8, 1000), I(0x79, 0, 1, -8, 0), I(0x67, 0, 0, 0, 8), EXIT,
    };
    rig_t rig = {.parts = {.text = text, .slot_count = 17}, .stack_size = 2 * RBPF_FRAME_SIZE};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rig_run(&rig, 0, 10), RBPF_OK);
    assert_int_equal(rig.r0, 4 + 6 + 90 + (4 << 8));
    rig_close(&rig);
}

/* A function that calls itself until r1 is 0, counting in r0. */
#define RECURSE I(0x15, 1, 0, 4, 0), I(0x17, 1, 0, 0, 1), LOCAL(-3), I(0x07, 0, 0, 0, 1), EXIT, MOV(0, 1), EXIT

typedef struct depth_case {
    const char *name;
    uint32_t stack_size, depth;
    rbpf_result_t result;
} depth_case_t;

static const depth_case_t depth_cases[] = {
    {"no call on the smallest stack", 8, 0, RBPF_OK},
    {"a call needs a second frame", 512, 1, RBPF_ERR_DEPTH},
    {"a call needs the whole second frame", 1023, 1, RBPF_ERR_DEPTH},
    {"one call on two frames", 1024, 1, RBPF_OK},
    {"two calls on two frames", 1024, 2, RBPF_ERR_DEPTH},
    {"as deep as there are frames", 16384, 7, RBPF_OK},
    {"deeper than there are frames", 16384, 8, RBPF_ERR_DEPTH},
    {"a first frame that is not whole", 511, 1, RBPF_ERR_DEPTH},
    {"a call from a first frame that is not whole", 100, 1, RBPF_ERR_DEPTH},
    {"endless recursion", 16384, 1000000, RBPF_ERR_DEPTH},
};

static void test_depth(void **state)
{
    (void)state;
    const uint64_t text[] = {RECURSE};
    for (size_t i = 0; i < sizeof depth_cases / sizeof depth_cases[0]; i++) {
        const depth_case_t *c = &depth_cases[i];
        rig_t rig = {.parts = {.text = text, .slot_count = 7}, .stack_size = c->stack_size};
        assert_int_equal(rig_open(&rig), RBPF_OK);
        const rbpf_result_t result = rbpf_run(&rig.vm, 0, c->depth, 0, 100, &rig.r0);
        if (result != c->result || (result == RBPF_OK && rig.r0 != c->depth + 1)) {
            fail_msg("%s: result %d, r0 %llu", c->name, (int)result, (unsigned long long)rig.r0);
        }
        assert_int_equal(rbpf_run(&rig.vm, 0, 0, 0, 100, &rig.r0), RBPF_OK); /* depth starts anew */
        rig_close(&rig);
    }
}

static void test_stop_from_a_call(void **state)
{
    (void)state;
    const uint64_t text[] = {CALL(1), JA(-2)};
    rig_t rig = {.parts = {.text = text, .slot_count = 2}, .stop_at = 3};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rig_run(&rig, 0, 1000), RBPF_ERR_STOPPED);
    assert_int_equal(rig.calls, 3);
    assert_int_equal(rig_run(&rig, 0, 1000), RBPF_ERR_STOPPED); /* for good */
    assert_int_equal(rig.calls, 3);
    rig_close(&rig);
}

static void *run_endless(void *arg)
{
    rig_t *rig = arg;
    rig->fault_at = (uint32_t)-rbpf_run(&rig->vm, 0, 0, 0, 0xffffffffu, &rig->r0);
    return NULL;
}

/* The guest is in an endless loop without a call when the other thread stops it; its budget would last for a minute. */
static void test_stop_from_a_thread(void **state)
{
    (void)state;
    const uint64_t text[] = {CALL(1), JA(-1)};
    pthread_t thread;
    sem_t called;
    rig_t rig = {.parts = {.text = text, .slot_count = 2}, .called = &called};
    assert_int_equal(sem_init(&called, 0, 0), 0);
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(pthread_create(&thread, NULL, run_endless, &rig), 0);
    assert_int_equal(sem_wait(&called), 0);
    usleep(1000); /* the call itself looks at the flag too; this is about the loop after it */
    rbpf_stop(&rig.vm);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(rig.fault_at, (uint32_t)-RBPF_ERR_STOPPED);
    assert_true(rig.vm.branches_left > 0);
    sem_destroy(&called);
    rig_close(&rig);
}

static void test_stop_before_the_run(void **state)
{
    (void)state;
    const uint64_t text[] = {EXIT};
    rig_t rig = {.parts = {.text = text, .slot_count = 1}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    rbpf_stop(&rig.vm);
    assert_int_equal(rig_run(&rig, 0, 0), RBPF_ERR_STOPPED);
    rig_close(&rig);
}

static void test_entries(void **state)
{
    (void)state;
    const uint64_t text[] = {MOV(0, 1), EXIT, MOV(0, 2), EXIT};
    const uint16_t functions[] = {0, 0, 0, 6, 0, 16};
    static const char names[16] = "first\0second";
    uint32_t index = 9;
    uint32_t slot = 9;
    const char *name;
    rig_t rig = {.parts = {.text = text, .slot_count = 4, .rodata = names, .rodata_size = 16, .functions = functions, .function_count = 2}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rig_run(&rig, 1, 0), RBPF_OK);
    assert_int_equal(rig.r0, 2);
    assert_int_equal(rig_run(&rig, 2, 0), RBPF_ERR_FUNCTION);
    assert_int_equal(rbpf_image_find(&rig.image, "second", &index), RBPF_OK);
    assert_int_equal(index, 1);
    assert_int_equal(rbpf_image_find(&rig.image, "secon", &index), RBPF_ERR_FUNCTION);
    assert_int_equal(rbpf_image_find(&rig.image, "seconds", &index), RBPF_ERR_FUNCTION);
    assert_int_equal(rbpf_image_function(&rig.image, 1, &slot, &name), RBPF_OK);
    assert_int_equal(slot, 2);
    assert_string_equal(name, "second");
    rig_close(&rig);
}

/* What programs of 2023 look like: two numbers in a context of the host's. */
static void test_context(void **state)
{
    (void)state;
    const uint64_t text[] = {I(0x79, 2, 1, 0, 0), I(0x79, 0, 1, 8, 0), I(0x2f, 0, 2, 0, 0), I(0x07, 0, 0, 0, 7), EXIT};
    const uint16_t functions[] = {0, 0, 0};
    uint8_t context[16];
    asm_put(asm_put(context, 6, 8), 9, 8);
    rig_t rig = {.parts = {.text = text, .slot_count = 5, .rodata = "product\0\0\0\0\0\0\0\0", .rodata_size = 16, .functions = functions, .function_count = 1}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rig_run(&rig, 0, 0), RBPF_ERR_MEMORY); /* no context yet */
    assert_int_equal(rbpf_window(&rig.vm, RBPF_REGION_CONTEXT, context, sizeof context, 0), RBPF_OK);
    assert_int_equal(rig_run(&rig, 0, 0), RBPF_OK);
    assert_int_equal(rig.r0, 61);
    rig_close(&rig);
}

/* An image that was not verified, or whose verification failed, does not run. */
static void test_unverified(void **state)
{
    (void)state;
    const uint64_t text[] = {CALL(100), EXIT};
    uint8_t stack[8];
    rig_t rig = {.parts = {.text = text, .slot_count = 2}};
    assert_int_equal(rig_open(&rig), RBPF_ERR_CALL);
    assert_int_equal(rbpf_init(&rig.vm, &rig.image, NULL, stack, sizeof stack, NULL, NULL), RBPF_ERR_UNVERIFIED);
    rig.image.verified = true;
    assert_int_equal(rbpf_init(&rig.vm, &rig.image, NULL, stack, 0, NULL, NULL), RBPF_ERR_LENGTH);
    assert_int_equal(rbpf_init(&rig.vm, &rig.image, NULL, stack, 0x10000001u, NULL, NULL), RBPF_ERR_LENGTH);
    rig_close(&rig);
}

static void test_no_data(void **state)
{
    (void)state;
    const uint64_t text[] = {EXIT};
    uint8_t stack[8];
    rig_t rig = {.parts = {.text = text, .slot_count = 1}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rbpf_init(&rig.vm, &rig.image, NULL, stack, sizeof stack, NULL, NULL), RBPF_OK);
    assert_int_equal(rig.vm.windows[RBPF_REGION_DATA].readable, 0);
    assert_non_null(rig.vm.windows[RBPF_REGION_DATA].bytes);
    rig_close(&rig);
}

static void test_texts(void **state)
{
    (void)state;
    assert_string_equal(rbpf_result_text(RBPF_OK), "finished");
    assert_string_equal(rbpf_result_text(RBPF_ERR_STOPPED), "stopped by the host");
    assert_string_equal(rbpf_result_text((rbpf_result_t)99), "an unknown result");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_chunks),
        cmocka_unit_test(test_host_call),
        cmocka_unit_test(test_refused_call),
        cmocka_unit_test(test_local_call),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_stop_from_a_call),
        cmocka_unit_test(test_stop_from_a_thread),
        cmocka_unit_test(test_stop_before_the_run),
        cmocka_unit_test(test_entries),
        cmocka_unit_test(test_context),
        cmocka_unit_test(test_unverified),
        cmocka_unit_test(test_no_data),
        cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
