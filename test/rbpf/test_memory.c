/* SPDX-License-Identifier: BSD-2-Clause */
/* test_memory.c - what a guest can reach: the edges of every window, rights, addresses that are none, values as they lie in memory. */
#include "rig.h"

enum { LDXW = 0x61, LDXH = 0x69, LDXB = 0x71, LDXDW = 0x79, LDXSW = 0x81, LDXSH = 0x89, LDXSB = 0x91 };
enum { STW = 0x62, STH = 0x6a, STB = 0x72, STDW = 0x7a, STXW = 0x63, STXH = 0x6b, STXB = 0x73, STXDW = 0x7b };

static const uint8_t rodata[16] = {0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t data[24] = {0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18};

/* One access at r1: a load to r0, or a store of r0. Windows: stack 512, data 24, rodata 16, context 8 read-only, region 5 with 8 readable and 4 writable. */
typedef struct access_case {
    const char *name;
    uint8_t op;
    uint64_t base;
    int16_t offset;
    rbpf_result_t result;
    uint64_t value; /* of a load */
} access_case_t;

static const access_case_t access_cases[] = {
    {"a byte of rodata", LDXB, 0x30000000u, 0, RBPF_OK, 0x80},
    {"a half word of rodata is little-endian and unsigned", LDXH, 0x30000000u, 0, RBPF_OK, 0x8180},
    {"a word of rodata", LDXW, 0x30000000u, 0, RBPF_OK, 0x83828180u},
    {"a double word of rodata", LDXDW, 0x30000000u, 0, RBPF_OK, 0x8786858483828180u},
    {"a byte with its sign", LDXSB, 0x30000000u, 0, RBPF_OK, 0xffffffffffffff80u},
    {"a half word with its sign", LDXSH, 0x30000000u, 0, RBPF_OK, 0xffffffffffff8180u},
    {"a word with its sign", LDXSW, 0x30000000u, 0, RBPF_OK, 0xffffffff83828180u},
    {"a positive word with its sign", LDXSW, 0x30000008u, 0, RBPF_OK, 0x04030201u},
    {"a word at an odd address", LDXW, 0x30000001u, 0, RBPF_OK, 0x84838281u},
    {"a double word at an odd address", LDXDW, 0x30000000u, 7, RBPF_OK, 0x0706050403020187u},
    {"the last byte", LDXB, 0x3000000fu, 0, RBPF_OK, 8},
    {"one byte past the end", LDXB, 0x30000010u, 0, RBPF_ERR_MEMORY, 0},
    {"the last double word", LDXDW, 0x30000008u, 0, RBPF_OK, 0x0807060504030201u},
    {"a double word one past the last", LDXDW, 0x30000009u, 0, RBPF_ERR_MEMORY, 0},
    {"a half word half outside", LDXH, 0x3000000fu, 0, RBPF_ERR_MEMORY, 0},
    {"a double word at the end", LDXDW, 0x30000010u, 0, RBPF_ERR_MEMORY, 0},
    {"a byte before the start, by the offset", LDXB, 0x30000000u, -1, RBPF_ERR_MEMORY, 0},
    {"a base below the region, back in by the offset", LDXB, 0x2ffffff0u, 0x10, RBPF_OK, 0x80},
    {"a word that would wrap into the next region", LDXW, 0x2ffffffeu, 0, RBPF_ERR_MEMORY, 0},
    {"the last byte of a region's addresses", LDXB, 0x3fffffffu, 0, RBPF_ERR_MEMORY, 0},
    {"bit 32 set", LDXB, 0x130000000u, 0, RBPF_ERR_MEMORY, 0},
    {"the upper half set", LDXB, 0xffffffff30000000u, 0, RBPF_ERR_MEMORY, 0},
    {"bit 63 set", LDXB, 0x8000000030000000u, 0, RBPF_ERR_MEMORY, 0},
    {"an address that wraps at 64 bits", LDXB, 0xffffffffffffffffu, 1, RBPF_ERR_MEMORY, 0},
    {"an address that wraps at 64 bits into a region", LDXB, 0x2fffffffu, 1, RBPF_OK, 0x80},
    {"NULL", LDXB, 0, 0, RBPF_ERR_MEMORY, 0},
    {"a little above NULL", LDXW, 0, 16, RBPF_ERR_MEMORY, 0},
    {"a little below NULL", LDXB, 0, -1, RBPF_ERR_MEMORY, 0},
    {"a store to rodata", STXB, 0x30000000u, 0, RBPF_ERR_MEMORY, 0},
    {"a store of an immediate to rodata", STW, 0x30000000u, 0, RBPF_ERR_MEMORY, 0},
    {"data", LDXDW, 0x20000000u, 0, RBPF_OK, 0x1716151413121110u},
    {"the last byte of data", LDXB, 0x20000017u, 0, RBPF_OK, 0},
    {"past the end of data", LDXB, 0x20000018u, 0, RBPF_ERR_MEMORY, 0},
    {"a store to the last double word of data", STXDW, 0x20000010u, 0, RBPF_OK, 0},
    {"a store half outside data", STXDW, 0x20000011u, 0, RBPF_ERR_MEMORY, 0},
    {"a store of an immediate half outside data", STDW, 0x20000014u, 0, RBPF_ERR_MEMORY, 0},
    {"a byte stored past data", STB, 0x20000018u, 0, RBPF_ERR_MEMORY, 0},
    {"a half word stored half past data", STH, 0x20000017u, 0, RBPF_ERR_MEMORY, 0},
    {"a half word stored half past data, by register", STXH, 0x20000017u, 0, RBPF_ERR_MEMORY, 0},
    {"a word stored half past data, by register", STXW, 0x20000015u, 0, RBPF_ERR_MEMORY, 0},
    {"the stack starts cleared", LDXDW, 0x10000000u, 0, RBPF_OK, 0},
    {"the top of the stack", LDXDW, 0x10000200u, -8, RBPF_OK, 0},
    {"above the stack", LDXB, 0x10000200u, 0, RBPF_ERR_MEMORY, 0},
    {"a store above the stack", STXDW, 0x10000200u, -7, RBPF_ERR_MEMORY, 0},
    {"below the stack", STXB, 0x10000000u, -1, RBPF_ERR_MEMORY, 0},
    {"the context", LDXDW, 0x40000000u, 0, RBPF_OK, 0xc7c6c5c4c3c2c1c0u},
    {"past the context", LDXB, 0x40000008u, 0, RBPF_ERR_MEMORY, 0},
    {"a store to the context", STXB, 0x40000000u, 0, RBPF_ERR_MEMORY, 0},
    {"a window that is half writable: a load from the whole", LDXDW, 0x50000000u, 0, RBPF_OK, 0xe7e6e5e4e3e2e1e0u},
    {"a window that is half writable: a store in the first half", STXW, 0x50000000u, 0, RBPF_OK, 0},
    {"a window that is half writable: a store across", STXDW, 0x50000000u, 0, RBPF_ERR_MEMORY, 0},
    {"a window that is half writable: a store in the second half", STB, 0x50000004u, 0, RBPF_ERR_MEMORY, 0},
    {"a region nobody gave", LDXB, 0x60000000u, 0, RBPF_ERR_MEMORY, 0},
    {"the last region", LDXB, 0xf0000000u, 0, RBPF_ERR_MEMORY, 0},
    {"the last address of all", LDXDW, 0xffffffffu, 0, RBPF_ERR_MEMORY, 0},
};

static void run_access(const access_case_t *c)
{
    uint8_t context[8] = {0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7};
    uint8_t extra[8] = {0xe0, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7};
    const bool is_load = (c->op & 7u) == 1;
    const bool by_register = (c->op & 7u) == 3;
    const uint64_t text[] = {
        LDDW(1, c->base),
        is_load ? I(c->op, 0, 1, c->offset, 0) : I(c->op, 1, by_register ? 2 : 0, c->offset, by_register ? 0 : 0x77),
        EXIT,
    };
    rig_t rig = {.parts = {.text = text, .slot_count = 4, .data = data, .data_size = sizeof data, .rodata = rodata, .rodata_size = sizeof rodata}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    assert_int_equal(rbpf_window(&rig.vm, RBPF_REGION_CONTEXT, context, sizeof context, 0), RBPF_OK);
    assert_int_equal(rbpf_window(&rig.vm, RBPF_REGION_EXTRA, extra, sizeof extra, 4), RBPF_OK);
    const rbpf_result_t result = rig_run(&rig, 0, RIG_BRANCHES);
    if (result != c->result || rig.r0 != c->value) {
        fail_msg("%s: result %d, value 0x%llx", c->name, (int)result, (unsigned long long)rig.r0);
    }
    if (result == RBPF_ERR_MEMORY) {
        assert_int_equal(rig.vm.fault_slot, 2);
        assert_true(rig.vm.fault_address == c->base + (uint64_t)(int64_t)c->offset);
    }
    rig_close(&rig);
}

static void test_access(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof access_cases / sizeof access_cases[0]; i++) {
        run_access(&access_cases[i]);
    }
}

/* One store of 0x8182838485868788 (or of the immediate) at data + 3, and what then lies there. */
typedef struct store_case {
    const char *name;
    uint64_t instruction; /* r1 is the address, r2 the value */
    uint8_t bytes[10];    /* data[2] .. data[11] */
} store_case_t;

static const store_case_t store_cases[] = {
    {"a byte", I(STXB, 1, 2, 3, 0), {0x12, 0x88, 0x14, 0x15, 0x16, 0x17, 0x18, 0, 0, 0}},
    {"a half word", I(STXH, 1, 2, 3, 0), {0x12, 0x88, 0x87, 0x15, 0x16, 0x17, 0x18, 0, 0, 0}},
    {"a word", I(STXW, 1, 2, 3, 0), {0x12, 0x88, 0x87, 0x86, 0x85, 0x17, 0x18, 0, 0, 0}},
    {"a double word", I(STXDW, 1, 2, 3, 0), {0x12, 0x88, 0x87, 0x86, 0x85, 0x84, 0x83, 0x82, 0x81, 0}},
    {"a byte, immediate", I(STB, 1, 0, 3, 0x1f2), {0x12, 0xf2, 0x14, 0x15, 0x16, 0x17, 0x18, 0, 0, 0}},
    {"a half word, immediate", I(STH, 1, 0, 3, -2), {0x12, 0xfe, 0xff, 0x15, 0x16, 0x17, 0x18, 0, 0, 0}},
    {"a word, immediate", I(STW, 1, 0, 3, 0x01020304), {0x12, 4, 3, 2, 1, 0x17, 0x18, 0, 0, 0}},
    {"a double word takes the immediate with its sign", I(STDW, 1, 0, 3, -2), {0x12, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0}},
};

static void test_stores(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof store_cases / sizeof store_cases[0]; i++) {
        const store_case_t *c = &store_cases[i];
        const uint64_t text[] = {LDDW(1, 0x20000000u), LDDW(2, 0x8182838485868788u), c->instruction, EXIT};
        rig_t rig = {.parts = {.text = text, .slot_count = 6, .data = data, .data_size = sizeof data}};
        assert_int_equal(rig_open(&rig), RBPF_OK);
        assert_int_equal(rig_run(&rig, 0, RIG_BRANCHES), RBPF_OK);
        if (memcmp(rig.data + 2, c->bytes, sizeof c->bytes) != 0) {
            fail_msg("%s: wrong bytes in memory", c->name);
        }
        assert_memory_equal(rig.bytes + 32, data, sizeof data); /* the image itself is never written */
        rig_close(&rig);
    }
}

typedef struct window_case {
    const char *name;
    uint32_t region, readable, writable;
    bool has_bytes;
    rbpf_result_t result;
} window_case_t;

static const window_case_t window_cases[] = {
    {"the context", 4, 8, 0, true, RBPF_OK},
    {"the last region", 15, 8, 8, true, RBPF_OK},
    {"taken away again", 15, 0, 0, false, RBPF_OK},
    {"the region of NULL", 0, 8, 0, true, RBPF_ERR_MEMORY},
    {"the stack is the engine's", 1, 8, 0, true, RBPF_ERR_MEMORY},
    {"rodata is the engine's", 3, 8, 0, true, RBPF_ERR_MEMORY},
    {"a region too many", 16, 8, 0, true, RBPF_ERR_MEMORY},
    {"a region far too many", 0xffffffffu, 8, 0, true, RBPF_ERR_MEMORY},
    {"as large as a region", 5, 0x10000000u, 0, true, RBPF_OK},
    {"larger than a region", 5, 0x10000001u, 0, true, RBPF_ERR_MEMORY},
    {"more writable than readable", 5, 8, 9, true, RBPF_ERR_MEMORY},
    {"no bytes", 5, 8, 0, false, RBPF_ERR_MEMORY},
};

static void test_windows(void **state)
{
    (void)state;
    const uint64_t text[] = {EXIT};
    uint8_t bytes[8] = {0};
    rig_t rig = {.parts = {.text = text, .slot_count = 1}};
    assert_int_equal(rig_open(&rig), RBPF_OK);
    for (size_t i = 0; i < sizeof window_cases / sizeof window_cases[0]; i++) {
        const window_case_t *c = &window_cases[i];
        if (rbpf_window(&rig.vm, c->region, c->has_bytes ? bytes : NULL, c->readable, c->writable) != c->result) {
            fail_msg("%s", c->name);
        }
    }
    for (uint32_t i = 0; i < RBPF_REGION_COUNT; i++) {
        assert_non_null(rig.vm.windows[i].bytes);
    }
    assert_int_equal(rig.vm.windows[0].readable, 0);
    assert_int_equal(rig.vm.windows[3].writable, 0);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_access),
        cmocka_unit_test(test_stores),
        cmocka_unit_test(test_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
