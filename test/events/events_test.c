/* SPDX-License-Identifier: BSD-2-Clause */
/* events_test.c - rows of what a host does and what guests must have said, the same on every VM.
 * A row is a script, a letter a step:
 *   r         run cg_main, which hangs up bells 0 and 1            d  deliver one event       D  deliver all
 *   pBNN      post `rang` NN from bell B      fBNN  `fresh`        mBNN  `moved`              wB  `wide`       lB  `lonely`
 *   e         end the guest                   z  make it anew, in the same record             s  stop it
 * What guests report comes out as numbers, ~B is a release, and how a step ended if not by returning. */
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct row {
    const char *name, *program, *script, *expected;
    uint16_t queue;        /* 0: 4 */
    uint32_t steps;        /* 0: plenty */
    uint32_t received;     /* events not received, a bit each */
    uint32_t ends_at;
    bool is_wamr_only;     /* the program is WebAssembly by hand */
    bool is_rbpf_only;     /* WebAssembly refuses it at load */
    bool is_untyped;       /* native guests have types that the compiler compares */
    bool is_trap;          /* a native guest that does this ends the program */
} row_t;

static const row_t rows[] = {
    {"events come in order, each with its source", "react", "rp001p102p003D", .expected = "1001 1 102 3 ~0 ~1"},
    {"what was posted before cg_main has returned comes too", "loop", "r", .expected = "0 1 4 ~0 101 0 0 ~1"},
    {"the newest is lost in a full queue", "react", "rp001p002p003p004p005p006D", .expected = "1001 1 2 3 4 ~0 ~1"},
    {"the oldest of the same source makes room", "react", "rf001f002f103f004f005f106D", .expected = "1001 10004 10005 10106 ~0 ~1", .queue = 3},
    {"a newer one of the same source replaces the one that waits", "react", "rm005p001m007m106D", .expected = "1001 20001 -7 70007 66051 1 20101 -6 60006 66051 ~0 ~1"},
    {"wide values, negative ones and floats arrive bit by bit", "react", "rw0D", .expected = "1001 -9000000000 -3 1069547520 -1 ~0 ~1"},
    {"an event that nobody handles is dropped", "react", "rl0p001D", .expected = "1001 1 ~0 ~1"},
    {"closing a source while its events wait takes them out", "react", "rp092p001p102p003D", .expected = "1001 92 ~0 102 ~1"},
    {"closing another source does, too", "react", "rp093p101p002D", .expected = "1001 93 ~1 2 ~0"},
    {"a source closed by its own event may not tell more", "react", "rp096p001p102D", .expected = "1001 96 ~0 ~1"},
    {"posting for a closed source is from nothing", "react", "rp092Dp001D", .expected = "1001 92 ~0 ~1"},
    {"a handler that traps ends its activation, and the next event comes", "react", "rp090p001ddd", .expected = "1001 90 fault 1 empty ~0 ~1", .is_trap = true},
    {"a handler that loops for ever is ended with its steps", "react", "rp091p001ddd", .expected = "1001 91 steps 1 empty ~0 ~1", .steps = 200000},
    {"each activation has calls of its own", "react", "rp001p002p003D", .expected = "1001 1 2 3 ~0 ~1"},
    {"a handler that makes a violation is trapped", "react", "rp095p001ddd", .expected = "1001 95 gate 1 empty ~0 ~1"},
    {"an ended guest is told nothing", "react", "rp001ep002d", .expected = "1001 ~0 ~1 closed entry"},
    {"a guest made anew gets no old events", "react", "rp001p002zDrp003D", .expected = "1001 ~0 ~1 1001 3 ~0 ~1"},
    {"a stopped guest is told nothing more", "react", "rp001sd", .expected = "1001 asked ~0 ~1"},
    {"a guest ended inside its own handler runs no further", "react", "rp001p102dD", .expected = "1001 1 dying ~0 ~1 asked entry", .ends_at = 2},
    {"a guest ended inside cg_main has not one object left", "react", "rp001", .expected = "1001 dying asked closed", .ends_at = 1},
    {"a handler that is not received is refused at load", "react", "r", .expected = "refused -2: handles bell.fresh, which the policy does not let it receive: add `bell: [fresh]` under `events:`", .received = 1u << 1},
    {"a program of handlers only is refused at load", "only", "r", .expected = "refused -1: has no `int cg_main(void)`: mark it CG_ENTRY", .is_rbpf_only = true},
    {"a handler that no header typed is refused at load", "wrong", "r", .expected = "refused -3: has on_bell_rang, but was not built with the header of its API: include it, and the compiler compares the types", .is_rbpf_only = true, .is_untyped = true},
    {"a handler of another type is refused at load", "wrong", "r", .expected = "refused -1: exports on_bell_rang of type (iI), but the handler of that event is (ii): rebuild the guest against this host's SDK", .is_wamr_only = true},
    {"what a guest does when it is asked for its block cannot touch an event under way", "sly", "rm101p102m003D", .expected = "0 3 ~1 -3 ~0", .is_wamr_only = true},
    {"a block outside the guest's memory is never written", "stray", "rm001d", .expected = "fault ~0", .is_wamr_only = true},
};

static void say_end(player_t *player, int stopped, int32_t result)
{
    static const char *const names[] = {"", "gate ", "steps ", "fault ", "asked ", "entry ", "busy "};
    if (stopped == CG_STOP_EMPTY) {
        tell(&player->host, "empty ");
    } else {
        tell(&player->host, "%s", names[-stopped]);
    }
    if (result != 0) {
        tell(&player->host, "=%d ", (int)result);
    }
}

/* ---- scripts ---- */

static void deliver(player_t *player, bool all)
{
    int stopped = cg_guest_deliver(&player->guest);
    while (all && stopped == CG_STOP_RETURNED) {
        stopped = cg_guest_deliver(&player->guest);
    }
    if (!all || stopped != CG_STOP_EMPTY) {
        say_end(player, stopped, 0);
    }
}

static void play(player_t *player, const char *script)
{
    while (*script != '\0') {
        const char step = *script++;
        int32_t result = 0;
        if (step == 'r') {
            const int stopped = cg_guest_run(&player->guest, &result);
            say_end(player, stopped, result);
        } else if (step == 'd' || step == 'D') {
            deliver(player, step == 'D');
        } else if (step == 'e') {
            cg_guest_end(&player->guest);
        } else if (step == 's') {
            cg_guest_stop(&player->guest);
        } else if (step == 'z') {
            cg_guest_end(&player->guest);
            (void)player_make(player);
        } else {
            const bool has_number = step == 'p' || step == 'f' || step == 'm';
            const uint32_t bell = (uint32_t)(script[0] - '0');
            const cg_post_t posted = player_post(player, step, bell, has_number ? (uint32_t)(script[1] - '0') * 10 + (uint32_t)(script[2] - '0') : 0);
            tell(&player->host, "%s", posted == CG_POST_CLOSED ? "closed " : posted == CG_POST_BAD ? "bad " : "");
            script += has_number ? 3 : 1;
        }
    }
}

static bool row_passes(const row_t *row, const char *column, const cg_vm_t *vm, const uint8_t *image, size_t size)
{
    static player_t player;
    player_prepare(&player, vm, image, size);
    player.received[0] = ~row->received;
    player.host.ends_at = row->ends_at;
    player.policy.steps = row->steps != 0 ? row->steps : player.policy.steps;
    player.policy.events = row->queue != 0 ? row->queue : player.policy.events;
    if (player_open(&player)) {
        play(&player, row->script);
    }
    player_close(&player);
    char *text = player.host.text;
    const size_t used = strlen(text);
    if (used > 0) {
        text[used - 1] = '\0';
    }
    const bool is_same = strcmp(text, row->expected) == 0 && player.host.released <= player.host.count;
    if (!is_same) {
        printf("%s: %s\n  expected: %s\n  is:       %s\n", column, row->name, row->expected, text);
    }
    return is_same;
}

static bool is_played(const row_t *row, const column_t *column)
{
    if (column->is_stepless && row->steps != 0) {
        return false; /* it has no steps to use up */
    }
    if (column->is_native && (row->is_untyped || row->is_trap)) {
        return false;
    }
    if (strcmp(column->name, "embedvm") == 0 && row->is_rbpf_only) {
        return false;
    }
    return column->is_wasm ? !row->is_rbpf_only : !row->is_wamr_only;
}

int main(int argc, char **argv)
{
    uint32_t bad = 0, played = 0;
    for (size_t c = 0; argc == 2 && c < column_count; c++) {
        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            if (!is_played(&rows[i], &columns[c])) {
                continue;
            }
            size_t size = 0;
            const uint8_t *image = program_read(argv[1], rows[i].program, columns[c].ending, &size);
            bad += image == NULL || !row_passes(&rows[i], columns[c].name, columns[c].vm, image, size);
            played += 1;
            program_free(columns[c].ending, image);
        }
    }
    printf("%u rows played, %u not as said\n", (unsigned)played, (unsigned)bad);
    return bad != 0 || played == 0;
}
