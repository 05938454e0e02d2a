/* SPDX-License-Identifier: BSD-2-Clause */
/* row.h - one row of the contract: a guest's scenario under a policy, and the transcript that every VM must give.
 * The tables are rows_*.c; run.c plays a row on one VM; main.c compares. */
#ifndef CONTRACT_ROW_H
#define CONTRACT_ROW_H

#include "callgate/guest.h"
#include "host.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The programs that CMakeLists.txt compiles for each VM. */
typedef enum program {
    PROGRAM_GUEST,   /* guest.c: plays any scenario */
    PROGRAM_SECRET,  /* imports a call that no policy grants */
    PROGRAM_UNKNOWN, /* imports a call that no host has */
    PROGRAM_OTHER,   /* was built for another version of the API */
    PROGRAM_TYPE,    /* imports a call with another type */
    PROGRAM_COUNT
} program_t;

/* Why a row is not played where the guest is part of the host program: such a guest is trusted, and there is nothing to be told apart. */
typedef enum apart {
    APART_NONE,    /* it is played */
    APART_BEYOND,  /* an address beyond the guest's memory: nobody knows where that ends */
    APART_CONSTANT,/* a constant is written */
    APART_LOAD,    /* an import or a size that is refused at load: the linker has bound them, and the memory is the host program's */
    APART_GROW,    /* memory that grows */
    APART_COUNT
} apart_t;

/* A zeroed field means what the comment says. */
typedef struct row {
    const char *name;      /* a sentence */
    int scenario;          /* SC_... */
    uint32_t args[ASK_ARGS_MAX];
    const char *expected;  /* the transcript */
    const char *on_rbpf;   /* NULL: the same; else what rBPF gives, and `why` says why; "" where the row makes no sense there */
    const char *on_wamr;   /* likewise, and on wasm3 where it has none of its own */
    const char *on_wasm3;  /* likewise */
    const char *on_embedvm; /* likewise; its guest lacks some scenes, and rows that play those are passed over */
    const char *on_native; /* likewise; but what is not played there for a reason of its own has `apart` */
    const char *why;

    apart_t apart;         /* not on native */

    program_t program;
    uint32_t runs;         /* activations; 0: one */
    int first;             /* SC_... that another guest plays before, and it stays; 0: there is none */
    int former;            /* SC_... that a guest before, in the same record, played; 0: there was none */
    int after;             /* SC_... that the other guest plays afterwards; 0: it does not */
    bool is_stopped;       /* another thread stops the guest once it has made a call */
    bool is_counted;       /* refused calls and violations stand at the end */
    bool is_quiet;         /* calls are not written down */

    cg_violation_t violation; /* as in the policy; but rows begin with CG_VIOLATION_ERROR unless has_violation */
    bool has_violation;
    uint16_t kill_after;
    uint32_t steps, calls, bytes, memory_bytes, time_ms; /* 0: plenty; time_ms 0: none */
    uint16_t things;       /* of the type thing at once; 0: 16 */
    uint8_t rights;        /* of things and dials; 0: all */
    bool is_unguarded;     /* the policy has no guards: none is allowed */
    bool is_without_take;  /* contract.take is not granted */
} row_t;

typedef struct table {
    const char *name;
    const row_t *rows;
    size_t count;
} table_t;

extern const table_t table_values, table_memory, table_handles, table_limits;

/* The program of one VM, in each kind. bytes is NULL where there is none. */
typedef struct image {
    const uint8_t *bytes;
    uint32_t size;
} image_t;

typedef struct column {
    const char *name; /* "rbpf-v3" */
    const cg_vm_t *vm;
    bool is_rbpf, is_embedvm;
    bool is_native;   /* guests are part of this program; images are tables */
    bool is_linked;   /* programs are part of this one, be they native or not */
    bool is_stepless; /* takes only policies with unlimited steps */
    image_t images[PROGRAM_COUNT];
    uint32_t traced_calls; /* that its rows made so far; see traced.c */
} column_t;

/* Calls that went through traced glue so far. */
extern uint32_t traced_calls;

/* Play a row on one VM and write its transcript. False if the machine is at fault. */
bool row_play(const row_t *row, const column_t *column, transcript_t *transcript);

#endif
