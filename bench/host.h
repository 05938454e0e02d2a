/* SPDX-License-Identifier: BSD-2-Clause */
/* host.h - what the programs of the benchmark share with the stand-ins for host functions. */
#ifndef BENCH_HOST_H
#define BENCH_HOST_H

#include <stdbool.h>
#include <stdint.h>

extern uint32_t bench_rounds; /* what bench.rounds answers */
extern uint32_t bench_count;  /* measured host functions that were entered */

enum { BENCH_SLOTS = 8, BENCH_STEPS_MAX = 0x7fffffff, BENCH_MEMORY = 4 << 20 /* bytes that a guest may have */ };

/* The object that events are from: of saul.watch, whose event has a record, or of bench.hang. */
const void *bench_source(bool is_record);

/* Run the guest in `image`, read from `path`; each program of the benchmark has its own. The exit code of the program. */
int bench_run(const char *path, const uint8_t *image, uint32_t size);

/* The file `path` (file.c), or the program of this name that is linked along (linked.c); NULL with a message. It stays as long as the program runs; a file has at most
 * 1 MiB. */
const uint8_t *bench_read(const char *path, uint32_t *size);

/* The exit code of the program: 0 if the guest returned 0 and the measured host function was entered once for each round and once before, or never;
 * else 1, with a message. */
int bench_verdict(const char *path, int stopped, int32_t result, const char *message);

#endif
