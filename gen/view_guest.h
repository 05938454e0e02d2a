/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_guest.h - what the guest languages beside C share: how a language spells what the view has, and the words that it reserves.
 * view_rust.c and view_assembly.c fill in a spelling each where a VM has an SDK for the language; templates of the VMs print them. Nothing here decides what travels. */
#ifndef GEN_VIEW_GUEST_H
#define GEN_VIEW_GUEST_H

#include "gen/view.h"

/* Words that a language reserves, in the order of strcmp. */
typedef struct guest_words {
    const char *const *at;
    size_t count;
} guest_words_t;

/* The name, with an underscore behind if the language reserves it. No name of a description ends in one, so nothing meets. */
const char *guest_name(view_maker_t *m, const guest_words_t *words, const char *name);

/* A name of a type: sense_temp is SenseTemp; sense_2 stays Sense_2, for sense2 is Sense2. */
const char *guest_camel(view_maker_t *m, const guest_words_t *words, const char *name);

/* "u8", "i32", "f64": the same in Rust and in AssemblyScript. */
const char *guest_scalar(model_kind_t kind);

/* The type of a slot of a WebAssembly import: u32, u64, f32, f64. */
const char *guest_slot(plan_slot_kind_t kind);

/* A guest language beside C: how it fills in its spelling of a part of the view, whose other fields are filled in before. NULL: it has none of that part. */
typedef struct guest_language {
    const char *sdk; /* as `sdk:` in vm.yaml */
    void (*value)(view_maker_t *m, const model_type_t *type, view_value_t *view);
    void (*constant)(view_maker_t *m, const model_api_t *api, const model_constant_t *constant, view_constant_t *view);
    void (*error)(view_maker_t *m, view_error_t *view);
    void (*field)(view_maker_t *m, const model_item_t *item, view_item_t *view);
    void (*type)(view_maker_t *m, const model_type_t *type, view_type_t *view);
    void (*call)(view_maker_t *m, const plan_call_t *call, view_call_t *view);
    void (*event)(view_maker_t *m, const model_event_t *event, view_event_t *view);
    void (*api)(view_maker_t *m, view_api_t *view);
} guest_language_t;

extern const guest_language_t rust_language, assembly_language;

/* From here on spell what this VM has SDKs for. */
void guest_want(view_maker_t *m, const vm_t *vm);
bool guest_is_wanted(const view_maker_t *m, const char *sdk);

/* Each language that is wanted spells the part. */
void guest_value(view_maker_t *m, const model_type_t *type, view_value_t *view);
void guest_constant(view_maker_t *m, const model_api_t *api, const model_constant_t *constant, view_constant_t *view);
void guest_error(view_maker_t *m, view_error_t *view);
void guest_field(view_maker_t *m, const model_item_t *item, view_item_t *view);
void guest_type(view_maker_t *m, const model_type_t *type, view_type_t *view);
void guest_call(view_maker_t *m, const plan_call_t *call, view_call_t *view);
void guest_event(view_maker_t *m, const model_event_t *event, view_event_t *view);
void guest_api(view_maker_t *m, view_api_t *view);

#endif
