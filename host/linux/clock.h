/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/clock.h - jobs that are due at a time, run by one thread of the host's: alarms, and devices under watch.
 * The thread begins with the first job and sleeps until one is due. For files of this room and their tests. */
#ifndef CALLGATE_HOST_LINUX_CLOCK_H
#define CALLGATE_HOST_LINUX_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { CLOCK_JOBS_MAX = 4096 /* of one host; 8 bytes each */ };

typedef struct host_clock host_clock_t;

/* Part of an object that is due now and then. Zeroed, then `due_ms` (of host_linux_now_ms) and `run` set. */
typedef struct clock_job {
    uint64_t due_ms;
    /* Runs on the clock's thread, without its lock. True: run again at job->due_ms, which it has moved on. Must not add or remove jobs. */
    bool (*run)(struct clock_job *job, uint64_t now_ms);
    uint32_t place;  /* the clock's own: in its heap and one; 0: not there */
    bool is_removed; /* the clock's own */
} clock_job_t;

/* NULL: no memory. */
host_clock_t *host_clock_new(void);

/* All jobs must have been removed. NULL is allowed. */
void host_clock_free(host_clock_t *clock);

/* From now on the job runs when it is due. False: there are CLOCK_JOBS_MAX already, or no thread is to be had. */
bool host_clock_add(host_clock_t *clock, clock_job_t *job);

/* The job does not run any more once this returns; waits for one that is running. Any thread but the clock's. Also for jobs that are done. */
void host_clock_remove(host_clock_t *clock, clock_job_t *job);

#endif
