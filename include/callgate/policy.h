/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/policy.h - all grants and limits of one guest, as tables that can live in flash.
 * Made by the policy reader or by hand; read by the gate; never written by it. A zeroed policy grants nothing. */
#ifndef CALLGATE_POLICY_H
#define CALLGATE_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum { CG_READ = 1, CG_WRITE = 2, CG_EXEC = 4, CG_RIGHTS_ALL = 7 };

/* Values inside min..max, both included. Signed types compare signed, u64 bit for bit. */
typedef struct cg_guard_range {
    int64_t min, max;
} cg_guard_range_t;

/* A text that must match byte for byte, or, if `is_prefix`, begin so and then go on with at least one byte. `size` 0 allows nothing. */
typedef struct cg_guard_pattern {
    const char *text;
    uint16_t size;
    bool is_prefix; /* written with a final "/" + "*" in the policy; `text` ends with the slash */
} cg_guard_pattern_t;

/* What one guarded argument may be. A zeroed guard allows nothing. */
typedef struct cg_guard {
    bool any;         /* everything that the description allows */
    bool is_unsigned; /* compare ranges as uint64_t */
    uint16_t count;
    const cg_guard_range_t *ranges; /* guards on integers, enums, flags */
    const cg_guard_pattern_t *texts;   /* guards on strings */
} cg_guard_t;

/* How many handles of one type a guest may hold, and with which rights they come. */
typedef struct cg_type_grant {
    uint16_t max;
    uint8_t rights; /* CG_READ | CG_WRITE | CG_EXEC */
} cg_type_grant_t;

/* What a violation does (CG_ERR_LIST says which errors are one). */
typedef enum cg_violation { CG_VIOLATION_TRAP, CG_VIOLATION_ERROR, CG_VIOLATION_KILL } cg_violation_t;

typedef struct cg_policy {
    const char *guest;             /* name for messages; not NULL */
    const uint32_t *granted;       /* bit per call index of the set; (call_count + 31) / 32 words */
    const uint32_t *linked;        /* granted and optional calls: what may be imported; NULL: same as granted */
    const cg_guard_t *guards;      /* [guard_count] of the set; NULL: none allowed */
    const cg_type_grant_t *types;  /* [type_count] of the set; NULL: `slots` handles of any type with all rights */
    uint32_t steps;                /* per activation, in the VM's unit */
    uint32_t calls;                /* per activation, at most INT32_MAX */
    uint32_t bytes;                /* copied in buffers and strings per activation */
    uint32_t memory_bytes;         /* guest memory at most */
    uint32_t time_ms;              /* per activation; 0: no limit */
    uint16_t slots;                /* handles in all: a power of two, 2..512 */
    uint16_t events;               /* events that may be queued; 0: no queue */
    bool unlimited_steps;          /* "steps: unlimited": accept VMs that cannot count */
    uint8_t violation;             /* cg_violation_t */
    uint16_t kill_after;           /* CG_VIOLATION_KILL: the n-th violation ends the guest */
    const uint32_t *received;      /* bit per event index of the set; (event_count + 31) / 32 words; NULL: none */
} cg_policy_t;

/* Is this a URI as `format: uri` wants it: scheme://literal-address:port/path, nothing escaped, nothing to normalise?
 * It refuses and never repairs, so that no two readers read a URI in two ways. `size` bytes, no NUL needed. */
bool cg_uri_is_good(const char *text, uint32_t size);

#endif
