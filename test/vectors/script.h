/* SPDX-License-Identifier: BSD-2-Clause */
/* script.h - vectors for VMs whose programs are text: see script.py. The text tells what it got; script.c plays it. */
#ifndef VECTORS_SCRIPT_H
#define VECTORS_SCRIPT_H

#include "player.h"

typedef struct script {
    const char *name;
    const char *seen; /* what host functions printed, until the guest has ended */
    const char *told; /* what the program told */
    const char *text; /* the program, behind the table's prelude */
    const vector_policy_t *policy;
    const vector_step_t *steps; /* for an activation: how it ends, and the reply; for an event: see vector_step_t */
    uint32_t step_count;
} script_t;

typedef struct script_table {
    const char *name, *prelude;
    const script_t *scripts;
    uint32_t count;
} script_table_t;

/* Play one. program->image is not used. False, with a complaint, where anything differs. */
bool script_play(const script_table_t *table, const script_t *script, const vector_program_t *program, vector_print_fn *print);

#endif
