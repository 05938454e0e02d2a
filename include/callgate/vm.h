/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/vm.h - the seam between the gate and an adapter: what a VM's folder gives.
 * Grows only at the end; `version` says how far a table goes. */
#ifndef CALLGATE_VM_H
#define CALLGATE_VM_H

#include "callgate/set.h"

#include <stdbool.h>
#include <stdint.h>

#define CG_VM_OPS_VERSION 2

struct cg_guest_config;
struct cg_policy;

/* Why a program was refused; 0 is accepted. */
typedef enum cg_load {
    CG_LOAD_OK = 0,
    CG_LOAD_IMAGE = -1,   /* not a valid program of this VM */
    CG_LOAD_IMPORT = -2,  /* asks for a call that is unknown, not granted, or of another type */
    CG_LOAD_DIGEST = -3,  /* made for another version of an API */
    CG_LOAD_MEMORY = -4,  /* needs more memory than the policy or the storage gives */
    CG_LOAD_POLICY = -5,  /* the policy asks for what this VM cannot do, or does not fit the set */
    CG_LOAD_VERSION = -6  /* glue and library are of different ABI versions */
} cg_load_t;

/* Why an activation was stopped; 0 is: it returned. */
typedef enum cg_stop {
    CG_STOP_RETURNED = 0,
    CG_STOP_GATE = -1,   /* a refused call ended it: a violation, or a refused call that returns a plain value */
    CG_STOP_STEPS = -2,  /* the steps of the policy are used up */
    CG_STOP_FAULT = -3,  /* the program did what its VM forbids: bad access, division, unreachable ... */
    CG_STOP_ASKED = -4,  /* cg_guest_stop */
    CG_STOP_ENTRY = -5,  /* no entry function of the right type, or there is no guest */
    CG_STOP_BUSY = -6,   /* the guest is running already: nobody enters it twice */
    CG_STOP_EMPTY = 1    /* cg_guest_deliver: no event was queued, nothing ran */
} cg_stop_t;

/* An event as guests of one convention see it. Generated, one table a class of VMs, by index of the event. */
typedef struct cg_ev_face {
    const char *handler;   /* name of the function that takes it: "on_timer_fired" */
    const char *signature; /* its type, as those of calls: "(ii)"; slot 0 is the handle */
    uint8_t slot_count;
    uint8_t size;          /* bytes of its data in guest memory */
    bool has_block;        /* some slot is an address in the event's block, so the block must lie in guest memory */
    bool is_big_endian;    /* the order of bytes in the block */
    /* Make the slots after the handle's from the host's data, and the data's bytes as the guest sees them. `at`: guest address where those bytes will lie. */
    void (*put)(const void *data, uint32_t at, uint8_t *bytes, uint64_t *slots);
} cg_ev_face_t;

/* One event on its way into a guest. */
typedef struct cg_ev_delivery {
    uint32_t event; /* index in the set */
    uint32_t handle;
    uint32_t lost;  /* how many events of this guest were lost since the one before */
    const void *data;
} cg_ev_delivery_t;

/* What a program asks for. */
typedef enum cg_found {
    CG_FOUND_CALL,    /* index of a call in the set; may be told more than once */
    CG_FOUND_HANDLER, /* index of an event in the set */
    CG_FOUND_ANY,     /* the program does not say: it looks its calls and handlers up while it runs; value 0 */
    CG_FOUND_MEMORY   /* bytes that policy.memory_bytes must give at least; told once */
} cg_found_t;
typedef void cg_inspect_fn(void *context, cg_found_t what, uint32_t value);

/* What an adapter fills in. All but `stop` are called by the owner thread only. */
typedef struct cg_vm_ops {
    uint32_t version;     /* CG_VM_OPS_VERSION */
    const char *name;     /* "wamr" */
    /* Is this file one of ours? Reads at most `size` bytes. */
    bool (*probe)(const uint8_t *image, uint32_t size);
    /* Bytes of storage that the adapter needs for this program, 0 if it is not a valid one. */
    uint32_t (*storage)(const struct cg_guest_config *config, const struct cg_policy *policy);
    /* Check and load; guest->vm, windows, masks are set. cg_load_t. On failure nothing is left behind. */
    int (*load)(cg_guest_t *guest, const struct cg_guest_config *config, const struct cg_policy *policy, void *storage, uint32_t size);
    /* Run the entry. cg_stop_t. */
    int (*run)(cg_guest_t *guest, int32_t *result);
    /* Free what load took from elsewhere. The gate has released all objects before. */
    void (*destroy)(cg_guest_t *guest);
    /* Ask a running guest to stop; any thread. NULL: the gate's own refusal of further calls is all there is. */
    void (*stop)(cg_guest_t *guest);
    /* Bytes of guest memory in use now. */
    uint32_t (*memory)(const cg_guest_t *guest);
    /* Since version 2. Does the program have a handler for the event with this index, of the right type? Settled at load, but for VMs whose programs look handlers up as they run. */
    bool (*handles)(const cg_guest_t *guest, uint32_t event);
    /* Before an event is taken: whatever of the guest's own code has to run first so that deliver need not run any but the handler. cg_stop_t. NULL: nothing. */
    int (*prepare)(cg_guest_t *guest);
    /* Run that handler, and nothing of the guest before it: the event's data and its source must not change under it. cg_stop_t. cg_event_block makes slots and block. */
    int (*deliver)(cg_guest_t *guest, const cg_ev_delivery_t *delivery);
    /* A new activation begins within a run that goes on (event.wait): give the guest its steps anew. NULL: its steps are for the whole run. */
    void (*renew)(cg_guest_t *guest);
    /* For tools: tell what a sound program asks for, without making a guest. 0, or a cg_load_t with a message: no such program, or a call that no host here has. */
    int (*inspect)(const struct cg_guest_config *config, cg_inspect_fn *found, void *context);
} cg_vm_ops_t;

/* Generated per VM: the adapter, the set, and the glue that only this adapter understands. */
struct cg_vm {
    const cg_vm_ops_t *ops;
    const cg_set_t *set;
    const void *glue;
    const cg_catalog_t *catalog; /* names for messages; NULL where they are left out */
    const cg_ev_face_t *events; /* [set->event_count]; NULL if there are none */
    uint8_t handle_bits;        /* 31, or 15 where words have 16 bits; 0 stands for 31 */
    bool is_uncounted;          /* the VM cannot count steps: policies that limit them are refused */
    const char *suffix; /* ".lua": programs are text, and known by the ending of their file; NULL: `probe` knows them */
};
typedef struct cg_vm cg_vm_t;

#endif
