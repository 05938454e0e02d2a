/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/host.h - what host functions see: values, spans, objects; never a guest address, a raw handle or an unchecked number. */
#ifndef CALLGATE_HOST_H
#define CALLGATE_HOST_H

#include "callgate/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct cg_host cg_host_t; /* the integrator's own state; defined by the host room */
typedef struct cg_guest cg_call_t; /* the call under way; used only through the functions below */

/* Bytes from the guest. May lie in the guest's memory: valid until the host function returns, must be read at most once where a decision
 * depends on it. `bytes` is never NULL. */
typedef struct cg_bytes {
    const uint8_t *bytes;
    uint32_t size;
} cg_bytes_t;

/* Text from the guest, a copy: `size` bytes of valid UTF-8 without NUL, then a NUL. Valid until the host function returns. */
typedef struct cg_text {
    const char *text;
    uint32_t size;
} cg_text_t;

/* A buffer to fill, for bytes. The host function writes at most `capacity` bytes and sets `count`. May lie in the guest's memory; valid
 * until the host function returns. Inout: the first `count` bytes are what the guest gave.
 * If the result does not fit, return CG_ERR_SPACE before doing anything else. */
typedef struct cg_buffer {
    uint8_t *bytes;
    uint32_t capacity;
    uint32_t count;
} cg_buffer_t;

/* A text to write; as cg_buffer_t, and what is written must be UTF-8 without NUL. No terminator is needed or counted. */
typedef struct cg_text_buffer {
    char *text;
    uint32_t capacity;
    uint32_t count;
} cg_text_buffer_t;

/* The integrator's state, as given in cg_guest_config_t. May be NULL if none was given. */
cg_host_t *cg_call_host(const cg_call_t *call);

/* Name of the calling guest, from its policy. Lives as long as the guest. */
const char *cg_call_guest(const cg_call_t *call);

/* When the activation must be over, in ms of the integrator's monotonic clock, or UINT64_MAX for never. Host functions that wait must
 * return by then. */
uint64_t cg_call_deadline_ms(const cg_call_t *call);

/* True once somebody asked the guest to stop; a waiting host function should then return CG_ERR_STOPPED. Any thread may ask. */
bool cg_call_stopping(const cg_call_t *call);

/* What became of an event that was posted. */
typedef enum cg_post {
    CG_POST_QUEUED = 0,
    CG_POST_MERGED = 1,  /* `queue: coalesce`: it replaced the one of the same source that was queued */
    CG_POST_LOST = -1,   /* the queue was full; the guest is told how many were lost */
    CG_POST_CLOSED = -2, /* the guest has ended, has no queue, or its policy does not let it receive this event */
    CG_POST_BAD = -3     /* a value outside its type: a fault of the poster */
} cg_post_t;

/* Where events for the calling guest are posted: cg_post_<api>_<event>(guest, object, ...), in the generated host_<api>.h. A host function that makes a source of
 * events keeps this in the object that it gives to the guest. Posting may be done by any thread or interrupt, from then on until the object's release function
 * returns, which must therefore see to it that nobody posts for the object any more. Events of an object whose handle is closed are taken out of the queue. */
struct cg_guest *cg_call_events(cg_call_t *call);

/* For the host function of `event.wait`: take the oldest event, waiting for it up to `timeout_ms`. 0: *head and the first head->size bytes of `data` are set, as the
 * guest sees them, the rest of `data` is zero, and a new activation has begun. 1: none came; if it waited, a new one has, too. CG_ERR_STOPPED, CG_ERR_DENIED (the guest has no queue). */
typedef struct cg_ev_head {
    uint32_t handle;
    uint16_t api, id;
    uint32_t lost, size;
} cg_ev_head_t;
int cg_event_wait(cg_call_t *call, uint32_t timeout_ms, cg_ev_head_t *head, uint8_t *data);

/* For the host function of `event.lost`: how many events were lost before the one that is being handled. */
uint32_t cg_event_lost(const cg_call_t *call);

/* Would half of this guest's queue, rounded down, still be free after one event more? For events that strangers cause: posted only then, they cannot crowd out others.
 * Any thread. */
bool cg_event_spares_half(struct cg_guest *guest);

/* What the calling guest may do with the call of this number: -1 there is no such call, 0 its policy does not grant it, 1 it does. */
int cg_call_access(const cg_call_t *call, uint32_t number);

/* Copy a NUL-ended host text into a buffer; CG_ERR_SPACE, with nothing written, if it does not fit. */
int cg_text_set(cg_text_buffer_t *to, const char *text);

/* Copy `size` host bytes into a buffer; CG_ERR_SPACE, with nothing written, if they do not fit. */
int cg_buffer_set(cg_buffer_t *to, const void *bytes, size_t size);

/* The host object `object` of the type numbered `type` vanishes: its handles of this guest die at once; an owned object is released after the call under way.
 * Only the thread that owns the guest may call this. */
void cg_handle_revoke(cg_call_t *guest, const void *object, uint16_t type);

#endif
