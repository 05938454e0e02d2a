/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_guest.c - the guest languages beside C: the table of them, who is asked to spell, and the names and scalar types that they share.
 * Called by the makers of views, and by view_rust*.c and view_assembly*.c. */
#include "gen/view_guest.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *name, const void *word)
{
    return strcmp(name, *(const char *const *)word);
}

const char *guest_name(view_maker_t *m, const guest_words_t *words, const char *name)
{
    const bool is_reserved = bsearch(name, words->at, words->count, sizeof *words->at, compare) != NULL;
    return is_reserved ? arena_printf(m->arena, "%s_", name) : name;
}

const char *guest_camel(view_maker_t *m, const guest_words_t *words, const char *name)
{
    char *camel = arena_text(m->arena, name, strlen(name));
    size_t used = 0;
    bool is_first = true;
    for (const char *c = name; *c != '\0'; c++) {
        if (*c == '_' && !isdigit((unsigned char)c[1])) {
            is_first = true;
            continue;
        }
        camel[used++] = is_first ? (char)toupper((unsigned char)*c) : *c;
        is_first = false;
    }
    camel[used] = '\0';
    return guest_name(m, words, camel);
}

const char *guest_scalar(model_kind_t kind)
{
    static const char *const names[] = {"bool", "u8", "u16", "u32", "u64", "i8", "i16", "i32", "i64", "f32", "f64"};
    return kind <= MODEL_F64 ? names[kind] : "u8"; /* bytes and texts are buffers of these */
}

const char *guest_slot(plan_slot_kind_t kind)
{
    switch (kind) {
    case PLAN_SLOT_I32:
        return "u32";
    case PLAN_SLOT_INT:
    case PLAN_SLOT_I64:
        return "u64";
    case PLAN_SLOT_F32:
        return "f32";
    case PLAN_SLOT_F64:
        return "f64";
    }
    return "u32";
}

/* ---- which languages ---- */

static const guest_language_t *const languages[] = {&rust_language, &assembly_language};
enum { LANGUAGES = sizeof languages / sizeof languages[0] };

void guest_want(view_maker_t *m, const vm_t *vm)
{
    for (uint32_t i = 0; i < vm->output_count; i++) {
        for (unsigned k = 0; k < LANGUAGES && vm->outputs[i].sdk != NULL; k++) {
            m->languages |= (uint32_t)(strcmp(vm->outputs[i].sdk, languages[k]->sdk) == 0) << k;
        }
    }
}

bool guest_is_wanted(const view_maker_t *m, const char *sdk)
{
    for (unsigned k = 0; k < LANGUAGES; k++) {
        if (strcmp(languages[k]->sdk, sdk) == 0) {
            return (m->languages >> k & 1u) != 0;
        }
    }
    return false;
}

/* Call `part` of each language that is wanted and has it. */
#define EACH(m, part, ...)                                                   \
    for (unsigned k = 0; k < LANGUAGES; k++) {                               \
        if (((m)->languages >> k & 1u) != 0 && languages[k]->part != NULL) { \
            languages[k]->part((m), __VA_ARGS__);                            \
        }                                                                    \
    }

void guest_value(view_maker_t *m, const model_type_t *type, view_value_t *view)
{
    EACH(m, value, type, view);
}

void guest_constant(view_maker_t *m, const model_api_t *api, const model_constant_t *constant, view_constant_t *view)
{
    EACH(m, constant, api, constant, view);
}

void guest_error(view_maker_t *m, view_error_t *view)
{
    EACH(m, error, view);
}

void guest_field(view_maker_t *m, const model_item_t *item, view_item_t *view)
{
    EACH(m, field, item, view);
}

void guest_type(view_maker_t *m, const model_type_t *type, view_type_t *view)
{
    EACH(m, type, type, view);
}

void guest_call(view_maker_t *m, const plan_call_t *call, view_call_t *view)
{
    EACH(m, call, call, view);
}

void guest_event(view_maker_t *m, const model_event_t *event, view_event_t *view)
{
    EACH(m, event, event, view);
}

void guest_api(view_maker_t *m, view_api_t *view)
{
    EACH(m, api, view);
}
