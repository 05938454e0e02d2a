/* SPDX-License-Identifier: BSD-2-Clause */
/* process.c - the engine and its table of natives, which there is one of in a process: started with the first guest, ended with the last.
 * The engine sorts and keeps the symbol arrays it is given, so they are made here from the const table of the glue. Never looks at a guest. */
#include "inside.h"

#include <pthread.h>
#include <stdlib.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Guarded by `lock`. */
static struct {
    const cg_wamr_native_t *natives; /* registered now */
    NativeSymbol *symbols;           /* [count], by call index; each API's stretch is sorted by the engine */
    uint32_t count;
    uint32_t guests;
} process;

void wamr_lock(void)
{
    (void)pthread_mutex_lock(&lock);
}

void wamr_unlock(void)
{
    (void)pthread_mutex_unlock(&lock);
}

/* How many natives from `first` belong to the same module. */
static uint32_t stretch(const cg_wamr_native_t *natives, uint32_t first, uint32_t count)
{
    uint32_t size = 1;
    while (first + size < count && strcmp(natives[first].module, natives[first + size].module) == 0) {
        size += 1;
    }
    return size;
}

static void unregister(uint32_t end)
{
    for (uint32_t first = 0; first < end; first += stretch(process.natives, first, process.count)) {
        (void)wasm_runtime_unregister_natives(process.natives[first].module, &process.symbols[first]);
    }
    free(process.symbols);
    process.symbols = NULL;
}

/* No signature is given to the engine: it would look for pointers in it at every call, and link.c has compared the types. */
static NativeSymbol symbol_of(const cg_wamr_native_t *native)
{
    return (NativeSymbol){.symbol = native->name, .func_ptr = (void *)(uintptr_t)native->fn, .attachment = (void *)(uintptr_t)native};
}

static bool register_all(const cg_wamr_native_t *natives, uint32_t count)
{
    process.natives = natives;
    process.count = count;
    process.symbols = calloc(count == 0 ? 1 : count, sizeof *process.symbols);
    if (process.symbols == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        process.symbols[i] = symbol_of(&natives[i]);
    }
    for (uint32_t first = 0; first < count;) {
        const uint32_t size = stretch(natives, first, count);
        if (!wasm_runtime_register_natives_raw(natives[first].module, &process.symbols[first], size)) {
            unregister(first);
            return false;
        }
        first += size;
    }
    return true;
}

static int refuse_start(const cg_guest_config_t *config)
{
    cg_say(config, "the WebAssembly engine could not be started: out of memory", (const char *)NULL);
    return CG_LOAD_MEMORY;
}

/* The engine's own warnings would go to standard output; what matters of them is in our messages. */
static int start(const cg_guest_config_t *config)
{
    const cg_wamr_glue_t *glue = config->vm->glue;
    RuntimeInitArgs args = {.mem_alloc_type = Alloc_With_System_Allocator};
    if (!wasm_runtime_full_init(&args)) {
        return refuse_start(config);
    }
    wasm_runtime_set_log_level(WASM_LOG_LEVEL_FATAL);
    if (!register_all(glue->natives, config->vm->set->call_count)) {
        wasm_runtime_destroy();
        return refuse_start(config);
    }
    return CG_LOAD_OK;
}

int wamr_process_enter(const cg_guest_config_t *config)
{
    const cg_wamr_glue_t *glue = config->vm->glue;
    if (process.guests == 0) {
        const int result = start(config);
        if (result != CG_LOAD_OK) {
            return result;
        }
    } else if (process.natives != glue->natives) {
        cg_say(config, "guests with another table of calls live in this process, and WAMR has one a process: generate one set for both, "
                       "or end those guests first", (const char *)NULL);
        return CG_LOAD_POLICY;
    }
    process.guests += 1;
    return CG_LOAD_OK;
}

void wamr_process_leave(void)
{
    process.guests -= 1;
    if (process.guests == 0) {
        unregister(process.count);
        wasm_runtime_destroy();
    }
}

bool wamr_thread_enter(void)
{
    return !wasm_runtime_thread_env_inited() && wasm_runtime_init_thread_env();
}

void wamr_thread_leave(bool entered)
{
    if (entered) {
        wasm_runtime_destroy_thread_env();
    }
}
