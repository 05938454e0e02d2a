/* SPDX-License-Identifier: BSD-2-Clause */
/* place.c - decide for every section of an object whether and where it goes in the image, and list its functions.
 * The names of functions come first in rodata: the table has 16 bits for their place. Changes no byte of code (that is relocate.c). */
#include "pack_inside.h"

enum { ALIGN_MAX = 4096, DIGEST_SIZE = 8, DIGESTS_MAX = 1024 };

static const char digest_section[] = "callgate";
static const char entry_name[] = "cg_main";

/* Which part a section belongs to by its flags. */
static pack_part_t part_of(const elf_section_t *section)
{
    if ((section->flags & ELF_ALLOC) == 0 || (section->type != ELF_PROGBITS && section->type != ELF_NOBITS) ||
        strcmp(section->name, digest_section) == 0) {
        return PART_NONE;
    }
    if ((section->flags & ELF_EXEC) != 0) {
        return PART_TEXT;
    }
    return (section->flags & ELF_WRITE) != 0 ? PART_DATA : PART_RODATA;
}

static bool check_section(pack_t *pack, const elf_section_t *section, pack_part_t part)
{
    const uint64_t align = section->align == 0 ? 1 : section->align;
    if ((section->flags & ELF_TLS) != 0) {
        return rbpf_pack_fail(pack, "section '%.64s' is thread-local; a guest has one thread: make the variable static", section->name);
    }
    if (align > ALIGN_MAX || (align & (align - 1)) != 0) {
        return rbpf_pack_fail(pack, "section '%.64s' wants an alignment of %llu bytes; at most %d are given", section->name, (unsigned long long)align,
                              (int)ALIGN_MAX);
    }
    if (part == PART_TEXT && (section->type != ELF_PROGBITS || section->size % RBPF_SLOT_SIZE != 0)) {
        return rbpf_pack_fail(pack, "code section '%.64s' is not a whole number of instructions; the object is damaged", section->name);
    }
    return true;
}

static bool place_section(pack_t *pack, uint32_t index)
{
    elf_section_t section;
    if (!rbpf_elf_section(&pack->elf, index, &section)) {
        return rbpf_pack_fail(pack, "section '%.64s' lies outside the file; is it cut short?", section.name);
    }
    const pack_part_t part = part_of(&section);
    pack_place_t *place = &pack->places[index];
    place->part = part;
    if (part == PART_NONE) {
        return true;
    }
    return check_section(pack, &section, part) &&
           rbpf_pack_add(pack, &pack->parts[part], section.bytes, section.size, part == PART_TEXT ? RBPF_SLOT_SIZE : section.align,
                         section.name, &place->at);
}

/* Digests may come several times, once from each header; an API with two digests was compiled from two versions of its header. */
static bool add_digest(pack_t *pack, const uint8_t *entry)
{
    uint32_t at;
    for (uint32_t i = 0; i < pack->digests.size; i += DIGEST_SIZE) {
        const uint8_t *other = pack->digests.bytes + i;
        if (memcmp(entry, other, DIGEST_SIZE) == 0) {
            return true;
        }
        if (memcmp(entry, other, 4) == 0) {
            return rbpf_pack_fail(pack, "API %u is there with two digests, 0x%08x and 0x%08x; generate its header anew and compile everything again",
                                  rbpf_get32(entry), rbpf_get32(other + 4), rbpf_get32(entry + 4));
        }
    }
    return rbpf_pack_add(pack, &pack->digests, entry, DIGEST_SIZE, 1, digest_section, &at);
}

static bool take_digests(pack_t *pack, uint32_t index)
{
    elf_section_t section;
    if (!rbpf_elf_section(&pack->elf, index, &section) || strcmp(section.name, digest_section) != 0 || section.type != ELF_PROGBITS) {
        return true;
    }
    if (section.size % DIGEST_SIZE != 0 || section.size / DIGEST_SIZE > DIGESTS_MAX - pack->digest_entries) {
        return rbpf_pack_fail(pack, "section '%.64s' holds %llu bytes; it is for interface digests, %d bytes each, at most %d: keep other things out of it",
                              digest_section, (unsigned long long)section.size, (int)DIGEST_SIZE, (int)DIGESTS_MAX);
    }
    pack->digest_entries += (uint32_t)(section.size / DIGEST_SIZE);
    for (uint64_t at = 0; at < section.size; at += DIGEST_SIZE) {
        if (!add_digest(pack, section.bytes + at)) {
            return false;
        }
    }
    return true;
}

static bool is_entry(const pack_t *pack, const elf_symbol_t *symbol)
{
    return symbol->type == ELF_FUNC && (symbol->binding == ELF_GLOBAL || symbol->binding == ELF_WEAK) &&
           (symbol->visibility == ELF_DEFAULT || symbol->visibility == ELF_PROTECTED) && symbol->section != ELF_UNDEFINED &&
           symbol->section < pack->elf.section_count;
}

/* Keep the name of symbol `index` and an entry that remembers the symbol until its place is known: {u16 name, u16, u16} grows to
 * {u32 symbol, u16 name} meanwhile. Both are six bytes. */
static bool add_function(pack_t *pack, uint32_t index, const char *name)
{
    uint8_t entry[6];
    uint32_t at;
    const size_t length = strlen(name) + 1;
    if (!rbpf_pack_add(pack, &pack->parts[PART_RODATA], (const uint8_t *)name, length, 1, name, &at)) {
        return false;
    }
    if (at > UINT16_MAX) {
        return rbpf_pack_fail(pack, "the names of global functions are longer than 64 KiB together, at '%.64s'; make functions static", name);
    }
    rbpf_put32(entry, index);
    rbpf_put16(entry + 4, (uint16_t)at);
    return rbpf_pack_add(pack, &pack->functions, entry, sizeof entry, 1, name, &at);
}

/* The functions that are called cg_main (first), or all others. */
static bool take_functions(pack_t *pack, bool first)
{
    elf_symbol_t symbol;
    for (uint32_t i = 0; i < pack->elf.symbol_count; i++) {
        if (rbpf_elf_symbol(&pack->elf, i, &symbol) && is_entry(pack, &symbol) && (strcmp(symbol.name, entry_name) == 0) == first &&
            !add_function(pack, i, symbol.name)) {
            return false;
        }
    }
    return true;
}

/* Now that code has its place: {u16 name, u16 flags, u16 offset}. */
static bool finish_function(pack_t *pack, uint8_t *entry)
{
    elf_symbol_t symbol;
    const uint16_t name_at = rbpf_get16(entry + 4);
    if (!rbpf_elf_symbol(&pack->elf, rbpf_get32(entry), &symbol) || pack->places[symbol.section].part != PART_TEXT) {
        return rbpf_pack_fail(pack, "function '%.64s' is not in a section of code; the object is damaged", symbol.name);
    }
    const uint64_t at = pack->places[symbol.section].at;
    if (symbol.value % RBPF_SLOT_SIZE != 0 || symbol.value >= pack->parts[PART_TEXT].size - at) {
        return rbpf_pack_fail(pack, "function '%.64s' does not start inside its section; the object is damaged", symbol.name);
    }
    if (at + symbol.value > UINT16_MAX) {
        return rbpf_pack_fail(pack, "function '%.64s' starts beyond the first 64 KiB of code, where no entry can be; make it static, or put it first",
                              symbol.name);
    }
    rbpf_put16(entry, name_at);
    rbpf_put16(entry + 2, 0);
    rbpf_put16(entry + 4, (uint16_t)(at + symbol.value));
    return true;
}

static bool finish_functions(pack_t *pack)
{
    for (uint32_t i = 0; i < pack->functions.size; i += 6) {
        if (!finish_function(pack, pack->functions.bytes + i)) {
            return false;
        }
    }
    if (pack->functions.size == 0) {
        return rbpf_pack_fail(pack, "there is no global function to start with; define `%s`, not static", entry_name);
    }
    return true;
}

bool rbpf_pack_place(pack_t *pack)
{
    if (!take_functions(pack, true) || !take_functions(pack, false)) {
        return false;
    }
    for (uint32_t i = 0; i < pack->elf.section_count; i++) {
        if (!place_section(pack, i) || !take_digests(pack, i)) {
            return false;
        }
    }
    return finish_functions(pack);
}
