/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/guest.h - one running program: how to make it, run it and end it.
 * Most users need only this header, the generated host header and one `cg_vm_*` object from generated glue.
 * All memory is the integrator's; nothing here allocates. One thread owns a guest; only cg_guest_stop, cg_guest_pending and posts may come from another. */
#ifndef CALLGATE_GUEST_H
#define CALLGATE_GUEST_H

#include "callgate/error.h"
#include "callgate/policy.h"
#include "callgate/set.h"
#include "callgate/vm.h"
#include "callgate/window.h"

/* How the gate guards a queue for a few copies: a spin lock, for threads. Where interrupts post, the port's header says how they are kept out:
 * #define CG_EV_LOCK(g) (...) gives a uint32_t that CG_EV_UNLOCK(g, it) is given back. */
#ifdef CG_EV_PORT
#include CG_EV_PORT
#endif

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One handle. While it lives, `name` is the whole handle (generation, index, 1); free slots have type 0 and an even name.
 * 12 bytes where pointers have 32 bits. */
typedef struct cg_slot {
    union {
        void *object;
        uintptr_t next; /* free slots: index of the next free one */
    } u;
    uint32_t name;
    uint16_t type; /* 0: free or retired */
    uint8_t rights;
    uint8_t state; /* CG_SLOT_* bits */
} cg_slot_t;

enum { CG_SLOT_OWNED = 1, CG_SLOT_RETIRED = 2, CG_SLOT_DYING = 4 };
enum { CG_SLOTS_MAX = 512 };

/* What the gate counted, for status and tests. Wraps around; never decides anything. */
typedef struct cg_counters {
    uint32_t refused;    /* calls that came back with a gate error */
    uint32_t violations; /* of these, the ones no honest guest makes */
    uint32_t retired;    /* handle slots used up for good */
    uint32_t calls;      /* calls that were entered, in activations that are over */
} cg_counters_t;

/* Where a guest is in its life. */
typedef enum cg_state {
    CG_STATE_EMPTY,    /* no guest */
    CG_STATE_IDLE,     /* may be entered */
    CG_STATE_IN_GUEST, /* its code runs */
    CG_STATE_IN_HOST,  /* a host function works for it */
    CG_STATE_DYING,    /* cg_guest_end was called within a host function: ends when that returns */
    CG_STATE_ENDED
} cg_state_t;

/* The events of one guest that wait. Lies in the guest's storage; the gate's own. Guarded by the guest's lock, but for what only its owner uses. */
typedef struct cg_ev_queue {
    uint8_t *entries;       /* a ring of `capacity` entries of `stride` bytes */
    uint8_t *current;       /* the owner's: data of the event under way */
    uint16_t capacity, stride;
    uint16_t first, count;
    uint32_t lost;          /* since the last one was taken */
    uint32_t lost_before;   /* the owner's: before the event under way */
    uint32_t lost_ever, merged_ever;
    uint32_t delivered, unhandled; /* the owner's */
} cg_ev_queue_t;

/* For people. */
typedef struct cg_guest_status {
    uint32_t delivered;      /* events handled or taken */
    uint32_t lost, merged;   /* events that found no room; that replaced a queued one */
    uint32_t unhandled;      /* events dropped because the program has no handler for them */
    uint32_t calls;          /* entered so far, in activations that are over; refused ones included */
    uint32_t refused, violations;
    uint16_t queued, queue_max;
    uint16_t handles, handles_max;
    uint32_t memory_bytes;   /* of the guest's own memory */
} cg_guest_status_t;

/* The gate's record of a guest. Fields are the gate's and the adapter's own: integrators use the functions below.
 * At most 128 bytes where pointers have 32 bits. */
struct cg_guest {
    int32_t budget;              /* > 0: free, so many calls left; < 0: inside a call; 0: used up */
    int8_t why;                  /* first reason to refuse the call under way, 0 none, 1: sweep dying handles */
    uint8_t state;               /* cg_state_t, where IN_GUEST stands for IN_HOST too */
    uint8_t ending;              /* set: the adapter must end the activation now */
    uint8_t forged;              /* the handle under way was never given out: a violation */
    uint32_t bytes_left;         /* buffers and strings of this activation */
    uint32_t region_mask;        /* windows - 1 where the top four address bits name a window, else 0 */
    uint32_t offset_mask;        /* bits of an address that are the offset in its window */
    const cg_window_t *windows;  /* the engine's; stable while the guest lives, contents change */
    cg_slot_t *slots;            /* [slot_mask + 1] */
    _Atomic(const uint32_t *) granted; /* the policy's bits, or `nothing` once the guest is being stopped */
    const uint32_t *nothing;     /* as many zero words */
    uint16_t slot_mask;
    uint16_t free_first, free_last, free_count; /* FIFO through u.next */
    uint8_t handle_bits;         /* 31, or 15 where words have 16 bits */
    uint32_t first_generation;   /* of every slot; differs between guests that one storage held */
    const cg_policy_t *policy;
    const cg_set_t *set;
    const struct cg_guest_config *config;
    void *vm;                    /* the adapter's state */
    const cg_vm_t *kind;
    uint64_t deadline_ms;
    int32_t host_result;         /* what a host function returned that is no error of its call; 0 none */
    atomic_bool stopping;
    uint8_t ended_by;            /* -cg_err_t that ended the activation, for messages; 0 none */
    uint16_t ended_call;         /* index of the call it was in */
    uint16_t event;              /* of the activation under way, or the last one: index of its event and one; 0: the entry ran */
    cg_counters_t counters;
    /* From here on the fields outlive the guest: posters may look at them at any time. */
    atomic_flag lock;            /* guards what posters touch; taken for a few copies, never while guest or host code runs */
    cg_ev_queue_t *queue;           /* NULL: nothing may be posted */
};

/* What an integrator gives to make a guest. The record and everything it points to must outlive the guest. */
typedef struct cg_guest_config {
    const cg_vm_t *vm;     /* generated: &cg_vm_wamr, &cg_vm_rbpf ... */
    const uint8_t *image;  /* the program */
    uint32_t image_size;   /* bytes */
    cg_host_t *host;       /* handed to host functions; may be NULL */
    uint64_t (*now_ms)(void); /* monotonic clock, ms; NULL: policies that limit time are refused, and event.wait does not wait */
    /* Told when the host function of a call (index in the set) broke its contract, for its author: the guest only learns CG_ERR_HOST. `result` is what it
     * returned where that was no error of the call, else 0: it gave a count, a value or an object outside its type. May be NULL. Runs inside the call. */
    void (*host_fault)(const cg_guest_t *guest, uint32_t call, int result);
    /* Told after an event was queued, by whoever posted it: any thread or interrupt. Must not block or post. To wake the thread that owns the guest. May be NULL. */
    void (*wake)(cg_guest_t *guest, void *context);
    void *wake_context;
    /* For event.wait: return once cg_guest_pending(guest), somebody asked the guest to stop, or now_ms() reached `deadline_ms`; earlier does no harm. Runs inside the call.
     * NULL: event.wait does not wait. */
    void (*wait)(cg_guest_t *guest, uint64_t deadline_ms);
    /* Told when event.wait has begun a new activation, for integrators who keep time themselves. Runs inside the call; may be NULL. */
    void (*renewed)(cg_guest_t *guest);
    char *message;         /* for one line that says why a program was refused; may be NULL */
    uint32_t message_size; /* bytes */
} cg_guest_config_t;

/* Bytes of storage that cg_guest_init needs for this program and policy; 0 if the image is not one of this VM. Multiple of 8. */
uint32_t cg_guest_storage(const cg_guest_config_t *config, const cg_policy_t *policy);

/* Say one line into config->message: the parts, up to a NULL. For adapters. Cut to fit, control characters shown as '?'. */
void cg_say(const cg_guest_config_t *config, const char *part, ...);

/* Load and check a program. `storage`: `size` bytes, aligned to 8, the guest's until cg_guest_end.
 * 0, or a cg_load_t: the guest is then not made, nothing needs to be ended, and config->message says why, naming the import or call at fault.
 * *guest must be zeroed before its first use; it may be used again after cg_guest_end, and handles of the former guest stay dead, until half of all generations are used: then they begin again. Never runs guest code that could call the host. */
int cg_guest_init(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *storage, uint32_t size);

/* Run the program's entry as one activation; *result is what it returned. 0, or a cg_stop_t saying why it was stopped; the reason for people is in config->message.
 * May be called again while the guest lives: handles stay, budgets are new. */
int cg_guest_run(cg_guest_t *guest, int32_t *result);

/* Deliver the oldest queued event: its handler runs as one activation, with its own budget. 0: it returned, or nobody handles that event (it is dropped and counted);
 * CG_STOP_EMPTY: nothing was queued; else why it was stopped. Owner thread only; CG_STOP_BUSY inside the guest's own host functions. */
int cg_guest_deliver(cg_guest_t *guest);

/* Which event the activation under way, or the last one, was for: its index in the set; -1: the entry. Owner thread. */
int32_t cg_guest_event(const cg_guest_t *guest);

/* Is an event queued? Any thread. */
bool cg_guest_pending(cg_guest_t *guest);

/* Does the program have a handler for some event that its policy lets it receive? */
bool cg_guest_reacts(const cg_guest_t *guest);

/* Owner thread, or any that keeps the owner from entering meanwhile. */
cg_state_t cg_guest_state(const cg_guest_t *guest);
void cg_guest_status(cg_guest_t *guest, cg_guest_status_t *status);

/* End the guest, whatever it was doing: nothing can be posted any more, queued events are gone, every owned object is released exactly once, every handle dies.
 * Safe to call twice. Owner thread only. Inside a host function of this guest it only begins: the guest runs no further instruction, and the cg_guest_run or
 * cg_guest_deliver under way ends it before it returns CG_STOP_ASKED. */
void cg_guest_end(cg_guest_t *guest);

/* Ask the guest to stop as soon as it can. Any thread, any time while the guest lives; not from interrupts that may race cg_guest_end. */
void cg_guest_stop(cg_guest_t *guest);

#endif
