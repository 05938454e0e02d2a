/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_guests.c - run loaded guests: those that may wait on threads of their own, the others one after another.
 * One more thread, the watch, takes SIGINT and SIGTERM and minds the time limits; it asks guests to stop and does nothing else to them.
 * Guests are ended only after the watch is. */
#include "command.h"
#include "host/linux/host.h"
#include "run.h"

#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WATCH_MS = 50 /* how late a time limit may be seen */ };

/* False if the run is being stopped already. */
static bool run_begin(run_guest_t *guest)
{
    run_t *run = guest->run;
    const uint32_t time_ms = guest->policy.time_ms;
    pthread_mutex_lock(&run->lock);
    guest->is_running = run->signal == 0;
    guest->deadline_ms = time_ms != 0 ? host_linux_now_ms() + time_ms + RUN_GRACE_MS : UINT64_MAX;
    pthread_mutex_unlock(&run->lock);
    return guest->is_running;
}

static void run_one(run_guest_t *guest)
{
    run_t *run = guest->run;
    if (!run_begin(guest)) {
        return;
    }
    guest->message[0] = '\0';
    guest->stop = cg_guest_run(&guest->guest, &guest->result);
    pthread_mutex_lock(&run->lock);
    guest->is_running = false;
    const bool is_good = run_say_ended(guest);
    run->has_failed = run->has_failed || !is_good;
    pthread_mutex_unlock(&run->lock);
}

static void *run_on_thread(void *context)
{
    run_one(context);
    return NULL;
}

/* ---- the watch ---- */

static void watch_ask(run_guest_t *guest)
{
    if (guest->asked_ms == 0) {
        guest->asked_ms = host_linux_now_ms();
        cg_guest_stop(&guest->guest);
    }
}

static void watch_signal(run_t *run, int number)
{
    if (run->signal != 0) {
        _exit(128 + number); /* asked twice: guests or host do not come back */
    }
    run->signal = number;
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->guests[i].is_loaded) {
            watch_ask(&run->guests[i]);
        }
    }
}

/* Nothing can be released behind the back of a thread that still runs a guest, so the process ends as it is. */
static void watch_give_up(const run_t *run, const run_guest_t *guest)
{
    command_say("guest '%s' does not stop; the run is given up (its VM cannot interrupt a loop without calls: give it limits.steps)", guest->name);
    fflush(stdout);
    _exit(run->signal != 0 ? 128 + run->signal : CLI_INPUT);
}

static void watch_time(run_t *run)
{
    const uint64_t now_ms = host_linux_now_ms();
    for (uint32_t i = 0; i < run->count; i++) {
        run_guest_t *guest = &run->guests[i];
        if (guest->is_running && guest->asked_ms == 0 && now_ms >= guest->deadline_ms) {
            guest->is_late = true;
            watch_ask(guest);
        }
        if (guest->is_running && guest->asked_ms != 0 && now_ms >= guest->asked_ms + RUN_STUCK_MS) {
            watch_give_up(run, guest);
        }
    }
}

static void *run_watch(void *context)
{
    run_t *run = context;
    sigset_t signals;
    const struct timespec pause = {.tv_sec = 0, .tv_nsec = WATCH_MS * 1000000L};
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    for (bool is_over = false; !is_over;) {
        const int number = sigtimedwait(&signals, NULL, &pause);
        pthread_mutex_lock(&run->lock);
        is_over = run->is_over;
        if (!is_over && number > 0) {
            watch_signal(run, number);
        } else if (!is_over) {
            watch_time(run);
        }
        pthread_mutex_unlock(&run->lock);
    }
    return NULL;
}

static void watch_end(run_t *run, pthread_t watch)
{
    pthread_mutex_lock(&run->lock);
    run->is_over = true;
    pthread_mutex_unlock(&run->lock);
    pthread_kill(watch, SIGTERM); /* it is blocked and taken by sigtimedwait: a wake-up, no signal to anyone */
    pthread_join(watch, NULL);
}

/* ---- all guests ---- */

static void run_threads(run_t *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        run_guest_t *guest = &run->guests[i];
        if (!guest->is_loaded || guest->vm->catalog == NULL || !policy_grants_blocking(&guest->policy, guest->vm->catalog)) {
            continue;
        }
        guest->has_thread = pthread_create(&guest->thread, NULL, run_on_thread, guest) == 0;
        if (!guest->has_thread) {
            command_say("guest '%s' was not run: there is no thread for it", guest->name);
            run->has_no_machine = true;
            guest->will_not_run = true;
        }
    }
}

void run_guests(run_t *run)
{
    pthread_t watch;
    if (pthread_create(&watch, NULL, run_watch, run) != 0) {
        command_say("there is no thread for the watch over guests");
        run->has_no_machine = true;
        return;
    }
    run_threads(run);
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->guests[i].is_loaded && !run->guests[i].has_thread && !run->guests[i].will_not_run) {
            run_one(&run->guests[i]);
        }
    }
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->guests[i].has_thread) {
            pthread_join(run->guests[i].thread, NULL);
        }
    }
    watch_end(run, watch);
}
