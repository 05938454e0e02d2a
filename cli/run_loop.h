/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_loop.h - how a thread that owns guests sleeps until one of them has something to do. And how often something may happen. Knows nothing of guests.
 * A member is marked by any thread; the loop's own thread waits, then takes the members that are marked. A mark is never lost, and a loop
 * without marks uses no time. */
#ifndef CLI_RUN_LOOP_H
#define CLI_RUN_LOOP_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct loop {
    int fd; /* eventfd, not blocking */
} loop_t;

typedef struct loop_member {
    loop_t *loop;
    atomic_bool is_marked;
} loop_member_t;

/* False with errno set where the system gives no descriptor. */
bool loop_open(loop_t *loop);
void loop_close(loop_t *loop);

/* Any thread; never blocks. Mark: there is something to do for the member. Nudge: come out of loop_wait, whatever for. */
void loop_mark(loop_member_t *member);
void loop_nudge(loop_t *loop);

/* Wait for a mark or a nudge since the last wait, at most `timeout_ms` (-1: for ever). May return early. */
void loop_wait(loop_t *loop, int timeout_ms);

/* True if the member was marked; then it is no more. What was done before the mark can be seen after this. */
bool loop_take(loop_member_t *member);

/* At most BOUND_MAX times within BOUND_MS. Zeroed has not happened yet. */
enum { BOUND_MAX = 5, BOUND_MS = 10000 };
typedef struct bound {
    uint64_t at_ms[BOUND_MAX];
    uint32_t count; /* ever */
} bound_t;

/* May it happen once more at this time? Then it is counted. */
bool bound_take(bound_t *bound, uint64_t now_ms);

#endif
