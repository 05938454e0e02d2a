/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/random.c - the random API, from the kernel's generator.
 * Called by bodies of calls. Keeps no state, never falls back to a weaker source. */
#include "inner.h"

#include "host_random.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

bool host_random_try(void *bytes, size_t size)
{
    uint8_t *at = bytes;
    while (size > 0) {
        const ssize_t n = getrandom(at, size, 0);
        if (n > 0) {
            at += n;
            size -= (size_t)n;
        } else if (n < 0 && errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* This call has no way to say no, and a number that is not random would be worse than none. The kernel was asked once when the host was made,
 * so a refusal here means that the process locked itself in since (seccomp): wait until it is undone. */
uint32_t host_random_u32(cg_call_t *call)
{
    (void)call;
    uint32_t number = 0;
    while (!host_random_try(&number, sizeof number)) {
        const struct timespec pause = { .tv_sec = 0, .tv_nsec = 10000000 };
        (void)nanosleep(&pause, NULL);
    }
    return number;
}

int host_random_fill(cg_call_t *call, cg_buffer_t *data)
{
    (void)call;
    if (!host_random_try(data->bytes, data->capacity)) {
        return CG_ERR_HOST;
    }
    data->count = data->capacity;
    return 0;
}
