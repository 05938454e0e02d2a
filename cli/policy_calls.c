/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_calls.c - `calls` and `optional`: which calls a guest may make, which it may at least name.
 * Exact names only. Never grants a call that is not written out. */
#include "policy_inner.h"

#include <string.h>

static bool policy_has(const uint32_t *bits, uint32_t index)
{
    return (bits[index / 32] >> index % 32 & 1u) != 0;
}

static void policy_take_call(policy_reader_t *reader, const cg_api_info_t *api, const yaml_node_t *node, bool is_optional)
{
    const char *name = NULL;
    if (!yaml_want_text(reader->diag, node, "a call", &name)) {
        return;
    }
    const cg_call_info_t *call = policy_call(reader, node, api, name);
    if (call == NULL) {
        return;
    }
    const yaml_node_t **place = &reader->call_places[call->index];
    if (*place != NULL) {
        const bool was_optional = !policy_has(reader->granted, call->index);
        if (was_optional == is_optional) {
            diag_error(reader->diag, node->at, "'%s.%s' is listed twice", api->name, name);
        } else {
            diag_error(reader->diag, node->at, "'%s.%s' is both granted and optional", api->name, name);
        }
        diag_note(reader->diag, (*place)->at, "first listed here");
        return;
    }
    *place = node;
    reader->linked[call->index / 32] |= UINT32_C(1) << call->index % 32;
    if (!is_optional) {
        reader->granted[call->index / 32] |= UINT32_C(1) << call->index % 32;
    }
}

static void policy_take_api(policy_reader_t *reader, const yaml_node_t *key, const yaml_node_t *list, bool is_optional)
{
    const cg_api_info_t *api = policy_api(reader, key, key->text);
    if (api == NULL) {
        return;
    }
    if (api->id == 0) {
        diag_error(reader->diag, key->at, "the calls of '%s' are always granted", api->name);
        diag_help(reader->diag, "remove them here");
        return;
    }
    if (!yaml_want(reader->diag, list, YAML_LIST, "what follows the name of an API")) {
        diag_help(reader->diag, "list the calls by name, as in %s: [%s]; there is no word for all of them", api->name,
                  api->call_count > 0 ? api->calls[0].name : "");
        return;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        policy_take_call(reader, api, list->kids[i], is_optional);
    }
}

static void policy_take_section(policy_reader_t *reader, const yaml_node_t *map, bool is_optional)
{
    if (map == NULL || !yaml_want(reader->diag, map, YAML_MAP, is_optional ? "'optional'" : "'calls'")) {
        return;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        policy_take_api(reader, map->keys[i], map->kids[i], is_optional);
    }
}

void policy_read_calls(policy_reader_t *reader, const yaml_node_t *calls, const yaml_node_t *optional)
{
    policy_take_section(reader, calls, false);
    policy_take_section(reader, optional, true);
}
