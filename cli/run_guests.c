/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_guests.c - run loaded guests: first their entries, then, where they have handlers, the events that come for them.
 * Guests that may wait have a thread each; all others share the thread that calls run_guests, and have one activation a round. The watch
 * (run_watch.c) may ask any of them to stop. A guest that fails is ended by the thread that owns it; others never notice. */
#include "command.h"
#include "host/linux/host.h"
#include "run.h"

/* ---- one activation ---- */

/* Until when the guest may work on; under the run's lock. */
static void run_limit(run_guest_t *guest, bool has_limit)
{
    const uint32_t time_ms = guest->policy.time_ms;
    guest->deadline_ms = has_limit && time_ms != 0 ? host_linux_now_ms() + time_ms + RUN_GRACE_MS : UINT64_MAX;
    watch_before(guest->run, guest->deadline_ms);
}

/* False if the run is being stopped already. */
static bool run_begin(run_guest_t *guest, bool *is_first)
{
    run_t *run = guest->run;
    pthread_mutex_lock(&run->lock);
    const bool is_good = run->signal == 0;
    *is_first = guest->phase == RUN_FIRST;
    if (is_good) {
        guest->phase = RUN_RUNNING;
        guest->is_waiting = false;
        cg_guest_status(&guest->guest, &guest->status);
        run_limit(guest, true);
    }
    pthread_mutex_unlock(&run->lock);
    return is_good;
}

/* A program may have handlers only; an entry that fails has not set up what its handlers need. */
static bool run_goes_on(const run_guest_t *guest, bool is_first)
{
    if (!is_first) {
        return guest->stop >= 0;
    }
    const bool is_good = guest->stop == CG_STOP_RETURNED ? guest->result == 0 : guest->stop == CG_STOP_ENTRY;
    return is_good && cg_guest_reacts(&guest->guest);
}

/* ---- the end of a guest, and its next life; under the run's lock ---- */

static bool run_was_killed(const run_guest_t *guest)
{
    return guest->policy.violation == CG_VIOLATION_KILL && guest->guest.counters.violations >= guest->policy.kill_after;
}

/* Whether the guest is to live again; then nobody but its owner touches it until run_anew. What a program returned, a guest that was killed, and a run that ends are final. */
static bool run_restarts(run_guest_t *guest)
{
    run_t *run = guest->run;
    const bool is_wanted = run->restarts || guest->read_policy->is_restarted;
    if (!is_wanted || run->signal != 0 || guest->stop == CG_STOP_RETURNED || guest->stop == CG_STOP_ENTRY || run_was_killed(guest)) {
        return false;
    }
    if (!bound_take(&guest->restarts, host_linux_now_ms())) {
        command_say("guest '%s' is given up: it was started anew %d times within %d s", guest->name, BOUND_MAX, BOUND_MS / 1000);
        return false;
    }
    guest->phase = RUN_ANEW;
    return true;
}

/* End the guest and make it anew; without the run's lock, for releases may wait and programs may be large. False if it was refused. */
static bool run_make_anew(run_guest_t *guest)
{
    cg_guest_end(&guest->guest);
    guest->message[0] = '\0';
    const int load = cg_guest_init(&guest->guest, &guest->config, &guest->policy, guest->storage, guest->storage_size);
    if (load != CG_LOAD_OK) {
        run_say_refused(guest, load);
    } else {
        command_say("guest '%s' is started anew", guest->name);
    }
    return load == CG_LOAD_OK;
}

static void run_anew(run_guest_t *guest)
{
    run_t *run = guest->run;
    const bool is_made = run_make_anew(guest);
    pthread_mutex_lock(&run->lock);
    guest->is_loaded = is_made;
    guest->phase = is_made ? RUN_FIRST : RUN_OVER;
    guest->asked_ms = 0;
    guest->is_late = false;
    run->has_failed = run->has_failed || !is_made;
    pthread_mutex_unlock(&run->lock);
    if (is_made) {
        loop_mark(&guest->member);
    }
}

/* True if its owner is to end the guest now: when the whole run ends, that is done in order. Under the run's lock. */
static bool run_finish(run_guest_t *guest)
{
    run_t *run = guest->run;
    const bool is_good = run_say_ended(guest);
    if (!is_good && run_restarts(guest)) {
        return false;
    }
    run->has_failed = run->has_failed || !is_good;
    guest->phase = RUN_OVER;
    return run->signal == 0 && guest->is_loaded;
}

static void run_step(run_guest_t *guest)
{
    run_t *run = guest->run;
    bool is_first = false, is_ended = false;
    if (!run_begin(guest, &is_first)) {
        return;
    }
    guest->message[0] = '\0';
    guest->result = 0;
    guest->stop = is_first ? cg_guest_run(&guest->guest, &guest->result) : cg_guest_deliver(&guest->guest);
    const bool goes_on = run_goes_on(guest, is_first);
    if (is_first) { /* some programs set their handlers up in their entry */
        run_say_unhandled(guest);
    }
    pthread_mutex_lock(&run->lock);
    cg_guest_status(&guest->guest, &guest->status);
    if (goes_on && (guest->asked_ms == 0 || run->signal != 0)) {
        guest->phase = RUN_WAITS;
    } else if (goes_on) { /* it came back by itself, but late, and no call of it is granted any more */
        guest->stop = CG_STOP_ASKED;
        is_ended = run_finish(guest);
    } else {
        is_ended = run_finish(guest);
    }
    const run_phase_t phase = guest->phase;
    pthread_mutex_unlock(&run->lock);
    if (is_ended) {
        cg_guest_end(&guest->guest);
    } else if (phase == RUN_ANEW) {
        run_anew(guest);
    } else if (phase == RUN_WAITS && cg_guest_pending(&guest->guest)) {
        loop_mark(&guest->member);
    }
}

/* ---- loops ---- */

void run_wake(cg_guest_t *guest, void *context)
{
    run_guest_t *one = context;
    (void)guest;
    loop_mark(&one->member);
}

static void run_set_limit(run_guest_t *guest, bool has_limit)
{
    pthread_mutex_lock(&guest->run->lock);
    guest->is_waiting = !has_limit;
    cg_guest_status(&guest->guest, &guest->status);
    run_limit(guest, has_limit);
    pthread_mutex_unlock(&guest->run->lock);
}

/* Its time begins anew with each event that it waited for. */
void run_renewed(cg_guest_t *guest)
{
    run_set_limit(guest->config->wake_context, true);
}

/* Waiting for events takes none of the guest's time; run_renewed ends that. */
void run_wait(cg_guest_t *guest, uint64_t deadline_ms)
{
    run_guest_t *one = guest->config->wake_context;
    const uint64_t now_ms = host_linux_now_ms();
    const uint64_t left_ms = deadline_ms > now_ms ? deadline_ms - now_ms : 0;
    if (!loop_take(&one->member) && left_ms != 0) {
        run_set_limit(one, false);
        loop_wait(one->member.loop, deadline_ms == UINT64_MAX ? -1 : left_ms < INT32_MAX ? (int)left_ms : INT32_MAX);
        (void)loop_take(&one->member);
    }
}

/* Whether this guest is of this loop and not over. */
static bool run_is_of(run_guest_t *guest, const loop_t *loop)
{
    run_t *run = guest->run;
    pthread_mutex_lock(&run->lock);
    const bool is_of = guest->is_loaded && guest->member.loop == loop && !guest->will_not_run && guest->phase != RUN_OVER && run->signal == 0;
    pthread_mutex_unlock(&run->lock);
    return is_of;
}

/* Marks that come while a round goes on are seen in the next one. */
static void run_loop(run_t *run, loop_t *loop)
{
    for (bool has_some = true; has_some;) {
        bool has_done = false;
        has_some = false;
        for (uint32_t i = 0; i < run->count; i++) {
            run_guest_t *guest = &run->guests[i];
            if (run_is_of(guest, loop) && loop_take(&guest->member)) {
                run_step(guest);
                has_done = true;
            }
            has_some = has_some || run_is_of(guest, loop);
        }
        if (has_some && !has_done) {
            loop_wait(loop, -1);
        }
    }
}

static void *run_on_thread(void *context)
{
    run_guest_t *guest = context;
    run_loop(guest->run, &guest->own_loop);
    return NULL;
}

/* ---- all guests ---- */

static bool run_start_thread(run_guest_t *guest)
{
    if (!loop_open(&guest->own_loop)) {
        return false;
    }
    guest->has_loop = true;
    pthread_mutex_lock(&guest->run->lock); /* the watch may mark it already */
    guest->member.loop = &guest->own_loop;
    pthread_mutex_unlock(&guest->run->lock);
    return pthread_create(&guest->thread, NULL, run_on_thread, guest) == 0;
}

static void run_threads(run_t *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        run_guest_t *guest = &run->guests[i];
        if (!guest->is_loaded || guest->vm->catalog == NULL || !policy_grants_blocking(&guest->policy, guest->vm->catalog)) {
            continue;
        }
        guest->has_thread = run_start_thread(guest);
        if (!guest->has_thread) {
            command_say("guest '%s' was not run: there is no thread for it", guest->name);
            run->has_no_machine = true;
            guest->will_not_run = true;
        }
    }
}

static void run_join(run_t *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->guests[i].has_thread) {
            pthread_join(run->guests[i].thread, NULL);
        }
    }
}

void run_guests(run_t *run)
{
    if (!watch_start(run)) {
        command_say("there is no thread or descriptor for the watch over guests");
        run->has_no_machine = true;
        return;
    }
    run_threads(run);
    run_loop(run, &run->loop);
    run_join(run);
    watch_end(run);
}
