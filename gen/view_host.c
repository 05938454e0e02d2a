/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_host.c - the prototypes that hosts implement. What `bind:` makes of them is view_bind.c's. */
#include "gen/view.h"

static void param_in(view_maker_t *m, const char *type, const model_item_t *item, texts_t *params)
{
    if (model_has_presence(&item->use)) {
        view_addf(m, params, "bool has_%s", item->name);
    }
    if (item->use.kind == MODEL_HANDLE) {
        view_addf(m, params, "%s *%s", type, item->name);
    } else if (item->use.kind == MODEL_RECORD) {
        view_addf(m, params, "const %s *%s", type, item->name);
    } else {
        view_addf(m, params, "%s %s", type, item->name);
    }
}

static void param_out(view_maker_t *m, const char *type, const model_item_t *item, texts_t *params)
{
    if (item->use.kind == MODEL_HANDLE) {
        view_addf(m, params, "%s **%s", type, item->name);
        return;
    }
    if (item->use.optional) {
        view_addf(m, params, "bool *has_%s", item->name);
    }
    view_addf(m, params, "%s *%s", type, item->name);
}

static void param(view_maker_t *m, const char *type, const model_item_t *item, texts_t *params)
{
    const bool is_in = item->direction == MODEL_IN;
    if (item->use.kind == MODEL_BYTES) {
        view_addf(m, params, is_in ? "cg_bytes_t %s" : "cg_buffer_t *%s", item->name);
    } else if (item->use.kind == MODEL_STRING) {
        view_addf(m, params, is_in ? "cg_text_t %s" : "cg_text_buffer_t *%s", item->name);
    } else if (item->use.kind == MODEL_LIST) {
        view_addf(m, params, is_in ? "const %s *%s, uint32_t %s_count" : "%s *%s, uint32_t %s_capacity, uint32_t *%s_count", type, item->name, item->name, item->name);
    } else if (is_in) {
        param_in(m, type, item, params);
    } else {
        param_out(m, type, item, params);
    }
}

void view_host_param(view_maker_t *m, const char *api, const model_item_t *item, texts_t *params)
{
    param_in(m, view_host_type(m, api, &item->use), item, params);
}

void view_host(view_maker_t *m, const plan_call_t *call, view_call_t *out)
{
    texts_t params = {0};
    const char *api = call->api->model->name;
    view_add(m, &params, "cg_call_t *call");
    for (uint32_t i = 0; i < call->call->args.count; i++) {
        const model_item_t *item = call->args[i].item;
        const char *type = view_host_type(m, api, &item->use);
        if (call->is_value && item->direction == MODEL_OUT) {
            out->host_result = type;
        } else {
            param(m, type, item, &params);
        }
    }
    if (!call->is_value) {
        out->host_result = "int";
    }
    out->host_params = view_join(m, &params, ", ");
}
