/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/vm.h - what the generator knows of a VM: the facts of its vm.yaml, nothing else.
 * Read by vm.c; used by plan.c and render.c. No VM is named anywhere in gen/. */
#ifndef GEN_VM_H
#define GEN_VM_H

#include "yaml/arena.h"
#include "yaml/diag.h"

#include <stdbool.h>
#include <stdint.h>

enum { VM_SLOTS_MAX = 16, VM_OUTPUTS_MAX = 16 };

typedef enum vm_number { VM_NUMBER_U32, VM_NUMBER_NAME, VM_NUMBER_SMALL } vm_number_t;
typedef enum vm_steps { VM_STEPS_INSTRUCTIONS, VM_STEPS_BRANCHES, VM_STEPS_HOOK, VM_STEPS_NONE } vm_steps_t;

/* One file that a VM's folder makes: template `from`, written to `to`, where {api} is replaced for outputs made once per API. */
typedef struct vm_output {
    const char *from, *to;
    bool per_api;
    const char *sdk; /* the guest language that it is for: "c", "rust", "assembly"; NULL: it is no SDK */
} vm_output_t;

typedef struct vm {
    const char *name;
    const char *folder;      /* where its files are read; NULL: embedded in the command */
    bool is_words;           /* `values: words`, else objects */
    uint32_t slot_bits;      /* 16, 32 or 64 */
    bool has_floats;         /* `kinds` lists f32 and f64: typed slots */
    bool has_typed;          /* `kinds` lists i32: a slot of at most 32 bits has no further bits */
    uint32_t slot_count;     /* 0: no limit but VM_SLOTS_MAX */
    bool has_spill;          /* `spill: block` */
    bool is_wide_high_first; /* `wide: high_low` */
    uint32_t address_bits;   /* 16 or 32 */
    bool is_big_endian;
    bool is_packed;          /* `align: none` */
    uint32_t handle_bits;    /* 31 or 15 */
    vm_number_t number;
    vm_steps_t steps;
    const char *suffix;      /* `files:`, or "" */
    bool has_c_guests;       /* `guests: c`: gets callgate.h and error.h, too */
    vm_output_t outputs[VM_OUTPUTS_MAX];
    uint32_t output_count;
} vm_t;

/* Read the facts from the text of a vm.yaml. NULL if it is at fault; diag says where. */
vm_t *vm_read(arena_t *arena, diag_t *diag, const char *file, const char *bytes, size_t size);

/* The first fact of a VM that can be planned for but not generated for yet, as its line in vm.yaml: "endian: big". NULL if there is none.
 * What is made for such a VM would compile and be wrong. */
const char *vm_not_generated(const vm_t *vm);

/* The class of bodies, rows and catalogs that a VM shares with all VMs of the same memory and results: "le32", "be16p" ...; where slots or handles are not as wide as
 * addresses let expect, that is said, too. */
const char *vm_class(arena_t *arena, const vm_t *vm);

/* Whether `size` bytes of `text` are the name of a guest language. */
bool vm_is_sdk(const char *text, size_t size);

#endif
