/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/trace_value.c - decode values by the catalog: scalars, names of enums and flags, records, lists, texts.
 * Everything is read through cg_peek; what cannot be read is shown as an address. Never trusts a count. */
#include "trace_value.h"

#include "callgate/trace.h"
#include "catalog.h"
#include "yaml/diag.h"
#include "yaml/utf8.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static uint64_t trace_bits(const trace_view_t *view, const uint8_t *bytes, uint32_t size)
{
    const bool is_big_endian = view->guest->kind->catalog->is_big_endian;
    uint64_t bits = 0;
    for (uint32_t i = 0; i < size; i++) {
        bits |= (uint64_t)bytes[is_big_endian ? size - 1 - i : i] << 8 * i;
    }
    return bits;
}

bool trace_load(const trace_view_t *view, uint32_t at, uint32_t size, uint64_t *bits)
{
    const uint8_t *bytes = cg_peek(view->guest, at, size);
    *bits = bytes != NULL ? trace_bits(view, bytes, size) : 0;
    return bytes != NULL;
}

static void trace_unreadable(const trace_view_t *view, uint32_t at, uint64_t size)
{
    fprintf(view->out, "<unreadable 0x%" PRIx32 "+%" PRIu64 ">", at, size);
}

/* ---- scalars ---- */

static int64_t trace_sign_extend(uint64_t bits, unsigned width)
{
    const uint64_t sign = UINT64_C(1) << (width - 1);
    const uint64_t mask = sign - 1 + sign;
    const uint64_t wide = ((bits & mask) ^ sign) - sign;
    int64_t value;
    memcpy(&value, &wide, sizeof value);
    return value;
}

static void trace_integer(const trace_view_t *view, cg_kind_t kind, uint64_t bits)
{
    const unsigned width = catalog_bits(kind);
    if (width == 0) {
        fputc('?', view->out);
    } else if (catalog_is_signed(kind)) {
        fprintf(view->out, "%" PRId64, trace_sign_extend(bits, width));
    } else {
        fprintf(view->out, "%" PRIu64, bits & (UINT64_MAX >> (64 - width)));
    }
}

/* As few digits as give the same value again. */
static void trace_real(const trace_view_t *view, double value, int digits, int digits_max)
{
    char text[40];
    do {
        snprintf(text, sizeof text, "%.*g", digits, value);
    } while (++digits <= digits_max && (digits_max > 9 ? strtod(text, NULL) : (double)strtof(text, NULL)) != value);
    fputs(text, view->out);
}

static void trace_enum(const trace_view_t *view, const cg_type_info_t *type, uint64_t bits)
{
    const cg_kind_t base = (cg_kind_t)type->base;
    const unsigned width = catalog_bits(base);
    const uint64_t low = width == 0 ? bits : bits & (UINT64_MAX >> (64 - width));
    int64_t value;
    memcpy(&value, &low, sizeof value);
    const char *name = catalog_value_name(type, catalog_is_signed(base) ? trace_sign_extend(bits, width) : value);
    if (name != NULL) {
        fputs(name, view->out);
    } else {
        trace_integer(view, base, bits);
    }
}

static void trace_flags(const trace_view_t *view, const cg_type_info_t *type, uint64_t bits)
{
    const unsigned width = catalog_bits((cg_kind_t)type->base);
    uint64_t left = width == 0 ? bits : bits & (UINT64_MAX >> (64 - width));
    const char *between = "";
    for (uint32_t i = 0; i < type->value_count; i++) {
        const uint64_t flag = (uint64_t)type->values[i].value;
        if (flag != 0 && (left & flag) == flag) {
            fprintf(view->out, "%s%s", between, type->values[i].name);
            between = "|";
            left &= ~flag;
        }
    }
    if (left != 0) {
        fprintf(view->out, "%s0x%" PRIx64, between, left);
    } else if (between[0] == '\0') {
        fputc('0', view->out);
    }
}

static void trace_kind(const trace_view_t *view, cg_kind_t kind, const cg_type_info_t *type, uint64_t bits)
{
    float half;
    double full;
    const uint32_t low = (uint32_t)bits;
    switch (kind) {
    case CG_KIND_BOOL:
        fputs((uint32_t)bits == 0 ? "false" : (uint32_t)bits == 1 ? "true" : "<neither true nor false>", view->out);
        return;
    case CG_KIND_F32:
        memcpy(&half, &low, sizeof half);
        trace_real(view, (double)half, 6, 9);
        return;
    case CG_KIND_F64:
        memcpy(&full, &bits, sizeof full);
        trace_real(view, full, 15, 17);
        return;
    case CG_KIND_ENUM:
        trace_enum(view, type, bits);
        return;
    case CG_KIND_FLAGS:
        trace_flags(view, type, bits);
        return;
    case CG_KIND_HANDLE:
        trace_handle(view, low);
        return;
    case CG_KIND_U8: case CG_KIND_U16: case CG_KIND_U32: case CG_KIND_U64:
    case CG_KIND_S8: case CG_KIND_S16: case CG_KIND_S32: case CG_KIND_S64:
    case CG_KIND_RECORD: case CG_KIND_BYTES: case CG_KIND_STRING: case CG_KIND_LIST:
        trace_integer(view, kind, bits);
        return;
    }
}

/* A word with bits beyond its type is refused; what is left of it without them is not what the guest gave. */
static bool trace_fits(const cg_item_info_t *item, uint64_t bits)
{
    const bool is_named = item->kind == CG_KIND_ENUM || item->kind == CG_KIND_FLAGS;
    const cg_kind_t kind = (cg_kind_t)(is_named ? item->type->base : item->kind);
    const unsigned width = catalog_bits(kind);
    const uint32_t word = (uint32_t)bits;
    if (width == 0 || width >= 32 || kind == CG_KIND_BOOL || kind == CG_KIND_F32) {
        return true;
    }
    return catalog_is_signed(kind) ? (uint32_t)trace_sign_extend(word, width) == word : word >> width == 0;
}

void trace_scalar(const trace_view_t *view, const cg_item_info_t *item, uint64_t bits)
{
    if (!trace_fits(item, bits)) {
        fprintf(view->out, "<too wide 0x%" PRIx32 ">", (uint32_t)bits);
        return;
    }
    trace_kind(view, (cg_kind_t)item->kind, item->type, bits);
}

/* ---- texts and bytes ---- */

/* A quoted text: what a terminal could take amiss is escaped, and so are quotes and backslashes. */
static void trace_quoted(const trace_view_t *view, const char *text, uint32_t size)
{
    fputc('"', view->out);
    for (uint32_t i = 0; i < size;) {
        uint32_t point = 0;
        size_t n = utf8_decode(text + i, size - i, &point);
        n = n == 0 ? 1 : n;
        if (text[i] == '"' || text[i] == '\\') {
            fprintf(view->out, "\\%c", text[i]);
        } else if (text[i] == '\t') {
            fputs("\\t", view->out);
        } else {
            diag_escape(view->out, text + i, n);
        }
        i += (uint32_t)n;
    }
    fputc('"', view->out);
}

static void trace_string(const trace_view_t *view, const uint8_t *bytes, uint32_t size)
{
    char text[TRACE_STRING_MAX];
    uint32_t shown = size < TRACE_STRING_MAX ? size : TRACE_STRING_MAX;
    /* A cut must not fall inside a code point. */
    for (uint32_t back = 0; shown < size && back < 3 && shown > 0 && (bytes[shown] & 0xc0u) == 0x80u; back++) {
        shown--;
    }
    memcpy(text, bytes, shown);
    trace_quoted(view, text, shown);
    fputs(shown < size ? "..." : "", view->out);
}

static void trace_hex(const trace_view_t *view, const uint8_t *bytes, uint32_t size)
{
    fputc('<', view->out);
    for (uint32_t i = 0; i < size && i < TRACE_BYTES_MAX; i++) {
        fprintf(view->out, "%02x", bytes[i]);
    }
    fputs(size > TRACE_BYTES_MAX ? ">..." : ">", view->out);
}

/* ---- records and lists ---- */

static uint32_t trace_size(const trace_view_t *view, cg_kind_t kind, const cg_type_info_t *type)
{
    return kind == CG_KIND_RECORD ? type->size : kind == CG_KIND_HANDLE ? view->guest->kind->catalog->handle_size : catalog_bits(catalog_base(kind, type)) / 8;
}

static void trace_record(const trace_view_t *view, const cg_type_info_t *type, const uint8_t *bytes);

static void trace_element(const trace_view_t *view, cg_kind_t kind, const cg_type_info_t *type, const uint8_t *bytes)
{
    if (kind == CG_KIND_RECORD) {
        trace_record(view, type, bytes);
    } else {
        trace_kind(view, kind, type, trace_bits(view, bytes, trace_size(view, kind, type)));
    }
}

static void trace_elements(const trace_view_t *view, cg_kind_t kind, const cg_type_info_t *type, const uint8_t *bytes, uint32_t count)
{
    const uint32_t size = trace_size(view, kind, type);
    fputc('[', view->out);
    for (uint32_t i = 0; i < count && i < TRACE_LIST_MAX; i++) {
        fputs(i > 0 ? "," : "", view->out);
        trace_element(view, kind, type, bytes + (size_t)i * size);
    }
    fputs(count > TRACE_LIST_MAX ? ",...]" : "]", view->out);
}

static void trace_record(const trace_view_t *view, const cg_type_info_t *type, const uint8_t *bytes)
{
    fputc('{', view->out);
    for (uint32_t i = 0; i < type->field_count; i++) {
        const cg_item_info_t *field = &type->fields[i];
        fprintf(view->out, "%s%s=", i > 0 ? " " : "", field->name);
        if (field->array > 0) {
            trace_elements(view, (cg_kind_t)field->kind, field->type, bytes + field->offset, field->array);
        } else {
            trace_element(view, (cg_kind_t)field->kind, field->type, bytes + field->offset);
        }
    }
    fputc('}', view->out);
}

void trace_bytes(const trace_view_t *view, const cg_item_info_t *item, const uint8_t *bytes)
{
    trace_element(view, (cg_kind_t)item->kind, item->type, bytes);
}

void trace_memory(const trace_view_t *view, const cg_item_info_t *item, uint32_t at)
{
    const uint32_t size = trace_size(view, (cg_kind_t)item->kind, item->type);
    const uint8_t *bytes = cg_peek(view->guest, at, size);
    if (bytes == NULL) {
        trace_unreadable(view, at, size);
    } else {
        trace_element(view, (cg_kind_t)item->kind, item->type, bytes);
    }
}

void trace_buffer(const trace_view_t *view, const cg_item_info_t *item, uint32_t at, uint32_t count)
{
    const bool is_list = item->kind == CG_KIND_LIST;
    const uint64_t size = (uint64_t)count * (is_list ? trace_size(view, (cg_kind_t)item->element, item->type) : 1);
    const uint8_t *bytes = size <= UINT32_MAX ? cg_peek(view->guest, at, (uint32_t)size) : NULL;
    if (bytes == NULL) {
        trace_unreadable(view, at, size);
    } else if (is_list) {
        trace_elements(view, (cg_kind_t)item->element, item->type, bytes, count);
    } else if (item->kind == CG_KIND_STRING) {
        trace_string(view, bytes, count);
    } else {
        trace_hex(view, bytes, count);
    }
}

/* ---- handles ---- */

void trace_handle(const trace_view_t *view, uint32_t handle)
{
    uint16_t number = 0;
    const void *object = handle != 0 ? cg_peek_handle(view->guest, handle, &number) : NULL;
    if (object == NULL) {
        fprintf(view->out, handle == 0 ? "none" : "<no handle 0x%" PRIx32 ">", handle);
        return;
    }
    fprintf(view->out, "#%" PRIu32, (handle >> 1 & view->guest->slot_mask) + 1);
    const cg_api_info_t *api = NULL;
    const cg_type_info_t *type = catalog_handle_at(view->guest->kind->catalog, number, &api);
    char name[100], text[TRACE_STRING_MAX + 1];
    if (type == NULL || view->describe == NULL) {
        return;
    }
    snprintf(name, sizeof name, "%s.%s", api->name, type->name);
    const char *described = view->describe(view->guest->config->host, name, object, text, sizeof text);
    if (described != NULL) {
        fputc(' ', view->out);
        trace_quoted(view, described, (uint32_t)strnlen(described, TRACE_STRING_MAX));
    }
}
