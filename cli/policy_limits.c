/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_limits.c - `limits`: what an activation may use up, and how much memory a guest may have.
 * What is not written keeps the default. Never takes 0 for "no limit": that is a word. */
#include "policy_inner.h"

#include <string.h>

enum { KEY_STEPS, KEY_CALLS, KEY_BYTES, KEY_MEMORY_BYTES, KEY_TIME_MS, KEY_EVENTS, KEY_COUNT };

static const yaml_key_t limit_keys[KEY_COUNT] = {
    [KEY_STEPS] = {.name = "steps"},
    [KEY_CALLS] = {.name = "calls"},
    [KEY_BYTES] = {.name = "bytes"},
    [KEY_MEMORY_BYTES] = {.name = "memory_bytes"},
    [KEY_TIME_MS] = {.name = "time_ms"},
    [KEY_EVENTS] = {.name = "events"},
};

static const yaml_table_t limit_table = {"'limits'", limit_keys, KEY_COUNT};

static bool policy_is_unlimited(const yaml_node_t *node)
{
    return node != NULL && node->kind == YAML_SCALAR && node->is_plain && strcmp(node->text, "unlimited") == 0;
}

/* Leaves the limit alone where the node is not there or is wrong. */
static bool policy_limit(policy_reader_t *reader, const yaml_node_t *node, const char *what, int64_t min, int64_t max, uint32_t *limit)
{
    int64_t value = 0;
    if (node != NULL && !yaml_want_between(reader->diag, node, what, min, max, &value)) {
        return false;
    }
    *limit = node != NULL ? (uint32_t)value : *limit;
    return true;
}

/* A limit that may be absent, but only in so many words. */
static bool policy_limit_or_none(policy_reader_t *reader, const yaml_node_t *node, const char *what, uint32_t *limit)
{
    if (policy_is_unlimited(node)) {
        return true;
    }
    if (!policy_limit(reader, node, what, 1, UINT32_MAX, limit)) {
        diag_help(reader->diag, "write unlimited where there shall be no limit");
    }
    return false;
}

void policy_read_limits(policy_reader_t *reader, const yaml_node_t *limits)
{
    const yaml_node_t *values[KEY_COUNT];
    cg_policy_t *gate = &reader->policy->gate;
    if (limits == NULL || (!yaml_keys(reader->diag, limits, &limit_table, values) && limits->kind != YAML_MAP)) {
        return;
    }
    if (policy_limit_or_none(reader, values[KEY_STEPS], "'steps'", &gate->steps)) {
        gate->unlimited_steps = true;
        gate->steps = UINT32_MAX;
    }
    if (policy_limit_or_none(reader, values[KEY_TIME_MS], "'time_ms'", &gate->time_ms)) {
        gate->time_ms = 0;
    }
    policy_limit(reader, values[KEY_CALLS], "'calls'", 1, INT32_MAX, &gate->calls);
    policy_limit(reader, values[KEY_BYTES], "'bytes'", 0, UINT32_MAX, &gate->bytes);
    policy_limit(reader, values[KEY_MEMORY_BYTES], "'memory_bytes'", 0, UINT32_MAX, &gate->memory_bytes);
    uint32_t events = gate->events;
    policy_limit(reader, values[KEY_EVENTS], "'events'", 0, POLICY_EVENTS_MAX, &events);
    gate->events = (uint16_t)events;
}
