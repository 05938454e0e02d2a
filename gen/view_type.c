/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_type.c - named types: enums, flags, records with the lines that read and write them in guest memory, handles. */
#include "gen/view.h"

#include <inttypes.h>
#include <string.h>

static const char *value_text(view_maker_t *m, const model_type_t *type, const model_value_t *value)
{
    if (type->kind == MODEL_FLAGS) {
        return arena_printf(m->arena, model_kind_bits(type->base) == 64 ? "UINT64_C(0x%" PRIx64 ")" : "0x%" PRIx64 "u", (uint64_t)value->value);
    }
    return view_integer(m, type->base, value->value);
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
        view_add(m, &list, value);
    }
    out->values = view_list(&list);
    out->value_count = type->value_count;
}

/* ---- records ---- */

/* One field or one element of it: where it is in the record, and what it is called on the host. */
typedef struct spot {
    const plan_field_t *field;
    const char *api;
    const char *from, *to; /* guest bytes as an expression, host lvalue */
    model_kind_t kind;     /* carrier */
} spot_t;

static const char *load(view_maker_t *m, const spot_t *s)
{
    const uint32_t bits = model_kind_bits(s->kind);
    return bits == 8 ? arena_printf(m->arena, "*(%s)", s->from) : arena_printf(m->arena, "cg_load%u(%s)", bits, s->from);
}

static void get_scalar(view_maker_t *m, const spot_t *s, texts_t *lines, const char *indent)
{
    const model_item_t *item = s->field->item;
    const char *raw = load(m, s);
    if (model_kind_is_float(s->kind)) {
        const uint32_t bits = model_kind_bits(s->kind);
        view_addf(m, lines, "%s{ const uint%u_t bits = %s; memcpy(&%s, &bits, %u); }", indent, bits, raw, s->to, bits / 8);
        return;
    }
    view_addf(m, lines, "%s%s = (%s)%s;", indent, s->to, view_c_type(s->kind), raw);
    if (item->use.type != NULL) {
        const char *known = view_known(m, item->use.type, s->to);
        if (known != NULL) {
            view_addf(m, lines, "%serr = err != 0 || (%s) ? err : CG_ERR_VALUE;", indent, known);
        }
    }
    const char *range = view_in_range(m, item, s->to);
    if (range != NULL) {
        view_addf(m, lines, "%serr = err != 0 || (%s) ? err : CG_ERR_RANGE;", indent, range);
    }
}

/* Each byte is read once: a bool is judged and used, so its byte goes through a variable. */
static void get_line(view_maker_t *m, const spot_t *s, texts_t *lines, const char *indent)
{
    if (s->kind == MODEL_BOOL) {
        view_addf(m, lines, "%s{", indent);
        view_addf(m, lines, "%s    const uint8_t byte = *(%s);", indent, s->from);
        view_addf(m, lines, "%s    err = err != 0 || byte <= 1 ? err : CG_ERR_WIDTH;", indent);
        view_addf(m, lines, "%s    %s = byte == 1;", indent, s->to);
        view_addf(m, lines, "%s}", indent);
    } else if (s->kind == MODEL_RECORD) {
        view_addf(m, lines, "%serr = get_%s_%s_%s(%s, &%s, err);", indent, s->api, s->field->item->use.type->name, m->plan->class_name, s->from, s->to);
    } else {
        get_scalar(m, s, lines, indent);
    }
}

static void put_line(view_maker_t *m, const spot_t *s, texts_t *lines, const char *indent)
{
    const uint32_t bits = s->kind == MODEL_BOOL ? 8 : model_kind_bits(s->kind);
    if (s->kind == MODEL_RECORD) {
        view_addf(m, lines, "%sput_%s_%s_%s(&%s, %s);", indent, s->api, s->field->item->use.type->name, m->plan->class_name, s->to, s->from);
    } else if (model_kind_is_float(s->kind)) {
        view_addf(m, lines, "%s{ uint%u_t bits; memcpy(&bits, &%s, %u); cg_store%u(%s, bits); }", indent, bits, s->to, bits / 8, bits, s->from);
    } else if (bits == 8) {
        view_addf(m, lines, "%s*(%s) = (uint8_t)%s;", indent, s->from, s->to);
    } else {
        view_addf(m, lines, "%scg_store%u(%s, (uint%u_t)%s);", indent, bits, s->from, bits, s->to);
    }
}

static void kept_part(view_maker_t *m, const spot_t *s, texts_t *parts)
{
    const model_item_t *item = s->field->item;
    const char *range = view_in_range(m, item, s->to);
    if (s->kind == MODEL_RECORD) {
        view_addf(m, parts, "kept_%s_%s_%s(&%s)", s->api, item->use.type->name, m->plan->class_name, s->to);
        return;
    }
    if (item->use.type != NULL) {
        const char *known = view_known(m, item->use.type, s->to);
        if (known != NULL) {
            view_addf(m, parts, "(%s)", known);
        }
    }
    if (range != NULL) {
        view_addf(m, parts, "(%s)", range);
    }
}

static spot_t spot(view_maker_t *m, const char *api, const plan_field_t *field, const char *record, const char *bytes, int element)
{
    const char *index = element < 0 ? "" : arena_printf(m->arena, "[%d]", element);
    const uint32_t offset = field->offset + (element < 0 ? 0 : (uint32_t)element * field->size);
    return (spot_t){
        .field = field, .api = api, .kind = model_carrier(&field->item->use),
        .from = offset == 0 ? bytes : arena_printf(m->arena, "%s + %u", bytes, offset),
        .to = arena_printf(m->arena, "%s->%s%s", record, field->item->name, index),
    };
}

static void record_lines(view_maker_t *m, const plan_api_t *api, const plan_record_t *record, view_type_t *out)
{
    texts_t get = {0};
    texts_t put = {0};
    texts_t kept = {0};
    const char *name = api->model->name;
    for (uint32_t i = 0; i < record->type->fields.count; i++) {
        const plan_field_t *field = &record->fields[i];
        const int count = (int)field->item->use.array;
        for (int element = count == 0 ? -1 : 0; element < count; element++) {
            const spot_t in = spot(m, name, field, "to", "from", element);
            const spot_t back = spot(m, name, field, "from", "to", element);
            get_line(m, &in, &get, "");
            put_line(m, &back, &put, "");
            kept_part(m, &back, &kept);
        }
    }
    out->get_lines = view_list(&get);
    out->put_lines = view_list(&put);
    out->kept = kept.count == 0 ? NULL : view_join(m, &kept, " && ");
}

static void fields_view(view_maker_t *m, const plan_api_t *api, const plan_record_t *record, view_type_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < record->type->fields.count; i++) {
        view_item_t *item = view_item(m, api, record->fields[i].item);
        item->offset = record->fields[i].offset;
        view_add(m, &list, item);
    }
    out->fields = view_list(&list);
    out->field_count = record->type->fields.count;
    out->size = record->size;
    out->is_plain = record->is_plain;
    out->has_padding = record->has_padding;
    record_lines(m, api, record, out);
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
    out->base = "CG_KIND_U8";
    host_of(m, type, out);
    if (type->is_handle) {
        out->struct_name = view_handle_struct(m, out->api, type);
    }
    if (model_kind_is_named(type->kind)) {
        out->base = view_kind(type->base);
        out->base_c = view_c_type(type->base);
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

/* ---- lists ---- */

/* The lines that read and write one element of a list argument. */
void view_list_lines(view_maker_t *m, const plan_call_t *call, const plan_arg_t *arg, view_item_t *out)
{
    texts_t get = {0};
    texts_t put = {0};
    texts_t kept = {0};
    const model_item_t *item = arg->item;
    const char *api = call->api->model->name;
    const plan_field_t element = {item, 0, arg->size};
    spot_t s = {&element, api, "from", "(*to)", model_carrier(&item->use)};
    out->is_list = item->use.kind == MODEL_LIST;
    if (!out->is_list) {
        return;
    }
    get_line(m, &s, &get, "");
    s.from = "to";
    s.to = "(*from)";
    put_line(m, &s, &put, "");
    kept_part(m, &s, &kept);
    out->is_input = item->direction != MODEL_OUT;
    out->is_output = item->direction != MODEL_IN;
    out->list_name = arena_printf(m->arena, "%s_%s_%s", api, call->call->name, item->name);
    out->list_type = view_host_type(m, api, &item->use);
    out->size = arg->size;
    out->get_lines = view_list(&get);
    out->put_lines = view_list(&put);
    out->kept = kept.count == 0 ? NULL : view_join(m, &kept, " && ");
}

/* ---- items ---- */

static const char *notes(view_maker_t *m, const model_item_t *item)
{
    texts_t parts = {0};
    const model_kind_t kind = model_carrier(&item->use);
    if (item->direction != MODEL_IN && strcmp(item->name, "result") != 0) {
        view_add(m, &parts, item->direction == MODEL_OUT ? "a result" : "read and replaced");
    }
    if (item->unit != NULL) {
        view_add(m, &parts, item->unit);
    }
    if (item->range.present) {
        view_addf(m, &parts, model_kind_is_signed(kind) ? "%" PRId64 "..%" PRId64 : "%" PRIu64 "..%" PRIu64, item->range.min, item->range.max);
    }
    if (item->use.kind == MODEL_BYTES || item->use.kind == MODEL_STRING) {
        view_addf(m, &parts, "at most %u bytes", item->use.max);
    }
    if (item->use.kind == MODEL_LIST) {
        view_addf(m, &parts, "at most %u", item->use.max);
    }
    if (item->format == MODEL_FORMAT_URI) {
        view_add(m, &parts, "a URI with a literal address and a port");
    }
    if (item->use.own) {
        view_add(m, &parts, item->direction == MODEL_IN ? "given away if the call succeeds" : "to be closed by the guest");
    }
    if (item->use.optional) {
        view_add(m, &parts, "optional");
    }
    return parts.count == 0 ? NULL : view_join(m, &parts, ", ");
}

view_item_t *view_item(view_maker_t *m, const plan_api_t *api, const model_item_t *item)
{
    static const char *const directions[] = {"CG_IN", "CG_INOUT", "CG_OUT"};
    view_item_t *out = arena_alloc(m->arena, sizeof *out);
    const char *array = item->use.array == 0 ? "" : arena_printf(m->arena, "[%u]", item->use.array);
    out->name = item->name;
    out->doc = item->doc;
    out->unit = item->unit;
    out->unit_c = view_c_string(m, item->unit);
    out->kind = view_kind(item->use.kind == MODEL_RECORD && item->use.type->is_handle ? MODEL_HANDLE : item->use.kind);
    out->element = view_kind(item->use.kind == MODEL_LIST ? item->use.element : item->use.kind);
    out->direction = directions[item->direction];
    out->type_ref = item->use.type == NULL ? "NULL" : arena_printf(m->arena, "&type_%s_%s", api->model->name, item->use.type->name);
    out->host_decl = arena_printf(m->arena, "%s %s%s", view_host_type(m, api->model->name, &item->use), item->name, array);
    out->guest_decl = arena_printf(m->arena, "%s %s%s", view_guest_type(m, api->model->name, &item->use), item->name, array);
    out->notes = notes(m, item);
    out->optional = item->use.optional;
    out->own = item->use.own;
    out->is_uri = item->format == MODEL_FORMAT_URI;
    out->max = item->use.max;
    out->array = item->use.array;
    out->guard = -1;
    out->word = -1;
    return out;
}
