/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/clock.c - a heap of jobs by the time they are due, and the thread that runs them.
 * One lock guards the heap; it is not held while a job runs, so that a slow device delays others' jobs but nobody's calls. */
#include "clock.h"

#include "host.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>

struct host_clock {
    pthread_mutex_t lock;
    pthread_cond_t changed; /* the first job is another one, a job has ended, or the end has come */
    pthread_t thread;
    bool is_started, is_ending;
    const clock_job_t *running;
    uint32_t count;
    clock_job_t *jobs[CLOCK_JOBS_MAX];
};

/* ---- the heap; locked ---- */

static void put(host_clock_t *clock, uint32_t at, clock_job_t *job)
{
    clock->jobs[at] = job;
    job->place = at + 1;
}

static void rise(host_clock_t *clock, uint32_t at)
{
    clock_job_t *job = clock->jobs[at];
    while (at > 0 && clock->jobs[(at - 1) / 2]->due_ms > job->due_ms) {
        put(clock, at, clock->jobs[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(clock, at, job);
}

static void sink(host_clock_t *clock, uint32_t at)
{
    clock_job_t *job = clock->jobs[at];
    for (uint32_t child = 2 * at + 1; child < clock->count; child = 2 * at + 1) {
        if (child + 1 < clock->count && clock->jobs[child + 1]->due_ms < clock->jobs[child]->due_ms) {
            child += 1;
        }
        if (clock->jobs[child]->due_ms >= job->due_ms) {
            break;
        }
        put(clock, at, clock->jobs[child]);
        at = child;
    }
    put(clock, at, job);
}

static void insert(host_clock_t *clock, clock_job_t *job)
{
    put(clock, clock->count, job);
    clock->count += 1;
    rise(clock, clock->count - 1);
}

static void take_out(host_clock_t *clock, clock_job_t *job)
{
    const uint32_t at = job->place - 1;
    job->place = 0;
    clock->count -= 1;
    if (at < clock->count) {
        clock_job_t *last = clock->jobs[clock->count];
        put(clock, at, last);
        rise(clock, at);
        sink(clock, last->place - 1);
    }
}

/* ---- the thread ---- */

/* Locked before and after. */
static void run_job(host_clock_t *clock, clock_job_t *job, uint64_t now_ms)
{
    take_out(clock, job);
    clock->running = job;
    (void)pthread_mutex_unlock(&clock->lock);
    const bool again = job->run(job, now_ms);
    (void)pthread_mutex_lock(&clock->lock);
    clock->running = NULL;
    if (again && !job->is_removed && clock->count < CLOCK_JOBS_MAX) {
        insert(clock, job);
    }
    (void)pthread_cond_broadcast(&clock->changed);
}

static void sleep_until(host_clock_t *clock, uint64_t due_ms)
{
    const struct timespec due = {.tv_sec = (time_t)(due_ms / 1000u), .tv_nsec = (long)(due_ms % 1000u) * 1000000};
    (void)pthread_cond_timedwait(&clock->changed, &clock->lock, &due);
}

static void *run(void *argument)
{
    host_clock_t *clock = argument;
    (void)pthread_mutex_lock(&clock->lock);
    while (!clock->is_ending) {
        const uint64_t now_ms = host_linux_now_ms();
        if (clock->count == 0) {
            (void)pthread_cond_wait(&clock->changed, &clock->lock);
        } else if (clock->jobs[0]->due_ms > now_ms) {
            sleep_until(clock, clock->jobs[0]->due_ms);
        } else {
            run_job(clock, clock->jobs[0], now_ms);
        }
    }
    (void)pthread_mutex_unlock(&clock->lock);
    return NULL;
}

/* Signals are for the threads of the program. Locked. */
static bool start(host_clock_t *clock)
{
    sigset_t all, before;
    if (clock->is_started) {
        return true;
    }
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    clock->is_started = pthread_create(&clock->thread, NULL, run, clock) == 0;
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return clock->is_started;
}

/* ---- the door ---- */

host_clock_t *host_clock_new(void)
{
    host_clock_t *clock = calloc(1, sizeof *clock);
    pthread_condattr_t attributes;
    if (clock == NULL) {
        return NULL;
    }
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_mutex_init(&clock->lock, NULL);
    (void)pthread_cond_init(&clock->changed, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    return clock;
}

void host_clock_free(host_clock_t *clock)
{
    if (clock == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&clock->lock);
    clock->is_ending = true;
    (void)pthread_cond_broadcast(&clock->changed);
    (void)pthread_mutex_unlock(&clock->lock);
    if (clock->is_started) {
        (void)pthread_join(clock->thread, NULL);
    }
    (void)pthread_cond_destroy(&clock->changed);
    (void)pthread_mutex_destroy(&clock->lock);
    free(clock);
}

/* One place is kept for a job that is running and comes back. */
bool host_clock_add(host_clock_t *clock, clock_job_t *job)
{
    (void)pthread_mutex_lock(&clock->lock);
    const bool is_good = clock->count + (clock->running != NULL ? 1u : 0u) < CLOCK_JOBS_MAX && start(clock);
    if (is_good) {
        insert(clock, job);
        if (job->place == 1) {
            (void)pthread_cond_broadcast(&clock->changed);
        }
    }
    (void)pthread_mutex_unlock(&clock->lock);
    return is_good;
}

void host_clock_remove(host_clock_t *clock, clock_job_t *job)
{
    (void)pthread_mutex_lock(&clock->lock);
    job->is_removed = true;
    if (job->place != 0) {
        take_out(clock, job);
    }
    while (clock->running == job) {
        (void)pthread_cond_wait(&clock->changed, &clock->lock);
    }
    (void)pthread_mutex_unlock(&clock->lock);
}
