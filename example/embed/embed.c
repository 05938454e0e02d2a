/* SPDX-License-Identifier: BSD-2-Clause */
/* example/embed/embed.c - a program that runs a guest: a host function, a policy, and three calls. */
#include "callgate/guest.h"
#include "host_lamp.h"
#include "rbpf.h"
#include "set.h"

#include <stdio.h>

int host_lamp_set(cg_call_t *call, bool is_on)
{
    printf("%s: lamp %s\n", cg_call_guest(call), is_on ? "on" : "off");
    return 0;
}

int main(int argc, char **argv)
{
    static _Alignas(8) uint8_t image[65536], storage[8192];
    static cg_guest_t guest;
    char message[200] = "";
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;
    const size_t size = file == NULL ? 0 : fread(image, 1, sizeof image, file);

    const uint32_t granted[] = {CG_GRANT_ALWAYS | CG_GRANT(CG_CALL_LAMP_SET)};
    const cg_policy_t policy = {.guest = "blink", .granted = granted, .steps = 1000, .calls = 100, .memory_bytes = 65536, .slots = 2};
    const cg_guest_config_t config = {.vm = &cg_vm_rbpf, .image = image, .image_size = (uint32_t)size, .message = message, .message_size = sizeof message};

    int32_t result = 0;
    const int refused = cg_guest_init(&guest, &config, &policy, storage, sizeof storage);
    const int stopped = refused != 0 ? refused : cg_guest_run(&guest, &result);
    if (stopped != 0) {
        fprintf(stderr, "%s\n", message);
    }
    cg_guest_end(&guest);
    return stopped != 0 || result != 0;
}
