/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_guest.h - what the guest languages beside C share: how a language spells what the view has, and the words that it reserves.
 * view_rust.c and view_assembly.c fill in a spelling each; templates of the VMs print them. Nothing here knows a VM or decides what travels. */
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

/* Fill in how each language writes it. The parts of it are filled in before. */
void rust_value(view_maker_t *m, view_value_t *value);
void rust_constant(view_maker_t *m, const model_constant_t *constant, view_constant_t *view);
void rust_error(view_maker_t *m, view_error_t *error);
void rust_field(view_maker_t *m, const model_item_t *item, view_item_t *view);
void rust_type(view_maker_t *m, const model_type_t *type, view_type_t *view);
void rust_call(view_maker_t *m, const plan_call_t *call, view_call_t *view);
void rust_event(view_maker_t *m, const model_event_t *event, view_event_t *view);
void rust_api(view_maker_t *m, view_api_t *view);

void assembly_value(view_maker_t *m, const model_type_t *type, view_value_t *value);
void assembly_constant(view_maker_t *m, const model_api_t *api, const model_constant_t *constant, view_constant_t *view);
void assembly_field(view_maker_t *m, const model_item_t *item, view_item_t *view);
void assembly_type(view_maker_t *m, const model_type_t *type, view_type_t *view);
void assembly_call(view_maker_t *m, const plan_call_t *call, view_call_t *view);
void assembly_event(view_maker_t *m, const model_event_t *event, view_event_t *view);

#endif
