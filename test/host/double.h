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
