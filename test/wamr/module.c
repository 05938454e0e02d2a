/* SPDX-License-Identifier: BSD-2-Clause */
/* module.c - write small WebAssembly modules by hand; see module.h. */
#include "module.h"

#include <assert.h>
#include <string.h>

enum { TYPE = 1, IMPORT = 2, FUNCTION = 3, TABLE = 4, MEMORY = 5, EXPORT = 7, START = 8, CODE = 10, CUSTOM = 0 };

typedef struct buffer {
    uint8_t bytes[MODULE_MAX];
    uint32_t size;
} buffer_t;

static void put(buffer_t *b, const void *bytes, uint32_t size)
{
    assert(size <= MODULE_MAX - b->size);
    if (size != 0) {
        memcpy(b->bytes + b->size, bytes, size);
    }
    b->size += size;
}

static void put_byte(buffer_t *b, uint32_t byte)
{
    const uint8_t value = (uint8_t)byte;
    put(b, &value, 1);
}

static void put_number(buffer_t *b, uint32_t value)
{
    for (; value >= 0x80; value >>= 7) {
        put_byte(b, value | 0x80u);
    }
    put_byte(b, value);
}

static void put_name(buffer_t *b, const char *name, uint32_t size)
{
    put_number(b, size);
    put(b, name, size);
}

static void put_section(buffer_t *b, uint32_t kind, const buffer_t *body)
{
    put_byte(b, kind);
    put_number(b, body->size);
    put(b, body->bytes, body->size);
}

static uint32_t letter(char c)
{
    return c == 'i' ? 0x7f : c == 'I' ? 0x7e : c == 'f' ? 0x7d : c == 'F' ? 0x7c : 0x70;
}

/* One function type from "(ii)i"; the text ends at a blank or its end. */
static void put_type(buffer_t *b, const char *text)
{
    const char *close = strchr(text, ')');
    assert(text[0] == '(' && close != NULL);
    put_byte(b, 0x60);
    put_number(b, (uint32_t)(close - text - 1));
    for (const char *c = text + 1; c < close; c++) {
        put_byte(b, letter(*c));
    }
    const uint32_t results = (uint32_t)strcspn(close + 1, " ");
    put_number(b, results);
    for (uint32_t i = 0; i < results; i++) {
        put_byte(b, letter(close[1 + i]));
    }
}

/* Types and imports, one type an import; the number of function imports. */
static uint32_t put_imports(buffer_t *types, buffer_t *imports, const char *text)
{
    uint32_t count = 0;
    for (const char *at = text == NULL ? "" : text; *at != '\0'; count++) {
        const char *dot = strchr(at, '.');
        const char *bracket = strchr(at, '(');
        assert(dot != NULL && bracket != NULL);
        put_name(imports, at, (uint32_t)(dot - at));
        put_name(imports, dot + 1, (uint32_t)(bracket - dot - 1));
        put_byte(imports, 0);
        put_number(imports, count);
        put_type(types, bracket);
        at += strcspn(at, " ");
        at += strspn(at, " ");
    }
    return count;
}

static void put_export(buffer_t *b, const char *name, uint32_t function)
{
    put_name(b, name, (uint32_t)strlen(name));
    put_byte(b, 0);
    put_number(b, function);
}

static void put_memory(buffer_t *out, const module_t *m)
{
    buffer_t body = {.size = 0};
    if (m->memory != NULL) {
        put(&body, m->memory, m->memory_size);
    } else {
        put_byte(&body, 1);
        put_byte(&body, m->pages_max != 0);
        put_number(&body, m->pages == 0 ? 1 : m->pages);
        if (m->pages_max != 0) {
            put_number(&body, m->pages_max);
        }
    }
    put_section(out, MEMORY, &body);
}

/* The entry is the first function of the module's own; a start function, if any, the second. */
static void put_functions(buffer_t *out, const module_t *m, uint32_t imported)
{
    buffer_t body = {.size = 0};
    put_byte(&body, m->has_start ? 2 : 1);
    put_number(&body, imported);
    if (m->has_start) {
        put_number(&body, imported + 1);
    }
    put_section(out, FUNCTION, &body);
    if (m->table != NULL) {
        body.size = 0;
        put(&body, m->table, m->table_size);
        put_section(out, TABLE, &body);
    }
    if (!m->no_memory) {
        put_memory(out, m);
    }
    body.size = 0;
    put_byte(&body, m->second != NULL ? 2 : 1);
    put_export(&body, m->entry == NULL ? "cg_main" : m->entry, imported);
    if (m->second != NULL) {
        put_export(&body, m->second, imported);
    }
    put_section(out, EXPORT, &body);
    if (m->has_start) {
        body.size = 0;
        put_number(&body, imported + 1);
        put_section(out, START, &body);
    }
}

static void put_code(buffer_t *out, const module_t *m)
{
    static const char seven[] = "\x41\x07\x0b";
    buffer_t body = {.size = 0};
    const uint32_t size = m->code == NULL ? sizeof seven - 1 : m->code_size;
    put_byte(&body, m->has_start ? 2 : 1);
    put_number(&body, size + (m->locals == NULL ? 1 : m->locals_size));
    put(&body, m->locals == NULL ? "\0" : m->locals, m->locals == NULL ? 1 : m->locals_size);
    put(&body, m->code == NULL ? seven : m->code, size);
    if (m->has_start) {
        put(&body, "\x02\x00\x0b", 3);
    }
    put_section(out, CODE, &body);
}

uint32_t module_write(uint8_t *to, const module_t *m)
{
    buffer_t out = {.size = 0};
    buffer_t types = {.size = 0};
    buffer_t imports = {.size = 0};
    buffer_t body = {.size = 0};
    put(&out, "\0asm\1\0\0\0", 8);
    const uint32_t imported = put_imports(&types, &imports, m->imports);
    put_type(&types, m->entry_type == NULL ? "()i" : m->entry_type);
    put_type(&types, "()");
    put_number(&body, imported + 2);
    put(&body, types.bytes, types.size);
    put_section(&out, TYPE, &body);
    body.size = 0;
    put_number(&body, imported + (m->odd_import != NULL));
    put(&body, imports.bytes, imports.size);
    put(&body, m->odd_import, m->odd_size);
    put_section(&out, IMPORT, &body);
    put_functions(&out, m, imported);
    put_code(&out, m);
    if (m->section != NULL) {
        body.size = 0;
        put_name(&body, m->section, (uint32_t)strlen(m->section));
        put(&body, m->section_bytes, m->section_size);
        put_section(&out, CUSTOM, &body);
    }
    memcpy(to, out.bytes, out.size);
    return out.size;
}
