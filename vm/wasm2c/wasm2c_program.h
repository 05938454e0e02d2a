/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm2c_program.h - what a module that was compiled ahead of time is to a host: a table of its functions and of what it asks for.
 * Included by the table's source, which callgate-wasm2c makes of each module, by the adapter, and by host programs. Knows no gate. */
#ifndef CALLGATE_WASM2C_PROGRAM_H
#define CALLGATE_WASM2C_PROGRAM_H

#include <stdbool.h>
#include <stdint.h>

#define CG_WASM2C_MAGIC {'c', 'g', 'w', 'a', 's', 'm', '2', 'c'}

/* An import or export with its type: "(ii)i". module: NULL for exports. */
typedef struct cg_wasm2c_item {
    const char *module;
    const char *name;
    const char *type;
} cg_wasm2c_item_t;

/* An exported function: entry, block or handler. *result is that of an i32 result. */
typedef struct cg_wasm2c_export {
    cg_wasm2c_item_t item;
    void (*call)(void *instance, const uint64_t *slots, uint32_t *result);
} cg_wasm2c_export_t;

/* self: its own address. A table that came from a file or was copied is refused: what it points at would be anything. */
typedef struct cg_wasm2c_program {
    unsigned char magic[8];
    const struct cg_wasm2c_program *self;
    uint32_t instance_size;                        /* bytes, aligned to 8 */
    uint32_t pages;                                /* of its memory, at first */
    bool has_memory;
    void (*prepare)(void);                         /* once before it is instantiated; again does no harm. Not at the same time on two threads */
    void (*instantiate)(void *instance, void *guest); /* `guest` comes back with each import */
    void (*release)(void *instance);
    const cg_wasm2c_item_t *imports;
    uint32_t import_count;
    const cg_wasm2c_export_t *exports;
    uint32_t export_count;
    const uint8_t *digests;                        /* 8 bytes each, see doc/abi.md */
    uint32_t digest_count;
} cg_wasm2c_program_t;

/* For cg_guest_config_t: extern const cg_wasm2c_program_t thermo; ... = {CG_WASM2C_IMAGE(thermo), .host = ... */
#define CG_WASM2C_IMAGE(program) .image = (const uint8_t *)&(program), .image_size = sizeof(cg_wasm2c_program_t)

#endif
