/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_memory.c - the lines that read values of guest memory, write them back, and ask whether the host kept to their types:
 * for the fields of records and the elements of lists. Reads each byte once; never makes an address. */
#include "gen/view.h"

/* One field or one element of it: where it is in the record, and what it is called on the host. */
typedef struct spot {
    const plan_field_t *field;
    const char *api;
    const char *from, *to; /* guest bytes as an expression, host lvalue */
    model_kind_t kind;     /* carrier */
} spot_t;

/* What the helpers that load and store numbers are called besides: nothing, or that the highest byte is first. */
const char *view_order(const view_maker_t *m)
{
    return m->plan->vm->is_big_endian ? "_be" : "";
}

static const char *load(view_maker_t *m, const spot_t *s)
{
    const uint32_t bits = model_kind_bits(s->kind);
    return bits == 8 ? arena_printf(m->arena, "*(%s)", s->from) : arena_printf(m->arena, "cg_load%u%s(%s)", bits, view_order(m), s->from);
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
        view_addf(m, lines, "%s{ uint%u_t bits; memcpy(&bits, &%s, %u); cg_store%u%s(%s, bits); }", indent, bits, s->to, bits / 8, bits, view_order(m), s->from);
    } else if (bits == 8) {
        view_addf(m, lines, "%s*(%s) = (uint8_t)%s;", indent, s->from, s->to);
    } else {
        view_addf(m, lines, "%scg_store%u%s(%s, (uint%u_t)%s);", indent, bits, view_order(m), s->from, bits, s->to);
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

void view_record_lines(view_maker_t *m, const plan_api_t *api, const plan_record_t *record, view_type_t *out)
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

/* The suffix of the helpers of a list argument. */
const char *view_list_name(view_maker_t *m, const plan_call_t *call, const model_item_t *item)
{
    return arena_printf(m->arena, "%s_%s_%s_%s", call->api->model->name, call->call->name, item->name, m->plan->class_name);
}

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
    out->list_name = view_list_name(m, call, item);
    out->list_type = view_host_type(m, api, &item->use);
    out->size = arg->size;
    out->get_lines = view_list(&get);
    out->put_lines = view_list(&put);
    out->kept = kept.count == 0 ? NULL : view_join(m, &kept, " && ");
}
