/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view.c - the view of a whole plan: the set, its APIs, their types and calls. */
#include "gen/view_guest.h"

#include <inttypes.h>
#include <string.h>

static void constants_view(view_maker_t *m, const model_api_t *api, view_api_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < api->constant_count; i++) {
        const model_constant_t *constant = &api->constants[i];
        view_constant_t *view = arena_alloc(m->arena, sizeof *view);
        const model_kind_t kind = constant->type != NULL ? constant->type->base : constant->kind;
        view->name = constant->name;
        view->NAME = view_upper(m, constant->name);
        view->doc = constant->doc;
        view->unit = constant->unit;
        view->kind = model_kind_name(constant->kind);
        view->kind_c = view_kind(kind);
        view->is_float = model_kind_is_float(kind);
        if (model_kind_is_float(kind)) {
            view->text = arena_printf(m->arena, kind == MODEL_F32 ? "%af" : "%a", constant->real);
            view->plain = arena_printf(m->arena, kind == MODEL_F32 ? "%.9g" : "%.17g", constant->real);
        } else if (kind == MODEL_BOOL) {
            view->text = constant->integer != 0 ? "1" : "0";
            view->plain = constant->integer != 0 ? "true" : "false";
            view->cells = view_number_cells(m, constant->integer != 0);
        } else {
            view->text = view_integer(m, kind, constant->integer);
            view->cells = view_number_cells(m, constant->integer);
            view->plain = view_plain(m, kind, constant->integer);
        }
        guest_constant(m, api, constant, view);
        view_add(m, &list, view);
    }
    out->constants = view_list(&list);
    out->constant_count = api->constant_count;
}

static view_error_t *error_view(view_maker_t *m, const model_error_t *error)
{
    view_error_t *view = arena_alloc(m->arena, sizeof *view);
    view->name = error->name;
    view->NAME = view_upper(m, error->name);
    view->doc = error->doc;
    view->doc_c = view_c_string(m, error->doc == NULL ? error->name : error->doc);
    view->id = error->id;
    view->number = -63 - (int64_t)error->id;
    guest_error(m, view);
    return view;
}

static void errors_view(view_maker_t *m, const model_api_t *api, view_api_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < api->error_count; i++) {
        view_add(m, &list, error_view(m, &api->errors[i]));
    }
    out->errors = view_list(&list);
    out->error_count = api->error_count;
}

/* Records before the records that hold them, so that C sees each before its use. */
static void record_add(view_maker_t *m, const plan_api_t *api, view_type_t **views, bool *done, uint32_t index, texts_t *list)
{
    if (done[index]) {
        return;
    }
    done[index] = true;
    const model_type_t *type = &api->model->types[index];
    for (uint32_t i = 0; i < type->fields.count; i++) {
        const model_use_t *use = &type->fields.at[i].use;
        if (use->kind == MODEL_RECORD) {
            record_add(m, api, views, done, use->type->index, list);
        }
    }
    view_add(m, list, views[index]);
}

static void include_add(view_maker_t *m, texts_t *list, const char *include)
{
    for (size_t i = 0; include != NULL && i < list->count; i++) {
        if (strcmp(list->items[i], include) == 0) {
            return;
        }
    }
    if (include != NULL) {
        view_add(m, list, include);
    }
}

static void types_view(view_maker_t *m, const plan_api_t *api, view_api_t *out, texts_t *includes)
{
    texts_t types = {0}, enums = {0}, records = {0}, handles = {0}, owned = {0};
    const uint32_t count = api->model->type_count;
    view_type_t **views = arena_array(m->arena, count + 1, sizeof(view_type_t *));
    bool *done = arena_array(m->arena, count + 1, sizeof *done);
    for (uint32_t i = 0; i < count; i++) {
        views[i] = view_type(m, api, &api->model->types[i]);
        include_add(m, includes, views[i]->host_include);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (views[i]->is_record) {
            record_add(m, api, views, done, i, &records);
        } else if (!views[i]->is_handle) {
            view_add(m, &enums, views[i]);
        }
        if (views[i]->is_handle) {
            view_add(m, &handles, views[i]);
        }
        if (views[i]->is_handle && views[i]->is_owned) {
            view_add(m, &owned, views[i]);
        }
    }
    for (size_t i = 0; i < enums.count; i++) {
        view_add(m, &types, enums.items[i]);
    }
    for (size_t i = 0; i < records.count; i++) {
        view_add(m, &types, records.items[i]);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (views[i]->is_opaque) {
            view_add(m, &types, views[i]);
        }
    }
    out->types = view_list(&types);
    out->enums = view_list(&enums);
    out->records = view_list(&records);
    out->handles = view_list(&handles);
    out->owned = view_list(&owned);
    out->type_count = (int64_t)types.count;
}

static void args_view(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        view_item_t *item = view_item(m, call->api, call->args[i].item);
        item->in_result = call->args[i].in_result;
        item->word = call->args[i].words == 0 ? -1 : (int64_t)call->args[i].word;
        item->guard = call->args[i].guard;
        view_list_lines(m, call, &call->args[i], item);
        view_add(m, &list, item);
    }
    out->args = view_list(&list);
    out->arg_count = call->call->args.count;
}

static void access_view(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t lines = {0};
    if (call->call->accessor == MODEL_ACCESSOR_NONE) {
        return;
    }
    const model_item_t *field = &call->call->record->fields.at[call->call->field];
    const char *index = field->use.array == 0 ? "" : "[index]";
    const model_item_t *last = &call->call->args.at[call->call->args.count - 1];
    const bool is_get = call->call->accessor == MODEL_ACCESSOR_GET;
    view_addf(m, &lines, is_get ? "*%s = object->%s%s;" : "object->%2$s%3$s = %1$s;", last->name, field->name, index);
    out->access = view_list(&lines);
    out->is_accessor = true;
}

static void fails_view(view_maker_t *m, const model_call_t *call, view_call_t *out)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < call->fail_count; i++) {
        view_add(m, &list, error_view(m, call->fails[i]));
    }
    out->errors = view_list(&list);
    out->error_count = call->fail_count;
}

static const char *needs_name(model_needs_t needs)
{
    switch (needs) {
    case MODEL_NEEDS_NONE:
        return "none";
    case MODEL_NEEDS_READ:
        return "read";
    case MODEL_NEEDS_WRITE:
        return "write";
    case MODEL_NEEDS_EXEC:
        return "exec";
    }
    return "none";
}

static view_call_t *call_view(view_maker_t *m, const plan_call_t *call)
{
    static const char *const forms[] = {"CG_FORM_STATUS", "CG_FORM_COUNT", "CG_FORM_VALUE"};
    view_call_t *out = arena_alloc(m->arena, sizeof *out);
    out->name = call->call->name;
    out->NAME = view_upper(m, out->name);
    out->api = call->api->model->name;
    out->API = view_upper(m, out->api);
    out->doc = call->call->doc;
    out->api_id = call->api->model->id;
    out->id = call->call->id;
    out->index = call->index;
    out->number = arena_printf(m->arena, "0x%08" PRIx32 "u", call->number);
    out->needs = call->call->needs;
    out->needs_name = needs_name(call->call->needs);
    out->blocks = call->call->blocks;
    out->form = forms[call->form];
    out->form_name = plan_form_name(call->form);
    out->class_name = m->plan->class_name;
    out->is_value = call->is_value;
    out->has_result = call->result >= 0;
    out->touches_memory = call->touches_memory;
    args_view(m, call, out);
    fails_view(m, call->call, out);
    access_view(m, call, out);
    view_host(m, call, out);
    view_body(m, call, out);
    view_slots(m, call, out);
    view_call_cells(m, call, out);
    view_sdk(m, call, out);
    view_bind(m, call, out);
    guest_call(m, call, out);
    return out;
}

static void events_view(view_maker_t *m, const plan_api_t *api, view_api_t *out, texts_t *all)
{
    texts_t list = {0}, digests = {0};
    const uint32_t count = api->model->event_count;
    for (uint32_t i = 0; i < count; i++) {
        view_event_t *event = view_event(m, api, &api->events[i]);
        view_add(m, &list, event);
        view_add(m, all, event);
        view_addf(m, &digests, "0x%08" PRIx32, api->event_digests[i]);
    }
    out->events = view_list(&list);
    out->event_count = count;
    out->event_digests = view_list(&digests);
    if (count > 0) {
        out->event_digest = digests.items[count - 1];
        out->event_entry = arena_printf(m->arena, "0x%08" PRIx32, api->model->id << 16 | 0x8000u | count);
    }
}

static bool uses_memory(const plan_api_t *api)
{
    for (uint32_t i = 0; i < api->model->call_count; i++) {
        if (api->calls[i].touches_memory) {
            return true;
        }
    }
    return false;
}

static view_api_t *api_view(view_maker_t *m, const plan_api_t *api, texts_t *all_calls, texts_t *all_events)
{
    view_api_t *out = arena_alloc(m->arena, sizeof *out);
    texts_t calls = {0}, digests = {0}, includes = {0};
    const model_api_t *model = api->model;
    out->name = model->name;
    out->NAME = view_upper(m, model->name);
    out->api_name = out->name;
    out->api_NAME = out->NAME;
    out->doc = model->doc;
    out->version = model->version;
    out->version_c = view_c_string(m, model->version);
    out->source = model->file;
    out->id = model->id;
    out->is_gate = model->id == 0;
    out->call_count = model->call_count;
    out->has_calls = model->call_count > 0;
    out->has_memory = uses_memory(api);
    guest_api(m, out);
    types_view(m, api, out, &includes);
    constants_view(m, model, out);
    errors_view(m, model, out);
    events_view(m, api, out, all_events);
    for (uint32_t i = 0; i < model->call_count; i++) {
        view_call_t *call = call_view(m, &api->calls[i]);
        include_add(m, &includes, call->bind_include);
        view_add(m, &calls, call);
        view_add(m, all_calls, call);
        view_addf(m, &digests, "0x%08" PRIx32, api->digests[i]);
    }
    out->calls = view_list(&calls);
    out->digests = view_list(&digests);
    out->includes = view_list(&includes);
    out->digest = digests.count == 0 ? "0" : digests.items[digests.count - 1];
    out->guest_entry = arena_printf(m->arena, "0x%08" PRIx32, model->id << 16 | model->call_count);
    return out;
}

/* What generated text may say of where it comes from: the last part of a path without its ending, for a description may be YAML or JSON. */
static const char *stem(view_maker_t *m, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    const char *dot = strrchr(name, '.');
    return arena_text(m->arena, name, dot == NULL ? strlen(name) : (size_t)(dot - name));
}

static void set_lists(view_maker_t *m, view_set_t *out)
{
    texts_t apis = {0}, calls = {0}, handles = {0}, owned = {0}, guards = {0}, numbers = {0}, sources = {0}, events = {0};
    const plan_t *plan = m->plan;
    uint32_t *values = arena_array(m->arena, plan->call_count + 1, sizeof *values);
    for (uint32_t i = 0; i < plan->api_count; i++) {
        view_api_t *api = api_view(m, &plan->apis[i], &calls, &events);
        view_add(m, &apis, api);
        view_add(m, &sources, stem(m, api->source));
        for (size_t k = 0; k < api->handles.count; k++) {
            view_add(m, &handles, api->handles.items[k]);
        }
        for (size_t k = 0; k < api->owned.count; k++) {
            view_add(m, &owned, api->owned.items[k]);
        }
        for (uint32_t k = 0; k < plan->apis[i].model->call_count; k++) {
            const plan_call_t *call = &plan->apis[i].calls[k];
            values[call->index] = call->number;
            view_addf(m, &numbers, "0x%08" PRIx32 "u", call->number);
            for (uint32_t a = 0; a < call->call->args.count; a++) {
                if (call->args[a].guard >= 0) {
                    view_addf(m, &guards, "%s_%s_%s", api->NAME, view_upper(m, call->call->name), view_upper(m, call->args[a].item->name));
                }
            }
        }
    }
    out->apis = view_list(&apis);
    out->calls = view_list(&calls);
    out->events = view_list(&events);
    out->event_count = (int64_t)events.count;
    out->handles = view_list(&handles);
    out->owned = view_list(&owned);
    out->guards = view_list(&guards);
    out->numbers = view_list(&numbers);
    out->sources = view_join(m, &sources, ", ");
    out->hash = plan->vm->number != VM_NUMBER_NAME && plan->call_count > 0 ? view_hash(m, values, plan->call_count) : NULL;
}

view_set_t *view_make(view_maker_t *m)
{
    view_set_t *out = arena_alloc(m->arena, sizeof *out);
    out->vm = m->plan->vm->name;
    out->VM = view_upper(m, out->vm);
    out->suffix = m->plan->vm->suffix;
    out->class_name = m->plan->class_name;
    out->is_big_endian = m->plan->vm->is_big_endian;
    out->count_size = m->plan->vm->address_bits / 8;
    out->handle_size = m->plan->vm->handle_bits == 15 ? 2 : 4;
    out->handle_bits = m->plan->vm->handle_bits;
    out->is_uncounted = m->plan->vm->steps == VM_STEPS_NONE;
    out->host = m->host;
    out->gate_errors = m->gate_errors;
    out->api_count = m->plan->api_count;
    out->call_count = m->plan->call_count;
    out->type_count = m->plan->type_count;
    out->guard_count = m->plan->guard_count;
    guest_want(m, m->plan->vm);
    set_lists(m, out);
    return out;
}
