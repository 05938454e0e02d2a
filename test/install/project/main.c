/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - run one guest file under a fixed policy; say what it returned, or why it was refused or stopped. */
#include "callgate/guest.h"
#include "set.h"
#ifdef TANK_WITH_WAMR
#include "wamr.h"
#endif
#ifdef TANK_WITH_RBPF
#include "rbpf.h"
#endif

#include <stdio.h>
#include <stdlib.h>

static const cg_vm_t *const vms[] = {
#ifdef TANK_WITH_WAMR
    &cg_vm_wamr,
#endif
#ifdef TANK_WITH_RBPF
    &cg_vm_rbpf,
#endif
};

static const cg_vm_t *vm_of(const uint8_t *image, uint32_t size)
{
    for (size_t i = 0; i < sizeof vms / sizeof vms[0]; i++) {
        if (vms[i]->ops->probe(image, size)) {
            return vms[i];
        }
    }
    return NULL;
}

static int run(const uint8_t *image, uint32_t size)
{
    static cg_guest_t guest;
    char message[256] = "";
    const uint32_t granted[] = {1u << CG_CALL_TANK_LEVEL | 1u << CG_CALL_TANK_OPEN};
    const cg_policy_t policy = {.guest = "plumber", .granted = granted, .steps = 10000, .calls = 100, .bytes = 1000, .memory_bytes = 65536, .slots = 2};
    const cg_guest_config_t config = {.vm = vm_of(image, size), .image = image, .image_size = size, .message = message, .message_size = sizeof message};
    if (config.vm == NULL) {
        puts("not a program of any VM");
        return 1;
    }
    const uint32_t needed = cg_guest_storage(&config, &policy);
    void *storage = malloc(needed == 0 ? 1 : needed);
    int32_t result = 0;
    int failed = storage == NULL ? CG_LOAD_MEMORY : cg_guest_init(&guest, &config, &policy, storage, needed);
    if (failed == 0) {
        failed = cg_guest_run(&guest, &result);
        cg_guest_end(&guest);
    }
    free(storage);
    if (failed != 0) {
        puts(message);
        return 1;
    }
    printf("returned %d\n", (int)result);
    return 0;
}

int main(int argc, char **argv)
{
    static _Alignas(8) uint8_t image[65536];
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL) {
        puts("usage: tank GUEST");
        return 2;
    }
    const size_t size = fread(image, 1, sizeof image, file);
    fclose(file);
    return run(image, (uint32_t)size);
}
