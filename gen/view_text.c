/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_text.c - small texts that all views are made of: lists, names, C types and constants. */
#include "gen/view.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void view_add(view_maker_t *m, texts_t *list, const void *item)
{
    if (list->count == list->room) {
        const size_t room = list->room == 0 ? 8 : list->room * 2;
        const void **items = arena_array(m->arena, room, sizeof *items);
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof *items);
        }
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = item;
}

void view_addf(view_maker_t *m, texts_t *list, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    view_add(m, list, arena_vprintf(m->arena, format, args));
    va_end(args);
}

must_list_t view_list(const texts_t *list)
{
    return (must_list_t){list->items, list->count};
}

const char *view_join(view_maker_t *m, const texts_t *list, const char *between)
{
    size_t size = 1;
    for (size_t i = 0; i < list->count; i++) {
        size += strlen(list->items[i]) + strlen(between);
    }
    char *all = arena_alloc(m->arena, size);
    char *at = all;
    for (size_t i = 0; i < list->count; i++) {
        at = i == 0 ? at : stpcpy(at, between);
        at = stpcpy(at, list->items[i]);
    }
    return all;
}

const char *view_upper(view_maker_t *m, const char *name)
{
    char *upper = arena_text(m->arena, name, strlen(name));
    for (char *c = upper; *c != '\0'; c++) {
        *c = (char)toupper((unsigned char)*c);
    }
    return upper;
}

const char *view_c_string(view_maker_t *m, const char *text)
{
    must_buffer_t buffer = {0};
    if (text == NULL) {
        return NULL;
    }
    if (!must_escape(&buffer, MUST_ESCAPE_C_STRING, text, strlen(text))) {
        fputs("callgate: out of memory\n", stderr);
        exit(3);
    }
    const char *copy = arena_text(m->arena, buffer.data == NULL ? "" : buffer.data, buffer.size);
    must_buffer_free(&buffer);
    return copy;
}

const char *view_integer(view_maker_t *m, model_kind_t kind, int64_t value)
{
    if (kind == MODEL_U64) {
        return arena_printf(m->arena, "UINT64_C(%" PRIu64 ")", (uint64_t)value);
    }
    if (kind == MODEL_S64) {
        return value == INT64_MIN ? "INT64_MIN" : arena_printf(m->arena, "INT64_C(%" PRId64 ")", value);
    }
    if (kind == MODEL_S32 && value == INT32_MIN) {
        return "INT32_MIN";
    }
    return arena_printf(m->arena, model_kind_is_signed(kind) ? "%" PRId64 : "%" PRId64 "u", value);
}

const char *view_plain(view_maker_t *m, model_kind_t kind, int64_t value)
{
    return arena_printf(m->arena, model_kind_is_signed(kind) ? "%" PRId64 : "%" PRIu64, value);
}

const char *view_kind(model_kind_t kind)
{
    static const char *const names[] = {
        "CG_KIND_BOOL", "CG_KIND_U8", "CG_KIND_U16", "CG_KIND_U32", "CG_KIND_U64", "CG_KIND_S8", "CG_KIND_S16", "CG_KIND_S32", "CG_KIND_S64",
        "CG_KIND_F32", "CG_KIND_F64", "CG_KIND_ENUM", "CG_KIND_FLAGS", "CG_KIND_RECORD", "CG_KIND_HANDLE", "CG_KIND_BYTES", "CG_KIND_STRING", "CG_KIND_LIST",
    };
    return names[kind];
}

const char *view_c_type(model_kind_t kind)
{
    static const char *const names[] = {"bool", "uint8_t", "uint16_t", "uint32_t", "uint64_t", "int8_t", "int16_t", "int32_t", "int64_t", "float", "double"};
    return kind <= MODEL_F64 ? names[kind] : kind == MODEL_BYTES ? "uint8_t" : kind == MODEL_STRING ? "char" : NULL;
}

static const char *named_type(view_maker_t *m, const char *prefix, const char *api, const model_use_t *use)
{
    const model_kind_t kind = use->kind == MODEL_LIST ? use->element : use->kind;
    const char *plain = view_c_type(kind);
    return plain != NULL ? plain : arena_printf(m->arena, "%s%s_%s_t", prefix, api, use->type->name);
}

const char *view_host_type(view_maker_t *m, const char *api, const model_use_t *use)
{
    return use->kind == MODEL_HANDLE ? view_handle_struct(m, api, use->type) : named_type(m, "cg_", api, use);
}

const char *view_guest_type(view_maker_t *m, const char *api, const model_use_t *use)
{
    return named_type(m, "", api, use);
}

const char *view_handle_struct(view_maker_t *m, const char *api, const model_type_t *type)
{
    return type->pass_fields ? arena_printf(m->arena, "cg_%s_%s_t", api, type->name) : arena_printf(m->arena, "struct host_%s_%s", api, type->name);
}

const char *view_in_range(view_maker_t *m, const model_item_t *item, const char *value)
{
    if (!item->range.present) {
        return NULL;
    }
    const model_kind_t kind = model_carrier(&item->use);
    const char *min = view_integer(m, kind, item->range.min);
    const char *max = view_integer(m, kind, item->range.max);
    if (!model_kind_is_signed(kind) && item->range.min == 0) {
        return arena_printf(m->arena, "%s <= %s", value, max);
    }
    return arena_printf(m->arena, "%s >= %s && %s <= %s", value, min, value, max);
}

/* ---- membership ---- */

static int by_value_unsigned(const void *left, const void *right)
{
    const uint64_t a = (uint64_t)((const model_value_t *)left)->value;
    const uint64_t b = (uint64_t)((const model_value_t *)right)->value;
    return a < b ? -1 : a > b;
}

static int by_value_signed(const void *left, const void *right)
{
    const int64_t a = ((const model_value_t *)left)->value;
    const int64_t b = ((const model_value_t *)right)->value;
    return a < b ? -1 : a > b;
}

/* Runs of neighbouring values: one comparison each. */
static const char *runs(view_maker_t *m, const model_type_t *type, const char *value)
{
    texts_t parts = {0};
    model_value_t *sorted = arena_array(m->arena, type->value_count + 1, sizeof *sorted);
    if (type->value_count > 0) {
        memcpy(sorted, type->values, type->value_count * sizeof *sorted);
    }
    qsort(sorted, type->value_count, sizeof *sorted, model_kind_is_signed(type->base) ? by_value_signed : by_value_unsigned);
    for (uint32_t i = 0; i < type->value_count;) {
        uint32_t last = i;
        while (last + 1 < type->value_count && sorted[last + 1].value == sorted[last].value + 1) {
            last += 1;
        }
        const char *min = view_integer(m, type->base, sorted[i].value);
        const char *max = view_integer(m, type->base, sorted[last].value);
        if (last == i) {
            view_addf(m, &parts, "%s == %s", value, min);
        } else if (!model_kind_is_signed(type->base) && sorted[i].value == 0) {
            view_addf(m, &parts, "%s <= %s", value, max);
        } else {
            view_addf(m, &parts, "(%s >= %s && %s <= %s)", value, min, value, max);
        }
        i = last + 1;
    }
    return parts.count == 0 ? "false" : view_join(m, &parts, " || ");
}

const char *view_known(view_maker_t *m, const model_type_t *type, const char *value)
{
    if (type->kind == MODEL_FLAGS) {
        const char *mask = arena_printf(m->arena, "UINT64_C(0x%" PRIx64 ")", type->flags_mask);
        return arena_printf(m->arena, "((uint64_t)%s & ~%s) == 0", value, mask);
    }
    return type->kind != MODEL_ENUM || type->open ? NULL : runs(m, type, value);
}
