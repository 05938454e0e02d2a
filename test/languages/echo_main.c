/* SPDX-License-Identifier: BSD-2-Clause */
/* test/languages/echo_main.c - echo_main ENGINE GUEST.wasm: run a guest of echo.yaml and its handlers; prints and returns 0 if it was content and nothing is left open. */
#include "callgate/guest.h"
#include "echo_host.h"
#include "set.h"
#include "wamr.h"
#ifdef ECHO_WITH_WASM3
#include "wasm3.h"
#endif

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const cg_vm_t *const vms[] = {
    &cg_vm_wamr,
#ifdef ECHO_WITH_WASM3
    &cg_vm_wasm3,
#endif
};

static int run(const cg_vm_t *vm, const uint8_t *image, uint32_t size)
{
    static cg_guest_t guest;
    static const uint32_t all[] = {UINT32_MAX};
    char message[256] = "";
    _Static_assert(CG_CALL_COUNT <= 32 && CG_EV_COUNT <= 32, "one word is enough for all calls and events");
    const cg_policy_t policy = {.guest = "echo", .granted = all, .received = all, .events = 8, .steps = 1000000, .unlimited_steps = vm->is_uncounted,
                                .violation = CG_VIOLATION_ERROR, .calls = 1000, .bytes = 100000, .memory_bytes = 1u << 21, .slots = 8};
    const cg_guest_config_t config = {.vm = vm, .image = image, .image_size = size, .message = message, .message_size = sizeof message};
    const uint32_t needed = cg_guest_storage(&config, &policy);
    void *storage = aligned_alloc(8, (needed + 8) & ~UINT32_C(7));
    int32_t result = 0;
    int failed = storage == NULL ? CG_LOAD_MEMORY : cg_guest_init(&guest, &config, &policy, storage, needed);
    if (failed == 0) {
        failed = cg_guest_run(&guest, &result);
        while (failed == 0 && result == 0 && cg_guest_pending(&guest)) {
            failed = cg_guest_deliver(&guest);
        }
        cg_guest_end(&guest);
    }
    free(storage);
    printf("result %d, last word %d, %u left open%s%s\n", (int)result, (int)echo_last_word(), (unsigned)echo_open_count(), failed != 0 ? ": " : "", message);
    return failed != 0 || result != 0 || echo_last_word() != 0 || echo_open_count() != 0;
}

int main(int argc, char **argv)
{
    static _Alignas(8) uint8_t image[1 << 20];
    FILE *file = argc == 3 ? fopen(argv[2], "rb") : NULL;
    if (file == NULL) {
        puts("usage: echo_main ENGINE GUEST.wasm");
        return 2;
    }
    const size_t size = fread(image, 1, sizeof image, file);
    (void)fclose(file);
    for (size_t i = 0; i < sizeof vms / sizeof vms[0]; i++) {
        if (strcmp(vms[i]->ops->name, argv[1]) == 0) {
            return run(vms[i], image, (uint32_t)size);
        }
    }
    puts("no such engine");
    return 2;
}
