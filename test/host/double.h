/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/double.h - stands in for the gate: the call under way, as far as host functions see it. */
#ifndef CALLGATE_TEST_HOST_DOUBLE_H
#define CALLGATE_TEST_HOST_DOUBLE_H

#include "host.h"

#include <stdatomic.h>

struct cg_guest {
    cg_host_t *host;
    const char *name;
    uint64_t deadline_ms;
    atomic_bool is_stopping;
};

/* Lines that the host handed to its sink, one behind the other, NUL at the end. */
typedef struct lines {
    char text[4096];
    size_t size;
    unsigned count;
} lines_t;

/* A host_linux_sink_t; the context is a lines_t. */
void lines_take(void *context, const char *line, size_t size);

/* A host_linux_clock_t; the context is a uint64_t. */
uint64_t clock_told(void *context);

/* ---- events: what was posted, in order, whoever posted it ---- */

typedef struct post {
    const char *event;  /* "timer.fired" */
    const void *guest, *source;
    int64_t values[4];  /* its scalars, or those of its record */
    uint64_t at_ms;
} post_t;

enum { POSTS_MAX = 4096 };

/* How many so far; the n-th. Posts beyond POSTS_MAX are counted only. */
uint32_t posts_count(void);
post_t posts_at(uint32_t n);
void posts_forget(void);
/* What posting gives from now on. */
void posts_answer(cg_post_t answer);
/* Wait until so many were posted, at most 5 s. */
bool posts_wait(uint32_t count);
/* For the functions cg_post_* of the double. */
cg_post_t post_note(const char *event, const void *guest, const void *source, int64_t a, int64_t b, int64_t c, int64_t d);

/* Files below a fresh folder that folder_remove removes. */
typedef struct folder {
    char path[64];
} folder_t;

void folder_make(folder_t *folder);
void folder_remove(const folder_t *folder);
/* Path of `name` in the folder; valid until the next call but four. */
const char *folder_path(const folder_t *folder, const char *name);
void folder_write(const folder_t *folder, const char *name, const void *bytes, size_t size);

#endif
