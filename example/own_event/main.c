/* SPDX-License-Identifier: BSD-2-Clause */
/* example/own_event/main.c - run a guest that reacts to events: its entry once, then an activation for each event, until it listens to nothing any more. */
#include "callgate/guest.h"
#include "rbpf.h"
#include "set.h"
#ifdef HAVE_WAMR
#include "wamr.h"
#endif

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { IMAGE_MAX = 1024 * 1024 };

static const cg_vm_t *const vms[] = {
    &cg_vm_rbpf,
#ifdef HAVE_WAMR
    &cg_vm_wamr,
#endif
};

/* A guest that has a handler also needs to receive the event, and a queue. */
static const uint32_t granted[] = {CG_GRANT_ALWAYS | CG_GRANT(CG_CALL_BUTTON_LISTEN) | CG_GRANT(CG_CALL_BUTTON_LIGHT)};
static const uint32_t received[] = {CG_RECEIVE(CG_EV_BUTTON_PRESSED)};
static const cg_policy_t policy = {
    .guest = "light", .granted = granted, .received = received, .events = 4, .steps = 10000, .calls = 100, .bytes = 1000, .memory_bytes = 131072, .slots = 4,
};

/* The owner sleeps until a poster wakes it. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t posted = PTHREAD_COND_INITIALIZER;

static void wake(cg_guest_t *guest, void *context)
{
    (void)guest;
    (void)context;
    pthread_mutex_lock(&lock);
    pthread_cond_signal(&posted);
    pthread_mutex_unlock(&lock);
}

static void wait_for_event(cg_guest_t *guest)
{
    pthread_mutex_lock(&lock);
    while (!cg_guest_pending(guest)) {
        pthread_cond_wait(&posted, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static bool listens(cg_guest_t *guest)
{
    cg_guest_status_t status;
    cg_guest_status(guest, &status);
    return cg_guest_reacts(guest) && status.handles > 0;
}

static int run(const cg_guest_config_t *config)
{
    static cg_guest_t guest;
    const uint32_t size = cg_guest_storage(config, &policy);
    void *storage = aligned_alloc(8, size == 0 ? 8 : size);
    int32_t result = 0;
    int failed = storage == NULL ? CG_LOAD_MEMORY : cg_guest_init(&guest, config, &policy, storage, size);
    if (failed == 0) {
        failed = cg_guest_run(&guest, &result);
        while (failed == 0 && result == 0 && listens(&guest)) {
            wait_for_event(&guest);
            failed = cg_guest_deliver(&guest);
        }
        cg_guest_end(&guest);
    }
    if (failed != 0) {
        fprintf(stderr, "%s: %s\n", config->vm->ops->name, config->message);
    } else {
        printf("%s: the guest is done, %d\n", config->vm->ops->name, (int)result);
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
            const cg_guest_config_t config = {.vm = vms[i], .image = image, .image_size = size, .wake = wake, .message = message, .message_size = sizeof message};
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
