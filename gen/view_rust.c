/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_rust.c - names, types and constants as Rust spells them; calls are view_rust_call.c's.
 * Types stand in the module of their API, where a description may have an Option or a Result of its own: all else is named by its full path. */
#include "gen/view_guest.h"
#include "gen/view_rust.h"

#include <string.h>

static const char *const words_at[] = {
    "Self", "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else", "enum", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
};
static const guest_words_t words = {words_at, sizeof words_at / sizeof words_at[0]};

const char *rust_name(view_maker_t *m, const char *name)
{
    return guest_name(m, &words, name);
}

const char *rust_camel(view_maker_t *m, const char *name)
{
    return guest_camel(m, &words, name);
}

const char *rust_element(view_maker_t *m, const char *path, const model_use_t *use)
{
    const model_kind_t kind = use->kind == MODEL_LIST ? use->element : use->kind;
    return use->type == NULL ? guest_scalar(kind) : arena_printf(m->arena, "%s%s", path, rust_camel(m, use->type->name));
}

const char *rust_lent(view_maker_t *m, const char *root, const char *path, const model_type_t *type)
{
    const char *name = rust_camel(m, type->name);
    return type->is_owned ? arena_printf(m->arena, "%sLent<%s%s>", root, path, name) : arena_printf(m->arena, "%s%s", path, name);
}

/* A text between quotes. Control characters become spaces, as in comments. */
static const char *literal(view_maker_t *m, const char *text)
{
    char *out = arena_alloc(m->arena, 2 * strlen(text) + 3);
    char *at = out;
    *at++ = '"';
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            *at++ = '\\';
        }
        *at++ = (unsigned char)*text < ' ' || *text == 0x7f ? ' ' : *text;
    }
    *at++ = '"';
    *at = '\0';
    return out;
}

static view_spelling_t *spelling(view_maker_t *m, const char *name)
{
    view_spelling_t *out = arena_alloc(m->arena, sizeof *out);
    out->name = name;
    return out;
}

static void value_of(view_maker_t *m, const model_type_t *type, view_value_t *value)
{
    (void)type;
    value->rust = spelling(m, value->NAME);
    value->rust->value = value->plain;
}

static void constant_of(view_maker_t *m, const model_api_t *api, const model_constant_t *constant, view_constant_t *view)
{
    (void)api;
    const bool is_float = model_kind_is_float(constant->kind);
    const char *tail = is_float && strpbrk(view->plain, ".e") == NULL ? ".0" : "";
    view->rust = spelling(m, view->NAME);
    view->rust->type = constant->type != NULL ? rust_camel(m, constant->type->name) : guest_scalar(constant->kind);
    view->rust->value = constant->type != NULL ? arena_printf(m->arena, "%s { raw: %s }", view->rust->type, view->plain) : arena_printf(m->arena, "%s%s", view->plain, tail);
}

static void error_of(view_maker_t *m, view_error_t *error)
{
    error->rust = spelling(m, arena_printf(m->arena, "ERR_%s", error->NAME));
    error->rust->value = literal(m, error->doc == NULL ? error->name : error->doc);
}

/* What makes good bools of any bytes: a record that a program has put together itself can hold others. */
static must_list_t truths(view_maker_t *m, const model_item_t *item, const char *type, unsigned offset)
{
    texts_t lines = {0};
    if (item->use.kind == MODEL_BOOL || item->use.kind == MODEL_RECORD) {
        const char *sane = item->use.kind == MODEL_BOOL ? "crate::sane_" : arena_printf(m->arena, "%s::sane_", type);
        view_addf(m, &lines, "for i_ in 0..%u {", item->use.array == 0 ? 1u : item->use.array);
        view_addf(m, &lines, "    unsafe { %s(at_.add(%u + i_ * ::core::mem::size_of::<%s>())) };", sane, offset, type);
        view_add(m, &lines, "}");
    }
    return view_list(&lines);
}

static void field_of(view_maker_t *m, const model_item_t *item, view_item_t *view)
{
    const char *type = rust_element(m, "", &item->use);
    view->rust = spelling(m, rust_name(m, item->name));
    view->rust->type = item->use.array != 0 ? arena_printf(m->arena, "[%s; %u]", type, item->use.array) : type;
    view->rust->lines = truths(m, item, type, (unsigned)view->offset);
}

static void type_of(view_maker_t *m, const model_type_t *type, view_type_t *view)
{
    view->rust = spelling(m, rust_camel(m, type->name));
    if (model_kind_is_named(type->kind)) {
        view->rust->type = guest_scalar(type->base);
    }
}

/* The module of an API, and the feature that brings it. */
static const char *module(view_maker_t *m, const char *api)
{
    return strcmp(api, "default") == 0 ? "default_" : rust_name(m, api); /* the feature of this name is cargo's */
}

static void api_of(view_maker_t *m, view_api_t *view)
{
    view->rust = spelling(m, module(m, view->name));
}

/* What a handler takes, in the root of the crate. */
static void event_of(view_maker_t *m, const model_event_t *event, view_event_t *view)
{
    texts_t types = {0}, params = {0};
    const char *path = arena_printf(m->arena, "$crate::%s::", module(m, view->api));
    const char *lent = rust_lent(m, "$crate::", path, event->from);
    view_add(m, &types, lent);
    view_addf(m, &params, "%s: Lent<%s>", rust_name(m, event->from->name), rust_camel(m, event->from->name));
    for (uint32_t i = 0; i < event->data.count; i++) {
        const model_item_t *item = &event->data.at[i];
        const char *reference = item->use.kind == MODEL_RECORD ? "&" : "";
        view_addf(m, &types, "%s%s", reference, rust_element(m, path, &item->use));
        view_addf(m, &params, "%s: %s%s", rust_name(m, item->name), reference, rust_element(m, "", &item->use));
    }
    view->rust = spelling(m, rust_camel(m, event->name));
    view->rust->type = rust_camel(m, event->from->name);
    view->rust->value = module(m, view->api);
    view->rust->text = arena_printf(m->arena, "%s%s", rust_camel(m, view->api), view->rust->name);
    view->rust->import_params = view_join(m, &types, ", ");
    view->rust->params = view_join(m, &params, ", ");
}

const guest_language_t rust_language = {"rust", value_of, constant_of, error_of, field_of, type_of, rust_call, event_of, api_of};
