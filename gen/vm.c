/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/vm.c - read a vm.yaml into facts. */
#include "gen/vm.h"

#include "yaml/kit.h"

#include <string.h>

typedef struct reader {
    arena_t *arena;
    diag_t *diag;
    vm_t *vm;
    bool is_good;
} reader_t;

typedef struct word {
    const char *text;
    int value;
} word_t;

enum { KEY_VM, KEY_VALUES, KEY_SLOT, KEY_WIDE, KEY_MEMORY, KEY_HANDLE, KEY_NUMBER, KEY_STEPS, KEY_GUESTS, KEY_FILES, KEY_OUTPUTS, KEY_COUNT };
static const yaml_key_t vm_keys[] = {
    {"vm", true, NULL, "Name of the VM."},
    {"values", true, NULL, "words or objects."},
    {"slot", true, NULL, "The slots of a call."},
    {"wide", true, NULL, "Order of the parts of a value wider than a slot."},
    {"memory", true, NULL, "Guest memory."},
    {"handle", true, NULL, "Bits of a handle: 31 or 15."},
    {"number", true, NULL, "How calls are named."},
    {"steps", true, NULL, "What the budget counts."},
    {"guests", false, NULL, "c (the default): the SDK is for C and has the common headers, too; or own."},
    {"files", false, NULL, "What files of its programs end in, where these are text, such as .txt"},
    {"outputs", true, NULL, "The files made from this folder's templates."},
};
static const yaml_table_t vm_table = {"a VM's facts", vm_keys, KEY_COUNT};

enum { SLOT_BITS, SLOT_KINDS, SLOT_COUNT, SLOT_SPILL, SLOT_KEYS };
static const yaml_key_t slot_keys[] = {
    {"bits", true, NULL, NULL}, {"kinds", true, NULL, NULL}, {"count", false, NULL, NULL}, {"spill", false, NULL, NULL},
};
static const yaml_table_t slot_table = {"'slot'", slot_keys, SLOT_KEYS};

enum { MEMORY_ADDRESS, MEMORY_ENDIAN, MEMORY_ALIGN, MEMORY_KEYS };
static const yaml_key_t memory_keys[] = {
    {"address", true, NULL, NULL}, {"endian", true, NULL, NULL}, {"align", true, NULL, NULL},
};
static const yaml_table_t memory_table = {"'memory'", memory_keys, MEMORY_KEYS};

enum { OUTPUT_FROM, OUTPUT_TO, OUTPUT_PER, OUTPUT_SDK, OUTPUT_KEYS };
static const yaml_key_t output_keys[] = {
    {"from", true, NULL, NULL}, {"to", true, NULL, NULL}, {"per", false, NULL, NULL}, {"sdk", false, NULL, NULL},
};
static const yaml_table_t output_table = {"an output", output_keys, OUTPUT_KEYS};

/* The guest languages that there are SDKs for. */
static const word_t sdk_words[] = {{"c", 0}, {"rust", 1}, {"assembly", 2}};

/* The value of one of a few words; anything else is an error that lists them. */
static int one_of(reader_t *r, const yaml_node_t *node, const char *what, const word_t *words, size_t count)
{
    const char *text = NULL;
    if (node == NULL) {
        return words[0].value;
    }
    if (!yaml_want_text(r->diag, node, what, &text)) {
        r->is_good = false;
        return words[0].value;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].text, text) == 0) {
            return words[i].value;
        }
    }
    r->is_good = false;
    diag_error(r->diag, node->at, "%s is '%s'", what, text);
    char *list = arena_text(r->arena, "", 0);
    for (size_t i = 0; i < count; i++) {
        list = arena_printf(r->arena, "%s%s%s", list, i == 0 ? "" : ", ", words[i].text);
    }
    diag_help(r->diag, "it is one of: %s", list);
    return words[0].value;
}

#define ONE_OF(r, node, what, words) one_of(r, node, what, words, sizeof(words) / sizeof((words)[0]))

static uint32_t number(reader_t *r, const yaml_node_t *node, const char *what, int64_t min, int64_t max)
{
    int64_t value = min;
    if (node != NULL && !yaml_want_between(r->diag, node, what, min, max, &value)) {
        r->is_good = false;
    }
    return (uint32_t)value;
}

static uint32_t either(reader_t *r, const yaml_node_t *node, const char *what, const uint32_t *choices)
{
    const uint32_t value = number(r, node, what, 1, 64);
    for (; *choices != 0; choices++) {
        if (*choices == value) {
            return value;
        }
    }
    if (node != NULL && r->is_good) {
        diag_error(r->diag, node->at, "%s cannot be %u", what, value);
        r->is_good = false;
    }
    return value;
}

static const char *text(reader_t *r, const yaml_node_t *node, const char *what)
{
    const char *value = "";
    if (node != NULL && !yaml_want_text(r->diag, node, what, &value)) {
        r->is_good = false;
    }
    return arena_text(r->arena, value, strlen(value));
}

static void kinds_read(reader_t *r, const yaml_node_t *list)
{
    enum { KIND_INT, KIND_I32, KIND_I64, KIND_F32, KIND_F64, KIND_CELL };
    static const word_t words[] = {{"int", KIND_INT}, {"i32", KIND_I32}, {"i64", KIND_I64}, {"f32", KIND_F32}, {"f64", KIND_F64}, {"cell", KIND_CELL}};
    if (!yaml_want(r->diag, list, YAML_LIST, "'kinds'")) {
        r->is_good = false;
        return;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        const int kind = ONE_OF(r, list->kids[i], "a kind of slot", words);
        r->vm->has_typed |= kind == KIND_I32;
        r->vm->has_floats |= kind == KIND_F32 || kind == KIND_F64;
    }
}

static void slot_read(reader_t *r, const yaml_node_t *node)
{
    static const uint32_t bits[] = {16, 32, 64, 0};
    static const word_t spills[] = {{"none", 0}, {"block", 1}};
    const yaml_node_t *v[SLOT_KEYS];
    if (!yaml_keys(r->diag, node, &slot_table, v)) {
        r->is_good = false;
        return;
    }
    r->vm->slot_bits = either(r, v[SLOT_BITS], "'bits'", bits);
    r->vm->slot_count = v[SLOT_COUNT] == NULL ? 0 : number(r, v[SLOT_COUNT], "'count'", 2, VM_SLOTS_MAX);
    r->vm->has_spill = ONE_OF(r, v[SLOT_SPILL], "'spill'", spills) != 0;
    kinds_read(r, v[SLOT_KINDS]);
}

static void memory_read(reader_t *r, const yaml_node_t *node)
{
    static const uint32_t bits[] = {16, 32, 0};
    static const word_t endians[] = {{"little", 0}, {"big", 1}};
    static const word_t aligns[] = {{"natural", 0}, {"none", 1}};
    const yaml_node_t *v[MEMORY_KEYS];
    if (!yaml_keys(r->diag, node, &memory_table, v)) {
        r->is_good = false;
        return;
    }
    r->vm->address_bits = either(r, v[MEMORY_ADDRESS], "'address'", bits);
    r->vm->is_big_endian = ONE_OF(r, v[MEMORY_ENDIAN], "'endian'", endians) != 0;
    r->vm->is_packed = ONE_OF(r, v[MEMORY_ALIGN], "'align'", aligns) != 0;
}

/* The name of one file or folder, of characters that mean nothing to shells, terminals and file systems. */
static bool is_plain_name(const char *name, size_t size)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-{}";
    const bool is_dots = size <= 2 && strspn(name, ".") >= size;
    return size > 0 && !is_dots && strspn(name, plain) >= size;
}

/* A path of a file that stays below the output folder. */
static bool is_inside(const char *path)
{
    size_t size = strcspn(path, "/");
    while (is_plain_name(path, size) && path[size] == '/') {
        path += size + 1;
        size = strcspn(path, "/");
    }
    return is_plain_name(path, size) && path[size] == '\0';
}

static void output_read(reader_t *r, const yaml_node_t *node)
{
    static const word_t pers[] = {{"set", 0}, {"api", 1}};
    const yaml_node_t *v[OUTPUT_KEYS];
    if (r->vm->output_count == VM_OUTPUTS_MAX) {
        diag_error(r->diag, node->at, "a VM has at most %d outputs", VM_OUTPUTS_MAX);
        r->is_good = false;
        return;
    }
    if (!yaml_keys(r->diag, node, &output_table, v)) {
        r->is_good = false;
        return;
    }
    vm_output_t *output = &r->vm->outputs[r->vm->output_count++];
    output->from = text(r, v[OUTPUT_FROM], "'from'");
    output->to = text(r, v[OUTPUT_TO], "'to'");
    if (v[OUTPUT_SDK] != NULL) {
        output->sdk = sdk_words[ONE_OF(r, v[OUTPUT_SDK], "'sdk'", sdk_words)].text;
    }
    output->per_api = ONE_OF(r, v[OUTPUT_PER], "'per'", pers) != 0;
    if (r->is_good && (!is_inside(output->to) || !is_plain_name(output->from, strlen(output->from)))) {
        diag_error(r->diag, node->at, "an output leaves its folder, or has characters that no file of ours has");
        diag_help(r->diag, "'from' is a file name, 'to' a path below the output folder, of letters, digits, _ . - and {api} {class} {vm}");
        r->is_good = false;
    }
}

static void outputs_read(reader_t *r, const yaml_node_t *list)
{
    if (!yaml_want(r->diag, list, YAML_LIST, "'outputs'")) {
        r->is_good = false;
        return;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        output_read(r, list->kids[i]);
    }
}

vm_t *vm_read(arena_t *arena, diag_t *diag, const char *file, const char *bytes, size_t size)
{
    static const word_t values[] = {{"words", 1}, {"objects", 0}};
    static const word_t wides[] = {{"low_high", 0}, {"high_low", 1}};
    static const word_t numbers[] = {{"u32", VM_NUMBER_U32}, {"name", VM_NUMBER_NAME}, {"small", VM_NUMBER_SMALL}};
    static const word_t steps[] = {{"instructions", VM_STEPS_INSTRUCTIONS}, {"branches", VM_STEPS_BRANCHES}, {"hook", VM_STEPS_HOOK}, {"none", VM_STEPS_NONE}};
    static const word_t guests[] = {{"c", 1}, {"own", 0}};
    static const uint32_t handles[] = {15, 31, 0};
    reader_t r = {arena, diag, arena_alloc(arena, sizeof(vm_t)), true};
    const yaml_node_t *v[KEY_COUNT];
    const yaml_node_t *root = yaml_read(arena, diag, file, bytes, size, YAML_SIZE_MAX);
    if (root == NULL || !yaml_keys(diag, root, &vm_table, v)) {
        return NULL;
    }
    r.vm->name = yaml_want_name(diag, v[KEY_VM], "'vm'", 40) ? v[KEY_VM]->text : "";
    r.vm->is_words = ONE_OF(&r, v[KEY_VALUES], "'values'", values) != 0;
    r.vm->is_wide_high_first = ONE_OF(&r, v[KEY_WIDE], "'wide'", wides) != 0;
    r.vm->handle_bits = either(&r, v[KEY_HANDLE], "'handle'", handles);
    r.vm->number = (vm_number_t)ONE_OF(&r, v[KEY_NUMBER], "'number'", numbers);
    r.vm->steps = (vm_steps_t)ONE_OF(&r, v[KEY_STEPS], "'steps'", steps);
    r.vm->has_c_guests = ONE_OF(&r, v[KEY_GUESTS], "'guests'", guests) != 0;
    r.vm->suffix = text(&r, v[KEY_FILES], "'files'");
    slot_read(&r, v[KEY_SLOT]);
    memory_read(&r, v[KEY_MEMORY]);
    outputs_read(&r, v[KEY_OUTPUTS]);
    return r.is_good && r.vm->name[0] != '\0' ? r.vm : NULL;
}

bool vm_is_sdk(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof sdk_words / sizeof sdk_words[0]; i++) {
        if (strlen(sdk_words[i].text) == size && memcmp(sdk_words[i].text, text, size) == 0) {
            return true;
        }
    }
    return false;
}

const char *vm_not_generated(const vm_t *vm)
{
    const struct {
        bool is_so;
        const char *fact;
    } facts[] = {
        {vm->slot_bits == 32, "bits: 32"},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (facts[i].is_so) {
            return facts[i].fact;
        }
    }
    return NULL;
}

const char *vm_class(arena_t *arena, const vm_t *vm)
{
    const bool has_short_slots = vm->slot_bits == 16;
    const bool has_short_addresses = vm->address_bits == 16;
    const char *slots = has_short_slots == has_short_addresses ? "" : has_short_slots ? "s16" : "s32";
    const char *handles = (vm->handle_bits == 15) == has_short_addresses ? "" : vm->handle_bits == 15 ? "h15" : "h31";
    return arena_printf(arena, "%s%u%s%s%s", vm->is_big_endian ? "be" : "le", vm->address_bits, vm->is_packed ? "p" : "", slots, handles);
}
