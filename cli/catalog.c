/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/catalog.c - look-ups in the tables that the generator wrote.
 * Its neighbours are the policy reader and the trace. Never changes a table, never keeps anything. */
#include "catalog.h"

#include <string.h>

const cg_api_info_t *catalog_api(const cg_catalog_t *catalog, const char *name)
{
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        if (strcmp(catalog->apis[i].name, name) == 0) {
            return &catalog->apis[i];
        }
    }
    return NULL;
}

const cg_call_info_t *catalog_call(const cg_api_info_t *api, const char *name)
{
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (strcmp(api->calls[i].name, name) == 0) {
            return &api->calls[i];
        }
    }
    return NULL;
}

const cg_item_info_t *catalog_arg(const cg_call_info_t *call, const char *name)
{
    for (uint32_t i = 0; i < call->arg_count; i++) {
        if (strcmp(call->args[i].name, name) == 0) {
            return &call->args[i];
        }
    }
    return NULL;
}

const cg_ev_info_t *catalog_event(const cg_api_info_t *api, const char *name)
{
    for (uint32_t i = 0; i < api->event_count; i++) {
        if (strcmp(api->events[i].name, name) == 0) {
            return &api->events[i];
        }
    }
    return NULL;
}

int32_t catalog_wait(const cg_catalog_t *catalog)
{
    const cg_api_info_t *api = catalog_api(catalog, "event");
    const cg_call_info_t *call = api != NULL ? catalog_call(api, "wait") : NULL;
    return call != NULL ? call->index : -1;
}

bool catalog_call_makes(const cg_call_info_t *call, const cg_type_info_t *type)
{
    bool is_made = false;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        const cg_item_info_t *arg = &call->args[i];
        is_made = is_made || (arg->kind == CG_KIND_HANDLE && arg->direction == CG_OUT && arg->own && arg->type == type);
    }
    return is_made;
}

const cg_type_info_t *catalog_handle_type(const cg_api_info_t *api, const char *name)
{
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (api->types[i]->kind == CG_KIND_HANDLE && strcmp(api->types[i]->name, name) == 0) {
            return api->types[i];
        }
    }
    return NULL;
}

const cg_value_info_t *catalog_value(const cg_type_info_t *type, const char *name)
{
    for (uint32_t i = 0; i < type->value_count; i++) {
        if (strcmp(type->values[i].name, name) == 0) {
            return &type->values[i];
        }
    }
    return NULL;
}

const char *catalog_value_name(const cg_type_info_t *type, int64_t value)
{
    for (uint32_t i = 0; i < type->value_count; i++) {
        if (type->values[i].value == value) {
            return type->values[i].name;
        }
    }
    return NULL;
}

const cg_call_info_t *catalog_call_at(const cg_catalog_t *catalog, uint32_t index, const cg_api_info_t **api)
{
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        const cg_api_info_t *one = &catalog->apis[i];
        for (uint32_t k = 0; k < one->call_count; k++) {
            if (one->calls[k].index == index) {
                *api = one;
                return &one->calls[k];
            }
        }
    }
    return NULL;
}

const cg_ev_info_t *catalog_event_at(const cg_catalog_t *catalog, uint32_t index, const cg_api_info_t **api)
{
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        const cg_api_info_t *one = &catalog->apis[i];
        for (uint32_t k = 0; k < one->event_count; k++) {
            if (one->events[k].index == index) {
                *api = one;
                return &one->events[k];
            }
        }
    }
    return NULL;
}

const cg_type_info_t *catalog_handle_at(const cg_catalog_t *catalog, uint32_t number, const cg_api_info_t **api)
{
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        const cg_api_info_t *one = &catalog->apis[i];
        for (uint32_t k = 0; k < one->type_count; k++) {
            if (one->types[k]->kind == CG_KIND_HANDLE && one->types[k]->number == number) {
                *api = one;
                return one->types[k];
            }
        }
    }
    return NULL;
}

const cg_error_info_t *catalog_error(const cg_api_info_t *api, int32_t number)
{
    for (uint32_t i = 0; i < api->error_count; i++) {
        if (api->errors[i].number == number) {
            return &api->errors[i];
        }
    }
    return NULL;
}

unsigned catalog_bits(cg_kind_t kind)
{
    switch (kind) {
    case CG_KIND_BOOL:
    case CG_KIND_U8:
    case CG_KIND_S8:
        return 8;
    case CG_KIND_U16:
    case CG_KIND_S16:
        return 16;
    case CG_KIND_U32:
    case CG_KIND_S32:
    case CG_KIND_F32:
        return 32;
    case CG_KIND_U64:
    case CG_KIND_S64:
    case CG_KIND_F64:
        return 64;
    case CG_KIND_ENUM:
    case CG_KIND_FLAGS:
    case CG_KIND_RECORD:
    case CG_KIND_HANDLE:
    case CG_KIND_BYTES:
    case CG_KIND_STRING:
    case CG_KIND_LIST:
        return 0;
    }
    return 0;
}

bool catalog_is_signed(cg_kind_t kind)
{
    return kind == CG_KIND_S8 || kind == CG_KIND_S16 || kind == CG_KIND_S32 || kind == CG_KIND_S64;
}

cg_kind_t catalog_base(cg_kind_t kind, const cg_type_info_t *type)
{
    if ((kind == CG_KIND_ENUM || kind == CG_KIND_FLAGS) && type != NULL) {
        return (cg_kind_t)type->base;
    }
    return kind;
}
