/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_bind.c - the host functions that `bind:` describes for --host, as lines of C around the host's own call.
 * The prototypes are view_host.c's. Believes no returned value: it is mapped to an error or must fit its output. */
#include "gen/view.h"

#include <string.h>

/* Names of locals end in an underscore, which no name of a description does. */

static const model_type_t *bound_type(const view_maker_t *m, const model_item_t *item, const char **name)
{
    for (uint32_t i = 0; item->use.type != NULL && i < item->use.type->host_count; i++) {
        if (strcmp(item->use.type->hosts[i].host, m->host) == 0) {
            *name = item->use.type->hosts[i].type;
            return item->use.type;
        }
    }
    return NULL;
}

/* What stands for {name} in the host's call. */
static const char *actual(view_maker_t *m, const model_item_t *item)
{
    const char *host_type = NULL;
    const bool is_bound = bound_type(m, item, &host_type) != NULL;
    if (is_bound && item->use.kind == MODEL_HANDLE && item->direction == MODEL_IN) {
        return arena_printf(m->arena, "((%s *)%s)", host_type, item->name);
    }
    if (is_bound && item->use.kind == MODEL_RECORD) {
        return arena_printf(m->arena, "bound_%s", item->name);
    }
    if (item->use.kind == MODEL_STRING) {
        return arena_printf(m->arena, "%s.text", item->name);
    }
    if (item->use.kind == MODEL_BYTES) {
        return arena_printf(m->arena, item->direction == MODEL_IN ? "%s.bytes" : "%s->bytes", item->name);
    }
    const bool is_pointer = item->use.kind == MODEL_RECORD || item->direction == MODEL_OUT;
    return arena_printf(m->arena, is_pointer ? "(*%s)" : "%s", item->name);
}

static const char *substitute(view_maker_t *m, const plan_call_t *call, const char *text)
{
    texts_t parts = {0};
    while (*text != '\0') {
        const char *open = strchr(text, '{');
        const char *close = open == NULL ? NULL : strchr(open, '}');
        if (close == NULL) {
            view_add(m, &parts, text);
            break;
        }
        view_add(m, &parts, arena_text(m->arena, text, (size_t)(open - text)));
        for (uint32_t i = 0; i < call->call->args.count; i++) {
            const model_item_t *item = call->args[i].item;
            if (strlen(item->name) == (size_t)(close - open - 1) && strncmp(item->name, open + 1, strlen(item->name)) == 0) {
                view_add(m, &parts, actual(m, item));
            }
        }
        text = close + 1;
    }
    return view_join(m, &parts, "");
}

/* Records that the host calls by its own type go field by field: names and sizes are asserted, not trusted. */
static void bound_records(view_maker_t *m, const plan_call_t *call, model_direction_t direction, texts_t *lines)
{
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        const model_item_t *item = call->args[i].item;
        const char *host_type = NULL;
        if (item->use.kind != MODEL_RECORD || bound_type(m, item, &host_type) == NULL || item->direction != direction) {
            continue;
        }
        for (uint32_t f = 0; f < item->use.type->fields.count; f++) {
            const char *field = item->use.type->fields.at[f].name;
            const char *to = direction == MODEL_IN ? arena_printf(m->arena, "bound_%s.%s", item->name, field) : arena_printf(m->arena, "%s->%s", item->name, field);
            const char *from = direction == MODEL_IN ? arena_printf(m->arena, "%s->%s", item->name, field) : arena_printf(m->arena, "bound_%s.%s", item->name, field);
            view_addf(m, lines, "_Static_assert(sizeof %s == sizeof %s, \"%s.%s has another size on the host\");", to, from, item->use.type->name, field);
            view_addf(m, lines, "memcpy(&%s, &%s, sizeof %s);", to, from, to);
        }
    }
}

static void bound_locals(view_maker_t *m, const plan_call_t *call, texts_t *lines)
{
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        const char *host_type = NULL;
        if (call->args[i].item->use.kind == MODEL_RECORD && bound_type(m, call->args[i].item, &host_type) != NULL) {
            view_addf(m, lines, "%s bound_%s;", host_type, call->args[i].item->name);
            view_addf(m, lines, "memset(&bound_%s, 0, sizeof bound_%s);", call->args[i].item->name, call->args[i].item->name);
        }
    }
}

static void bound_fails(view_maker_t *m, const model_bind_t *bind, const char *API, texts_t *lines)
{
    const model_bind_fail_t *negative = NULL;
    for (uint32_t i = 0; i < bind->fail_count; i++) {
        const model_bind_fail_t *fail = &bind->fails[i];
        if (fail->is_negative) {
            negative = fail;
        } else {
            view_addf(m, lines, "if (result_ == (%s)) { return CG_%s_ERR_%s; }", fail->value, API, view_upper(m, fail->error->name));
        }
    }
    if (negative != NULL) {
        view_addf(m, lines, "if (result_ < 0) { return CG_%s_ERR_%s; }", API, view_upper(m, negative->error->name));
    } else {
        view_add(m, lines, "if (result_ < 0) { return CG_ERR_HOST; }");
    }
}

/* The returned value gives an output: it must fit the output's type. */
static void bound_gives(view_maker_t *m, const plan_call_t *call, const model_bind_t *bind, texts_t *lines)
{
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        const model_item_t *item = call->args[i].item;
        if (strcmp(item->name, bind->gives) != 0) {
            continue;
        }
        if (item->use.kind == MODEL_HANDLE) {
            view_addf(m, lines, "*%s = (%s *)given_;", item->name, view_host_type(m, call->api->model->name, &item->use));
            continue;
        }
        const char *type = view_host_type(m, call->api->model->name, &item->use);
        const char *target = item->use.kind == MODEL_BYTES ? arena_printf(m->arena, "%s->count", item->name) : arena_printf(m->arena, "*%s", item->name);
        type = item->use.kind == MODEL_BYTES ? "uint32_t" : type;
        view_addf(m, lines, "if ((long long)(%s)result_ != result_) { return CG_ERR_HOST; }", type);
        view_addf(m, lines, "%s = (%s)result_;", target, type);
    }
}

static bool gives_handle(const plan_call_t *call, const model_bind_t *bind)
{
    for (uint32_t i = 0; bind->gives != NULL && i < call->call->args.count; i++) {
        if (strcmp(call->args[i].item->name, bind->gives) == 0 && call->args[i].item->use.kind == MODEL_HANDLE) {
            return true;
        }
    }
    return false;
}

static void bound_call(view_maker_t *m, const plan_call_t *call, const model_bind_t *bind, texts_t *lines)
{
    const char *expression = substitute(m, call, bind->call);
    if (call->is_value) {
        view_addf(m, lines, bind->gives == NULL ? "%s;" : "return %s;", expression);
        return;
    }
    if (gives_handle(call, bind)) {
        view_addf(m, lines, "void *given_ = (void *)(%s);", expression);
        bound_gives(m, call, bind, lines);
        for (uint32_t i = 0; i < bind->fail_count; i++) {
            if (bind->fails[i].is_negative) {
                view_addf(m, lines, "if (given_ == NULL) { return CG_%s_ERR_%s; }", view_upper(m, call->api->model->name), view_upper(m, bind->fails[i].error->name));
            }
        }
        view_add(m, lines, "return 0;");
        return;
    }
    bound_records(m, call, MODEL_IN, lines);
    if (bind->gives == NULL && bind->fail_count == 0) {
        view_addf(m, lines, "%s;", expression);
    } else {
        view_addf(m, lines, "const long long result_ = %s;", expression);
        bound_fails(m, bind, view_upper(m, call->api->model->name), lines);
    }
    if (bind->gives != NULL) {
        bound_gives(m, call, bind, lines);
    }
    bound_records(m, call, MODEL_OUT, lines);
    view_add(m, lines, "return 0;");
}

void view_bind(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t lines = {0};
    for (uint32_t i = 0; m->host != NULL && i < call->call->bind_count; i++) {
        const model_bind_t *bind = &call->call->binds[i];
        if (strcmp(bind->host, m->host) == 0) {
            out->bind = bind->call;
            out->bind_include = bind->include;
            bound_locals(m, call, &lines);
            bound_call(m, call, bind, &lines);
        }
    }
    out->bind_lines = view_list(&lines);
}
