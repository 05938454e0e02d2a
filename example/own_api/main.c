/* SPDX-License-Identifier: BSD-2-Clause */
/* example/own_api/main.c - run the guests named on the command line, on whichever VM each is for. */
#include "callgate/guest.h"
#include "rbpf.h"
#include "set.h"
#ifdef HAVE_WAMR
#include "wamr.h"
#endif

#include <stdio.h>
#include <stdlib.h>

enum { IMAGE_MAX = 1024 * 1024 };

static const cg_vm_t *const vms[] = {
    &cg_vm_rbpf,
#ifdef HAVE_WAMR
    &cg_vm_wamr,
#endif
};

/* What guests may do: all three calls, and counters that start at 0 to 100. */
static const uint32_t granted[] = {CG_GRANT_ALWAYS | CG_GRANT(CG_CALL_COUNTER_OPEN) | CG_GRANT(CG_CALL_COUNTER_ADD) | CG_GRANT(CG_CALL_COUNTER_NAME)};
static const cg_guard_range_t starts[] = {{0, 100}};
static const cg_guard_t guards[CG_GUARD_COUNT] = {
    [CG_GUARD_COUNTER_OPEN_START] = {.is_unsigned = true, .count = 1, .ranges = starts},
};
static const cg_policy_t policy = {
    .guest = "guest", .granted = granted, .guards = guards, .steps = 10000, .calls = 100, .bytes = 1000, .memory_bytes = 131072, .slots = 4,
};

static int run(const cg_guest_config_t *config)
{
    static cg_guest_t guest;
    const uint32_t size = cg_guest_storage(config, &policy);
    void *storage = aligned_alloc(8, size == 0 ? 8 : size);
    int32_t result = 0;
    int failed = storage == NULL ? CG_LOAD_MEMORY : cg_guest_init(&guest, config, &policy, storage, size);
    if (failed == 0) {
        failed = cg_guest_run(&guest, &result);
        cg_guest_end(&guest);
    }
    if (failed != 0) {
        fprintf(stderr, "%s: %s\n", config->vm->ops->name, config->message);
    } else {
        printf("%s: the guest returned %d\n", config->vm->ops->name, (int)result);
    }
    free(storage);
    return failed != 0;
}

static int run_file(const char *path)
{
    static uint8_t image[IMAGE_MAX];
    char message[200] = "";
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    const uint32_t size = (uint32_t)fread(image, 1, sizeof image, file);
    (void)fclose(file);
    for (size_t i = 0; i < sizeof vms / sizeof vms[0]; i++) {
        if (vms[i]->ops->probe(image, size)) {
            const cg_guest_config_t config = {.vm = vms[i], .image = image, .image_size = size, .message = message, .message_size = sizeof message};
            return run(&config);
        }
    }
    fprintf(stderr, "%s: no VM of this program takes this file\n", path);
    return 1;
}

int main(int argc, char **argv)
{
    int failed = 0;
    for (int i = 1; i < argc; i++) {
        failed |= run_file(argv[i]);
    }
    return failed;
}
