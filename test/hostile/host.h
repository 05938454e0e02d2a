/* SPDX-License-Identifier: BSD-2-Clause */
/* test/hostile/host.h - the book of a host that breaks its word; host.c has its functions. */
#ifndef TEST_HOSTILE_HOST_H
#define TEST_HOSTILE_HOST_H

#include "host_hostile.h"

enum { TOKENS = 8, PLACES = 8 };

struct host_hostile_token {
    uint32_t released; /* by the gate */
    bool is_kept;      /* the host has it back: a release would be one too many */
};

struct host_hostile_place {
    uint8_t at;
};

typedef enum sin { SIN_NONE, SIN_SAME, SIN_NULL, SIN_COUNT, SIN_CAPACITY, SIN_POINTER, SIN_NESTED } sin_t;

typedef struct book {
    sin_t sin;
    uint32_t made;
    struct host_hostile_token tokens[TOKENS];
    struct host_hostile_place places[PLACES];
    void (*nested)(cg_call_t *call); /* with SIN_NESTED: called while the token is in use */
    uint32_t released_inside;        /* releases of the token while its call was under way */
} book_t;

extern book_t book;

#endif
