/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/plan.c - derive where each value of each call sits, from the model and the facts of a VM.
 * Reads models, writes plans, knows no VM by name and no template. */
#include "gen/plan.h"

#include "gen/layout.h"

typedef struct planner {
    arena_t *arena;
    diag_t *diag;
    plan_t *plan;
    bool is_good;
} planner_t;

/* What one call takes while its slots are laid down. */
typedef struct cursor {
    planner_t *p;
    plan_call_t *call;
    plan_slot_t slots[64]; /* MODEL_ARGS_MAX arguments of four slots at most */
    uint32_t count;
    uint32_t word;
} cursor_t;

const char *plan_form_name(plan_form_t form)
{
    static const char *const names[] = {"status", "count", "value"};
    return names[form];
}

const char *plan_role_name(plan_role_t role)
{
    static const char *const names[] = {"value", "present", "address", "count", "capacity", "count address", "presence address"};
    return names[role];
}

/* ---- forms of result ---- */

static bool is_plain_number(const model_item_t *item)
{
    return (model_kind_is_integer(item->use.kind) || model_kind_is_float(item->use.kind)) && !item->use.optional && !item->range.present && !item->guard;
}

/* A *value*: it cannot fail, so it is returned itself. */
bool plan_is_value(const model_call_t *call)
{
    uint32_t outputs = 0;
    if (call->fail_count > 0) {
        return false;
    }
    for (uint32_t i = 0; i < call->args.count; i++) {
        const model_item_t *item = &call->args.at[i];
        if (item->direction == MODEL_INOUT || (item->direction == MODEL_IN && !is_plain_number(item))) {
            return false;
        }
        if (item->direction == MODEL_OUT) {
            outputs += 1;
            if (!model_kind_is_scalar(item->use.kind) || item->use.optional) {
                return false;
            }
        }
    }
    return outputs == 1;
}

/* Can this output travel as a result that is never negative? */
static bool is_countable(const vm_t *vm, const model_item_t *item)
{
    if (item->direction == MODEL_IN) {
        return false;
    }
    if (model_kind_is_buffer(item->use.kind)) {
        return vm->slot_bits > 16 || item->use.max <= 0x7fff;
    }
    if (item->use.kind == MODEL_HANDLE) {
        return true;
    }
    const model_kind_t kind = model_carrier(&item->use);
    const bool is_small = kind == MODEL_BOOL || kind == MODEL_U8 || (kind == MODEL_U16 && vm->slot_bits > 16);
    return is_small && item->use.kind != MODEL_FLAGS && !item->use.optional;
}

static void form_choose(const vm_t *vm, plan_call_t *call)
{
    const model_items_t *args = &call->call->args;
    uint32_t countable = 0;
    call->is_value = plan_is_value(call->call);
    call->result = -1;
    for (uint32_t i = 0; i < args->count; i++) {
        if (call->is_value && args->at[i].direction == MODEL_OUT) {
            const uint32_t bits = model_kind_bits(model_carrier(&args->at[i].use));
            if (bits <= (vm->slot_bits == 32 ? 64 : vm->slot_bits)) {
                call->form = PLAN_VALUE;
                call->result = (int32_t)i;
                return;
            }
        }
        if (is_countable(vm, &args->at[i])) {
            countable += 1;
            call->result = (int32_t)i;
        }
    }
    call->form = countable == 1 ? PLAN_COUNT : PLAN_STATUS;
    if (countable != 1) {
        call->result = -1;
    }
}

/* ---- slots ---- */

static plan_slot_kind_t slot_kind(const vm_t *vm, model_kind_t kind, uint32_t bits)
{
    if (vm->has_floats && model_kind_is_float(kind)) {
        return kind == MODEL_F32 ? PLAN_SLOT_F32 : PLAN_SLOT_F64;
    }
    if (vm->has_typed) {
        return bits > 32 ? PLAN_SLOT_I64 : PLAN_SLOT_I32;
    }
    return PLAN_SLOT_INT;
}

static plan_slot_kind_t result_kind(const vm_t *vm, const plan_call_t *call)
{
    const model_kind_t kind = call->form == PLAN_VALUE ? model_carrier(&call->args[call->result].item->use) : MODEL_S32;
    return slot_kind(vm, kind, model_kind_bits(kind));
}

static uint32_t cells_of(const vm_t *vm, uint32_t bits)
{
    return vm->slot_bits == 16 ? (bits + 15) / 16 : 1;
}

static void slot_put(cursor_t *c, plan_slot_t slot)
{
    if (c->count < sizeof c->slots / sizeof c->slots[0]) {
        c->slots[c->count] = slot;
    }
    c->count += 1;
}

/* One value of `kind` into as many slots as it needs; a value of up to 32 bits is one word, else two. Cells of 16 bits are put together by the adapter, so that
 * glue is given slots of 64 bits on every VM that does not type them. */
static void value_put(cursor_t *c, uint32_t arg, plan_role_t role, model_kind_t kind)
{
    const vm_t *vm = c->p->plan->vm;
    const uint32_t bits = kind == MODEL_BOOL ? 8 : model_kind_bits(kind);
    const uint32_t parts = vm->slot_bits == 32 && bits > 32 ? 2 : 1;
    for (uint32_t i = 0; i < parts; i++) {
        const uint32_t part = vm->is_wide_high_first ? parts - 1 - i : i;
        slot_put(c, (plan_slot_t){
            .arg = arg, .role = role, .kind = slot_kind(vm, kind, bits),
            .word = c->word + part, .cells = cells_of(vm, bits),
            .bits = parts == 1 ? bits : 32,
            .is_signed = part == parts - 1 && model_kind_is_signed(kind),
            .is_wide = parts == 1 && bits > 32,
        });
    }
    c->call->args[arg].at[role] = c->word;
    c->word += bits > 32 ? 2 : 1;
}

static void address_put(cursor_t *c, uint32_t arg, plan_role_t role)
{
    value_put(c, arg, role, c->p->plan->vm->address_bits == 16 ? MODEL_U16 : MODEL_U32);
}

static void buffer_put(cursor_t *c, uint32_t arg, const model_item_t *item, bool in_result)
{
    address_put(c, arg, PLAN_ROLE_ADDRESS);
    if (item->direction != MODEL_OUT) {
        address_put(c, arg, PLAN_ROLE_COUNT);
    }
    if (item->direction != MODEL_IN) {
        address_put(c, arg, PLAN_ROLE_CAPACITY);
        if (!in_result) {
            address_put(c, arg, PLAN_ROLE_COUNT_ADDRESS);
        }
    }
}

static void handle_put(cursor_t *c, uint32_t arg)
{
    value_put(c, arg, PLAN_ROLE_VALUE, c->p->plan->vm->handle_bits == 15 ? MODEL_U16 : MODEL_U32);
}

static void input_put(cursor_t *c, uint32_t arg, const model_item_t *item)
{
    if (item->use.kind == MODEL_RECORD) {
        address_put(c, arg, PLAN_ROLE_ADDRESS);
    } else if (item->use.kind == MODEL_HANDLE) {
        handle_put(c, arg);
    } else {
        if (model_has_presence(&item->use)) {
            value_put(c, arg, PLAN_ROLE_PRESENT, MODEL_BOOL);
        }
        value_put(c, arg, PLAN_ROLE_VALUE, model_carrier(&item->use));
    }
}

static void arg_put(cursor_t *c, uint32_t i)
{
    plan_arg_t *arg = &c->call->args[i];
    const model_item_t *item = arg->item;
    const uint32_t first = c->word;
    arg->word = first;
    if (model_kind_is_buffer(item->use.kind)) {
        buffer_put(c, i, item, arg->in_result);
    } else if (item->direction == MODEL_IN) {
        input_put(c, i, item);
    } else if (!arg->in_result) {
        if (model_has_presence(&item->use)) {
            address_put(c, i, PLAN_ROLE_HAS_ADDRESS);
        }
        address_put(c, i, PLAN_ROLE_ADDRESS);
    }
    arg->words = c->word - first;
}

static bool takes_memory(const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    return model_kind_is_buffer(item->use.kind) || item->use.kind == MODEL_RECORD || (item->direction != MODEL_IN && !arg->in_result);
}

/* Bytes that the body holds of this call's values. */
static uint32_t copied(const plan_arg_t *arg)
{
    const model_item_t *item = arg->item;
    if (item->use.kind == MODEL_RECORD) {
        return arg->size;
    }
    const bool is_copied = item->use.kind == MODEL_STRING || item->use.kind == MODEL_LIST;
    return is_copied ? arg->size * item->use.max : 0;
}

static void spill_mark(cursor_t *c)
{
    const vm_t *vm = c->p->plan->vm;
    const uint32_t max = vm->slot_count != 0 && !vm->has_spill ? vm->slot_count : VM_SLOTS_MAX;
    const model_call_t *call = c->call->call;
    if (c->count > max) {
        diag_rule_error(c->p->diag, "R201", call->at, "call '%s' needs %u slots; VM '%s' carries %u", call->name, c->count, vm->name, max);
        diag_help(c->p->diag, "put some of its arguments into a record");
        c->p->is_good = false;
        c->count = 0;
    }
    const bool does_spill = vm->slot_count != 0 && c->count > vm->slot_count;
    for (uint32_t i = 0; does_spill && i < c->count; i++) {
        c->slots[i].is_spilled = i >= vm->slot_count - 1;
        c->call->spill_count += c->slots[i].is_spilled ? 1 : 0;
    }
    c->call->touches_memory |= does_spill;
}

static void call_plan(planner_t *p, plan_api_t *api, plan_call_t *out, const model_call_t *call)
{
    cursor_t c = {.p = p, .call = out};
    uint32_t bytes = 0;
    out->api = api;
    out->call = call;
    out->number = api->model->id << 16 | call->id;
    out->args = arena_array(p->arena, call->args.count, sizeof *out->args);
    form_choose(p->plan->vm, out);
    for (uint32_t i = 0; i < call->args.count; i++) {
        plan_arg_t *arg = &out->args[i];
        arg->item = &call->args.at[i];
        arg->in_result = out->result == (int32_t)i;
        arg->size = layout_size(p->plan->vm, api->records, &arg->item->use);
        arg->guard = arg->item->guard ? (int32_t)p->plan->guard_count++ : -1;
        arg_put(&c, i);
        out->touches_memory |= takes_memory(arg);
        bytes += copied(arg);
    }
    out->result_kind = result_kind(p->plan->vm, out);
    if (bytes > MODEL_COPY_MAX) {
        diag_rule_error(p->diag, "R202", call->at, "call '%s' copies up to %u bytes on VM '%s'; %d is the most", call->name, bytes, p->plan->vm->name, MODEL_COPY_MAX);
        diag_help(p->diag, "make a maximum smaller, or use bytes(..n), which is not copied");
        p->is_good = false;
    }
    spill_mark(&c);
    out->slots = arena_array(p->arena, c.count, sizeof *out->slots);
    for (uint32_t i = 0; i < c.count; i++) {
        out->slots[i] = c.slots[i];
    }
    out->slot_count = c.count;
    out->word_count = c.word;
}

static plan_slot_t event_slot(const vm_t *vm, model_kind_t kind)
{
    const uint32_t bits = kind == MODEL_BOOL ? 8 : model_kind_bits(kind);
    return (plan_slot_t){
        .kind = slot_kind(vm, kind, bits), .bits = bits, .cells = cells_of(vm, bits), .is_signed = model_kind_is_signed(kind), .is_wide = bits > 32,
    };
}

static void event_plan(planner_t *p, const plan_api_t *api, plan_event_t *out, const model_event_t *event)
{
    const vm_t *vm = p->plan->vm;
    const model_kind_t address = vm->address_bits == 16 ? MODEL_U16 : MODEL_U32;
    out->event = event;
    out->slot_count = event->data.count + 1;
    out->slots = arena_array(p->arena, out->slot_count, sizeof *out->slots);
    out->slots[0] = event_slot(vm, vm->handle_bits == 15 ? MODEL_U16 : MODEL_U32);
    for (uint32_t i = 0; i < event->data.count; i++) {
        const model_use_t *use = &event->data.at[i].use;
        out->slots[i + 1] = event_slot(vm, use->kind == MODEL_RECORD ? address : model_carrier(use));
        out->has_block = out->has_block || use->kind == MODEL_RECORD;
    }
    if (event->record != NULL) {
        out->record = layout_extra(p->arena, vm, api->records, event->record);
    }
    if (vm->slot_count != 0 && out->slot_count > vm->slot_count) {
        diag_rule_error(p->diag, "R203", event->at, "event '%s' needs %u slots; VM '%s' carries %u", event->name, out->slot_count, vm->name, vm->slot_count);
        diag_help(p->diag, "put some of its data into a record");
        p->is_good = false;
    }
}

static void events_plan(planner_t *p, plan_api_t *out)
{
    const model_api_t *api = out->model;
    out->events = arena_array(p->arena, api->event_count, sizeof *out->events);
    for (uint32_t i = 0; i < api->event_count; i++) {
        event_plan(p, out, &out->events[i], &api->events[i]);
        out->events[i].index = p->plan->event_count++;
    }
    out->event_digests = plan_event_digests(p->arena, api);
}

static void api_plan(planner_t *p, plan_api_t *out, const model_api_t *api)
{
    out->model = api;
    out->records = layout_records(p->arena, p->plan->vm, api);
    out->type_numbers = arena_array(p->arena, api->type_count, sizeof *out->type_numbers);
    for (uint32_t i = 0; i < api->type_count; i++) {
        out->type_numbers[i] = api->types[i].is_handle ? p->plan->type_count++ : 0;
    }
    out->calls = arena_array(p->arena, api->call_count, sizeof *out->calls);
    for (uint32_t i = 0; i < api->call_count; i++) {
        call_plan(p, out, &out->calls[i], &api->calls[i]);
        out->calls[i].index = p->plan->call_count++;
    }
    out->digests = plan_digests(p->arena, api);
    events_plan(p, out);
}

/* APIs in ascending order of their ids, so that call numbers ascend. */
static void order(model_api_t **apis, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        model_api_t *api = apis[i];
        size_t k = i;
        for (; k > 0 && apis[k - 1]->id > api->id; k--) {
            apis[k] = apis[k - 1];
        }
        apis[k] = api;
    }
}

plan_t *plan_make(arena_t *arena, diag_t *diag, model_api_t *const *apis, size_t count, const vm_t *vm)
{
    planner_t p = {arena, diag, arena_alloc(arena, sizeof(plan_t)), true};
    model_api_t **sorted = arena_array(arena, count, sizeof(model_api_t *));
    for (size_t i = 0; i < count; i++) {
        sorted[i] = apis[i];
    }
    order(sorted, count);
    p.plan->vm = vm;
    p.plan->class_name = vm_class(arena, vm);
    p.plan->apis = arena_array(arena, count, sizeof *p.plan->apis);
    p.plan->api_count = (uint32_t)count;
    p.plan->type_count = 1;
    for (size_t i = 0; i < count; i++) {
        api_plan(&p, &p.plan->apis[i], sorted[i]);
    }
    return p.is_good ? p.plan : NULL;
}
