/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/guest.c - a guest's life: made, run, stopped, ended; and what host functions may ask about it.
 * Uses the adapter through cg_vm_ops_t only. Allocates nothing: storage is cut into slots, a few zero words, and the adapter's part. */
#include "callgate/body.h"
#include "gate/own.h"

#include <stdarg.h>

enum { ALIGNMENT = 8, SLOTS_MAX_SHORT = 64 /* with handles of 15 bits */ };

static uint32_t round_up(uint32_t size)
{
    return (size + (ALIGNMENT - 1)) & ~(uint32_t)(ALIGNMENT - 1);
}

static uint32_t slots_size(const cg_policy_t *policy)
{
    return round_up((uint32_t)sizeof(cg_slot_t) * policy->slots);
}

static uint32_t nothing_size(const cg_set_t *set)
{
    return round_up((set->call_count + 31u) / 32u * 4u);
}

void cg_say(const cg_guest_config_t *config, const char *part, ...)
{
    if (config->message == NULL || config->message_size == 0) {
        return;
    }
    va_list parts;
    uint32_t used = 0;
    va_start(parts, part);
    for (; part != NULL; part = va_arg(parts, const char *)) {
        for (const char *c = part; *c != '\0' && used < config->message_size - 1; c++) {
            const bool is_control = (unsigned char)*c < 0x20 || *c == 0x7f;
            config->message[used++] = is_control ? '?' : *c;
        }
    }
    va_end(parts);
    config->message[used] = '\0';
}

static bool is_sound(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const cg_vm_t *vm = config->vm;
    if (vm->set->abi_version != CG_ABI_VERSION || vm->ops->version != CG_VM_OPS_VERSION) {
        cg_say(config, "generated code and library are of different versions; generate again", (const char *)NULL);
        return false;
    }
    const uint32_t slots = policy->slots;
    if (policy->guest == NULL || policy->granted == NULL || slots < 2 || slots > CG_SLOTS_MAX || (slots & (slots - 1)) != 0) {
        cg_say(config, "the policy has no name, no grants, or its slots are not a power of two from 2 to 512", (const char *)NULL);
        return false;
    }
    return true;
}

uint32_t cg_guest_storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const uint32_t vm = config->vm->ops->storage(config, policy);
    const uint32_t ours = slots_size(policy) + nothing_size(config->vm->set);
    return vm == 0 || vm > UINT32_MAX - ours - ALIGNMENT ? 0 : ours + round_up(vm);
}

int cg_guest_init(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *storage, uint32_t size)
{
    const uint32_t generation = guest->first_generation;
    if (!is_sound(config, policy)) {
        return CG_LOAD_VERSION;
    }
    const cg_set_t *set = config->vm->set;
    const uint32_t ours = slots_size(policy) + nothing_size(set);
    if (size < ours || ((uintptr_t)storage & (ALIGNMENT - 1)) != 0) {
        cg_say(config, "the storage is too small or not aligned to 8 bytes", (const char *)NULL);
        return CG_LOAD_MEMORY;
    }
    uint8_t *bytes = storage;
    memset(guest, 0, sizeof *guest);
    memset(bytes, 0, ours);
    void *nothing = bytes + slots_size(policy);
    guest->nothing = nothing;
    guest->policy = policy;
    guest->set = set;
    guest->config = config;
    guest->kind = config->vm;
    guest->handle_bits = 31;
    guest->first_generation = generation;
    atomic_init(&guest->granted, policy->granted);
    const int failed = config->vm->ops->load(guest, config, policy, bytes + ours, size - ours);
    if (failed != CG_LOAD_OK) {
        guest->state = CG_STATE_EMPTY;
        return failed;
    }
    if (guest->handle_bits == 15 && policy->slots > SLOTS_MAX_SHORT) {
        cg_say(config, "handles of this VM have 15 bits, so it has at most 64 slots for them: lower `max` under `handles:`", (const char *)NULL);
        config->vm->ops->destroy(guest);
        guest->state = CG_STATE_EMPTY;
        return CG_LOAD_POLICY;
    }
    gate_handles_init(guest, storage, policy->slots);
    guest->state = CG_STATE_IDLE;
    return CG_LOAD_OK;
}

static void activation_begin(cg_guest_t *guest)
{
    const cg_policy_t *policy = guest->policy;
    const bool has_limit = policy->time_ms != 0 && guest->config->now_ms != NULL;
    guest->budget = policy->calls > INT32_MAX ? INT32_MAX : (int32_t)policy->calls;
    guest->bytes_left = policy->bytes;
    guest->deadline_ms = has_limit ? guest->config->now_ms() + policy->time_ms : UINT64_MAX;
    guest->why = 0;
    guest->ending = 0;
    guest->ended_by = 0;
}

int cg_guest_run(cg_guest_t *guest, int32_t *result)
{
    *result = 0;
    if (guest->state != CG_STATE_IDLE) {
        return CG_STOP_ENTRY;
    }
    if (atomic_load(&guest->stopping)) {
        return CG_STOP_ASKED;
    }
    guest->state = CG_STATE_RUNNING;
    activation_begin(guest);
    const int stopped = guest->kind->ops->run(guest, result);
    guest->state = CG_STATE_IDLE;
    return atomic_load(&guest->stopping) && stopped != CG_STOP_RETURNED ? CG_STOP_ASKED : stopped;
}

void cg_guest_end(cg_guest_t *guest)
{
    if (guest->state != CG_STATE_IDLE) {
        return;
    }
    guest->state = CG_STATE_ENDED;
    guest->budget = 0;
    gate_handles_end(guest);
    guest->kind->ops->destroy(guest);
}

void gate_forbid(cg_guest_t *g)
{
    atomic_store(&g->stopping, true);
    atomic_store(&g->granted, g->nothing);
}

void cg_guest_stop(cg_guest_t *guest)
{
    gate_forbid(guest);
    if (guest->kind->ops->stop != NULL) {
        guest->kind->ops->stop(guest);
    }
}

int32_t cg_set_find(const cg_set_t *set, uint32_t number)
{
    uint32_t low = 0;
    uint32_t high = set->call_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (set->numbers[middle] < number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->call_count && set->numbers[low] == number ? (int32_t)low : -1;
}

cg_host_t *cg_call_host(const cg_call_t *call)
{
    return call->config->host;
}

const char *cg_call_guest(const cg_call_t *call)
{
    return call->policy->guest;
}

uint64_t cg_call_deadline_ms(const cg_call_t *call)
{
    return call->deadline_ms;
}

bool cg_call_stopping(const cg_call_t *call)
{
    return atomic_load_explicit(&call->stopping, memory_order_relaxed);
}

int host_gate_close(cg_call_t *call, uint32_t handle)
{
    if (gate_close(call, handle)) {
        return CG_OK;
    }
    (void)cg_no_handle(call, handle, 0);
    return CG_ERR_HANDLE;
}

bool host_gate_allowed(cg_call_t *call, uint32_t number)
{
    const int32_t index = cg_set_find(call->set, number);
    const uint32_t *granted = call->policy->granted;
    return index >= 0 && (granted[index >> 5] >> ((uint32_t)index & 31u) & 1u) != 0;
}
