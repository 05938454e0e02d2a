/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - the smallest firmware that loads, runs and ends a guest: only linked, to see what it pulls in. Host functions stay unresolved. */
#include "callgate/guest.h"
#include "set.h"

extern const cg_vm_t cg_vm_rbpf;
extern const cg_policy_t firmware_policy;
extern const uint8_t firmware_image[];
extern const uint32_t firmware_image_size;
void firmware_start(void);

static uint64_t storage[512];
static cg_guest_t guest;
static int32_t result;

/* Their sizes are the RAM of a guest. */
extern char ram_guest[sizeof(cg_guest_t)], ram_handle[sizeof(cg_slot_t)];
char ram_guest[sizeof(cg_guest_t)], ram_handle[sizeof(cg_slot_t)];

void firmware_start(void)
{
    const cg_guest_config_t config = {.vm = &cg_vm_rbpf, .image = firmware_image, .image_size = firmware_image_size};
    if (cg_guest_init(&guest, &config, &firmware_policy, storage, sizeof storage) == CG_LOAD_OK) {
        (void)cg_guest_run(&guest, &result);
        cg_guest_end(&guest);
    }
}
