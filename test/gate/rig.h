/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/rig.h - a guest without an engine or generated code: the gate alone. Tests change the rig between rig_prepare and rig_open. */
#ifndef TEST_GATE_RIG_H
#define TEST_GATE_RIG_H

#include "callgate/body.h"
#include "callgate/guest.h"
#include "callgate/trace.h"
#include "gate/own.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

enum {
    RIG_CALLS = 40,
    RIG_TYPES = 4, /* 0 is none; 1 and 2 are owned or lent; 3 has no release */
    RIG_SLOTS_MAX = 512,
    RIG_OBJECTS = 64
};

typedef struct object {
    int released;
} object_t;

typedef struct rig {
    cg_guest_t guest;
    cg_guest_config_t config;
    cg_policy_t policy;
    cg_vm_t vm;
    cg_vm_ops_t ops;
    cg_set_t set;
    cg_type_t types[RIG_TYPES];
    cg_type_grant_t grants[RIG_TYPES];
    cg_window_t windows[16];
    uint32_t granted[2];
    uint64_t storage[RIG_SLOTS_MAX * 2 + 8];
    char message[160];
    object_t objects[RIG_OBJECTS];
    uint32_t released; /* release functions called */
    uint32_t handled; /* bit per event: the program has a handler */
    int (*deliver)(cg_guest_t *guest, const cg_ev_delivery_t *delivery); /* the handler */
} rig_t;

/* Defaults: 8 slots, all calls granted, handles of 31 bits, violations are errors. */
void rig_prepare(rig_t *rig);
/* Make the guest, and begin an activation. */
void rig_open(rig_t *rig);
void rig_close(rig_t *rig);

/* A call of which `why` says how it ended so far: enters, and leaves it. Returns what the guest gets. */
bool rig_enter(rig_t *rig, uint32_t index);
int64_t rig_leave(rig_t *rig, uint32_t index);

/* Why the call under way is refused so far; forgets it. */
int rig_why(rig_t *rig);

#endif
