/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - plays all vectors of one VM on a host with files: vectors VM [GUEST] [-k TEXT | --spoil]. Prints how many, and each complaint.
 * With -k only those whose name holds the text. With --spoil the player's own test: each vector with something wrong in its table, and it must complain. Exit codes: 0 all as said, 1 something was not, 2 wrong use, 3 the guest could not be read. */
#include "player.h"
#include "script.h"
#include "spoil.h"

#include "pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const cg_vm_t cg_vm_rbpf;
extern const vector_table_t vectors_rbpf;
#ifdef HAS_EMBEDVM
extern const cg_vm_t cg_vm_embedvm;
extern const vector_table_t vectors_embedvm;
#endif
#ifdef HAS_WAMR
extern const cg_vm_t cg_vm_wamr;
extern const vector_table_t vectors_wasm;
#endif
#ifdef HAS_WASM3
extern const cg_vm_t cg_vm_wasm3;
#endif
#ifdef HAS_LUA
extern const cg_vm_t cg_vm_lua;
extern const script_table_t scripts_lua;
#endif
#ifdef HAS_QUICKJS
extern const cg_vm_t cg_vm_quickjs;
extern const script_table_t scripts_quickjs;
#endif
#ifdef HAS_JANET
extern const cg_vm_t cg_vm_janet;
extern const script_table_t scripts_janet;
#endif
#ifdef HAS_NATIVE
#include "native_vm.h"
extern const cg_native_program_t vectors_native_guest;
extern const vector_table_t vectors_native;
#endif
#ifdef HAS_WASM2C
#include "wasm2c_vm.h"
extern const cg_wasm2c_program_t vectors_wasm2c_guest;
#endif

typedef struct column {
    const char *name;
    const vector_table_t *table;
    const cg_vm_t *vm;
    const void *linked; /* the program, where it is part of this one */
    uint32_t linked_size;
    bool is_stepless;
    const script_table_t *scripts; /* instead of a table: programs that are text */
} column_t;

static const column_t columns[] = {
    {"rbpf", &vectors_rbpf, &cg_vm_rbpf, NULL, 0, false, NULL},
#ifdef HAS_EMBEDVM
    {"embedvm", &vectors_embedvm, &cg_vm_embedvm, NULL, 0, false, NULL},
#endif
#ifdef HAS_WAMR
    {"wamr", &vectors_wasm, &cg_vm_wamr, NULL, 0, false, NULL},
#endif
#ifdef HAS_WASM3
    {"wasm3", &vectors_wasm, &cg_vm_wasm3, NULL, 0, true, NULL},
#endif
#ifdef HAS_WASM2C
    {"wasm2c", &vectors_wasm, &cg_vm_wasm2c, &vectors_wasm2c_guest, sizeof vectors_wasm2c_guest, true, NULL},
#endif
#ifdef HAS_LUA
    {"lua", NULL, &cg_vm_lua, NULL, 0, false, &scripts_lua},
#endif
#ifdef HAS_QUICKJS
    {"quickjs", NULL, &cg_vm_quickjs, NULL, 0, false, &scripts_quickjs},
#endif
#ifdef HAS_JANET
    {"janet", NULL, &cg_vm_janet, NULL, 0, false, &scripts_janet},
#endif
#ifdef HAS_NATIVE
    {"native", &vectors_native, &cg_vm_native, &vectors_native_guest, sizeof vectors_native_guest, true, NULL},
#endif
};

enum { IMAGE_MAX = 1 << 18, STORAGE = 1 << 20 };

static void print(const char *text)
{
    (void)fputs(text, stderr);
}

static const column_t *column_of(const char *name)
{
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        if (strcmp(columns[i].name, name) == 0) {
            return &columns[i];
        }
    }
    return NULL;
}

/* The bytes of a program; an ELF object becomes an image. NULL if it cannot be read. */
static uint8_t *image_read(const char *path, size_t *size)
{
    char message[256] = "it cannot be read";
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(IMAGE_MAX);
    if (file != NULL && bytes != NULL) {
        *size = fread(bytes, 1, IMAGE_MAX, file);
        uint8_t *object = bytes;
        if (rbpf_is_elf(object, *size)) {
            if (rbpf_elf_to_image(object, *size, &bytes, size, message, sizeof message) != 0) {
                bytes = NULL;
            }
            free(object);
        }
    } else {
        free(bytes);
        bytes = NULL;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    if (bytes == NULL) {
        fprintf(stderr, "%s: %s\n", path, message);
    }
    return bytes;
}

static uint32_t count_of(const column_t *column)
{
    return column->scripts != NULL ? column->scripts->count : column->table->count;
}

static const char *name_of(const column_t *column, uint32_t i)
{
    return column->scripts != NULL ? column->scripts->scripts[i].name : column->table->vectors[i].name;
}

static bool play_one(const column_t *column, const vector_program_t *program, uint32_t i)
{
    return column->scripts != NULL ? script_play(column->scripts, &column->scripts->scripts[i], program, print)
                                   : vector_play(column->table, &column->table->vectors[i], program, print);
}

static int play_all(const column_t *column, const vector_program_t *program, const char *only)
{
    uint32_t played = 0;
    uint32_t failed = 0;
    for (uint32_t i = 0; i < count_of(column); i++) {
        if (only == NULL || strstr(name_of(column, i), only) != NULL) {
            played += 1;
            failed += !play_one(column, program, i);
        }
    }
    printf("%s: %u vectors, %u not as said\n", column->name, (unsigned)played, (unsigned)failed);
    return failed != 0 || played == 0;
}

static int spoil_all(const column_t *column, const vector_program_t *program)
{
    uint32_t spoilt = 0;
    uint32_t unseen = 0;
    for (uint32_t i = 0; i < count_of(column); i++) {
        for (uint32_t how = 0; how < SPOIL_COUNT; how++) {
            spoilt += 1;
            const bool is_seen = column->scripts != NULL ? spoil_script_is_seen(column->scripts, &column->scripts->scripts[i], program, (spoil_t)how)
                                                         : spoil_is_seen(column->table, &column->table->vectors[i], program, (spoil_t)how);
            if (!is_seen) {
                unseen += 1;
                fprintf(stderr, "nobody saw what is wrong (%u) in: %s\n", (unsigned)how, name_of(column, i));
            }
        }
    }
    printf("%s: %u spoiled vectors, %u not seen\n", column->name, (unsigned)spoilt, (unsigned)unseen);
    return unseen != 0 || spoilt == 0;
}

int main(int argc, char **argv)
{
    const column_t *column = argc > 1 ? column_of(argv[1]) : NULL;
    const bool has_file = column != NULL && column->linked == NULL && column->scripts == NULL;
    if (column == NULL || (argc == 2 && has_file)) {
        fprintf(stderr, "usage: %s VM [GUEST] [-k TEXT | --spoil]\n", argv[0]);
        return 2;
    }
    const char *only = argc > 3 && strcmp(argv[argc - 2], "-k") == 0 ? argv[argc - 1] : NULL;
    size_t size = column->linked_size;
    uint8_t *bytes = has_file ? image_read(argv[2], &size) : NULL;
    void *storage = malloc(STORAGE);
    if (storage == NULL || (has_file && bytes == NULL)) {
        free(storage);
        return 3;
    }
    const vector_program_t program = {column->vm, column->linked != NULL ? column->linked : bytes, (uint32_t)size, storage, STORAGE, column->is_stepless};
    const int result = strcmp(argv[argc - 1], "--spoil") == 0 ? spoil_all(column, &program) : play_all(column, &program, only);
    free(storage);
    free(bytes);
    return result;
}
