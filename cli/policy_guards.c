/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_guards.c - `guards`: what guarded arguments of granted calls may be.
 * Values are read by policy_values.c. A granted call with a guarded argument must have something here: saying nothing allows nothing. */
#include "policy_values.h"

#include <string.h>

static const cg_item_info_t *policy_guarded_arg(policy_reader_t *reader, const yaml_node_t *key, const cg_api_info_t *api,
                                                const cg_call_info_t *call, const char *name)
{
    const cg_item_info_t *arg = catalog_arg(call, name);
    if (arg != NULL && arg->guard >= 0) {
        return arg;
    }
    if (arg != NULL) {
        diag_error(reader->diag, key->at, "the argument '%s' of '%s.%s' takes no guard", name, api->name, call->name);
        diag_help(reader->diag, "only arguments that the description marks with guard: true do");
        return NULL;
    }
    diag_error(reader->diag, key->at, "the call '%s.%s' has no argument '%s'", api->name, call->name, name);
    yaml_near_t near;
    yaml_near_init(&near, name);
    for (uint32_t i = 0; i < call->arg_count; i++) {
        yaml_near_try(&near, call->args[i].name);
    }
    yaml_near_help(reader->diag, &near);
    return NULL;
}

static void policy_take_guard(policy_reader_t *reader, const yaml_node_t *key, const yaml_node_t *value)
{
    policy_path_t path;
    if (!policy_path(reader, key, 3, "api.call.argument", &path)) {
        return;
    }
    const cg_api_info_t *api = policy_api(reader, key, path.parts[0]);
    const cg_call_info_t *call = api != NULL ? policy_call(reader, key, api, path.parts[1]) : NULL;
    const cg_item_info_t *arg = call != NULL ? policy_guarded_arg(reader, key, api, call, path.parts[2]) : NULL;
    if (arg == NULL) {
        return;
    }
    if (reader->call_places[call->index] == NULL) {
        diag_error(reader->diag, key->at, "'%s.%s' has a guard but is neither granted nor optional", api->name, call->name);
        diag_help(reader->diag, "add it to 'calls', or remove the guard");
    }
    reader->guard_places[arg->guard] = key;
    policy_values(reader, arg, value, &reader->guards[arg->guard]);
}

/* What could be written, so that nobody has to look the form up. */
static const char *policy_sample(const cg_item_info_t *arg)
{
    if (arg->kind == CG_KIND_STRING) {
        return arg->is_uri ? "\"coap://[::1]:5683/path\"" : "\"text\"";
    }
    return arg->type != NULL && arg->type->value_count > 0 ? arg->type->values[0].name : "0..10";
}

static void policy_check_guarded(policy_reader_t *reader, const cg_api_info_t *api, const cg_call_info_t *call)
{
    if (!policy_grants(&reader->policy->gate, call->index) || reader->call_places[call->index] == NULL) {
        return;
    }
    for (uint32_t i = 0; i < call->arg_count; i++) {
        const cg_item_info_t *arg = &call->args[i];
        if (arg->guard >= 0 && reader->guard_places[arg->guard] == NULL) {
            diag_error(reader->diag, reader->call_places[call->index]->at, "'%s.%s' is granted, but nothing says what its argument '%s' may be",
                       api->name, call->name, arg->name);
            diag_help(reader->diag, "write under 'guards' the values that are allowed, as in %s.%s.%s: [%s], or the word any", api->name, call->name,
                      arg->name, policy_sample(arg));
        }
    }
}

void policy_read_guards(policy_reader_t *reader, const yaml_node_t *guards)
{
    if (guards != NULL && !yaml_want(reader->diag, guards, YAML_MAP, "'guards'")) {
        return;
    }
    for (uint32_t i = 0; guards != NULL && i < guards->count; i++) {
        policy_take_guard(reader, guards->keys[i], guards->kids[i]);
    }
    for (uint32_t i = 0; i < reader->catalog->api_count; i++) {
        const cg_api_info_t *api = &reader->catalog->apis[i];
        for (uint32_t k = 0; k < api->call_count; k++) {
            policy_check_guarded(reader, api, &api->calls[k]);
        }
    }
}
