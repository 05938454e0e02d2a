/* SPDX-License-Identifier: BSD-2-Clause */
/* example/own_event/button.c - the host functions of button.yaml. A thread stands for the interrupt of a real button. */
#define _POSIX_C_SOURCE 200809L /* nanosleep */

#include "host_button.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PRESSES = 3 };

struct host_button_listener {
    struct cg_guest *guest; /* whom to tell */
    pthread_t thread;
    atomic_bool is_over;
};

/* Any thread may post; what is posted waits in the guest's queue until its owner delivers it. */
static void *press(void *context)
{
    struct host_button_listener *listener = context;
    for (uint32_t count = 1; count <= PRESSES && !atomic_load(&listener->is_over); count++) {
        const struct timespec pause = {.tv_nsec = 20000000};
        (void)nanosleep(&pause, NULL);
        (void)cg_post_button_pressed(listener->guest, listener, count);
    }
    return NULL;
}

int host_button_listen(cg_call_t *call, struct host_button_listener **made)
{
    struct host_button_listener *listener = calloc(1, sizeof *listener);
    if (listener == NULL) {
        return CG_ERR_QUOTA;
    }
    listener->guest = cg_call_events(call);
    if (pthread_create(&listener->thread, NULL, press, listener) != 0) {
        free(listener);
        return CG_BUTTON_ERR_NO_THREAD;
    }
    *made = listener;
    return 0;
}

/* Called once, whatever the guest does. When it returns, nothing may be posted for this listener any more: so the thread is waited for. */
void host_button_listener_release(cg_host_t *host, struct host_button_listener *listener)
{
    (void)host;
    atomic_store(&listener->is_over, true);
    (void)pthread_join(listener->thread, NULL);
    free(listener);
}

int host_button_light(cg_call_t *call, bool is_on)
{
    (void)call;
    printf("the light is %s\n", is_on ? "on" : "off");
    return 0;
}
