/* SPDX-License-Identifier: BSD-2-Clause */
/* asm.c - the assembler from outside: its passes in order, its files, its errors.
 * The language is read by asm_read.c; nothing here knows it. */
#include "asm_inside.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { MESSAGE_MAX = 200 };

static const uint64_t WORK_MAX = 200000000; /* steps, of some nanoseconds each: 20,000 names take as many */

bool asm_error(assembler_t *as, const place_t *at, const char *format, ...)
{
    char message[MESSAGE_MAX];
    va_list args;
    if (as->stage == STAGE_PLACE || as->errors >= EVM_ASM_ERRORS_MAX) {
        return false;
    }
    as->errors++;
    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    as->ops->report(as->ops->ctx, ASM_GET(&as->sources, source_t, at->file)->path, at->line, (uint32_t)(at->at - at->line_start) + 1u, message);
    return false;
}

/* Nothing further is said but this. */
static void give_up(assembler_t *as, const char *why)
{
    if (as->errors < EVM_ASM_ERRORS_MAX) {
        as->ops->report(as->ops->ctx, as->sources.count != 0 ? ASM_GET(&as->sources, source_t, 0)->path : "", 0, 0, why);
    }
    as->errors = EVM_ASM_ERRORS_MAX;
}

static void no_memory(assembler_t *as)
{
    give_up(as, "out of memory");
}

bool asm_works(assembler_t *as, uint32_t steps)
{
    as->work += steps;
    if (as->work <= WORK_MAX) {
        return true;
    }
    give_up(as, "the text takes too long: it has too many names, or its constants and sizes depend too much on each other");
    return false;
}

void *asm_add(assembler_t *as, list_t *list, size_t each)
{
    if (list->count == list->room) {
        const uint32_t room = list->room == 0 ? 16u : 2u * list->room;
        void *const things = room > UINT32_MAX / 4u ? NULL : realloc(list->things, room * each);
        if (things == NULL) {
            no_memory(as);
            return NULL;
        }
        list->things = things;
        list->room = room;
    }
    return memset((char *)list->things + each * list->count++, 0, each);
}

/* A NUL-ended copy of two texts, one behind the other. */
static char *join(assembler_t *as, const char *a, size_t a_size, const char *b, size_t b_size)
{
    char *const text = malloc(a_size + b_size + 1);
    if (text == NULL) {
        no_memory(as);
        return NULL;
    }
    memcpy(text, a, a_size);
    memcpy(text + a_size, b, b_size);
    text[a_size + b_size] = 0;
    return text;
}

/* Read one more file; takes path over. */
static void add_source(assembler_t *as, char *path, const char *text, size_t size)
{
    char *const copy = path == NULL ? NULL : join(as, text, size, "", 0);
    source_t *const source = copy == NULL ? NULL : ASM_ADD(as, &as->sources, source_t);
    if (source == NULL) {
        free(path);
        free(copy);
        return;
    }
    source->path = path;
    source->text = copy;
    const uint32_t file = as->sources.count - 1u;
    const place_t start = {copy, copy, 1, file, 0};
    if (strlen(copy) != size) {
        (void)asm_error(as, &start, "the text holds a NUL");
        return;
    }
    asm_read(as, file);
}

static bool read_before(assembler_t *as, const char *path)
{
    for (uint32_t i = 0; i < as->sources.count; i++) {
        if (strcmp(ASM_GET(&as->sources, source_t, i)->path, path) == 0) {
            return true;
        }
    }
    return false;
}

/* The path of a file called `name` in the file `from`. */
static char *path_of(assembler_t *as, const char *from, name_t name)
{
    const char *const slash = strrchr(from, '/');
    const size_t folder = slash == NULL || *name.at == '/' ? 0 : (size_t)(slash - from) + 1u;
    return join(as, from, folder, name.at, name.length);
}

/* The path of a file called `name` in the folder `folder`. */
static char *path_below(assembler_t *as, const char *folder, name_t name)
{
    char *const base = join(as, folder, strlen(folder), "/", 1);
    char *const path = base == NULL ? NULL : join(as, base, strlen(base), name.at, name.length);
    free(base);
    return path;
}

/* One place where an included file may be: takes the path. False: it is not there, or there is no memory. */
static bool include_from(assembler_t *as, char *path)
{
    size_t size = 0;
    if (path == NULL || read_before(as, path)) {
        const bool is_there = path != NULL;
        free(path);
        return is_there;
    }
    char *const text = as->ops->read == NULL ? NULL : as->ops->read(as->ops->ctx, path, &size);
    if (text == NULL) {
        free(path);
        return false;
    }
    as->files_open++;
    add_source(as, path, text, size);
    as->files_open--;
    free(text);
    return true;
}

bool asm_include(assembler_t *as, const place_t *at, name_t name)
{
    if (as->files_open >= EVM_ASM_DEPTH_MAX) {
        return asm_error(as, at, "files include each other too deep");
    }
    bool is_there = include_from(as, path_of(as, ASM_GET(&as->sources, source_t, at->file)->path, name));
    for (uint32_t i = 0; !is_there && *name.at != '/' && i < as->ops->folder_count; i++) {
        is_there = include_from(as, path_below(as, as->ops->folders[i], name));
    }
    return is_there || asm_error(as, at, "cannot read the file '%.*s'", (int)name.length, name.at);
}

static void close_all(assembler_t *as)
{
    list_t *const lists[] = {&as->sources, &as->items, &as->symbols, &as->variables, &as->hosts, &as->exports, &as->digests};
    for (uint32_t i = 0; i < as->sources.count; i++) {
        free(ASM_GET(&as->sources, source_t, i)->path);
        free(ASM_GET(&as->sources, source_t, i)->text);
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        free(lists[i]->things);
    }
    free(as->code);
}

int evm_assemble(const char *path, const char *text, size_t size, const evm_asm_ops_t *ops, uint8_t **image, size_t *image_size)
{
    assembler_t as = {.ops = ops};
    int result = -1;
    *image = NULL;
    *image_size = 0;
    add_source(&as, join(&as, path, strlen(path), "", 0), text, size);
    if (as.errors == 0) {
        asm_place(&as);
    }
    if (as.errors == 0) {
        as.code = calloc(ASM_CODE_MAX, 1); /* room for all that asm_emit can write, however large the program would get */
        if (as.code == NULL) {
            no_memory(&as);
        } else {
            asm_emit(&as);
            result = asm_image(&as, image, image_size);
        }
    }
    close_all(&as);
    return result;
}
