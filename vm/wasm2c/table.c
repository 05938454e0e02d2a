/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/wasm2c/table.c - the command callgate-wasm2c: from a module to the table of its program, in C.
 *   callgate-wasm2c NAME MODULE.wasm OUT.c
 * NAME is what wasm2c was given with -n. Reads what the module asks for and offers; what it does is wasm2c's business. Refuses what no guest has, so that no name of a
 * module becomes C text unseen. Exit codes: 0 done, 1 the module is at fault, 2 wrong use, 3 a file. */
#include "reader.h"
#include "wasm_module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DONE = 0, AT_FAULT = 1, WRONG_USE = 2, NO_FILE = 3 };
enum { KIND_FUNCTION = 0, NAME_MAX_ = 128, FUNCTIONS_MAX = 16384, DIGEST_SIZE = 8 };

/* The module, and what was read so far. */
typedef struct table {
    const char *name, *file;
    FILE *out;
    wasm_reader_t sections[WASM_SECTION_DATA_COUNT + 1];
    wasm_reader_t digests;
    wasm_reader_t *types;  /* of functions, each from its parameters on */
    uint32_t type_count;
    uint32_t *functions;   /* index of the type, imports first */
    uint32_t function_count, import_count;
    cg_wasm_scan_t scan;
} table_t;

static int at_fault(const table_t *table, const char *why)
{
    fprintf(stderr, "%s: %s\n", table->file, why);
    return AT_FAULT;
}

static int cut_off(const table_t *table)
{
    return at_fault(table, "is not a sound module: a section is cut off, or of a kind that is not supported");
}

/* ---- reading ---- */

/* A name in a module, as a C string; false where it has other letters than names of APIs. */
static bool read_name(wasm_reader_t *from, char name[NAME_MAX_])
{
    wasm_reader_t text;
    if (!wasm_read_block(from, &text)) {
        return false;
    }
    bool is_plain = text.left > 0 && text.left < NAME_MAX_;
    for (uint32_t i = 0; is_plain && i < text.left; i++) {
        is_plain = strchr("abcdefghijklmnopqrstuvwxyz0123456789_", text.at[i]) != NULL && text.at[i] != '\0';
        name[i] = (char)text.at[i];
    }
    name[is_plain ? text.left : 0] = '\0';
    return true;
}

static char letter_of(uint32_t type)
{
    return type == 0x7f ? 'i' : type == 0x7e ? 'I' : type == 0x7d ? 'f' : type == 0x7c ? 'F' : '?';
}

static bool add_letters(wasm_reader_t *from, cg_wasm_type_t *type)
{
    uint32_t count;
    uint32_t kind;
    if (!wasm_read_leb(from, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!wasm_read_byte(from, &kind)) {
            return false;
        }
        cg_wasm_type_add(type, letter_of(kind));
    }
    return true;
}

/* The text of the type with this index; false if there is none. */
static bool type_text(const table_t *table, uint32_t index, cg_wasm_type_t *type)
{
    *type = (cg_wasm_type_t){.text = ""};
    if (index >= table->type_count) {
        return false;
    }
    wasm_reader_t rest = table->types[index];
    cg_wasm_type_add(type, '(');
    const bool has_params = add_letters(&rest, type);
    cg_wasm_type_add(type, ')');
    return has_params && add_letters(&rest, type);
}

static bool read_types(table_t *table)
{
    wasm_reader_t rest = table->sections[WASM_SECTION_TYPE];
    uint32_t form;
    if (rest.at == NULL) {
        return true;
    }
    if (!wasm_read_leb(&rest, &table->type_count) || table->type_count > rest.left) {
        return false;
    }
    table->types = calloc((size_t)table->type_count + 1, sizeof *table->types);
    for (uint32_t i = 0; table->types != NULL && i < table->type_count; i++) {
        cg_wasm_type_t skipped = {.text = ""};
        if (!wasm_read_byte(&rest, &form)) {
            return false;
        }
        table->types[i] = rest;
        if (!add_letters(&rest, &skipped) || !add_letters(&rest, &skipped)) {
            return false;
        }
    }
    return table->types != NULL;
}

static bool add_function(table_t *table, uint32_t type)
{
    if (table->function_count == FUNCTIONS_MAX) {
        return false;
    }
    table->functions[table->function_count++] = type;
    return true;
}

static bool read_functions(table_t *table)
{
    wasm_reader_t rest = table->sections[WASM_SECTION_FUNCTION];
    uint32_t count;
    uint32_t type;
    if (rest.at == NULL) {
        return true;
    }
    bool is_good = wasm_read_leb(&rest, &count);
    for (uint32_t i = 0; is_good && i < count; i++) {
        is_good = wasm_read_leb(&rest, &type) && add_function(table, type);
    }
    return is_good;
}

/* Sections, each at most once, but for custom ones; of these the digests. */
static int read_sections(table_t *table, wasm_reader_t rest)
{
    while (rest.left != 0) {
        wasm_reader_t body;
        wasm_reader_t name;
        uint32_t kind;
        if (!wasm_read_byte(&rest, &kind) || !wasm_read_block(&rest, &body) || kind > WASM_SECTION_DATA_COUNT || (kind != WASM_SECTION_CUSTOM && table->sections[kind].at != NULL)) {
            return cut_off(table);
        }
        if (kind != WASM_SECTION_CUSTOM) {
            table->sections[kind] = body;
        } else if (wasm_read_block(&body, &name) && name.left == 8 && memcmp(name.at, "callgate", 8) == 0) {
            if (table->digests.at != NULL) {
                return at_fault(table, "has two sections `callgate`");
            }
            table->digests = body;
        }
    }
    return DONE;
}

/* ---- writing ---- */

/* What is between parentheses in a type: one C expression a slot. */
static void write_arguments(const table_t *table, const char *type)
{
    for (uint32_t i = 0; type[i + 1] != ')'; i++) {
        switch (type[i + 1]) {
        case 'f': fprintf(table->out, ", callgate_f32(slots[%u])", (unsigned)i); break;
        case 'F': fprintf(table->out, ", callgate_f64(slots[%u])", (unsigned)i); break;
        case 'I': fprintf(table->out, ", slots[%u]", (unsigned)i); break;
        default: fprintf(table->out, ", (u32)slots[%u]", (unsigned)i); break;
        }
    }
}

/* Every import is a function, and its module and name are names of a description. */
static int write_imports(table_t *table)
{
    wasm_reader_t rest = table->sections[WASM_SECTION_IMPORT];
    uint32_t count = 0;
    if (rest.at != NULL && !wasm_read_leb(&rest, &count)) {
        return cut_off(table);
    }
    fprintf(table->out, "static const cg_wasm2c_item_t imports[] = {\n");
    for (uint32_t i = 0; i < count; i++) {
        char module[NAME_MAX_];
        char name[NAME_MAX_];
        cg_wasm_type_t type;
        uint32_t kind;
        uint32_t index;
        if (!read_name(&rest, module) || !read_name(&rest, name) || !wasm_read_byte(&rest, &kind)) {
            return cut_off(table);
        }
        if (module[0] == '\0' || name[0] == '\0' || kind != KIND_FUNCTION) {
            return at_fault(table, "imports what is no call of any API: a guest brings its own memory, tables and globals");
        }
        if (!wasm_read_leb(&rest, &index) || !type_text(table, index, &type) || !add_function(table, index)) {
            return cut_off(table);
        }
        fprintf(table->out, "    {\"%s\", \"%s\", \"%s\"},\n", module, name, type.text);
    }
    table->import_count = count;
    fprintf(table->out, "    {0, 0, 0},\n};\n\n");
    return DONE;
}

/* wasm2c gives each imported module, in the order of their first imports, a parameter. */
static void write_instantiate(const table_t *table)
{
    wasm_reader_t rest = table->sections[WASM_SECTION_IMPORT];
    char (*seen)[NAME_MAX_] = calloc((size_t)table->import_count + 1, NAME_MAX_);
    uint32_t seen_count = 0;
    uint32_t count = 0;
    uint32_t number;
    fprintf(table->out, "static void instantiate(void *instance, void *guest)\n{\n    (void)guest;\n    Z_%s_instantiate(instance", table->name);
    (void)(rest.at != NULL && wasm_read_leb(&rest, &count));
    for (uint32_t i = 0; seen != NULL && i < count; i++) {
        char name[NAME_MAX_];
        bool is_new = true;
        if (!read_name(&rest, seen[seen_count]) || !read_name(&rest, name) || !wasm_read_byte(&rest, &number) || !wasm_read_leb(&rest, &number)) {
            break; /* was read before */
        }
        for (uint32_t k = 0; k < seen_count; k++) {
            is_new = is_new && strcmp(seen[k], seen[seen_count]) != 0;
        }
        fprintf(table->out, "%s", is_new ? ", guest" : "");
        seen_count += is_new;
    }
    fprintf(table->out, ");\n}\n\n");
    free(seen);
}

/* The names that mean something to a host. */
static bool has_meaning(const char *name)
{
    return strcmp(name, CG_WASM_ENTRY) == 0 || strcmp(name, CG_WASM_BLOCK) == 0 || strncmp(name, "on_", 3) == 0 || strcmp(name, "__wasm_call_ctors") == 0 ||
           strcmp(name, "__post_instantiate") == 0;
}

static void write_export(const table_t *table, const char *name, const char *type, bool is_call)
{
    if (!is_call) {
        fprintf(table->out, "    {{0, \"%s\", \"%s\"}, call_%s},\n", name, type, name);
        return;
    }
    const bool has_result = strchr(type, ')')[1] == 'i';
    fprintf(table->out, "static void call_%s(void *instance, const u64 *slots, u32 *result)\n{\n    (void)slots;\n    (void)result;\n    %sZ_%sZ_%s(instance", name,
            has_result ? "*result = " : "", table->name, name);
    write_arguments(table, type);
    fprintf(table->out, ");\n}\n\n");
}

/* Twice: first the functions that call exports, then the table of them. */
static int write_exports(const table_t *table, bool is_call)
{
    wasm_reader_t rest = table->sections[WASM_SECTION_EXPORT];
    uint32_t count = 0;
    if (rest.at != NULL && !wasm_read_leb(&rest, &count)) {
        return cut_off(table);
    }
    for (uint32_t i = 0; i < count; i++) {
        char name[NAME_MAX_];
        cg_wasm_type_t type;
        uint32_t kind;
        uint32_t index;
        if (!read_name(&rest, name) || !wasm_read_byte(&rest, &kind) || !wasm_read_leb(&rest, &index)) {
            return cut_off(table);
        }
        if (kind != KIND_FUNCTION || !has_meaning(name)) {
            continue;
        }
        if (index >= table->function_count || !type_text(table, table->functions[index], &type)) {
            return cut_off(table);
        }
        if (index < table->import_count || strpbrk(type.text, "?.") != NULL) {
            return at_fault(table, "exports an import, or a function of a type that no handler has: entry and handlers are functions of its own");
        }
        write_export(table, name, type.text, is_call);
    }
    return DONE;
}

static void write_digests(const table_t *table)
{
    fprintf(table->out, "static const uint8_t digests[] = {");
    for (uint32_t i = 0; i < table->digests.left; i++) {
        fprintf(table->out, "%s0x%02x,", i % 8 == 0 ? "\n    " : " ", table->digests.at[i]);
    }
    fprintf(table->out, "\n    0,\n};\n\n");
}

static void write_head(const table_t *table)
{
    const char *slash = strrchr(table->file, '/');
    fprintf(table->out, "/* Made by callgate-wasm2c of %s. Do not edit. */\n#include \"%s.h\"\n\n#include \"wasm2c_program.h\"\n\n", slash != NULL ? slash + 1 : table->file, table->name);
    fprintf(table->out, "static inline f32 callgate_f32(u64 slot)\n{\n    f32 value;\n    memcpy(&value, &slot, sizeof value);\n    return value;\n}\n\n"
                        "static inline f64 callgate_f64(u64 slot)\n{\n    f64 value;\n    memcpy(&value, &slot, sizeof value);\n    return value;\n}\n\n");
    fprintf(table->out, "/* Types get their numbers once. */\nstatic void prepare(void)\n{\n    static bool is_ready;\n    if (!is_ready) {\n        Z_%s_init_module();\n        is_ready = true;\n    }\n}\n\n"
                        "static void release(void *instance)\n{\n    Z_%s_free(instance);\n}\n\n", table->name, table->name);
}

static void write_program(const table_t *table)
{
    fprintf(table->out, "extern const cg_wasm2c_program_t %s;\nconst cg_wasm2c_program_t %s = {\n    .magic = CG_WASM2C_MAGIC,\n    .self = &%s,\n", table->name, table->name, table->name);
    fprintf(table->out, "    .instance_size = (sizeof(Z_%s_instance_t) + 7) & ~(size_t)7,\n    .pages = %u,\n    .has_memory = %s,\n", table->name, (unsigned)table->scan.pages,
            table->scan.has_memory ? "true" : "false");
    fprintf(table->out, "    .prepare = prepare,\n    .instantiate = instantiate,\n    .release = release,\n    .imports = imports,\n    .import_count = %u,\n    .exports = exports,\n"
                        "    .export_count = sizeof exports / sizeof exports[0] - 1,\n    .digests = digests,\n    .digest_count = %u,\n};\n",
            (unsigned)table->import_count, (unsigned)(table->digests.left / DIGEST_SIZE));
}

static int write_all(table_t *table)
{
    write_head(table);
    int result = write_imports(table);
    if (result == DONE && !read_functions(table)) {
        result = cut_off(table);
    }
    if (result == DONE) {
        write_instantiate(table);
        result = write_exports(table, true);
    }
    if (result == DONE) {
        fprintf(table->out, "static const cg_wasm2c_export_t exports[] = {\n");
        result = write_exports(table, false);
        fprintf(table->out, "    {{0, 0, 0}, 0},\n};\n\n");
    }
    if (result == DONE) {
        write_digests(table);
        write_program(table);
    }
    return result;
}

/* ---- the command ---- */

/* What all WebAssembly engines refuse is refused here, too. */
static int scan_module(table_t *table, const uint8_t *bytes, uint32_t size)
{
    static const cg_vm_t none;
    char message[256] = "";
    const cg_guest_config_t config = {.vm = &none, .image = bytes, .image_size = size, .message = message, .message_size = sizeof message};
    if (cg_wasm_scan(&table->scan, &config) != CG_LOAD_OK) {
        return at_fault(table, message);
    }
    const int result = read_sections(table, (wasm_reader_t){bytes + WASM_HEADER_SIZE, size - WASM_HEADER_SIZE});
    if (result != DONE) {
        return result;
    }
    return read_types(table) ? DONE : cut_off(table);
}

static int make(table_t *table, const char *out, const uint8_t *bytes, uint32_t size)
{
    int result = scan_module(table, bytes, size);
    if (result != DONE) {
        return result;
    }
    table->functions = calloc(FUNCTIONS_MAX, sizeof *table->functions);
    table->out = fopen(out, "w");
    if (table->functions == NULL || table->out == NULL) {
        fprintf(stderr, "%s: cannot be written\n", out);
        return NO_FILE;
    }
    result = write_all(table);
    const bool is_bad = ferror(table->out) != 0;
    if (fclose(table->out) != 0 || is_bad) {
        fprintf(stderr, "%s: cannot be written\n", out);
        result = NO_FILE;
    }
    if (result != DONE) {
        (void)remove(out);
    }
    return result;
}

int main(int argc, char **argv)
{
    if (argc != 4 || argv[1][0] < 'a' || argv[1][0] > 'z' || argv[1][strspn(argv[1], "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0') {
        fprintf(stderr, "usage: callgate-wasm2c NAME MODULE.wasm OUT.c\n  NAME   a name in C of small letters, digits and _, as wasm2c -n was given it\n");
        return WRONG_USE;
    }
    table_t table = {.name = argv[1], .file = argv[2]};
    FILE *file = fopen(argv[2], "rb");
    uint8_t *bytes = malloc(CG_WASM_IMAGE_MAX + 1);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "%s: cannot be read\n", argv[2]);
        free(bytes);
        return NO_FILE;
    }
    const uint32_t size = (uint32_t)fread(bytes, 1, CG_WASM_IMAGE_MAX + 1, file);
    (void)fclose(file);
    const int result = make(&table, argv[3], bytes, size);
    free(table.types);
    free(table.functions);
    free(bytes);
    return result;
}
