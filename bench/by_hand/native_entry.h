/* SPDX-License-Identifier: BSD-2-Clause */
/* native_entry.h - what a guest for by_hand/native.c is to its host. */
#ifndef BENCH_BY_HAND_NATIVE_ENTRY_H
#define BENCH_BY_HAND_NATIVE_ENTRY_H

typedef struct native_entry {
    int (*entry)(void);
} native_entry_t;

#endif
