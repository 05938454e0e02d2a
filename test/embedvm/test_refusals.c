/* SPDX-License-Identifier: BSD-2-Clause */
/* test_refusals.c - what ends a run, and where. Memory has 256 bytes; see test_opcodes.c for where the frame lies. */
#include "rig.h"

#define ROWS(rows) rig_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_instructions(void **state)
{
    static const rig_row_t rows[] = {
        {"8f", "91 8f", EVM_ERR_INSTRUCTION, 1}, {"c7", "91 c7", EVM_ERR_INSTRUCTION, 1}, {"cf", "91 cf", EVM_ERR_INSTRUCTION, 1},
        {"d7", "91 d7", EVM_ERR_INSTRUCTION, 1}, {"df", "91 df", EVM_ERR_INSTRUCTION, 1}, {"e7", "91 e7", EVM_ERR_INSTRUCTION, 1},
        {"ef", "91 ef", EVM_ERR_INSTRUCTION, 1},
    };
    (void)state;
    ROWS(rows);
}

static void test_memory(void **state)
{
    static const rig_row_t rows[] = {
        {"load of the last byte", "c0ff 9b", EVM_OK, 0xd0},
        {"load of the last word", "e0fe 9b", EVM_OK, 2000},
        {"load of a word that leaves memory", "e0ff 9b", EVM_ERR_MEMORY, 0},
        {"load behind memory", "c10100 9b", EVM_ERR_MEMORY, 0},
        {"signed load behind memory", "d10100 9b", EVM_ERR_MEMORY, 0},
        {"load of a word that would wrap", "e1ffff 9b", EVM_ERR_MEMORY, 0},
        {"store of a word that leaves memory", "91 e8ff 9b", EVM_ERR_MEMORY, 1},
        {"store behind memory", "91 c90100 9b", EVM_ERR_MEMORY, 1},
        {"store to an index behind memory", "91 98c8 cb80 9b", EVM_ERR_MEMORY, 3},
        {"load of a negative index that leaves memory", "97 c300 9b", EVM_ERR_MEMORY, 1},
    };
    (void)state;
    ROWS(rows);
}

static void test_jumps(void **state)
{
    static const rig_row_t rows[] = {
        {"jump behind memory", "a10100", EVM_ERR_JUMP, 0},
        {"jump before memory", "a0ff", EVM_ERR_JUMP, 0},
        {"jump to 0xffff is no return", "97 9f", EVM_ERR_JUMP, 1},
        {"jump to a bad address on the stack", "9a0100 9f", EVM_ERR_JUMP, 3},
        {"jump if behind memory", "91 a50100", EVM_ERR_JUMP, 1},
        {"jump if behind memory that is not taken", "90 a50100 9c", EVM_OK, 0},
        {"call behind memory", "a30100", EVM_ERR_JUMP, 0},
        {"call of a bad address on the stack", "9a0100 9e", EVM_ERR_JUMP, 3},
    };
    (void)state;
    ROWS(rows);
}

/* The floor is right above the code: 2 words are on the stack for arguments and 2 for the frame. */
typedef struct stack_row {
    const char *name;
    const char *code; /* in a memory of `size` bytes */
    uint32_t size;
    evm_result_t result;
} stack_row_t;

static const stack_row_t stack_rows[] = {
    {"the frame just fits", "9c9c", 6, EVM_OK},
    {"no room for the frame", "9c9c", 4, EVM_ERR_STACK},
    {"odd memory has one byte less of stack", "9c9c", 5, EVM_ERR_STACK},
    {"odd code has one byte less of stack", "919b9c", 9, EVM_ERR_STACK},
    {"one word more than the frame", "919b", 8, EVM_OK},
    {"push without room", "919b", 7, EVM_ERR_STACK},
    {"word constant without room", "9a00019b", 8, EVM_ERR_STACK},
    {"push of a local without room", "009c", 6, EVM_ERR_STACK},
    {"stack pointer without room", "ae9c", 6, EVM_ERR_STACK},
    {"frame pointer without room", "af9c", 6, EVM_ERR_STACK},
    {"load without room", "c0009c9c", 8, EVM_ERR_STACK},
    {"bury without room", "c59c", 6, EVM_ERR_STACK},
    {"eight zeros", "f79c", 22, EVM_OK},
    {"eight zeros without room", "f79c", 20, EVM_ERR_STACK},
    {"call without room", "a2009c9c", 10, EVM_ERR_STACK},
    {"endless calls", "a200", 256, EVM_ERR_STACK},
    {"add of nothing", "9d9d80", 10, EVM_ERR_STACK},
    {"negation of nothing", "9d9d8d", 10, EVM_ERR_STACK},
    {"drop of nothing", "9d9d9d", 10, EVM_ERR_STACK},
    {"return of nothing", "9d9d9b", 10, EVM_ERR_STACK},
    {"jump to nothing", "9d9d9f", 10, EVM_ERR_STACK},
    {"call of nothing", "9d9d9e", 10, EVM_ERR_STACK},
    {"jump if nothing", "9d9da404", 10, EVM_ERR_STACK},
    {"local from nothing", "9d9d40", 10, EVM_ERR_STACK},
    {"store of nothing", "9d9dc880", 200, EVM_ERR_STACK},
    {"store to nothing", "9d9dca", 10, EVM_ERR_STACK},
    {"load from nothing", "9d9dc2", 10, EVM_ERR_STACK},
    {"bury of nothing", "9d9dc5", 10, EVM_ERR_STACK},
    {"bury under too few", "9dcd", 10, EVM_ERR_STACK},
    {"dig in too few", "9dc6", 10, EVM_ERR_STACK},
    {"drop of too few below the top", "f9", 10, EVM_ERR_STACK},
    {"drop of just enough below the top", "f88f", 10, EVM_ERR_INSTRUCTION},
    {"user function without a number of arguments", "9d9db0", 10, EVM_ERR_STACK},
    {"user function with too many arguments for the stack", "93b0", 20, EVM_ERR_STACK},
    {"user function with more arguments than the host takes", "9843b0", 200, EVM_ERR_ARGS},
    {"user function with 255 arguments", "98ffb0", 200, EVM_ERR_ARGS},
};

static void test_stack(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stack_rows / sizeof stack_rows[0]; i++) {
        const stack_row_t *const row = &stack_rows[i];
        rig_t rig = {.size = row->size};
        uint16_t value;
        rig_open(&rig, row->code);
        const evm_result_t result = rig_run(&rig, NULL, 0, &value);
        if (result != row->result) {
            fail_msg("%s: %s at 0x%x", row->name, evm_result_text(result), rig.evm.fault_ip);
        }
        assert_int_equal(rig.calls, 0);
        rig_close(&rig);
    }
}

/* One instruction in the last bytes of a memory whose stack is elsewhere. */
static const struct {
    const char *name;
    uint32_t size;
    uint16_t address;
    uint8_t opcode;
    evm_result_t result;
} end_rows[] = {
    {"byte constant without its operand", 255, 254, 0x98, EVM_ERR_MEMORY},
    {"word constant with half its operand", 255, 253, 0x9a, EVM_ERR_MEMORY},
    {"short jump without its operand", 255, 254, 0xa0, EVM_ERR_MEMORY},
    {"long call with half its operand", 255, 253, 0xa3, EVM_ERR_MEMORY},
    {"short load without its operand", 255, 254, 0xc0, EVM_ERR_MEMORY},
    {"long indexed load with half its operand", 255, 253, 0xe4, EVM_ERR_MEMORY},
    {"return as the last byte", 255, 254, 0x9c, EVM_OK},
    {"constant as the last byte", 255, 254, 0x91, EVM_ERR_JUMP},
    {"byte constant as the last bytes", 255, 253, 0x98, EVM_ERR_JUMP},
    {"zeros as the last byte", 255, 254, 0xf0, EVM_ERR_JUMP},
    {"call that would return behind memory", 255, 253, 0xa2, EVM_ERR_JUMP},
    {"call that would return to address 0", EVM_MEMORY_MAX, 0xfffe, 0xa2, EVM_ERR_JUMP},
    {"call that would return to the end of the run", EVM_MEMORY_MAX, 0xfffd, 0xa2, EVM_ERR_JUMP},
    {"return at the last address", EVM_MEMORY_MAX, 0xfffe, 0x9c, EVM_OK},
    {"constant at the last address", EVM_MEMORY_MAX, 0xfffe, 0x91, EVM_ERR_JUMP},
    {"constant that would wrap", EVM_MEMORY_MAX, 0xfffe, 0x98, EVM_ERR_JUMP},
    {"word constant that would wrap", EVM_MEMORY_MAX, 0xfffe, 0x9a, EVM_ERR_MEMORY},
};

static void test_end_of_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof end_rows / sizeof end_rows[0]; i++) {
        rig_t rig = {.size = end_rows[i].size};
        uint16_t value;
        rig_open(&rig, "9c");
        rig.evm.stack_top = 128;
        rig.evm.sp = rig.evm.sfp = 128;
        rig.memory[end_rows[i].address] = end_rows[i].opcode;
        const evm_result_t result = evm_run(&rig.evm, end_rows[i].address, NULL, 0, RIG_STEPS, &value);
        if (result != end_rows[i].result || rig.evm.fault_ip != end_rows[i].address) {
            fail_msg("%s: %s at 0x%x", end_rows[i].name, evm_result_text(result), rig.evm.fault_ip);
        }
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_instructions), cmocka_unit_test(test_memory), cmocka_unit_test(test_jumps),
        cmocka_unit_test(test_stack), cmocka_unit_test(test_end_of_memory),
    };
    return cmocka_run_group_tests_name("embedvm refusals", tests, NULL, NULL);
}
