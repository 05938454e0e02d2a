/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/world.h - the host behind all.yaml: writes down what arrives, answers known values, misbehaves where a test asks for it.
 * Neighbours: world.c and world_more.c implement it, the tests look at it. */
#ifndef TEST_GENERATE_WORLD_H
#define TEST_GENERATE_WORLD_H

#include "fake.h"
#include "host_all.h"

#include <stdbool.h>
#include <stdint.h>

/* How the host breaks its contract in the call under way. */
typedef enum bad {
    BAD_NOTHING,
    BAD_RESULT,   /* what the host function returns is world.result */
    BAD_VALUE,    /* a closed enum or flags outside its names, or a value outside its range */
    BAD_DEEP,     /* the same, inside a nested record or a later element */
    BAD_COUNT,    /* a count over the capacity */
    BAD_TEXT,     /* bytes that are no UTF-8 */
    BAD_NUL,      /* a NUL in a text */
    BAD_NULL,     /* no object where there must be one */
    BAD_NULL_LAST, /* the same, for the last object */
    BAD_TWICE     /* one object given twice */
} bad_t;

enum { WORLD_OBJECTS = 16 };

struct host_all_thing {
    int number;
};
struct host_all_owned {
    int released; /* how often */
    bool is_out;  /* the guest owns it */
};

typedef struct world {
    bad_t bad;
    int result;       /* with BAD_RESULT */
    uint32_t calls;   /* of host functions */
    int64_t value;    /* what value calls return, if has_value */
    bool has_value;
    uint32_t given;   /* owned objects made so far */
    bool is_empty;    /* optional results stay away; buffers stay empty */
    char text[512];   /* what the last call was given */
    struct host_all_thing things[WORLD_OBJECTS];
    struct host_all_owned owned[WORLD_OBJECTS];
    cg_all_dial_t dial;
} world_t;

extern world_t world;

void world_reset(void);
/* Objects that the guest owns now, by the host's own book. */
uint32_t world_out(void);
/* Was any object released more than once, or without being out? */
bool world_is_sound(void);
/* Note a call and its arguments; what the host function returns. */
int world_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
