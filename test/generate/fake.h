/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/fake.h - a host library that knows nothing of callgate, for the `bind:` of all.yaml. Its record has other padding than ours. */
#ifndef TEST_GENERATE_FAKE_H
#define TEST_GENERATE_FAKE_H

#include <stddef.h>
#include <stdint.h>

typedef struct fake_plain {
    uint16_t z[4];
    int64_t unused;
    int32_t y, x;
} fake_plain_t;

struct fake_owned {
    int alive;
};

/* 2 * x. */
uint32_t fake_twice(uint32_t x);
/* x, whatever it means. */
int fake_status(int32_t x);
/* *to is *from with x and y exchanged. */
void fake_swap(const fake_plain_t *from, fake_plain_t *to);
/* The sum of the bytes and of the letters up to the NUL. */
int fake_sum(const uint8_t *bytes, const char *text);

#endif
