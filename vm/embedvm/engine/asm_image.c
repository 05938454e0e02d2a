/* SPDX-License-Identifier: BSD-2-Clause */
/* asm_image.c - the image around the code: header, functions, needs, digests, as image.c reads them.
 * Runs in STAGE_EMIT, when all symbols have their values. */
#include "asm_inside.h"

#include <stdlib.h>

enum { AT_NEEDS = 14, NEED_SIZE = 4, EXPORT_NAME_MAX = 255 };

/* What is written, and how far; only within `room`, which is 0 while the size is counted. */
typedef struct out {
    uint8_t *bytes;
    size_t room, size;
} out_t;

static void put(out_t *out, uint64_t value, uint32_t width)
{
    for (uint32_t i = 0; i < width; i++) {
        if (out->size < out->room) {
            out->bytes[out->size] = (uint8_t)(value >> 8u * (width - 1u - i));
        }
        out->size++;
    }
}

static void put_bytes(out_t *out, const void *bytes, size_t size)
{
    if (out->size <= out->room && size <= out->room - out->size) {
        memcpy(out->bytes + out->size, bytes, size);
    }
    out->size += size;
}

static bool name_is_good(name_t name)
{
    for (size_t i = 0; i < name.length; i++) {
        if (name.at[i] >= 'A' && name.at[i] <= 'Z') {
            return false;
        }
    }
    return name.length <= EXPORT_NAME_MAX;
}

/* The label an export means; NULL: reported. */
static const symbol_t *exported(assembler_t *as, uint32_t index)
{
    const pair_t *const pair = ASM_GET(&as->exports, pair_t, index);
    const symbol_t *const symbol = asm_find(as, pair->name, 0);
    if (symbol == NULL || !symbol->is_label || symbol->value >= as->code_size) {
        (void)asm_error(as, &pair->start, "'%.*s' is no label of code outside of functions", (int)pair->name.length, pair->name.at);
        return NULL;
    }
    if (!name_is_good(pair->name)) {
        (void)asm_error(as, &pair->start, "an exported name has small letters only, and at most 255 characters");
        return NULL;
    }
    for (uint32_t i = 0; i < index && asm_works(as, 1); i++) {
        if (asm_same(ASM_GET(&as->exports, pair_t, i)->name, pair->name)) {
            (void)asm_error(as, &pair->start, "'%.*s' is exported twice", (int)pair->name.length, pair->name.at);
            return NULL;
        }
    }
    return symbol;
}

static void put_export(assembler_t *as, out_t *out, uint32_t index)
{
    const pair_t *const pair = ASM_GET(&as->exports, pair_t, index);
    const symbol_t *const symbol = exported(as, index);
    int64_t argc = 0;
    if (symbol == NULL) {
        return;
    }
    argc = symbol->argc;
    if (pair->second.at == NULL && !symbol->is_function) {
        (void)asm_error(as, &pair->start, "how many arguments? Only a function knows it by itself");
    } else if (pair->second.at != NULL && asm_value(as, &pair->second, 0, EVM_PARAMETERS_MAX, &argc)) {
        if (symbol->is_function && argc != (int64_t)symbol->argc) {
            (void)asm_error(as, &pair->second, "the function has %u arguments", symbol->argc);
        }
    }
    put(out, (uint64_t)symbol->value, 2);
    put(out, (uint64_t)argc, 1);
    put(out, pair->name.length, 1);
    put_bytes(out, pair->name.at, pair->name.length);
}

/* All calls are checked, only those used are written, each number once. Returns how many. */
static uint32_t put_needs(assembler_t *as, out_t *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < as->hosts.count; i++) {
        host_call_t *const host = ASM_GET(&as->hosts, host_call_t, i);
        int64_t api = 0, call = 0, argc;
        bool is_new = asm_value(as, &host->api, 0, 0xffff, &api) && asm_value(as, &host->call, 0, 0xffff, &call) &&
                      asm_value(as, &host->argc, 0, EVM_ARGS_MAX - 2, &argc) && host->used;
        host->number = (uint32_t)((uint64_t)api << 16 | (uint64_t)call);
        for (uint32_t k = 0; is_new && k < i && asm_works(as, 1); k++) {
            const host_call_t *const old = ASM_GET(&as->hosts, host_call_t, k);
            is_new = !old->used || old->number != host->number;
        }
        if (is_new) {
            put(out, host->number, NEED_SIZE);
            count++;
        }
    }
    return count;
}

/* Each pair once: several included files may stand on the same interface. Returns how many. */
static uint32_t put_digests(assembler_t *as, out_t *out)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < as->digests.count; i++) {
        const pair_t *const pair = ASM_GET(&as->digests, pair_t, i);
        int64_t api, digest, old_api = 0, old_digest = 0;
        bool is_new = asm_value(as, &pair->first, 0, UINT32_MAX, &api) && asm_value(as, &pair->second, 0, UINT32_MAX, &digest);
        for (uint32_t k = 0; is_new && k < i; k++) {
            const pair_t *const old = ASM_GET(&as->digests, pair_t, k);
            is_new = !asm_value(as, &old->first, 0, UINT32_MAX, &old_api) || !asm_value(as, &old->second, 0, UINT32_MAX, &old_digest) ||
                     old_api != api || old_digest != digest;
        }
        if (is_new) {
            put(out, (uint64_t)api, 4);
            put(out, (uint64_t)digest, 4);
            count++;
        }
    }
    return count;
}

static int64_t entry_of(assembler_t *as, const place_t *start)
{
    static const char main_name[] = "cg_main";
    const name_t name = {main_name, sizeof main_name - 1};
    const symbol_t *const symbol = asm_find(as, name, 0);
    int64_t value = symbol != NULL && symbol->is_label ? symbol->value : 0;
    if (as->entry.at != NULL) {
        (void)asm_value(as, &as->entry, 0, (int64_t)as->code_size - 1, &value);
    } else if (value >= as->code_size) {
        (void)asm_error(as, start, "no code stands behind cg_main");
    }
    return value;
}

/* 0 leaves it to the engine; 0xffff stands for all 65536 bytes. */
static int64_t memory_of(assembler_t *as, const place_t *start)
{
    int64_t value = 0;
    if (as->memory.at != NULL) {
        (void)asm_value(as, &as->memory, as->code_size, EVM_MEMORY_MAX, &value);
    } else if (as->code_size + 1u + EVM_STACK_DEFAULT > EVM_MEMORY_MAX) {
        (void)asm_error(as, start, "no room for the stack; the program has %u bytes", as->code_size);
    }
    return value > 0xffff ? 0xffff : value;
}

static void put_image(assembler_t *as, out_t *out, const place_t *start)
{
    put_bytes(out, "EVM1", 4);
    put(out, 1, 2);
    put(out, as->code_size, 2);
    put(out, (uint64_t)memory_of(as, start), 2);
    put(out, (uint64_t)entry_of(as, start), 2);
    put(out, as->exports.count, 2);
    put(out, 0, 4); /* the numbers of needs and digests, set below */
    for (uint32_t i = 0; i < as->exports.count; i++) {
        put_export(as, out, i);
    }
    const uint32_t need_count = put_needs(as, out);
    const uint32_t digest_count = put_digests(as, out);
    out_t counts = {out->bytes, out->room, AT_NEEDS};
    put(&counts, need_count, 2);
    put(&counts, digest_count, 2);
    put_bytes(out, as->code, as->code_size);
}

int asm_image(assembler_t *as, uint8_t **image, size_t *image_size)
{
    const char *const text = ASM_GET(&as->sources, source_t, 0)->text;
    const place_t start = {text, text, 1, 0, 0};
    out_t counted = {0};
    if (as->errors == 0 && as->code_size == 0) {
        (void)asm_error(as, &start, "there is no code");
    }
    if (as->exports.count > 0xffff || as->hosts.count > 0xffff || as->digests.count > 0xffff) {
        (void)asm_error(as, &start, "more than 65535 functions, calls or digests");
    }
    if (as->errors != 0) {
        return -1;
    }
    put_image(as, &counted, &start);
    out_t out = {as->errors != 0 ? NULL : malloc(counted.size), counted.size, 0};
    if (out.bytes == NULL) {
        return as->errors != 0 ? -1 : (asm_error(as, &start, "out of memory"), -1);
    }
    put_image(as, &out, &start);
    if (as->errors != 0) { /* it took too long meanwhile */
        free(out.bytes);
        return -1;
    }
    *image = out.bytes;
    *image_size = out.size;
    return 0;
}
