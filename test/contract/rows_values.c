/* SPDX-License-Identifier: BSD-2-Clause */
/* rows_values.c - rows about values, enums, flags, texts and records: right use, and everything beside it.
 * -5 is WIDTH, -6 RANGE, -9 MEMORY, -11 SPACE, -13 VALUE, -14 FORMAT, -15 GUARD, -16 HOST. Read by main.c. */
#include "row.h"

#define U(value) ((uint32_t)(value))
#define TEXT(size, high, low) {(size), (high), (low)}

static const row_t rows[] = {
    /* scalars */
    {"a plain value comes back", SC_sum, {40, U(-2)}, .expected = "sum(40,-2) 38 => 0"},
    {"a plain value keeps its 32 bits", SC_sum, {UINT32_MAX, U(-128)}, .expected = "sum(4294967295,-128) -129 => 0"},
    {"a plain value that cannot be taken ends the activation, for it has no room for an error", SC_sum, {1, 128},
     .expected = "=> gate: contract.sum: an argument has bits beyond its type"},
    {"values of 64 bits arrive whole", SC_wide, {0},
     .expected = "wide(fedcba9876543210,-9223372036854775808) 9141386507638288912 wide(0,-1) -1 => 0"},
    {"floats are moved bit by bit", SC_floats, {0}, .expected = "floats(1.5,-0.25) 4608308318706860032 => 0"},
    {"the largest and smallest narrow values pass", SC_narrow, {255, U(-32768), 1}, .expected = "narrow(255,-32768,1) 0 => 0"},
    {"a u8 of 256 is refused, not cut", SC_narrow, {256, 0, 0}, .expected = "-5 => 0"},
    {"a u8 with its highest bit set is refused", SC_narrow, {0x80000000u, 0, 0}, .expected = "-5 => 0"},
    {"an s16 of 32768 is refused", SC_narrow, {0, 32768, 0}, .expected = "-5 => 0"},
    {"an s16 of -32769 is refused", SC_narrow, {0, U(-32769), 0}, .expected = "-5 => 0"},
    {"a bool of 2 is refused", SC_narrow, {0, 0, 2}, .expected = "-5 => 0"},
    {"bits above 32 are refused in values, addresses, counts and handles", SC_high, {0},
     .expected = "", .on_rbpf = "open(4) -5 -5 -5 -5 -5 -5 -5 -5 -5 narrow(1,-1,1) 0 => 0 release(4)",
     .why = "WebAssembly has slots of 32 bits"},
    {"the lowest value of a range passes", SC_ranged, {10, U(-5)}, .expected = "ranged(10,-5) 0 5 => 0"},
    {"the highest value of a range passes", SC_ranged, {60000, 5}, .expected = "ranged(60000,5) 0 30000 => 0"},
    {"a value below its range is refused and the result stays", SC_ranged, {9, 0}, .expected = "-6 77 => 0"},
    {"a value above its range is refused", SC_ranged, {60001, 0}, .expected = "-6 77 => 0"},
    {"a signed value below its range is refused", SC_ranged, {10, U(-6)}, .expected = "-6 77 => 0"},
    {"a signed value above its range is refused", SC_ranged, {10, 6}, .expected = "-6 77 => 0"},

    /* enums and flags */
    {"enums and flags arrive", SC_paint_well, {0}, .expected = "paint(2,7,0x81) 0 4 => 0"},
    {"an open enum lets unknown values pass", SC_paint, {1, 999, 0}, .expected = "paint(1,999,0) 4 => 0"},
    {"a closed enum refuses a value between known ones", SC_paint, {3, 0, 0}, .expected = "-13 => 0"},
    {"a closed enum refuses 0 where it has no name", SC_paint, {0, 0, 0}, .expected = "-13 => 0"},
    {"an enum with bits beyond its base is refused", SC_paint, {0x101, 0, 0}, .expected = "-5 => 0"},
    {"an open enum with bits beyond its base is refused", SC_paint, {1, 0x10007, 0}, .expected = "-5 => 0"},
    {"a reserved flag is refused", SC_paint, {1, 0, 0x08}, .expected = "-13 => 0"},
    {"a reserved flag among named ones is refused", SC_paint, {1, 0, 0x8b}, .expected = "-13 => 0"},
    {"flags beyond their base are refused", SC_paint, {1, 0, 0x101}, .expected = "-5 => 0"},
    {"a closed enum of the host's that nobody knows is refused", SC_paint, {2, 0x50, 0x80}, .expected = "paint(2,80,0x80) -16 => 0"},

    /* more slots than a convention has */
    {"eleven slots arrive in order", SC_spill_well, {0},
     .expected = "spill(255,65535,4294967295,18446744073709551615,-128,-9223372036854775808,1,12345678) 0 -12345678901 8 => 0"},
    {"an error of the API comes back and the results stay", SC_spill_error, {0}, .expected = "spill(1,2,57005,4,5,6,0,) -64 77 77 => 0"},
    {"spilled slots are checked as others are", SC_spill_width, {0}, .expected = "-5 -5 -6 77 77 => 0"},
    {"a spill block that ends at the edge is read", SC_spill_block, {0},
     .expected = "", .on_rbpf = "spill(1,2,3,4,5,6,0,x) 0 -12345678901 => 0", .why = "only rBPF spills"},
    {"a spill block one byte beyond is refused", SC_spill_block, {1}, .expected = "", .on_rbpf = "-9 77 => 0", .why = "only rBPF spills"},
    {"a spill block at no address is refused", SC_spill_block, {U(-0x20000000)}, .expected = "", .on_rbpf = "-9 77 => 0",
     .why = "only rBPF spills"},
    {"a spill block that wraps around is refused", SC_spill_block, {0xdffffff8u}, .expected = "", .on_rbpf = "-9 77 => 0",
     .why = "only rBPF spills"},

    /* texts */
    {"texts arrive: plain, empty, of many bytes a letter, of the longest size; a longer one is refused", SC_say_well, {0},
     .expected = "say(hello) 0 say() 0 say(h\\c3\\a9\\e2\\82\\ac\\f0\\9f\\98\\80) 0 say(0123456789abcdef) 0 -6 => 0"},
    {"a text with a NUL inside is refused", SC_text, TEXT(4, 0x61006263, 0), .expected = "-14 => 0"},
    {"a text that is one NUL is refused", SC_text, TEXT(1, 0, 0), .expected = "-14 => 0"},
    {"a text with a lone continuation byte is refused", SC_text, TEXT(3, 0x61806200, 0), .expected = "-14 => 0"},
    {"a text with an overlong letter is refused", SC_text, TEXT(3, 0xc0806200, 0), .expected = "-14 => 0"},
    {"a text with an overlong letter of three bytes is refused", SC_text, TEXT(3, 0xe09fbf00, 0), .expected = "-14 => 0"},
    {"a text with half a surrogate pair is refused", SC_text, TEXT(3, 0xeda08000, 0), .expected = "-14 => 0"},
    {"a text with a letter beyond Unicode is refused", SC_text, TEXT(4, 0xf4908080, 0), .expected = "-14 => 0"},
    {"the last letter of Unicode passes", SC_text, TEXT(4, 0xf48fbfbf, 0), .expected = "say(\\f4\\8f\\bf\\bf) 0 => 0"},
    {"a text that ends inside a letter is refused", SC_text, TEXT(3, 0xf09f9880, 0), .expected = "-14 => 0"},
    {"a text whose eighth byte begins a letter is refused", SC_text, TEXT(8, 0x61626364, 0x656667c3), .expected = "-14 => 0"},
    {"a text with a byte that no letter has is refused", SC_text, TEXT(2, 0x61ff0000, 0), .expected = "-14 => 0"},
    /* 136 places, 3 bytes that cannot be and 2 that can */
    {"one byte that no text has is found wherever it stands", SC_text_sweep, {0}, .expected = "408 272 => 0", .is_quiet = true},
    {"a text without an end mark is what its size says, up to the edge", SC_say, {U(-16), 16, FROM_EDGE}, .expected = "say(efghijklmnopqrst) 0 => 0"},
    {"a text across the edge is refused", SC_say, {U(-15), 16, FROM_EDGE}, .expected = "-9 => 0"},
    {"a text that is too long is refused before its place is looked at", SC_say, {0, UINT32_MAX, FROM_EDGE}, .expected = "-6 => 0"},
    {"a text comes back with an end mark, and nothing behind it changes", SC_name_well, {0}, .expected = "name(0,3) 0 3 take(bob\\00) 0 0 => 0"},
    {"a text that does not fit is refused and nothing is written", SC_name, {0, 2, FROM_AREA, 0}, .expected = "name(0,2) -11 0 => 0"},
    {"a text that fits exactly comes back", SC_name, {0, 3, FROM_AREA, 0}, .expected = "name(0,3) 3 3 => 0"},
    {"a text of the host's that is not UTF-8 is kept from the guest", SC_name, {0, 16, FROM_AREA, 1}, .expected = "name(1,16) -16 0 => 0"},
    {"a text of the host's that ends inside a letter is kept from the guest", SC_name, {0, 16, FROM_AREA, 2}, .expected = "name(2,16) -16 0 => 0"},
    {"a text of the host's with a NUL inside is kept from the guest", SC_name, {0, 16, FROM_AREA, 3}, .expected = "name(3,16) -16 0 => 0"},
    {"a text of the host's longer than its room is kept from the guest", SC_name, {0, 4, FROM_AREA, 4}, .expected = "name(4,4) -16 0 => 0"},

    /* records and lists */
    {"a record arrives", SC_put_well, {0}, .expected = "put(-32768,2147483647,255:0:7,1,ffffffffffffffff,0,0,1) 0 => 0"},
    {"a record at an odd address arrives", SC_put_odd, {0}, .expected = "put(-32768,2147483647,255:0:7,1,ffffffffffffffff,0,0,1) 0 => 0"},
    {"a record with a bad enum, flag, bool or range inside is refused; the first bad field is the reason", SC_put_wrong, {0},
     .expected = "-13 -13 -5 -6 -6 -13 => 0"},
    /* feffa5a5 04030201 11223302 a5a5a5a5 1122334455667788 02016300 a5a5a5a5: a5 is what was there before */
    {"a record comes back in the guest's own layout, and its padding is not written", SC_get_well, {0},
     .expected = "get(0) 0 -72156940859145727 1234605334314984869 1234605616436508552 144505517482812837 0 => 0"},
    {"a record of the host's with a bad enum, flag or range is kept from the guest", SC_get_broken, {0},
     .expected = "get(1) -16 get(2) -16 get(3) -16 0 => 0"},
    {"lists arrive: three, none, the most; one more is refused", SC_total_well, {0},
     .expected = "total(3) 0 299 total(0) 0 0 total(8) 0 319 -6 => 0"},
    /* 0100a5a5 ffffffff 01020301, then 0200a5a5 ffffffff 01020301 */
    {"a list of records comes back, padding and room behind it not written", SC_count_well, {0}, .expected = "count(2,3) 0 2 72239726421082111 72623846854796709 -4278058239 0 => 0"},
    {"a list that does not fit is refused", SC_count, {0, 1, FROM_AREA, 2}, .expected = "count(2,1) -11 0 => 0"},
    {"a list of the host's with a bad enum is kept from the guest", SC_count, {0, 2, FROM_AREA, 200}, .expected = "count(200,2) -16 0 => 0"},
    {"a list of the host's longer than its room is kept from the guest", SC_count, {0, 2, FROM_AREA, 201}, .expected = "count(201,2) -16 0 => 0"},
    {"a text is changed where it stands, if there is room and both sides keep to UTF-8", SC_shout, {0},
     .expected = "shout(abc) 4 take(abc!e) 0 shout(abc!) -11 -14 shout(ax) -16 take(axc!) 0 -6 shout() 1 => 0"},
    {"a list is changed where it stands, if there is room", SC_sort, {0},
     .expected = "sort(3,4) 4 take(efcdab!?ij) 0 sort(4,4) -11 -6 -9 -9 => 0"},
    {"lists of enums and of truth values arrive", SC_lists_well, {0}, .expected = "colours(124110) 0 colours(0) 0 => 0"},
    {"a bad element of a list is refused wherever it stands; two lists to read may share bytes", SC_lists, {0},
     .expected = "-13 -5 -13 -6 colours(111111) 0 => 0"},
    {"what is absent is not looked at; what is present is", SC_absent, {0}, .expected = "maybe(-1,0,0) 0 -5 -5 => 0"},

    /* guards */
    {"a guarded text that the policy names passes, with a guarded number", SC_guarded, {0, 5}, .expected = "guarded(/temp,5) 0 => 0"},
    {"a guarded text that only begins so is refused", SC_guarded, {1, 5}, .expected = "-15 => 0"},
    {"a guarded text below an allowed folder passes", SC_guarded, {2, U(-1)}, .expected = "guarded(/log/x,-1) 0 => 0"},
    {"the allowed folder itself is refused", SC_guarded, {3, 5}, .expected = "-15 => 0"},
    {"a shorter text than the allowed folder is refused", SC_guarded, {4, 5}, .expected = "-15 => 0"},
    {"a text beside the allowed folder is refused", SC_guarded, {5, 5}, .expected = "-15 => 0"},
    {"an empty text is refused", SC_guarded, {6, 5}, .expected = "-15 => 0"},
    {"a guarded number below its range is refused", SC_guarded, {0, U(-4)}, .expected = "-15 => 0"},
    {"a guarded number between its ranges is refused", SC_guarded, {0, 0}, .expected = "-15 => 0"},
    {"a policy without guards allows none", SC_guarded, {0, 5}, .expected = "-15 => 0", .is_unguarded = true},

    /* what a host function may return */
    {"a host function's result comes back", SC_fault, {0}, .expected = "fault(0) 5 => 0"},
    {"a result below its range becomes an error of the host", SC_fault, {1}, .expected = "fault(1) -16 => 0"},
    {"a result above its range becomes an error of the host", SC_fault, {2}, .expected = "fault(2) -16 => 0"},
    {"an error that the call may fail with comes back", SC_fault, {3}, .expected = "fault(3) -64 => 0"},
    {"an error of the API that the call may not fail with becomes an error of the host", SC_fault, {4}, .expected = "fault(4) -16 => 0"},
    {"a positive number becomes an error of the host", SC_fault, {5}, .expected = "fault(5) -16 => 0"},
    {"the largest number becomes an error of the host", SC_fault, {6}, .expected = "fault(6) -16 => 0"},
    {"the smallest number becomes an error of the host", SC_fault, {7}, .expected = "fault(7) -16 => 0"},
    {"an error that only the gate may give becomes an error of the host", SC_fault, {8}, .expected = "fault(8) -16 => 0"},
    {"a host function may be out of something", SC_fault, {9}, .expected = "fault(9) -12 => 0"},
    {"a host function may deny", SC_fault, {10}, .expected = "fault(10) -2 => 0"},
    {"a host function may lack room", SC_fault, {11}, .expected = "fault(11) -11 => 0"},
    {"an error number that no API has becomes an error of the host", SC_fault, {12}, .expected = "fault(12) -16 => 0"},
    {"a host function cannot run the guest it serves", SC_fault, {100}, .expected = "run(-6) 1 => 0"},
    {"a call from inside a call is refused as busy, and the outer one goes on", SC_fault, {101}, .expected = "inside(-3) 1 => 0"},
};

const table_t table_values = {"values, texts, records, guards, results", rows, sizeof rows / sizeof rows[0]};
