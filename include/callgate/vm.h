/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/vm.h - the seam between the gate and an adapter: what a VM's folder gives.
 * Grows only at the end; `version` says how far a table goes. */
#ifndef CALLGATE_VM_H
#define CALLGATE_VM_H

#include "callgate/set.h"

#include <stdbool.h>
#include <stdint.h>

#define CG_VM_OPS_VERSION 1

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
    CG_STOP_ENTRY = -5   /* no entry function of the right type */
} cg_stop_t;

/* What an adapter fills in. All functions are called by the owner thread only. */
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
} cg_vm_ops_t;

/* Generated per VM: the adapter, the set, and the glue that only this adapter understands. */
struct cg_vm {
    const cg_vm_ops_t *ops;
    const cg_set_t *set;
    const void *glue;
    const cg_catalog_t *catalog; /* names for messages; NULL where they are left out */
};
typedef struct cg_vm cg_vm_t;

#endif
