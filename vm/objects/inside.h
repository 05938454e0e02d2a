/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the files of this folder tell each other. Nobody else includes it. */
#ifndef OBJECTS_INSIDE_H
#define OBJECTS_INSIDE_H

#include "object_vm.h"

enum { OBJECT_BLOCK_BEGIN = 8 /* address 0 is nothing */, OBJECT_ALIGN = 8 };

/* A call being laid down, or read back. */
typedef struct lay {
    cg_guest_t *guest;
    const cg_object_t *object;
    const cg_call_info_t *call;
    cg_object_answer_t *answer;
    uint32_t at;       /* next free byte of the block */
    uint32_t slot;     /* next slot */
    uint32_t spare;    /* next argument behind the inputs */
    uint64_t slots[CG_ROW_SLOTS_MAX];
} lay_t;

/* ---- place.c ---- */

static inline cg_object_t *object_of(const cg_guest_t *g)
{
    return g->vm;
}

/* Bytes of one value in the block; of a list's element. */
uint32_t object_size(cg_kind_t kind, const cg_type_info_t *type);
/* Bytes that an argument takes in the block. */
uint32_t object_room(const cg_item_info_t *item);
/* The integer kind that carries an enum or flags; other kinds are themselves. */
cg_kind_t object_carrier(cg_kind_t kind, const cg_type_info_t *type);
bool object_is_buffer(const cg_item_info_t *item);
bool object_is_signed(cg_kind_t kind);
/* Where the places of an output begin: block addresses as cg_object_call handed them out. */
typedef struct output {
    uint32_t value, count, has; /* addresses; 0: there is none */
} output_t;
output_t object_output(const cg_call_info_t *call, uint32_t argument);

/* ---- take.c: values of the guest into the block ---- */

/* One argument into slots and block. False: answer says why. */
bool object_take(lay_t *lay, const cg_item_info_t *item, uint32_t argument);

/* ---- give.c: values of the block to the guest ---- */

/* The value at `bytes`. */
bool object_give(const cg_object_t *object, cg_kind_t kind, const cg_type_info_t *type, bool is_owned, const uint8_t *bytes, cg_value_t *value);
bool object_give_bits(const cg_object_t *object, cg_kind_t kind, const cg_type_info_t *type, bool is_owned, uint64_t bits, cg_value_t *value);
bool object_give_buffer(const cg_object_t *object, const cg_item_info_t *item, const uint8_t *bytes, uint32_t count, cg_value_t *value);

#endif
