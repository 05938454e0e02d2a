/* SPDX-License-Identifier: BSD-2-Clause */
/* guest.h - what all scenes of the guest use. The guest is one translation unit, for eBPF has no linker: guest.c includes everything.
 * The same source is compiled for every VM; only this file knows which one. */
#ifndef CONTRACT_GUEST_H
#define CONTRACT_GUEST_H

#include <callgate/contract.h>

#include "../scenario.h"

/* Slots have the types of their values, or 64 bits each and what does not fit is spilled. */
#if defined __wasm__ || defined CALLGATE_NATIVE_GUEST
#define HAS_TYPED_SLOTS 1
typedef uint32_t slot_t;
#else
#define HAS_TYPED_SLOTS 0
typedef uint64_t slot_t;
#endif

#define SCENE static __attribute__((noinline)) void

enum { AREA_SIZE = 128 };

/* The guest's only variable, so that on rBPF the edge of the data is its end. */
static uint8_t area[AREA_SIZE];

static inline void report(int64_t value)
{
    (void)contract_report(value);
}

/* Let the test remember a handle. */
static inline void note(uint32_t handle)
{
    report((int64_t)(NOTE_MARK | handle));
}

/* An argument of the row: as an unsigned slot, and as a signed one. */
#ifdef CALLGATE_NATIVE_GUEST
static uint32_t args[ASK_ARGS_MAX];

static inline uint32_t arg(uint32_t index)
{
    return args[index];
}
#else
static inline uint32_t arg(uint32_t index)
{
    return contract_ask((uint8_t)(ASK_FIRST + index));
}
#endif

/* The addresses of native guests are forgotten at each call, so the arguments are asked for before any address is made; and their variables are as the guest
 * before left them. Not where calls are counted. */
static inline void args_ask(uint32_t scenario)
{
#ifdef CALLGATE_NATIVE_GUEST
    for (uint32_t i = 0; i < ASK_ARGS_MAX && scenario != SC_many_calls; i++) {
        args[i] = contract_ask((uint8_t)(ASK_FIRST + i));
    }
    for (uint32_t i = 0; i < AREA_SIZE && scenario != SC_many_calls; i++) {
        area[i] = 0;
    }
#else
    (void)scenario;
#endif
}

static inline slot_t arg_unsigned(uint32_t index)
{
    return (slot_t)arg(index);
}

static inline slot_t arg_signed(uint32_t index)
{
    return (slot_t)(int64_t)(int32_t)arg(index);
}

/* A guest address as a pointer. */
static inline uint8_t *pointer(uint32_t address)
{
    return (uint8_t *)(uintptr_t)address;
}

/* One past the last byte of the guest's memory, as an address and as a pointer. A native guest has no such place: its area ends there, and more of it follows. */
#ifdef CALLGATE_NATIVE_GUEST
static inline uint32_t edge(void)
{
    return callgate_at(area + AREA_SIZE);
}

static inline uint8_t *edge_pointer(void)
{
    return area + AREA_SIZE;
}
#else
static inline uint32_t edge(void)
{
    return contract_ask(ASK_EDGE);
}

static inline uint8_t *edge_pointer(void)
{
    return pointer(edge());
}
#endif

/* An address where nothing is: the edge, or for native guests where NULL is. */
static inline uint32_t outside(void)
{
#ifdef CALLGATE_NATIVE_GUEST
    return callgate_at(NULL);
#else
    return edge();
#endif
}

/* The address that argument 0 counts, from where argument `from` says. */
static inline uint32_t arg_address(uint32_t from)
{
    const uint32_t base = arg(from);
    const uint32_t start = base == FROM_EDGE ? edge() : base == FROM_AREA ? (uint32_t)callgate_at(area) : 0;
    return start + arg(0);
}

/* Fill the area, so that a byte that should not have been written shows. */
static inline void area_fill(uint8_t value)
{
    for (uint32_t i = 0; i < AREA_SIZE; i++) {
        *(volatile uint8_t *)&area[i] = value;
    }
}

/* The letters a, b, c ... */
static inline void area_letters(void)
{
    for (uint32_t i = 0; i < AREA_SIZE; i++) {
        *(volatile uint8_t *)&area[i] = (uint8_t)('a' + i % 26);
    }
}

/* How many of the bytes from..to of the area are not `value`. */
static inline uint32_t area_differs(uint32_t from, uint32_t to, uint8_t value)
{
    uint32_t count = 0;
    for (uint32_t i = from; i < to; i++) {
        count += *(volatile uint8_t *)&area[i] != value;
    }
    return count;
}

/* Bytes of the area as one number, the first one highest. */
static inline int64_t area_number(uint32_t from, uint32_t size)
{
    uint64_t number = 0;
    for (uint32_t i = from; i < from + size; i++) {
        number = number << 8 | *(volatile uint8_t *)&area[i];
    }
    return (int64_t)number;
}

#endif
