/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm-rt.h - what C made by wasm2c 1.0.32 expects of its runtime, as far as guests need it: one memory, tables of functions, traps.
 * Included by that C and by runtime.c, in place of wabt's header of this name; the types are laid out as that C uses them. Every access to memory is compared with its
 * size, and the depth of calls is counted: nothing depends on signals, so it is the same on a microcontroller. */
#ifndef WASM_RT_H_
#define WASM_RT_H_

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#error "on big-endian hosts wasm2c keeps memory backwards, which the gate does not know"
#endif

#define UNLIKELY(x) __builtin_expect(!!(x), 0)
#define LIKELY(x) __builtin_expect(!!(x), 1)
#define wasm_rt_memcpy memcpy
#define wasm_rt_unreachable __builtin_unreachable

#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 0
#define WASM_RT_USE_STACK_DEPTH_COUNT 1

/* Functions of guests that may be inside each other on one thread. With a limit on the frame of each (linked.cmake) this bounds the host's stack. */
#ifndef WASM_RT_MAX_CALL_STACK_DEPTH
#define WASM_RT_MAX_CALL_STACK_DEPTH 250
#endif

/* One a thread; where there is one thread: -DCG_WASM2C_THREAD= */
#ifndef CG_WASM2C_THREAD
#define CG_WASM2C_THREAD _Thread_local
#endif
extern CG_WASM2C_THREAD uint32_t wasm_rt_call_stack_depth;

typedef enum {
    WASM_RT_TRAP_NONE,
    WASM_RT_TRAP_OOB,
    WASM_RT_TRAP_INT_OVERFLOW,
    WASM_RT_TRAP_DIV_BY_ZERO,
    WASM_RT_TRAP_INVALID_CONVERSION,
    WASM_RT_TRAP_UNREACHABLE,
    WASM_RT_TRAP_CALL_INDIRECT,
    WASM_RT_TRAP_UNCAUGHT_EXCEPTION,
    WASM_RT_TRAP_EXHAUSTION,
    WASM_RT_TRAP_MEMORY, /* ours: no room on the host */
    WASM_RT_TRAP_GATE    /* ours: the gate ended the activation */
} wasm_rt_trap_t;

typedef enum { WASM_RT_I32, WASM_RT_I64, WASM_RT_F32, WASM_RT_F64, WASM_RT_FUNCREF, WASM_RT_EXTERNREF } wasm_rt_type_t;

typedef void (*wasm_rt_function_ptr_t)(void);

typedef struct {
    uint32_t func_type;
    wasm_rt_function_ptr_t func;
    void *module_instance;
} wasm_rt_funcref_t;
static const wasm_rt_funcref_t wasm_rt_funcref_null_value = {0, NULL, NULL};

typedef void *wasm_rt_externref_t;
static const wasm_rt_externref_t wasm_rt_externref_null_value = NULL;

typedef struct {
    uint8_t *data;
    uint32_t pages, max_pages;
    uint32_t size;
    void (*moved)(void *context, uint8_t *data, uint32_t size); /* ours: told whenever it grew; NULL: nobody is */
    void *context;
} wasm_rt_memory_t;

typedef struct {
    wasm_rt_funcref_t *data;
    uint32_t max_size;
    uint32_t size;
} wasm_rt_funcref_table_t;

/* Tables of host objects are in the text that wasm2c begins with, but nothing makes one. */
typedef struct {
    wasm_rt_externref_t *data;
    uint32_t max_size;
    uint32_t size;
} wasm_rt_externref_table_t;

static inline bool wasm_rt_is_initialized(void)
{
    return true;
}

/* Leave the guest. */
__attribute__((noreturn)) void wasm_rt_trap(wasm_rt_trap_t trap);

/* A number for a type of functions: the same one for the same type. Traps where there is no room. */
uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...);

/* The memory of the module that is being loaded, with no more pages than its policy gives. Traps where there is no room. */
void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t initial_pages, uint32_t max_pages);
uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint32_t pages);
void wasm_rt_free_memory(wasm_rt_memory_t *memory);

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max_elements);
void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table);

#endif
