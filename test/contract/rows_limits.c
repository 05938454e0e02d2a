/* SPDX-License-Identifier: BSD-2-Clause */
/* rows_limits.c - rows about what a policy grants and limits, how guests are stopped, and which are refused before they run.
 * -2 is DENIED, -4 BUDGET, -9 MEMORY, -12 QUOTA. Refusals of programs: -2 an import, -3 a digest, -4 memory. Read by main.c. */
#include "row.h"

static const char typed[] = "imports of eBPF are numbers and carry no type; the digest guards them";
static const char names[] = "a call that nobody knows has a name in WebAssembly and a number in eBPF";
static const char sizes[] = "the least memory of WebAssembly is a page; rBPF counts bytes";

#define TEN "\\00\\00\\00\\00\\00\\00\\00\\00\\00\\00"
#define THIRTY TEN TEN TEN

static const row_t rows[] = {
    /* grants */
    {"an optional call that is not granted answers denied", SC_perhaps, {0}, .expected = "-2 77 => 0"},
    {"an optional call without room for an error ends the activation", SC_perhaps_value, {0},
     .expected = "=> gate: contract.perhaps_value: the policy does not grant this call"},
    {"a guest can ask what is granted", SC_allowed, {0}, .expected = "1 0 0 0 0 => 0"},
    {"a guest that imports a call which is not granted is refused, and told what to grant", SC_sum, {0},
     .apart = APART_LOAD, .expected = "refused -2: imports contract.take, which the policy does not grant: add `contract: [take]` under `calls:`", .is_without_take = true},
    {"a call that is never granted is refused at load", SC_sum, {0},
     .apart = APART_LOAD, .expected = "refused -2: imports contract.secret, which the policy does not grant: add `contract: [secret]` under `calls:`",
     .program = PROGRAM_SECRET},
    {"a call that no host has is refused at load", SC_sum, {0},
     .apart = APART_LOAD, .expected = "refused -2: imports contract.nonsense, which this host does not have: build the guest without it, or the host with the API that "
     "describes it",
     .on_rbpf = "refused -2: imports 0x004d0063, which this host does not have: build the guest without it, or the host with the API that "
     "describes it",
     .program = PROGRAM_UNKNOWN, .why = names},
    {"an import of another type is refused at load", SC_sum, {0},
     .apart = APART_LOAD, .expected = "refused -2: imports contract.sum of type (iI)i, but it is (ii)i: rebuild the guest against this host's SDK", .on_rbpf = "",
     .program = PROGRAM_TYPE, .why = typed},
    {"a guest for another version of the API is refused at load", SC_sum, {0},
     .expected = "refused -3: was built for another version of API contract (this host has 1.0.0): rebuild the guest against this host's SDK",
     .program = PROGRAM_OTHER},
    {"a guest that needs more memory than the policy gives is refused at load", SC_sum, {0},
     .apart = APART_LOAD, .expected = "refused -4: needs 65536 bytes of memory, the policy gives 256: raise `memory_bytes` under `limits:`, or link with a smaller stack "
     "(-Wl,-z,stack-size=8192)",
     .on_rbpf = "", .memory_bytes = 256, .why = sizes,
     .on_embedvm = "refused -4: needs 8192 bytes of memory, the policy gives 256: raise `memory_bytes` under `limits:`"},

    /* limits */
    /* Two calls go before, so of eight the first four pass; a digit each behind the 1. */
    {"the calls of an activation are counted, and the next one has new ones", SC_many_calls, {0}, .expected = "=> 0 100004444 => 0", .calls = 6, .runs = 2, .is_quiet = true},
    {"the bytes of an activation are counted; what does not fit takes nothing", SC_many_bytes, {0}, .expected =
     "take(" THIRTY ") 0 -12 take(" TEN ") 0 take() 0 -12 => 0",
     .bytes = 40},
    {"an endless loop ends with its steps, and another guest goes on", SC_loop, {0},
     .expected = "open(5) 0 => 0 | => steps: the steps of the policy are used up | open(5) 0 use(5) 0 5 release(5) 0 => 0 release(5)",
     .steps = 100000, .first = SC_note_thing, .after = SC_open_use_close,
     .on_wasm3 = "", .why = "wasm3 cannot count steps"},
    {"a guest whose steps are used up may run again", SC_loop, {0},
     .expected = "=> steps: the steps of the policy are used up => steps: the steps of the policy are used up", .steps = 100000, .runs = 2,
     .on_wasm3 = "", .why = "wasm3 cannot count steps"},
    {"calls in an endless loop end with the calls, as their errors cannot be told", SC_loop_calling, {0},
     .expected = "=> gate: contract.sum: the activation used up its calls (limits.calls)", .calls = 50, .is_quiet = true,
     .on_embedvm = "=> steps: the steps of the policy are used up", .why = "a value of 32 bits comes back by address in EmbedVM, so the result has room for an error"},
    {"a call that waits ends with the time of the activation", SC_wait, {0}, .expected = "wait() -12 -1000 => 0", .time_ms = 20},

    /* violations */
    {"with `violation: error` the guest goes on", SC_three_violations, {0}, .expected = "-9 -9 -9 -1000 => 0"},
    {"with `violation: trap` the first one ends the activation, and the guest may run again", SC_three_violations, {0},
     .expected = "=> gate: contract.take: a range is not inside the guest's memory with that access "
     "=> gate: contract.take: a range is not inside the guest's memory with that access",
     .has_violation = true, .runs = 2},
    {"with `violation: kill_after: 3` the third one ends the guest for good", SC_three_violations, {0},
     .expected = "-9 -9 => asked => asked", .has_violation = true, .violation = CG_VIOLATION_KILL, .kill_after = 3, .runs = 2},
    {"refused calls and violations are counted", SC_three_violations, {0}, .expected = "-9 -9 -9 -1000 => 0 refused 3, violations 3",
     .is_counted = true},
    {"handles of a former guest are counted as forged", SC_use_noted, {0},
     .expected = "open(5) 0 => 0 release(5) | -7 -7 => 0 refused 2, violations 2", .former = SC_note_thing, .is_counted = true},
    {"honest mistakes are counted, and are no violations", SC_close_twice, {0},
     .expected = "open(5) 0 release(5) 0 -7 => 0 refused 1, violations 0", .is_counted = true},
    {"errors of the API are not counted", SC_open_absent, {0}, .expected = "open(0) -65 77 => 0 refused 0, violations 0", .is_counted = true},
    {"a width beyond its type is a violation", SC_narrow, {256}, .expected = "=> gate: contract.narrow: an argument has bits beyond its type",
     .has_violation = true},
    {"buffers over each other are a violation", SC_copy, {0, 32, 32, 8},
     .expected = "=> gate: contract.copy: a buffer to be written overlaps another buffer", .has_violation = true},
    {"an unknown enum value is none", SC_paint, {3}, .expected = "-13 => 0", .has_violation = true},
    {"a value out of its range is none", SC_ranged, {9}, .expected = "-6 77 => 0", .has_violation = true},
    {"a guarded value is none", SC_guarded, {1, 5}, .expected = "-15 => 0", .has_violation = true},
    {"a denied call is none", SC_perhaps, {0}, .expected = "-2 77 => 0", .has_violation = true},
    {"a buffer that is too small is none", SC_fill, {0, 3, FROM_AREA, 4}, .expected = "fill(4,3) -11 0 => 0", .has_violation = true},
    {"a text that is not UTF-8 is none", SC_text, {3, 0x61806200}, .expected = "-14 => 0", .has_violation = true},

    /* stopped from another thread */
    {"a guest in an endless loop is stopped from another thread, and stays so", SC_loop, {0}, .expected = "=> asked => asked", .is_stopped = true,
     .runs = 2, .steps = 300000000, .on_wasm3 = "", .why = "wasm3 cannot be stopped from outside before the guest makes a call"},
    {"a guest that calls in an endless loop is stopped from another thread", SC_loop_calling, {0}, .expected = "=> asked", .is_stopped = true,
     .is_quiet = true, .calls = INT32_MAX, .steps = 1000000000},
    {"a guest in a call that waits is stopped from another thread, and its objects are released", SC_wait, {0},
     .expected = "open(5) 0 => 0 | wait() => asked | open(5) 0 use(5) 0 5 release(5) 0 => 0 release(5)", .is_stopped = true, .first = SC_note_thing,
     .after = SC_open_use_close},
};

const table_t table_limits = {"grants, limits, ends", rows, sizeof rows / sizeof rows[0]};
