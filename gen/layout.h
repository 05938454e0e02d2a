/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/layout.h - sizes and offsets of values in guest memory. Used by plan.c only. */
#ifndef GEN_LAYOUT_H
#define GEN_LAYOUT_H

#include "gen/plan.h"

/* Layouts of all records of an API, by type index; other types have a zeroed entry. */
plan_record_t *layout_records(arena_t *arena, const vm_t *vm, const model_api_t *api);

/* Layout of one more record, whose fields may be of those. */
plan_record_t *layout_extra(arena_t *arena, const vm_t *vm, plan_record_t *records, const model_type_t *type);

/* Bytes of one scalar, record, or element of a list; 1 for bytes and strings; of a handle as it is written to memory. */
uint32_t layout_size(const vm_t *vm, const plan_record_t *records, const model_use_t *use);

#endif
