/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_watch.c - the watch over a run: one thread that takes SIGINT, SIGTERM and SIGUSR1 and minds the time limits of guests that run.
 * It asks guests to stop and shows their status; it does nothing else to them. It sleeps until a signal or the next limit. */
#include "command.h"
#include "host/linux/host.h"
#include "run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

/* ---- asking; all under the run's lock ---- */

static void watch_ask(run_guest_t *guest)
{
    if (guest->asked_ms == 0) {
        guest->asked_ms = host_linux_now_ms();
        cg_guest_stop(&guest->guest);
        loop_mark(&guest->member);
    }
}

static void watch_signal(run_t *run, int number)
{
    if (run->signal != 0) {
        _exit(128 + number); /* asked twice: guests or host do not come back */
    }
    run->signal = number;
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->guests[i].is_loaded && run->guests[i].phase != RUN_OVER && run->guests[i].phase != RUN_ANEW) {
            watch_ask(&run->guests[i]);
        }
    }
    loop_nudge(&run->loop);
}

/* Nothing can be released behind the back of a thread that still runs a guest, so the process ends as it is. */
static void watch_give_up(const run_t *run, const run_guest_t *guest)
{
    command_say("guest '%s' does not stop; the run is given up (it is in a host function that does not come back, or in a loop without calls that its VM cannot interrupt: give it smaller limits.steps and memory_bytes)", guest->name);
    fflush(stdout);
    _exit(run->signal != 0 ? 128 + run->signal : CLI_INPUT);
}

/* When there is something to do about this guest. */
static uint64_t watch_due(const run_guest_t *guest)
{
    if (guest->phase != RUN_RUNNING) {
        return UINT64_MAX;
    }
    return guest->asked_ms != 0 ? guest->asked_ms + RUN_STUCK_MS : guest->deadline_ms;
}

/* ---- time; under the run's lock ---- */

void watch_before(run_t *run, uint64_t due_ms)
{
    if (due_ms < run->alarm_ms) {
        const struct itimerspec when = {.it_value = {.tv_sec = (time_t)(due_ms / 1000), .tv_nsec = (long)(due_ms % 1000) * 1000000L}};
        run->alarm_ms = due_ms;
        (void)timerfd_settime(run->timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
    }
}

static void watch_time(run_t *run)
{
    uint64_t next_ms = UINT64_MAX;
    for (uint32_t i = 0; i < run->count; i++) {
        run_guest_t *guest = &run->guests[i];
        if (watch_due(guest) <= host_linux_now_ms()) {
            if (guest->asked_ms != 0) {
                watch_give_up(run, guest);
            }
            guest->is_late = true;
            watch_ask(guest);
        }
        const uint64_t due_ms = watch_due(guest);
        next_ms = due_ms < next_ms ? due_ms : next_ms;
    }
    run->alarm_ms = UINT64_MAX;
    watch_before(run, next_ms);
}

/* ---- the thread ---- */

static void watch_take_signals(run_t *run)
{
    struct signalfd_siginfo info;
    while (read(run->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if ((int)info.ssi_signo == SIGUSR1) {
            run_say_status(run);
        } else {
            watch_signal(run, (int)info.ssi_signo);
        }
    }
}

static void *run_watch(void *context)
{
    run_t *run = context;
    enum { SIGNALS, TIMER, OVER, COUNT };
    struct pollfd fds[COUNT] = {[SIGNALS] = {run->signal_fd, POLLIN, 0}, [TIMER] = {run->timer_fd, POLLIN, 0}, [OVER] = {run->over.fd, POLLIN, 0}};
    for (;;) {
        const int ready = poll(fds, COUNT, -1);
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready < 0 || fds[OVER].revents != 0) {
            return NULL;
        }
        pthread_mutex_lock(&run->lock);
        uint64_t expired = 0;
        const ssize_t n = read(run->timer_fd, &expired, sizeof expired);
        (void)n;
        watch_take_signals(run);
        watch_time(run);
        pthread_mutex_unlock(&run->lock);
    }
}

static void watch_close(run_t *run)
{
    if (run->signal_fd >= 0) {
        close(run->signal_fd);
    }
    if (run->timer_fd >= 0) {
        close(run->timer_fd);
    }
    loop_close(&run->over);
}

bool watch_start(run_t *run)
{
    sigset_t signals;
    run_signals(&signals);
    run->alarm_ms = UINT64_MAX;
    run->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
    run->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    const bool is_open = loop_open(&run->over);
    if (is_open && run->signal_fd >= 0 && run->timer_fd >= 0 && pthread_create(&run->watch, NULL, run_watch, run) == 0) {
        return true;
    }
    watch_close(run);
    return false;
}

void watch_end(run_t *run)
{
    loop_nudge(&run->over);
    pthread_join(run->watch, NULL);
    watch_close(run);
}
