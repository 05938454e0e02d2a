/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm_module.h - what the VMs of WebAssembly engines share: the convention of a guest, and what is checked of a module whichever engine runs it.
 * Included by the adapters of such engines only. Knows no engine: what an engine says of a module comes as cg_wasm_item_t. */
#ifndef CALLGATE_WASM_MODULE_H
#define CALLGATE_WASM_MODULE_H

#include "callgate/load.h"

#include <stdbool.h>
#include <stdint.h>

/* The exports that mean something, both of type () -> i32. */
#define CG_WASM_ENTRY "cg_main"
#define CG_WASM_BLOCK "callgate_block"

enum { CG_WASM_PAGE_BYTES = 65536 };

/* Bytes of the largest program. Loading one that was made for it took the engines some 200 times as much memory. */
#ifndef CG_WASM_IMAGE_MAX
#define CG_WASM_IMAGE_MAX 2097152u
#endif

/* Bytes of the largest function. The time to load one may grow with its square. */
#ifndef CG_WASM_FUNCTION_MAX
#define CG_WASM_FUNCTION_MAX 32768u
#endif

/* ---- scan.c: the sections of a module, read before an engine sees them ---- */

typedef struct cg_wasm_scan {
    bool has_memory;
    uint32_t pages;         /* initial, of CG_WASM_PAGE_BYTES */
    uint32_t table_entries; /* that an engine makes room for, all tables */
    uint32_t locals;        /* of all functions */
} cg_wasm_scan_t;

/* Is this the header of a WebAssembly module of version 1? */
bool cg_wasm_probe(const uint8_t *image, uint32_t size);

/* Walk the sections. CG_LOAD_OK and *scan, or a cg_load_t with a message: broken framing, a start function, a memory that is not plain,
 * types, tables or locals that would cost the host out of proportion, or digests of another version. */
int cg_wasm_scan(cg_wasm_scan_t *scan, const cg_guest_config_t *config);

/* Bytes that policy.memory_bytes must give for the module's first memory; UINT32_MAX if they are more. A memory of no pages counts as one: it may grow. */
uint32_t cg_wasm_memory_needed(const cg_wasm_scan_t *scan);

/* Does the policy give that much? Below one page a program may have no memory at all. CG_LOAD_OK, or CG_LOAD_MEMORY with a message. */
int cg_wasm_check_memory(const cg_wasm_scan_t *scan, const cg_guest_config_t *config, const cg_policy_t *policy);

/* ---- compare.c: imports and exports, against the table of calls and the policy ---- */

enum { CG_WASM_TYPE_MAX = 64 };

/* Make the text of a type letter by letter: "(ii)i". One that is too long ends in dots, and so is equal to none of ours. */
typedef struct cg_wasm_type {
    char text[CG_WASM_TYPE_MAX];
    uint32_t used;
} cg_wasm_type_t;

void cg_wasm_type_add(cg_wasm_type_t *type, char letter);

/* An import or export. The names last as long as what is checked. */
typedef struct cg_wasm_item {
    const char *module; /* of an import; NULL for exports */
    const char *name;
    const char *type;   /* NULL: no function */
} cg_wasm_item_t;

/* One call, as a guest imports it, from the glue of an engine. */
typedef struct cg_wasm_call {
    const char *module;
    const char *name;
    const char *signature;
} cg_wasm_call_t;
typedef cg_wasm_call_t cg_wasm_call_fn(const void *glue, uint32_t index);

typedef struct cg_wasm_check {
    const cg_guest_config_t *config;
    const cg_policy_t *policy;
    cg_wasm_call_fn *call;
    cg_refused_t unknown, denied, handlers;
    bool has_entry, has_block, needs_block;
} cg_wasm_check_t;

/* Index of the call that an import names, or -1. */
int32_t cg_wasm_find_call(const cg_guest_config_t *config, cg_wasm_call_fn *call, const cg_wasm_item_t *import);

/* Each import, then the end of them: every one is a call of the set, of the right type, that the policy links. CG_LOAD_OK or CG_LOAD_IMPORT with a message. */
int cg_wasm_check_import(cg_wasm_check_t *check, const cg_wasm_item_t *import);
int cg_wasm_check_imports_end(const cg_wasm_check_t *check);

/* Each export, then the end of them: the entry is there, and nothing that an engine would run while it instantiates; handlers of events have the right types, are
 * received, and have a block where they need one. CG_LOAD_OK, CG_LOAD_IMAGE or CG_LOAD_IMPORT with a message. */
int cg_wasm_check_export(cg_wasm_check_t *check, const cg_wasm_item_t *export);
int cg_wasm_check_exports_end(const cg_wasm_check_t *check);

/* For tools: tell the call that an import is (one that no host here has is noted in check->unknown), or the event that an export handles. */
void cg_wasm_tell_import(cg_wasm_check_t *check, const cg_wasm_item_t *import, cg_inspect_fn *found, void *context);
void cg_wasm_tell_export(const cg_wasm_check_t *check, const cg_wasm_item_t *export, cg_inspect_fn *found, void *context);

#endif
