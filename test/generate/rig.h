/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/rig.h - a guest without an engine: one window of memory, and three ways to make a call.
 * FAST and SMALL go through the generated dispatch of rBPF (untyped slots of 64 bits, five of them, the rest spilled); TYPED through rows, as WebAssembly's
 * slots would come. All three must answer the same. */
#ifndef TEST_GENERATE_RIG_H
#define TEST_GENERATE_RIG_H

#include "world.h"

#include "callgate/guest.h"
#include "callgate/body.h"
#include "set.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

typedef enum path { PATH_FAST, PATH_SMALL, PATH_TYPED, PATH_COUNT } path_t;

enum {
    MEMORY_SIZE = 4096,
    WRITABLE_SIZE = 0xe00, /* the rest is read-only */
    SPILL_AT = 0xf00,
    SLOTS = 8,
    PREFILL = 0xa5,
    /* where good values lie */
    AT_OUTER = 0x100, AT_PLAIN = 0x140, AT_FLAT = 0x180, AT_MODES = 0x190, AT_PAIRS = 0x1a0, AT_REALS = 0x1e0, AT_TRUTHS = 0x1f0, AT_WORDS = 0x200, AT_INNERS = 0x240,
    AT_SETS = 0x260, AT_TEXT = 0x280, AT_URI = 0x2a0, AT_BYTES = 0x2e0, AT_TEXT2 = 0x310,
    /* where results go */
    AT_OUT = 0x800
};

typedef struct rig {
    path_t path;
    cg_guest_t guest;
    cg_guest_config_t config;
    cg_policy_t policy;
    cg_type_grant_t types[CG_TYPE_COUNT];
    cg_guard_t guards[CG_GUARD_COUNT];
    uint64_t storage[96];
    uint8_t *memory; /* of exactly MEMORY_SIZE bytes, from the heap */
    uint8_t before[MEMORY_SIZE];
    cg_slot_t slots_before[SLOTS];
} rig_t;

/* A guest that may do all, and a new world. Good values lie in its memory; all else is PREFILL. */
void rig_open(rig_t *rig, path_t path);
void rig_close(rig_t *rig);

/* Make a call with good arguments, except that slot `slot` (if not negative) is `value`. Results of 32 bits are sign-extended. */
int64_t rig_call(rig_t *rig, uint32_t call, int slot, uint64_t value);

/* The same with all slots given. */
int64_t rig_slots(rig_t *rig, uint32_t call, const uint64_t *slots);

/* Good slots of a call. */
const uint64_t *rig_good(uint32_t call);

/* Memory and handles are as they were before the last call. */
bool rig_is_unchanged(const rig_t *rig);

/* Bits of floats. */
uint64_t bits_of_float(float value);
uint64_t bits_of_double(double value);

const char *path_name(path_t path);

#endif
