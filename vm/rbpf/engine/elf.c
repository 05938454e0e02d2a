/* SPDX-License-Identifier: BSD-2-Clause */
/* elf.c - see elf.h. Reads 64-bit little-endian objects for eBPF. Every offset is compared by subtraction with the size of the file. */
#include "elf.h"

#include "inside.h"

enum { HEADER_SIZE = 64, SECTION_SIZE = 64, SYMBOL_SIZE = 24, NAME_SIZE_MAX = 1024 };
enum { TYPE_RELOCATABLE = 1, MACHINE_BPF = 247 };

static const char *check_header(const uint8_t *bytes, size_t size)
{
    if (size < HEADER_SIZE || memcmp(bytes, "\x7f" "ELF", 4) != 0) {
        return "not an ELF file";
    }
    if (bytes[4] != 2 || bytes[5] != 1) {
        return "not a 64-bit little-endian object; compile with clang --target=bpf";
    }
    if (rbpf_get16(bytes + 18) != MACHINE_BPF) {
        return "not an object for eBPF; compile with clang --target=bpf";
    }
    if (rbpf_get16(bytes + 16) != TYPE_RELOCATABLE) {
        return "not a relocatable object; give what the compiler makes with -c";
    }
    if (rbpf_get16(bytes + 58) != SECTION_SIZE || rbpf_get16(bytes + 60) == 0) {
        return "the ELF file has no section headers of the usual size; was it stripped?";
    }
    return NULL;
}

static const char *find_symbols(elf_t *elf)
{
    for (uint32_t i = 0; i < elf->section_count; i++) {
        elf_section_t section;
        if (rbpf_get32(elf->headers + (size_t)i * SECTION_SIZE + 4) != ELF_SYMTAB) {
            continue;
        }
        if (elf->symtab != 0) {
            return "the ELF file has more than one symbol table";
        }
        if (i == 0 || !rbpf_elf_section(elf, i, &section) || section.size / SYMBOL_SIZE > UINT32_MAX || section.link >= elf->section_count) {
            return "the symbol table is damaged";
        }
        elf->symtab = i;
        elf->strtab = section.link;
        elf->symbol_count = (uint32_t)(section.size / SYMBOL_SIZE);
    }
    return elf->symtab == 0 ? "the ELF file has no symbol table; was it stripped?" : NULL;
}

const char *rbpf_elf_open(elf_t *elf, const uint8_t *bytes, size_t size)
{
    const char *wrong = check_header(bytes, size);
    if (wrong != NULL) {
        return wrong;
    }
    const uint64_t at = rbpf_get64(bytes + 40);
    const uint32_t count = rbpf_get16(bytes + 60);
    if (at > size || count > (size - at) / SECTION_SIZE) {
        return "the section headers lie outside the file; is it cut short?";
    }
    *elf = (elf_t){.bytes = bytes, .size = size, .headers = bytes + at, .section_count = count, .names = rbpf_get16(bytes + 62)};
    return find_symbols(elf);
}

static bool is_read(uint32_t type)
{
    return type != 0 && type != ELF_NOBITS;
}

/* The bytes of a section, without its name. */
static bool raw_section(const elf_t *elf, uint32_t index, elf_section_t *section)
{
    const uint8_t *header = elf->headers + (size_t)index * SECTION_SIZE;
    const uint64_t at = rbpf_get64(header + 24);
    section->type = rbpf_get32(header + 4);
    section->flags = rbpf_get64(header + 8);
    section->size = rbpf_get64(header + 32);
    section->link = rbpf_get32(header + 40);
    section->info = rbpf_get32(header + 44);
    section->align = rbpf_get64(header + 48);
    section->bytes = NULL;
    if (is_read(section->type)) {
        if (at > elf->size || section->size > elf->size - at) {
            return false;
        }
        section->bytes = elf->bytes + at;
    }
    return true;
}

/* The NUL-ended text at `at` of string table `table`, or "?". The limit keeps a file of many names in one long string from costing a square. */
static const char *text_at(const elf_t *elf, uint32_t table, uint32_t at)
{
    elf_section_t strings;
    if (table >= elf->section_count || !raw_section(elf, table, &strings) || strings.bytes == NULL || at >= strings.size) {
        return "?";
    }
    const uint64_t left = strings.size - at;
    const uint8_t *text = strings.bytes + at;
    return memchr(text, 0, left < NAME_SIZE_MAX ? (size_t)left : NAME_SIZE_MAX) == NULL ? "?" : (const char *)text;
}

bool rbpf_elf_section(const elf_t *elf, uint32_t index, elf_section_t *section)
{
    section->name = text_at(elf, elf->names, rbpf_get32(elf->headers + (size_t)index * SECTION_SIZE));
    return raw_section(elf, index, section);
}

bool rbpf_elf_symbol(const elf_t *elf, uint32_t index, elf_symbol_t *symbol)
{
    elf_section_t table;
    if (index >= elf->symbol_count || !raw_section(elf, elf->symtab, &table)) {
        return false;
    }
    const uint8_t *at = table.bytes + (size_t)index * SYMBOL_SIZE;
    symbol->type = at[4] & 15u;
    symbol->binding = (uint32_t)at[4] >> 4;
    symbol->visibility = at[5] & 3u;
    symbol->section = rbpf_get16(at + 6);
    symbol->value = rbpf_get64(at + 8);
    symbol->name = text_at(elf, elf->strtab, rbpf_get32(at));
    if (symbol->section >= elf->section_count && symbol->section != ELF_ABSOLUTE && symbol->section != ELF_COMMON) {
        return false;
    }
    if (symbol->name[0] == 0 && symbol->section < elf->section_count) {
        symbol->name = text_at(elf, elf->names, rbpf_get32(elf->headers + (size_t)symbol->section * SECTION_SIZE));
    }
    return true;
}
