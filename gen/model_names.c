/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_names.c - the names that a description gets in C, and that no two of them meet.
 * `saul_read`, `saul_unit_t`, `SAUL_NAME_MAX`, `SAUL_UNIT_LUX`, `SAUL_ERR_IO`, `saul_device_close`: several patterns share one name space, so
 * names that differ in a description may be the same in C. Templates use these patterns; this file must know all of them. */
#include "gen/model_inner.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

typedef struct names_entry {
    const char *name; /* in C */
    const char *what; /* "call", "value" */
    const char *word; /* in the description */
    yaml_pos_t at;
    uint32_t order; /* of adding: what came first is the one that stays */
} names_entry_t;

typedef struct names {
    arena_t *arena;
    names_entry_t *entries;
    uint32_t count, room;
} names_t;

/* prefix_middle_word_suffix with empty parts left out; upper case if asked. */
static const char *names_join(arena_t *arena, const char *const parts[4], bool is_upper)
{
    size_t size = 0;
    for (size_t i = 0; i < 4; i++) {
        size += parts[i] != NULL ? strlen(parts[i]) + 1 : 0;
    }
    char *name = arena_alloc(arena, size + 1), *at = name;
    for (size_t i = 0; i < 4; i++) {
        if (parts[i] == NULL) {
            continue;
        }
        if (at != name) {
            *at++ = '_';
        }
        for (const char *c = parts[i]; *c != '\0'; c++) {
            *at++ = (char)(is_upper ? toupper((unsigned char)*c) : *c);
        }
    }
    return name;
}

static void names_add(names_t *names, const char *what, const char *word, yaml_pos_t at, bool is_upper, const char *const parts[4])
{
    if (names->count == names->room) {
        names->room = names->room == 0 ? 64 : names->room * 2;
        names->entries = arena_grow(names->entries, names->room, sizeof(names_entry_t));
    }
    names->entries[names->count] = (names_entry_t){names_join(names->arena, parts, is_upper), what, word, at, names->count};
    names->count++;
}

static void names_add_type(names_t *names, const char *api, const model_type_t *type)
{
    names_add(names, "type", type->name, type->at, false, (const char *const[4]){api, type->name, "t", NULL});
    if (type->is_handle) {
        names_add(names, "handle type", type->name, type->at, false, (const char *const[4]){api, type->name, "close", NULL});
    }
    if (type->is_owned) {
        names_add(names, "handle type", type->name, type->at, false, (const char *const[4]){api, type->name, "release", NULL});
    }
    for (uint32_t i = 0; i < type->value_count; i++) {
        const model_value_t *value = &type->values[i];
        names_add(names, "value", value->name, value->at, true, (const char *const[4]){api, type->name, value->name, NULL});
    }
}

/* Generated code has names made of a call and one of its arguments: those of guards and of lists. */
static void names_add_call(names_t *names, const char *api, const model_call_t *call)
{
    names_add(names, call->accessor == MODEL_ACCESSOR_NONE ? "call" : "accessor", call->name, call->at, false,
              (const char *const[4]){api, call->name, NULL, NULL});
    for (uint32_t i = 0; i < call->args.count; i++) {
        const model_item_t *arg = &call->args.at[i];
        if (arg->guard) {
            names_add(names, "guarded argument", arg->name, arg->at, true, (const char *const[4]){"cg_guard", api, call->name, arg->name});
        }
        if (arg->use.kind == MODEL_LIST) {
            names_add(names, "list", arg->name, arg->at, false, (const char *const[4]){"list", api, call->name, arg->name});
        }
    }
}

static void names_add_api(names_t *names, const model_api_t *api)
{
    /* Words too common to be kept from all APIs (model_text.c does that with others) for one macro of ours each. */
    if (strcmp(api->name, "big") == 0) {
        names_add(names, "a macro of callgate beside API", api->name, api->at, true, (const char *const[4]){"big", "endian", NULL, NULL});
    }
    if (strcmp(api->name, "no") == 0) {
        names_add(names, "a macro of callgate beside API", api->name, api->at, true, (const char *const[4]){"no", "catalog", NULL, NULL});
    }
    names_add(names, "the digest of", api->name, api->at, true, (const char *const[4]){api->name, "digest", NULL, NULL});
    for (uint32_t i = 0; i < api->type_count; i++) {
        names_add_type(names, api->name, &api->types[i]);
    }
    for (uint32_t i = 0; i < api->constant_count; i++) {
        const model_constant_t *constant = &api->constants[i];
        names_add(names, "constant", constant->name, constant->at, true, (const char *const[4]){api->name, constant->name, NULL, NULL});
    }
    for (uint32_t i = 0; i < api->error_count; i++) {
        const model_error_t *error = &api->errors[i];
        names_add(names, "error", error->name, error->at, true, (const char *const[4]){api->name, "err", error->name, NULL});
    }
    for (uint32_t i = 0; i < api->call_count; i++) {
        names_add_call(names, api->name, &api->calls[i]);
    }
    for (uint32_t i = 0; i < api->event_count; i++) {
        const model_event_t *event = &api->events[i];
        names_add(names, "event", event->name, event->at, false, (const char *const[4]){"on", api->name, event->name, NULL});
        names_add(names, "event", event->name, event->at, false, (const char *const[4]){"post", api->name, event->name, NULL});
        names_add(names, "event", event->name, event->at, false, (const char *const[4]){api->name, event->name, "t", NULL});
        names_add(names, "event", event->name, event->at, false, (const char *const[4]){api->name, event->name, "of", NULL});
        names_add(names, "event", event->name, event->at, true, (const char *const[4]){api->name, "event", event->name, NULL});
    }
}

static int names_compare(const void *left, const void *right)
{
    const names_entry_t *a = left, *b = right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : a->order < b->order ? -1 : 1;
}

/* Tell each pair of neighbours; returns whether all names differ. */
static bool names_check(diag_t *diag, names_t *names)
{
    bool is_good = true;
    if (names->count > 1) {
        qsort(names->entries, names->count, sizeof names->entries[0], names_compare);
    }
    for (uint32_t i = 1; i < names->count; i++) {
        const names_entry_t *first = &names->entries[i - 1], *again = &names->entries[i];
        if (strcmp(first->name, again->name) != 0) {
            continue;
        }
        diag_rule_error(diag, model_rule_number(MODEL_RULE_C_NAME), again->at, "%s '%s' would be '%s' in C, and so would %s '%s'", again->what,
                        again->word,
                        again->name, first->what, first->word);
        diag_note(diag, first->at, "%s '%s' is here", first->what, first->word);
        is_good = false;
    }
    free(names->entries);
    return is_good;
}

void model_check_names(model_reader_t *reader)
{
    names_t names = {.arena = reader->arena};
    names_add_api(&names, reader->api);
    (void)names_check(reader->diag, &names);
}

static bool set_check_pair(diag_t *diag, const model_api_t *first, const model_api_t *again)
{
    const bool is_name = strcmp(first->name, again->name) == 0;
    if (!is_name && first->id != again->id) {
        return true;
    }
    if (is_name) {
        diag_rule_error(diag, model_rule_number(MODEL_RULE_API_TWICE), again->at, "there are two APIs '%s' in this run", again->name);
    } else {
        diag_rule_error(diag, model_rule_number(MODEL_RULE_API_TWICE), again->at, "API '%s' has the id %u of '%s'", again->name,
                        (unsigned)again->id, first->name);
    }
    diag_note(diag, first->at, "'%s' is here", first->name);
    return false;
}

/* APIs in order of id or name, so that only neighbours need to be compared: a run may have thousands of files. */
static int set_compare_ids(const void *left, const void *right)
{
    const model_api_t *a = *(const model_api_t *const *)left, *b = *(const model_api_t *const *)right;
    return a->id != b->id ? (a->id < b->id ? -1 : 1) : a->at.source->order < b->at.source->order ? -1 : 1;
}

static int set_compare_names(const void *left, const void *right)
{
    const model_api_t *a = *(const model_api_t *const *)left, *b = *(const model_api_t *const *)right;
    const int order = strcmp(a->name, b->name);
    return order != 0 ? order : a->at.source->order < b->at.source->order ? -1 : 1;
}

bool model_check_set(diag_t *diag, model_api_t *const *apis, size_t count)
{
    bool is_good = true;
    if (count < 2) {
        return true;
    }
    arena_t arena;
    arena_init(&arena);
    model_api_t **sorted = arena_array(&arena, count, sizeof *sorted);
    memcpy(sorted, apis, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, set_compare_names);
    for (size_t i = 1; i < count; i++) {
        is_good = (strcmp(sorted[i]->name, sorted[i - 1]->name) != 0 || set_check_pair(diag, sorted[i - 1], sorted[i])) && is_good;
    }
    qsort(sorted, count, sizeof *sorted, set_compare_ids);
    for (size_t i = 1; i < count; i++) {
        const bool is_told = strcmp(sorted[i]->name, sorted[i - 1]->name) == 0;
        is_good = (is_told || set_check_pair(diag, sorted[i - 1], sorted[i])) && is_good;
    }
    if (is_good) { /* two APIs of the same name would repeat every name */
        names_t names = {.arena = &arena};
        for (size_t i = 0; i < count; i++) {
            names_add_api(&names, apis[i]);
        }
        is_good = names_check(diag, &names);
    }
    arena_free(&arena);
    return is_good;
}
