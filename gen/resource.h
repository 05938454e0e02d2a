/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/resource.h - the files embedded in the command: templates, facts of the VMs, the gate's own API. The table is written by the build. */
#ifndef GEN_RESOURCE_H
#define GEN_RESOURCE_H

#include <stddef.h>

typedef struct resource {
    const char *name; /* "template/host.h.mustache", "vm/<vm>/vm.yaml", "api/gate.yaml", "include/error.h", "skeleton/<kind>/adapter.c.in" */
    const unsigned char *bytes;
    size_t size;
} resource_t;

/* Ends with a NULL name. */
extern const resource_t resources[];

/* The embedded file of that name, or NULL. */
const resource_t *resource_find(const char *name);

/* A whole file, at most `max` bytes, with a NUL behind; free it with free(). NULL: errno says why; EFBIG if it is larger. */
char *resource_read(const char *path, size_t max, size_t *size);

#endif
