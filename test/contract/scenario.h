/* SPDX-License-Identifier: BSD-2-Clause */
/* scenario.h - what guest and test agree on: the scenarios a guest can play, and what it may ask the test.
 * Included by the guest, the test's host functions and the tables of rows; holds no code. */
#ifndef CONTRACT_SCENARIO_H
#define CONTRACT_SCENARIO_H

/* Each is a function scene_<name> of the guest. Those of the first group take their arguments from the row. */
#define SCENARIO_LIST(X)                                                                                                                   \
    X(sum) X(narrow) X(ranged) X(paint) X(take) X(fill) X(turn) X(say) X(name) X(put) X(get) X(total) X(count) X(copy) X(use) X(close)     \
    X(fault) X(text) X(guarded) X(high)                                                                                                    \
    X(wide) X(floats) X(paint_well) X(take_well) X(fill_well) X(fill_beyond) X(turn_well) X(turn_full) X(say_well) X(name_well)            \
    X(put_well) X(put_odd) X(put_wrong) X(get_well) X(get_broken) X(total_well) X(count_well) X(copy_well) X(copy_counts)                  \
    X(spill_well) X(spill_error) X(spill_width) X(spill_block)                                                                             \
    X(perhaps) X(perhaps_value) X(allowed)                                                                                                 \
    X(open_use_close) X(open_absent) X(close_twice) X(stale) X(reused) X(wrong_type) X(forged) X(note_thing) X(use_noted) X(own_and_noted) \
    X(rights) X(quota) X(lend) X(give) X(give_lent) X(maybe) X(pair) X(pair_broken) X(pair_quota) X(vanish_lent) X(vanish_owned)           \
    X(merge) X(merge_unwanted) X(trade) X(borrow) X(pair_places) X(shout) X(sort) X(lists) X(lists_well) X(absent) X(text_sweep)           \
    X(leave_open) X(leave_trapped) X(leave_looping) X(dial)                                                                                \
    X(many_calls) X(many_bytes) X(loop) X(loop_calling) X(wait) X(grow) X(read_only) X(null) X(three_violations) X(kept)

enum {
#define SCENARIO_ENUM_(name) SC_##name,
    SCENARIO_LIST(SCENARIO_ENUM_)
#undef SCENARIO_ENUM_
    SC_COUNT
};

/* contract.ask: addresses are the guest's. */
enum {
    ASK_EDGE = 0,   /* one past the last byte that can be written, where the guest's data lie */
    ASK_NOTE = 1,   /* the last handle that any guest of this row noted with contract.report(NOTE_MARK | handle) */
    ASK_ROUND = 2,  /* 1 in the first activation of a guest, then 2 ... */
    ASK_FIRST = 10  /* and the following: the arguments of the row */
};
enum { ASK_ARGS_MAX = 4 };

/* Where an argument of a row counts from. */
enum { FROM_ZERO = 0, FROM_EDGE = 1, FROM_AREA = 2 };

/* A report with these upper bits is a handle to remember, and is not written to the transcript. */
#define NOTE_MARK 0x4e4f544500000000

#endif
