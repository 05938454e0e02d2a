/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/wasm2c/adapter.c - ties modules compiled ahead of time to the gate: cg_wasm2c_ops.
 * The table of a module says what it asks for, so it is compared with the calls and the policy as vm/wasm/ does for every engine. Runs nothing of a guest at load but
 * what fills its memory and tables. Steps cannot be counted, so no policy that limits them is taken. */
#include "wasm2c_vm.h"

#include "runtime.h"
#include "wasm_module.h"

#include <stdatomic.h>

/* guest->vm points here; `memory` first, for generated glue looks at it. Behind it: handlers by event, then the instance. */
typedef struct adapter {
    cg_wasm2c_memory_t memory;
    const cg_wasm2c_program_t *program;
    void *instance;
    const cg_wasm2c_export_t *entry;
    const cg_wasm2c_export_t *block; /* NULL: it has none */
    uint32_t block_at;               /* guest address of the block; asked for at the first event that needs it */
    bool knows_block;
    uint8_t none;                    /* what an empty window points at */
    const cg_wasm2c_export_t *handlers[];
} adapter_t;

/* What to run inside a guest. */
typedef struct work {
    adapter_t *adapter;
    const cg_wasm2c_export_t *function;
    const uint64_t *slots;
    uint32_t *result;
    cg_guest_t *guest;
} work_t;

void cg_wasm2c_leave(void)
{
    wasm_rt_trap(WASM_RT_TRAP_GATE);
}

/* ---- programs ---- */

/* No file is one of ours: a table of functions is trusted, and only a host program can have one. */
static bool probe(const uint8_t *image, uint32_t size)
{
    (void)image;
    (void)size;
    return false;
}

static const cg_wasm2c_program_t *program_of(const cg_guest_config_t *config)
{
    static const unsigned char magic[] = CG_WASM2C_MAGIC;
    if (config->image_size != sizeof(cg_wasm2c_program_t) || (uintptr_t)config->image % _Alignof(cg_wasm2c_program_t) != 0) {
        return NULL;
    }
    const cg_wasm2c_program_t *program = (const void *)config->image;
    return memcmp(program->magic, magic, sizeof magic) == 0 && program->self == program ? program : NULL;
}

static uint32_t record_size(const cg_guest_config_t *config)
{
    const size_t size = sizeof(adapter_t) + config->vm->set->event_count * sizeof(cg_wasm2c_export_t *);
    return (uint32_t)(size + 7) & ~7u;
}

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const cg_wasm2c_program_t *program = program_of(config);
    (void)policy;
    return program != NULL ? record_size(config) + program->instance_size : 0;
}

static int refuse(const cg_guest_config_t *config, int why, const char *what, const char *reason)
{
    cg_say(config, what, reason, (const char *)NULL);
    return why;
}

/* ---- what a module asks for and offers ---- */

static cg_wasm_call_t call_of(const void *glue, uint32_t index)
{
    const cg_wasm2c_call_t *call = &((const cg_wasm2c_call_t *)glue)[index];
    return (cg_wasm_call_t){call->module, call->name, call->signature};
}

static cg_wasm_item_t item_of(const cg_wasm2c_item_t *item)
{
    return (cg_wasm_item_t){item->module, item->name, item->type};
}

static int check_imports(const cg_wasm2c_program_t *program, cg_wasm_check_t *check)
{
    for (uint32_t i = 0; i < program->import_count; i++) {
        const cg_wasm_item_t item = item_of(&program->imports[i]);
        const int refused = cg_wasm_check_import(check, &item);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
    }
    return cg_wasm_check_imports_end(check);
}

static int check_exports(const cg_wasm2c_program_t *program, cg_wasm_check_t *check)
{
    for (uint32_t i = 0; i < program->export_count; i++) {
        const cg_wasm_item_t item = item_of(&program->exports[i].item);
        const int refused = cg_wasm_check_export(check, &item);
        if (refused != CG_LOAD_OK) {
            return refused;
        }
    }
    return cg_wasm_check_exports_end(check);
}

static int check_all(const cg_wasm2c_program_t *program, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_wasm_check_t check = {.config = config, .policy = policy, .call = call_of};
    int result = cg_check_digests(config, program->digests, program->digest_count);
    if (result == CG_LOAD_OK) {
        result = cg_wasm_check_memory(&(cg_wasm_scan_t){.has_memory = program->has_memory, .pages = program->pages}, config, policy);
    }
    if (result == CG_LOAD_OK) {
        result = check_imports(program, &check);
    }
    return result == CG_LOAD_OK ? check_exports(program, &check) : result;
}

static const cg_wasm2c_export_t *find(const cg_wasm2c_program_t *program, const char *name)
{
    for (uint32_t i = 0; i < program->export_count; i++) {
        if (program->exports[i].call != NULL && strcmp(program->exports[i].item.name, name) == 0) {
            return &program->exports[i];
        }
    }
    return NULL;
}

/* ---- loading ---- */

/* Numbers of types are given once a program, and the table of them is the process's. */
static void prepare_program(void *context)
{
    const work_t *work = context;
    work->adapter->program->prepare();
}

static void instantiate(void *context)
{
    const work_t *work = context;
    work->adapter->program->instantiate(work->adapter->instance, work->guest);
}

static wasm_rt_trap_t prepare_locked(work_t *work)
{
    static atomic_flag lock = ATOMIC_FLAG_INIT;
    while (atomic_flag_test_and_set_explicit(&lock, memory_order_acquire)) {
    }
    const wasm_rt_trap_t trap = wasm2c_enter(prepare_program, work);
    atomic_flag_clear_explicit(&lock, memory_order_release);
    return trap;
}

/* Grown only by the guest's own code, never within a call. */
static void memory_moved(void *context, uint8_t *data, uint32_t size)
{
    adapter_t *adapter = context;
    adapter->memory.window = (cg_window_t){.bytes = data, .readable = size, .writable = size};
}

/* The instance begins as zeros, so it can be released however far it came. */
static int make_instance(adapter_t *adapter, cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    work_t work = {.adapter = adapter, .guest = guest};
    wasm_rt_trap_t trap = prepare_locked(&work);
    if (trap == WASM_RT_TRAP_NONE) {
        wasm2c_instantiating(policy->memory_bytes / CG_WASM_PAGE_BYTES);
        trap = wasm2c_enter(instantiate, &work);
        wasm_rt_memory_t *memory = wasm2c_made();
        wasm2c_instantiating(0);
        if (trap == WASM_RT_TRAP_NONE && memory != NULL) {
            memory->moved = memory_moved;
            memory->context = adapter;
            memory_moved(adapter, memory->data, memory->size);
        }
    }
    if (trap == WASM_RT_TRAP_NONE) {
        return CG_LOAD_OK;
    }
    adapter->program->release(adapter->instance);
    return refuse(config, trap == WASM_RT_TRAP_MEMORY ? CG_LOAD_MEMORY : CG_LOAD_IMAGE, "cannot be loaded: ", wasm2c_trap_text(trap));
}

static int check_first(const cg_wasm2c_program_t *program, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    return program != NULL ? check_all(program, config, policy) : refuse(config, CG_LOAD_IMAGE, "is not a program linked into this one", "");
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    adapter_t *adapter = at;
    const cg_wasm2c_program_t *program = program_of(config);
    int result = check_first(program, config, policy);
    if (result == CG_LOAD_OK && size < storage(config, policy)) {
        result = refuse(config, CG_LOAD_MEMORY, "the storage is too small: ask cg_guest_storage", "");
    }
    if (result != CG_LOAD_OK) {
        return result;
    }
    memset(at, 0, storage(config, policy));
    adapter->program = program;
    adapter->instance = (uint8_t *)at + record_size(config);
    adapter->entry = find(program, CG_WASM_ENTRY);
    adapter->block = find(program, CG_WASM_BLOCK);
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        adapter->handlers[i] = find(program, config->vm->events[i].handler);
    }
    adapter->memory.window = (cg_window_t){.bytes = &adapter->none};
    result = make_instance(adapter, guest, config, policy);
    if (result != CG_LOAD_OK) {
        return result;
    }
    guest->vm = adapter;
    guest->windows = &adapter->memory.window;
    guest->region_mask = 0;
    guest->offset_mask = UINT32_MAX;
    return CG_LOAD_OK;
}

/* ---- running ---- */

static void call_function(void *context)
{
    const work_t *work = context;
    work->function->call(work->adapter->instance, work->slots, work->result);
}

/* Enter the guest once. cg_stop_t. */
static int enter(cg_guest_t *guest, const cg_wasm2c_export_t *function, const uint64_t *slots, uint32_t *result)
{
    work_t work = {.adapter = guest->vm, .function = function, .slots = slots, .result = result};
    *result = 0;
    const wasm_rt_trap_t trap = wasm2c_enter(call_function, &work);
    if (trap == WASM_RT_TRAP_NONE) {
        return CG_STOP_RETURNED;
    }
    *result = 0;
    if (trap == WASM_RT_TRAP_GATE) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    cg_say(guest->config, wasm2c_trap_text(trap), (const char *)NULL);
    return CG_STOP_FAULT;
}

static int run(cg_guest_t *guest, int32_t *result)
{
    const adapter_t *adapter = guest->vm;
    uint32_t value;
    const int stopped = enter(guest, adapter->entry, NULL, &value);
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
    const int stopped = adapter->block != NULL ? enter(guest, adapter->block, NULL, &at) : CG_STOP_RETURNED; /* that one is there where it is needed was settled at load */
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
    if (face->has_block && !cg_event_write(guest, adapter->block_at, block, (uint32_t)CG_EV_HEAD + face->size)) {
        cg_say(guest->config, "what " CG_WASM_BLOCK " returned is not in the guest's memory", (const char *)NULL);
        return CG_STOP_FAULT;
    }
    return enter(guest, adapter->handlers[delivery->event], slots, &nothing);
}

static void destroy(cg_guest_t *guest)
{
    const adapter_t *adapter = guest->vm;
    adapter->program->release(adapter->instance);
    guest->vm = NULL;
    guest->windows = NULL;
}

static uint32_t memory(const cg_guest_t *guest)
{
    const adapter_t *adapter = guest->vm;
    return adapter->memory.window.readable;
}

/* ---- for tools ---- */

static int inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    const cg_wasm2c_program_t *program = program_of(config);
    cg_wasm_check_t check = {.config = config, .call = call_of};
    if (program == NULL) {
        return refuse(config, CG_LOAD_IMAGE, "is not a program linked into this one", "");
    }
    found(context, CG_FOUND_MEMORY, cg_wasm_memory_needed(&(cg_wasm_scan_t){.has_memory = program->has_memory, .pages = program->pages}));
    for (uint32_t i = 0; i < program->import_count; i++) {
        const cg_wasm_item_t item = item_of(&program->imports[i]);
        cg_wasm_tell_import(&check, &item, found, context);
    }
    for (uint32_t i = 0; i < program->export_count; i++) {
        const cg_wasm_item_t item = item_of(&program->exports[i].item);
        cg_wasm_tell_export(&check, &item, found, context);
    }
    return check.unknown.count != 0 ? cg_refuse_unknown(config, &check.unknown) : CG_LOAD_OK;
}

const cg_vm_ops_t cg_wasm2c_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "wasm2c",
    .probe = probe,
    .storage = storage,
    .load = load,
    .run = run,
    .destroy = destroy,
    .memory = memory,
    .handles = handles,
    .prepare = prepare,
    .deliver = deliver,
    .inspect = inspect,
};
