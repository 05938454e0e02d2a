/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run.h - one run of `callgate run`: its guests, from file to end. For run*.c and pack.c only.
 * run.c reads the command line and leads; run_load.c makes guests; run_guests.c runs them; run_watch.c minds signals and time; run_status.c and
 * run_say.c speak. */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "callgate/guest.h"
#include "policy.h"
#include "run_loop.h"
#include "tool.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    RUN_IMAGE_MAX = 16 * 1024 * 1024, /* bytes of a program */
    RUN_MESSAGE_MAX = 1024,           /* bytes of one message of gate or VM */
    RUN_STUCK_MS = 2000,              /* a guest that was asked to stop gets so long before the whole run is given up */
    RUN_GRACE_MS = 100                /* past its time a guest gets so long, for host functions to come back by themselves */
};

typedef struct run run_t;

/* How far a guest is. */
typedef enum run_phase {
    RUN_FIRST,   /* its entry is still to run */
    RUN_RUNNING, /* its owner is inside */
    RUN_WAITS,   /* for events */
    RUN_ANEW,    /* its owner ends it and makes it anew; nobody else may touch it */
    RUN_OVER
} run_phase_t;

/* One guest. Zeroed, then filled step by step. */
typedef struct run_guest {
    const char *path;        /* the program */
    const char *policy_path; /* of --policy; NULL: looked for beside the program */
    uint8_t *image;          /* malloc'd */
    size_t image_size;
    const cg_vm_t *vm;       /* NULL: nobody knows the file */
    cg_policy_t policy;      /* with `guest` set to `name` where the file says none */
    char name[POLICY_GUEST_MAX + 8]; /* used by no earlier guest of the run */
    char message[RUN_MESSAGE_MAX];
    cg_guest_config_t config;
    cg_guest_t guest;
    void *storage;           /* malloc'd */
    uint32_t storage_size;
    bool is_loaded;
    const policy_t *read_policy;
    const char *policy_file; /* where it was found; NULL: nowhere */
    bool has_thread;         /* runs on a thread of its own, which was started */
    bool will_not_run;       /* there was no thread for it */
    pthread_t thread;
    bool has_loop;
    loop_t own_loop;         /* of guests with a thread */
    loop_member_t member;    /* of its own loop, else of the run's */
    run_phase_t phase;       /* under the run's lock, as all below up to `run` */
    uint64_t deadline_ms;    /* when the watch asks it to stop; UINT64_MAX: never */
    uint64_t asked_ms;       /* when the watch asked it; 0: not */
    bool is_late;            /* the watch asked because of the time */
    cg_guest_status_t status; /* after its last activation, or where it waits in a call */
    bool is_waiting;         /* in event.wait */
    bound_t restarts;
    run_t *run;
    int stop;                /* cg_stop_t */
    int32_t result;
} run_guest_t;

/* Everything of one run. */
struct run {
    run_guest_t *guests;
    uint32_t count;
    const char *devices; /* file of --devices; NULL: none */
    const char *coap;    /* address of --coap; NULL: guests serve nothing */
    const char *store;   /* folder of --store; NULL: in memory */
    const char *engine;  /* name of --engine; NULL: any */
    tool_folders_t folders; /* of -I: for sources that are packed in memory */
    bool is_traced, restarts;
    cg_host_t *host;
    arena_t arena;
    diag_t diag;
    bool has_failed;     /* a guest was refused, stopped, or returned something else than 0 */
    bool has_no_machine; /* no memory, no thread */
    pthread_mutex_t lock;
    int signal;          /* under the lock: the first one that came, 0 none */
    uint64_t alarm_ms;   /* under the lock: when the watch looks at the time; UINT64_MAX: never */
    loop_t loop;         /* of all guests without a thread */
    pthread_t watch;
    int signal_fd, timer_fd;
    loop_t over;         /* the watch ends */
};

/* Read programs and policies, and find who runs them. False after an error that ends the run: a file that is not there, a bad policy. */
bool run_read(run_t *run);

/* Read one program and find its VM. False where the run must end; a program that nobody knows is left without one, and it was said. */
bool run_read_program(run_t *run, run_guest_t *guest);

/* Make the guests. Those that are refused stay unloaded, and it was said why. */
void run_load(run_t *run);

/* Run all loaded guests until none is left that reacts to events, or a signal comes. run_signals must be blocked in the calling thread. */
void run_guests(run_t *run);

/* The signals that the watch takes. */
void run_signals(sigset_t *signals);

/* For cg_guest_config_t; the context is the run_guest_t. */
void run_wake(cg_guest_t *guest, void *context);
void run_wait(cg_guest_t *guest, uint64_t deadline_ms);
void run_renewed(cg_guest_t *guest);

/* The watch: start it (false: the system does not let us), tell it that something is due (under the run's lock), end it. */
bool watch_start(run_t *run);
void watch_before(run_t *run, uint64_t due_ms);
void watch_end(run_t *run);

/* A table of all guests. Under the run's lock. */
void run_say_status(run_t *run);

/* Say why a guest was not loaded, by a cg_load_t. */
void run_say_refused(const run_guest_t *guest, int load);

/* For cg_guest_config_t.host_fault: tells the author of a host function what it did. */
void run_say_host_fault(const cg_guest_t *guest, uint32_t call, int result);

/* Say which events the guest is sent that nothing in its program takes. */
void run_say_unhandled(const run_guest_t *guest);

/* Say what became of a guest that ran; nothing if it returned 0. True if it did. */
bool run_say_ended(const run_guest_t *guest);

/* Names of the VMs built in, "rbpf, wamr"; lives in the arena. */
const char *run_vm_names(arena_t *arena);

#endif
