/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/trace_value.h - values of guests as text. For trace.c only. */
#ifndef CLI_TRACE_VALUE_H
#define CLI_TRACE_VALUE_H

#include "callgate/guest.h"
#include "trace.h"

#include <stdio.h>

enum {
    TRACE_STRING_MAX = 80, /* bytes of a string that are shown */
    TRACE_BYTES_MAX = 32,  /* bytes of a buffer that are shown */
    TRACE_LIST_MAX = 16    /* elements of a list that are shown */
};

/* What values are read from and written to. */
typedef struct trace_view {
    FILE *out;
    const cg_guest_t *guest;
    trace_describe_fn *describe; /* NULL: nobody */
} trace_view_t;

/* A scalar, enum or flags value; bits above its width are ignored. */
void trace_scalar(const trace_view_t *view, const cg_item_info_t *item, uint64_t bits);

/* A handle as #n, counted from 1, and what it stands for. */
void trace_handle(const trace_view_t *view, uint32_t handle);

/* `count` elements (bytes of strings and bytes) of a buffer at a guest address. */
void trace_buffer(const trace_view_t *view, const cg_item_info_t *item, uint32_t at, uint32_t count);

/* A record, or a scalar that lies in guest memory. */
void trace_memory(const trace_view_t *view, const cg_item_info_t *item, uint32_t at);

/* The same, of a host copy of guest memory. */
void trace_bytes(const trace_view_t *view, const cg_item_info_t *item, const uint8_t *bytes);

/* Read a value, of 1, 2, 4 or 8 bytes in the guest's order,; false if it cannot be read. */
bool trace_load(const trace_view_t *view, uint32_t at, uint32_t size, uint64_t *bits);

#endif
