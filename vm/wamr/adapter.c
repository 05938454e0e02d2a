/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/wamr/adapter.c - ties WAMR to the gate: cg_wamr_ops.
 * Loading goes from what is cheap and certain (vm/wasm/) over the engine's own loader to its imports (link.c), and undoes itself at any step. The engine's memory is
 * taken from the heap. Never asks the engine whether an address is good: the gate does that. */
#include "inside.h"

#include <stdlib.h>

enum { WHY_MAX = 128 };

/* guest->vm points here; `memory` first, for generated glue looks at it. */
typedef struct adapter {
    cg_wamr_memory_t memory;
    uint8_t *image; /* a copy of ours: the engine writes into what it loads from, and keeps pointers into it */
    wasm_module_t module;
    wasm_module_inst_t instance;
    wasm_exec_env_t env;
    wasm_function_inst_t entry;
    wasm_function_inst_t *handlers; /* by event, behind this record; NULL: none */
    uint32_t block_at;              /* guest address of the block; asked for at the first event that needs it */
    bool knows_block;
    bool is_entered; /* counted by wamr_process_enter */
    uint8_t none;    /* what an empty window points at */
} adapter_t;

static uint32_t record_size(const cg_guest_config_t *config)
{
    return (uint32_t)(sizeof(adapter_t) + config->vm->set->event_count * sizeof(wasm_function_inst_t));
}

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    (void)policy;
    return cg_wasm_probe(config->image, config->image_size) ? record_size(config) : 0;
}

/* In the order of making, backwards; each part may be missing. Locked. */
static void unload(adapter_t *adapter)
{
    if (adapter->env != NULL) {
        wasm_runtime_destroy_exec_env(adapter->env);
    }
    if (adapter->instance != NULL) {
        wasm_runtime_deinstantiate(adapter->instance);
    }
    if (adapter->module != NULL) {
        wasm_runtime_unload(adapter->module);
    }
    free(adapter->image);
    if (adapter->is_entered) {
        wamr_process_leave();
    }
    *adapter = (adapter_t){0};
}

static int refuse(const cg_guest_config_t *config, int why, const char *what, const char *reason)
{
    cg_say(config, what, reason, (const char *)NULL);
    return why;
}

static int load_module(adapter_t *adapter, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    char why[WHY_MAX] = "";
    adapter->image = malloc(config->image_size);
    if (adapter->image == NULL) {
        return refuse(config, CG_LOAD_MEMORY, "cannot be loaded: out of memory", "");
    }
    memcpy(adapter->image, config->image, config->image_size);
    adapter->module = wasm_runtime_load(adapter->image, config->image_size, why, sizeof why);
    if (adapter->module == NULL) {
        return refuse(config, CG_LOAD_IMAGE, "is not a sound module: ", why);
    }
    const int result = wamr_check_imports(adapter->module, config, policy);
    return result != CG_LOAD_OK ? result : wamr_check_exports(adapter->module, config, policy);
}

static int instantiate(adapter_t *adapter, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    char why[WHY_MAX] = "";
    const InstantiationArgs args = {.default_stack_size = CG_WAMR_STACK_BYTES, .max_memory_pages = policy->memory_bytes / CG_WASM_PAGE_BYTES}; /* 0 would be "no limit": settled by the scan */
    adapter->instance = wasm_runtime_instantiate_ex(adapter->module, &args, why, sizeof why);
    if (adapter->instance == NULL) {
        return refuse(config, CG_LOAD_IMAGE, "cannot be made ready to run: ", why);
    }
    adapter->env = wasm_runtime_create_exec_env(adapter->instance, CG_WAMR_STACK_BYTES);
    if (adapter->env == NULL) {
        return refuse(config, CG_LOAD_MEMORY, "cannot be made ready to run: out of memory", "");
    }
    adapter->entry = wasm_runtime_lookup_function(adapter->instance, CG_WASM_ENTRY);
    if (adapter->entry == NULL) {
        return refuse(config, CG_LOAD_IMAGE, "does not export " CG_WASM_ENTRY, "");
    }
    adapter->handlers = (wasm_function_inst_t *)(void *)(adapter + 1);
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        adapter->handlers[i] = wasm_runtime_lookup_function(adapter->instance, config->vm->events[i].handler);
    }
    return CG_LOAD_OK;
}

/* Compared with the policy once more, as the engine sees it: it reads the module by its own rules. */
static int attach_memory(adapter_t *adapter, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_wamr_memory_t *m = &adapter->memory;
    m->window = (cg_window_t){.bytes = &adapter->none};
    m->memory = wasm_runtime_get_default_memory(adapter->instance);
    if (m->memory == NULL) {
        return CG_LOAD_OK;
    }
    m->page_bytes = wasm_memory_get_bytes_per_page(m->memory);
    const uint64_t pages = wasm_memory_get_max_page_count(m->memory);
    const uint64_t most = m->page_bytes == 0 ? UINT64_MAX : policy->memory_bytes / m->page_bytes;
    if (pages > most) {
        return cg_refuse_memory(config, policy, pages > UINT32_MAX / m->page_bytes ? UINT32_MAX : (uint32_t)(pages * m->page_bytes), "");
    }
    return CG_LOAD_OK;
}

static int load_all(adapter_t *adapter, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    int result = wamr_process_enter(config);
    adapter->is_entered = result == CG_LOAD_OK;
    if (result == CG_LOAD_OK) {
        result = load_module(adapter, config, policy);
    }
    if (result == CG_LOAD_OK) {
        result = instantiate(adapter, config, policy);
    }
    if (result == CG_LOAD_OK) {
        result = attach_memory(adapter, config, policy);
    }
    if (result != CG_LOAD_OK) {
        unload(adapter);
    }
    return result;
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    adapter_t *adapter = at;
    cg_wasm_scan_t scan;
    if (size < record_size(config)) {
        return refuse(config, CG_LOAD_MEMORY, "the storage is too small: ask cg_guest_storage", "");
    }
    int result = cg_wasm_scan(&scan, config);
    if (result == CG_LOAD_OK) {
        result = cg_wasm_check_memory(&scan, config, policy);
    }
    if (result != CG_LOAD_OK) {
        return result;
    }
    *adapter = (adapter_t){0};
    wamr_lock();
    const bool entered = wamr_thread_enter();
    result = load_all(adapter, config, policy);
    wamr_thread_leave(entered);
    wamr_unlock();
    if (result != CG_LOAD_OK) {
        return result;
    }
    wasm_runtime_set_user_data(adapter->env, guest);
    guest->vm = adapter;
    guest->windows = &adapter->memory.window;
    guest->region_mask = 0;
    guest->offset_mask = UINT32_MAX;
    cg_wamr_refresh(guest);
    return CG_LOAD_OK;
}

void cg_wamr_end(wasm_exec_env_t env)
{
    wasm_runtime_set_exception(wasm_runtime_get_module_inst(env), "ended by the gate");
}

/* The engine counts in an int, and takes -1 for no limit. */
static int steps_of(const cg_policy_t *policy)
{
    return policy->unlimited_steps ? -1 : policy->steps > INT32_MAX ? INT32_MAX : (int)policy->steps;
}

static int stopped_by(const cg_guest_t *guest, const char *exception)
{
    static const char prefix[] = "Exception: ";
    const char *why = exception == NULL ? "the engine stopped it" : exception;
    if (strncmp(why, prefix, sizeof prefix - 1) == 0) {
        why += sizeof prefix - 1;
    }
    if (guest->ending != 0) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    if (strcmp(why, "instruction limit exceeded") == 0) {
        cg_say(guest->config, "the steps of the policy are used up", (const char *)NULL);
        return CG_STOP_STEPS;
    }
    cg_say(guest->config, why, (const char *)NULL);
    return CG_STOP_FAULT;
}

/* Enter the guest once, for at most `steps` instructions, -1 for no limit: cells in and out. cg_stop_t. */
static int enter(cg_guest_t *guest, wasm_function_inst_t function, int steps, uint32_t count, uint32_t *cells)
{
    adapter_t *adapter = guest->vm;
    int stopped = CG_STOP_RETURNED;
    const bool entered = wamr_thread_enter();
    wasm_runtime_set_instruction_count_limit(adapter->env, steps);
    if (!wasm_runtime_call_wasm(adapter->env, function, count, cells)) {
        stopped = stopped_by(guest, wasm_runtime_get_exception(adapter->instance));
        wasm_runtime_clear_exception(adapter->instance);
    }
    wamr_thread_leave(entered);
    return stopped;
}

static int run(cg_guest_t *guest, int32_t *result)
{
    const adapter_t *adapter = guest->vm;
    uint32_t cells[2] = {0, 0};
    const int stopped = enter(guest, adapter->entry, steps_of(guest->policy), 0, cells);
    *result = stopped == CG_STOP_RETURNED ? (int32_t)cells[0] : 0;
    return stopped;
}

/* ---- events ---- */

static bool handles(const cg_guest_t *guest, uint32_t event)
{
    const adapter_t *adapter = guest->vm;
    return adapter->handlers[event] != NULL;
}

/* The engine wants arguments in cells of 32 bits: two for a wide one. */
static uint32_t cells_of(const cg_ev_face_t *face, const uint64_t *slots, uint32_t *cells)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < face->slot_count; i++) {
        const char letter = face->signature[i + 1]; /* after the bracket */
        if (letter == 'I' || letter == 'F') {
            memcpy(&cells[used], &slots[i], sizeof slots[i]);
            used += 2;
        } else {
            cells[used++] = (uint32_t)slots[i];
        }
    }
    return used;
}

/* The guest says once where its block is, before any event is taken: it may do anything meanwhile. What it says is checked at each delivery. */
static int prepare(cg_guest_t *guest)
{
    adapter_t *adapter = guest->vm;
    uint32_t cells[2] = {0, 0};
    if (adapter->knows_block) {
        return CG_STOP_RETURNED;
    }
    const wasm_function_inst_t function = wasm_runtime_lookup_function(adapter->instance, CG_WASM_BLOCK);
    const int stopped = function != NULL ? enter(guest, function, WAMR_BLOCK_STEPS, 0, cells) : CG_STOP_RETURNED; /* that one is there where it is needed was settled at load */
    adapter->knows_block = stopped == CG_STOP_RETURNED;
    adapter->block_at = cells[0];
    return stopped;
}

static int deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    const adapter_t *adapter = guest->vm;
    const cg_ev_face_t *face = &guest->kind->events[delivery->event];
    uint8_t block[CG_EV_HEAD + CG_EV_DATA_MAX];
    uint64_t slots[CG_EV_SLOTS_MAX] = {0};
    uint32_t cells[2 * CG_EV_SLOTS_MAX] = {0};
    cg_event_block(guest, delivery, adapter->block_at, block, slots);
    cg_wamr_refresh(guest);
    if (face->has_block && !cg_event_write(guest, adapter->block_at, block, (uint32_t)CG_EV_HEAD + face->size)) {
        cg_say(guest->config, "what " CG_WASM_BLOCK " returned is not in the guest's memory", (const char *)NULL);
        return CG_STOP_FAULT;
    }
    return enter(guest, adapter->handlers[delivery->event], steps_of(guest->policy), cells_of(face, slots, cells), cells);
}

static void destroy(cg_guest_t *guest)
{
    wamr_lock();
    const bool entered = wamr_thread_enter();
    unload(guest->vm);
    wamr_thread_leave(entered);
    wamr_unlock();
    guest->vm = NULL;
    guest->windows = NULL;
}

static uint32_t memory(const cg_guest_t *guest)
{
    const adapter_t *adapter = guest->vm;
    if (adapter->memory.memory == NULL) {
        return 0;
    }
    const uint64_t size = wasm_memory_get_cur_page_count(adapter->memory.memory) * adapter->memory.page_bytes;
    return size <= UINT32_MAX ? (uint32_t)size : UINT32_MAX;
}

/* The engine reads the module, and makes no instance. Locked. */
static int inspect_module(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    char why[WHY_MAX] = "";
    uint8_t *image = malloc(config->image_size);
    if (image == NULL) {
        return refuse(config, CG_LOAD_MEMORY, "cannot be loaded: out of memory", "");
    }
    memcpy(image, config->image, config->image_size);
    wasm_module_t module = wasm_runtime_load(image, config->image_size, why, sizeof why);
    int result = CG_LOAD_OK;
    if (module != NULL) {
        result = wamr_tell(module, config, found, context);
        wasm_runtime_unload(module);
    } else {
        result = refuse(config, CG_LOAD_IMAGE, "is not a sound module: ", why);
    }
    free(image);
    return result;
}

static int inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    cg_wasm_scan_t scan;
    int result = cg_wasm_scan(&scan, config);
    if (result != CG_LOAD_OK) {
        return result;
    }
    found(context, CG_FOUND_MEMORY, cg_wasm_memory_needed(&scan));
    wamr_lock();
    const bool entered = wamr_thread_enter();
    result = wamr_process_enter(config);
    if (result == CG_LOAD_OK) {
        result = inspect_module(config, found, context);
        wamr_process_leave();
    }
    wamr_thread_leave(entered);
    wamr_unlock();
    return result;
}

/* There is no `stop`: the gate refuses every further call and so ends the activation; one that calls nothing ends with its steps. */
const cg_vm_ops_t cg_wamr_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "wamr",
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
    .renew = NULL, /* the engine cannot be given more while it runs */
    .inspect = inspect,
};
