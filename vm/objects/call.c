/* SPDX-License-Identifier: BSD-2-Clause */
/* call.c - a whole call: arguments down, through the gate, results up. */
#include "inside.h"

/* Wider numbers than a slot's kind were handed on by take.c as they are; those that a row or an entry cannot see are refused there. */
static void serve(cg_guest_t *g, const cg_call_info_t *call, const lay_t *lay, cg_object_answer_t *answer)
{
    const cg_object_glue_t *glue = g->kind->glue;
    if (glue->calls != NULL) {
        answer->is_over = !glue->calls[call->index](g, lay->slots, &answer->result);
    } else {
        answer->result = glue->row_call(g, &glue->rows[call->index], call->index, lay->slots, CG_ROW_SLOTS_MAX, false);
        answer->is_over = g->ending != 0;
    }
    if (call->form != CG_FORM_VALUE && (int32_t)(uint32_t)answer->result < 0) {
        answer->code = (int32_t)(uint32_t)answer->result;
    } else if (answer->is_over) {
        answer->code = -(int32_t)g->ended_by;
    }
}

/* Whether the gate would take the call now. Grant and budget come first (doc/abi.md): before that nothing of the arguments is looked at. */
static bool is_open(const cg_guest_t *g, uint32_t index)
{
    return g->budget > 0 && cg_is_granted(g, index);
}

/* A call that does not come to its body still enters and leaves, so that it needs its grant, is counted and is paid for: the gate does not take it; a value that its slot
 * cannot show (a field too wide for its bytes), which is refused as the gate refuses it; a value of another kind, for which the code stays. */
static void refuse(cg_guest_t *g, const cg_call_info_t *call, cg_object_answer_t *answer)
{
    const bool is_entered = cg_enter(g, call->index);
    const bool is_kind = is_entered && answer->code == CG_OBJECT_KIND;
    uint64_t result = 0;
    if (is_entered) {
        if (!is_kind) {
            (void)cg_no(g, answer->code);
        }
        answer->is_over = !cg_leave(g, call->index, 0, call->form, &result);
    } else {
        result = cg_failed(g, call->index, 0, call->form);
        answer->is_over = g->ending != 0;
    }
    if (answer->is_over) {
        answer->code = -(int32_t)g->ended_by;
    } else if (!is_kind) {
        answer->code = (int32_t)(uint32_t)result;
    }
}

void cg_object_call(cg_guest_t *g, const cg_call_info_t *call, cg_object_answer_t *answer)
{
    lay_t lay = {.guest = g, .object = object_of(g), .call = call, .answer = answer, .at = OBJECT_BLOCK_BEGIN};
    *answer = (cg_object_answer_t){0};
    if (!is_open(g, call->index)) {
        refuse(g, call, answer);
        return;
    }
    for (uint32_t i = 0; i < call->arg_count; i++) {
        lay.spare += call->args[i].direction != CG_OUT;
    }
    for (uint32_t i = 0; i < call->arg_count; i++) {
        const cg_item_info_t *item = &call->args[i];
        if (!object_take(&lay, item, answer->argument)) {
            refuse(g, call, answer);
            return;
        }
        answer->argument += item->direction != CG_OUT;
    }
    serve(g, call, &lay, answer);
    for (uint32_t i = 0; answer->code == 0 && i < call->arg_count; i++) {
        answer->count += call->args[i].direction != CG_IN;
    }
}

int32_t cg_object_close(cg_guest_t *g, uint32_t handle)
{
    cg_object_answer_t answer = {0};
    const lay_t lay = {.slots = {handle}};
    const cg_call_info_t *close = &g->kind->catalog->apis[0].calls[0]; /* gate.close */
    serve(g, close, &lay, &answer);
    return answer.code;
}

bool cg_object_result(cg_guest_t *g, const cg_call_info_t *call, const cg_object_answer_t *answer, uint32_t argument, cg_value_t *value)
{
    const cg_object_t *object = object_of(g);
    const output_t output = object_output(call, argument);
    const uint8_t *block = object->window.bytes;
    const cg_item_info_t *it = &call->args[argument];
    if (object_is_buffer(it)) {
        const uint32_t count = it->in_result ? (uint32_t)answer->result : cg_load32(block + output.count);
        return object_give_buffer(object, it, block + output.value, count, value);
    }
    if (it->in_result) {
        return object_give_bits(object, (cg_kind_t)it->kind, it->type, it->own, answer->result, value);
    }
    if (output.has != 0 && block[output.has] == 0) {
        return object->ops->make_none(object->vm, value);
    }
    return object_give(object, (cg_kind_t)it->kind, it->type, it->own, block + output.value, value);
}

/* ---- what errors mean ---- */

const cg_api_info_t *cg_object_api(const cg_catalog_t *catalog, const cg_call_info_t *call)
{
    uint32_t i = 0;
    while (i + 1 < catalog->api_count && catalog->apis[i].id != call->number >> 16) {
        i++;
    }
    return &catalog->apis[i];
}

static const cg_error_info_t *find_error(const cg_api_info_t *api, int32_t code)
{
    for (uint32_t i = 0; i < api->error_count; i++) {
        if (api->errors[i].number == code) {
            return &api->errors[i];
        }
    }
    return NULL;
}

const char *cg_object_error_name(const cg_api_info_t *api, int32_t code)
{
    const cg_error_info_t *error = find_error(api, code);
    const char *name = error != NULL ? error->name : cg_err_name(code);
    return name != NULL ? name : "error";
}

const char *cg_object_error_text(const cg_api_info_t *api, int32_t code)
{
    const cg_error_info_t *error = find_error(api, code);
    return error != NULL ? error->doc != NULL ? error->doc : error->name : cg_err_text(code);
}
