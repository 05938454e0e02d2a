/* SPDX-License-Identifier: BSD-2-Clause */
/* module.h - write small WebAssembly modules by hand for the tests of the adapter.
 * Knows the binary format from its specification, not from the engine's headers. A field left 0 gives what a plain guest has. */
#ifndef TEST_WAMR_MODULE_H
#define TEST_WAMR_MODULE_H

#include <stdbool.h>
#include <stdint.h>

enum { MODULE_MAX = 4096 };

typedef struct module {
    const char *imports;      /* "demo.add(ii)i other.ping()i": function imports, by spaces; may be NULL */
    const char *odd_import;   /* bytes of one more import, after its count; NULL: none */
    uint32_t odd_size;
    bool no_memory;
    uint32_t pages, pages_max; /* 0: one page; 0: no maximum */
    const char *memory;       /* bytes of the whole memory section instead */
    uint32_t memory_size;
    const char *table;        /* bytes of a table section; NULL: none */
    uint32_t table_size;
    const char *locals;       /* bytes that declare locals of the entry; NULL: none */
    uint32_t locals_size;
    const char *entry;        /* name of the exported function; NULL: cg_main */
    const char *entry_type;   /* NULL: "()i" */
    const char *second;       /* further export of the same function, NULL: none */
    bool has_start;           /* a start section that names a function of type () -> () */
    const char *section;      /* custom section of this name, at the end; NULL: none */
    const char *section_bytes;
    uint32_t section_size;
    const char *code;         /* of the function, behind its locals, `end` included; NULL: returns 7 */
    uint32_t code_size;
} module_t;

/* Write the module to `to` of MODULE_MAX bytes; its size. */
uint32_t module_write(uint8_t *to, const module_t *module);

/* A field `x` and its size: BYTES_AS(code, "..."). `section` has its bytes in section_bytes. */
#define BYTES_AS(field, text) BYTES_OF_##field(text, (uint32_t)(sizeof(text) - 1))
#define BYTES_OF_section(text, size) .section_bytes = (text), .section_size = (size)
#define BYTES_OF_table(text, size) .table = (text), .table_size = (size)
#define BYTES_OF_memory(text, size) .memory = (text), .memory_size = (size)
#define BYTES_OF_locals(text, size) .locals = (text), .locals_size = (size)
#define BYTES_OF_code(text, size) .code = (text), .code_size = (size)


#endif
