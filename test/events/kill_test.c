/* SPDX-License-Identifier: BSD-2-Clause */
/* kill_test.c - a guest is ended at every point of a long story: inside each of its calls, and between any two steps of its host. After each death nothing of it may be
 * left: no object, no event, no byte (the sanitizers look); and a second guest, which lives beside it through all of this, must see what it sees without. */
#include "player.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROUNDS = 75, POSTS = 3 };

/* One round of the host's story. False once the guest is gone. */
static bool round_play(player_t *player, uint32_t round)
{
    static const char kinds[] = "ppfmwpl";
    for (uint32_t i = 0; i < POSTS; i++) {
        (void)player_post(player, kinds[(round * POSTS + i) % (sizeof kinds - 1)], (round + i) % 2, (round * 7 + i) % 80 + 1);
    }
    if (round % 16 == 15) {
        (void)player_post(player, 'p', 0, round % 32 == 15 ? 90 : 95); /* a trap, a violation */
    }
    int stopped = cg_guest_deliver(&player->guest);
    while (stopped != CG_STOP_EMPTY && stopped != CG_STOP_ENTRY) {
        stopped = cg_guest_deliver(&player->guest);
    }
    return stopped == CG_STOP_EMPTY;
}

/* The story, with an end at step `kill_step` (of ROUNDS, 0: none) or inside report `kill_report` (0: none). How many reports there were. */
static uint32_t story(player_t *victim, player_t *other, uint32_t kill_step, uint32_t kill_report, bool *is_clean)
{
    int32_t result;
    victim->host.ends_at = kill_report;
    *is_clean = player_open(victim);
    (void)cg_guest_run(&victim->guest, &result);
    for (uint32_t round = 1; round <= ROUNDS && *is_clean; round++) {
        if (round == kill_step) {
            (void)player_post(victim, 'p', 0, 1);
            cg_guest_end(&victim->guest);
        }
        if (!round_play(victim, round)) {
            const uint32_t reports = victim->host.reports;
            *is_clean = player_post(victim, 'p', 1, 1) == CG_POST_CLOSED && cg_guest_deliver(&victim->guest) == CG_STOP_ENTRY && victim->host.reports == reports;
            break;
        }
    }
    if (other != NULL) {
        *is_clean = round_play(other, 3) && *is_clean;
    }
    player_close(victim);
    *is_clean = *is_clean && victim->host.released == victim->host.count && victim->host.released_twice == 0;
    return victim->host.reports;
}

/* Every point of one VM. How many; `bad` counts those that left something. */
static uint32_t kill_everywhere(const column_t *column, const uint8_t *image, size_t size, uint32_t *bad)
{
    static player_t victim, other, alone;
    int32_t result;
    bool is_clean = false;
    uint32_t points = 0;
    player_prepare(&victim, column->vm, image, size);
    const uint32_t reports = story(&victim, NULL, 0, 0, &is_clean);
    *bad += !is_clean;
    for (uint32_t kill = 1; kill <= reports + ROUNDS; kill++, points++) {
        player_prepare(&other, column->vm, image, size);
        const bool is_open = player_open(&other) && cg_guest_run(&other.guest, &result) == CG_STOP_RETURNED;
        player_prepare(&victim, column->vm, image, size);
        (void)story(&victim, &other, kill > reports ? kill - reports : 0, kill > reports ? 0 : kill, &is_clean);
        player_close(&other);
        if (kill == 1) {
            alone = other;
        }
        *bad += !is_open || !is_clean || strcmp(alone.host.text, other.host.text) != 0;
    }
    return points;
}

int main(int argc, char **argv)
{
    uint32_t bad = 0, points = 0;
    for (size_t c = 0; argc == 2 && c < column_count; c++) {
        size_t size = 0;
        const uint8_t *image = program_read(argv[1], "react", columns[c].ending, &size);
        if (image == NULL) {
            return 1;
        }
        const uint32_t here = kill_everywhere(&columns[c], image, size, &bad);
        printf("%s: ended at %u points\n", columns[c].name, (unsigned)here);
        points += here;
        program_free(columns[c].ending, image);
    }
    printf("%u points, %u left something\n", (unsigned)points, (unsigned)bad);
    return bad != 0 || points < 1000;
}
