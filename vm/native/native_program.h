/* SPDX-License-Identifier: BSD-2-Clause */
/* native_program.h - what a native program is to a host: a table of its functions.
 * Included by the generated program.c of each guest, by the adapter, and by host programs. Freestanding; knows no gate. */
#ifndef CALLGATE_NATIVE_PROGRAM_H
#define CALLGATE_NATIVE_PROGRAM_H

#include <stdint.h>

#define CG_NATIVE_MAGIC {'c', 'g', 'n', 'a', 't', 'i', 'v', '1'}

/* A function that takes an event.
 * function: NULL where the program does not define it. call: calls it, with the event's data as they lie in the block. */
typedef struct cg_native_handler {
    const char *name; /* "on_timer_fired" */
    void (*function)(void);
    void (*call)(uint32_t handle, const void *data);
} cg_native_handler_t;

/* self: its own address. A table that came from a file or was copied is refused: what it points at would be anything. */
typedef struct cg_native_program {
    unsigned char magic[8];
    const struct cg_native_program *self;
    int (*entry)(void);
    const cg_native_handler_t *handlers;
    uint32_t handler_count;
    uint32_t digest_count;
    const uint32_t *digests; /* pairs, see doc/abi.md */
} cg_native_program_t;

/* For cg_guest_config_t: extern const cg_native_program_t thermo; ... = {CG_NATIVE_IMAGE(thermo), .host = ... */
#define CG_NATIVE_IMAGE(program) .image = (const uint8_t *)&(program), .image_size = sizeof(cg_native_program_t)

/* For program.c: the name of a handler as text, though the name itself is a macro; and how a handler is given a datum: records by address. */
#define CG_NATIVE_TEXT(api, event) "on_" #api "_" #event
#define CG_NATIVE_CG_KIND_BOOL(value) (value)
#define CG_NATIVE_CG_KIND_U8(value) (value)
#define CG_NATIVE_CG_KIND_U16(value) (value)
#define CG_NATIVE_CG_KIND_U32(value) (value)
#define CG_NATIVE_CG_KIND_U64(value) (value)
#define CG_NATIVE_CG_KIND_S8(value) (value)
#define CG_NATIVE_CG_KIND_S16(value) (value)
#define CG_NATIVE_CG_KIND_S32(value) (value)
#define CG_NATIVE_CG_KIND_S64(value) (value)
#define CG_NATIVE_CG_KIND_F32(value) (value)
#define CG_NATIVE_CG_KIND_F64(value) (value)
#define CG_NATIVE_CG_KIND_ENUM(value) (value)
#define CG_NATIVE_CG_KIND_FLAGS(value) (value)
#define CG_NATIVE_CG_KIND_RECORD(value) (&(value))

#endif
