/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/guest.c - a guest's life: made, run, stopped, ended; and what host functions may ask about it.
 * Uses the adapter through cg_vm_ops_t only. Allocates nothing: storage is cut into slots, a few zero words, and the adapter's part. */
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

/* What this VM and host cannot do that the policy asks for; NULL if they can. */
static const char *beyond_vm(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const cg_vm_t *vm = config->vm;
    if (vm->handle_bits == 15 && policy->slots > SLOTS_MAX_SHORT) {
        return "'s handles have 15 bits, so it has at most 64 slots for them: lower `max` under `handles:`";
    }
    if (policy->time_ms != 0 && config->now_ms == NULL) {
        return ": the policy limits time, and this host has no clock to keep that (config.now_ms)";
    }
    return !vm->is_uncounted || policy->unlimited_steps ? NULL
           : " cannot count steps, so it cannot keep the policy's: write `steps: unlimited` under `limits:` for a guest that is trusted to end, or run it on a VM that counts";
}

/* Slots, zero words, queue: in this order before the adapter's part. No sum can wrap: 512 slots, 65,536 events of 80 bytes. */
static uint32_t ours_size(const cg_set_t *set, const cg_policy_t *policy)
{
    return slots_size(policy) + nothing_size(set) + gate_events_size(set, policy);
}

uint32_t cg_guest_storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    const uint32_t vm = config->vm->ops->storage(config, policy);
    const uint32_t ours = ours_size(config->vm->set, policy);
    return vm == 0 || vm > UINT32_MAX - ours - ALIGNMENT ? 0 : ours + round_up(vm);
}

int cg_guest_init(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *storage, uint32_t size)
{
    const uint32_t generation = guest->first_generation;
    if (!is_sound(config, policy)) {
        return CG_LOAD_VERSION;
    }
    const char *beyond = beyond_vm(config, policy);
    const bool is_taken = guest->state != CG_STATE_EMPTY && guest->state != CG_STATE_ENDED;
    if (beyond != NULL || is_taken) {
        cg_say(config, is_taken ? "there is a guest in this record: end it first" : config->vm->ops->name, is_taken ? NULL : beyond, (const char *)NULL);
        return CG_LOAD_POLICY;
    }
    const cg_set_t *set = config->vm->set;
    const uint32_t ours = ours_size(set, policy);
    if (size < ours || ((uintptr_t)storage & (ALIGNMENT - 1)) != 0) {
        cg_say(config, "the storage is too small or not aligned to 8 bytes", (const char *)NULL);
        return CG_LOAD_MEMORY;
    }
    uint8_t *bytes = storage;
    memset(guest, 0, offsetof(cg_guest_t, lock));
    memset(bytes, 0, ours);
    void *nothing = bytes + slots_size(policy);
    void *events = bytes + slots_size(policy) + nothing_size(set);
    guest->nothing = nothing;
    guest->policy = policy;
    guest->set = set;
    guest->config = config;
    guest->kind = config->vm;
    guest->handle_bits = config->vm->handle_bits == 15 ? 15 : 31;
    guest->first_generation = generation;
    atomic_init(&guest->granted, policy->granted);
    const int failed = config->vm->ops->load(guest, config, policy, bytes + ours, size - ours);
    if (failed != CG_LOAD_OK) {
        guest->state = CG_STATE_EMPTY;
        return failed;
    }
    gate_handles_init(guest, storage, policy->slots);
    gate_events_open(guest, events);
    guest->state = CG_STATE_IDLE;
    return CG_LOAD_OK;
}

static void limits_begin(cg_guest_t *guest)
{
    const cg_policy_t *policy = guest->policy;
    guest->budget = policy->calls > INT32_MAX ? INT32_MAX : (int32_t)policy->calls;
    guest->bytes_left = policy->bytes;
    guest->deadline_ms = policy->time_ms != 0 ? guest->config->now_ms() + policy->time_ms : UINT64_MAX;
}

/* `left` of an activation's calls are left. */
static void calls_count(cg_guest_t *guest, int32_t left)
{
    const uint32_t all = guest->policy->calls > INT32_MAX ? INT32_MAX : guest->policy->calls;
    guest->counters.calls += all - (uint32_t)left;
}

/* The call that renews is the first one of the new activation; a policy of no calls would not have let it begin. */
void gate_activation_renew(cg_guest_t *g)
{
    calls_count(g, -g->budget);
    limits_begin(g);
    g->budget = -g->budget;
    if (g->kind->ops->renew != NULL) {
        g->kind->ops->renew(g);
    }
    if (g->config->renewed != NULL) {
        g->config->renewed(g);
    }
}

static void guest_free(cg_guest_t *guest)
{
    guest->state = CG_STATE_ENDED;
    guest->budget = 0;
    gate_events_close(guest);
    gate_handles_end(guest);
    guest->kind->ops->destroy(guest);
}

/* Why the guest may not be entered; 0 if it may. */
static int activation_begin(cg_guest_t *guest)
{
    if (guest->state == CG_STATE_IN_GUEST || guest->state == CG_STATE_DYING) {
        return CG_STOP_BUSY;
    }
    if (guest->state != CG_STATE_IDLE) {
        return CG_STOP_ENTRY;
    }
    if (atomic_load(&guest->stopping)) {
        return CG_STOP_ASKED;
    }
    guest->state = CG_STATE_IN_GUEST;
    guest->event = 0;
    guest->why = 0;
    guest->ending = 0;
    guest->ended_by = 0;
    atomic_store(&guest->granted, guest->policy->granted);
    if (atomic_load(&guest->stopping)) { /* asked meanwhile: that has the last word */
        atomic_store(&guest->granted, guest->nothing);
    }
    limits_begin(guest);
    return 0;
}

/* What the adapter said, in view of what happened meanwhile. */
static int activation_end(cg_guest_t *guest, int stopped)
{
    calls_count(guest, guest->budget);
    if (guest->state == CG_STATE_DYING) {
        guest_free(guest);
        return CG_STOP_ASKED;
    }
    guest->state = CG_STATE_IDLE;
    return atomic_load(&guest->stopping) && stopped != CG_STOP_RETURNED ? CG_STOP_ASKED : stopped;
}

int cg_guest_run(cg_guest_t *guest, int32_t *result)
{
    *result = 0;
    const int refused = activation_begin(guest);
    return refused != 0 ? refused : activation_end(guest, guest->kind->ops->run(guest, result));
}

static int guest_prepare(cg_guest_t *guest)
{
    return guest->kind->ops->prepare != NULL ? guest->kind->ops->prepare(guest) : CG_STOP_RETURNED;
}

int cg_guest_deliver(cg_guest_t *guest)
{
    cg_ev_delivery_t delivery;
    const int refused = activation_begin(guest);
    if (refused != 0) {
        return refused;
    }
    const int stopped = cg_guest_pending(guest) ? guest_prepare(guest) : CG_STOP_EMPTY;
    if (stopped != CG_STOP_RETURNED || !gate_event_take(guest, &delivery)) {
        return activation_end(guest, stopped == CG_STOP_RETURNED ? CG_STOP_EMPTY : stopped);
    }
    guest->event = (uint16_t)(delivery.event + 1);
    if (!guest->kind->ops->handles(guest, delivery.event)) {
        guest->queue->unhandled += 1;
        return activation_end(guest, CG_STOP_RETURNED);
    }
    guest->queue->delivered += 1;
    return activation_end(guest, guest->kind->ops->deliver(guest, &delivery));
}

int32_t cg_guest_event(const cg_guest_t *guest)
{
    return (int32_t)guest->event - 1;
}

bool cg_guest_reacts(const cg_guest_t *guest)
{
    bool is_found = false;
    for (uint32_t i = 0; guest->queue != NULL && i < guest->set->event_count; i++) {
        const bool is_received = (guest->policy->received[i >> 5] >> (i & 31u) & 1u) != 0;
        is_found = is_found || (is_received && guest->kind->ops->handles(guest, i));
    }
    return is_found;
}

cg_state_t cg_guest_state(const cg_guest_t *guest)
{
    const bool is_inside = guest->state == CG_STATE_IN_GUEST && guest->budget < 0;
    return is_inside ? CG_STATE_IN_HOST : (cg_state_t)guest->state;
}

void cg_guest_status(cg_guest_t *guest, cg_guest_status_t *status)
{
    const bool is_alive = guest->state != CG_STATE_EMPTY && guest->state != CG_STATE_ENDED;
    *status = (cg_guest_status_t){.calls = guest->counters.calls, .refused = guest->counters.refused, .violations = guest->counters.violations};
    gate_events_status(guest, status);
    if (is_alive) {
        status->handles = (uint16_t)gate_handles_live(guest);
        status->handles_max = guest->policy->slots;
        status->memory_bytes = guest->kind->ops->memory(guest);
    }
}

/* Within a host function the guest's frames still stand: the call under way is the last one, and whoever runs the guest ends it. */
static void end_later(cg_guest_t *guest)
{
    guest->state = CG_STATE_DYING;
    cg_guest_stop(guest);
    gate_events_close(guest);
    gate_sweep_later(guest);
    if (guest->ending == 0) {
        guest->ending = 1;
        guest->ended_by = (uint8_t)-CG_ERR_STOPPED;
    }
}

void cg_guest_end(cg_guest_t *guest)
{
    if (guest->state == CG_STATE_IDLE) {
        guest_free(guest);
    } else if (guest->state == CG_STATE_IN_GUEST) {
        end_later(guest);
    }
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

int cg_call_access(const cg_call_t *call, uint32_t number)
{
    const int32_t index = cg_set_find(call->set, number);
    return index < 0 ? -1 : (int)(call->policy->granted[index >> 5] >> ((uint32_t)index & 31u) & 1u);
}

bool host_gate_allowed(cg_call_t *call, uint32_t number)
{
    return cg_call_access(call, number) > 0;
}
