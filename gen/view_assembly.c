/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_assembly.c - names, types and records as AssemblyScript spells them; calls are view_assembly_call.c's.
 * A module's functions and classes hide what AssemblyScript has of the same name, so the names that generated code itself needs are reserved, too. */
#include "gen/view_assembly.h"
#include "gen/view_guest.h"

#include <string.h>

static const char *const words_at[] = {
    "Array", "Error", "Function", "Object", "StaticArray", "String", "abort", "any", "anyref", "arguments", "as", "assert", "async", "await", "bool", "boolean",
    "break", "case", "catch", "changetype", "class", "const", "constructor", "continue", "debugger", "declare", "default", "delete", "do", "else", "enum",
    "eval", "export", "extends", "externref", "f32", "f64", "false", "finally", "for", "funcref", "function", "globalThis", "heap", "i16", "i32", "i64",
    "i8", "if", "implements", "import", "in", "instanceof", "interface", "isize", "let", "load", "memory", "namespace", "never", "new", "null",
    "number", "package", "private", "protected", "public", "return", "static", "store", "string", "super", "switch", "symbol", "this", "throw", "true",
    "try", "type", "typeof", "u16", "u32", "u64", "u8", "undefined", "unreachable", "usize", "v128", "var", "void", "while", "with", "yield",
};
static const guest_words_t words = {words_at, sizeof words_at / sizeof words_at[0]};

const char *assembly_name(view_maker_t *m, const char *name)
{
    return guest_name(m, &words, name);
}

const char *assembly_camel(view_maker_t *m, const char *name)
{
    return guest_camel(m, &words, name);
}

const char *assembly_element(view_maker_t *m, const model_use_t *use)
{
    const model_kind_t kind = use->kind == MODEL_LIST ? use->element : use->kind;
    if (use->type == NULL) {
        return guest_scalar(kind);
    }
    return model_kind_is_named(kind) ? guest_scalar(use->type->base) : assembly_camel(m, use->type->name);
}

static view_spelling_t *spelling(view_maker_t *m, const char *name)
{
    view_spelling_t *out = arena_alloc(m->arena, sizeof *out);
    out->name = name;
    return out;
}

static void value_of(view_maker_t *m, const model_type_t *type, view_value_t *value)
{
    value->assembly = spelling(m, value->NAME);
    value->assembly->type = guest_scalar(type->base);
    value->assembly->value = value->plain;
}

/* Types and constants share one name space here: a type a_b is AB, and so is a constant ab. */
static bool is_class(view_maker_t *m, const model_api_t *api, const char *name)
{
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (strcmp(assembly_camel(m, api->types[i].name), name) == 0) {
            return true;
        }
    }
    for (uint32_t i = 0; i < api->event_count; i++) {
        if (strcmp(assembly_camel(m, api->events[i].name), name) == 0) {
            return true;
        }
    }
    return false;
}

static void constant_of(view_maker_t *m, const model_api_t *api, const model_constant_t *constant, view_constant_t *view)
{
    view->assembly = spelling(m, is_class(m, api, view->NAME) ? arena_printf(m->arena, "%s_", view->NAME) : view->NAME);
    view->assembly->type = guest_scalar(constant->type != NULL ? constant->type->base : constant->kind);
    view->assembly->value = view->plain;
}

/* How a field is reached: records in records as their address, arrays by an index that traps beyond the end. Setters of arrays have an underscore behind. */
static void field_of(view_maker_t *m, const model_item_t *item, view_item_t *view)
{
    texts_t lines = {0};
    const char *name = assembly_name(m, item->name);
    const char *type = assembly_element(m, &item->use);
    const char *size = item->use.kind == MODEL_RECORD ? arena_printf(m->arena, "%s.SIZE", type) : arena_printf(m->arena, "%u", model_kind_bits(model_carrier(&item->use)) / 8);
    const char *place = item->use.array == 0 ? "changetype<usize>(this)" : arena_printf(m->arena, "changetype<usize>(this) + cg_.index_(i, %u) * %s", item->use.array, size);
    const bool is_array = item->use.array != 0;
    const char *get = arena_printf(m->arena, is_array ? "%s(i: i32): %s" : "get %s(): %s", name, type);
    if (item->use.kind == MODEL_RECORD) {
        view_addf(m, &lines, "%s { return changetype<%s>(%s + %u); }", get, type, place, (unsigned)view->offset);
    } else {
        view_addf(m, &lines, "%s { return load<%s>(%s, %u); }", get, type, place, (unsigned)view->offset);
        view_addf(m, &lines, is_array ? "%s_(i: i32, value: %s): void { store<%s>(%s, value, %u); }" : "set %s(value: %s) { store<%s>(%s, value, %u); }", name, type, type, place,
                  (unsigned)view->offset);
    }
    view->assembly = spelling(m, name);
    view->assembly->type = type;
    view->assembly->lines = view_list(&lines);
}

static void type_of(view_maker_t *m, const model_type_t *type, view_type_t *view)
{
    view->assembly = spelling(m, assembly_camel(m, type->name));
    if (model_kind_is_named(type->kind)) {
        view->assembly->type = guest_scalar(type->base);
    }
}

static void event_of(view_maker_t *m, const model_event_t *event, view_event_t *view)
{
    texts_t params = {0};
    view_addf(m, &params, "%s: %s", assembly_name(m, event->from->name), assembly_camel(m, event->from->name));
    for (uint32_t i = 0; i < event->data.count; i++) {
        const model_item_t *item = &event->data.at[i];
        view_addf(m, &params, "%s: %s", assembly_name(m, item->name), assembly_element(m, &item->use));
    }
    view->assembly = spelling(m, assembly_camel(m, event->name));
    view->assembly->params = view_join(m, &params, ", ");
}

const guest_language_t assembly_language = {"assembly", value_of, constant_of, NULL, field_of, type_of, assembly_call, event_of, NULL};
