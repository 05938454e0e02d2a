/* SPDX-License-Identifier: BSD-2-Clause */
/* elf.h - a view of an ELF object's bytes: sections, symbols, names, every one checked when it is asked for.
 * Used by pack.c and its neighbours. Copies nothing, allocates nothing, and knows nothing of images. */
#ifndef RBPF_ELF_H
#define RBPF_ELF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Values of the ELF format that are looked at. */
enum {
    ELF_PROGBITS = 1,
    ELF_SYMTAB = 2,
    ELF_RELA = 4,
    ELF_NOBITS = 8,
    ELF_REL = 9,
    ELF_WRITE = 0x1,
    ELF_ALLOC = 0x2,
    ELF_EXEC = 0x4,
    ELF_TLS = 0x400,
    ELF_GLOBAL = 1,
    ELF_WEAK = 2,
    ELF_FUNC = 2,
    ELF_SECTION = 3,
    ELF_DEFAULT = 0,
    ELF_PROTECTED = 3,
    ELF_UNDEFINED = 0,
    ELF_ABSOLUTE = 0xfff1,
    ELF_COMMON = 0xfff2,
};

typedef struct elf {
    const uint8_t *bytes;
    size_t size;
    const uint8_t *headers; /* section_count x 64 bytes */
    uint32_t section_count;
    uint32_t names;        /* index of the section of section names */
    uint32_t symtab;       /* index of the symbol table; 0: none */
    uint32_t strtab;       /* index of its names */
    uint32_t symbol_count;
} elf_t;

typedef struct elf_section {
    uint32_t type, link, info;
    uint64_t flags, size, align;
    const uint8_t *bytes; /* size bytes; NULL for ELF_NOBITS and for types that are not looked at */
    const char *name;
} elf_section_t;

typedef struct elf_symbol {
    uint32_t type, binding, visibility, section;
    uint64_t value;
    const char *name;
} elf_symbol_t;

/* Check header and tables. NULL, or what is wrong with the file and what helps, as a constant text. */
const char *rbpf_elf_open(elf_t *elf, const uint8_t *bytes, size_t size);

/* Section `index`, below section_count. false: its bytes are not in the file. Names that are not there, or are longer than any, are "?". */
bool rbpf_elf_section(const elf_t *elf, uint32_t index, elf_section_t *section);

/* Symbol `index`. false: no such symbol, or a section index that is none. A nameless one of a section gets the section's name. */
bool rbpf_elf_symbol(const elf_t *elf, uint32_t index, elf_symbol_t *symbol);

#endif
