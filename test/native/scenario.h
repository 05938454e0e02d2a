/* SPDX-License-Identifier: BSD-2-Clause */
/* scenario.h - what the test and its guest agree on. The guest is part of this program, so they may also share variables. */
#ifndef NATIVE_SCENARIO_H
#define NATIVE_SCENARIO_H

#include <stdint.h>

typedef enum scenario {
    PLAY_NEAR,      /* many places in one array */
    PLAY_FAR,       /* as many places as windows, each far from the others */
    PLAY_TOO_FAR,   /* one more */
    PLAY_NULL,      /* no bytes at NULL, then one */
    PLAY_LATE,      /* an address of the call before */
    PLAY_OVER,      /* a buffer over another */
    PLAY_FORGE,     /* addresses that the gate did not give */
    PLAY_MEANWHILE, /* the host does something, then one good call */
    PLAY_COUNT_UP   /* returns how often it was played */
} scenario_t;

/* 16 places at least 128 MiB from each other; made by the test. */
extern uint32_t *desk_places[16];

/* What the guest saw, and how far it came. */
extern int64_t desk_seen[8];
extern uint32_t desk_seen_count;

#endif
