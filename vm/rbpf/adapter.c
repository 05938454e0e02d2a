/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/rbpf/adapter.c - ties the rBPF engine to the gate: cg_rbpf_ops.
 * Loading checks the image, its calls, digests and limits before anything runs. Storage is cut into the engine's record, the guest's data and its stack;
 * the image is used in place. Freestanding; allocates nothing; never looks at an argument of a call. */
#include "rbpf.h"

#include "callgate/load.h"
#include "engine.h"

enum { ALIGNMENT = 8, OPCODE_CALL = 0x85, SOURCE_LOCAL = 1, SLOT_SIZE = 8 };

/* Where a guest's storage begins; guest->vm points here. */
typedef struct adapter {
    rbpf_vm_t vm;
    rbpf_image_t image;
    uint32_t entry; /* index of the function to run */
    uint16_t *handlers; /* by event: index of its function and one; 0: none. Behind this record */
    uint8_t block[CG_EV_HEAD + CG_EV_DATA_MAX]; /* the event under way: the guest's read-only context */
} adapter_t;

static uint32_t round_up(uint32_t size)
{
    return (size + (ALIGNMENT - 1)) & ~(uint32_t)(ALIGNMENT - 1);
}

/* A program without local calls needs one frame; the second slot of a wide instruction has opcode 0, so every slot may be looked at. */
static uint32_t stack_size(const rbpf_image_t *image)
{
    for (uint32_t i = 0; i < image->slot_count; i++) {
        const uint8_t *slot = image->text + (size_t)i * SLOT_SIZE;
        if (slot[0] == OPCODE_CALL && slot[1] >> 4 == SOURCE_LOCAL) {
            return RBPF_FRAMES_MAX * (uint32_t)RBPF_FRAME_SIZE;
        }
    }
    return RBPF_FRAME_SIZE;
}

/* No sum here or below can wrap: each part is at most RBPF_REGION_SIZE_MAX. */
static uint32_t memory_of(const rbpf_image_t *image)
{
    return image->data_size + image->rodata_size + stack_size(image);
}

/* The engine wants images at a multiple of RBPF_IMAGE_ALIGN; the gate's contract does not. One that lies elsewhere is copied behind the record. */
static uint32_t copy_size(const cg_guest_config_t *config)
{
    return (uintptr_t)config->image % RBPF_IMAGE_ALIGN == 0 ? 0 : round_up(config->image_size);
}

static uint32_t record_size(const cg_guest_config_t *config)
{
    return round_up((uint32_t)sizeof(adapter_t)) + round_up((uint32_t)sizeof(uint16_t) * config->vm->set->event_count);
}

/* The record with its handlers, and the image where it has to be copied. */
static uint32_t head_size(const cg_guest_config_t *config)
{
    return record_size(config) + copy_size(config);
}

/* What lies behind the head. */
static uint32_t tail_size(const rbpf_image_t *image)
{
    return round_up(image->data_size) + stack_size(image);
}

static bool probe(const uint8_t *image, uint32_t size)
{
    static const uint8_t magic[] = {'r', 'B', 'P', 'F'};
    return size >= sizeof magic && memcmp(image, magic, sizeof magic) == 0;
}

/* An image that lies where it cannot be opened yet has at most so much data as it is large. */
static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    rbpf_image_t image;
    (void)policy;
    if (config->image_size > RBPF_REGION_SIZE_MAX) {
        return 0;
    }
    if (copy_size(config) != 0) {
        return head_size(config) + round_up(config->image_size) + RBPF_FRAMES_MAX * (uint32_t)RBPF_FRAME_SIZE;
    }
    return rbpf_image_open(&image, config->image, config->image_size) == RBPF_OK ? head_size(config) + tail_size(&image) : 0;
}

/* Collects every offence, so the verifier goes on: the image is refused afterwards. */
static bool call_found(void *calls, uint32_t number)
{
    cg_calls_add(calls, number);
    return true;
}

static int refuse_image(const cg_guest_config_t *config, rbpf_result_t result, const uint32_t *slot)
{
    char digits[CG_DIGITS_SIZE];
    cg_say(config, "is not a sound rBPF program: ", rbpf_result_text(result), slot != NULL ? ", at instruction " : "",
           slot != NULL ? cg_decimal(digits, *slot) : "", (const char *)NULL);
    return CG_LOAD_IMAGE;
}

/* Structure, instructions, calls, digests, limits: all that can be refused without storage. */
static int inspect(rbpf_image_t *image, const uint8_t *bytes, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_calls_t calls = {.config = config, .policy = policy};
    uint32_t slot = 0;
    rbpf_result_t result = rbpf_image_open(image, bytes, config->image_size);
    if (result != RBPF_OK) {
        return refuse_image(config, result, NULL);
    }
    result = rbpf_verify(image, call_found, &calls, &slot);
    if (result != RBPF_OK) {
        return refuse_image(config, result, &slot);
    }
    const int digests = cg_check_digests(config, image->digests, image->digest_count);
    if (digests != CG_LOAD_OK) {
        return digests;
    }
    const int refused = cg_calls_end(&calls);
    if (refused != CG_LOAD_OK) {
        return refused;
    }
    if (memory_of(image) > policy->memory_bytes) {
        return cg_refuse_memory(config, policy, memory_of(image), "");
    }
    return CG_LOAD_OK;
}

static int refuse_storage(const cg_guest_config_t *config)
{
    cg_say(config, "the storage is too small: ask cg_guest_storage", (const char *)NULL);
    return CG_LOAD_MEMORY;
}

/* The image as the engine may read it: in place, or copied to `to`. */
static const uint8_t *place(const cg_guest_config_t *config, uint8_t *to)
{
    if (copy_size(config) == 0) {
        return config->image;
    }
    memcpy(to, config->image, config->image_size);
    return to;
}

/* Registers have no types: what a handler was compiled for is known from the digest that the API's header leaves. */
static int refuse_untyped(const cg_guest_config_t *config, const char *handler)
{
    cg_say(config, "has ", handler, ", but was not built with the header of its API: include it, and the compiler compares the types", (const char *)NULL);
    return CG_LOAD_DIGEST;
}

/* Functions by the names of handlers. One that the policy does not let the guest have is an offence. */
static int find_handlers(adapter_t *adapter, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_refused_t denied = {0};
    adapter->handlers = (uint16_t *)(void *)((uint8_t *)adapter + round_up((uint32_t)sizeof *adapter));
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        uint32_t index = 0;
        const bool is_there = rbpf_image_find(&adapter->image, config->vm->events[i].handler, &index) == RBPF_OK;
        adapter->handlers[i] = is_there ? (uint16_t)(index + 1) : 0;
        if (is_there && !cg_has_event_digest(adapter->image.digests, adapter->image.digest_count, config->vm->set->events[i].api)) {
            return refuse_untyped(config, config->vm->events[i].handler);
        }
        if (is_there) {
            cg_handler_found(&denied, config, policy, i);
        }
    }
    return denied.count != 0 ? cg_refuse_handlers(config, &denied) : CG_LOAD_OK;
}

/* cg_main, else function 0, but not where that is a handler. */
static int find_entry(adapter_t *adapter, const cg_guest_config_t *config)
{
    if (rbpf_image_find(&adapter->image, "cg_main", &adapter->entry) == RBPF_OK) {
        return CG_LOAD_OK;
    }
    adapter->entry = 0;
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        if (adapter->handlers[i] == 1) {
            cg_say(config, "has no `int cg_main(void)`: mark it CG_ENTRY", (const char *)NULL);
            return CG_LOAD_IMAGE;
        }
    }
    return CG_LOAD_OK;
}

/* Cut the storage: record, copy of the image if need be, data, stack. */
static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    adapter_t *adapter = at;
    if (config->image_size > RBPF_REGION_SIZE_MAX) {
        return refuse_image(config, RBPF_ERR_LENGTH, NULL);
    }
    if (size < head_size(config)) {
        return refuse_storage(config);
    }
    const uint8_t *bytes = place(config, (uint8_t *)at + record_size(config));
    const int refused = inspect(&adapter->image, bytes, config, policy);
    if (refused != CG_LOAD_OK) {
        return refused;
    }
    if (size - head_size(config) < tail_size(&adapter->image)) {
        return refuse_storage(config);
    }
    const cg_rbpf_glue_t *glue = config->vm->glue;
    uint8_t *data = (uint8_t *)at + head_size(config);
    uint8_t *stack = data + round_up(adapter->image.data_size);
    int functions = find_handlers(adapter, config, policy);
    if (functions == CG_LOAD_OK) {
        functions = find_entry(adapter, config);
    }
    if (functions != CG_LOAD_OK) {
        return functions;
    }
    rbpf_result_t result = rbpf_init(&adapter->vm, &adapter->image, data, stack, stack_size(&adapter->image), glue->call, guest);
    if (result == RBPF_OK) {
        result = rbpf_window(&adapter->vm, RBPF_REGION_CONTEXT, adapter->block, sizeof adapter->block, 0);
    }
    if (result != RBPF_OK) {
        return refuse_image(config, result, NULL);
    }
    guest->vm = adapter;
    guest->windows = adapter->vm.windows;
    guest->region_mask = RBPF_REGION_COUNT - 1;
    guest->offset_mask = RBPF_OFFSET_MASK;
    return CG_LOAD_OK;
}

static void say_fault(const cg_guest_t *guest, const rbpf_vm_t *vm, rbpf_result_t result)
{
    char slot[CG_DIGITS_SIZE];
    char low[CG_DIGITS_SIZE];
    const bool has_address = result == RBPF_ERR_MEMORY;
    const bool is_wide = vm->fault_address >> 32 != 0;
    cg_say(guest->config, rbpf_result_text(result), has_address ? ", address " : "",
           has_address ? is_wide ? "beyond 32 bits" : cg_hexadecimal(low, (uint32_t)vm->fault_address) : "", ", at instruction ",
           cg_decimal(slot, vm->fault_slot), (const char *)NULL);
}

/* A policy without a limit of steps still has one here: the engine counts down from 2^32 - 1 branches. */
static uint32_t branches_of(const cg_guest_t *guest)
{
    return guest->policy->unlimited_steps ? UINT32_MAX : guest->policy->steps;
}

static int stopped_by(const cg_guest_t *guest, const adapter_t *adapter, rbpf_result_t ended)
{
    if (ended == RBPF_OK) {
        return CG_STOP_RETURNED;
    }
    if (ended == RBPF_ERR_REFUSED) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    if (ended == RBPF_ERR_BRANCHES) {
        cg_say(guest->config, "the steps of the policy are used up", (const char *)NULL);
        return CG_STOP_STEPS;
    }
    if (ended == RBPF_ERR_STOPPED) {
        cg_say(guest->config, "stopped by the host", (const char *)NULL);
        return CG_STOP_ASKED;
    }
    say_fault(guest, &adapter->vm, ended);
    return CG_STOP_FAULT;
}

static int run(cg_guest_t *guest, int32_t *result)
{
    adapter_t *adapter = guest->vm;
    uint64_t r0 = 0;
    *result = 0;
    const rbpf_result_t ended = rbpf_run(&adapter->vm, adapter->entry, 0, 0, branches_of(guest), &r0);
    *result = ended == RBPF_OK ? (int32_t)(uint32_t)r0 : 0;
    return stopped_by(guest, adapter, ended);
}

static bool handles(const cg_guest_t *guest, uint32_t event)
{
    const adapter_t *adapter = guest->vm;
    return adapter->handlers[event] != 0;
}

/* The handler's arguments are registers; records among them are in the context. */
static int deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    adapter_t *adapter = guest->vm;
    uint64_t slots[CG_EV_SLOTS_MAX] = {0};
    uint64_t r0 = 0;
    cg_event_block(guest, delivery, RBPF_ADDRESS(RBPF_REGION_CONTEXT), adapter->block, slots);
    return stopped_by(guest, adapter, rbpf_run_with(&adapter->vm, adapter->handlers[delivery->event] - 1u, slots, branches_of(guest), &r0));
}

/* The engine has taken up to RBPF_STOP_BRANCHES of what was left already; those are a gift. */
static void renew(cg_guest_t *guest)
{
    adapter_t *adapter = guest->vm;
    adapter->vm.branches_left = branches_of(guest);
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
        rbpf_stop(&adapter->vm);
    }
}

static uint32_t memory(const cg_guest_t *guest)
{
    const adapter_t *adapter = guest->vm;
    return memory_of(&adapter->image);
}

/* Wants the image at a multiple of RBPF_IMAGE_ALIGN, for there is no storage to copy it to. */
static int tell(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    cg_calls_t calls = {.config = config, .found = found, .context = context};
    rbpf_image_t image;
    uint32_t slot = 0;
    rbpf_result_t result = rbpf_image_open(&image, config->image, config->image_size);
    if (result != RBPF_OK) {
        return refuse_image(config, result, NULL);
    }
    result = rbpf_verify(&image, call_found, &calls, &slot);
    if (result != RBPF_OK) {
        return refuse_image(config, result, &slot);
    }
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        uint32_t index = 0;
        if (rbpf_image_find(&image, config->vm->events[i].handler, &index) == RBPF_OK) {
            found(context, CG_FOUND_HANDLER, i);
        }
    }
    found(context, CG_FOUND_MEMORY, memory_of(&image));
    return cg_calls_end(&calls);
}

const cg_vm_ops_t cg_rbpf_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "rbpf",
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
