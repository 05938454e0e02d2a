/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/rig.c - the guest without an engine; see rig.h. */
#include "rig.h"

#include <string.h>

static rig_t *current; /* of the adapter's functions, which are given a guest or a config only */

static bool vm_probe(const uint8_t *image, uint32_t size)
{
    (void)image;
    return size > 0;
}

static uint32_t vm_storage(const struct cg_guest_config *config, const struct cg_policy *policy)
{
    (void)policy;
    return config->image_size;
}

static int vm_load(cg_guest_t *guest, const struct cg_guest_config *config, const struct cg_policy *policy, void *storage, uint32_t size)
{
    (void)policy;
    if (size < config->image_size || ((uintptr_t)storage & 7) != 0) {
        return CG_LOAD_MEMORY;
    }
    guest->windows = current->windows;
    guest->offset_mask = UINT32_MAX;
    return CG_LOAD_OK;
}

static int vm_run(cg_guest_t *guest, int32_t *result)
{
    (void)guest;
    *result = 7;
    return CG_STOP_RETURNED;
}

static bool vm_handles(const cg_guest_t *guest, uint32_t event)
{
    (void)guest;
    return (current->handled >> event & 1u) != 0;
}

static int vm_deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    return current->deliver != NULL ? current->deliver(guest, delivery) : CG_STOP_RETURNED;
}

static void vm_destroy(cg_guest_t *guest)
{
    (void)guest;
}

static uint32_t vm_memory(const cg_guest_t *guest)
{
    (void)guest;
    return 0;
}

static void release(cg_host_t *host, void *object)
{
    (void)host;
    object_t *released = object;
    released->released += 1;
    current->released += 1;
}

void rig_prepare(rig_t *rig)
{
    static const uint8_t image[16];
    static uint32_t numbers[RIG_CALLS];
    memset(rig, 0, sizeof *rig);
    for (uint32_t i = 0; i < RIG_CALLS; i++) {
        numbers[i] = CG_NUMBER(1 + i / 10, 1 + i % 10);
    }
    for (uint32_t i = 0; i < RIG_TYPES; i++) {
        rig->grants[i] = (cg_type_grant_t){RIG_SLOTS_MAX, CG_RIGHTS_ALL};
    }
    rig->types[1].release = release;
    rig->types[2].release = release;
    rig->set = (cg_set_t){.abi_version = CG_ABI_VERSION, .call_count = RIG_CALLS, .type_count = RIG_TYPES, .numbers = numbers, .types = rig->types};
    rig->ops = (cg_vm_ops_t){CG_VM_OPS_VERSION, "none", vm_probe, vm_storage, vm_load, vm_run, vm_destroy, NULL, vm_memory, vm_handles, NULL, vm_deliver, NULL, NULL};
    rig->vm = (cg_vm_t){.ops = &rig->ops, .set = &rig->set};
    rig->granted[0] = UINT32_MAX;
    rig->granted[1] = UINT32_MAX;
    rig->policy = (cg_policy_t){.guest = "test", .granted = rig->granted, .types = rig->grants, .calls = 1000, .bytes = 1000, .slots = 8, .violation = CG_VIOLATION_ERROR};
    rig->config = (cg_guest_config_t){.vm = &rig->vm, .image = image, .image_size = sizeof image, .message = rig->message, .message_size = sizeof rig->message};
    rig->vm.handle_bits = 31;
}

void rig_open(rig_t *rig)
{
    current = rig;
    int32_t result;
    assert_int_equal(cg_guest_init(&rig->guest, &rig->config, &rig->policy, rig->storage, sizeof rig->storage), CG_LOAD_OK);
    assert_int_equal(cg_guest_run(&rig->guest, &result), CG_STOP_RETURNED);
    assert_int_equal(result, 7);
}

void rig_close(rig_t *rig)
{
    assert_true(gate_handles_check(&rig->guest));
    cg_guest_end(&rig->guest);
}

bool rig_enter(rig_t *rig, uint32_t index)
{
    return cg_enter(&rig->guest, index);
}

int64_t rig_leave(rig_t *rig, uint32_t index)
{
    return (int64_t)cg_done(&rig->guest, index, 0, CG_FORM_STATUS);
}

int rig_why(rig_t *rig)
{
    const int why = rig->guest.why;
    rig->guest.why = 0;
    rig->guest.forged = 0;
    return why;
}
