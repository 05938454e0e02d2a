/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_item.c - an argument or a field as catalog, headers and docs show it: constants, declarations, and its limits in words. */
#include "gen/view.h"

#include <inttypes.h>
#include <string.h>

static const char *range(view_maker_t *m, const model_item_t *item)
{
    const bool is_signed = model_kind_is_signed(model_carrier(&item->use));
    return !item->range.present ? NULL : arena_printf(m->arena, is_signed ? "%" PRId64 "..%" PRId64 : "%" PRIu64 "..%" PRIu64, item->range.min, item->range.max);
}

static const char *type_text(view_maker_t *m, const model_use_t *use)
{
    const char *name = use->type != NULL ? use->type->name : model_kind_name(use->element);
    const char *size = use->max != 0 ? arena_printf(m->arena, "(..%u)", use->max) : use->array != 0 ? arena_printf(m->arena, "(%u)", use->array) : "";
    if (!use->optional && !use->own && *size == '\0') {
        return name; /* most are plain */
    }
    return arena_printf(m->arena, "%s%s%s%s", use->optional ? "optional " : "", use->own ? "own " : "", name, size);
}

static const char *notes(view_maker_t *m, const model_item_t *item)
{
    texts_t parts = {0};
    if (item->direction != MODEL_IN && strcmp(item->name, "result") != 0) {
        view_add(m, &parts, item->direction == MODEL_OUT ? "a result" : "read and replaced");
    }
    if (item->unit != NULL) {
        view_add(m, &parts, item->unit);
    }
    if (item->range.present) {
        view_add(m, &parts, range(m, item));
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

/* What languages with tagged values want to know. */
static void kinds(const model_item_t *item, view_item_t *out)
{
    const model_kind_t kind = item->use.kind == MODEL_LIST ? item->use.element : item->use.kind;
    const bool is_object = kind == MODEL_HANDLE || (kind == MODEL_RECORD && item->use.type->is_handle);
    out->is_boolean = kind == MODEL_BOOL;
    out->is_integer = model_kind_is_integer(kind);
    out->is_wide = out->is_integer && model_kind_bits(kind) == 64;
    out->is_real = model_kind_is_float(kind);
    out->is_enum = kind == MODEL_ENUM;
    out->is_flags = kind == MODEL_FLAGS;
    out->is_object = is_object;
    out->is_record = kind == MODEL_RECORD && !is_object;
    out->is_text = kind == MODEL_STRING;
    out->is_bytes = kind == MODEL_BYTES;
    out->is_many = item->use.kind == MODEL_LIST || item->use.array != 0;
    out->is_in = item->direction != MODEL_OUT;
    out->is_out = item->direction != MODEL_IN;
}

view_item_t *view_item(view_maker_t *m, const plan_api_t *api, const model_item_t *item)
{
    static const char *const directions[] = {"CG_IN", "CG_INOUT", "CG_OUT"};
    static const char *const direction_names[] = {"in", "inout", "out"};
    view_item_t *out = arena_alloc(m->arena, sizeof *out);
    const char *array = item->use.array == 0 ? "" : arena_printf(m->arena, "[%u]", item->use.array);
    out->name = item->name;
    out->NAME = view_upper(m, item->name);
    out->doc = item->doc;
    out->unit = item->unit;
    out->unit_c = view_c_string(m, item->unit);
    out->kind = view_kind(item->use.kind == MODEL_RECORD && item->use.type->is_handle ? MODEL_HANDLE : item->use.kind);
    out->element = view_kind(item->use.kind == MODEL_LIST ? item->use.element : item->use.kind);
    out->direction = directions[item->direction];
    out->type_ref = item->use.type == NULL ? "NULL" : arena_printf(m->arena, "&type_%s_%s_%s", api->model->name, item->use.type->name, m->plan->class_name);
    out->host_decl = arena_printf(m->arena, "%s %s%s", view_host_type(m, api->model->name, &item->use), item->name, array);
    out->guest_decl = arena_printf(m->arena, "%s %s%s", view_guest_type(m, api->model->name, &item->use), item->name, array);
    out->notes = notes(m, item);
    out->type_text = type_text(m, &item->use);
    out->type_link = item->use.type == NULL ? NULL : item->use.type->name;
    out->range = range(m, item);
    out->direction_name = direction_names[item->direction];
    out->is_guarded = item->guard;
    kinds(item, out);
    out->optional = item->use.optional;
    out->own = item->use.own;
    out->is_uri = item->format == MODEL_FORMAT_URI;
    out->max = item->use.max;
    out->array = item->use.array;
    out->guard = -1;
    out->word = -1;
    return out;
}
