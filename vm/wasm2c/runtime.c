/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/wasm2c/runtime.c - what C made by wasm2c calls: memory, tables, types of functions, traps.
 * Memory and tables come from the heap, within the policy's pages. No signals, no state shared by guests but the numbers of types. */
#include "runtime.h"

#include <setjmp.h>
#include <stdarg.h>

enum { PAGE_BYTES = 65536, PAGES_MAX = 65535 /* a size has 32 bits */, KINDS_MAX = 64, TABLE_MAX = 65536 };

/* One entry into a guest, on the stack of who entered. */
typedef struct activation {
    jmp_buf out;
    wasm_rt_trap_t trap;
    struct activation *outer;
} activation_t;

/* A type of functions that some module uses. Never freed: modules are part of the program. */
typedef struct type {
    struct type *next;
    uint32_t number, params, count;
    uint8_t kinds[KINDS_MAX];
} type_t;

CG_WASM2C_THREAD uint32_t wasm_rt_call_stack_depth;
static CG_WASM2C_THREAD activation_t *inside;
static CG_WASM2C_THREAD uint32_t pages_allowed;
static CG_WASM2C_THREAD wasm_rt_memory_t *memory_made;
static type_t *types; /* the adapter sees to it that one thread at a time is here */

/* ---- entering and leaving ---- */

/* What changes between setjmp and longjmp is in the activation and behind pointers. */
wasm_rt_trap_t wasm2c_enter(wasm2c_work_fn *work, void *context)
{
    const uint32_t depth = wasm_rt_call_stack_depth;
    activation_t activation;
    activation.trap = WASM_RT_TRAP_NONE;
    activation.outer = inside;
    inside = &activation;
    if (setjmp(activation.out) == 0) {
        work(context);
    }
    activation_t *ended = inside;
    inside = ended->outer;
    wasm_rt_call_stack_depth = depth;
    return ended->trap;
}

void wasm_rt_trap(wasm_rt_trap_t trap)
{
    if (inside == NULL) {
        abort(); /* code of a guest ran outside of its guest */
    }
    inside->trap = trap;
    longjmp(inside->out, 1);
}

const char *wasm2c_trap_text(wasm_rt_trap_t trap)
{
    switch (trap) {
    case WASM_RT_TRAP_NONE: return "none";
    case WASM_RT_TRAP_OOB: return "out of bounds memory or table access";
    case WASM_RT_TRAP_INT_OVERFLOW: return "integer overflow";
    case WASM_RT_TRAP_DIV_BY_ZERO: return "integer divide by zero";
    case WASM_RT_TRAP_INVALID_CONVERSION: return "invalid conversion to integer";
    case WASM_RT_TRAP_UNREACHABLE: return "unreachable";
    case WASM_RT_TRAP_CALL_INDIRECT: return "indirect call of no function, or one of another type";
    case WASM_RT_TRAP_UNCAUGHT_EXCEPTION: return "uncaught exception";
    case WASM_RT_TRAP_EXHAUSTION: return "call stack exhausted";
    case WASM_RT_TRAP_MEMORY: return "out of memory";
    case WASM_RT_TRAP_GATE: return "ended by the gate";
    }
    return "trap";
}

/* ---- types of functions ---- */

static bool type_is(const type_t *type, const type_t *wanted)
{
    return type->params == wanted->params && type->count == wanted->count && memcmp(type->kinds, wanted->kinds, wanted->count) == 0;
}

static uint32_t type_number(const type_t *wanted)
{
    for (const type_t *type = types; type != NULL; type = type->next) {
        if (type_is(type, wanted)) {
            return type->number;
        }
    }
    type_t *made = malloc(sizeof *made);
    if (made == NULL) {
        wasm_rt_trap(WASM_RT_TRAP_MEMORY);
    }
    *made = *wanted;
    made->number = types == NULL ? 1 : types->number + 1;
    made->next = types;
    types = made;
    return made->number;
}

uint32_t wasm_rt_register_func_type(uint32_t params, uint32_t results, ...)
{
    type_t wanted = {.params = params, .count = params + results};
    va_list kinds;
    if (params > KINDS_MAX || results > KINDS_MAX - params) {
        wasm_rt_trap(WASM_RT_TRAP_MEMORY); /* callgate-wasm2c makes no table for such a module */
    }
    va_start(kinds, results);
    for (uint32_t i = 0; i < wanted.count; i++) {
        wanted.kinds[i] = (uint8_t)va_arg(kinds, int);
    }
    va_end(kinds);
    return type_number(&wanted);
}

/* ---- memory and tables ---- */

void wasm2c_instantiating(uint32_t pages_max)
{
    pages_allowed = pages_max < PAGES_MAX ? pages_max : PAGES_MAX;
    memory_made = NULL;
}

wasm_rt_memory_t *wasm2c_made(void)
{
    return memory_made;
}

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, uint32_t initial_pages, uint32_t max_pages)
{
    *memory = (wasm_rt_memory_t){.pages = initial_pages, .max_pages = max_pages < pages_allowed ? max_pages : pages_allowed};
    if (initial_pages > memory->max_pages) {
        wasm_rt_trap(WASM_RT_TRAP_MEMORY);
    }
    memory->size = initial_pages * PAGE_BYTES;
    memory->data = calloc(memory->size != 0 ? memory->size : 1, 1);
    if (memory->data == NULL) {
        wasm_rt_trap(WASM_RT_TRAP_MEMORY);
    }
    memory_made = memory;
}

uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, uint32_t pages)
{
    const uint32_t before = memory->pages;
    if (pages > memory->max_pages - before) {
        return UINT32_MAX;
    }
    const uint32_t size = (before + pages) * PAGE_BYTES;
    uint8_t *data = pages != 0 ? realloc(memory->data, size) : memory->data;
    if (data == NULL) {
        return UINT32_MAX;
    }
    memset(data + memory->size, 0, size - memory->size);
    memory->data = data;
    memory->pages = before + pages;
    memory->size = size;
    if (memory->moved != NULL) {
        memory->moved(memory->context, data, size);
    }
    return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t *memory)
{
    free(memory->data);
    *memory = (wasm_rt_memory_t){0};
}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, uint32_t elements, uint32_t max_elements)
{
    *table = (wasm_rt_funcref_table_t){.max_size = max_elements};
    if (elements > TABLE_MAX) {
        wasm_rt_trap(WASM_RT_TRAP_MEMORY);
    }
    table->data = calloc(elements != 0 ? elements : 1, sizeof *table->data);
    if (table->data == NULL) {
        wasm_rt_trap(WASM_RT_TRAP_MEMORY);
    }
    table->size = elements;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table)
{
    free(table->data);
    *table = (wasm_rt_funcref_table_t){0};
}
