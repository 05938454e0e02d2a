/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/wasm3/adapter.c - ties wasm3 to the gate: cg_wasm3_ops.
 * Loading goes from what is cheap and certain (vm/wasm/, read.c, link.c, strict.c) to the engine (inner.c), and undoes itself at any step. Guests share nothing: each has an
 * environment of its own, so there is no lock. The engine cannot be stopped, so no policy with limited steps is taken. */
#include "inside.h"

#include <stdlib.h>

/* guest->vm points here; `memory` first, for generated glue looks at it. Behind it: links by call, handlers by event. */
typedef struct adapter {
    cg_wasm3_memory_t memory;
    uint8_t *image; /* the engine keeps pointers into it */
    wasm3_engine_t engine;
    wasm3_function_t entry;
    wasm3_function_t block;     /* NULL: it has none */
    wasm3_function_t *handlers; /* by event; NULL: none */
    uint32_t block_at;          /* guest address of the block; asked for at the first event that needs it */
    bool knows_block;
    uint8_t none; /* what an empty window points at */
    cg_wasm3_link_t links[];
} adapter_t;

const char cg_wasm3_ended[] = "ended by the gate";

static uint32_t record_size(const cg_guest_config_t *config)
{
    const cg_set_t *set = config->vm->set;
    return (uint32_t)(sizeof(adapter_t) + set->call_count * sizeof(cg_wasm3_link_t) + set->event_count * sizeof(wasm3_function_t));
}

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    (void)policy;
    return cg_wasm_probe(config->image, config->image_size) ? record_size(config) : 0;
}

static int refuse(const cg_guest_config_t *config, int why, const char *what, const char *reason)
{
    cg_say(config, what, reason, (const char *)NULL);
    return why;
}

static void unload(adapter_t *adapter)
{
    wasm3_engine_close(&adapter->engine);
    free(adapter->image);
    *adapter = (adapter_t){0};
}

/* ---- loading ---- */

/* A copy of ours without the custom sections: the engine would read names in them, and nobody wants those. */
static bool copy_image(adapter_t *adapter, const cg_guest_config_t *config, uint32_t *size)
{
    wasm_reader_t rest = {config->image + WASM_HEADER_SIZE, config->image_size - WASM_HEADER_SIZE};
    adapter->image = malloc(config->image_size);
    if (adapter->image == NULL) {
        return false;
    }
    memcpy(adapter->image, config->image, WASM_HEADER_SIZE);
    *size = WASM_HEADER_SIZE;
    while (rest.left != 0) {
        const uint8_t *section = rest.at;
        wasm_reader_t body;
        uint32_t kind;
        if (!wasm_read_byte(&rest, &kind) || !wasm_read_block(&rest, &body)) {
            return false; /* the scan has refused it */
        }
        if (kind != WASM_SECTION_CUSTOM) {
            memcpy(adapter->image + *size, section, (size_t)(rest.at - section));
            *size += (uint32_t)(rest.at - section);
        }
    }
    return true;
}

static int link_all(adapter_t *adapter, cg_guest_t *guest, const cg_guest_config_t *config)
{
    for (uint32_t i = 0; i < config->vm->set->call_count; i++) {
        cg_wasm3_link_t *link = &adapter->links[i];
        link->guest = guest;
        const char *why = link->native != NULL ? wasm3_engine_link(&adapter->engine, link) : NULL;
        if (why != NULL) {
            return refuse(config, CG_LOAD_IMPORT, "cannot be linked: ", why);
        }
    }
    return CG_LOAD_OK;
}

/* By index, and of the type that we read: the engine must agree. */
static bool find_function(const adapter_t *adapter, wasm3_function_t *to, uint32_t found, const char *signature)
{
    *to = found != 0 ? wasm3_engine_function(&adapter->engine, found - 1, signature) : NULL;
    return found == 0 || *to != NULL;
}

static int find_functions(adapter_t *adapter, const wasm3_found_t *found, const cg_guest_config_t *config)
{
    bool all = find_function(adapter, &adapter->entry, found->entry, "()i") && find_function(adapter, &adapter->block, found->block, "()i");
    for (uint32_t i = 0; all && i < config->vm->set->event_count; i++) {
        all = find_function(adapter, &adapter->handlers[i], found->handlers[i], config->vm->events[i].signature);
    }
    return all && adapter->entry != NULL ? CG_LOAD_OK : refuse(config, CG_LOAD_IMAGE, "exports an import: entry and handlers are functions of its own", "");
}

static int open_engine(adapter_t *adapter, cg_guest_t *guest, const wasm3_found_t *found, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    uint32_t size;
    if (!copy_image(adapter, config, &size)) {
        return refuse(config, CG_LOAD_MEMORY, "cannot be loaded: out of memory", "");
    }
    const char *why = wasm3_engine_open(&adapter->engine, adapter->image, size, policy->memory_bytes / CG_WASM_PAGE_BYTES);
    if (why != NULL) {
        return refuse(config, CG_LOAD_IMAGE, "is not a sound module: ", why);
    }
    const int result = link_all(adapter, guest, config);
    if (result != CG_LOAD_OK) {
        return result;
    }
    why = wasm3_engine_compile(&adapter->engine);
    return why != NULL ? refuse(config, CG_LOAD_IMAGE, "is not a sound module: ", why) : find_functions(adapter, found, config);
}

static int load_all(adapter_t *adapter, cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const uint32_t count = config->vm->set->event_count;
    wasm3_found_t found = {.handlers = calloc((size_t)count + 1, sizeof *found.handlers)};
    int result = found.handlers != NULL ? wasm3_check(adapter->links, &found, config, policy) : refuse(config, CG_LOAD_MEMORY, "cannot be loaded: out of memory", "");
    if (result == CG_LOAD_OK) {
        result = open_engine(adapter, guest, &found, config, policy);
    }
    free(found.handlers);
    if (result != CG_LOAD_OK) {
        unload(adapter);
    }
    return result;
}

/* What needs no memory to be found out. */
static int check_first(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_wasm_scan_t scan;
    const int result = cg_wasm_scan(&scan, config);
    return result != CG_LOAD_OK ? result : cg_wasm_check_memory(&scan, config, policy);
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    adapter_t *adapter = at;
    const uint32_t needed = record_size(config);
    if (size < needed) {
        return refuse(config, CG_LOAD_MEMORY, "the storage is too small: ask cg_guest_storage", "");
    }
    int result = check_first(config, policy);
    if (result != CG_LOAD_OK) {
        return result;
    }
    memset(at, 0, needed);
    adapter->handlers = (wasm3_function_t *)(void *)&adapter->links[config->vm->set->call_count];
    result = load_all(adapter, guest, config, policy);
    if (result != CG_LOAD_OK) {
        return result;
    }
    adapter->memory.window = (cg_window_t){.bytes = &adapter->none};
    adapter->memory.runtime = adapter->engine.runtime;
    guest->vm = adapter;
    guest->windows = &adapter->memory.window;
    guest->region_mask = 0;
    guest->offset_mask = UINT32_MAX;
    cg_wasm3_refresh(guest);
    return CG_LOAD_OK;
}

/* ---- running ---- */

/* Enter the guest once. cg_stop_t. */
static int enter(cg_guest_t *guest, wasm3_function_t function, const char *signature, const uint64_t *slots, uint32_t *result)
{
    const char *why = wasm3_engine_call(function, signature, slots, result);
    if (why == NULL) {
        return CG_STOP_RETURNED;
    }
    *result = 0;
    if (guest->ending != 0) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    cg_say(guest->config, why, (const char *)NULL);
    return CG_STOP_FAULT;
}

static int run(cg_guest_t *guest, int32_t *result)
{
    const adapter_t *adapter = guest->vm;
    uint32_t value;
    const int stopped = enter(guest, adapter->entry, "()i", NULL, &value);
    *result = (int32_t)value;
    return stopped;
}

static bool handles(const cg_guest_t *guest, uint32_t event)
{
    const adapter_t *adapter = guest->vm;
    return adapter->handlers[event] != NULL;
}

/* The guest says once where its block is, before any event is taken: it may do anything meanwhile. What it says is checked at each delivery. */
static int prepare(cg_guest_t *guest)
{
    adapter_t *adapter = guest->vm;
    uint32_t at = 0;
    if (adapter->knows_block) {
        return CG_STOP_RETURNED;
    }
    const int stopped = adapter->block != NULL ? enter(guest, adapter->block, "()i", NULL, &at) : CG_STOP_RETURNED; /* that one is there where it is needed was settled at load */
    adapter->knows_block = stopped == CG_STOP_RETURNED;
    adapter->block_at = at;
    return stopped;
}

static int deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    const adapter_t *adapter = guest->vm;
    const cg_ev_face_t *face = &guest->kind->events[delivery->event];
    uint8_t block[CG_EV_HEAD + CG_EV_DATA_MAX];
    uint64_t slots[CG_EV_SLOTS_MAX] = {0};
    uint32_t nothing;
    cg_event_block(guest, delivery, adapter->block_at, block, slots);
    cg_wasm3_refresh(guest);
    if (face->has_block && !cg_event_write(guest, adapter->block_at, block, (uint32_t)CG_EV_HEAD + face->size)) {
        cg_say(guest->config, "what " CG_WASM_BLOCK " returned is not in the guest's memory", (const char *)NULL);
        return CG_STOP_FAULT;
    }
    return enter(guest, adapter->handlers[delivery->event], face->signature, slots, &nothing);
}

static void destroy(cg_guest_t *guest)
{
    unload(guest->vm);
    guest->vm = NULL;
    guest->windows = NULL;
}

static uint32_t memory(const cg_guest_t *guest)
{
    const adapter_t *adapter = guest->vm;
    return wasm3_engine_memory(&adapter->engine);
}

/* ---- for tools ---- */

/* Our own reading is all: the engine compiles nothing that is not to run. */
static int inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    cg_wasm_scan_t scan;
    wasm3_read_t read;
    int result = cg_wasm_scan(&scan, config);
    if (result != CG_LOAD_OK) {
        return result;
    }
    found(context, CG_FOUND_MEMORY, cg_wasm_memory_needed(&scan));
    result = wasm3_read(&read, config);
    if (result == CG_LOAD_OK) {
        result = wasm3_strict(&read, config);
    }
    if (result == CG_LOAD_OK) {
        result = wasm3_tell(&read, config, found, context);
    }
    wasm3_read_free(&read);
    return result;
}

/* There is no `stop`: the gate refuses every further call and so ends the activation; one that calls nothing runs on. */
const cg_vm_ops_t cg_wasm3_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "wasm3",
    .probe = cg_wasm_probe,
    .storage = storage,
    .load = load,
    .run = run,
    .destroy = destroy,
    .stop = NULL,
    .memory = memory,
    .handles = handles,
    .prepare = prepare,
    .deliver = deliver,
    .renew = NULL, /* there are no steps to give */
    .inspect = inspect,
};
