/* SPDX-License-Identifier: BSD-2-Clause */
/* scenario.h - what the test and its guest agree on. */
#ifndef WASM2C_SCENARIO_H
#define WASM2C_SCENARIO_H

typedef enum scenario {
    PLAY_NOTHING,
    PLAY_BEYOND,   /* reads beyond its memory */
    PLAY_LAST,     /* writes the last byte of its memory, then one beyond */
    PLAY_DIVIDE,   /* by zero */
    PLAY_OVERFLOW, /* the least number by -1 */
    PLAY_CONVERT,  /* a float that no integer is */
    PLAY_UNREACHABLE,
    PLAY_INDIRECT, /* a function as one of another type */
    PLAY_NOWHERE,  /* a function that is none */
    PLAY_DEEP,     /* calls itself for ever */
    PLAY_GROW,     /* takes all memory there is; returns its pages */
    PLAY_COUNT_UP, /* returns how often it was played */
    PLAY_COUNT     /* how many there are */
} scenario_t;

#endif
