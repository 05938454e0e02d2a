/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the adapter's own files tell each other: read.c, strict.c, inner.c, adapter.c. Nobody else includes it. */
#ifndef WASM3_INSIDE_H
#define WASM3_INSIDE_H

#include "reader.h"
#include "wasm3.h"
#include "wasm_module.h"

/* Bytes of the guest's operand stack and frames, taken from the heap beside its memory. */
#ifndef CG_WASM3_STACK_BYTES
#define CG_WASM3_STACK_BYTES 65536u
#endif

/* The engine compares every type with every other, and every export with every other: more of them cost time out of proportion. */
enum { WASM3_TYPES_MAX = 4096, WASM3_IMPORTS_MAX = 4096, WASM3_EXPORTS_MAX = 4096 };

/* ---- read.c: imports and exports, read by ourselves ---- */

/* A module as far as it matters what it asks for and offers. Its names are in `copy`, made into C strings there. */
typedef struct wasm3_read {
    uint8_t *copy;
    wasm_reader_t sections[WASM_SECTION_DATA_COUNT + 1]; /* bodies, in `copy`; custom ones are not kept */
    wasm_reader_t *types;    /* [type_count], each from its parameters on */
    uint32_t *functions;     /* [function_count] index of the type, imports first */
    uint32_t type_count, function_count, import_count;
} wasm3_read_t;

/* An import or export with what it points at; `type` is room for the item's. */
typedef struct wasm3_item {
    cg_wasm_item_t item;
    cg_wasm_type_t type;
    uint32_t function; /* index, where it is one */
} wasm3_item_t;

/* Read a module whose framing is sound (cg_wasm_scan). CG_LOAD_OK, CG_LOAD_IMAGE or CG_LOAD_MEMORY with a message; free it in any case. */
int wasm3_read(wasm3_read_t *read, const cg_guest_config_t *config);
void wasm3_read_free(wasm3_read_t *read);

/* The next import or export; false: there is none, or it is not sound, and then *is_sound is false. Each section is walked once: its names are changed in place. */
bool wasm3_next_import(const wasm3_read_t *read, wasm_reader_t *rest, wasm3_item_t *item, bool *is_sound);
bool wasm3_next_export(const wasm3_read_t *read, wasm_reader_t *rest, wasm3_item_t *item, bool *is_sound);

/* ---- strict.c: what the engine is not trusted with ---- */

/* Refuse what the engine does not check, or checks at a cost. CG_LOAD_OK, or CG_LOAD_IMAGE with a message. Looks at no instruction but those of constants. */
int wasm3_strict(const wasm3_read_t *read, const cg_guest_config_t *config);

/* ---- link.c: what a module asks for and offers ---- */

/* What its exports are: index of the function plus 1, 0 is none. */
typedef struct wasm3_found {
    uint32_t entry, block;
    uint32_t *handlers; /* by event */
} wasm3_found_t;

/* Read the module, compare imports and exports, and refuse what the engine is not trusted with. Notes which calls are linked (links[call].native) and what is exported.
 * CG_LOAD_OK, or a cg_load_t with a message. */
int wasm3_check(cg_wasm3_link_t *links, wasm3_found_t *found, const cg_guest_config_t *config, const cg_policy_t *policy);

/* Tell the calls it imports and the handlers it exports. CG_LOAD_OK, or a cg_load_t with a message. */
int wasm3_tell(const wasm3_read_t *read, const cg_guest_config_t *config, cg_inspect_fn *found, void *context);

/* ---- inner.c: the only file that knows the engine's records ---- */

typedef struct wasm3_engine {
    struct M3Environment *environment;
    struct M3Runtime *runtime;
    struct M3Module *module; /* owned by the runtime once it is loaded */
    bool is_loaded;
} wasm3_engine_t;

/* A function of the loaded module; NULL: none. */
typedef struct M3Function *wasm3_function_t;

/* Make the module from `image`, which must stay, and put it into a runtime of its own. Memory may grow to so many pages and tables to no more than they are. Runs
 * nothing of the guest. NULL, or the engine's words on what is wrong; wasm3_engine_close in any case. */
const char *wasm3_engine_open(wasm3_engine_t *engine, const uint8_t *image, uint32_t size, uint32_t pages_max);
void wasm3_engine_close(wasm3_engine_t *engine);

/* Link an import, whose type the engine compares once more. NULL or its words. */
const char *wasm3_engine_link(wasm3_engine_t *engine, const cg_wasm3_link_t *link);

/* Validate and compile every function. NULL or its words. */
const char *wasm3_engine_compile(wasm3_engine_t *engine);

/* By index, imports first: names in a module may be said twice. The engine's own view of its type must be `signature`, and it must be the module's own; else NULL. */
wasm3_function_t wasm3_engine_function(const wasm3_engine_t *engine, uint32_t index, const char *signature);

/* Call it: a slot for each argument; *result is that of an i32 result. NULL, or why it ended: cg_wasm3_ended or a trap's text. */
const char *wasm3_engine_call(wasm3_function_t function, const char *signature, const uint64_t *slots, uint32_t *result);

uint32_t wasm3_engine_memory(const wasm3_engine_t *engine);

#endif
