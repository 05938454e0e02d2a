/* SPDX-License-Identifier: BSD-2-Clause */
/* main.c - plays every row on every VM, compares the transcripts with the table and prints what was seen, row x VM.
 * contract FOLDER [ROW]: FOLDER has the guests; with ROW, only rows whose name holds that text, and their transcripts.
 * Exit codes: 0 all as in the table, 1 something was not, 3 a guest could not be read. */
#include "row.h"

#include "pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 8, ROWS_MAX = 512, NAME_WIDTH = 86, ROWS_LEAST = 60, ROWS_LEAST_EMBEDVM = 190,
    TRACED_LEAST = 200 /* calls on each VM */ };

/* A form of this test plays everything on the traced twins of the VMs: a trace must change nothing. */
#ifdef CONTRACT_TRACED
#define VM(name) (&cg_vm_##name##_traced)
static const bool is_traced = true;
#else
#define VM(name) (&cg_vm_##name)
static const bool is_traced = false;
#endif

extern const cg_vm_t cg_vm_embedvm, cg_vm_embedvm_traced;
extern const cg_vm_t cg_vm_rbpf, cg_vm_rbpf_traced;
#ifdef HAS_WAMR
extern const cg_vm_t cg_vm_wamr, cg_vm_wamr_traced;
#endif
#ifdef HAS_WASM3
extern const cg_vm_t cg_vm_wasm3, cg_vm_wasm3_traced;
#endif

#ifdef HAS_NATIVE
#include "native_vm.h"
extern const cg_native_program_t contract_native, contract_native_secret, contract_native_other;
#endif

#ifdef HAS_WASM2C
#include "wasm2c_vm.h"
extern const cg_wasm2c_program_t contract_wasm2c_guest, contract_wasm2c_secret, contract_wasm2c_other, contract_wasm2c_type;
#endif

static const char *const apart_reasons[APART_COUNT] = {
    [APART_BEYOND] = "nobody knows where a native guest's memory ends",
    [APART_CONSTANT] = "constants of a native guest are the host program's, and no longer that if they are written",
    [APART_LOAD] = "a native guest is bound by the linker",
    [APART_GROW] = "memory of a native guest is the host program's",
};

static const char *const programs[PROGRAM_COUNT] = {"guest", "secret", "unknown", "other", "type"};
static const table_t *const tables[] = {&table_values, &table_memory, &table_handles, &table_limits};

static column_t columns[COLUMNS];
static size_t column_count;
static char table[ROWS_MAX][COLUMNS]; /* '+' as in the table, '-' not on this VM, 'X' otherwise */

/* ---- guests ---- */

/* The bytes of a file, malloc'd; NULL if it cannot be read. */
static uint8_t *file_bytes(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);
    if (file == NULL || bytes == NULL) {
        if (file != NULL) {
            (void)fclose(file);
        }
        free(bytes);
        return NULL;
    }
    *size = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return bytes;
}

static bool image_read(image_t *image, const char *path, bool is_object)
{
    char message[512] = "it cannot be read";
    size_t size = 0;
    uint8_t *bytes = file_bytes(path, &size);
    if (bytes != NULL && is_object) {
        uint8_t *object = bytes;
        if (rbpf_elf_to_image(object, size, &bytes, &size, message, sizeof message) != 0) {
            bytes = NULL;
        }
        free(object);
    }
    *image = (image_t){bytes, (uint32_t)size};
    if (bytes == NULL) {
        fprintf(stderr, "%s: %s\n", path, message);
    }
    return bytes != NULL;
}

/* Only WebAssembly has types of imports to be wrong. */
static bool column_read(const char *folder, const char *name, const char *guests, const cg_vm_t *vm, bool is_rbpf)
{
    column_t *column = &columns[column_count++];
    *column = (column_t){.name = name, .vm = vm, .is_rbpf = is_rbpf, .is_stepless = strcmp(name, "wasm3") == 0};
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        char path[1024];
        (void)snprintf(path, sizeof path, "%s/%s-%s%s", folder, programs[i], guests, is_rbpf ? ".o" : ".wasm");
        if (!(i == PROGRAM_TYPE && is_rbpf) && !image_read(&column->images[i], path, is_rbpf)) {
            return false;
        }
    }
    return true;
}

/* Its programs are texts of their own; the guest is all that is there. */
static bool column_read_embedvm(const char *folder)
{
    char path[1024];
    column_t *column = &columns[column_count++];
    *column = (column_t){.name = "embedvm", .vm = VM(embedvm), .is_embedvm = true};
    (void)snprintf(path, sizeof path, "%s/guest-embedvm.evm", folder);
    return image_read(&column->images[PROGRAM_GUEST], path, false);
}

#ifdef HAS_NATIVE
static void native_add(void)
{
    static const cg_native_program_t *const tables_of[PROGRAM_COUNT] = {
        [PROGRAM_GUEST] = &contract_native, [PROGRAM_SECRET] = &contract_native_secret, [PROGRAM_OTHER] = &contract_native_other};
    column_t *column = &columns[column_count++];
    *column = (column_t){.name = "native", .vm = VM(native), .is_native = true, .is_linked = true, .is_stepless = true};
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        column->images[i] = (image_t){(const uint8_t *)tables_of[i], sizeof(cg_native_program_t)};
    }
}
#endif

#ifdef HAS_WASM2C
/* A call that no host has does not link. */
static void wasm2c_add(void)
{
    static const cg_wasm2c_program_t *const tables_of[PROGRAM_COUNT] = {
        [PROGRAM_GUEST] = &contract_wasm2c_guest, [PROGRAM_SECRET] = &contract_wasm2c_secret, [PROGRAM_OTHER] = &contract_wasm2c_other, [PROGRAM_TYPE] = &contract_wasm2c_type};
    column_t *column = &columns[column_count++];
    *column = (column_t){.name = "wasm2c", .vm = VM(wasm2c), .is_linked = true, .is_stepless = true};
    for (size_t i = 0; i < PROGRAM_COUNT; i++) {
        column->images[i] = (image_t){(const uint8_t *)tables_of[i], sizeof(cg_wasm2c_program_t)};
    }
}
#endif

static bool columns_read(const char *folder)
{
    if (!column_read_embedvm(folder)) {
        return false;
    }
#ifdef HAS_WASM2C
    wasm2c_add();
#endif
#ifdef HAS_NATIVE
    native_add();
#endif
#ifdef HAS_WAMR
    if (!column_read(folder, "wamr", "wamr", VM(wamr), false)) {
        return false;
    }
#endif
#ifdef HAS_WASM3
    if (!column_read(folder, "wasm3", "wamr", VM(wasm3), false)) { /* the same programs */
        return false;
    }
#endif
    return column_read(folder, "rbpf", "rbpf", VM(rbpf), true) && column_read(folder, "rbpf-v2", "rbpf-v2", VM(rbpf), true) &&
           column_read(folder, "rbpf-v3", "rbpf-v3", VM(rbpf), true);
}

/* ---- rows ---- */

static const char *expected_of(const row_t *row, const column_t *column)
{
    if (column->is_native && row->apart != APART_NONE) {
        return "";
    }
    if (column->is_linked && row->program == PROGRAM_UNKNOWN) {
        return "";
    }
    const char *typed = column->is_native ? row->on_native : row->on_wamr;
    const char *own = column->is_embedvm ? row->on_embedvm : column->is_rbpf ? row->on_rbpf : column->is_stepless && row->on_wasm3 != NULL ? row->on_wasm3 : typed;
    return own != NULL ? own : row->expected;
}

/* A row says all it must: a name, what is expected, and why where the VMs differ. */
static bool row_is_sound(const row_t *row)
{
    const bool differs = row->on_rbpf != NULL || row->on_wamr != NULL || row->on_wasm3 != NULL || row->on_embedvm != NULL;
    if (row->name == NULL || row->expected == NULL || differs != (row->why != NULL)) {
        fprintf(stderr, "row '%s' has no name, no transcript, or VMs that differ without a reason\n", row->name == NULL ? "" : row->name);
        return false;
    }
    return true;
}

static char judge(const row_t *row, column_t *column, bool is_shown)
{
    static transcript_t transcript;
    const char *expected = expected_of(row, column);
    if (*expected == '\0' || (column->is_embedvm && column->images[row->program].bytes == NULL)) {
        return '-';
    }
    const uint32_t traced_before = traced_calls;
    if (!row_play(row, column, &transcript)) {
        fprintf(stderr, "%s: the row '%s' could not be played\n", column->name, row->name);
        return 'X';
    }
    column->traced_calls += traced_calls - traced_before;
    if (is_shown) {
        printf("%s: %s\n    %s\n", column->name, row->name, transcript.text);
    }
    if (column->is_embedvm && strstr(transcript.text, "=> -2") != NULL) { /* a scene that its guest lacks */
        return '-';
    }
    if (strcmp(expected, transcript.text) != 0) {
        fprintf(stderr, "%s: %s\n  expected: %s\n  is:       %s\n", column->name, row->name, expected, transcript.text);
        return 'X';
    }
    return '+';
}

static void print_head(const char *name)
{
    printf("\n%-*s", NAME_WIDTH, name);
    for (size_t c = 0; c < column_count; c++) {
        printf(" %-8s", columns[c].name);
    }
    printf("\n");
}

static size_t print_row(const row_t *row, const char *cells)
{
    size_t failed = 0;
    printf("  %-*s", NAME_WIDTH - 2, row->name);
    for (size_t c = 0; c < column_count; c++) {
        printf(" %-8s", cells[c] == '+' ? "as said" : cells[c] == '-' ? "-" : "FAILED");
        failed += cells[c] == 'X';
    }
    printf("%s%s", row->why != NULL ? "  differs: " : "", row->why != NULL ? row->why : "");
    printf("%s%s\n", row->apart != APART_NONE ? "  native: " : "", row->apart != APART_NONE ? apart_reasons[row->apart] : "");
    return failed;
}

/* How many VMs have traced calls where none are meant, or fewer than their rows make. */
static size_t wrongly_traced(void)
{
    size_t failed = 0;
    for (size_t c = 0; c < column_count; c++) {
        if (is_traced ? columns[c].traced_calls < TRACED_LEAST : columns[c].traced_calls != 0) {
            printf("%s: %u calls went through the trace\n", columns[c].name, (unsigned)columns[c].traced_calls);
            failed++;
        }
    }
    return failed;
}

/* All rows of all tables; how many results were not as said. */
static size_t play_all(const char *only)
{
    size_t rows = 0;
    size_t failed = 0;
    size_t on_embedvm = 0;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        print_head(tables[t]->name);
        for (size_t r = 0; r < tables[t]->count; r++) {
            const row_t *row = &tables[t]->rows[r];
            if (!row_is_sound(row)) {
                return 1;
            }
            if (only != NULL && strstr(row->name, only) == NULL) {
                continue;
            }
            for (size_t c = 0; c < column_count; c++) {
                table[rows][c] = judge(row, &columns[c], only != NULL);
            }
            for (size_t c = 0; c < column_count; c++) {
                on_embedvm += columns[c].is_embedvm && table[rows][c] == '+';
            }
            failed += print_row(row, table[rows++]);
            (void)fflush(stdout);
        }
    }
    printf("\n%zu rows on %zu VMs and compilers: %zu not as said\n", rows, column_count, failed);
    return failed + (only == NULL ? wrongly_traced() + (rows < ROWS_LEAST || on_embedvm < ROWS_LEAST_EMBEDVM) : 0);
}

int main(int argc, char **argv)
{
    if (argc < 2 || !columns_read(argv[1])) {
        return 3;
    }
    const size_t failed = play_all(argc > 2 ? argv[2] : NULL);
    for (size_t c = 0; c < column_count; c++) {
        for (size_t i = 0; i < PROGRAM_COUNT && !columns[c].is_linked; i++) {
            free((void *)(uintptr_t)columns[c].images[i].bytes);
        }
    }
    return failed == 0 ? 0 : 1;
}
