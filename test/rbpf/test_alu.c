/* SPDX-License-Identifier: BSD-2-Clause */
/* test_alu.c - every arithmetic instruction and every branch on its edges, in the register and, where the value fits, the immediate form.
 * Expected values are written by hand after RFC 9669. */
#include "rig.h"

#define MIN64 0x8000000000000000u
#define MAX64 0x7fffffffffffffffu
#define ONES 0xffffffffffffffffu

typedef struct alu_case {
    const char *name;
    uint8_t op; /* of the immediate form, 64 bits: class 7; the 32-bit form has class 4 */
    int16_t offset;
    uint64_t a, b, result;
} alu_case_t;

enum { ADD = 0x07, SUB = 0x17, MUL = 0x27, DIV = 0x37, OR = 0x47, AND = 0x57, LSH = 0x67, RSH = 0x77, MOD = 0x97, XOR = 0xa7, MOVE = 0xb7, ARSH = 0xc7 };
enum { ADD32 = 0x04, SUB32 = 0x14, MUL32 = 0x24, DIV32 = 0x34, OR32 = 0x44, AND32 = 0x54, LSH32 = 0x64, RSH32 = 0x74, MOD32 = 0x94, XOR32 = 0xa4, MOVE32 = 0xb4, ARSH32 = 0xc4 };

static const alu_case_t alu_cases[] = {
    {"add of small numbers", ADD, 0, 2, 3, 5},
    {"add of -1 subtracts one", ADD, 0, 5, ONES, 4},
    {"add carries into the upper half", ADD, 0, 0xffffffffu, 1, 0x100000000u},
    {"add wraps at 64 bits", ADD, 0, ONES, 1, 0},
    {"add of a negative immediate reaches the upper half", ADD, 0, 0x100000000u, ONES, 0xffffffffu},
    {"sub below zero", SUB, 0, 2, 3, ONES},
    {"sub of the smallest immediate", SUB, 0, 0, 0xffffffff80000000u, 0x80000000u},
    {"mul keeps the low 64 bits", MUL, 0, 0x100000001u, 0x100000001u, 0x200000001u},
    {"mul by -1", MUL, 0, 7, ONES, 0xfffffffffffffff9u},
    {"div is unsigned", DIV, 0, ONES, 2, MAX64},
    {"div by a negative immediate is by a large number", DIV, 0, ONES, ONES, 1},
    {"div by zero gives zero", DIV, 0, 77, 0, 0},
    {"div looks at all 64 bits of the divisor", DIV, 0, 0x300000000u, 0x100000000u, 3},
    {"signed div rounds to zero", DIV, 1, (uint64_t)-7, 2, (uint64_t)-3},
    {"signed div by -1", DIV, 1, 7, ONES, (uint64_t)-7},
    {"signed div of two negatives", DIV, 1, (uint64_t)-8, (uint64_t)-3, 2},
    {"signed div of the minimum by -1 is the minimum", DIV, 1, MIN64, ONES, MIN64},
    {"signed div by zero gives zero", DIV, 1, (uint64_t)-7, 0, 0},
    {"or", OR, 0, 0xf0, 0x0f, 0xff},
    {"or with a negative immediate sets the upper half", OR, 0, 0, 0xffffffff80000000u, 0xffffffff80000000u},
    {"and", AND, 0, 0xff, 0x3c, 0x3c},
    {"and with a negative immediate keeps the upper half", AND, 0, 0x123456789abcdef0u, (uint64_t)-16, 0x123456789abcdef0u},
    {"xor with -1 inverts", XOR, 0, 0x0f, ONES, 0xfffffffffffffff0u},
    {"shift left by 63", LSH, 0, 1, 63, MIN64},
    {"shift left by 32", LSH, 0, 1, 32, 0x100000000u},
    {"shift left by 64 is by 0", LSH, 0, 5, 64, 5},
    {"shift left by 65 is by 1", LSH, 0, 5, 65, 10},
    {"shift left by -1 is by 63", LSH, 0, 3, ONES, MIN64},
    {"shift right is unsigned", RSH, 0, ONES, 63, 1},
    {"shift right by 64 is by 0", RSH, 0, 5, 64, 5},
    {"mod is unsigned", MOD, 0, ONES, 10, 5},
    {"mod by zero leaves the value", MOD, 0, 0x123456789u, 0, 0x123456789u},
    {"signed mod has the sign of the dividend", MOD, 1, (uint64_t)-7, 2, ONES},
    {"signed mod ignores the divisor's sign", MOD, 1, 7, (uint64_t)-2, 1},
    {"signed mod of the minimum by -1 is zero", MOD, 1, MIN64, ONES, 0},
    {"signed mod by zero leaves the value", MOD, 1, (uint64_t)-7, 0, (uint64_t)-7},
    {"mov takes the sign of an immediate", MOVE, 0, 1, ONES, ONES},
    {"mov of 64 bits", MOVE, 0, 1, 0x123456789abcdef0u, 0x123456789abcdef0u},
    {"arithmetic shift keeps the sign", ARSH, 0, MIN64, 63, ONES},
    {"arithmetic shift of a positive number", ARSH, 0, MAX64, 62, 1},
    {"arithmetic shift by 64 is by 0", ARSH, 0, MIN64, 64, MIN64},

    {"add32 clears the upper half", ADD32, 0, 0xffffffff00000001u, 1, 2},
    {"add32 wraps at 32 bits", ADD32, 0, 0xffffffffu, 1, 0},
    {"add32 of -1", ADD32, 0, 0, ONES, 0xffffffffu},
    {"sub32 below zero", SUB32, 0, 0, 1, 0xffffffffu},
    {"mul32 keeps the low 32 bits", MUL32, 0, 0x80000001u, 2, 2},
    {"mul32 ignores upper halves", MUL32, 0, 0x500000003u, 7, 21},
    {"div32 is unsigned", DIV32, 0, 0xffffffffu, 2, 0x7fffffffu},
    {"div32 looks at 32 bits of the dividend", DIV32, 0, 0x100000009u, 3, 3},
    {"div32 by a divisor whose low half is zero gives zero", DIV32, 0, 9, 0x100000000u, 0},
    {"div32 by zero gives zero", DIV32, 0, 9, 0, 0},
    {"signed div32 rounds to zero", DIV32, 1, (uint64_t)-7, 2, 0xfffffffdu},
    {"signed div32 of the minimum by -1 is the minimum", DIV32, 1, 0x80000000u, ONES, 0x80000000u},
    {"signed div32 ignores the upper half", DIV32, 1, 0x7ffffffffffffff8u, 2, 0xfffffffcu},
    {"or32 clears the upper half", OR32, 0, 0xffffffff000000f0u, 0x0f, 0xff},
    {"and32 with -1 clears the upper half", AND32, 0, ONES, ONES, 0xffffffffu},
    {"xor32 with itself", XOR32, 0, 0x123456789u, 0x123456789u, 0},
    {"shift left 32 by 31", LSH32, 0, 1, 31, 0x80000000u},
    {"shift left 32 by 32 is by 0", LSH32, 0, 5, 32, 5},
    {"shift left 32 drops what leaves 32 bits", LSH32, 0, 0x80000001u, 1, 2},
    {"shift left 32 by -1 is by 31", LSH32, 0, 1, ONES, 0x80000000u},
    {"shift right 32 ignores the upper half", RSH32, 0, 0xff00000010u, 4, 1},
    {"shift right 32 by 33 is by 1", RSH32, 0, 8, 33, 4},
    {"mod32 is unsigned", MOD32, 0, 0xffffffffu, 10, 5},
    {"mod32 by zero leaves the low half", MOD32, 0, 0x700000009u, 0, 9},
    {"signed mod32", MOD32, 1, (uint64_t)-7, 4, 0xfffffffdu},
    {"signed mod32 of the minimum by -1 is zero", MOD32, 1, 0x80000000u, ONES, 0},
    {"mov32 of -1 clears the upper half", MOVE32, 0, 1, ONES, 0xffffffffu},
    {"arithmetic shift 32 takes bit 31 as the sign and clears the upper half", ARSH32, 0, 0x80000000u, 31, 0xffffffffu},
    {"arithmetic shift 32 ignores the upper half", ARSH32, 0, 0xffffffff40000000u, 30, 1},
    {"arithmetic shift 32 by 32 is by 0", ARSH32, 0, 0x80000000u, 32, 0x80000000u},
    {"arithmetic shift 32 by 63 is by 31", ARSH32, 0, 0x80000000u, 63, 0xffffffffu},
};

static void run_alu(const alu_case_t *c, bool by_register)
{
    const int16_t offset = c->offset;
    const uint64_t text[] = {
        LDDW(0, c->a), LDDW(1, c->b),
        by_register ? I(c->op | 8u, 0, 1, offset, 0) : I(c->op, 0, 0, offset, c->b),
        EXIT,
    };
    uint64_t r0;
    const rbpf_result_t result = rig_program(text, 6, &r0);
    if (result != RBPF_OK || r0 != c->result) {
        fail_msg("%s, %s: result %d, 0x%llx instead of 0x%llx", c->name, by_register ? "register" : "immediate", (int)result,
                 (unsigned long long)r0, (unsigned long long)c->result);
    }
}

static bool fits_immediate(uint64_t value)
{
    return value == (uint64_t)(int64_t)(int32_t)value;
}

static void test_arithmetic(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof alu_cases / sizeof alu_cases[0]; i++) {
        run_alu(&alu_cases[i], true);
        if (fits_immediate(alu_cases[i].b)) {
            run_alu(&alu_cases[i], false);
        }
    }
}

/* Instructions of one operand, and moves that exist by register only: the whole instruction, with 0 in r0 and the value in r1 and r2. */
typedef struct one_case {
    const char *name;
    uint64_t instruction; /* on r1, from r2 */
    uint64_t value, result;
} one_case_t;

#define VALUE 0x8182838485868788u

static const one_case_t one_cases[] = {
    {"neg", I(0x87, 1, 0, 0, 0), 5, (uint64_t)-5},
    {"neg of the minimum", I(0x87, 1, 0, 0, 0), MIN64, MIN64},
    {"neg32 clears the upper half", I(0x84, 1, 0, 0, 0), 0xffffffff00000001u, 0xffffffffu},
    {"neg32 of 0", I(0x84, 1, 0, 0, 0), 0xffffffff00000000u, 0},
    {"mov extends 8 bits", I(0xbf, 1, 2, 8, 0), 0x1280, 0xffffffffffffff80u},
    {"mov extends 8 bits of a positive number", I(0xbf, 1, 2, 8, 0), 0xff7f, 0x7f},
    {"mov extends 16 bits", I(0xbf, 1, 2, 16, 0), 0x18000, 0xffffffffffff8000u},
    {"mov extends 32 bits", I(0xbf, 1, 2, 32, 0), 0x180000000u, 0xffffffff80000000u},
    {"mov32 extends 8 bits to 32", I(0xbc, 1, 2, 8, 0), 0xff80, 0xffffff80u},
    {"mov32 extends 16 bits to 32", I(0xbc, 1, 2, 16, 0), 0xff8000, 0xffff8000u},
    {"mov32 by register clears the upper half", I(0xbc, 1, 2, 0, 0), VALUE, 0x85868788u},
    {"le16 cuts", I(0xd4, 1, 0, 0, 16), VALUE, 0x8788},
    {"le32 cuts", I(0xd4, 1, 0, 0, 32), VALUE, 0x85868788u},
    {"le64 does nothing", I(0xd4, 1, 0, 0, 64), VALUE, VALUE},
    {"be16 swaps and cuts", I(0xdc, 1, 0, 0, 16), VALUE, 0x8887},
    {"be32 swaps and cuts", I(0xdc, 1, 0, 0, 32), VALUE, 0x88878685u},
    {"be64 swaps", I(0xdc, 1, 0, 0, 64), VALUE, 0x8887868584838281u},
    {"bswap16", I(0xd7, 1, 0, 0, 16), VALUE, 0x8887},
    {"bswap32", I(0xd7, 1, 0, 0, 32), VALUE, 0x88878685u},
    {"bswap64", I(0xd7, 1, 0, 0, 64), VALUE, 0x8887868584838281u},
};

static void test_one_operand(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof one_cases / sizeof one_cases[0]; i++) {
        const one_case_t *c = &one_cases[i];
        const uint64_t text[] = {LDDW(1, c->value), LDDW(2, c->value), c->instruction, MOVX(0, 1), EXIT};
        uint64_t r0;
        const rbpf_result_t result = rig_program(text, 7, &r0);
        if (result != RBPF_OK || r0 != c->result) {
            fail_msg("%s: result %d, 0x%llx instead of 0x%llx", c->name, (int)result, (unsigned long long)r0, (unsigned long long)c->result);
        }
    }
}

typedef struct branch_case {
    const char *name;
    uint8_t op; /* immediate form, class 5 or 6 */
    uint64_t a, b;
    bool taken;
} branch_case_t;

enum { JEQ = 0x15, JGT = 0x25, JGE = 0x35, JSET = 0x45, JNE = 0x55, JSGT = 0x65, JSGE = 0x75, JLT = 0xa5, JLE = 0xb5, JSLT = 0xc5, JSLE = 0xd5 };

static const branch_case_t branch_cases[] = {
    {"equal", JEQ, ONES, ONES, true},
    {"equal looks at the upper half", JEQ, 0x100000001u, 1, false},
    {"not equal", JNE, 1, 2, true},
    {"not equal of equals", JNE, 5, 5, false},
    {"not equal looks at the upper half", JNE, 0x100000001u, 1, true},
    {"greater is unsigned", JGT, ONES, 1, true},
    {"greater of equals", JGT, 1, 1, false},
    {"greater or equal of equals", JGE, 1, 1, true},
    {"greater or equal of less", JGE, 0, 1, false},
    {"less is unsigned", JLT, 1, ONES, true},
    {"less of equals", JLT, 1, 1, false},
    {"less or equal of equals", JLE, 1, 1, true},
    {"less or equal of greater", JLE, 2, 1, false},
    {"bits in common", JSET, 6, 2, true},
    {"no bits in common", JSET, 6, 1, false},
    {"bits in common in the upper half", JSET, MIN64, ONES, true},
    {"signed greater", JSGT, 1, ONES, true},
    {"signed greater of less", JSGT, ONES, 1, false},
    {"signed greater at the ends", JSGT, MAX64, MIN64, true},
    {"signed greater or equal of equals", JSGE, ONES, ONES, true},
    {"signed greater or equal of less", JSGE, MIN64, 0, false},
    {"signed less", JSLT, MIN64, MAX64, true},
    {"signed less of equals", JSLT, ONES, ONES, false},
    {"signed less or equal of equals", JSLE, ONES, ONES, true},
    {"signed less or equal of greater", JSLE, 0, ONES, false},
    {"32-bit equal ignores the upper half", JEQ + 1, 0x100000001u, 1, true},
    {"32-bit not equal ignores the upper half", JNE + 1, 0x100000001u, 1, false},
    {"32-bit greater is unsigned", JGT + 1, 0xffffffffu, 1, true},
    {"32-bit greater ignores the upper half", JGT + 1, 0x100000000u, 1, false},
    {"32-bit greater or equal of equals", JGE + 1, 0x200000007u, 7, true},
    {"32-bit greater or equal takes an immediate of -1 as the largest", JGE + 1, 0xfffffffeu, ONES, false},
    {"32-bit less is unsigned", JLT + 1, 1, 0xffffffffu, true},
    {"32-bit less or equal ignores the upper half", JLE + 1, 0x500000001u, 1, true},
    {"32-bit bits in common ignore the upper half", JSET + 1, 0xffffffff00000001u, 0xffffffff00000002u, false},
    {"32-bit bits in common in bit 31", JSET + 1, 0x80000000u, 0xffffffff80000000u, true},
    {"32-bit signed greater takes bit 31 as the sign", JSGT + 1, 0x80000000u, 1, false},
    {"32-bit signed greater or equal", JSGE + 1, 0x7fffffffu, 0xffffffff80000000u, true},
    {"32-bit signed less", JSLT + 1, 0xffffffffu, 0, true},
    {"32-bit signed less or equal of equals", JSLE + 1, 0xffffffffu, ONES, true},
    {"32-bit signed less or equal of greater", JSLE + 1, 1, 0xffffffffu, false},
};

static void run_branch(const branch_case_t *c, bool by_register)
{
    const uint64_t text[] = {
        LDDW(1, c->a), LDDW(2, c->b), MOV(0, 1),
        by_register ? I(c->op | 8u, 1, 2, 1, 0) : I(c->op, 1, 0, 1, c->b),
        MOV(0, 0), EXIT,
    };
    uint64_t r0;
    const rbpf_result_t result = rig_program(text, 8, &r0);
    if (result != RBPF_OK || r0 != c->taken) {
        fail_msg("%s, %s: result %d, taken %llu", c->name, by_register ? "register" : "immediate", (int)result, (unsigned long long)r0);
    }
}

static void test_branches(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof branch_cases / sizeof branch_cases[0]; i++) {
        run_branch(&branch_cases[i], true);
        if (fits_immediate(branch_cases[i].b)) {
            run_branch(&branch_cases[i], false);
        }
    }
}

typedef struct program_case {
    const char *name;
    uint64_t text[12];
    uint32_t slot_count;
    uint64_t result;
} program_case_t;

static const program_case_t program_cases[] = {
    {"a wide constant does not take the sign of its low half", {LDDW(0, 0x00000000ffffffffu), EXIT}, 3, 0xffffffffu},
    {"a wide constant has 64 bits", {LDDW(0, 0xfedcba9876543210u), EXIT}, 3, 0xfedcba9876543210u},
    {"a jump forward", {MOV(0, 1), JA(1), MOV(0, 2), EXIT}, 4, 1},
    {"a jump back", {JA(2), MOV(0, 9), EXIT, JA(-3)}, 4, 9},
    {"a jump back to the first instruction", {I(0x07, 0, 0, 0, 1), I(0xa5, 0, 0, -2, 5), EXIT}, 3, 5},
    {"a long jump forward", {MOV(0, 1), I(0x06, 0, 0, 0, 1), MOV(0, 2), EXIT}, 4, 1},
    {"a long jump back", {JA(2), MOV(0, 7), EXIT, I(0x06, 0, 0, 0, -3)}, 4, 7},
    {"registers start at zero", {MOVX(0, 3), I(0x4f, 0, 9, 0, 0), EXIT}, 3, 0},
    {"r1 is what the host gave", {MOVX(0, 1), EXIT}, 2, 0x40000000u},
    {"r10 is the top of the first frame", {MOVX(0, 10), EXIT}, 2, 0x10000200u},
    {"the address of data", {I(0xb8, 0, 0, 0, 0x123), I(0, 0, 0, 0, 0), EXIT}, 3, 0x20000123u},
    {"the address of rodata, at its last offset", {I(0xd8, 0, 0, 0, 0x0fffffff), I(0, 0, 0, 0, 0), EXIT}, 3, 0x3fffffffu},
};

static void test_programs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof program_cases / sizeof program_cases[0]; i++) {
        const program_case_t *c = &program_cases[i];
        uint64_t r0;
        const rbpf_result_t result = rig_program(c->text, c->slot_count, &r0);
        if (result != RBPF_OK || r0 != c->result) {
            fail_msg("%s: result %d, 0x%llx instead of 0x%llx", c->name, (int)result, (unsigned long long)r0, (unsigned long long)c->result);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_one_operand),
        cmocka_unit_test(test_branches),
        cmocka_unit_test(test_programs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
