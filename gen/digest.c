/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/digest.c - the digest of an API: FNV-1a over its calls in order of their ids, one value after each call.
 * A guest carries (number of calls it knows, digest after them), so that an API that only grew still fits, and one that changed does not. */
#include "gen/plan.h"

#include <string.h>

typedef struct hash {
    uint32_t value;
} hash_t;

static void add_bytes(hash_t *h, const void *bytes, size_t size)
{
    const uint8_t *byte = bytes;
    for (size_t i = 0; i < size; i++) {
        h->value = (h->value ^ byte[i]) * 16777619u;
    }
}

static void add_number(hash_t *h, uint64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(number >> (8 * i));
    }
    add_bytes(h, bytes, sizeof bytes);
}

static void add_text(hash_t *h, const char *text)
{
    add_bytes(h, text, strlen(text) + 1);
}

static void add_items(hash_t *h, const model_items_t *items);

/* Values of closed enums and flags may grow without breaking guests, so only what travels counts: base and fields. */
static void add_type(hash_t *h, const model_type_t *type)
{
    add_number(h, type->kind);
    if (type->kind == MODEL_RECORD) {
        add_items(h, &type->fields);
    } else if (type->kind == MODEL_HANDLE) {
        add_text(h, type->name);
    } else {
        add_number(h, type->base);
    }
}

static void add_items(hash_t *h, const model_items_t *items)
{
    add_number(h, items->count);
    for (uint32_t i = 0; i < items->count; i++) {
        const model_item_t *item = &items->at[i];
        add_text(h, item->name);
        add_number(h, item->direction);
        add_number(h, item->use.kind);
        add_number(h, item->use.element);
        add_number(h, item->use.array);
        add_number(h, item->use.max);
        add_number(h, (item->use.own ? 1u : 0u) | (item->use.optional ? 2u : 0u));
        if (item->use.type != NULL) {
            add_type(h, item->use.type);
        }
    }
}

uint32_t *plan_event_digests(arena_t *arena, const model_api_t *api)
{
    uint32_t *digests = arena_array(arena, api->event_count + 1, sizeof *digests);
    hash_t h = {2166136261u};
    add_text(&h, api->name);
    add_number(&h, api->id);
    for (uint32_t i = 0; i < api->event_count; i++) {
        const model_event_t *event = &api->events[i];
        add_text(&h, event->name);
        add_number(&h, event->id);
        add_text(&h, event->from->name);
        add_items(&h, &event->data);
        digests[i] = h.value;
    }
    return digests;
}

uint32_t *plan_digests(arena_t *arena, const model_api_t *api)
{
    uint32_t *digests = arena_array(arena, api->call_count + 1, sizeof *digests);
    hash_t h = {2166136261u};
    add_text(&h, api->name);
    add_number(&h, api->id);
    for (uint32_t i = 0; i < api->call_count; i++) {
        const model_call_t *call = &api->calls[i];
        add_text(&h, call->name);
        add_number(&h, call->id);
        add_number(&h, plan_is_value(call)); /* a range or a guard on an input decides it too */
        add_items(&h, &call->args);
        digests[i] = h.value;
    }
    return digests;
}
