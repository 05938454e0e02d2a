/* SPDX-License-Identifier: BSD-2-Clause */
/* calls.h - the host functions as plain C functions, for SWIG. */
#ifndef BENCH_SWIG_CALLS_H
#define BENCH_SWIG_CALLS_H

#ifndef SWIG
#include <stddef.h>
#include <stdint.h>
#endif

typedef struct phydat {
    int16_t val[3];
    uint8_t unit;
    int8_t scale;
} phydat;

struct device;
struct thing;

uint32_t swig_u32(void);
uint32_t swig_rounds(void);
struct device *swig_find(uint8_t kind, uint8_t nth);
int swig_read(struct device *dev, phydat *data);
struct thing *swig_open(void);
int swig_say(struct thing *it, const char *text, size_t size);

#endif
