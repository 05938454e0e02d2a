/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_language.c - calls, events and types as the languages of the API reference write them: a row a language in the table at the end.
 * Called by view_doc.c. Only puts together what the view has; never decides a type. */
#include "gen/view_doc.h"
#include "gen/view_guest.h"

#include <string.h>

enum { LINE_MAX = 72 }; /* bytes of a signature on one line */

/* `(a, b);`, or a line a parameter where that would be long. No parameter has a comma in it. */
static const char *params_text(view_maker_t *m, size_t before, const char *params)
{
    texts_t lines = {0};
    if (before + strlen(params) <= LINE_MAX) {
        return arena_printf(m->arena, "(%s);", params);
    }
    for (const char *comma = strstr(params, ", "); comma != NULL; comma = strstr(params, ", ")) {
        view_add(m, &lines, arena_text(m->arena, params, (size_t)(comma - params)));
        params = comma + 2;
    }
    view_add(m, &lines, params);
    return arena_printf(m->arena, "(\n    %s);", view_join(m, &lines, ",\n    "));
}

static view_code_t function(view_maker_t *m, const char *result, const char *name, const char *params)
{
    const char *before = arena_printf(m->arena, "%s ", result);
    return (view_code_t){.before = before, .name = name, .after = params_text(m, strlen(before) + strlen(name), params)};
}

static const char *member_lines(view_maker_t *m, const view_type_t *type, bool is_host)
{
    texts_t lines = {0};
    for (size_t i = 0; i < type->fields.count; i++) {
        const view_item_t *field = type->fields.items[i];
        view_addf(m, &lines, "    %s;\n", is_host ? field->host_decl : field->guest_decl);
    }
    return view_join(m, &lines, "");
}

static view_code_t typedef_of(view_maker_t *m, const char *of, const char *prefix, const view_type_t *type, const char *after)
{
    const char *name = arena_printf(m->arena, "%s%s_%s_t", prefix, type->api, type->name);
    return (view_code_t){.before = arena_printf(m->arena, "typedef %s ", of), .name = name, .after = arena_printf(m->arena, ";%s", after)};
}

static view_code_t struct_of(view_maker_t *m, const char *prefix, const view_type_t *type, bool is_host)
{
    return typedef_of(m, arena_printf(m->arena, "struct %s%s_%s {\n%s}", prefix, type->api, type->name, member_lines(m, type, is_host)), prefix, type, "");
}

/* Enums and flags: the integer, and how the values are called. */
static view_code_t named(view_maker_t *m, const char *prefix, const char *PREFIX, const view_type_t *type)
{
    const view_value_t *first = type->values.count == 0 ? NULL : type->values.items[0];
    const char *values = first == NULL ? "" : arena_printf(m->arena, " /* %s%s_%s_%s%s */", PREFIX, type->API, type->NAME, first->NAME, type->values.count == 1 ? "" : ", ...");
    return typedef_of(m, type->base_c, prefix, type, values);
}

/* ---- C, guest ---- */

static view_code_t c_guest_call(view_maker_t *m, const view_call_t *call)
{
    return function(m, call->guest_result, arena_printf(m->arena, "%s_%s", call->api, call->name), call->guest_params);
}

static view_code_t c_guest_event(view_maker_t *m, const view_event_t *event)
{
    return function(m, "void", event->handler, event->guest_params);
}

static view_code_t c_guest_type(view_maker_t *m, const view_type_t *type)
{
    if (type->is_handle) {
        return typedef_of(m, arena_printf(m->arena, "struct %s_%s {\n    uint32_t id; /* 0: none */\n}", type->api, type->name), "", type, "");
    }
    return type->is_record ? struct_of(m, "", type, false) : named(m, "", "", type);
}

/* ---- C, host ---- */

static view_code_t host_call(view_maker_t *m, const view_call_t *call)
{
    if (call->is_accessor) {
        return (view_code_t){.note = "No host function: the gate reads and writes the field itself."};
    }
    return function(m, call->host_result, arena_printf(m->arena, "host_%s_%s", call->api, call->name), call->host_params);
}

static view_code_t host_event(view_maker_t *m, const view_event_t *event)
{
    const char *data = event->has_data ? arena_printf(m->arena, ", %s", event->host_params) : "";
    const char *params = arena_printf(m->arena, "cg_guest_t *guest, const %s *source_%s", event->from_type, data);
    return function(m, "cg_post_t", arena_printf(m->arena, "cg_post_%s_%s", event->api, event->name), params);
}

static view_code_t host_type(view_maker_t *m, const view_type_t *type)
{
    if (type->is_record) {
        return struct_of(m, "cg_", type, true);
    }
    if (!type->is_handle) {
        return named(m, "cg_", "CG_", type);
    }
    if (!type->is_owned) {
        return (view_code_t){.name = type->struct_name, .after = ";"};
    }
    const char *after = arena_printf(m->arena, ";\nvoid host_%s_%s_release(cg_host_t *host, %s *object);", type->api, type->name, type->struct_name);
    return (view_code_t){.name = type->struct_name, .after = after};
}

/* ---- Rust and AssemblyScript, guest; by modules ---- */

/* A function whose result stands behind its parameters. */
static view_code_t function_of(view_maker_t *m, const char *before, const char *name, const char *params, const char *result)
{
    const char *all = params_text(m, strlen(before) + strlen(name) + strlen(result), params);
    return (view_code_t){.before = before, .name = name, .after = arena_printf(m->arena, "%.*s%s;", (int)strlen(all) - 1, all, result)};
}

/* As people write it: without the paths that generated code needs, since a description may have an Option of its own. */
static const char *short_paths(view_maker_t *m, const char *text)
{
    static const char *const paths[] = {"::core::option::", "::core::result::", "::core::convert::", "crate::"};
    char *out = arena_text(m->arena, text, strlen(text));
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        const size_t size = strlen(paths[i]);
        for (char *at = strstr(out, paths[i]); at != NULL; at = strstr(at, paths[i])) {
            memmove(at, at + size, strlen(at + size) + 1);
        }
    }
    return out;
}

static view_code_t rust_call_code(view_maker_t *m, const view_call_t *call)
{
    const char *name = arena_printf(m->arena, "%s%s", call->rust->name, call->rust->type);
    return function_of(m, "pub fn ", name, short_paths(m, call->rust->params), arena_printf(m->arena, " -> %s", short_paths(m, call->rust->result)));
}

static view_code_t rust_event_code(view_maker_t *m, const view_event_t *event)
{
    return function_of(m, "fn ", event->handler, event->rust->params, "");
}

static view_code_t rust_type_code(view_maker_t *m, const view_type_t *type)
{
    texts_t lines = {0};
    if (type->is_handle) {
        return (view_code_t){.before = "pub struct ", .name = type->rust->name, .after = type->is_owned ? "; // closed when dropped; lent as Lent<>" : "; // Copy"};
    }
    if (!type->is_record) {
        view_addf(m, &lines, "    pub raw: %s,\n", type->rust->type);
    }
    for (size_t i = 0; type->is_record && i < type->fields.count; i++) {
        const view_item_t *field = type->fields.items[i];
        view_addf(m, &lines, "    pub %s: %s,\n", field->rust->name, field->rust->type);
    }
    const view_value_t *first = type->values.count == 0 ? NULL : type->values.items[0];
    const char *values = first == NULL ? "" : arena_printf(m->arena, " // %s::%s%s", type->rust->name, first->rust->name, type->values.count == 1 ? "" : ", ...");
    return (view_code_t){.before = "pub struct ", .name = type->rust->name, .after = arena_printf(m->arena, " {\n%s}%s", view_join(m, &lines, ""), values)};
}

/* The common module is imported under a name of its own in generated code. */
static const char *short_refs(view_maker_t *m, const char *text)
{
    char *out = arena_text(m->arena, text, strlen(text));
    for (char *at = strstr(out, "cg_."); at != NULL; at = strstr(at, "cg_.")) {
        memmove(at, at + 4, strlen(at + 4) + 1);
    }
    return out;
}

static view_code_t assembly_call_code(view_maker_t *m, const view_call_t *call)
{
    return function_of(m, "function ", call->assembly->name, short_refs(m, call->assembly->params), arena_printf(m->arena, ": %s", call->assembly->result));
}

static view_code_t assembly_event_code(view_maker_t *m, const view_event_t *event)
{
    return function_of(m, "export function ", event->handler, event->assembly->params, ": void");
}

static view_code_t assembly_type_code(view_maker_t *m, const view_type_t *type)
{
    texts_t lines = {0};
    if (type->is_handle) {
        return (view_code_t){.before = "class ", .name = type->assembly->name, .after = " {\n  get id(): u32;\n  close(): i32;\n}"};
    }
    for (size_t i = 0; type->is_record && i < type->fields.count; i++) {
        const view_item_t *field = type->fields.items[i];
        view_addf(m, &lines, field->array == 0 ? "  %s: %s;\n" : "  %s(i: i32): %s;\n", field->assembly->name, field->assembly->type);
    }
    const view_value_t *first = type->values.count == 0 ? NULL : type->values.items[0];
    if (first != NULL) {
        view_addf(m, &lines, "  const %s: %s = %s;%s\n", first->assembly->name, type->assembly->type, first->assembly->value, type->values.count == 1 ? "" : " // ...");
    }
    return (view_code_t){.before = type->is_record ? "class " : "namespace ", .name = type->assembly->name, .after = arena_printf(m->arena, " {\n%s}", view_join(m, &lines, ""))};
}

static const view_language_t languages[] = {
    {"c-guest", "C guest", "c", NULL, c_guest_call, c_guest_event, c_guest_type},
    {"rust-guest", "Rust guest", "rust", "rust", rust_call_code, rust_event_code, rust_type_code},
    {"assembly-guest", "AssemblyScript guest", "ts", "assembly", assembly_call_code, assembly_event_code, assembly_type_code},
    {"c-host", "C host", "c", NULL, host_call, host_event, host_type},
};

must_list_t view_languages(view_maker_t *m)
{
    texts_t list = {0};
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        if (languages[i].sdk == NULL || guest_is_wanted(m, languages[i].sdk)) {
            view_add(m, &list, &languages[i]);
        }
    }
    return view_list(&list);
}
