/* SPDX-License-Identifier: BSD-2-Clause */
/* test_opcodes.c - what every instruction does. The memory has 256 bytes and the arguments take the words at 0xfc and 0xfe, so the
 * frame of the function starts at 0xf8: old sfp 0x100 at 0xfa, return address at 0xf8. */
#include "rig.h"

#define ROWS(rows) rig_rows(rows, sizeof(rows) / sizeof((rows)[0]))

static void test_constants(void **state)
{
    static const rig_row_t rows[] = {
        {"small constant 0", "90 9b", EVM_OK, 0},
        {"small constant 3", "93 9b", EVM_OK, 3},
        {"small constant -4", "94 9b", EVM_OK, 0xfffc},
        {"small constant -1", "97 9b", EVM_OK, 0xffff},
        {"unsigned byte", "98ff 9b", EVM_OK, 0xff},
        {"signed byte below 128", "997f 9b", EVM_OK, 0x7f},
        {"signed byte", "9980 9b", EVM_OK, 0xff80},
        {"word, high byte first", "9a1234 9b", EVM_OK, 0x1234},
        {"eight zeros and more", "f7 f0 9b", EVM_OK, 0},
        {"stack pointer before the push", "91 ae 9b", EVM_OK, 0xf6},
        {"frame pointer", "91 af 9b", EVM_OK, 0xf8},
        {"return of nothing", "91 9c", EVM_OK, 0},
    };
    (void)state;
    ROWS(rows);
}

static void test_locals(void **state)
{
    static const rig_row_t rows[] = {
        {"first argument", "3f 9b", EVM_OK, 1000},
        {"second argument", "3e 9b", EVM_OK, 2000},
        {"first local", "92 93 00 9b", EVM_OK, 2},
        {"second local", "92 93 01 9b", EVM_OK, 3},
        {"set a local", "f2 9a1234 42 02 9b", EVM_OK, 0x1234},
        {"set an argument", "9a1234 7e 3e 9b", EVM_OK, 0x1234},
        {"highest local", "f7 f7 f7 f7 9a4321 5f 1f 9b", EVM_OK, 0x4321},
        {"local below the stack pointer is memory", "1f 9b", EVM_OK, 0},
        {"argument above the memory", "3d 9b", EVM_ERR_MEMORY, 0},
        {"highest argument number", "20 9b", EVM_ERR_MEMORY, 0},
        {"set an argument above the memory", "91 7d 9b", EVM_ERR_MEMORY, 1},
    };
    (void)state;
    ROWS(rows);
}

static void test_arithmetic(void **state)
{
    static const rig_row_t rows[] = {
        {"add", "92 93 80 9b", EVM_OK, 5},
        {"add wraps", "9a7fff 91 80 9b", EVM_OK, 0x8000},
        {"sub takes the top from the one below", "92 93 81 9b", EVM_OK, 0xffff},
        {"sub wraps", "9a8000 91 81 9b", EVM_OK, 0x7fff},
        {"mul", "98c8 98c8 82 9b", EVM_OK, 40000},
        {"mul wraps", "9affff 9affff 82 9b", EVM_OK, 1},
        {"div rounds to zero", "99f9 92 83 9b", EVM_OK, 0xfffd},
        {"div of the least by -1 wraps", "9a8000 97 83 9b", EVM_OK, 0x8000},
        {"mod has the sign of the first", "99f9 92 84 9b", EVM_OK, 0xffff},
        {"mod of the least by -1", "9a8000 97 84 9b", EVM_OK, 0},
        {"div by zero", "91 90 83 9b", EVM_ERR_DIVISION, 2},
        {"mod by zero", "91 90 84 9b", EVM_ERR_DIVISION, 2},
        {"shl", "93 92 85 9b", EVM_OK, 12},
        {"shl by 15", "93 980f 85 9b", EVM_OK, 0x8000},
        {"shl by 16", "93 9810 85 9b", EVM_OK, 0},
        {"shl by -1", "93 97 85 9b", EVM_OK, 0},
        {"shr", "9a7ff0 9804 86 9b", EVM_OK, 0x7ff},
        {"shr keeps the sign", "9a8000 980f 86 9b", EVM_OK, 0xffff},
        {"shr by 16", "9a7fff 9810 86 9b", EVM_OK, 0},
        {"shr of a negative by -1", "9a8000 97 86 9b", EVM_OK, 0xffff},
        {"and", "9a0ff0 9a00ff 87 9b", EVM_OK, 0xf0},
        {"or", "9a0ff0 9a00ff 88 9b", EVM_OK, 0xfff},
        {"xor", "9a0ff0 9a00ff 89 9b", EVM_OK, 0xf0f},
        {"not", "9a0ff0 8c 9b", EVM_OK, 0xf00f},
        {"neg", "93 8d 9b", EVM_OK, 0xfffd},
        {"neg of the least wraps", "9a8000 8d 9b", EVM_OK, 0x8000},
    };
    (void)state;
    ROWS(rows);
}

static void test_truth(void **state)
{
    static const rig_row_t rows[] = {
        {"logical and of two", "92 94 8a 9b", EVM_OK, 1},
        {"logical and with 0", "92 90 8a 9b", EVM_OK, 0},
        {"logical or with 0", "90 94 8b 9b", EVM_OK, 1},
        {"logical or of zeros", "90 90 8b 9b", EVM_OK, 0},
        {"logical not", "93 8e 9b", EVM_OK, 0},
        {"logical not of 0", "90 8e 9b", EVM_OK, 1},
        {"lt is signed", "97 91 a8 9b", EVM_OK, 1},
        {"lt of equals", "91 91 a8 9b", EVM_OK, 0},
        {"le of equals", "91 91 a9 9b", EVM_OK, 1},
        {"le", "91 97 a9 9b", EVM_OK, 0},
        {"eq", "91 91 aa 9b", EVM_OK, 1},
        {"eq of others", "91 97 aa 9b", EVM_OK, 0},
        {"ne", "91 97 ab 9b", EVM_OK, 1},
        {"ne of equals", "91 91 ab 9b", EVM_OK, 0},
        {"ge of equals", "91 91 ac 9b", EVM_OK, 1},
        {"ge", "97 91 ac 9b", EVM_OK, 0},
        {"gt is signed", "91 97 ad 9b", EVM_OK, 1},
        {"gt of equals", "91 91 ad 9b", EVM_OK, 0},
    };
    (void)state;
    ROWS(rows);
}

static void test_stack(void **state)
{
    static const rig_row_t rows[] = {
        {"drop", "91 92 9d 9b", EVM_OK, 1},
        {"bury 0 doubles the top", "92 93 c5 9d 9b", EVM_OK, 3},
        {"bury 0 leaves the one below", "92 93 c5 9d 9d 9b", EVM_OK, 2},
        {"bury 1 leaves the top", "91 92 93 cd 9b", EVM_OK, 3},
        {"bury 1 goes under one", "91 92 93 cd 9d 9d 9b", EVM_OK, 3},
        {"bury 5 goes under five", "93 91 91 91 91 91 92 ed fc 9d 9b", EVM_OK, 2},
        {"bury 5 leaves the sixth", "93 91 91 91 91 91 92 ed fd 9d 9b", EVM_OK, 3},
        {"dig 0 swaps", "91 92 c6 9b", EVM_OK, 1},
        {"dig 0 swaps the other too", "91 92 c6 9d 9b", EVM_OK, 2},
        {"dig 5 lifts the seventh", "91 92 92 92 92 92 93 ee 9b", EVM_OK, 1},
        {"dig 5 leaves the top under it", "91 92 92 92 92 92 93 ee 9d 9b", EVM_OK, 3},
        {"dig 5 closes the gap", "91 92 92 92 92 92 93 ee fc 9d 9b", EVM_OK, 2},
        {"drop one below", "91 92 93 f8 9d 9b", EVM_OK, 1},
        {"drop one below keeps the top", "91 92 93 f8 9b", EVM_OK, 3},
        {"drop eight below", "91 f7 93 ff 9d 9b", EVM_OK, 1},
    };
    (void)state;
    ROWS(rows);
}

static void test_memory(void **state)
{
    static const rig_row_t rows[] = {
        {"load u8, short address", "c004 9b 00 f3", EVM_OK, 0xf3},
        {"load u8, long address", "c10004 9b f3", EVM_OK, 0xf3},
        {"load u8, address on the stack", "9805 c2 9b 00 f3", EVM_OK, 0xf3},
        {"load u8, index and short address", "92 c303 9b 00 f3", EVM_OK, 0xf3},
        {"load u8, index and long address", "92 c40004 9b 00 f3", EVM_OK, 0xf3},
        {"load s8, short address", "d004 9b 00 f3", EVM_OK, 0xfff3},
        {"load s8, long address", "d10005 9b 00 f3", EVM_OK, 0xfff3},
        {"load s8, address on the stack", "9805 d2 9b 00 f3", EVM_OK, 0xfff3},
        {"load s8, index and short address", "92 d303 9b 00 f3", EVM_OK, 0xfff3},
        {"load s8, index and long address", "92 d40004 9b 00 f3", EVM_OK, 0xfff3},
        {"load 16, short address", "e003 9b 1234", EVM_OK, 0x1234},
        {"load 16, long address", "e10004 9b 1234", EVM_OK, 0x1234},
        {"load 16, address on the stack", "9804 e2 9b 1234", EVM_OK, 0x1234},
        {"load 16, index times two and short address", "92 e300 9b 1234", EVM_OK, 0x1234},
        {"load 16, index times two and long address", "92 e40001 9b 1234", EVM_OK, 0x1234},
        {"load 16, negative index", "97 e307 9b 00 1234", EVM_OK, 0x1234},
        {"store 8, short address", "9a1234 c880 e080 9b", EVM_OK, 0x3400},
        {"store 8, long address", "9a1234 c90080 e080 9b", EVM_OK, 0x3400},
        {"store 8, address on the stack", "9a1234 9880 ca e080 9b", EVM_OK, 0x3400},
        {"store 8, index and short address", "9a1234 91 cb80 e080 9b", EVM_OK, 0x0034},
        {"store 8, index and long address", "9a1234 91 cc0080 e080 9b", EVM_OK, 0x0034},
        {"store 8s, short address", "9a1234 d880 e080 9b", EVM_OK, 0x3400},
        {"store 8s, long address", "9a1234 d90080 e080 9b", EVM_OK, 0x3400},
        {"store 8s, address on the stack", "9a1234 9880 da e080 9b", EVM_OK, 0x3400},
        {"store 8s, index and short address", "9a1234 91 db80 e080 9b", EVM_OK, 0x0034},
        {"store 8s, index and long address", "9a1234 91 dc0080 e080 9b", EVM_OK, 0x0034},
        {"store 16, short address", "9a1234 e880 c081 9b", EVM_OK, 0x34},
        {"store 16, long address", "9a1234 e90080 c081 9b", EVM_OK, 0x34},
        {"store 16, address on the stack", "9a1234 9880 ea c081 9b", EVM_OK, 0x34},
        {"store 16, index times two and short address", "9a1234 91 eb80 e082 9b", EVM_OK, 0x1234},
        {"store 16, index times two and long address", "9a1234 91 ec0080 e082 9b", EVM_OK, 0x1234},
    };
    (void)state;
    ROWS(rows);
}

static void test_flow(void **state)
{
    static const rig_row_t rows[] = {
        {"jump, short", "a003 9c 93 9b", EVM_OK, 3},
        {"jump, long", "a10004 9c 93 9b", EVM_OK, 3},
        {"jump back", "a004 91 9b a0fe", EVM_OK, 1},
        {"jump to the address on the stack", "9804 9f 9c 93 9b", EVM_OK, 3},
        {"jump if, short, taken", "95 a403 9c 93 9b", EVM_OK, 3},
        {"jump if, short, not taken", "90 a403 9c 93 9b", EVM_OK, 0},
        {"jump if, long, taken", "95 a50004 9c 93 9b", EVM_OK, 3},
        {"jump if, long, not taken", "90 a50004 9c 93 9b", EVM_OK, 0},
        {"jump unless, short, taken", "90 a603 9c 93 9b", EVM_OK, 3},
        {"jump unless, short, not taken", "95 a603 9c 93 9b", EVM_OK, 0},
        {"jump unless, long, taken", "90 a70004 9c 93 9b", EVM_OK, 3},
        {"jump unless, long, not taken", "95 a70004 9c 93 9b", EVM_OK, 0},
        {"call, short, gives a value", "a203 9b 93 9b", EVM_OK, 3},
        {"call, long, gives a value", "a30004 9b 93 9b", EVM_OK, 3},
        {"call of the address on the stack", "9804 9e 9b 93 9b", EVM_OK, 3},
        {"call, short, whose value is dropped", "92 a204 9d 9b 93 9b", EVM_OK, 2},
        {"call, long, whose value is dropped", "92 a30005 9d 9b 93 9b", EVM_OK, 2},
        {"call of the stack whose value is dropped", "92 9806 9e 9d 9b 93 9b", EVM_OK, 2},
        {"call gives 0 where nothing is returned", "92 a203 9b 93 9c", EVM_OK, 0},
        {"call sees its arguments", "93 92 a203 9b 3f 3e 81 9b", EVM_OK, 0xffff},
        {"call keeps the caller's frame", "91 92 a204 00 9b 93 93 9c", EVM_OK, 1},
        {"return from a deeper frame to the end of the run", "a202 9affff e8f4 92 9b", EVM_OK, 2},
        {"return to a frame outside the stack", "a202 9a1234 e8f6 92 9b", EVM_ERR_STACK, 8},
        {"return to an address outside memory", "a202 9a1234 e8f4 92 9b", EVM_ERR_JUMP, 8},
    };
    (void)state;
    ROWS(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constants), cmocka_unit_test(test_locals), cmocka_unit_test(test_arithmetic), cmocka_unit_test(test_truth),
        cmocka_unit_test(test_stack), cmocka_unit_test(test_memory), cmocka_unit_test(test_flow),
    };
    return cmocka_run_group_tests_name("embedvm opcodes", tests, NULL, NULL);
}
