/* SPDX-License-Identifier: BSD-2-Clause */
/* host.h - what host functions of the vectors share: the player's state, the reply they take apart, the text they add to.
 * Implemented by host.c and player.c; used by the generated host_calls.c. */
#ifndef VECTORS_HOST_H
#define VECTORS_HOST_H

#include "player.h"

#include "host/host_bell.h"
#include "host/host_contract.h"
#include "host/host_vectors.h"

enum { OBJECTS = 16, TEXT_MAX = 1024 };

struct host_contract_thing {
    uint8_t number;
};
struct host_contract_other {
    uint8_t number;
};
struct host_bell_bell {
    uint8_t number;
};
struct host_vectors_source {
    uint8_t number;
};

/* Object n of each type is at index n - 1. */
struct cg_host {
    uint16_t (*next)(cg_host_t *host, uint32_t at);      /* the guest asks what to do */
    int (*tell)(cg_host_t *host, uint64_t letters);      /* the guest tells something; NULL: none does */
    const vector_table_t *table;
    const vector_step_t *step;
    cg_guest_t *guest;
    uint8_t *record;           /* the guest's, once it has asked */
    uint8_t *edge;
    uint32_t area_at, edge_at; /* guest addresses */
    const uint8_t *reply;      /* what is left of it */
    uint32_t reply_left;
    uint32_t text_size;
    char text[TEXT_MAX];
    uint8_t area_then[VECTOR_AREA], edge_then[VECTOR_EDGE]; /* what must be there afterwards */
    struct host_contract_thing things[OBJECTS];
    struct host_contract_other others[OBJECTS];
    struct host_bell_bell bells[OBJECTS];
    struct host_vectors_source sources[OBJECTS];
    cg_contract_dial_t dials[OBJECTS];
};

/* Add to the text; `before` stands before a number. */
void say(cg_host_t *host, const char *text);
void say_unsigned(cg_host_t *host, const char *before, uint64_t value);
void say_signed(cg_host_t *host, const char *before, int64_t value);
void say_bits(cg_host_t *host, const char *before, uint64_t value);
void say_bytes(cg_host_t *host, const char *before, const void *bytes, uint32_t size);

/* The next number of the reply, of so many bytes. 0 where nothing is left, which is said. */
uint64_t reply_number(cg_host_t *host, uint32_t size);
float reply_f32(cg_host_t *host);
double reply_f64(cg_host_t *host);
uint64_t bits_f32(float value);
uint64_t bits_f64(double value);

/* The reply begins with the error of the host function. */
int reply_error(cg_host_t *host);

/* A buffer to fill begins with the count that the function will say (UINT32_MAX: the truth) and how many elements there are. False if they do not fit, and the function says
 * the truth. *here: how many to write. */
bool reply_count(cg_host_t *host, uint32_t capacity, uint32_t *claim, uint32_t *here);

/* Numbers of the objects. */
void host_init(cg_host_t *host);

/* The reply of host->step is next. */
void reply_begin(cg_host_t *host);

/* Generated: post the event with this index, its source and its data as the reply says. */
cg_post_t event_post(cg_host_t *host, uint32_t event);

#endif
