/* SPDX-License-Identifier: BSD-2-Clause */
/* rules.h - the policy of a vector as the gate takes it. See policy.py. */
#ifndef VECTORS_RULES_H
#define VECTORS_RULES_H

#include "player.h"

#include "set.h"

enum { RULES_CALL_WORDS = (CG_CALL_COUNT + 31) / 32, RULES_EVENT_WORDS = (CG_EV_COUNT + 31) / 32 };

/* The policy and what it points at; must stay where it is. */
typedef struct rules {
    cg_policy_t policy;
    uint32_t granted[RULES_CALL_WORDS], linked[RULES_CALL_WORDS], received[RULES_EVENT_WORDS];
    cg_guard_t guards[CG_GUARD_COUNT];
    cg_type_grant_t types[CG_TYPE_COUNT];
} rules_t;

void rules_set(rules_t *rules, const vector_policy_t *said, bool is_stepless);

#endif
