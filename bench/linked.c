/* SPDX-License-Identifier: BSD-2-Clause */
/* linked.c - guests that are part of the program, found by the names of their cases; a case that a program is not linked with is not there. BENCH_PROGRAM is their type,
 * which the header BENCH_HEADER has; they are called BENCH_PREFIX with the case behind it. */
#include "host.h"

#include BENCH_HEADER

#include <stdio.h>
#include <string.h>

#define NAME__(prefix, name) prefix##name
#define NAME_(prefix, name) NAME__(prefix, name)
#define NAME(name) NAME_(BENCH_PREFIX, name)

#define CASES(X) X(empty) X(u32) X(fill) X(read) X(say) X(ticked) X(changed)

#define DECLARE(name) extern const BENCH_PROGRAM NAME(name) __attribute__((weak));
CASES(DECLARE)

static const struct {
    const char *name;
    const BENCH_PROGRAM *program;
} programs[] = {
#define ROW(name) {#name, &NAME(name)},
    CASES(ROW)
};

const uint8_t *bench_read(const char *path, uint32_t *size)
{
    for (size_t i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        if (programs[i].program != NULL && strcmp(path, programs[i].name) == 0) {
            *size = sizeof *programs[i].program;
            return (const uint8_t *)programs[i].program;
        }
    }
    fprintf(stderr, "bench: no guest %s is linked\n", path);
    return NULL;
}
