/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the adapter's own files tell each other: link.c, process.c, native.c, adapter.c. Nobody else includes it. */
#ifndef WAMR_INSIDE_H
#define WAMR_INSIDE_H

#include "wamr.h"

#include "wasm_module.h"

/* Bytes of the guest's operand stack and frames, taken from the heap beside its memory. */
#ifndef CG_WAMR_STACK_BYTES
#define CG_WAMR_STACK_BYTES 65536u
#endif

/* Instructions that callgate_block may take, which only returns an address. */
enum { WAMR_BLOCK_STEPS = 1000 };

/* ---- link.c: what a loaded module asks for and offers, against table and policy ---- */

/* Every import is a call of the set, of the right type, that the policy links. CG_LOAD_OK or CG_LOAD_IMPORT with a message. */
int wamr_check_imports(wasm_module_t module, const cg_guest_config_t *config, const cg_policy_t *policy);

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
