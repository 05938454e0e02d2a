/* SPDX-License-Identifier: BSD-2-Clause */
/* chaos.h - numbers and programs by chance, the same for the same seed, for the tests that look for what nobody thought of. */
#ifndef TEST_RBPF_CHAOS_H
#define TEST_RBPF_CHAOS_H

#include <stdint.h>

enum { CHAOS_SLOTS_MAX = 40 };

extern uint64_t chaos_seed;

uint64_t chaos_next(void);

/* A number below `limit`; 0 if the limit is. */
uint32_t chaos_below(uint64_t limit);

/* A value that is on the edge of something. */
uint64_t chaos_edge(void);

/* A program of valid instructions with wild operands; how many slots it has. The verifier takes about half of them. One register has an address of data. */
uint32_t chaos_program(uint64_t text[CHAOS_SLOTS_MAX]);

#endif
