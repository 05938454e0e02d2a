/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/trace.h - `--trace`: each call of a guest, and each event, as one line, decoded, as strace does for programs.
 * Reads guest memory and handles without effect. Never changes what a call does or gives. */
#ifndef CLI_TRACE_H
#define CLI_TRACE_H

#include "callgate/guest.h"
#include "callgate/host.h"
#include "yaml/arena.h"

#include <stddef.h>

/* Describe a live host object of the type named "api.type": writes at most `size` bytes to `to` and gives `to`, or NULL. */
typedef const char *trace_describe_fn(cg_host_t *host, const char *type, const void *object, char *to, size_t size);

/* Where lines go (a file descriptor that stays open) and who describes objects (NULL: nobody). Before any guest runs. */
void trace_init(int fd, trace_describe_fn *describe);

/* The same VM, whose guests' events are traced too. It must have a catalog. Lives in the arena. */
const cg_vm_t *trace_vm(arena_t *arena, const cg_vm_t *vm);

#endif
