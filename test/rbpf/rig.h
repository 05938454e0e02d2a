/* SPDX-License-Identifier: BSD-2-Clause */
/* rig.h - a guest for the tests of the engine: one call takes instructions and gives the result of the run.
 * Memory is on the heap, exactly as large as it should be, so that the address sanitizer sees every byte too many. */
#ifndef TEST_RBPF_RIG_H
#define TEST_RBPF_RIG_H

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "asm.h"
#include "engine.h"

enum { RIG_BRANCHES = 1000, RIG_BYTES_MAX = 4096 };

/* What a test may set before rig_open, and read after rig_run. Zero is a good start: rig_t rig = {0}. */
typedef struct rig {
    asm_parts_t parts;
    uint32_t stack_size;  /* 0: one frame */
    uint32_t calls;       /* host calls made */
    uint32_t last_number; /* of the last host call */
    uint64_t last_args[5];
    uint32_t refuse; /* this call number is refused */
    uint32_t stop_at; /* the host stops the guest within this many calls; 0: never */
    sem_t *called;    /* posted at each call, if not NULL */
    rbpf_image_t image;
    rbpf_vm_t vm;
    uint8_t *bytes, *data, *stack;
    uint32_t fault_at; /* of the verifier */
    uint64_t r0;
} rig_t;

/* Build, open and verify the image and make the vm ready; the first result that is not RBPF_OK. Call numbers below 100 are known. */
rbpf_result_t rig_open(rig_t *rig);

/* Run function `index`; r1 is the context's address. */
rbpf_result_t rig_run(rig_t *rig, uint32_t index, uint32_t branches);

/* Free what rig_open took. Safe after a failed one. */
void rig_close(rig_t *rig);

/* All of it for a plain program: RIG_BRANCHES branches, one frame of stack. *r0 is 0 if it does not finish. */
rbpf_result_t rig_program(const uint64_t *text, uint32_t slot_count, uint64_t *r0);

#endif
