/* SPDX-License-Identifier: BSD-2-Clause */
/* events.c - post and deliver ROUNDS events to a guest that does nothing with them: bench_events_<vm> GUEST ROUNDS
 * With BENCH_BARE the adapter is given the same event again and again: what the engine and its adapter cost without queue, lock and handle. With ROUNDS 0 so many
 * guests as BENCH_IDLE are made, and what each costs in memory is printed. */
#include "callgate/guest.h"
#include "host.h"
#include "set.h"

#include "host/host_bench.h"
#include "host/host_saul.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BENCH_IDLE = 200, QUEUE = 8 };

extern const cg_vm_t BENCH_VM;

static const uint32_t all[(CG_CALL_COUNT + 31) / 32] = {UINT32_MAX};
static const uint32_t received[(CG_EV_COUNT + 31) / 32] = {UINT32_MAX};
static const cg_guard_t guards[CG_GUARD_COUNT] = {
    [CG_GUARD_SAUL_COUNT_KIND] = {.any = true},
    [CG_GUARD_SAUL_FIND_KIND] = {.any = true},
};
static const cg_type_grant_t types[CG_TYPE_COUNT] = {
    [CG_TYPE_SAUL_DEVICE] = {.max = 4, .rights = CG_READ},
    [CG_TYPE_SAUL_WATCH] = {.max = 4},
    [CG_TYPE_BENCH_BELL] = {.max = 4},
};
static cg_policy_t policy = {
    .guest = "bench", .granted = all, .guards = guards, .types = types, .steps = BENCH_STEPS_MAX, .calls = BENCH_STEPS_MAX, .bytes = UINT32_MAX,
    .memory_bytes = BENCH_MEMORY, .slots = BENCH_SLOTS, .violation = CG_VIOLATION_TRAP, .events = QUEUE, .received = received,
};

static cg_post_t post(cg_guest_t *guest, bool is_record, uint32_t n)
{
    const cg_saul_phydat_t data = {.val = {(int16_t)n}, .unit = CG_SAUL_UNIT_TEMP_C, .scale = -2};
    return is_record ? cg_post_saul_changed(guest, bench_source(true), &data, 1) : cg_post_bench_ticked(guest, bench_source(false), n);
}

/* One event there and back. */
static bool once(cg_guest_t *guest, bool is_record, uint32_t n)
{
#ifdef BENCH_BARE
    static const cg_saul_changed_t record = {.dims = 1};
    const cg_ev_delivery_t delivery = {
        .event = is_record ? CG_EV_SAUL_CHANGED : CG_EV_BENCH_TICKED, .handle = 3, .data = is_record ? (const void *)&record : (const void *)&n};
    (void)post;
    return guest->kind->ops->deliver(guest, &delivery) == CG_STOP_RETURNED;
#else
    return post(guest, is_record, n) >= 0 && cg_guest_deliver(guest) == CG_STOP_RETURNED;
#endif
}

static bool make(cg_guest_t *guest, const cg_guest_config_t *config, void **storage)
{
    const uint32_t size = cg_guest_storage(config, &policy);
    int32_t result = 0;
    *storage = malloc(size);
    return *storage != NULL && cg_guest_init(guest, config, &policy, *storage, size) == CG_LOAD_OK && cg_guest_run(guest, &result) == CG_STOP_RETURNED && result == 0;
}

static int idle(const cg_guest_config_t *config)
{
    static cg_guest_t guests[BENCH_IDLE];
    static void *storages[BENCH_IDLE];
    bool is_good = make(&guests[0], config, &storages[0]); /* the engine itself is there from the first one on */
    const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    for (uint32_t i = 1; i < BENCH_IDLE && is_good; i++) {
        is_good = make(&guests[i], config, &storages[i]);
    }
    const size_t heap = (mallinfo2().uordblks + mallinfo2().hblkhd - before) / (BENCH_IDLE - 1);
    const uint32_t storage = cg_guest_storage(config, &policy);
    printf("%zu %u %u %zu\n", sizeof(cg_guest_t), (unsigned)storage, (unsigned)guests[0].kind->ops->memory(&guests[0]), heap > storage ? heap - storage : 0);
    for (uint32_t i = 0; i < BENCH_IDLE && is_good; i++) {
        cg_guest_end(&guests[i]);
        free(storages[i]);
    }
    return is_good ? 0 : 1;
}

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static cg_guest_t guest;
    char message[200] = "";
    const cg_guest_config_t config = {.vm = &BENCH_VM, .image = image, .image_size = size, .message = message, .message_size = sizeof message};
    const bool is_record = strstr(path, "changed") != NULL;
    void *storage = NULL;
    policy.unlimited_steps = BENCH_VM.is_uncounted;
    if (bench_rounds == 0) {
        return idle(&config);
    }
    bool is_good = make(&guest, &config, &storage);
    for (uint32_t i = 0; i < bench_rounds && is_good; i++) {
        is_good = once(&guest, is_record, i);
    }
    if (!is_good) {
        fprintf(stderr, "bench: %s: %s\n", path, message);
    }
    cg_guest_end(&guest);
    free(storage);
    return is_good ? 0 : 1;
}
