/* SPDX-License-Identifier: BSD-2-Clause */
/* soak_test.c - a thousand guests in one process, half of each VM, all told things in turn; what one costs in memory is printed. */
#include "player.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GUESTS = 1000, ROUNDS = 20 };

static player_t *players[GUESTS];

static size_t heap_bytes(void)
{
    return mallinfo2().uordblks + mallinfo2().hblkhd;
}

/* Make guests first..last of one VM; prints what each took. */
static bool open_some(const column_t *column, const uint8_t *image, size_t size, uint32_t first, uint32_t last)
{
    const size_t before = heap_bytes();
    bool is_good = true;
    for (uint32_t i = first; i < last && is_good; i++) {
        int32_t result = 0;
        players[i] = malloc(sizeof *players[i]);
        if (players[i] == NULL) {
            return false;
        }
        player_prepare(players[i], column->vm, image, size);
        is_good = player_open(players[i]) && cg_guest_run(&players[i]->guest, &result) == CG_STOP_RETURNED && result == 0;
    }
    const size_t taken = (heap_bytes() - before) / (last - first);
    printf("%s: %u guests; each: record %zu, storage %u (a queue of %u included)", column->name, (unsigned)(last - first), sizeof(cg_guest_t),
           (unsigned)players[first]->size, (unsigned)players[first]->policy.events);
    if (taken > sizeof(player_t)) { /* not counted under sanitizers */
        printf(", with what its engine takes from the heap %zu bytes", taken - sizeof(player_t) + sizeof(cg_guest_t));
    }
    printf("\n");
    return is_good;
}

static bool tell_all(void)
{
    bool is_good = true;
    for (uint32_t round = 0; round < ROUNDS; round++) {
        for (uint32_t i = 0; i < GUESTS; i++) {
            is_good = player_post(players[i], 'p', i % 2, round % 50 + 1) == CG_POST_QUEUED && is_good;
        }
        for (uint32_t i = 0; i < GUESTS; i++) {
            is_good = cg_guest_deliver(&players[i]->guest) == CG_STOP_RETURNED && is_good;
        }
    }
    return is_good;
}

int main(int argc, char **argv)
{
    size_t sizes[2] = {0, 0};
    const column_t *used[2] = {&columns[0], &columns[column_count - 1]};
    const uint8_t *images[2];
    bool is_good = argc == 2;
    for (uint32_t i = 0; i < 2 && is_good; i++) {
        images[i] = program_read(argv[1], "react", used[i]->ending, &sizes[i]);
        is_good = images[i] != NULL && open_some(used[i], images[i], sizes[i], i * GUESTS / 2, (i + 1) * GUESTS / 2);
    }
    is_good = is_good && tell_all();
    uint32_t told = 0;
    for (uint32_t i = 0; i < GUESTS && players[i] != NULL; i++) {
        cg_guest_status_t status;
        cg_guest_status(&players[i]->guest, &status);
        told += status.delivered;
        player_close(players[i]);
        is_good = is_good && players[i]->host.released == players[i]->host.count;
        free(players[i]);
    }
    printf("%u events delivered to %d guests\n", (unsigned)told, (int)GUESTS);
    for (uint32_t i = 0; i < 2 && argc == 2; i++) {
        program_free(used[i]->ending, images[i]);
    }
    return is_good && told == (uint32_t)GUESTS * ROUNDS ? 0 : 1;
}
