/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_guest.c - names and scalar types of the guest languages beside C. Called by view_rust*.c and view_assembly*.c. */
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
