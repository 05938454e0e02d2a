/* SPDX-License-Identifier: BSD-2-Clause */
/* calls.c - run one guest with the generated glue of the VM that BENCH_VM names: bench_calls_<vm> GUEST ROUNDS
 * callgrind counts what it does for N and 2N rounds. The policy grants everything, so that the full path of every check is walked. */
#include "callgate/guest.h"
#include "host.h"
#include "set.h"

#include <stdio.h>
#include <stdlib.h>

extern const cg_vm_t BENCH_VM;

static const uint32_t all[(CG_CALL_COUNT + 31) / 32] = {UINT32_MAX};
static const cg_guard_t guards[CG_GUARD_COUNT] = {
    [CG_GUARD_SAUL_COUNT_KIND] = {.any = true},
    [CG_GUARD_SAUL_FIND_KIND] = {.any = true},
};
static const cg_type_grant_t types[CG_TYPE_COUNT] = {
    [CG_TYPE_SAUL_DEVICE] = {.max = 4, .rights = CG_READ},
    [CG_TYPE_BENCH_THING] = {.max = 4, .rights = CG_WRITE},
};
static cg_policy_t policy = {
    .guest = "bench", .granted = all, .guards = guards, .types = types, .steps = BENCH_STEPS_MAX, .calls = BENCH_STEPS_MAX, .bytes = UINT32_MAX,
    .memory_bytes = BENCH_MEMORY, .slots = BENCH_SLOTS, .violation = CG_VIOLATION_TRAP,
};

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static cg_guest_t guest;
    char message[200] = "";
    const cg_guest_config_t config = {.vm = &BENCH_VM, .image = image, .image_size = size, .message = message, .message_size = sizeof message};
    policy.unlimited_steps = BENCH_VM.is_uncounted;
    const uint32_t storage_size = cg_guest_storage(&config, &policy);
    void *storage = calloc(1, storage_size + 1);
    const int refused = storage == NULL ? CG_LOAD_MEMORY : cg_guest_init(&guest, &config, &policy, storage, storage_size);
    int32_t result = 0;
    const int stopped = refused == CG_LOAD_OK ? cg_guest_run(&guest, &result) : refused;
    const int verdict = bench_verdict(path, stopped, result, message);
    if (refused == CG_LOAD_OK) {
        cg_guest_end(&guest);
    }
    free(storage);
    return verdict;
}
