/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_loop.c - marks and an eventfd: the first mark of a member since it was taken wakes its loop, further ones cost no system call. */
#include "run_loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

bool loop_open(loop_t *loop)
{
    loop->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return loop->fd >= 0;
}

void loop_close(loop_t *loop)
{
    if (loop->fd >= 0) {
        close(loop->fd);
    }
    loop->fd = -1;
}

/* A write fails only where the count is at its end: then the loop is awake. */
void loop_nudge(loop_t *loop)
{
    const uint64_t one = 1;
    const ssize_t n = write(loop->fd, &one, sizeof one);
    (void)n;
}

void loop_mark(loop_member_t *member)
{
    if (!atomic_exchange(&member->is_marked, true)) {
        loop_nudge(member->loop);
    }
}

void loop_wait(loop_t *loop, int timeout_ms)
{
    struct pollfd one = {.fd = loop->fd, .events = POLLIN};
    uint64_t count = 0;
    (void)poll(&one, 1, timeout_ms);
    const ssize_t n = read(loop->fd, &count, sizeof count);
    (void)n;
}

bool loop_take(loop_member_t *member)
{
    return atomic_exchange(&member->is_marked, false);
}

bool bound_take(bound_t *bound, uint64_t now_ms)
{
    uint64_t *oldest_ms = &bound->at_ms[bound->count % BOUND_MAX];
    if (bound->count >= BOUND_MAX && now_ms - *oldest_ms < BOUND_MS) {
        return false;
    }
    *oldest_ms = now_ms;
    bound->count++;
    return true;
}
