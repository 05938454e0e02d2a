/* SPDX-License-Identifier: BSD-2-Clause */
/* host.h - the host of the contract tests: it writes down everything that arrives, so that two VMs can be compared by their transcripts.
 * Implemented by host.c and host_things.c (the functions) and transcript.c (the text); driven by run.c. Knows no VM. */
#ifndef CONTRACT_HOST_H
#define CONTRACT_HOST_H

#include "callgate/guest.h"
#include "host/host_contract.h"

#include "scenario.h"

#include <stdarg.h>
#include <stdatomic.h>

enum { TRANSCRIPT_MAX = 4096, THINGS_MAX = 160, LENT_MAX = 3 };

/* What happened in one row, tokens with a blank between. */
typedef struct transcript {
    char text[TRANSCRIPT_MAX];
    size_t size;
} transcript_t;

/* Add one token, formatted. */
__attribute__((format(printf, 2, 3))) void say(transcript_t *to, const char *format, ...);

/* Add the bytes as a token: letters, digits and punctuation as they are, others as \xx; with the call's name before. */
void say_bytes(transcript_t *to, const char *name, const uint8_t *bytes, uint32_t size);

struct host_contract_thing {
    uint8_t kind;
    bool is_out; /* a guest owns it */
};

struct cg_host {
    transcript_t transcript;
    cg_guest_t *guest;       /* the one that is running */
    uint32_t scenario;       /* of the one that is running */
    uint32_t round;
    uint32_t args[ASK_ARGS_MAX];
    uint32_t note;
    atomic_bool is_called;   /* by the guest, at least once in this activation */
    bool is_quiet;           /* calls are not written down: a guest that loops makes many */
    struct host_contract_thing things[THINGS_MAX]; /* what was opened, never used twice */
    uint32_t thing_count;
    struct host_contract_thing lent[LENT_MAX];
    cg_contract_dial_t dial;
};

/* Where a host function writes: the transcript, or where the row is quiet one that nobody reads. Notes that the guest has made a call. */
transcript_t *host_script(const cg_call_t *call);

/* One past the last writable byte of the guest's data, as a guest address. */
uint32_t host_edge(const cg_guest_t *guest);

/* Milliseconds of a clock that only goes forward. */
uint64_t host_now_ms(void);

#endif
