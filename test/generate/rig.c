/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/rig.c - the guest without an engine; see rig.h. */
#include "rig.h"

#include "rbpf.h"

#include <stdlib.h>
#include <string.h>

extern const cg_vm_t cg_vm_small; /* the same glue, compiled SMALL under another name */
extern const cg_row_t cg_rows_le32[];

/* ---- the fake VM: its image is its memory, in the first of sixteen regions as rBPF has them ---- */

enum { REGIONS = 16 };

static bool vm_probe(const uint8_t *image, uint32_t size)
{
    return image != NULL && size > 0;
}

static uint32_t vm_storage(const struct cg_guest_config *config, const struct cg_policy *policy)
{
    (void)config;
    (void)policy;
    return REGIONS * sizeof(cg_window_t);
}

static int vm_load(cg_guest_t *guest, const struct cg_guest_config *config, const struct cg_policy *policy, void *storage, uint32_t size)
{
    (void)policy;
    cg_window_t *windows = storage;
    if (size < REGIONS * sizeof *windows) {
        return CG_LOAD_MEMORY;
    }
    union {
        const uint8_t *in;
        uint8_t *out;
    } memory = {config->image};
    for (uint32_t i = 0; i < REGIONS; i++) {
        windows[i] = (cg_window_t){memory.out, i == 0 ? config->image_size : 0, i == 0 ? WRITABLE_SIZE : 0};
    }
    guest->windows = windows;
    guest->region_mask = REGIONS - 1;
    guest->offset_mask = 0x0fffffffu;
    return CG_LOAD_OK;
}

static int vm_run(cg_guest_t *guest, int32_t *result)
{
    (void)guest;
    *result = 0;
    return CG_STOP_RETURNED;
}

static void vm_destroy(cg_guest_t *guest)
{
    (void)guest;
}

static uint32_t vm_memory(const cg_guest_t *guest)
{
    return guest->config->image_size;
}

const cg_vm_ops_t cg_rbpf_ops = {.version = CG_VM_OPS_VERSION, .name = "fake", .probe = vm_probe, .storage = vm_storage, .load = vm_load, .run = vm_run, .destroy = vm_destroy, .memory = vm_memory};

/* ---- good values ---- */

#define NEGATIVE(n) ((uint64_t)(int64_t)(n))

typedef struct good {
    uint32_t call;
    uint64_t slots[16];
} good_t;

static const good_t goods[] = {
    {CG_CALL_ALL_SCALARS, {1, 200, 60000, 4000000000u, 0x1122334455667788u, NEGATIVE(-5), NEGATIVE(-300), NEGATIVE(-70000), 0x8000000000000000u, 0x3fc00000u, 0x4004000000000000u}},
    {CG_CALL_ALL_SCALARS_OUT, {AT_OUT, AT_OUT + 8, AT_OUT + 16, AT_OUT + 24, AT_OUT + 32, AT_OUT + 40, AT_OUT + 48, AT_OUT + 56, AT_OUT + 64, AT_OUT + 72, AT_OUT + 80}},
    {CG_CALL_ALL_OPTIONALS, {1, 1, 1, 200, 1, NEGATIVE(-9), 1, 0x3fc00000u, 1, NEGATIVE(-128), 1, 0x81, 1, 0x4004000000000000u}},
    {CG_CALL_ALL_OPTIONALS_OUT, {AT_OUT, AT_OUT + 8, AT_OUT + 16, AT_OUT + 24, AT_OUT + 32, AT_OUT + 40, AT_OUT + 48, AT_OUT + 56, AT_OUT + 64, AT_OUT + 72, AT_OUT + 80, AT_OUT + 88, AT_OUT + 96, AT_OUT + 104}},
    {CG_CALL_ALL_ENUMS, {NEGATIVE(-128), 7, 0xffff, NEGATIVE(-32768), 0xffffffffu, NEGATIVE(INT32_MIN), UINT64_MAX, 0x8000000000000000u, 99}},
    {CG_CALL_ALL_ENUMS_OUT, {AT_OUT, AT_OUT + 8, AT_OUT + 16, AT_OUT + 24, AT_OUT + 32, AT_OUT + 40, AT_OUT + 48, AT_OUT + 56, AT_OUT + 64}},
    {CG_CALL_ALL_FLAGS, {0x81, 0x8000, 0x80000001u, 0x8000000000000001u, AT_OUT, AT_OUT + 8, AT_OUT + 16, AT_OUT + 24}},
    {CG_CALL_ALL_RANGES, {1, NEGATIVE(-5), 10, NEGATIVE(-1), AT_OUT}},
    {CG_CALL_ALL_SIXTEEN, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}},
    {CG_CALL_ALL_UNNAMED, {9, AT_OUT}},
    {CG_CALL_ALL_NOTHING, {0}},
    {CG_CALL_ALL_C_BOOL, {1}},
    {CG_CALL_ALL_C_U16, {0xffff}},
    {CG_CALL_ALL_C_BYTE, {7}},
    {CG_CALL_ALL_OUTER_IN, {AT_OUTER}},
    {CG_CALL_ALL_OUTER_OUT, {AT_OUT}},
    {CG_CALL_ALL_PLAIN_BOTH, {AT_PLAIN, AT_OUT}},
    {CG_CALL_ALL_LISTS, {AT_FLAT, 8, AT_MODES, 4, AT_PAIRS, 4, AT_REALS, 2, AT_TRUTHS, 8}},
    {CG_CALL_ALL_LISTS_OUT, {AT_OUT, 8, AT_OUT + 0x40, AT_OUT + 0x80, 4, AT_OUT + 0xc0, AT_OUT + 0x100, 4, AT_OUT + 0x180, AT_OUT + 0x1c0, 2, AT_OUT + 0x200, AT_OUT + 0x240, 8, AT_OUT + 0x280}},
    {CG_CALL_ALL_LIST_INOUT, {AT_WORDS, 3, 8}},
    {CG_CALL_ALL_LIST_INOUTS, {AT_INNERS, 1, 3, AT_OUT, AT_SETS, 2, 4, AT_OUT + 8}},
    {CG_CALL_ALL_TEXT_IN, {AT_TEXT, 5}},
    {CG_CALL_ALL_TEXT_OUT, {AT_OUT, 16}},
    {CG_CALL_ALL_TEXT_INOUT, {AT_TEXT, 5, 16}},
    {CG_CALL_ALL_URI, {AT_URI, 21}},
    {CG_CALL_ALL_BYTES_IN, {AT_BYTES, 32}},
    {CG_CALL_ALL_BYTES_OUT, {AT_OUT, 32}},
    {CG_CALL_ALL_BYTES_INOUT, {AT_BYTES, 4, 32}},
    {CG_CALL_ALL_BUFFERS, {AT_BYTES, 4, AT_TEXT2, 2, AT_OUT, 2, 4, AT_OUT + 8, AT_OUT + 16, 4, AT_OUT + 24}},
    {CG_CALL_ALL_GUARDED, {5, NEGATIVE(-5), UINT64_MAX, 1, 1, AT_TEXT2, 2, AT_URI, 21}},
    {CG_CALL_ALL_OPEN_TWO, {AT_OUT, AT_OUT + 8}},
    {CG_CALL_ALL_OPEN_MORE, {AT_OUT, AT_OUT + 8, AT_OUT + 16, AT_OUT + 24}},
    {CG_CALL_ALL_MAYBE, {0, 0, AT_OUT, AT_OUT + 8}},
    {CG_CALL_ALL_BOUND_VALUE, {21}},
    {CG_CALL_ALL_BOUND_STATUS, {5, AT_OUT}},
    {CG_CALL_ALL_BOUND_UNNAMED, {5}},
    {CG_CALL_ALL_BOUND_RECORD, {AT_PLAIN, AT_OUT}},
    {CG_CALL_ALL_BOUND_BYTES, {AT_BYTES, 1, AT_TEXT, 1}},
};

const uint64_t *rig_good(uint32_t call)
{
    static const uint64_t none[16];
    for (size_t i = 0; i < sizeof goods / sizeof goods[0]; i++) {
        if (goods[i].call == call) {
            return goods[i].slots;
        }
    }
    return none;
}

typedef struct place {
    uint32_t at;
    const char *bytes;
    uint32_t size;
} place_t;

#define PLACE(at, bytes) {(at), (bytes), (uint32_t)(sizeof(bytes) - 1)}

/* Little-endian by hand, so that a big-endian host tests the same. */
static const place_t places[] = {
    PLACE(AT_OUTER, "\x11\xff\x22\x22\x33\x33\x44\x44" "\x01\x02\x9c\xff\x81\xff" "\x00\x80\x64\x00\x00\xff" "\x01\x00\x00\x00\x01\xff" "\xff\xff" "\x00\x00\xc0\x3f" "\x00\x00\x00\x00\x00\x00\x04\x40"
                    "\xc8\xff\xff\xff\xff\xff\xff\xff"),
    PLACE(AT_PLAIN, "\x01\x00\x00\x00\xfe\xff\xff\xff\x01\x00\x02\x00\x03\x00\x04\x00"),
    PLACE(AT_FLAT, "\x01\x02\x03\x04\x05\x06\x07\x08"),
    PLACE(AT_MODES, "\x80\x00\x01\x7f"),
    PLACE(AT_PAIRS, "\x01\xff\xff\xff\xff\xff\xff\xff\x08\x07\x06\x05\x04\x03\x02\x01" "\x02\xff\xff\xff\xff\xff\xff\xff\x02\x00\x00\x00\x00\x00\x00\x00"
                    "\x03\xff\xff\xff\xff\xff\xff\xff\x03\x00\x00\x00\x00\x00\x00\x00" "\x04\xff\xff\xff\xff\xff\xff\xff\x04\x00\x00\x00\x00\x00\x00\x00"),
    PLACE(AT_REALS, "\x00\x00\x00\x00\x00\x00\x04\x40\x00\x00\x00\x00\x00\x00\xf0\xbf"),
    PLACE(AT_TRUTHS, "\x01\x00\x01\x00\x01\x00\x01\x00"),
    PLACE(AT_WORDS, "\x01\x00\x00\x00\x02\x00\x00\x00\x03\x00\x00\x00"),
    PLACE(AT_INNERS, "\x01\x02\x05\x00\x81\xee" "\x00\x00\x00\x00\x00\xee"),
    PLACE(AT_SETS, "\x81\x01"),
    PLACE(AT_TEXT, "hello"),
    PLACE(AT_TEXT2, "ab"),
    PLACE(AT_URI, "coap://[::1]:5683/a/b"),
    PLACE(AT_BYTES, "\x01\x02\x03\x04"),
};

/* ---- the guest ---- */

static const uint32_t granted[CG_CALL_COUNT / 32 + 1] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
_Static_assert(CG_CALL_COUNT <= 96, "grant more");

void rig_open(rig_t *rig, path_t path)
{
    memset(rig, 0, sizeof *rig);
    world_reset();
    rig->path = path;
    rig->memory = malloc(MEMORY_SIZE);
    assert_non_null(rig->memory);
    memset(rig->memory, PREFILL, MEMORY_SIZE);
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        memcpy(rig->memory + places[i].at, places[i].bytes, places[i].size);
    }
    for (uint32_t i = 0; i < CG_TYPE_COUNT; i++) {
        rig->types[i] = (cg_type_grant_t){SLOTS, CG_RIGHTS_ALL};
    }
    for (uint32_t i = 0; i < CG_GUARD_COUNT; i++) {
        rig->guards[i].any = true;
    }
    rig->policy = (cg_policy_t){.guest = "test", .granted = granted, .guards = rig->guards, .types = rig->types, .calls = 1000, .bytes = 65536, .slots = SLOTS, .violation = CG_VIOLATION_ERROR};
    rig->config = (cg_guest_config_t){.vm = path == PATH_SMALL ? &cg_vm_small : &cg_vm_rbpf, .image = rig->memory, .image_size = MEMORY_SIZE};
    assert_int_equal(cg_guest_init(&rig->guest, &rig->config, &rig->policy, rig->storage, sizeof rig->storage), 0);
    int32_t result;
    assert_int_equal(cg_guest_run(&rig->guest, &result), CG_STOP_RETURNED); /* the budgets of an activation */
}

void rig_close(rig_t *rig)
{
    cg_guest_end(&rig->guest);
    free(rig->memory);
    assert_int_equal(world_out(), 0);
    assert_true(world_is_sound());
}

static uint64_t call_untyped(rig_t *rig, uint32_t call, const uint64_t *slots)
{
    uint64_t regs[11] = {0};
    const uint32_t count = cg_rows_le32[call].slots;
    memcpy(regs + 1, slots, 5 * sizeof *slots);
    if (count > CG_RBPF_SLOTS) {
        for (uint32_t i = 4; i < count; i++) {
            cg_store64(rig->memory + SPILL_AT + (size_t)8 * (i - 4), slots[i]);
        }
        regs[5] = SPILL_AT;
    }
    memcpy(rig->before, rig->memory, MEMORY_SIZE);
    const cg_rbpf_glue_t *glue = rig->guest.kind->glue;
    const bool goes_on = glue->call(&rig->guest, cg_set.numbers[call], regs);
    assert_int_equal(goes_on, rig->guest.ending == 0);
    return regs[0];
}

/* WebAssembly leaves anything in the upper half of a cell that carries 32 bits. */
static uint64_t call_typed(rig_t *rig, uint32_t call, const uint64_t *slots)
{
    uint64_t cells[16];
    for (uint32_t i = 0; i < 16; i++) {
        const bool is_wide = (cg_rows_le32[call].shape >> (2 * i) & 3u) == 2;
        const uint32_t halves[2] = {(uint32_t)slots[i], 0xdeadbeefu};
        cells[i] = slots[i];
        if (!is_wide) {
            memcpy(&cells[i], halves, sizeof halves);
        }
    }
    memcpy(rig->before, rig->memory, MEMORY_SIZE);
    return cg_row_call(&rig->guest, &cg_rows_le32[call], call, cells, CG_ROW_SLOTS_MAX, true);
}

int64_t rig_slots(rig_t *rig, uint32_t call, const uint64_t *slots)
{
    memcpy(rig->slots_before, rig->guest.slots, sizeof rig->slots_before);
    world.calls = 0;
    world.text[0] = '\0';
    const uint64_t result = rig->path == PATH_TYPED ? call_typed(rig, call, slots) : call_untyped(rig, call, slots);
    if (cg_rows_le32[call].form != CG_FORM_VALUE) {
        assert_true((uint64_t)(int64_t)(int32_t)(uint32_t)result == result);
    }
    return (int64_t)result;
}

int64_t rig_call(rig_t *rig, uint32_t call, int slot, uint64_t value)
{
    uint64_t slots[16];
    memcpy(slots, rig_good(call), sizeof slots);
    if (slot >= 0) {
        slots[slot] = value;
    }
    return rig_slots(rig, call, slots);
}

bool rig_is_unchanged(const rig_t *rig)
{
    return memcmp(rig->before, rig->memory, MEMORY_SIZE) == 0 && memcmp(rig->slots_before, rig->guest.slots, sizeof rig->slots_before) == 0;
}

uint64_t bits_of_float(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, 4);
    return bits;
}

uint64_t bits_of_double(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, 8);
    return bits;
}

const char *path_name(path_t path)
{
    static const char *const names[] = {"FAST", "SMALL", "typed"};
    return names[path];
}
