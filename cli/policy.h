/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy.h - a policy file, read into the tables that the gate obeys.
 * doc/policy.md is the language. Knows the catalog's names; never runs anything, never grants what the file does not name. */
#ifndef CLI_POLICY_H
#define CLI_POLICY_H

#include "callgate/policy.h"
#include "callgate/set.h"
#include "warning.h"
#include "yaml/arena.h"
#include "yaml/diag.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    POLICY_SIZE_MAX = 64 * 1024, /* bytes of a policy file */
    POLICY_GUARD_VALUES_MAX = 256, /* values, ranges or texts of one guard */
    POLICY_GUEST_MAX = 40,       /* bytes of a guest's name */
    POLICY_SLOTS_MAX = 512,      /* handles of one guest */
    POLICY_EVENTS_MAX = 1024     /* queued events of one guest */
};

/* What holds where a policy file says nothing, and for a guest without one. */
enum {
    POLICY_STEPS = 1000000,
    POLICY_CALLS = 10000,
    POLICY_BYTES = 1024 * 1024,
    POLICY_MEMORY_BYTES = 2 * 65536,
    POLICY_TIME_MS = 10000,
    POLICY_SLOTS = 8,
    POLICY_EVENTS = 8 /* queued, where the file receives any */
};

/* A policy and what its file said besides. */
typedef struct policy {
    cg_policy_t gate;    /* `guest` is NULL where the file gives no name */
    bool is_restarted;   /* `failure: restart` */
    warnings_t warnings;
} policy_t;

/* Read a policy for guests of a set. All memory of the result is of `arena`, and it keeps pointers into the catalog.
 * Each fault is an error in `diag`; NULL if there was one. `bytes` may be freed afterwards. */
policy_t *policy_read(arena_t *arena, diag_t *diag, const cg_catalog_t *catalog, const char *file, const char *bytes, size_t size);

/* The policy of a guest that has no file: the gate's own calls and the limits above. */
policy_t *policy_none(arena_t *arena, const cg_catalog_t *catalog);

/* Whether a call with this index is granted. */
bool policy_grants(const cg_policy_t *policy, uint32_t index);

/* Whether an event with this index is received. */
bool policy_receives(const cg_policy_t *policy, uint32_t index);

/* Whether the policy grants a call that may wait: such guests need a thread of their own. */
bool policy_grants_blocking(const cg_policy_t *policy, const cg_catalog_t *catalog);

#endif
