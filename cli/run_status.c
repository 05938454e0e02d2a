/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_status.c - SIGUSR1: how the guests of a run are, as a table for people.
 * Called by the watch under the run's lock, so no guest is entered or left meanwhile. Of one that runs it shows what was true before. */
#include "run.h"

#include <stdio.h>

static const char *status_state(const run_guest_t *guest)
{
    if (!guest->is_loaded) {
        return "refused";
    }
    switch (guest->phase) {
    case RUN_FIRST:
        return "ready";
    case RUN_RUNNING:
        return guest->asked_ms != 0 ? "stopping" : guest->is_waiting ? "waits" : "runs";
    case RUN_WAITS:
        return "waits";
    case RUN_ANEW:
        return "restarts";
    case RUN_OVER:
        return "ended";
    }
    return "?";
}

static void status_row(FILE *out, run_guest_t *guest)
{
    cg_guest_status_t *s = &guest->status;
    char queue[16], handles[16];
    if (guest->is_loaded && (guest->phase == RUN_FIRST || guest->phase == RUN_WAITS)) {
        cg_guest_status(&guest->guest, s);
    }
    snprintf(queue, sizeof queue, "%u/%u", (unsigned)s->queued, (unsigned)s->queue_max);
    snprintf(handles, sizeof handles, "%u/%u", (unsigned)s->handles, (unsigned)s->handles_max);
    fprintf(out, "%-20s %-6s %-8s %8u %9u %6u %9s %9s %9u %8u %10u %8u\n", guest->name[0] != '\0' ? guest->name : guest->path,
            guest->vm != NULL ? guest->vm->ops->name : "-", status_state(guest), (unsigned)s->calls, (unsigned)s->delivered, (unsigned)s->lost, queue, handles,
            (unsigned)s->memory_bytes, (unsigned)s->refused, (unsigned)s->violations, (unsigned)guest->restarts.count);
}

void run_say_status(run_t *run)
{
    flockfile(stderr);
    fprintf(stderr, "%-20s %-6s %-8s %8s %9s %6s %9s %9s %9s %8s %10s %8s\n", "guest", "vm", "state", "calls", "delivered", "lost", "queued", "handles", "memory",
            "refused", "violations", "restarts");
    for (uint32_t i = 0; i < run->count; i++) {
        status_row(stderr, &run->guests[i]);
    }
    fflush(stderr);
    funlockfile(stderr);
}
