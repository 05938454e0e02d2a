/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the adapter's own files tell each other: scan.c, link.c, process.c, native.c, adapter.c. Nobody else includes it. */
#ifndef WAMR_INSIDE_H
#define WAMR_INSIDE_H

#include "wamr.h"

#include "callgate/load.h"

/* Bytes of the guest's operand stack and frames, taken from the heap beside its memory. */
#ifndef CG_WAMR_STACK_BYTES
#define CG_WAMR_STACK_BYTES 65536u
#endif

/* Bytes of the largest program. Loading one may take the engine 160 times as much memory. */
#ifndef CG_WAMR_IMAGE_MAX
#define CG_WAMR_IMAGE_MAX 2097152u
#endif

/* Instructions that callgate_block may take, which only returns an address. */
enum { WAMR_BLOCK_STEPS = 1000 };

enum { WAMR_PAGE_BYTES = 65536 };

#define WAMR_ENTRY "cg_main"

/* ---- scan.c: the sections of a module, read by ourselves before the engine sees them ---- */

typedef struct wamr_scan {
    bool has_memory;
    uint32_t pages;         /* initial, of WAMR_PAGE_BYTES */
    uint32_t table_entries; /* that the engine makes room for, all tables */
    uint32_t locals;        /* of all functions */
} wamr_scan_t;

/* Is this the header of a WebAssembly module of version 1? */
bool wamr_probe(const uint8_t *image, uint32_t size);

/* Walk the sections. CG_LOAD_OK and *scan, or a cg_load_t with a message: broken framing, a start function, a memory that is not plain,
 * types, tables or locals that would cost the host out of proportion, or digests of another version. */
int wamr_scan(wamr_scan_t *scan, const cg_guest_config_t *config);

/* ---- link.c: what a loaded module asks for and offers, against table and policy ---- */

/* Every import is a call of the set, of the right type, that the policy links. CG_LOAD_OK or CG_LOAD_IMPORT with a message. */
int wamr_check_imports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy);

#define WAMR_BLOCK "callgate_block"

/* It exports the entry, and nothing that the engine would run while it instantiates; handlers of events have the right types, are received, and have a block where they
 * need one. CG_LOAD_OK, CG_LOAD_IMAGE or CG_LOAD_IMPORT with a message. */
int wamr_check_exports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy);

/* Tell the calls it imports and the handlers it exports. CG_LOAD_OK, or CG_LOAD_IMPORT with a message for what no host here has. */
int wamr_tell(wasm_module_t module, const cg_guest_config_t *config, cg_inspect_fn *found, void *context);

/* ---- process.c: the engine and the natives, once a process ---- */

/* Loading, instantiating and freeing modules is not made for several threads: all of it happens between these two. */
void wamr_lock(void);
void wamr_unlock(void);

/* Start the engine for the first guest and register its natives; another table than that of living guests is refused. Locked.
 * CG_LOAD_OK, CG_LOAD_POLICY or CG_LOAD_MEMORY with a message. Each success is undone by one wamr_process_leave. */
int wamr_process_enter(const cg_guest_config_t *config);
void wamr_process_leave(void);

/* The engine wants to know threads that it did not start. True: tell it with wamr_thread_leave when the work is done. */
bool wamr_thread_enter(void);
void wamr_thread_leave(bool entered);

#endif
