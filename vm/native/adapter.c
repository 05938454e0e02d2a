/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/native/adapter.c - ties guests that are part of the host program to the gate: cg_native_ops.
 * A guest's code is entered as an ordinary function and left, where the gate ends the activation, by longjmp: over the guest's own frames and the glue's, never
 * over a host function's. Nothing here keeps a guest within its memory: it is trusted as the host is. */
#include "native_vm.h"

#include "callgate/load.h"

#include <setjmp.h>
#include <stdlib.h>

/* A window begins so far below the pointer it was made for, and serves all pointers that are not farther than NEAR from it: buffers over each other are in one
 * window, and what is left above them is enough for the largest buffer. */
enum { WINDOW_BYTES = 1 << 28, WINDOW_MIDDLE = WINDOW_BYTES / 2, NEAR = WINDOW_BYTES / 4 };

uint32_t callgate_native_at(const volatile void *pointer); /* for guests */

/* guest->vm points here; behind it the handlers by event, NULL: none. */
typedef struct adapter {
    cg_native_memory_t memory; /* first, for generated glue */
    const cg_native_program_t *program;
    uint8_t none; /* what a window points at that was never opened */
    const cg_native_handler_t *handlers[];
} adapter_t;

/* One entry into a guest, on the stack of who entered. A host function may enter another guest meanwhile. */
typedef struct activation {
    jmp_buf out;
    cg_guest_t *guest;
    struct activation *outer;
} activation_t;
static _Thread_local activation_t *inside;
_Thread_local cg_guest_t *cg_native_current; /* of `inside` */

/* What to run, once inside. */
typedef struct work {
    const cg_native_handler_t *handler; /* NULL: the entry */
    uint32_t handle;
    const void *data;
    int32_t *result;
} work_t;

/* ---- during a call ---- */

void cg_native_lost(void)
{
    abort();
}

void cg_native_leave(void)
{
    longjmp(inside->out, 1);
}

/* Where `address` lies in an open window; 0: in none. */
static uint32_t window_find(const cg_native_memory_t *m, uintptr_t address)
{
    for (uint32_t i = 1; i < m->count; i++) {
        const uintptr_t offset = address - (uintptr_t)m->windows[i].bytes;
        if (offset >= WINDOW_MIDDLE - NEAR && offset < WINDOW_MIDDLE + NEAR) {
            return i << 28 | (uint32_t)offset;
        }
    }
    return 0;
}

/* One pointer too many is address 0, where nothing lies: its call is refused. */
uint32_t callgate_native_at(const volatile void *pointer)
{
    cg_native_memory_t *m = cg_native_guest()->vm;
    const uintptr_t address = (uintptr_t)pointer;
    if (pointer == NULL) {
        return 0;
    }
    if (!CG_LIKELY(m->count == 1)) {
        const uint32_t known = window_find(m, address);
        if (known != 0 || m->count == CG_NATIVE_REGIONS) {
            return known;
        }
    }
    const uint32_t offset = CG_LIKELY(address > WINDOW_MIDDLE) ? WINDOW_MIDDLE : (uint32_t)address - 1; /* a window never begins at NULL */
    m->windows[m->count] = (cg_window_t){(uint8_t *)(address - offset), WINDOW_BYTES, WINDOW_BYTES};
    return m->count++ << 28 | offset;
}

/* ---- loading ---- */

/* No file is one of ours: a table of functions is trusted, and only a host program can have one. */
static bool probe(const uint8_t *image, uint32_t size)
{
    (void)image;
    (void)size;
    return false;
}

static const cg_native_program_t *program_of(const cg_guest_config_t *config)
{
    static const unsigned char magic[] = CG_NATIVE_MAGIC;
    if (config->image_size != sizeof(cg_native_program_t) || (uintptr_t)config->image % _Alignof(cg_native_program_t) != 0) {
        return NULL;
    }
    const cg_native_program_t *program = (const void *)config->image;
    return memcmp(program->magic, magic, sizeof magic) == 0 && program->self == program ? program : NULL;
}

static uint32_t record_size(const cg_guest_config_t *config)
{
    return (uint32_t)(sizeof(adapter_t) + config->vm->set->event_count * sizeof(cg_native_handler_t *));
}

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    (void)policy;
    return program_of(config) != NULL ? record_size(config) : 0;
}

static int refuse(const cg_guest_config_t *config, int why, const char *what)
{
    cg_say(config, what, (const char *)NULL);
    return why;
}

static const cg_native_handler_t *find_handler(const cg_native_program_t *program, const char *name)
{
    for (uint32_t i = 0; i < program->handler_count; i++) {
        if (program->handlers[i].function != NULL && strcmp(program->handlers[i].name, name) == 0) {
            return &program->handlers[i];
        }
    }
    return NULL;
}

/* The compiler has compared the handlers' types; the digests have the rest. */
static int find_handlers(adapter_t *adapter, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    cg_refused_t denied = {0};
    for (uint32_t i = 0; i < config->vm->set->event_count; i++) {
        adapter->handlers[i] = find_handler(adapter->program, config->vm->events[i].handler);
        if (adapter->handlers[i] != NULL) {
            cg_handler_found(&denied, config, policy, i);
        }
    }
    return denied.count != 0 ? cg_refuse_handlers(config, &denied) : CG_LOAD_OK;
}

static int check(const cg_native_program_t *program, const cg_guest_config_t *config)
{
    if (program == NULL) {
        return refuse(config, CG_LOAD_IMAGE, "is not a program linked into this one");
    }
    if (program->entry == NULL) {
        return refuse(config, CG_LOAD_IMAGE, "has no `int cg_main(void)`: mark it CG_ENTRY");
    }
    return cg_check_digests(config, (const uint8_t *)program->digests, program->digest_count);
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    adapter_t *adapter = at;
    int result = check(program_of(config), config);
    if (result == CG_LOAD_OK && size < record_size(config)) {
        result = refuse(config, CG_LOAD_MEMORY, "the storage is too small: ask cg_guest_storage");
    }
    if (result != CG_LOAD_OK) {
        return result;
    }
    adapter->program = program_of(config);
    result = find_handlers(adapter, config, policy);
    if (result != CG_LOAD_OK) {
        return result;
    }
    for (uint32_t i = 0; i < CG_NATIVE_REGIONS; i++) {
        adapter->memory.windows[i] = (cg_window_t){.bytes = &adapter->none};
    }
    adapter->memory.count = 1;
    guest->vm = adapter;
    guest->windows = adapter->memory.windows;
    guest->region_mask = CG_NATIVE_REGIONS - 1;
    guest->offset_mask = WINDOW_BYTES - 1;
    return CG_LOAD_OK;
}

/* ---- running ---- */

static void work_do(const cg_native_program_t *program, const work_t *work)
{
    if (work->handler != NULL) {
        work->handler->call(work->handle, work->data);
    } else {
        *work->result = program->entry();
    }
}

/* Enter the guest once. cg_stop_t. Nothing here changes between setjmp and longjmp. */
static int enter(cg_guest_t *guest, const work_t *work)
{
    adapter_t *adapter = guest->vm;
    activation_t activation;
    activation.guest = guest;
    activation.outer = inside;
    inside = &activation;
    cg_native_current = guest;
    if (setjmp(activation.out) == 0) {
        work_do(adapter->program, work);
    }
    inside = activation.outer;
    cg_native_current = inside != NULL ? inside->guest : NULL;
    cg_native_forget(guest->vm);
    if (guest->ending != 0) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    return CG_STOP_RETURNED;
}

static int run(cg_guest_t *guest, int32_t *result)
{
    const work_t work = {.result = result};
    *result = 0;
    return enter(guest, &work);
}

static bool handles(const cg_guest_t *guest, uint32_t event)
{
    const adapter_t *adapter = guest->vm;
    return adapter->handlers[event] != NULL;
}

static int deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    const adapter_t *adapter = guest->vm;
    _Alignas(8) uint8_t block[CG_EV_HEAD + CG_EV_DATA_MAX];
    uint64_t slots[CG_EV_SLOTS_MAX];
    cg_event_block(guest, delivery, 0, block, slots);
    const work_t work = {.handler = adapter->handlers[delivery->event], .handle = delivery->handle, .data = block + CG_EV_HEAD};
    return enter(guest, &work);
}

static void destroy(cg_guest_t *guest)
{
    guest->vm = NULL;
    guest->windows = NULL;
}

/* Its variables are the host program's. */
static uint32_t memory(const cg_guest_t *guest)
{
    (void)guest;
    return 0;
}

/* Which calls a program makes is not known: the linker has bound them. */
static int inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    const cg_native_program_t *program = program_of(config);
    const int result = check(program, config);
    for (uint32_t i = 0; result == CG_LOAD_OK && i < config->vm->set->event_count; i++) {
        if (find_handler(program, config->vm->events[i].handler) != NULL) {
            found(context, CG_FOUND_HANDLER, i);
        }
    }
    if (result == CG_LOAD_OK) {
        found(context, CG_FOUND_MEMORY, 0);
    }
    return result;
}

const cg_vm_ops_t cg_native_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "native",
    .probe = probe,
    .storage = storage,
    .load = load,
    .run = run,
    .destroy = destroy,
    .memory = memory,
    .handles = handles,
    .deliver = deliver,
    .inspect = inspect,
};
