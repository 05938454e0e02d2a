/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/policy_values.h - the value of one guard. For policy_guards.c only. */
#ifndef CLI_POLICY_VALUES_H
#define CLI_POLICY_VALUES_H

#include "policy_inner.h"

/* Read `any` or a list of values for an argument into `guard`. Faults are told; the guard then allows less than was written. */
void policy_values(policy_reader_t *reader, const cg_item_info_t *arg, const yaml_node_t *value, cg_guard_t *guard);

#endif
