/* SPDX-License-Identifier: BSD-2-Clause */
/* spoil.h - is a table that says something wrong complained of? See spoil.c. */
#ifndef VECTORS_SPOIL_H
#define VECTORS_SPOIL_H

#include "script.h"

/* What is wrong: the result of the last call, a byte of memory after it, or what the host saw. */
typedef enum spoil { SPOIL_RESULT, SPOIL_MEMORY, SPOIL_SEEN, SPOIL_COUNT } spoil_t;

/* Play the vector with that wrong. True if the player complained. */
bool spoil_is_seen(const vector_table_t *table, const vector_t *vector, const vector_program_t *program, spoil_t how);

/* The same of a program that is text: what it tells is SPOIL_RESULT; it has no memory, so SPOIL_MEMORY is how it ends. */
bool spoil_script_is_seen(const script_table_t *table, const script_t *script, const vector_program_t *program, spoil_t how);

#endif
