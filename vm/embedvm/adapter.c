/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/embedvm/adapter.c - ties the EmbedVM engine to the gate: cg_embedvm_ops.
 * Loading checks the image, the calls it says it needs, its handlers, digests and limits before anything runs. Storage is cut into the engine's record, the
 * addresses of handlers and the guest's memory, which the image is copied to. Freestanding; allocates nothing; never looks at an argument of a call. */
#include "embedvm.h"

#include "callgate/load.h"
#include "engine.h"

enum {
    ALIGNMENT = 8,
    NO_HANDLER = EVM_END, /* nothing can be executed there */
    BLOCK_SIZE = CG_EV_HEAD + CG_EV_DATA_MAX,
    DIGEST_SIZE = 8,
};

/* Where a guest's storage begins; guest->vm points here. */
typedef struct adapter {
    evm_t vm;
    cg_window_t window;  /* all of the guest's memory */
    uint16_t *handlers;  /* by event: address of its function, or NO_HANDLER. Behind this record */
    uint16_t entry;
    uint32_t block;      /* guest address of the event under way; 0: no handler takes addresses */
} adapter_t;

/* What an image needs in memory. */
typedef struct extent {
    uint32_t size;  /* in all */
    uint32_t block; /* guest address of the block for events at its end; 0: none */
} extent_t;

static uint32_t round_up(uint32_t size)
{
    return (size + (ALIGNMENT - 1)) & ~(uint32_t)(ALIGNMENT - 1);
}

/* What lies before the guest's memory. */
static uint32_t head_size(const cg_guest_config_t *config)
{
    return round_up((uint32_t)sizeof(adapter_t)) + round_up((uint32_t)sizeof(uint16_t) * config->vm->set->event_count);
}

static bool probe(const uint8_t *image, uint32_t size)
{
    return evm_is_image(image, size);
}

static bool wants_block(const evm_image_t *image, const cg_vm_t *vm)
{
    evm_function_t function;
    for (uint32_t i = 0; i < vm->set->event_count; i++) {
        if (vm->events[i].has_block && evm_image_find(image, vm->events[i].handler, &function) == EVM_OK) {
            return true;
        }
    }
    return false;
}

/* Handlers that take addresses find what they point to in a block above the stack. An image that wants all memory gives up that much of its stack. */
static extent_t extent_of(const evm_image_t *image, const cg_vm_t *vm)
{
    extent_t extent = {.size = image->memory};
    if (wants_block(image, vm)) {
        const uint32_t even = (image->memory + 1) & ~1u;
        extent.size = even > EVM_MEMORY_MAX - BLOCK_SIZE ? EVM_MEMORY_MAX : even + BLOCK_SIZE;
        extent.block = extent.size - BLOCK_SIZE;
    }
    return extent;
}

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    evm_image_t image;
    (void)policy;
    return evm_image_open(&image, config->image, config->image_size) == EVM_OK ? head_size(config) + extent_of(&image, config->vm).size : 0;
}

/* ---- digests: the image has them with the high byte first, callgate/load.h wants the low one ---- */

static void store32(uint8_t *to, uint32_t value)
{
    for (uint32_t i = 0; i < 4; i++) {
        to[i] = (uint8_t)(value >> (8 * i));
    }
}

static void digest_entry(const evm_image_t *image, uint32_t index, uint8_t *entry)
{
    uint32_t api = 0;
    uint32_t digest = 0;
    evm_image_digest(image, index, &api, &digest);
    store32(entry, api);
    store32(entry + 4, digest);
}

static int check_digests(const evm_image_t *image, const cg_guest_config_t *config)
{
    int result = CG_LOAD_OK;
    for (uint32_t i = 0; i < image->digest_count && result == CG_LOAD_OK; i++) {
        uint8_t entry[DIGEST_SIZE];
        digest_entry(image, i, entry);
        result = cg_check_digests(config, entry, 1);
    }
    return result;
}

static bool has_event_digest(const evm_image_t *image, uint16_t api)
{
    bool is_found = false;
    for (uint32_t i = 0; i < image->digest_count && !is_found; i++) {
        uint8_t entry[DIGEST_SIZE];
        digest_entry(image, i, entry);
        is_found = cg_has_event_digest(entry, 1, api);
    }
    return is_found;
}

/* ---- loading ---- */

static int refuse_image(const cg_guest_config_t *config, evm_result_t result)
{
    cg_say(config, "is not a sound EmbedVM program: ", evm_result_text(result), (const char *)NULL);
    return CG_LOAD_IMAGE;
}

static int refuse_storage(const cg_guest_config_t *config)
{
    cg_say(config, "the storage is too small: ask cg_guest_storage", (const char *)NULL);
    return CG_LOAD_MEMORY;
}

/* The calls that the image says it needs. One that it makes without saying so meets the same checks when it is made. */
static int check_needs(const evm_image_t *image, cg_calls_t *calls)
{
    for (uint32_t i = 0; i < image->need_count; i++) {
        cg_calls_add(calls, evm_image_need(image, i));
    }
    return cg_calls_end(calls);
}

/* Structure, digests, calls, limits: all that can be refused without storage. */
static int inspect(evm_image_t *image, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const evm_result_t result = evm_image_open(image, config->image, config->image_size);
    if (result != EVM_OK) {
        return refuse_image(config, result);
    }
    cg_calls_t calls = {.config = config, .policy = policy};
    const int digests = check_digests(image, config);
    const int needs = digests == CG_LOAD_OK ? check_needs(image, &calls) : digests;
    if (needs != CG_LOAD_OK) {
        return needs;
    }
    const extent_t extent = extent_of(image, config->vm);
    if (extent.size > policy->memory_bytes) {
        return cg_refuse_memory(config, policy, extent.size, extent.block != 0 ? "; the data of events are part of it" : "");
    }
    if (extent.block != 0 && extent.block < image->code_size) {
        cg_say(config, "leaves no room for the data of events behind its code, within the 65536 bytes that an address reaches", (const char *)NULL);
        return CG_LOAD_MEMORY;
    }
    return CG_LOAD_OK;
}

/* Cells have no types, so the number is all that can be compared here; for the rest there is the digest that the API's .evs leaves. */
static int check_handler(const evm_image_t *image, const cg_guest_config_t *config, uint32_t event, const evm_function_t *function)
{
    const cg_ev_face_t *face = &config->vm->events[event];
    const uint32_t wants = cg_embedvm_count(face->signature);
    char digits[CG_DIGITS_SIZE];
    char others[CG_DIGITS_SIZE];
    if (function->argc != wants) {
        cg_say(config, "has ", face->handler, " with ", cg_decimal(digits, function->argc), " arguments; it is given ", cg_decimal(others, wants), (const char *)NULL);
        return CG_LOAD_IMPORT;
    }
    if (!has_event_digest(image, config->vm->set->events[event].api)) {
        cg_say(config, "has ", face->handler, ", but was not built with the .evs of its API: include it, and what it was built for can be compared", (const char *)NULL);
        return CG_LOAD_DIGEST;
    }
    return CG_LOAD_OK;
}

/* Functions by the names of handlers. One that the policy does not let the guest have is an offence. */
static int find_handlers(adapter_t *adapter, const evm_image_t *image, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_refused_t denied = {0};
    adapter->handlers = (uint16_t *)(void *)((uint8_t *)adapter + round_up((uint32_t)sizeof *adapter));
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        evm_function_t function;
        adapter->handlers[i] = NO_HANDLER;
        if (evm_image_find(image, config->vm->events[i].handler, &function) != EVM_OK) {
            continue;
        }
        const int result = check_handler(image, config, i, &function);
        if (result != CG_LOAD_OK) {
            return result;
        }
        adapter->handlers[i] = function.address;
        cg_handler_found(&denied, config, policy, i);
    }
    return denied.count != 0 ? cg_refuse_handlers(config, &denied) : CG_LOAD_OK;
}

/* The engine over its memory; above the stack the block for events. */
static int start_engine(adapter_t *adapter, cg_guest_t *guest, const evm_image_t *image, uint8_t *memory)
{
    const cg_embedvm_glue_t *glue = guest->kind->glue;
    const extent_t extent = extent_of(image, guest->kind);
    const evm_result_t result = evm_init(&adapter->vm, memory, extent.size, image->code, image->code_size, glue->call, guest);
    if (result != EVM_OK) {
        return refuse_image(guest->config, result);
    }
    if (extent.block != 0) {
        evm_t *vm = &adapter->vm;
        vm->stack_top = extent.block;
        vm->sp = vm->sfp = (uint16_t)extent.block;
        vm->stack_floor = vm->stack_floor < extent.block ? vm->stack_floor : extent.block;
    }
    adapter->entry = image->entry;
    adapter->block = extent.block;
    adapter->window = (cg_window_t){memory, extent.size, extent.size};
    return CG_LOAD_OK;
}

/* Cut the storage: record, handlers, memory. */
static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    adapter_t *adapter = at;
    evm_image_t image;
    int result = inspect(&image, config, policy);
    if (result != CG_LOAD_OK) {
        return result;
    }
    if (size < head_size(config) || size - head_size(config) < extent_of(&image, config->vm).size) {
        return refuse_storage(config);
    }
    result = find_handlers(adapter, &image, config, policy);
    if (result == CG_LOAD_OK) {
        result = start_engine(adapter, guest, &image, (uint8_t *)at + head_size(config));
    }
    if (result != CG_LOAD_OK) {
        return result;
    }
    guest->vm = adapter;
    guest->windows = &adapter->window;
    guest->region_mask = 0;
    guest->offset_mask = UINT32_MAX;
    return CG_LOAD_OK;
}

/* ---- running ---- */

/* A policy without a limit of steps still has one here: the engine counts down from 2^32 - 1 instructions. */
static uint32_t steps_of(const cg_guest_t *guest)
{
    return guest->policy->unlimited_steps ? UINT32_MAX : guest->policy->steps;
}

static int stopped_by(const cg_guest_t *guest, const evm_t *vm, evm_result_t ended)
{
    if (ended == EVM_OK) {
        return CG_STOP_RETURNED;
    }
    if (ended == EVM_ERR_REFUSED) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    if (ended == EVM_ERR_STEPS) {
        cg_say(guest->config, "the steps of the policy are used up", (const char *)NULL);
        return CG_STOP_STEPS;
    }
    if (ended == EVM_ERR_STOPPED) {
        cg_say(guest->config, "stopped by the host", (const char *)NULL);
        return CG_STOP_ASKED;
    }
    char address[CG_DIGITS_SIZE];
    cg_say(guest->config, evm_result_text(ended), ", at address ", cg_decimal(address, vm->fault_ip), (const char *)NULL);
    return CG_STOP_FAULT;
}

static int run(cg_guest_t *guest, int32_t *result)
{
    adapter_t *adapter = guest->vm;
    uint16_t value = 0;
    const evm_result_t ended = evm_run(&adapter->vm, adapter->entry, NULL, 0, steps_of(guest), &value);
    *result = ended == EVM_OK ? (int16_t)value : 0;
    return stopped_by(guest, &adapter->vm, ended);
}

static bool handles(const cg_guest_t *guest, uint32_t event)
{
    const adapter_t *adapter = guest->vm;
    return adapter->handlers[event] != NO_HANDLER;
}

/* A handler that takes addresses finds the event in its memory; for the others its head is not seen. */
static int deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    adapter_t *adapter = guest->vm;
    const cg_ev_face_t *face = &guest->kind->events[delivery->event];
    uint8_t aside[BLOCK_SIZE];
    uint64_t slots[CG_EV_SLOTS_MAX] = {0};
    uint16_t cells[EVM_PARAMETERS_MAX] = {0}; /* as many as the handler has arguments: compared at load */
    uint16_t ignored = 0;
    const uint32_t at = face->has_block ? adapter->block : 0;
    cg_event_block(guest, delivery, at, face->has_block ? adapter->vm.memory + at : aside, slots);
    cg_embedvm_cut(face->signature, slots, cells);
    return stopped_by(guest, &adapter->vm,
                      evm_run(&adapter->vm, adapter->handlers[delivery->event], cells, cg_embedvm_count(face->signature), steps_of(guest), &ignored));
}

static void renew(cg_guest_t *guest)
{
    adapter_t *adapter = guest->vm;
    adapter->vm.steps_left = steps_of(guest);
}

/* All of it is storage, which the integrator takes back. */
static void destroy(cg_guest_t *guest)
{
    guest->vm = NULL;
}

static void stop(cg_guest_t *guest)
{
    adapter_t *adapter = guest->vm;
    if (adapter != NULL) {
        evm_stop(&adapter->vm);
    }
}

static uint32_t memory(const cg_guest_t *guest)
{
    const adapter_t *adapter = guest->vm;
    return adapter->vm.size;
}

/* ---- for tools ---- */

static int tell(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    cg_calls_t calls = {.config = config, .found = found, .context = context};
    evm_image_t image;
    const evm_result_t result = evm_image_open(&image, config->image, config->image_size);
    if (result != EVM_OK) {
        return refuse_image(config, result);
    }
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        evm_function_t function;
        if (evm_image_find(&image, config->vm->events[i].handler, &function) == EVM_OK) {
            found(context, CG_FOUND_HANDLER, i);
        }
    }
    found(context, CG_FOUND_MEMORY, extent_of(&image, config->vm).size);
    return check_needs(&image, &calls);
}

const cg_vm_ops_t cg_embedvm_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "embedvm",
    .probe = probe,
    .storage = storage,
    .load = load,
    .run = run,
    .destroy = destroy,
    .stop = stop,
    .memory = memory,
    .handles = handles,
    .deliver = deliver,
    .renew = renew,
    .inspect = tell,
};
