/* SPDX-License-Identifier: BSD-2-Clause */
/* rig.h - a guest for the tests of the engine: code in hexadecimal digits to the result of a run.
 * Memory is on the heap, exactly as large as it should be, so that the address sanitizer sees every byte too many. */
#ifndef TEST_EMBEDVM_RIG_H
#define TEST_EMBEDVM_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine.h"

enum { RIG_STEPS = 1000, RIG_CODE_MAX = 1024 };

/* What a test may set before rig_open, and read after a run. Zero is a good start: rig_t rig = {0}. */
typedef struct rig {
    uint32_t size;  /* of memory; 0: 256 */
    bool refuse;    /* the host refuses all calls */
    bool stop;      /* the host stops the guest in a call */
    uint32_t calls; /* made so far */
    unsigned last_function, last_argc;
    uint16_t last_argv[EVM_ARGS_MAX];
    evm_t evm;
    uint8_t *memory;
} rig_t;

/* Bytes from hexadecimal digits, blanks left out; how many. */
uint32_t rig_bytes(const char *digits, uint8_t *bytes);

/* Make a guest with this code at address 0. A host call f with n arguments gives 100 * f + n. */
void rig_open(rig_t *rig, const char *digits);
void rig_close(rig_t *rig);

/* Run address 0 with these arguments; *value is 0 if it does not finish. */
evm_result_t rig_run(rig_t *rig, const uint16_t *args, unsigned argc, uint16_t *value);

/* One row of a table: code, run as a function of the arguments 1000 and 2000, and what comes out. */
typedef struct rig_row {
    const char *name;
    const char *code;
    evm_result_t result;
    uint32_t value; /* the result of the function, or fault_ip */
} rig_row_t;

void rig_rows(const rig_row_t *rows, size_t count);

#endif
