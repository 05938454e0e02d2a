/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_type.c - named types: enums, flags, records, handles. How a record is read and written is view_memory.c's, its fields are view_item.c's. */
#include "gen/view_guest.h"

#include <inttypes.h>
#include <string.h>

static const char *value_text(view_maker_t *m, const model_type_t *type, const model_value_t *value)
{
    if (type->kind == MODEL_FLAGS) {
        return arena_printf(m->arena, model_kind_bits(type->base) == 64 ? "UINT64_C(0x%" PRIx64 ")" : "0x%" PRIx64 "u", (uint64_t)value->value);
    }
    return view_integer(m, type->base, value->value);
}

static const char *value_hex(view_maker_t *m, const model_type_t *type, const model_value_t *value)
{
    const int digits = (int)(model_kind_bits(type->base) / 4);
    return model_kind_is_signed(type->base) ? NULL : arena_printf(m->arena, "0x%0*" PRIx64, digits, (uint64_t)value->value);
}

static void values_view(view_maker_t *m, const model_type_t *type, view_type_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < type->value_count; i++) {
        view_value_t *value = arena_alloc(m->arena, sizeof *value);
        value->name = type->values[i].name;
        value->NAME = view_upper(m, value->name);
        value->text = value_text(m, type, &type->values[i]);
        value->doc = type->values[i].doc;
        value->plain = view_plain(m, type->base, type->values[i].value);
        value->cells = view_number_cells(m, type->values[i].value);
        value->hex = value_hex(m, type, &type->values[i]);
        guest_value(m, type, value);
        view_add(m, &list, value);
    }
    out->values = view_list(&list);
    out->value_count = type->value_count;
}

static void fields_view(view_maker_t *m, const plan_api_t *api, const plan_record_t *record, view_type_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < record->type->fields.count; i++) {
        view_item_t *item = view_item(m, api, record->fields[i].item);
        item->offset = record->fields[i].offset;
        guest_field(m, record->fields[i].item, item);
        view_add(m, &list, item);
    }
    out->fields = view_list(&list);
    out->field_count = record->type->fields.count;
    out->size = record->size;
    out->is_plain = record->is_plain;
    out->has_padding = record->has_padding;
    view_record_lines(m, api, record, out);
}

view_type_t *view_data(view_maker_t *m, const plan_api_t *api, const plan_record_t *record)
{
    view_type_t *out = arena_alloc(m->arena, sizeof *out);
    out->name = record->type->name;
    out->NAME = view_upper(m, out->name);
    out->type_name = out->name;
    out->type_NAME = out->NAME;
    out->api = api->model->name;
    out->API = view_upper(m, out->api);
    out->is_record = true;
    guest_type(m, record->type, out);
    out->kind = view_kind(MODEL_RECORD);
    out->base = "CG_KIND_U8";
    fields_view(m, api, record, out);
    return out;
}

static void host_of(view_maker_t *m, const model_type_t *type, view_type_t *out)
{
    for (uint32_t i = 0; m->host != NULL && i < type->host_count; i++) {
        if (strcmp(type->hosts[i].host, m->host) == 0) {
            out->host_bind = type->hosts[i].type;
            out->host_include = type->hosts[i].include;
        }
    }
}

view_type_t *view_type(view_maker_t *m, const plan_api_t *api, const model_type_t *type)
{
    view_type_t *out = arena_alloc(m->arena, sizeof *out);
    out->name = type->name;
    out->NAME = view_upper(m, type->name);
    out->type_name = out->name;
    out->type_NAME = out->NAME;
    out->api = api->model->name;
    out->API = view_upper(m, out->api);
    out->doc = type->doc;
    out->is_enum = type->kind == MODEL_ENUM;
    out->is_flags = type->kind == MODEL_FLAGS;
    out->is_record = type->kind == MODEL_RECORD;
    out->is_handle = type->is_handle;
    out->is_opaque = type->kind == MODEL_HANDLE;
    out->is_owned = type->is_owned;
    out->open = type->open;
    out->number = api->type_numbers[type->index];
    out->kind = view_kind(type->is_handle ? MODEL_HANDLE : type->kind);
    out->kind_name = model_kind_name(type->kind);
    out->base = "CG_KIND_U8";
    host_of(m, type, out);
    guest_type(m, type, out);
    if (type->is_handle) {
        out->struct_name = view_handle_struct(m, out->api, type);
    }
    if (model_kind_is_named(type->kind)) {
        out->base = view_kind(type->base);
        out->base_c = view_c_type(type->base);
        out->base_name = model_kind_name(type->base);
        out->is_signed = model_kind_is_signed(type->base);
        out->is_wide = model_kind_bits(type->base) == 64 || type->base == MODEL_U32;
        values_view(m, type, out);
        out->known = view_known(m, type, "value");
    }
    if (type->kind == MODEL_RECORD) {
        fields_view(m, api, &api->records[type->index], out);
    }
    return out;
}
