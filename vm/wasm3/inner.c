/* SPDX-License-Identifier: BSD-2-Clause */
/* inner.c - the engine behind a few functions: the only file of the adapter that knows wasm3's records. Its public functions alone give no limit to memory and tables
 * that a guest can see, and find functions by names, which a module may give twice. Called by adapter.c only; knows nothing of gate or policy. */
#include <source/m3_env.h>

#include "inside.h"

#include <stddef.h>

_Static_assert(offsetof(M3ImportContext, userdata) == 0, "cg_wasm3_link() takes the context's first member");
_Static_assert(sizeof(m3slot_t) == 8, "cells are slots");

enum { TRAP_MARK = 7, SLOTS_MAX = 64, SIGNATURE_MAX = 80 }; /* "[trap] " */

const char *wasm3_engine_open(wasm3_engine_t *engine, const uint8_t *image, uint32_t size, uint32_t pages_max)
{
    *engine = (wasm3_engine_t){.environment = m3_NewEnvironment()};
    engine->runtime = engine->environment != NULL ? m3_NewRuntime(engine->environment, CG_WASM3_STACK_BYTES, NULL) : NULL;
    if (engine->runtime == NULL) {
        return m3Err_mallocFailed;
    }
    memset(engine->runtime->originStack, 0, CG_WASM3_STACK_BYTES);
    const char *why = m3_ParseModule(engine->environment, &engine->module, image, size);
    if (why != NULL) {
        return why;
    }
    why = m3_LoadModule(engine->runtime, engine->module);
    if (why != NULL) {
        return why;
    }
    engine->is_loaded = true;
    M3Memory *memory = &engine->runtime->memory;
    if (memory->mallocated == NULL || memory->numPages > pages_max || (memory->numPages != 0 && memory->pageSize != CG_WASM_PAGE_BYTES)) {
        return m3Err_wasmMemoryOverflow;
    }
    memory->maxPages = memory->maxPages < pages_max ? memory->maxPages : pages_max;
    return NULL;
}

void wasm3_engine_close(wasm3_engine_t *engine)
{
    if (engine->module != NULL && !engine->is_loaded) {
        m3_FreeModule(engine->module);
    }
    m3_FreeRuntime(engine->runtime);
    m3_FreeEnvironment(engine->environment);
    *engine = (wasm3_engine_t){0};
}

/* "(ii)I" in the engine's notation: "I(ii)", with v for no result. Ours are short: more than 64 slots are no signature of a call. */
static bool engine_signature(char to[SIGNATURE_MAX], const char *signature)
{
    const char *bracket = strchr(signature, ')');
    const size_t size = (size_t)(bracket - signature) + 1;
    if (size + 2 > SIGNATURE_MAX) {
        return false;
    }
    to[0] = bracket[1] != '\0' ? bracket[1] : 'v';
    memcpy(to + 1, signature, size);
    to[size + 1] = '\0';
    return true;
}

const char *wasm3_engine_link(wasm3_engine_t *engine, const cg_wasm3_link_t *link)
{
    char signature[SIGNATURE_MAX];
    const cg_wasm3_native_t *native = link->native;
    return engine_signature(signature, native->signature) ? m3_LinkRawFunctionEx(engine->module, native->module, native->name, signature, native->fn, link)
                                                          : m3Err_malformedFunctionSignature;
}

const char *wasm3_engine_compile(wasm3_engine_t *engine)
{
    return m3_CompileModule(engine->module);
}

static bool is_letter(uint8_t type, char letter)
{
    return letter == (type == c_m3Type_i32 ? 'i' : type == c_m3Type_i64 ? 'I' : type == c_m3Type_f32 ? 'f' : type == c_m3Type_f64 ? 'F' : '?');
}

wasm3_function_t wasm3_engine_function(const wasm3_engine_t *engine, uint32_t index, const char *signature)
{
    M3Function *function = Module_GetFunction(engine->module, index);
    const char *at = signature + 1;
    if (function == NULL || function->wasm == NULL || function->compiled == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < m3_GetArgCount(function); i++) {
        if (*at == ')' || !is_letter((uint8_t)m3_GetArgType(function, i), *at++)) {
            return NULL;
        }
    }
    if (*at++ != ')' || m3_GetRetCount(function) != strlen(at) || (*at != '\0' && !is_letter((uint8_t)m3_GetRetType(function, 0), *at))) {
        return NULL;
    }
    return function;
}

const char *wasm3_engine_call(wasm3_function_t function, const char *signature, const uint64_t *slots, uint32_t *result)
{
    uint32_t narrow[SLOTS_MAX];
    const void *arguments[SLOTS_MAX];
    const uint32_t count = m3_GetArgCount(function);
    *result = 0;
    if (count > SLOTS_MAX) {
        return m3Err_argumentCountMismatch;
    }
    for (uint32_t i = 0; i < count; i++) {
        const bool is_wide = signature[i + 1] == 'I' || signature[i + 1] == 'F';
        narrow[i] = (uint32_t)slots[i];
        arguments[i] = is_wide ? (const void *)&slots[i] : &narrow[i];
    }
    const char *why = m3_Call(function, count, arguments);
    if (why == NULL && m3_GetRetCount(function) == 1) {
        const void *results[1] = {result};
        why = m3_GetResults(function, 1, results);
    }
    return why != NULL && strncmp(why, "[trap] ", TRAP_MARK) == 0 ? why + TRAP_MARK : why;
}

uint32_t wasm3_engine_memory(const wasm3_engine_t *engine)
{
    return m3_GetMemorySize(engine->runtime);
}
