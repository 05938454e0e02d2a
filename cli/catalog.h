/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/catalog.h - find things in a generated catalog: by name for policies, by number for traces and messages.
 * Walks the tables, which are small and read once a run or a call. Never changes them. */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include "callgate/set.h"

#include <stdbool.h>

/* All of these return NULL if there is none. Names are NUL-ended; results live as long as the catalog. */
const cg_api_info_t *catalog_api(const cg_catalog_t *catalog, const char *name);
const cg_call_info_t *catalog_call(const cg_api_info_t *api, const char *name);
const cg_item_info_t *catalog_arg(const cg_call_info_t *call, const char *name);
const cg_ev_info_t *catalog_event(const cg_api_info_t *api, const char *name);

/* The index of event.wait, by which programs without handlers take events; -1 where the set has no such call. */
int32_t catalog_wait(const cg_catalog_t *catalog);

/* Whether a call gives the guest a new object of this handle type. */
bool catalog_call_makes(const cg_call_info_t *call, const cg_type_info_t *type);

/* A handle type of an API. Enums, flags and records do not count. */
const cg_type_info_t *catalog_handle_type(const cg_api_info_t *api, const char *name);

/* The value of an enum or one flag of a flags type. */
const cg_value_info_t *catalog_value(const cg_type_info_t *type, const char *name);

/* The name of a value of an enum or of one flag, NULL if it has none. */
const char *catalog_value_name(const cg_type_info_t *type, int64_t value);

/* The call with this index in the set; *api is the API it is of. */
const cg_call_info_t *catalog_call_at(const cg_catalog_t *catalog, uint32_t index, const cg_api_info_t **api);

/* The event with this index in the set; *api is the API it is of. */
const cg_ev_info_t *catalog_event_at(const cg_catalog_t *catalog, uint32_t index, const cg_api_info_t **api);

/* The handle type with this number in the set; *api is the API it is of. */
const cg_type_info_t *catalog_handle_at(const cg_catalog_t *catalog, uint32_t number, const cg_api_info_t **api);

/* An error of an API, by the number guests see. */
const cg_error_info_t *catalog_error(const cg_api_info_t *api, int32_t number);

/* Bits of an integer kind, 8 for bool, 32 and 64 for floats, 0 for others. */
unsigned catalog_bits(cg_kind_t kind);
bool catalog_is_signed(cg_kind_t kind);

/* The kind that a scalar argument travels as: of enums and flags their base, of others itself. */
cg_kind_t catalog_base(cg_kind_t kind, const cg_type_info_t *type);

#endif
