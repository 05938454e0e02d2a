/* SPDX-License-Identifier: BSD-2-Clause */
/* test_runs.c - how a run starts and ends: entry, host calls, budget, stop, and what stays between runs. */
#include "rig.h"

static void test_start(void **state)
{
    rig_t rig = {.size = EVM_MEMORY_MAX};
    uint16_t value = 0;
    (void)state;
    rig_open(&rig, "91 92 80 9b");
    assert_int_equal(evm_start(&rig.evm, RIG_STEPS, &value), EVM_OK);
    assert_int_equal(value, 3);
    assert_int_equal(rig.evm.sp, 0);
    assert_int_equal(rig.evm.steps_left, RIG_STEPS - 4);
    rig_close(&rig);
}

/* At the top of 64 KiB the empty stack has sp 0: locals lie right below, and no argument is read from address 0 by a wrap. */
static void test_full_memory(void **state)
{
    rig_t rig = {.size = EVM_MEMORY_MAX};
    uint16_t value = 0;
    (void)state;
    rig_open(&rig, "93 00 9b");
    assert_int_equal(evm_start(&rig.evm, RIG_STEPS, &value), EVM_OK);
    assert_int_equal(value, 3);
    rig_close(&rig);
    rig_open(&rig, "3f 9b");
    assert_int_equal(evm_start(&rig.evm, RIG_STEPS, &value), EVM_ERR_MEMORY);
    rig_close(&rig);
}

/* Pushes for ever: the stack ends at the image, and not a byte of that is changed. */
static void test_floor(void **state)
{
    rig_t rig = {.size = EVM_MEMORY_MAX};
    uint16_t value = 0;
    (void)state;
    rig_open(&rig, "97 a0ff 00");
    assert_int_equal(evm_start(&rig.evm, UINT32_MAX, &value), EVM_ERR_STACK);
    assert_memory_equal(rig.memory, "\x97\xa0\xff\0\xff\xff", 6);
    rig_close(&rig);
}

static void test_arguments(void **state)
{
    static uint16_t args[EVM_ARGS_MAX + 1] = {10, 20, 30};
    rig_t rig = {.size = 512};
    uint16_t value;
    (void)state;
    rig_open(&rig, "3f 3d 81 9b");
    assert_int_equal(rig_run(&rig, args, 3, &value), EVM_OK);
    assert_int_equal(value, 0xffec);
    assert_int_equal(rig_run(&rig, args, EVM_ARGS_MAX, &value), EVM_OK);
    assert_int_equal(rig_run(&rig, args, EVM_ARGS_MAX + 1, &value), EVM_ERR_ARGS);
    assert_int_equal(evm_run(&rig.evm, 512, args, 0, RIG_STEPS, &value), EVM_ERR_JUMP);
    assert_int_equal(rig.evm.fault_ip, 512);
    assert_int_equal(evm_run(&rig.evm, EVM_END, args, 0, RIG_STEPS, &value), EVM_ERR_JUMP);
    rig_close(&rig);
}

static void test_host_call(void **state)
{
    rig_t rig = {0};
    uint16_t value;
    (void)state;
    rig_open(&rig, "91 92 93 93 b5 9b"); /* arguments last first: argv is 3, 2, 1 */
    assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_OK);
    assert_int_equal(value, 503);
    assert_int_equal(rig.last_function, 5);
    assert_int_equal(rig.last_argc, 3);
    assert_int_equal(rig.last_argv[0], 3);
    assert_int_equal(rig.last_argv[2], 1);
    rig.refuse = true;
    assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_ERR_REFUSED);
    assert_int_equal(rig.evm.fault_ip, 4);
    rig.evm.call = NULL;
    assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_ERR_REFUSED);
    rig_close(&rig);
    rig_open(&rig, "9a0100 bf 9b"); /* only the low byte of argc counts */
    rig.refuse = false;
    assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_OK);
    assert_int_equal(value, 1500);
    rig_close(&rig);
}

static void test_budget(void **state)
{
    rig_t rig = {0};
    uint16_t value = 77;
    (void)state;
    rig_open(&rig, "91 9d 93 9b");
    assert_int_equal(evm_run(&rig.evm, 0, NULL, 0, 3, &value), EVM_ERR_STEPS);
    assert_int_equal(value, 77);
    assert_int_equal(rig.evm.fault_ip, 3);
    assert_int_equal(rig.evm.steps_left, 0);
    assert_int_equal(evm_run(&rig.evm, 0, NULL, 0, 4, &value), EVM_OK);
    assert_int_equal(value, 3);
    rig_close(&rig);
    rig_open(&rig, "a000");
    assert_int_equal(evm_run(&rig.evm, 0, NULL, 0, 100000, &value), EVM_ERR_STEPS);
    rig_close(&rig);
}

static void test_stop(void **state)
{
    rig_t rig = {.stop = true};
    uint16_t value;
    (void)state;
    rig_open(&rig, "90 b0 9d a0fd");
    assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_ERR_STOPPED);
    assert_int_equal(rig.calls, 1);
    assert_int_equal(rig.evm.fault_ip, 2);
    assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_ERR_STOPPED);
    assert_int_equal(rig.calls, 1);
    rig_close(&rig);
}

/* Globals last from run to run; what lay in memory before init does not. */
static void test_memory_lasts(void **state)
{
    rig_t rig = {0};
    uint16_t value;
    (void)state;
    rig_open(&rig, "e080 91 80 c5 e880 9b");
    for (uint16_t i = 1; i < 5; i++) {
        assert_int_equal(rig_run(&rig, NULL, 0, &value), EVM_OK);
        assert_int_equal(value, i);
    }
    rig_close(&rig);
}

static void test_init(void **state)
{
    static uint8_t memory[EVM_MEMORY_MAX], image[8] = {0x91, 0x9b};
    evm_t evm;
    uint16_t value;
    (void)state;
    assert_int_equal(evm_init(&evm, memory, 1, image, 0, NULL, NULL), EVM_ERR_LENGTH);
    assert_int_equal(evm_init(&evm, memory, EVM_MEMORY_MAX + 1, image, 2, NULL, NULL), EVM_ERR_LENGTH);
    assert_int_equal(evm_init(&evm, memory, 7, image, 8, NULL, NULL), EVM_ERR_LENGTH);
    assert_int_equal(evm_init(&evm, memory, 2, NULL, 0, NULL, NULL), EVM_OK);
    assert_int_equal(evm_run(&evm, 0, NULL, 0, 10, &value), EVM_ERR_STACK);
    assert_int_equal(evm_init(&evm, memory, 7, image, 7, NULL, NULL), EVM_OK);
    assert_int_equal(evm_run(&evm, 0, NULL, 0, 10, &value), EVM_ERR_STACK);
    assert_int_equal(evm_init(&evm, memory, EVM_MEMORY_MAX, NULL, 0, NULL, NULL), EVM_OK);
    assert_int_equal(evm.stack_floor, 2);
}

static void test_texts(void **state)
{
    (void)state;
    assert_string_equal(evm_result_text(EVM_OK), "finished");
    assert_string_equal(evm_result_text(EVM_ERR_DIVISION), "a division by zero");
    assert_string_equal(evm_result_text((evm_result_t)99), "an unknown result");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start), cmocka_unit_test(test_full_memory), cmocka_unit_test(test_floor), cmocka_unit_test(test_arguments),
        cmocka_unit_test(test_host_call), cmocka_unit_test(test_budget), cmocka_unit_test(test_stop), cmocka_unit_test(test_memory_lasts),
        cmocka_unit_test(test_init), cmocka_unit_test(test_texts),
    };
    return cmocka_run_group_tests_name("embedvm runs", tests, NULL, NULL);
}
