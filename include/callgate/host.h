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

/* Copy a NUL-ended host text into a buffer; CG_ERR_SPACE, with nothing written, if it does not fit. */
int cg_text_set(cg_text_buffer_t *to, const char *text);

/* Copy `size` host bytes into a buffer; CG_ERR_SPACE, with nothing written, if they do not fit. */
int cg_buffer_set(cg_buffer_t *to, const void *bytes, size_t size);

/* The host object `object` of the type numbered `type` vanishes: its handles of this guest die at once; an owned object is released after the call under way.
 * Only the thread that owns the guest may call this. */
void cg_handle_revoke(cg_call_t *guest, const void *object, uint16_t type);

#endif
