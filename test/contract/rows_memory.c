/* SPDX-License-Identifier: BSD-2-Clause */
/* rows_memory.c - rows about buffers and where they lie: inside, at the edge, beyond, around the end of all addresses, over each other.
 * -6 is RANGE, -9 MEMORY, -10 OVERLAP, -11 SPACE, -16 HOST. "Edge" is one past the last byte of the guest's data. Read by main.c. */
#include "row.h"

#define U(value) ((uint32_t)(value))

static const char nothing_at_0[] = "address 0 is ordinary memory in WebAssembly, and no memory elsewhere";
static const char constants[] = "constants lie in the one memory of WebAssembly, which can be written; rBPF has a region for them";

static const row_t rows[] = {
    /* bytes in */
    {"bytes arrive from data and from constants", SC_take_well, {0}, .expected = "take(abc) 0 take(constant) 0 => 0"},
    {"bytes that end at the edge arrive", SC_take, {U(-4), 4, FROM_EDGE}, .expected = "take(abcd) 0 => 0"},
    {"bytes that end one before the edge arrive", SC_take, {U(-4), 3, FROM_EDGE}, .expected = "take(abc) 0 => 0"},
    {"bytes that end one beyond the edge are refused", SC_take, {U(-4), 5, FROM_EDGE}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"bytes that begin at the edge are refused", SC_take, {0, 1, FROM_EDGE}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"bytes that begin one beyond the edge are refused", SC_take, {1, 1, FROM_EDGE}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"the last byte arrives", SC_take, {U(-1), 1, FROM_EDGE}, .expected = "take(d) 0 => 0"},
    {"bytes that wrap around the end of addresses are refused", SC_take, {0xfffffffcu, 8, FROM_ZERO}, .expected = "-9 => 0"},
    {"the last address is refused", SC_take, {0xffffffffu, 1, FROM_ZERO}, .expected = "-9 => 0"},
    {"bytes that would end at address 0 are refused", SC_take, {0xfffffff0u, 16, FROM_ZERO}, .expected = "-9 => 0"},
    {"a size near the largest number is refused for its range", SC_take, {U(-4), 0xfffffffcu, FROM_EDGE}, .expected = "-6 => 0"},
    {"one byte more than the call takes is refused", SC_take, {0, 33, FROM_AREA}, .expected = "-6 => 0"},
    {"the most bytes the call takes arrive", SC_take, {U(-32), 32, FROM_EDGE}, .expected =
     "take(\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00abcd) 0 => 0"},
    {"no bytes at address 0 are no offence, one is what the VM says", SC_null, {0}, .expected = "take() 0 take(\\00) 0 => 0",
     .on_rbpf = "take() 0 -9 => 0", .on_native = "take() 0 -9 => 0", .why = nothing_at_0},
    {"no bytes inside arrive", SC_take, {4, 0, FROM_AREA}, .expected = "take() 0 => 0"},
    {"no bytes at the edge arrive", SC_take, {0, 0, FROM_EDGE}, .expected = "take() 0 => 0"},
    {"no bytes beyond the edge are refused", SC_take, {1, 0, FROM_EDGE}, .apart = APART_BEYOND, .expected = "-9 => 0"},

    /* bytes out */
    /* 01020304 a5a5a5 */
    {"bytes come back, and their count; the byte behind them stays", SC_fill_well, {0}, .expected = "fill(4,6) 0 4 283686962832805 => 0"},
    {"more room than the call's maximum is capped, and one byte more than that does not fit", SC_fill_beyond, {0},
     .expected = "fill(32,32) 0 32 0 fill(33,32) -11 => 0"},
    {"a buffer of just the size is filled", SC_fill, {0, 4, FROM_AREA, 4}, .expected = "fill(4,4) 4 4 => 0"},
    {"a buffer one too small is refused and not written", SC_fill, {0, 3, FROM_AREA, 4}, .expected = "fill(4,3) -11 0 => 0"},
    {"a buffer without room is refused where there is a byte to give", SC_fill, {0, 0, FROM_AREA, 1}, .expected = "fill(1,0) -11 0 => 0"},
    {"a buffer without room is right where there is nothing to give", SC_fill, {0, 0, FROM_AREA, 0}, .expected = "fill(0,0) 0 0 => 0"},
    {"a buffer without room at the edge is right", SC_fill, {0, 0, FROM_EDGE, 0}, .expected = "fill(0,0) 0 0 => 0"},
    {"a buffer without room beyond the edge is refused", SC_fill, {1, 0, FROM_EDGE, 0}, .apart = APART_BEYOND, .expected = "-9 0 => 0"},
    {"a buffer that ends at the edge is filled", SC_fill, {U(-4), 4, FROM_EDGE, 4}, .expected = "fill(4,4) 4 4 => 0",
     .on_wamr = "fill(4,4) 4 0 => 0", .why = "the area, whose changes are counted, ends at the edge in rBPF only",
     .on_embedvm = "fill(4,4) 4 0 => 0"},
    {"a buffer that ends one beyond the edge is refused, however little would be written", SC_fill, {U(-4), 5, FROM_EDGE, 1}, .apart = APART_BEYOND, .expected = "-9 0 => 0"},
    {"a buffer that claims more room than its memory is refused, even above the call's maximum", SC_fill, {U(-40), 41, FROM_EDGE, 1},
     .apart = APART_BEYOND, .expected = "-9 0 => 0"},
    {"a buffer of the largest capacity is refused", SC_fill, {0, UINT32_MAX, FROM_AREA, 1}, .expected = "-9 0 => 0"},
    {"a buffer that wraps around is refused", SC_fill, {0xfffffff0u, 32, FROM_ZERO, 4}, .expected = "-9 0 => 0"},
    {"a host function that claims to have written more than there is room for is not believed", SC_fill, {0, 8, FROM_AREA, 200},
     .expected = "fill(200,8) -16 0 => 0"},
    {"a constant is not written", SC_read_only, {0}, .apart = APART_CONSTANT, .expected = "take(\\01\\02\\03\\04\\05\\06\\07\\08) 0 fill(4,8) 4 1 => 0",
     .on_rbpf = "take(\\01\\02\\03\\04\\05\\06\\07\\08) 0 -9 1 => 0", .why = constants},

    /* bytes in and out */
    {"a buffer is turned around", SC_turn_well, {0}, .expected = "turn(abc) 0 4 take(cba!) 0 => 0"},
    {"a buffer without room for the result keeps what it had", SC_turn_full, {0}, .expected = "turn(abc) -11 3 take(abcd) 0 => 0"},
    {"a buffer with more in it than its capacity is refused", SC_turn, {0, 5, 4, FROM_AREA}, .expected = "-6 => 0"},
    {"a buffer with more in it than the call takes is refused", SC_turn, {0, 33, 64, FROM_AREA}, .expected = "-6 => 0"},
    {"a buffer whose capacity crosses the edge is refused, though its content does not", SC_turn, {U(-4), 2, 8, FROM_EDGE}, .apart = APART_BEYOND, .expected = "-9 => 0"},

    /* records and lists at the edge */
    {"a record that ends at the edge arrives", SC_put, {0}, .expected = "put(-2,100000,1:2:3,4,10000000000,0x1,1,100) 0 => 0"},
    {"a record one byte beyond the edge is refused", SC_put, {1}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"a record at the edge is refused", SC_put, {32}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"a record's place that ends at the edge is written", SC_get, {U(-32), 0, FROM_EDGE}, .expected = "get(0) 0 => 0"},
    {"a record's place one byte beyond the edge is refused before the host is asked", SC_get, {U(-31), 0, FROM_EDGE}, .apart = APART_BEYOND, .expected = "-9 => 0",
     .on_embedvm = "get(0) 0 => 0", .why = "a place has 22 bytes in EmbedVM, so this one ends before the edge"},
    {"a record's place that wraps around is refused", SC_get, {0xfffffff0u, 0, FROM_ZERO}, .expected = "-9 => 0"},
    {"a list that ends at the edge arrives", SC_total, {U(-4), 2, FROM_EDGE, 0}, .expected = "total(2) 0 => 0"},
    {"a list one element beyond the edge is refused", SC_total, {U(-4), 3, FROM_EDGE, 0}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"a list half an element beyond the edge is refused", SC_total, {U(-3), 2, FROM_EDGE, 0}, .apart = APART_BEYOND, .expected = "-9 => 0"},
    {"a list whose bytes would wrap around is refused for its count", SC_total, {0, 0x80000001u, FROM_AREA, 0}, .expected = "-6 => 0",
     .on_embedvm = "", .why = "cells of EmbedVM have no such bits"},
    {"a list's place whose bytes would wrap around is refused", SC_count, {0, 0x15555556u, FROM_AREA, 1}, .expected = "-9 0 => 0"},
    {"a list's place of the largest capacity is refused", SC_count, {0, UINT32_MAX, FROM_AREA, 1}, .expected = "-9 0 => 0"},
    {"a list's place that crosses the edge is refused", SC_count, {U(-12), 2, FROM_EDGE, 1}, .apart = APART_BEYOND, .expected = "-9 0 => 0"},

    /* buffers over each other */
    {"buffers side by side are copied", SC_copy_well, {0}, .expected = "copy(abcdefgh) 0 8 4 take(abcdefghabcduvwx) 0 => 0"},
    {"two buffers to write at one place are refused", SC_copy, {0, 32, 32, 8}, .expected = "-10 => 0"},
    {"two buffers to write that share a byte are refused", SC_copy, {0, 32, 39, 8}, .expected = "-10 => 0"},
    {"two buffers to write side by side are right", SC_copy, {0, 32, 40, 8}, .expected = "copy(abcdefgh) 0 => 0"},
    {"a buffer to write over the one to read is refused", SC_copy, {0, 0, 32, 8}, .expected = "-10 => 0"},
    {"a buffer to write over the last byte to read is refused", SC_copy, {0, 7, 32, 8}, .expected = "-10 => 0"},
    {"a buffer to write whose last byte is the first to read is refused", SC_copy, {7, 0, 32, 8}, .expected = "-10 => 0"},
    {"a buffer to write over a buffer of no bytes is right", SC_copy, {4, 0, 32, 0}, .expected = "copy() 0 => 0"},
    {"a count inside a buffer to write, two counts at one place: refused; buffers of nothing share nothing", SC_copy_counts, {0},
     .expected = "-10 -10 copy() 0 => 0"},
    {"a result over the list that is read is refused", SC_total, {0, 4, FROM_AREA, 4}, .expected = "-10 => 0"},

    /* memory that grows */
    {"memory that has grown is the guest's, up to what the policy gives", SC_grow, {0},
     .apart = APART_GROW, .expected = "1 -9 1 65536 take(n) 0 take(z) 0 -9 -1 => 0", .on_rbpf = "", .why = "the memory of rBPF does not grow"},
};

const table_t table_memory = {"buffers and where they lie", rows, sizeof rows / sizeof rows[0]};
