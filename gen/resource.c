/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/resource.c - find embedded files, and read real ones. */
#include "gen/resource.h"

#include "yaml/arena.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const resource_t *resource_find(const char *name)
{
    for (const resource_t *r = resources; r->name != NULL; r++) {
        if (strcmp(r->name, name) == 0) {
            return r;
        }
    }
    return NULL;
}

static char *read_all(FILE *file, size_t max, size_t *size)
{
    char *bytes = NULL;
    size_t room = 0;
    size_t used = 0;
    for (;;) {
        if (room - used < 4096) {
            room = room == 0 ? 16384 : room * 2;
            bytes = arena_grow(bytes, room, 1);
        }
        const size_t n = fread(bytes + used, 1, room - used - 1, file);
        used += n;
        if (used > max) {
            errno = EFBIG;
            break;
        }
        if (n == 0) {
            if (ferror(file)) {
                break;
            }
            bytes[used] = '\0';
            *size = used;
            return bytes;
        }
    }
    free(bytes);
    return NULL;
}

char *resource_read(const char *path, size_t max, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *bytes = read_all(file, max, size);
    const int saved = errno;
    (void)fclose(file);
    errno = saved;
    return bytes;
}
