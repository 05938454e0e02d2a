/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_events.c - `events`: which events a guest may receive.
 * Exact names only. Never lets an event through that is not written out; an event that cannot come is a warning. */
#include "policy_inner.h"

#include <string.h>

static const cg_ev_info_t *policy_event(policy_reader_t *reader, const yaml_node_t *at, const cg_api_info_t *api, const char *name)
{
    const cg_ev_info_t *event = catalog_event(api, name);
    if (event == NULL) {
        diag_error(reader->diag, at->at, "the API '%s' has no event '%s'", api->name, name);
        yaml_near_t near;
        yaml_near_init(&near, name);
        for (uint32_t i = 0; i < api->event_count; i++) {
            yaml_near_try(&near, api->events[i].name);
        }
        yaml_near_help(reader->diag, &near);
    }
    return event;
}

/* Events come from objects of the guest's own; where no granted call gives one, none comes. */
static void policy_warn_silent(policy_reader_t *reader, const cg_api_info_t *api, const cg_ev_info_t *event, const yaml_node_t *at)
{
    const char *names = "";
    uint32_t count = 0;
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (!catalog_call_makes(&api->calls[i], event->from)) {
            continue;
        }
        if (policy_grants(&reader->policy->gate, api->calls[i].index)) {
            return;
        }
        names = arena_printf(reader->arena, "%s%s%s.%s", names, count++ > 0 ? " or " : "", api->name, api->calls[i].name);
    }
    warning_add(&reader->policy->warnings, reader->arena, at->at, "'%s.%s' cannot come: it needs %s, which is not granted", api->name, event->name,
                count > 0 ? names : "a call that nobody has");
}

static void policy_take_event(policy_reader_t *reader, const cg_api_info_t *api, const yaml_node_t *node)
{
    const char *name = NULL;
    const cg_ev_info_t *event = yaml_want_text(reader->diag, node, "an event", &name) ? policy_event(reader, node, api, name) : NULL;
    if (event == NULL) {
        return;
    }
    const yaml_node_t **place = &reader->event_places[event->index];
    if (*place != NULL) {
        diag_error(reader->diag, node->at, "'%s.%s' is listed twice", api->name, name);
        diag_note(reader->diag, (*place)->at, "first listed here");
        return;
    }
    *place = node;
    reader->received[event->index / 32] |= UINT32_C(1) << event->index % 32;
    policy_warn_silent(reader, api, event, node);
}

static void policy_take_api_events(policy_reader_t *reader, const yaml_node_t *key, const yaml_node_t *list)
{
    const cg_api_info_t *api = policy_api(reader, key, key->text);
    if (api == NULL) {
        return;
    }
    if (api->event_count == 0) {
        diag_error(reader->diag, key->at, "the API '%s' has no events", api->name);
        return;
    }
    if (!yaml_want(reader->diag, list, YAML_LIST, "what follows the name of an API")) {
        diag_help(reader->diag, "list the events by name, as in %s: [%s]; there is no word for all of them", api->name, api->events[0].name);
        return;
    }
    for (uint32_t i = 0; i < list->count; i++) {
        policy_take_event(reader, api, list->kids[i]);
    }
}

void policy_read_events(policy_reader_t *reader, const yaml_node_t *events)
{
    if (events == NULL || !yaml_want(reader->diag, events, YAML_MAP, "'events'")) {
        return;
    }
    for (uint32_t i = 0; i < events->count; i++) {
        policy_take_api_events(reader, events->keys[i], events->kids[i]);
    }
}

/* A queue without room is never meant where events are listed. */
void policy_check_events(policy_reader_t *reader, const yaml_node_t *events)
{
    if (events == NULL || events->kind != YAML_MAP || events->count == 0 || reader->policy->gate.events != 0) {
        return;
    }
    diag_error(reader->diag, events->at, "events are listed, but their queue has no room: `events: 0` under 'limits'");
    diag_help(reader->diag, "raise `events` under 'limits', or leave it out");
}
