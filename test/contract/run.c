/* SPDX-License-Identifier: BSD-2-Clause */
/* run.c - plays one row on one VM: policy, guests, activations, and what is left at the end, all into one transcript.
 * Uses the public headers as any integrator would. Judges nothing. */
#include "row.h"

#include "set.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SLOTS = 16, MESSAGE_MAX = 512, REGION_DATA = 2, PAGE = 65536, GRANT_WORDS = (CG_CALL_COUNT + 31) / 32 };

/* A policy and the tables it points at. */
typedef struct rules {
    uint32_t granted[GRANT_WORDS], linked[GRANT_WORDS];
    cg_guard_t guards[CG_GUARD_COUNT];
    cg_type_grant_t types[CG_TYPE_COUNT];
    cg_policy_t policy;
} rules_t;

/* One guest of a row. */
typedef struct player {
    rules_t rules;
    char message[MESSAGE_MAX];
    cg_guest_config_t config;
    cg_guest_t guest;
    void *storage;
    bool is_loaded;
    cg_host_t *host;
} player_t;

uint32_t host_edge(const cg_guest_t *guest)
{
    return guest->region_mask == 0 ? guest->kind->ops->memory(guest) : (uint32_t)REGION_DATA << 28 | guest->windows[REGION_DATA].writable;
}

/* ---- policies ---- */

static void bit_clear(uint32_t *bits, uint32_t index)
{
    bits[index >> 5] &= ~(1u << (index & 31u));
}

static void grants_set(rules_t *rules, const row_t *row)
{
    memset(rules->granted, 0xff, sizeof rules->granted);
    memset(rules->linked, 0xff, sizeof rules->linked);
    bit_clear(rules->granted, CG_CALL_CONTRACT_PERHAPS);
    bit_clear(rules->granted, CG_CALL_CONTRACT_PERHAPS_VALUE);
    bit_clear(rules->granted, CG_CALL_CONTRACT_SECRET);
    bit_clear(rules->linked, CG_CALL_CONTRACT_SECRET);
    if (row->is_without_take) {
        bit_clear(rules->granted, CG_CALL_CONTRACT_TAKE);
        bit_clear(rules->linked, CG_CALL_CONTRACT_TAKE);
    }
}

static void guards_set(rules_t *rules)
{
    static const cg_guard_pattern_t texts[] = {{"/temp", 5, false}, {"/log/", 5, true}};
    static const cg_guard_range_t ranges[] = {{-3, -1}, {5, 5}};
    rules->guards[CG_GUARD_CONTRACT_GUARDED_PATH] = (cg_guard_t){.count = 2, .texts = texts};
    rules->guards[CG_GUARD_CONTRACT_GUARDED_LEVEL] = (cg_guard_t){.count = 2, .ranges = ranges};
}

static uint32_t or_else(uint32_t value, uint32_t instead)
{
    return value != 0 ? value : instead;
}

static void rules_set(rules_t *rules, const row_t *row, const char *name)
{
    const uint8_t rights = row->rights != 0 ? row->rights : CG_RIGHTS_ALL;
    grants_set(rules, row);
    guards_set(rules);
    for (size_t i = 0; i < CG_TYPE_COUNT; i++) {
        rules->types[i] = (cg_type_grant_t){SLOTS, rights};
    }
    rules->types[CG_TYPE_CONTRACT_THING].max = (uint16_t)or_else(row->things, SLOTS);
    rules->policy = (cg_policy_t){
        .guest = name, .granted = rules->granted, .linked = rules->linked, .guards = row->is_unguarded ? NULL : rules->guards,
        .types = rules->types, .slots = SLOTS, .steps = or_else(row->steps, 4000000), .calls = or_else(row->calls, 1000),
        .bytes = or_else(row->bytes, PAGE), .memory_bytes = or_else(row->memory_bytes, 2 * PAGE), .time_ms = row->time_ms,
        .violation = (uint8_t)(row->has_violation ? row->violation : CG_VIOLATION_ERROR), .kill_after = row->kill_after,
    };
}

/* ---- guests ---- */

/* The same record may be used again: a guest after a former one. */
static bool player_load(player_t *player, const row_t *row, const column_t *column, program_t program, const char *name)
{
    const image_t *image = &column->images[program];
    rules_set(&player->rules, row, name);
    player->rules.policy.unlimited_steps = column->is_stepless;
    player->config = (cg_guest_config_t){
        .vm = column->vm, .image = image->bytes, .image_size = image->size, .host = player->host, .now_ms = host_now_ms,
        .message = player->message, .message_size = sizeof player->message,
    };
    const uint32_t size = cg_guest_storage(&player->config, &player->rules.policy);
    player->storage = malloc(size);
    if (size == 0 || player->storage == NULL) {
        return false;
    }
    const int load = cg_guest_init(&player->guest, &player->config, &player->rules.policy, player->storage, size);
    player->is_loaded = load == CG_LOAD_OK;
    if (!player->is_loaded) {
        say(&player->host->transcript, "refused %d: %s", load, player->message);
    }
    return true;
}

static void player_end(player_t *player)
{
    if (player->is_loaded) {
        cg_guest_end(&player->guest);
        cg_guest_end(&player->guest);
    }
    player->is_loaded = false;
    free(player->storage);
    player->storage = NULL;
}

/* Wait until the guest is at work, then stop it. */
static void *stop_it(void *argument)
{
    player_t *player = argument;
    const struct timespec moment = {.tv_nsec = 2000000};
    while (!atomic_load(&player->host->is_called)) {
        (void)nanosleep(&moment, NULL);
    }
    (void)nanosleep(&moment, NULL);
    cg_guest_stop(&player->guest);
    return NULL;
}

static void say_stopped(transcript_t *transcript, int stopped, int32_t result, const char *message)
{
    static const char *const names[] = {"returned", "gate", "steps", "fault", "asked", "entry"};
    const bool is_known = stopped <= 0 && -stopped < (int)(sizeof names / sizeof names[0]);
    if (stopped == CG_STOP_RETURNED) {
        say(transcript, "=> %d", (int)result);
    } else if (stopped == CG_STOP_GATE || stopped == CG_STOP_STEPS) { /* the words of a fault are the VM's own */
        say(transcript, "=> %s: %s", names[-stopped], message);
    } else {
        say(transcript, "=> %s", is_known ? names[-stopped] : "?");
    }
}

static bool player_run(player_t *player, int scenario, uint32_t round, bool is_stopped)
{
    cg_host_t *host = player->host;
    pthread_t thread;
    int32_t result = 0;
    host->guest = &player->guest;
    host->scenario = (uint32_t)scenario;
    host->round = round;
    atomic_store(&host->is_called, false);
    player->message[0] = '\0';
    if (is_stopped && pthread_create(&thread, NULL, stop_it, player) != 0) {
        return false;
    }
    const int stopped = cg_guest_run(&player->guest, &result);
    if (is_stopped) {
        (void)pthread_join(thread, NULL);
    }
    say_stopped(&host->transcript, stopped, result, player->message);
    return true;
}

/* ---- rows ---- */

static bool play_former(player_t *player, const row_t *row, const column_t *column)
{
    if (row->former == 0) {
        return true;
    }
    const bool is_good = player_load(player, row, column, PROGRAM_GUEST, "former") && player_run(player, row->former, 1, false);
    player_end(player);
    say(&player->host->transcript, "|");
    return is_good;
}

static bool play_first(player_t *first, const row_t *row, const column_t *column)
{
    if (row->first == 0) {
        return true;
    }
    const bool is_good = player_load(first, row, column, PROGRAM_GUEST, "first") && player_run(first, row->first, 1, false);
    say(&first->host->transcript, "|");
    return is_good;
}

static bool play_main(player_t *player, const row_t *row, const column_t *column)
{
    if (!player_load(player, row, column, row->program, "guest")) {
        return false;
    }
    bool is_good = true;
    for (uint32_t round = 1; round <= or_else(row->runs, 1) && is_good && player->is_loaded; round++) {
        is_good = player_run(player, row->scenario, round, row->is_stopped && round == 1);
    }
    return is_good;
}

/* Whatever became of a row, no object may be left. */
static void check_nothing_left(cg_host_t *host)
{
    for (uint32_t i = 0; i < host->thing_count; i++) {
        if (host->things[i].is_out) {
            say(&host->transcript, "never released: %u", host->things[i].kind);
        }
    }
}

bool row_play(const row_t *row, const column_t *column, transcript_t *transcript)
{
    static cg_host_t host;
    static player_t players[2];
    memset(&host, 0, sizeof host);
    memset(players, 0, sizeof players);
    memcpy(host.args, row->args, sizeof host.args);
    host.is_quiet = row->is_quiet;
    players[0].host = players[1].host = &host;
    bool is_good = play_former(&players[0], row, column) && play_first(&players[1], row, column) && play_main(&players[0], row, column);
    if (row->is_counted) {
        say(&host.transcript, "refused %u, violations %u", players[0].guest.counters.refused, players[0].guest.counters.violations);
    }
    player_end(&players[0]);
    if (row->after != 0 && is_good) {
        say(&host.transcript, "|");
        is_good = player_run(&players[1], row->after, 2, false);
    }
    player_end(&players[1]);
    check_nothing_left(&host);
    *transcript = host.transcript;
    return is_good;
}
