/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/load.h - what every adapter does alike when it loads or stops a guest: compare digests, collect refused imports, word the reasons.
 * For adapters only; implemented by vm/load.c, which is linked with them and not with the gate. Never touches an engine. */
#ifndef CALLGATE_LOAD_H
#define CALLGATE_LOAD_H

#include "callgate/guest.h"

/* Imports that one program must not have, the first CG_REFUSED_NAMED of them by name. Zero it before use. Points to the names: they must live until the refusal is said. */
enum { CG_REFUSED_NAMED = 8 };
typedef struct cg_refused {
    uint32_t count; /* different ones; one more than CG_REFUSED_NAMED stands for all that follow */
    struct {
        const char *api, *call; /* NULL where only the number is known */
        uint32_t number;
    } named[CG_REFUSED_NAMED];
} cg_refused_t;

/* May a program contain the call with this index? Granted and optional calls may. */
bool cg_is_linked(const cg_policy_t *policy, uint32_t index);

/* Remember a refused import by its names, once. */
void cg_refused_add(cg_refused_t *refused, const char *api, const char *call);

/* The same by number: named by the catalog; said in hexadecimal where there is none or it does not know the number. */
void cg_refused_add_number(cg_refused_t *refused, const cg_vm_t *vm, uint32_t number);

/* Say that these are not granted and what to write into the policy; that there are no such calls. Both return CG_LOAD_IMPORT. */
int cg_refuse_denied(const cg_guest_config_t *config, const cg_refused_t *refused);
int cg_refuse_unknown(const cg_guest_config_t *config, const cg_refused_t *refused);

/* Calls that a program names by number, one by one as an adapter finds them: judged against a policy, or told to a tool. */
typedef struct cg_calls {
    const cg_guest_config_t *config;
    const cg_policy_t *policy; /* NULL: grants are not asked for */
    cg_inspect_fn *found;      /* NULL: nobody is told */
    void *context;
    cg_refused_t unknown, denied;
} cg_calls_t;

void cg_calls_add(cg_calls_t *calls, uint32_t number);

/* CG_LOAD_OK, or CG_LOAD_IMPORT with a message. */
int cg_calls_end(const cg_calls_t *calls);

/* The program has a handler for this event: remember it where the policy does not let it receive the event. */
void cg_handler_found(cg_refused_t *refused, const cg_guest_config_t *config, const cg_policy_t *policy, uint32_t event);

/* Say so, and what to write into the policy. Returns CG_LOAD_IMPORT. */
int cg_refuse_handlers(const cg_guest_config_t *config, const cg_refused_t *refused);

/* Compare the digests that a program carries: `count` entries of 8 bytes, little-endian {u32 api << 16 | calls, u32 digest}, or {api << 16 | 0x8000 | events, digest}, at any alignment.
 * CG_LOAD_OK, or CG_LOAD_DIGEST with a message. Without a catalog nothing can be compared; an API that the catalog does not know is passed over:
 * its imports are refused by name. */
int cg_check_digests(const cg_guest_config_t *config, const uint8_t *entries, uint32_t count);

/* Was the program built with the events of this API? `entries` as above. */
bool cg_has_event_digest(const uint8_t *entries, uint32_t count, uint16_t api);

/* Say that a program needs `needed` bytes of memory and the policy gives fewer; `advice` is what else helps, or "". Returns CG_LOAD_MEMORY. */
int cg_refuse_memory(const cg_guest_config_t *config, const cg_policy_t *policy, uint32_t needed, const char *advice);

/* Say which call the gate ended the activation in, and why. */
void cg_say_ended(const cg_guest_t *guest);

/* Numbers for messages: decimal and hexadecimal with 0x. They return `to`. */
enum { CG_DIGITS_SIZE = 12 };
const char *cg_decimal(char to[CG_DIGITS_SIZE], uint32_t value);
const char *cg_hexadecimal(char to[CG_DIGITS_SIZE], uint32_t value);

#endif
