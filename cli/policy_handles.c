/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_handles.c - `handles`: how many objects of each type a guest may hold, and with which rights.
 * Also sizes the table of handles. Never gives a type more than the table holds. */
#include "policy_inner.h"

#include <string.h>

enum { KEY_MAX, KEY_RIGHTS, KEY_COUNT };

static const yaml_key_t handle_keys[KEY_COUNT] = {[KEY_MAX] = {.name = "max"}, [KEY_RIGHTS] = {.name = "rights"}};
static const yaml_table_t handle_table = {"a handle type", handle_keys, KEY_COUNT};

static const struct {
    const char *name;
    uint8_t right;
} policy_rights[] = {{"read", CG_READ}, {"write", CG_WRITE}, {"exec", CG_EXEC}};

enum { RIGHT_COUNT = sizeof policy_rights / sizeof policy_rights[0], MAX_UNSET = UINT16_MAX };

static uint8_t policy_right(policy_reader_t *reader, const yaml_node_t *node)
{
    const char *name = NULL;
    if (!yaml_want_text(reader->diag, node, "a right", &name)) {
        return 0;
    }
    yaml_near_t near;
    yaml_near_init(&near, name);
    for (uint32_t i = 0; i < RIGHT_COUNT; i++) {
        if (strcmp(policy_rights[i].name, name) == 0) {
            return policy_rights[i].right;
        }
        yaml_near_try(&near, policy_rights[i].name);
    }
    diag_error(reader->diag, node->at, "there is no right '%s'; the rights are read, write and exec", name);
    yaml_near_help(reader->diag, &near);
    return 0;
}

/* The rights that granted calls need of handles of a type. */
static uint8_t policy_needed(const policy_reader_t *reader, const cg_type_info_t *type)
{
    uint8_t needed = 0;
    for (uint32_t i = 0; i < reader->catalog->api_count; i++) {
        const cg_api_info_t *api = &reader->catalog->apis[i];
        for (uint32_t k = 0; k < api->call_count; k++) {
            const cg_call_info_t *call = &api->calls[k];
            for (uint32_t n = 0; policy_grants(&reader->policy->gate, call->index) && n < call->arg_count; n++) {
                const cg_item_info_t *arg = &call->args[n];
                needed |= arg->kind == CG_KIND_HANDLE && arg->type == type && arg->direction == CG_IN ? call->needs : 0;
            }
        }
    }
    return needed;
}

static void policy_read_rights(policy_reader_t *reader, const cg_api_info_t *api, const cg_type_info_t *type, const yaml_node_t *list)
{
    if (!yaml_want(reader->diag, list, YAML_LIST, "'rights'")) {
        return;
    }
    if (list->count == 0) {
        diag_error(reader->diag, list->at, "a handle without any right is of no use");
        diag_help(reader->diag, "name rights, or write max: 0 so that the guest gets no such handle");
        return;
    }
    const uint8_t needed = policy_needed(reader, type);
    uint8_t rights = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const uint8_t right = policy_right(reader, list->kids[i]);
        if ((rights & right) != 0) {
            diag_error(reader->diag, list->kids[i]->at, "the right '%s' is listed twice", list->kids[i]->text);
        } else if (right != 0 && (needed & right) == 0) {
            warning_add(&reader->policy->warnings, reader->arena, list->kids[i]->at, "no granted call needs the right '%s' of '%s.%s'",
                        list->kids[i]->text, api->name, type->name);
        }
        rights |= right;
    }
    reader->types[type->number].rights = rights;
}

/* Returns the handles to make room for. */
static uint32_t policy_take_type(policy_reader_t *reader, const cg_api_info_t *api, const cg_type_info_t *type, const yaml_node_t *node)
{
    const yaml_node_t *values[KEY_COUNT];
    int64_t max = 0;
    if (!yaml_keys(reader->diag, node, &handle_table, values)) {
        return 0;
    }
    if (values[KEY_RIGHTS] != NULL) {
        policy_read_rights(reader, api, type, values[KEY_RIGHTS]);
    }
    if (values[KEY_MAX] == NULL || !yaml_want_between(reader->diag, values[KEY_MAX], "'max'", 0, POLICY_SLOTS_MAX, &max)) {
        return 0;
    }
    reader->types[type->number].max = (uint16_t)max;
    return (uint32_t)max;
}

static const cg_type_info_t *policy_handle_type(policy_reader_t *reader, const yaml_node_t *key, const cg_api_info_t **api)
{
    policy_path_t path;
    if (!policy_path(reader, key, 2, "api.type", &path)) {
        return NULL;
    }
    *api = policy_api(reader, key, path.parts[0]);
    if (*api == NULL) {
        return NULL;
    }
    const cg_type_info_t *type = catalog_handle_type(*api, path.parts[1]);
    if (type != NULL) {
        return type;
    }
    diag_error(reader->diag, key->at, "the API '%s' has no handle type '%s'", (*api)->name, path.parts[1]);
    yaml_near_t near;
    yaml_near_init(&near, path.parts[1]);
    for (uint32_t i = 0; i < (*api)->type_count; i++) {
        if ((*api)->types[i]->kind == CG_KIND_HANDLE) {
            yaml_near_try(&near, (*api)->types[i]->name);
        }
    }
    yaml_near_help(reader->diag, &near);
    return NULL;
}

static uint16_t policy_round_up(uint32_t count)
{
    uint32_t slots = 2; /* the gate's smallest table */
    while (slots < count) {
        slots *= 2;
    }
    return (uint16_t)slots;
}

/* The table has room for all that is named, or for a few where no number is given. */
static void policy_size_table(policy_reader_t *reader, uint32_t sum)
{
    cg_policy_t *gate = &reader->policy->gate;
    bool is_sized = false;
    for (uint32_t i = 0; i < reader->catalog->set->type_count; i++) {
        is_sized = is_sized || reader->types[i].max != MAX_UNSET;
    }
    gate->slots = is_sized ? policy_round_up(sum) : POLICY_SLOTS;
    for (uint32_t i = 0; i < reader->catalog->set->type_count; i++) {
        if (reader->types[i].max == MAX_UNSET) {
            reader->types[i].max = gate->slots;
        }
    }
}

void policy_read_handles(policy_reader_t *reader, const yaml_node_t *handles)
{
    if (handles == NULL || !yaml_want(reader->diag, handles, YAML_MAP, "'handles'")) {
        return;
    }
    for (uint32_t i = 0; i < reader->catalog->set->type_count; i++) {
        reader->types[i] = (cg_type_grant_t){.max = MAX_UNSET, .rights = CG_RIGHTS_ALL};
    }
    uint32_t sum = 0;
    for (uint32_t i = 0; i < handles->count; i++) {
        const cg_api_info_t *api = NULL;
        const cg_type_info_t *type = policy_handle_type(reader, handles->keys[i], &api);
        const uint32_t more = type != NULL ? policy_take_type(reader, api, type, handles->kids[i]) : 0;
        if (more > POLICY_SLOTS_MAX - sum) {
            diag_error(reader->diag, handles->keys[i]->at, "with '%s' the guest may hold more than %d handles", handles->keys[i]->text, POLICY_SLOTS_MAX);
            return;
        }
        sum += more;
    }
    reader->policy->gate.types = reader->types;
    policy_size_table(reader, sum);
}
