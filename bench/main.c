/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - GUEST ROUNDS: the front of each program of the benchmark. What they do differently is bench_run. */
#include "host.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "use: %s GUEST ROUNDS\n", argv[0]);
        return 2;
    }
    uint32_t size;
    const uint8_t *image = bench_read(argv[1], &size);
    if (image == NULL) {
        return 1;
    }
    bench_rounds = (uint32_t)strtoul(argv[2], NULL, 10);
    return bench_run(argv[1], image, size);
}
