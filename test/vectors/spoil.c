/* SPDX-License-Identifier: BSD-2-Clause */
/* spoil.c - the player's own test: a vector whose table says something wrong must be complained of. The table is const, so a vector is copied and then spoiled. */
#include "spoil.h"

#include <string.h>

enum { STEPS_MAX = 8, BYTES_MAX = 16, SEEN_MAX = 1100 };

/* A byte of the area that no vector uses, and what never is there. */
enum { FREE_AT = 300 };
static const uint8_t wrong_byte = 0;

static uint32_t complaints;

static void count(const char *text)
{
    (void)text;
    complaints += 1;
}

/* Copies whose last step is spoiled; the rest is the table's. */
static struct copy {
    vector_t vector;
    vector_step_t steps[STEPS_MAX];
    vector_bytes_t after[BYTES_MAX];
    char seen[SEEN_MAX];
} copy;

static bool copy_make(const vector_t *vector)
{
    const vector_step_t *last = &vector->steps[vector->step_count - 1];
    if (vector->step_count > STEPS_MAX || last->after_count >= BYTES_MAX || strlen(vector->seen) + 2 > SEEN_MAX) {
        return false;
    }
    copy.vector = *vector;
    memcpy(copy.steps, vector->steps, vector->step_count * sizeof copy.steps[0]);
    copy.vector.steps = copy.steps;
    return true;
}

static void spoil(spoil_t how)
{
    vector_step_t *last = &copy.steps[copy.vector.step_count - 1];
    switch (how) {
    case SPOIL_RESULT:
        last->result ^= 1;
        break;
    case SPOIL_MEMORY:
        if (last->after_count != 0) {
            memcpy(copy.after, last->after, last->after_count * sizeof copy.after[0]);
        }
        copy.after[last->after_count] = (vector_bytes_t){false, FREE_AT, 1, &wrong_byte};
        last->after = copy.after;
        last->after_count += 1;
        break;
    case SPOIL_SEEN:
        memcpy(copy.seen, copy.vector.seen, strlen(copy.vector.seen) + 1);
        copy.seen[strlen(copy.vector.seen) + 1] = '\0';
        copy.seen[strlen(copy.vector.seen)] = 'x';
        copy.vector.seen = copy.seen;
        break;
    case SPOIL_COUNT:
        break;
    }
}

bool spoil_is_seen(const vector_table_t *table, const vector_t *vector, const vector_program_t *program, spoil_t how)
{
    if (!copy_make(vector)) {
        return false;
    }
    spoil(how);
    complaints = 0;
    const bool is_good = vector_play(table, &copy.vector, program, count);
    return !is_good && complaints != 0;
}

/* A text with one letter more, until the next one is made. */
static const char *longer(const char *text)
{
    const size_t size = strlen(text);
    if (size + 2 > SEEN_MAX) {
        return text;
    }
    memcpy(copy.seen, text, size);
    copy.seen[size] = 'x';
    copy.seen[size + 1] = '\0';
    return copy.seen;
}

bool spoil_script_is_seen(const script_table_t *table, const script_t *script, const vector_program_t *program, spoil_t how)
{
    script_t spoiled = *script;
    if (script->step_count > STEPS_MAX) {
        return false;
    }
    memcpy(copy.steps, script->steps, script->step_count * sizeof copy.steps[0]);
    spoiled.steps = copy.steps;
    spoiled.told = how == SPOIL_RESULT ? longer(script->told) : script->told;
    spoiled.seen = how == SPOIL_SEEN ? longer(script->seen) : script->seen;
    if (how == SPOIL_MEMORY) {
        vector_step_t *last = &copy.steps[script->step_count - 1];
        last->ends = !last->ends;
        last->result ^= last->is_event; /* an event ends nothing; what becomes of its post is wrong then */
    }
    complaints = 0;
    const bool is_good = script_play(table, &spoiled, program, count);
    return !is_good && complaints != 0;
}
