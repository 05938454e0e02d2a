/* SPDX-License-Identifier: BSD-2-Clause */
/* runtime.h - the runtime of modules that wasm2c made C of, as the adapter uses it: entering and leaving, and a limit on memory.
 * Between adapter.c and runtime.c. Knows no gate. */
#ifndef WASM2C_RUNTIME_H
#define WASM2C_RUNTIME_H

#include "wasm-rt.h"

/* What is run inside a guest. */
typedef void wasm2c_work_fn(void *context);

/* Run it; a trap on the way ends it. Entries may nest on one thread. */
wasm_rt_trap_t wasm2c_enter(wasm2c_work_fn *work, void *context);

/* Words for a trap. */
const char *wasm2c_trap_text(wasm_rt_trap_t trap);

/* Until the next wasm2c_instantiating(0) on this thread: memory may have so many pages, and the one that is made is remembered. */
void wasm2c_instantiating(uint32_t pages_max);
wasm_rt_memory_t *wasm2c_made(void);

#endif
