/* SPDX-License-Identifier: BSD-2-Clause */
/* test_verify.c - programs the verifier refuses, with the reason and the place, and some on the edge that it takes. */
#include "rig.h"

typedef struct verify_case {
    const char *name;
    uint64_t text[6];
    uint32_t slot_count;
    rbpf_result_t result;
    uint32_t fault_at;
} verify_case_t;

#define NOP MOV(0, 0)

static const verify_case_t verify_cases[] = {
    {"the shortest program", {EXIT}, 1, RBPF_OK, 0},
    {"ends in a jump back", {JA(-1)}, 1, RBPF_OK, 0},
    {"ends in a long jump back", {EXIT, I(0x06, 0, 0, 0, -2)}, 2, RBPF_OK, 0},
    {"runs past its end", {NOP}, 1, RBPF_ERR_RETURN, 0},
    {"ends in a host call", {NOP, CALL(1)}, 2, RBPF_ERR_RETURN, 1},
    {"ends in a local call", {EXIT, LOCAL(-2)}, 2, RBPF_ERR_RETURN, 1},
    {"ends in a branch that may fall through", {NOP, I(0x15, 0, 0, -2, 0)}, 2, RBPF_ERR_RETURN, 1},
    {"ends in a wide constant", {NOP, LDDW(0, 1)}, 3, RBPF_ERR_RETURN, 2},
    {"ends in half a wide constant", {EXIT, I(0x18, 0, 0, 0, 1)}, 2, RBPF_ERR_RETURN, 1},
    {"ends in a wide constant whose second half looks like an exit", {NOP, I(0x18, 0, 0, 0, 1), EXIT}, 3, RBPF_ERR_RESERVED, 1},

    {"register 11 as destination", {I(0xb7, 11, 0, 0, 0), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"register 15 as destination", {NOP, I(0x7a, 15, 0, 0, 0), EXIT}, 3, RBPF_ERR_REGISTER, 1},
    {"register 11 as source", {I(0xbf, 0, 11, 0, 0), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"register 11 in an exit", {I(0x95, 11, 0, 0, 0)}, 1, RBPF_ERR_REGISTER, 0},
    {"a move to r10", {MOV(10, 0), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"an addition to r10", {I(0x07, 10, 0, 0, 8), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"a negation of r10", {I(0x87, 10, 0, 0, 0), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"a byte swap of r10", {I(0xdc, 10, 0, 0, 16), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"a load to r10", {I(0x79, 10, 1, 0, 0), EXIT}, 2, RBPF_ERR_REGISTER, 0},
    {"a wide constant to r10", {LDDW(10, 1), EXIT}, 3, RBPF_ERR_REGISTER, 0},
    {"a store through r10", {I(0x7b, 10, 1, -8, 0), EXIT}, 2, RBPF_OK, 0},
    {"a comparison with r10", {I(0x1d, 10, 10, 0, 0), EXIT}, 2, RBPF_OK, 0},

    {"a jump to the next instruction", {JA(0), EXIT}, 2, RBPF_OK, 0},
    {"a jump to the first instruction", {NOP, JA(-2)}, 2, RBPF_OK, 0},
    {"a jump before the first instruction", {NOP, JA(-3)}, 2, RBPF_ERR_JUMP, 1},
    {"a jump to the end", {JA(1), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a branch past the end", {I(0x15, 0, 0, 2, 0), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a 32-bit branch before the start", {I(0x16, 0, 0, -2, 0), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a jump by the smallest offset", {JA(-32768), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a long jump by the largest amount", {I(0x06, 0, 0, 0, 0x7fffffff), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a long jump by the smallest amount", {I(0x06, 0, 0, 0, 0x80000000u), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a jump into the middle of a wide constant", {JA(1), LDDW(0, 0), EXIT}, 4, RBPF_ERR_JUMP, 0},
    {"a jump back into the middle of a wide constant", {LDDW(0, 0), JA(-2), EXIT}, 4, RBPF_ERR_JUMP, 2},
    {"a jump to a wide constant", {JA(0), LDDW(0, 0), EXIT}, 4, RBPF_OK, 0},

    {"a known call", {CALL(99), EXIT}, 2, RBPF_OK, 0},
    {"an unknown call", {NOP, CALL(100), EXIT}, 3, RBPF_ERR_CALL, 1},
    {"an unknown call of a large number", {CALL(0xffffffffu), EXIT}, 2, RBPF_ERR_CALL, 0},
    {"a local call forward", {LOCAL(1), EXIT, EXIT}, 3, RBPF_OK, 0},
    {"a local call past the end", {LOCAL(2), EXIT, EXIT}, 3, RBPF_ERR_JUMP, 0},
    {"a local call before the start", {LOCAL(-2), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a local call by the largest amount", {LOCAL(0x7fffffff), EXIT}, 2, RBPF_ERR_JUMP, 0},
    {"a local call into the middle of a wide constant", {LOCAL(1), LDDW(0, 0), EXIT}, 4, RBPF_ERR_JUMP, 0},
    {"a call of a kernel function", {I(0x85, 0, 2, 0, 1), EXIT}, 2, RBPF_ERR_UNSUPPORTED, 0},
    {"a call by register", {I(0x8d, 1, 0, 0, 0), EXIT}, 2, RBPF_ERR_UNSUPPORTED, 0},
    {"a call in the 32-bit class", {I(0x86, 0, 0, 0, 1), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a call with a destination", {I(0x85, 1, 0, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a call with an offset", {I(0x85, 0, 0, 1, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},

    {"opcode 0", {I(0, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"opcode 0xff", {I(0xff, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a second half without a first", {NOP, I(0, 0, 0, 0, 5), EXIT}, 3, RBPF_ERR_INSTRUCTION, 1},
    {"arithmetic of code 14", {I(0xe7, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"negation by register", {I(0x8f, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"32-bit negation by register", {I(0x8c, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a byte swap of 8 bits", {I(0xd4, 0, 0, 0, 8), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a plain swap by register", {I(0xdf, 0, 0, 0, 16), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a branch of code 14", {I(0xe5, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"an unconditional jump by register", {I(0x0d, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"an exit in the 32-bit class", {I(0x96, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"an exit by register", {I(0x9d, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a load of eight bytes with their sign", {I(0x99, 0, 1, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a store that extends the sign", {I(0x83, 1, 0, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"an atomic operation", {I(0xdb, 1, 0, 0, 0), EXIT}, 2, RBPF_ERR_UNSUPPORTED, 0},
    {"a 32-bit atomic operation", {I(0xc3, 1, 0, 0, 0), EXIT}, 2, RBPF_ERR_UNSUPPORTED, 0},
    {"a load in the mode of atomics", {I(0xd9, 0, 1, 0, 0), EXIT}, 2, RBPF_ERR_INSTRUCTION, 0},
    {"a load from a packet", {I(0x30, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_UNSUPPORTED, 0},
    {"an indirect load from a packet", {I(0x50, 0, 0, 0, 0), EXIT}, 2, RBPF_ERR_UNSUPPORTED, 0},
    {"a map", {I(0x18, 1, 1, 0, 3), I(0, 0, 0, 0, 0), EXIT}, 3, RBPF_ERR_UNSUPPORTED, 0},

    {"an addition of an immediate with a source", {I(0x07, 0, 1, 0, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"an addition of a register with an immediate", {I(0x0f, 0, 1, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"an addition with an offset", {I(0x07, 0, 0, 1, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a division with offset 2", {I(0x37, 0, 0, 2, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a signed division by register with an immediate", {I(0x3f, 0, 1, 1, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a negation with an immediate", {I(0x87, 0, 0, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a move that extends 24 bits", {I(0xbf, 0, 1, 24, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a 32-bit move that extends 32 bits", {I(0xbc, 0, 1, 32, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a move of an immediate that extends", {I(0xb7, 0, 0, 8, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"an extending move with an immediate", {I(0xbf, 0, 1, 8, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a byte swap with an offset", {I(0xdc, 0, 0, 1, 16), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a byte swap with a source", {I(0xd7, 0, 1, 0, 16), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a jump with an immediate", {I(0x05, 0, 0, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a long jump with an offset", {I(0x06, 0, 0, 1, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a jump with a register", {I(0x05, 0, 1, 0, 0), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a branch on a register with an immediate", {I(0x1d, 0, 1, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a branch on an immediate with a source", {I(0x15, 0, 1, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"an exit with an immediate", {I(0x95, 0, 0, 0, 1)}, 1, RBPF_ERR_RESERVED, 0},
    {"an exit with a register", {I(0x95, 1, 0, 0, 0)}, 1, RBPF_ERR_RESERVED, 0},
    {"a load with an immediate", {I(0x79, 0, 1, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a store of a register with an immediate", {I(0x7b, 1, 0, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a store of an immediate with a source", {I(0x7a, 1, 1, 0, 1), EXIT}, 2, RBPF_ERR_RESERVED, 0},
    {"a wide constant with an offset", {I(0x18, 0, 0, 1, 0), I(0, 0, 0, 0, 0), EXIT}, 3, RBPF_ERR_RESERVED, 0},
    {"a wide constant whose second half has an opcode", {I(0x18, 0, 0, 0, 0), I(0xb7, 0, 0, 0, 0), EXIT}, 3, RBPF_ERR_RESERVED, 0},
    {"a wide constant whose second half has a register", {I(0x18, 0, 0, 0, 0), I(0, 1, 0, 0, 0), EXIT}, 3, RBPF_ERR_RESERVED, 0},
    {"a wide constant whose second half has an offset", {I(0x18, 0, 0, 0, 0), I(0, 0, 0, 1, 0), EXIT}, 3, RBPF_ERR_RESERVED, 0},
    {"an address of data beyond its region", {I(0xb8, 0, 0, 0, 0x10000000), I(0, 0, 0, 0, 0), EXIT}, 3, RBPF_ERR_MEMORY, 0},
    {"an address of data below its region", {I(0xb8, 0, 0, 0, -1), I(0, 0, 0, 0, -1), EXIT}, 3, RBPF_ERR_MEMORY, 0},
    {"an address of rodata with an upper half", {I(0xd8, 0, 0, 0, 0), I(0, 0, 0, 0, 1), EXIT}, 3, RBPF_ERR_MEMORY, 0},
};

static void test_programs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof verify_cases / sizeof verify_cases[0]; i++) {
        const verify_case_t *c = &verify_cases[i];
        rig_t rig = {.parts = {.text = c->text, .slot_count = c->slot_count}};
        const rbpf_result_t result = rig_open(&rig);
        if (result != c->result || (result != RBPF_OK && rig.fault_at != c->fault_at)) {
            fail_msg("%s: result %d at slot %u", c->name, (int)result, rig.fault_at);
        }
        assert_int_equal(rig.image.verified, result == RBPF_OK);
        rig_close(&rig);
    }
}

/* Every one of the 256 opcodes is either taken by the verifier and then run to a proper end, or refused: none is forgotten between the two. */
static void test_every_opcode(void **state)
{
    (void)state;
    uint32_t taken = 0;
    for (uint32_t op = 0; op < 256; op++) {
        const bool is_wide = op == 0x18 || op == 0xb8 || op == 0xd8;
        const bool is_swap = op == 0xd4 || op == 0xdc || op == 0xd7;
        const uint64_t text[] = {LDDW(1, 0x10000000u), I(op, 1, 0, 0, is_swap ? 16 : 0), is_wide ? I(0, 0, 0, 0, 0) : NOP, EXIT};
        const uint64_t plain[] = {LDDW(1, 0x10000000u), I(op, 0, 0, 0, 1), NOP, EXIT};
        const uint64_t zeros[] = {LDDW(1, 0x10000000u), I(op, 0, 0, 0, 0), NOP, EXIT};
        const uint64_t load[] = {LDDW(1, 0x10000000u), I(op, 0, 1, 0, 0), NOP, EXIT};
        uint64_t r0;
        rbpf_result_t result = rig_program(text, 5, &r0);
        result = result == RBPF_OK ? result : rig_program((op & 7u) == 1 ? load : zeros, 5, &r0);
        result = result == RBPF_OK ? result : rig_program(plain, 5, &r0);
        taken += result == RBPF_OK;
        if (result != RBPF_OK && result != RBPF_ERR_INSTRUCTION && result != RBPF_ERR_UNSUPPORTED) {
            fail_msg("opcode 0x%02x: result %d", op, (int)result);
        }
    }
    /* 12 x 4 arithmetic, 2 neg, 3 byte order; 11 x 4 branches, 2 jumps, call, exit; 7 loads, 8 stores; 3 wide. */
    assert_int_equal(taken, 48 + 2 + 3 + 44 + 2 + 2 + 7 + 8 + 3);
}

static void test_entry_in_a_wide_constant(void **state)
{
    (void)state;
    const uint64_t text[] = {LDDW(0, 1), EXIT};
    const uint16_t functions[] = {0, 0, 0, 0, 0, 8};
    rig_t rig = {.parts = {.text = text, .slot_count = 3, .rodata = "main\0\0\0", .rodata_size = 8, .functions = functions, .function_count = 2}};
    assert_int_equal(rig_open(&rig), RBPF_ERR_FUNCTION);
    assert_int_equal(rig.fault_at, 1);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),
        cmocka_unit_test(test_every_opcode),
        cmocka_unit_test(test_entry_in_a_wide_constant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
