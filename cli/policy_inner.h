/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_inner.h - what the parts of the policy reader share. For policy*.c only. */
#ifndef CLI_POLICY_INNER_H
#define CLI_POLICY_INNER_H

#include "catalog.h"
#include "policy.h"
#include "yaml/kit.h"

/* One policy being read. Arrays live in the arena. */
typedef struct policy_reader {
    arena_t *arena;
    diag_t *diag;
    const cg_catalog_t *catalog;
    policy_t *policy;
    uint32_t *granted, *linked;       /* bits by call index; linked: granted and optional */
    const yaml_node_t **call_places;  /* by call index: where the policy names the call, NULL if nowhere */
    cg_guard_t *guards;               /* by guard number */
    const yaml_node_t **guard_places; /* by guard number: where it is guarded, NULL if nowhere */
    uint32_t *received;               /* bits by event index */
    const yaml_node_t **event_places; /* by event index: where the policy names the event, NULL if nowhere */
    cg_type_grant_t *types;           /* by type number */
} policy_reader_t;

/* A key such as "saul.find.kind", taken apart. */
enum { POLICY_PATH_MAX = 3 };
typedef struct policy_path {
    const char *parts[POLICY_PATH_MAX];
} policy_path_t;

/* Take the key apart into exactly `count` parts; else an error says that it must be of the form `form`, e.g. "api.call.argument". */
bool policy_path(policy_reader_t *reader, const yaml_node_t *key, uint32_t count, const char *form, policy_path_t *path);

/* The API or call of this name, or NULL after an error at `at`. */
const cg_api_info_t *policy_api(policy_reader_t *reader, const yaml_node_t *at, const char *name);
const cg_call_info_t *policy_call(policy_reader_t *reader, const yaml_node_t *at, const cg_api_info_t *api, const char *name);

/* The sections of the file. A node that is NULL was not in the file. */
void policy_read_calls(policy_reader_t *reader, const yaml_node_t *calls, const yaml_node_t *optional);
void policy_read_guards(policy_reader_t *reader, const yaml_node_t *guards);
void policy_read_handles(policy_reader_t *reader, const yaml_node_t *handles);
void policy_read_events(policy_reader_t *reader, const yaml_node_t *events);
void policy_check_events(policy_reader_t *reader, const yaml_node_t *events); /* after the limits */
void policy_read_limits(policy_reader_t *reader, const yaml_node_t *limits);

#endif
