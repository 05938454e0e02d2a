/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/memory_test.c - ranges of guest memory, overlap, widths, ranges of values, counts and what they cost, spilled slots. */
#include "rig.h"

#include <string.h>

typedef struct range_case {
    const char *name;
    uint32_t at, n;
    bool is_readable, is_writable;
} range_case_t;

/* One window of 0x100 bytes, of which the first 0x80 can be written. */
static const range_case_t flat_cases[] = {
    {"all of it", 0, 0x100, true, false},
    {"all that can be written", 0, 0x80, true, true},
    {"one byte more than can be written", 0, 0x81, true, false},
    {"a range that ends a byte before the end", 0xf0, 0x0f, true, false},
    {"a range that ends with the end", 0xf0, 0x10, true, false},
    {"a range that ends a byte behind the end", 0xf0, 0x11, false, false},
    {"the last byte", 0xff, 1, true, false},
    {"the last byte that can be written", 0x7f, 1, true, true},
    {"the byte behind the end", 0x100, 1, false, false},
    {"the byte behind the last that can be written", 0x80, 1, true, false},
    {"an empty range at 0", 0, 0, true, true},
    {"an empty range at the end of what can be written", 0x80, 0, true, true},
    {"an empty range at the end", 0x100, 0, true, false},
    {"an empty range behind the end", 0x101, 0, false, false},
    {"an empty range at the end of the address space", 0xffffffffu, 0, false, false},
    {"a size that wraps around to the start", 0x10, 0xfffffff0u, false, false},
    {"a size that wraps around into memory", 0x10, 0xfffffff8u, false, false},
    {"a size of all ones", 0, 0xffffffffu, false, false},
    {"an address of all ones", 0xffffffffu, 1, false, false},
    {"an address that wraps around", 0xfffffff0u, 0x20, false, false},
    {"half the address space", 0x80000000u, 0x80000000u, false, false},
    {"a size that is negative when signed", 0, 0x80000000u, false, false},
    {"an address that is another region where there are regions", 0x10000000u, 1, false, false},
};

static uint8_t memory[0x200];

static void check_range(rig_t *rig, const range_case_t *c, const uint8_t *base, uint32_t offset)
{
    const uint8_t *in = cg_in(&rig->guest, c->at, c->n);
    const int in_why = rig_why(rig);
    const uint8_t *out = cg_out(&rig->guest, c->at, c->n);
    const int out_why = rig_why(rig);
    const bool is_good = in == (c->is_readable ? base + offset : NULL) && in_why == (c->is_readable ? 0 : CG_ERR_MEMORY) && out == (c->is_writable ? base + offset : NULL)
        && out_why == (c->is_writable ? 0 : CG_ERR_MEMORY) && cg_peek(&rig->guest, c->at, c->n) == in;
    if (!is_good) {
        fail_msg("%s: readable %d, writable %d", c->name, in != NULL, out != NULL);
    }
}

static void ranges_of_one_window(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    rig.windows[0] = (cg_window_t){memory, 0x100, 0x80};
    for (size_t i = 0; i < sizeof flat_cases / sizeof flat_cases[0]; i++) {
        check_range(&rig, &flat_cases[i], memory, flat_cases[i].at);
    }
    rig_close(&rig);
}

static const range_case_t region_cases[] = {
    {"the first region", 0x00000000u, 0x10, true, true},
    {"beyond the first region", 0x00000001u, 0x10, false, false},
    {"from the first region into the second", 0x0fffffffu, 2, false, false},
    {"a region that cannot be written", 0x10000000u, 0x20, true, false},
    {"nothing of a region that cannot be written", 0x10000000u, 0, true, true},
    {"the last region", 0xf0000000u, 8, true, true},
    {"the last region, and around to the first", 0xf0000000u, 0x10000008u, false, false},
    {"a region that is not there", 0x20000000u, 1, false, false},
    {"nothing, in a region that is not there", 0x20000000u, 0, true, true},
    {"an offset of all ones", 0x0fffffffu, 1, false, false},
};

static void ranges_of_regions(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    rig.guest.region_mask = 15;
    rig.guest.offset_mask = 0x0fffffffu;
    for (uint32_t i = 0; i < 16; i++) {
        rig.windows[i] = (cg_window_t){memory + 4 * i, 0, 0};
    }
    rig.windows[0] = (cg_window_t){memory, 0x10, 0x10};
    rig.windows[1] = (cg_window_t){memory + 4, 0x20, 0};
    rig.windows[15] = (cg_window_t){memory + 60, 8, 8};
    for (size_t i = 0; i < sizeof region_cases / sizeof region_cases[0]; i++) {
        const range_case_t *c = &region_cases[i];
        check_range(&rig, c, memory + 4 * (c->at >> 28), c->at & 0x0fffffffu);
    }
    rig_close(&rig);
}

/* Every size, address and length of a small memory, and the same near the ends of the numbers, against sums that cannot wrap. */
static void ranges_against_sums(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    static const uint32_t bases[] = {0, 0x7ffffff8u, 0xfffffff0u};
    uint32_t count = 0;
    for (uint32_t size = 0; size <= 12; size++) {
        rig.windows[0] = (cg_window_t){memory, size, size / 2};
        for (uint32_t a = 0; a < 3 * 16; a++) {
            for (uint32_t b = 0; b < 3 * 16; b++) {
                const uint32_t at = bases[a / 16] + a % 16, n = bases[b / 16] + b % 16;
                const bool in = cg_in(&rig.guest, at, n) != NULL, out = cg_out(&rig.guest, at, n) != NULL;
                assert_int_equal(in, (uint64_t)at + n <= size);
                assert_int_equal(out, (uint64_t)at + n <= size / 2);
                (void)rig_why(&rig);
                count += 1;
            }
        }
    }
    assert_int_equal(count, 13 * 48 * 48);
    rig_close(&rig);
}

static void ranges_of_the_largest_memory(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    rig.windows[0] = (cg_window_t){memory, UINT32_MAX, UINT32_MAX}; /* never touched, only measured */
    assert_non_null(cg_in(&rig.guest, 0, UINT32_MAX));
    assert_null(cg_in(&rig.guest, 1, UINT32_MAX));
    assert_null(cg_out(&rig.guest, UINT32_MAX, 1));
    assert_null(cg_out(&rig.guest, 0x80000000u, 0x80000000u));
    (void)rig_why(&rig);
    rig_close(&rig);
}

/* ---- overlap ---- */

static const struct {
    const char *name;
    uint32_t at, n, at2, n2;
    bool is_apart;
} apart_cases[] = {
    {"one after the other", 0, 4, 4, 4, true},        {"one before the other", 4, 4, 0, 4, true},  {"the last byte is shared", 0, 5, 4, 4, false},
    {"the same range", 8, 4, 8, 4, false},            {"one inside the other", 0, 16, 4, 2, false}, {"the other inside the one", 4, 2, 0, 16, false},
    {"an empty one inside the other", 4, 0, 0, 16, true}, {"an empty other inside the one", 0, 16, 4, 0, true}, {"both empty, in one place", 4, 0, 4, 0, true},
    {"one byte each, in one place", 4, 1, 4, 1, false}, {"far apart", 0, 4, 0xfffffff0u, 4, true}, {"at the end of the address space, and at its start", 0xfffffffcu, 4, 0, 4, true},
    {"in different regions", 0x10000000u, 16, 0x20000000u, 16, true},
};

static void overlaps(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    for (size_t i = 0; i < sizeof apart_cases / sizeof apart_cases[0]; i++) {
        if (cg_apart(&rig.guest, apart_cases[i].at, apart_cases[i].n, apart_cases[i].at2, apart_cases[i].n2) != apart_cases[i].is_apart) {
            fail_msg("%s", apart_cases[i].name);
        }
        assert_int_equal(rig_why(&rig), apart_cases[i].is_apart ? 0 : CG_ERR_OVERLAP);
    }
    for (uint32_t i = 0; i < 12 * 12 * 12 * 12; i++) {
        const uint32_t at = i % 12, n = i / 12 % 12, at2 = i / 144 % 12, n2 = i / 1728;
        uint32_t shared = 0;
        for (uint32_t byte = at; byte < at + n; byte++) {
            shared += byte >= at2 && byte < at2 + n2;
        }
        assert_int_equal(cg_apart(&rig.guest, at, n, at2, n2), shared == 0);
    }
    (void)rig_why(&rig);
    rig_close(&rig);
}

/* ---- values ---- */

static void widths(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    cg_guest_t *g = &rig.guest;
    static const uint64_t values[] = {0, 1, 127, 128, 255, 256, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff, 0x8000000000000000,
                                      0xffffffff00000000, 0xffffffff7fffffff, 0xffffffff80000000, 0xffffffffffffff7f, 0xffffffffffffff80, 0xffffffffffffffff};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const uint64_t value = values[i];
        const uint32_t word = (uint32_t)value;
        assert_int_equal(cg_is_u32(g, value), value <= UINT32_MAX);
        assert_int_equal(cg_is_s32(g, value), (int64_t)value >= INT32_MIN && (int64_t)value <= INT32_MAX);
        assert_int_equal(cg_width_u(g, word, 255), word <= 255);
        assert_int_equal(cg_width_u(g, word, 1), word <= 1);
        assert_int_equal(cg_width_s(g, word, -128, 127), (int32_t)word >= -128 && (int32_t)word <= 127);
        assert_int_equal(cg_range_u(g, value, 128, 0x8000000000000000), value >= 128 && value <= 0x8000000000000000);
        assert_int_equal(cg_range_s(g, (int64_t)value, -128, 256), (int64_t)value >= -128 && (int64_t)value <= 256);
        assert_int_equal(cg_low(&value), word);
    }
    (void)rig_why(&rig);
    assert_false(cg_width_u(g, 256, 255));
    assert_int_equal(rig_why(&rig), CG_ERR_WIDTH);
    assert_false(cg_range_u(g, 0, 1, 2));
    assert_int_equal(rig_why(&rig), CG_ERR_RANGE);
    assert_false(cg_known(g, false));
    assert_int_equal(rig_why(&rig), CG_ERR_VALUE);
    assert_false(cg_host_kept(g, false));
    assert_int_equal(rig_why(&rig), CG_ERR_HOST);
    assert_false(cg_read(g, CG_ERR_RANGE));
    assert_int_equal(rig_why(&rig), CG_ERR_RANGE);
    assert_true(cg_known(g, true) && cg_host_kept(g, true) && cg_read(g, 0));
    assert_int_equal(rig_why(&rig), 0);
    rig_close(&rig);
}

static void the_first_reason_wins(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    assert_false(cg_width_u(&rig.guest, 2, 1));
    assert_false(cg_known(&rig.guest, false));
    assert_false(cg_no(&rig.guest, CG_ERR_HOST));
    assert_int_equal(rig_why(&rig), CG_ERR_WIDTH);
    rig_close(&rig);
}

static void counts_cost_bytes(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t left, count, max, size;
        int expected;
        uint32_t left_after;
    } in[] = {
        {"as many as there may be", 100, 10, 10, 10, 0, 0},   {"one too many", 100, 11, 10, 1, CG_ERR_RANGE, 100},       {"one byte too dear", 99, 10, 10, 10, CG_ERR_QUOTA, 99},
        {"none", 0, 0, 10, 10, 0, 0},                         {"none of none", 5, 0, 0, 1, 0, 5},                        {"a count that is negative when signed", 100, 0x80000000u, 10, 4, CG_ERR_RANGE, 100},
        {"a product that would wrap", 100, 0x40000000u, 10, 4, CG_ERR_RANGE, 100},
    };
    static const struct {
        const char *name;
        uint32_t left, capacity, max, size;
        int expected;
        uint32_t left_after, bytes;
    } out[] = {
        {"as many as there may be", 100, 10, 10, 10, 0, 0, 100},
        {"more than there may be: the maximum is charged, all of it is checked", 100, 20, 10, 10, 0, 0, 200},
        {"one byte too dear", 99, 10, 10, 10, CG_ERR_QUOTA, 99, 100},
        {"nothing", 7, 0, 10, 10, 0, 7, 0},
        {"a product that would wrap is as large as can be", 100, 0x40000001u, 10, 4, 0, 60, UINT32_MAX},
        {"the largest product that does not wrap", 100, 0x3fffffffu, 10, 4, 0, 60, 0xfffffffcu},
        {"all ones, of single bytes", 100, 0xffffffffu, 10, 1, 0, 90, 0xffffffffu},
    };
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    for (size_t i = 0; i < sizeof in / sizeof in[0]; i++) {
        rig.guest.bytes_left = in[i].left;
        const bool is_good = cg_count_in(&rig.guest, in[i].count, in[i].max, in[i].size);
        if (is_good != (in[i].expected == 0) || rig_why(&rig) != in[i].expected || rig.guest.bytes_left != in[i].left_after) {
            fail_msg("in: %s", in[i].name);
        }
    }
    for (size_t i = 0; i < sizeof out / sizeof out[0]; i++) {
        uint32_t bytes = 0;
        rig.guest.bytes_left = out[i].left;
        const bool is_good = cg_count_out(&rig.guest, out[i].capacity, out[i].max, out[i].size, &bytes);
        if (is_good != (out[i].expected == 0) || rig_why(&rig) != out[i].expected || rig.guest.bytes_left != out[i].left_after || bytes != out[i].bytes) {
            fail_msg("out: %s", out[i].name);
        }
    }
    rig_close(&rig);
}

static void values_are_given_little_endian(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    cg_guest_t *g = &rig.guest;
    memset(memory, 0xa5, sizeof memory);
    rig.windows[0] = (cg_window_t){memory, 32, 16};
    assert_true(cg_give8(g, 0, 0x1ff) && cg_give16(g, 1, 0x12233) && cg_give32(g, 3, 0x44556677) && cg_give64(g, 7, 0x0123456789abcdef) && cg_give(g, 15, "z", 1) && cg_give(g, 16, "", 0));
    assert_memory_equal(memory, "\xff\x33\x22\x77\x66\x55\x44\xef\xcd\xab\x89\x67\x45\x23\x01z\xa5", 17);
    assert_true(cg_load16(memory + 1) == 0x2233 && cg_load32(memory + 3) == 0x44556677 && cg_load64(memory + 7) == 0x0123456789abcdef);
    assert_false(cg_give8(g, 16, 0) || cg_give16(g, 15, 0) || cg_give32(g, 13, 0) || cg_give64(g, 9, 0) || cg_give(g, 17, "", 0));
    assert_memory_equal(memory, "\xff\x33\x22\x77\x66\x55\x44\xef\xcd\xab\x89\x67\x45\x23\x01z\xa5", 17);
    assert_int_equal(rig_why(&rig), CG_ERR_MEMORY);
    rig_close(&rig);
}

/* ---- rows and spilled slots ---- */

static uint32_t seen[CG_ROW_WORDS_MAX];

static uint64_t body_sees(cg_guest_t *g, const uint32_t *words)
{
    (void)g;
    memcpy(seen, words, sizeof *seen * 7);
    return 5;
}

/* Six slots: u32, s32, u64, u32, s32, u32: seven words. Four fit, and the last of these points at three more. */
static void rows_make_words(void **state)
{
    (void)state;
    static const uint32_t wanted[7] = {1, 0xfffffffeu, 0x55667788u, 0x11223344u, 4, 0xfffffffbu, 6};
    static const struct {
        const char *name;
        uint64_t slots[4];
        int64_t expected;
    } rows[] = {
        {"right ones", {1, 0xfffffffffffffffeu, 0x1122334455667788u, 8}, 5},
        {"a bit above a u32", {0x100000001u, 0xfffffffffffffffeu, 0x1122334455667788u, 8}, CG_ERR_WIDTH},
        {"a negative number without its sign", {1, 0xfffffffeu, 0x1122334455667788u, 8}, CG_ERR_WIDTH},
        {"a block over the end", {1, 0xfffffffffffffffeu, 0x1122334455667788u, 9}, CG_ERR_MEMORY},
        {"a block with a bit above its address", {1, 0xfffffffffffffffeu, 0x1122334455667788u, 0x100000008u}, CG_ERR_WIDTH},
        {"a spilled slot that is too wide", {1, 0xfffffffffffffffeu, 0x1122334455667788u, 0}, CG_ERR_WIDTH},
    };
    const cg_row_t row = {.body = body_sees, .shape = 0u | 1u << 2 | 2u << 4 | 1u << 8, .slots = 6, .form = CG_FORM_COUNT};
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    memset(memory, 0xff, sizeof memory);
    cg_store64(memory + 8, 4);
    cg_store64(memory + 16, 0xfffffffffffffffbu);
    cg_store64(memory + 24, 6);
    rig.windows[0] = (cg_window_t){memory, 32, 0};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t words[CG_ROW_WORDS_MAX];
        memset(seen, 0, sizeof seen);
        const bool is_good = cg_row_words(&rig.guest, &row, rows[i].slots, 4, false, words);
        const int64_t got = (int64_t)cg_row_call(&rig.guest, &row, 3, rows[i].slots, 4, false);
        if (got != rows[i].expected || is_good != (got == 5)) {
            fail_msg("%s: %d, wanted %d", rows[i].name, (int)got, (int)rows[i].expected);
        }
        if (got == 5) {
            assert_memory_equal(seen, wanted, sizeof wanted);
            assert_memory_equal(words, wanted, sizeof wanted);
        }
    }
    const uint64_t cells[6] = {0xdead00000001u, 0xdeadfffffffeu, 0x1122334455667788u, 0xdead00000004u, 0xdeadfffffffbu, 0xdead00000006u};
    assert_int_equal((int64_t)cg_row_call(&rig.guest, &row, 3, cells, CG_ROW_SLOTS_MAX, true), 5);
    assert_memory_equal(seen, wanted, sizeof wanted);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranges_of_one_window),
        cmocka_unit_test(ranges_of_regions),
        cmocka_unit_test(ranges_against_sums),
        cmocka_unit_test(ranges_of_the_largest_memory),
        cmocka_unit_test(overlaps),
        cmocka_unit_test(widths),
        cmocka_unit_test(the_first_reason_wins),
        cmocka_unit_test(counts_cost_bytes),
        cmocka_unit_test(values_are_given_little_endian),
        cmocka_unit_test(rows_make_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
