/* SPDX-License-Identifier: BSD-2-Clause */
/* rules.c - all is granted, guards are those of policy.py, and what a vector says differs from that. */
#include "rules.h"

#include <string.h>

enum { SLOTS = 16, EVENTS = 2 };

static const cg_guard_pattern_t guard_texts[] = {{"/temp", 5, false}, {"/log/", 5, true}};
static const cg_guard_range_t guard_ranges[] = {{-3, -1}, {5, 5}};

void rules_set(rules_t *rules, const vector_policy_t *said, bool is_stepless)
{
    memset(rules->granted, 0xff, sizeof rules->granted);
    memset(rules->linked, 0xff, sizeof rules->linked);
    memset(rules->received, 0xff, sizeof rules->received);
    for (uint32_t i = 0; i < said->denied_count; i++) {
        rules->granted[said->denied[i] >> 5] &= ~(1u << (said->denied[i] & 31u));
    }
    for (uint32_t i = 0; i < CG_TYPE_COUNT; i++) {
        rules->types[i] = (cg_type_grant_t){SLOTS, said->rights};
    }
    rules->types[CG_TYPE_CONTRACT_THING].max = said->things;
    memset(rules->guards, 0, sizeof rules->guards);
    rules->guards[CG_GUARD_CONTRACT_GUARDED_PATH] = (cg_guard_t){.count = 2, .texts = guard_texts};
    rules->guards[CG_GUARD_CONTRACT_GUARDED_LEVEL] = (cg_guard_t){.count = 2, .ranges = guard_ranges};
    rules->policy = (cg_policy_t){
        .guest = "guest", .granted = rules->granted, .linked = rules->linked, .guards = said->has_guards ? rules->guards : NULL, .types = rules->types,
        .slots = SLOTS, .steps = 1000000, .calls = said->calls, .bytes = said->bytes, .memory_bytes = 1u << 20, .unlimited_steps = is_stepless,
        .events = EVENTS, .received = rules->received, .violation = said->traps ? CG_VIOLATION_TRAP : CG_VIOLATION_ERROR,
    };
}
