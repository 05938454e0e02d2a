/* SPDX-License-Identifier: BSD-2-Clause */
/* relocate.c - put addresses where an object asks for them, in code and in data.
 * Guest addresses are known when the image is made, for they are virtual: nothing is left to do at load. Works on placed sections only. */
#include "pack_inside.h"

/* Kinds of relocation of eBPF objects. */
enum { R_64_64 = 1, R_ABS64 = 2, R_ABS32 = 3, R_64_32 = 10 };
enum { ENTRY_SIZE = 16 };

/* One relocation: the place that is changed, and what it refers to. */
typedef struct fix {
    pack_t *pack;
    const char *section; /* that is changed */
    uint64_t offset;     /* in it */
    uint32_t type;
    bool is_code;
    uint8_t *at;   /* the place in the image */
    uint32_t slot; /* for code: the slot of `at` in the text */
    uint64_t left; /* bytes from `at` to the end of its section */
    elf_symbol_t symbol;
    pack_place_t target; /* of the symbol's section */
} fix_t;

static bool fail_at(const fix_t *fix, const char *what)
{
    if (fix->is_code) {
        uint32_t offset;
        const char *function = rbpf_pack_function_at(fix->pack, fix->slot, &offset);
        return rbpf_pack_fail(fix->pack, "function '%.64s', instruction %u: '%.64s' %s", function, offset, fix->symbol.name, what);
    }
    return rbpf_pack_fail(fix->pack, "section '%.64s', offset 0x%llx: '%.64s' %s", fix->section, (unsigned long long)fix->offset, fix->symbol.name, what);
}

/* The guest address of the symbol plus `addend`. Only data and constants have one. */
static bool address_of(const fix_t *fix, int64_t addend, pack_part_t *part, uint32_t *offset)
{
    *part = fix->target.part;
    if (*part == PART_TEXT) {
        return fail_at(fix, "is a function whose address is taken; this VM has no calls by pointer: call it by its name");
    }
    if (*part != PART_DATA && *part != PART_RODATA) {
        return fail_at(fix, "is in a section that is no part of the program in memory; leave this reference out");
    }
    /* Both are below 2^33 in size, so the sum is exact. */
    if (fix->symbol.value > RBPF_PACK_PART_MAX || addend < INT32_MIN || addend > UINT32_MAX) {
        return fail_at(fix, "has an address outside its section; the object is damaged");
    }
    const int64_t sum = (int64_t)fix->target.at + (int64_t)fix->symbol.value + addend;
    if (sum < 0 || sum > (int64_t)RBPF_OFFSET_MASK) {
        return fail_at(fix, "would get an address outside its region; index the array from its first element on");
    }
    *offset = (uint32_t)sum;
    return true;
}

/* A wide constant that holds an address becomes LDDWD or LDDWR. The compiler keeps the addend in its low half, with its sign. */
static bool fix_wide(const fix_t *fix)
{
    pack_part_t part;
    uint32_t offset = 0;
    if (fix->left < 2 * RBPF_SLOT_SIZE || fix->at[0] != OP_LDDW || rbpf_src(fix->at) != 0) {
        return fail_at(fix, "is wanted as an address where no wide constant is; the object is damaged, or of a newer kind than this program knows");
    }
    const int64_t addend = (int32_t)rbpf_get32(fix->at + 4);
    if (fix->symbol.section == ELF_ABSOLUTE) {
        const uint64_t value = fix->symbol.value + (uint64_t)addend;
        rbpf_put32(fix->at + 4, (uint32_t)value);
        rbpf_put32(fix->at + 12, (uint32_t)(value >> 32));
        return true;
    }
    if (!address_of(fix, addend, &part, &offset)) {
        return false;
    }
    fix->at[0] = part == PART_DATA ? OP_LDDWD : OP_LDDWR;
    rbpf_put32(fix->at + 4, offset);
    rbpf_put32(fix->at + 12, 0);
    return true;
}

/* A call of a function of this object: the immediate counts from the start of the symbol, one less. It becomes the distance. */
static bool fix_call(const fix_t *fix)
{
    if (fix->at[0] != OP_CALL || (rbpf_src(fix->at) > 1)) {
        return fail_at(fix, "is wanted as a function where no call is; the object is damaged, or of a newer kind than this program knows");
    }
    if (fix->target.part != PART_TEXT || fix->symbol.value % RBPF_SLOT_SIZE != 0 || fix->symbol.value > RBPF_PACK_PART_MAX) {
        return fail_at(fix, "is called and is not a function; call it by a name that is one");
    }
    /* Modulo 2^32: a distance that wraps is one that no text has, and the verifier sees it. */
    const uint32_t start = (fix->target.at + (uint32_t)fix->symbol.value) / RBPF_SLOT_SIZE;
    const uint32_t by = start + rbpf_get32(fix->at + 4) - fix->slot;
    fix->at[1] = 1u << 4; /* source 1: a local call */
    rbpf_put32(fix->at + 4, by);
    return true;
}

/* A pointer in data, of 8 or 4 bytes. */
static bool fix_pointer(const fix_t *fix, uint32_t width)
{
    pack_part_t part;
    uint32_t offset = 0;
    if (fix->left < width) {
        return fail_at(fix, "is pointed at from past the end of the section; the object is damaged");
    }
    const int64_t addend = width == 8 ? (int64_t)rbpf_get64(fix->at) : (int64_t)(int32_t)rbpf_get32(fix->at);
    if (!address_of(fix, addend, &part, &offset)) {
        return false;
    }
    const uint32_t address = RBPF_ADDRESS(part == PART_DATA ? RBPF_REGION_DATA : RBPF_REGION_RODATA) + offset;
    if (width == 8) {
        rbpf_put64(fix->at, address);
    } else {
        rbpf_put32(fix->at, address);
    }
    return true;
}

static bool fix_one(const fix_t *fix)
{
    if (fix->symbol.section == ELF_UNDEFINED) {
        return fail_at(fix, "is not defined; define it, or call the host through the header generated for its API");
    }
    if (fix->symbol.section == ELF_COMMON) {
        return fail_at(fix, "is a common variable; compile with -fno-common");
    }
    if (fix->is_code && fix->type == R_64_64) {
        return fix_wide(fix);
    }
    if (fix->is_code && fix->type == R_64_32) {
        return fix_call(fix);
    }
    if (!fix->is_code && (fix->type == R_64_64 || fix->type == R_ABS64)) {
        return fix_pointer(fix, 8);
    }
    if (!fix->is_code && fix->type == R_ABS32) {
        return fix_pointer(fix, 4);
    }
    return fail_at(fix, "has a relocation of a kind this program does not know; compile with clang 13 or newer and -mcpu=v2 or v3");
}

/* One entry: u64 offset, u32 type, u32 symbol. */
static bool apply(pack_t *pack, const uint8_t *entry, const elf_section_t *target, pack_place_t place)
{
    fix_t fix = {.pack = pack, .section = target->name, .offset = rbpf_get64(entry), .type = rbpf_get32(entry + 8)};
    const bool is_code = place.part == PART_TEXT;
    if (!rbpf_elf_symbol(&pack->elf, rbpf_get32(entry + 12), &fix.symbol)) {
        return rbpf_pack_fail(pack, "section '%.64s': a relocation names no symbol; the object is damaged", target->name);
    }
    if (target->type != ELF_PROGBITS || fix.offset >= target->size || (is_code && fix.offset % RBPF_SLOT_SIZE != 0)) {
        return fail_at(&fix, "has a relocation outside the section; the object is damaged");
    }
    if (fix.symbol.section < pack->elf.section_count) {
        fix.target = pack->places[fix.symbol.section];
    }
    fix.left = target->size - fix.offset;
    fix.is_code = is_code;
    fix.slot = (uint32_t)((place.at + fix.offset) / RBPF_SLOT_SIZE);
    fix.at = pack->parts[place.part].bytes + place.at + fix.offset;
    return fix_one(&fix);
}

static bool apply_section(pack_t *pack, const elf_section_t *section)
{
    elf_section_t target;
    if (section->info >= pack->elf.section_count) {
        return rbpf_pack_fail(pack, "section '%.64s' has relocations for a section that is none; the object is damaged", section->name);
    }
    if (pack->places[section->info].part == PART_NONE) {
        return true; /* for debug information */
    }
    const pack_place_t place = pack->places[section->info];
    if (!rbpf_elf_section(&pack->elf, section->info, &target)) {
        return rbpf_pack_fail(pack, "section '%.64s' lies outside the file; is it cut short?", target.name);
    }
    if (section->type == ELF_RELA || section->link != pack->elf.symtab) {
        return rbpf_pack_fail(pack, "section '%.64s': relocations of a kind that eBPF objects do not have; compile with clang --target=bpf", section->name);
    }
    /* Sections that overlap could ask for more relocations than a file holds. */
    if (section->size > pack->relocations_left) {
        return rbpf_pack_fail(pack, "section '%.64s' overlaps another; the object is damaged", section->name);
    }
    pack->relocations_left -= (size_t)section->size;
    for (uint64_t at = 0; ENTRY_SIZE <= section->size - at; at += ENTRY_SIZE) {
        if (!apply(pack, section->bytes + at, &target, place)) {
            return false;
        }
    }
    return true;
}

bool rbpf_pack_relocate(pack_t *pack)
{
    pack->relocations_left = pack->elf.size;
    for (uint32_t i = 0; i < pack->elf.section_count; i++) {
        elf_section_t section;
        if (rbpf_elf_section(&pack->elf, i, &section) && (section.type == ELF_REL || section.type == ELF_RELA) && !apply_section(pack, &section)) {
            return false;
        }
    }
    return true;
}
