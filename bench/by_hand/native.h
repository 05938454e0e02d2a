/* SPDX-License-Identifier: BSD-2-Clause */
/* native.h - what a guest that is part of the program includes where the host is written by hand: functions that take pointers as they are.
 * For guest/loop.c in place of the generated headers, under the same names. */
#ifndef BENCH_BY_HAND_NATIVE_H
#define BENCH_BY_HAND_NATIVE_H

#include <stddef.h>
#include <stdint.h>

#define SAUL_CLASS_SENSE_TEMP 130u

typedef struct saul_device {
    uint32_t id;
} saul_device_t;

typedef struct bench_thing {
    uint32_t id;
} bench_thing_t;

typedef struct saul_phydat {
    int16_t val[3];
    uint8_t unit;
    int8_t scale;
} saul_phydat_t;

uint32_t callgate_random_u32(void);
int32_t callgate_random_fill(uint8_t *data, uint32_t capacity);
int32_t callgate_saul_find(uint32_t kind, uint32_t nth);
int32_t callgate_saul_read(uint32_t dev, saul_phydat_t *data);
uint32_t callgate_bench_rounds(void);
int32_t callgate_bench_open(void);
int32_t callgate_bench_say(uint32_t it, const char *text, uint32_t size);

/* ---- as guests write calls ---- */

#define callgate_at(pointer) (pointer)
#define random_u32() callgate_random_u32()
#define random_fill(data, capacity, count) ((*(count) = (uint32_t)callgate_random_fill((data), (capacity))) == 0)
#define saul_find(kind, nth, dev) (((dev)->id = (uint32_t)callgate_saul_find((kind), (nth))) == 0)
#define saul_read(dev, data, dims) ((*(dims) = (uint8_t)callgate_saul_read((dev).id, (data))) == 0)
#define bench_rounds() callgate_bench_rounds()
#define bench_open(it) (((it)->id = (uint32_t)callgate_bench_open()) == 0)
#define bench_say(it, text) callgate_bench_say((it).id, (text), sizeof(text) - 1)

#endif
