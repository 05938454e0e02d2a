/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy.c - the policy file as a whole: its keys, its name, what follows from all of it.
 * The sections are read by policy_calls.c, policy_guards.c, policy_handles.c, policy_events.c and policy_limits.c. Starts from nothing granted. */
#include "policy_inner.h"

#include <stdio.h>
#include <string.h>

enum { KEY_VERSION, KEY_GUEST, KEY_CALLS, KEY_OPTIONAL, KEY_GUARDS, KEY_HANDLES, KEY_EVENTS, KEY_LIMITS, KEY_VIOLATION, KEY_FAILURE, KEY_COUNT };

static const yaml_key_t policy_keys[KEY_COUNT] = {
    [KEY_VERSION] = {.name = "callgate_policy", .is_required = true},
    [KEY_GUEST] = {.name = "guest"},
    [KEY_CALLS] = {.name = "calls"},
    [KEY_OPTIONAL] = {.name = "optional"},
    [KEY_GUARDS] = {.name = "guards"},
    [KEY_HANDLES] = {.name = "handles"},
    [KEY_EVENTS] = {.name = "events"},
    [KEY_LIMITS] = {.name = "limits"},
    [KEY_VIOLATION] = {.name = "violation"},
    [KEY_FAILURE] = {.name = "failure"},
};

static const yaml_table_t policy_table = {"a policy", policy_keys, KEY_COUNT};

bool policy_path(policy_reader_t *reader, const yaml_node_t *key, uint32_t count, const char *form, policy_path_t *path)
{
    char *text = arena_text(reader->arena, key->text, key->size);
    uint32_t n = 0;
    bool is_good = true;
    for (char *part = text; part != NULL && is_good;) {
        char *dot = strchr(part, '.');
        if (dot != NULL) {
            *dot = '\0';
        }
        is_good = n < count && *part != '\0';
        if (is_good) {
            path->parts[n++] = part;
        }
        part = dot != NULL ? dot + 1 : NULL;
    }
    if (is_good && n == count) {
        return true;
    }
    diag_error(reader->diag, key->at, "'%s' must have the form %s", key->text, form);
    return false;
}

/* Policy files are for the APIs of this command: somebody with another API learns that here. */
static void policy_apis_help(policy_reader_t *reader)
{
    enum { NAMES_SIZE = 200 };
    char names[NAMES_SIZE] = "";
    size_t used = 0;
    for (uint32_t i = 1; i < reader->catalog->api_count; i++) { /* the first is the gate's own, which no policy lists */
        const int n = snprintf(names + used, sizeof names - used, "%s%s", i == 1 ? "" : ", ", reader->catalog->apis[i].name);
        if (n < 0 || (size_t)n >= sizeof names - used) {
            return;
        }
        used += (size_t)n;
    }
    diag_help(reader->diag, "this command has %s; a program with an API of its own takes no policy file, but a cg_policy_t", names);
}

const cg_api_info_t *policy_api(policy_reader_t *reader, const yaml_node_t *at, const char *name)
{
    const cg_api_info_t *api = catalog_api(reader->catalog, name);
    if (api == NULL) {
        diag_error(reader->diag, at->at, "there is no API '%s' here", name);
        yaml_near_t near;
        yaml_near_init(&near, name);
        for (uint32_t i = 0; i < reader->catalog->api_count; i++) {
            yaml_near_try(&near, reader->catalog->apis[i].name);
        }
        if (near.best != NULL) {
            yaml_near_help(reader->diag, &near);
        } else {
            policy_apis_help(reader);
        }
    }
    return api;
}

const cg_call_info_t *policy_call(policy_reader_t *reader, const yaml_node_t *at, const cg_api_info_t *api, const char *name)
{
    const cg_call_info_t *call = catalog_call(api, name);
    if (call == NULL) {
        diag_error(reader->diag, at->at, "the API '%s' has no call '%s'", api->name, name);
        yaml_near_t near;
        yaml_near_init(&near, name);
        for (uint32_t i = 0; i < api->call_count; i++) {
            yaml_near_try(&near, api->calls[i].name);
        }
        yaml_near_help(reader->diag, &near);
    }
    return call;
}

static void policy_read_version(policy_reader_t *reader, const yaml_node_t *node)
{
    yaml_number_t version;
    if (node == NULL || !yaml_want_number(reader->diag, node, "'callgate_policy'", &version)) {
        return;
    }
    if (version.is_negative || version.magnitude != 1) {
        diag_error(reader->diag, node->at, "this is version %s of the policy language, and only version 1 is known", node->text);
    }
}

/* The name goes into messages and logs, so it is plain. */
static void policy_read_guest(policy_reader_t *reader, const yaml_node_t *node)
{
    const char *name = NULL;
    if (node == NULL || !yaml_want_text(reader->diag, node, "'guest'", &name)) {
        return;
    }
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    if (node->size == 0 || node->size > POLICY_GUEST_MAX || strspn(name, plain) != node->size) {
        diag_error(reader->diag, node->at, "'%s' cannot be the name of a guest", name);
        diag_help(reader->diag, "a name has 1 to %d letters, digits, - and _", POLICY_GUEST_MAX);
        return;
    }
    reader->policy->gate.guest = arena_text(reader->arena, name, node->size);
}

static void policy_read_violation(policy_reader_t *reader, const yaml_node_t *node)
{
    static const char forms[] = "write error, trap or {kill_after: N}";
    static const yaml_key_t keys[] = {{.name = "kill_after", .is_required = true}};
    static const yaml_table_t table = {"'violation'", keys, 1};
    cg_policy_t *gate = &reader->policy->gate;
    if (node == NULL) {
        return;
    }
    if (node->kind == YAML_MAP) {
        const yaml_node_t *kill_after = NULL;
        int64_t count = 0;
        if (yaml_keys(reader->diag, node, &table, &kill_after) && yaml_want_between(reader->diag, kill_after, "'kill_after'", 1, UINT16_MAX, &count)) {
            gate->violation = CG_VIOLATION_KILL;
            gate->kill_after = (uint16_t)count;
        }
    } else if (node->kind == YAML_SCALAR && strcmp(node->text, "error") == 0) {
        gate->violation = CG_VIOLATION_ERROR;
    } else if (node->kind == YAML_SCALAR && strcmp(node->text, "trap") == 0) {
        gate->violation = CG_VIOLATION_TRAP;
    } else {
        diag_error(reader->diag, node->at, "'violation' does not say what to do");
        diag_help(reader->diag, forms);
    }
}

static void policy_read_failure(policy_reader_t *reader, const yaml_node_t *node)
{
    if (node == NULL) {
        return;
    }
    const bool is_restart = node->kind == YAML_SCALAR && strcmp(node->text, "restart") == 0;
    if (!is_restart && (node->kind != YAML_SCALAR || strcmp(node->text, "end") != 0)) {
        diag_error(reader->diag, node->at, "'failure' does not say what to do");
        diag_help(reader->diag, "write end or restart");
    }
    reader->policy->is_restarted = is_restart;
}

static void policy_defaults(policy_reader_t *reader)
{
    const cg_set_t *set = reader->catalog->set;
    const size_t words = ((size_t)set->call_count + 31) / 32;
    reader->granted = arena_array(reader->arena, words + 1, sizeof reader->granted[0]);
    reader->linked = arena_array(reader->arena, words + 1, sizeof reader->linked[0]);
    reader->call_places = arena_array(reader->arena, (size_t)set->call_count + 1, sizeof reader->call_places[0]);
    reader->guards = arena_array(reader->arena, (size_t)set->guard_count + 1, sizeof reader->guards[0]);
    reader->guard_places = arena_array(reader->arena, (size_t)set->guard_count + 1, sizeof reader->guard_places[0]);
    reader->received = arena_array(reader->arena, ((size_t)set->event_count + 31) / 32 + 1, sizeof reader->received[0]);
    reader->event_places = arena_array(reader->arena, (size_t)set->event_count + 1, sizeof reader->event_places[0]);
    reader->types = arena_array(reader->arena, (size_t)set->type_count + 1, sizeof reader->types[0]);
    reader->policy->gate = (cg_policy_t){
        .granted = reader->granted, .linked = reader->linked, .guards = reader->guards, .received = reader->received,
        .steps = POLICY_STEPS, .calls = POLICY_CALLS, .bytes = POLICY_BYTES, .memory_bytes = POLICY_MEMORY_BYTES, .time_ms = POLICY_TIME_MS,
        .slots = POLICY_SLOTS, .events = POLICY_EVENTS, .violation = CG_VIOLATION_TRAP,
    };
}

static void policy_start(policy_reader_t *reader, arena_t *arena, diag_t *diag, const cg_catalog_t *catalog)
{
    *reader = (policy_reader_t){.arena = arena, .diag = diag, .catalog = catalog};
    reader->policy = arena_alloc(arena, sizeof *reader->policy);
    policy_defaults(reader);
    const cg_api_info_t *own = &catalog->apis[0];
    for (uint32_t i = 0; catalog->api_count > 0 && own->id == 0 && i < own->call_count; i++) {
        const uint32_t index = own->calls[i].index;
        reader->granted[index / 32] |= UINT32_C(1) << index % 32;
        reader->linked[index / 32] |= UINT32_C(1) << index % 32;
    }
}

policy_t *policy_none(arena_t *arena, const cg_catalog_t *catalog)
{
    policy_reader_t reader;
    policy_start(&reader, arena, NULL, catalog);
    return reader.policy;
}

policy_t *policy_read(arena_t *arena, diag_t *diag, const cg_catalog_t *catalog, const char *file, const char *bytes, size_t size)
{
    const uint32_t before = diag_count(diag);
    const yaml_node_t *root = yaml_read(arena, diag, file, bytes, size, POLICY_SIZE_MAX);
    const yaml_node_t *values[KEY_COUNT];
    if (root == NULL) {
        return NULL;
    }
    policy_reader_t reader;
    policy_start(&reader, arena, diag, catalog);
    if (!yaml_keys(diag, root, &policy_table, values) && root->kind != YAML_MAP) {
        return NULL;
    }
    policy_read_version(&reader, values[KEY_VERSION]);
    policy_read_guest(&reader, values[KEY_GUEST]);
    policy_read_calls(&reader, values[KEY_CALLS], values[KEY_OPTIONAL]);
    policy_read_guards(&reader, values[KEY_GUARDS]);
    policy_read_handles(&reader, values[KEY_HANDLES]);
    policy_read_events(&reader, values[KEY_EVENTS]);
    policy_read_limits(&reader, values[KEY_LIMITS]);
    policy_check_events(&reader, values[KEY_EVENTS]);
    policy_read_violation(&reader, values[KEY_VIOLATION]);
    policy_read_failure(&reader, values[KEY_FAILURE]);
    return diag_count(diag) == before ? reader.policy : NULL;
}

bool policy_grants(const cg_policy_t *policy, uint32_t index)
{
    return (policy->granted[index / 32] >> index % 32 & 1u) != 0;
}

bool policy_receives(const cg_policy_t *policy, uint32_t index)
{
    return policy->received != NULL && (policy->received[index / 32] >> index % 32 & 1u) != 0;
}

bool policy_grants_blocking(const cg_policy_t *policy, const cg_catalog_t *catalog)
{
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        const cg_api_info_t *api = &catalog->apis[i];
        for (uint32_t k = 0; k < api->call_count; k++) {
            if (api->calls[k].blocks && policy_grants(policy, api->calls[k].index)) {
                return true;
            }
        }
    }
    return false;
}
