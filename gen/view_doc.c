/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_doc.c - the view that the API reference is printed from: that of the first VM, and in it how everything travels on all of them.
 * Called by cli/doc.c. Reads plans and never decides where a value goes. */
#include "gen/view_doc.h"
#include "gen/view_guest.h"

#include <inttypes.h>
#include <string.h>

typedef struct doc_maker {
    view_maker_t m;
    const plan_t *const *plans; /* of the same APIs, in the same order */
    uint32_t count;
    uint32_t api;               /* the one in hand */
} doc_maker_t;

/* An item of a list of the view, which was made here and is not yet shown to anybody. */
static void *item_of(must_list_t list, size_t i)
{
    union {
        const void *in;
        void *out;
    } item = {list.items[i]};
    return item.out;
}

static void add_copy(view_maker_t *m, texts_t *list, const void *item, size_t size)
{
    void *copy = arena_alloc(m->arena, size);
    memcpy(copy, item, size);
    view_add(m, list, copy);
}

static const char *slot_kind_name(plan_slot_kind_t kind)
{
    static const char *const names[] = {"int", "i32", "i64", "f32", "f64"};
    return names[kind];
}

/* ---- languages ---- */

static void code_add(view_maker_t *m, texts_t *list, const view_language_t *language, view_code_t code)
{
    code.language = language->id;
    code.label = language->label;
    code.fence = language->fence;
    add_copy(m, list, &code, sizeof code);
}

static must_list_t call_codes(view_maker_t *m, const view_call_t *call)
{
    texts_t list = {0};
    const must_list_t languages = view_languages(m);
    for (size_t i = 0; i < languages.count; i++) {
        const view_language_t *language = languages.items[i];
        code_add(m, &list, language, language->call(m, call));
    }
    return view_list(&list);
}

static must_list_t event_codes(view_maker_t *m, const view_event_t *event)
{
    texts_t list = {0};
    const must_list_t languages = view_languages(m);
    for (size_t i = 0; i < languages.count; i++) {
        const view_language_t *language = languages.items[i];
        code_add(m, &list, language, language->event(m, event));
    }
    return view_list(&list);
}

static must_list_t type_codes(view_maker_t *m, const view_type_t *type)
{
    texts_t list = {0};
    const must_list_t languages = view_languages(m);
    for (size_t i = 0; i < languages.count; i++) {
        const view_language_t *language = languages.items[i];
        code_add(m, &list, language, language->type(m, type));
    }
    return view_list(&list);
}

/* ---- how calls and events travel ---- */

static must_list_t call_places(view_maker_t *m, const plan_call_t *call, uint32_t slot_bits)
{
    texts_t list = {0};
    const uint32_t own = call->slot_count - call->spill_count;
    for (uint32_t i = 0; i < call->slot_count; i++) {
        const plan_slot_t *slot = &call->slots[i];
        view_place_t place = {.number = i, .value = call->args[slot->arg].item->name, .role = plan_role_name(slot->role), .kind = slot_kind_name(slot->kind)};
        place.bits = arena_printf(m->arena, "%s%" PRIu32, slot->kind >= PLAN_SLOT_F32 ? "f" : slot->is_signed ? "s" : "u", slot->bits);
        place.is_spilled = slot->is_spilled;
        place.where = slot->is_spilled ? arena_printf(m->arena, "block + %" PRIu32, (i - own) * (slot_bits / 8)) : arena_printf(m->arena, "slot %" PRIu32, i);
        add_copy(m, &list, &place, sizeof place);
    }
    return view_list(&list);
}

static const char *called_by(view_maker_t *m, const plan_call_t *call, vm_number_t number)
{
    switch (number) {
    case VM_NUMBER_U32:
        return arena_printf(m->arena, "number 0x%08" PRIx32, call->number);
    case VM_NUMBER_NAME:
        return arena_printf(m->arena, "name %s.%s", call->api->model->name, call->call->name);
    case VM_NUMBER_SMALL:
        return arena_printf(m->arena, "ids %" PRIu32 ", %" PRIu32 ", as the first two slots", call->number >> 16, call->number & 0xffffu);
    }
    return NULL;
}

static must_list_t call_abis(doc_maker_t *d, uint32_t index)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < d->count; i++) {
        const plan_t *plan = d->plans[i];
        const plan_call_t *call = &plan->apis[d->api].calls[index];
        view_abi_t abi = {.vm = plan->vm->name, .form = plan_form_name(call->form), .result_kind = slot_kind_name(call->result_kind)};
        abi.result = call->result < 0 ? NULL : call->args[call->result].item->name;
        abi.called_by = called_by(&d->m, call, plan->vm->number);
        abi.block = call->spill_count == 0 ? NULL : arena_printf(d->m.arena, "slot %" PRIu32, call->slot_count - call->spill_count);
        abi.has_places = call->slot_count > 0;
        abi.places = call_places(&d->m, call, plan->vm->slot_bits);
        add_copy(&d->m, &list, &abi, sizeof abi);
    }
    return view_list(&list);
}

static must_list_t event_places(view_maker_t *m, const plan_event_t *event)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < event->slot_count; i++) {
        const model_item_t *item = i == 0 ? NULL : &event->event->data.at[i - 1];
        const bool is_record = item != NULL && item->use.kind == MODEL_RECORD;
        view_place_t place = {.number = i, .value = item == NULL ? event->event->from->name : item->name, .kind = slot_kind_name(event->slots[i].kind)};
        place.role = item == NULL ? "handle" : is_record ? "address" : "value";
        place.where = arena_printf(m->arena, "slot %" PRIu32, i);
        if (item == NULL || is_record) {
            place.bits = arena_printf(m->arena, "u%" PRIu32, event->slots[i].bits);
        } else {
            const model_kind_t kind = model_carrier(&item->use);
            place.bits = arena_printf(m->arena, "%s%" PRIu32, model_kind_is_float(kind) ? "f" : model_kind_is_signed(kind) ? "s" : "u", model_kind_bits(kind));
        }
        add_copy(m, &list, &place, sizeof place);
    }
    return view_list(&list);
}

static must_list_t event_abis(doc_maker_t *d, uint32_t index)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < d->count; i++) {
        const view_abi_t abi = {.vm = d->plans[i]->vm->name, .has_places = true, .places = event_places(&d->m, &d->plans[i]->apis[d->api].events[index])};
        add_copy(&d->m, &list, &abi, sizeof abi);
    }
    return view_list(&list);
}

/* ---- types ---- */

static must_list_t field_places(view_maker_t *m, const plan_record_t *record)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < record->type->fields.count; i++) {
        const plan_field_t *field = &record->fields[i];
        const view_place_t place = {.number = field->offset, .value = field->item->name, .size = field->size, .count = field->item->use.array};
        add_copy(m, &list, &place, sizeof place);
    }
    return view_list(&list);
}

/* One for each class of VMs, in the order of the first of each. */
static must_list_t layouts(doc_maker_t *d, uint32_t index)
{
    texts_t list = {0};
    for (uint32_t i = 0; i < d->count; i++) {
        texts_t vms = {0};
        bool is_new = true;
        for (uint32_t k = 0; k < d->count; k++) {
            const bool is_same = strcmp(d->plans[k]->class_name, d->plans[i]->class_name) == 0;
            is_new = is_new && (k >= i || !is_same);
            if (is_same) {
                view_add(&d->m, &vms, d->plans[k]->vm->name);
            }
        }
        if (is_new) {
            const plan_record_t *record = &d->plans[i]->apis[d->api].records[index];
            const view_layout_t layout = {view_join(&d->m, &vms, ", "), record->size, record->align, record->has_padding, field_places(&d->m, record)};
            add_copy(&d->m, &list, &layout, sizeof layout);
        }
    }
    return view_list(&list);
}

static void ref_add(view_maker_t *m, texts_t *list, const char *api, const char *name)
{
    const view_ref_t ref = {api, name};
    add_copy(m, list, &ref, sizeof ref);
}

/* Which calls give a handle, take it, or take it away, and which events come from it. */
static void handle_refs(doc_maker_t *d, const model_type_t *type, view_type_t *out)
{
    texts_t makers = {0}, takers = {0}, closers = {0}, sources = {0};
    const model_api_t *api = d->plans[0]->apis[d->api].model;
    for (uint32_t i = 0; i < api->call_count; i++) {
        bool gives = false, takes = false, closes = false;
        for (uint32_t k = 0; k < api->calls[i].args.count; k++) {
            const model_item_t *item = &api->calls[i].args.at[k];
            const bool is_it = item->use.kind == MODEL_HANDLE && item->use.type == type;
            gives = gives || (is_it && item->direction != MODEL_IN);
            closes = closes || (is_it && item->direction == MODEL_IN && item->use.own);
            takes = takes || (is_it && item->direction == MODEL_IN && !item->use.own);
        }
        if (gives) {
            ref_add(&d->m, &makers, api->name, api->calls[i].name);
        }
        if (closes) {
            ref_add(&d->m, &closers, api->name, api->calls[i].name);
        } else if (takes) {
            ref_add(&d->m, &takers, api->name, api->calls[i].name);
        }
    }
    for (uint32_t i = 0; i < api->event_count; i++) {
        if (api->events[i].from == type) {
            ref_add(&d->m, &sources, api->name, api->events[i].name);
        }
    }
    out->makers = view_list(&makers);
    out->takers = view_list(&takers);
    out->closers = view_list(&closers);
    out->sources = view_list(&sources);
}

static void types_doc(doc_maker_t *d, view_api_t *out)
{
    const model_api_t *api = d->plans[0]->apis[d->api].model;
    for (size_t i = 0; i < out->types.count; i++) {
        view_type_t *view = item_of(out->types, i);
        view->codes = type_codes(&d->m, view);
        for (uint32_t k = 0; k < api->type_count; k++) {
            const model_type_t *type = &api->types[k];
            if (strcmp(type->name, view->name) != 0) {
                continue;
            }
            if (type->kind == MODEL_RECORD && !type->is_handle) {
                view->layouts = layouts(d, k);
            }
            if (type->is_handle) {
                handle_refs(d, type, view);
            }
        }
    }
}

/* ---- all of it ---- */

static void api_doc(doc_maker_t *d, view_api_t *out)
{
    types_doc(d, out);
    for (uint32_t i = 0; i < out->calls.count; i++) {
        view_call_t *call = item_of(out->calls, i);
        call->codes = call_codes(&d->m, call);
        call->abis = call_abis(d, i);
    }
    for (uint32_t i = 0; i < out->events.count; i++) {
        view_event_t *event = item_of(out->events, i);
        event->codes = event_codes(&d->m, event);
        event->abis = event_abis(d, i);
    }
}

view_set_t *view_doc_make(arena_t *arena, const plan_t *const *plans, uint32_t count, must_list_t gate_errors)
{
    doc_maker_t d = {.m = {.arena = arena, .plan = plans[0], .gate_errors = gate_errors}, .plans = plans, .count = count};
    for (uint32_t i = 0; i < count; i++) {
        guest_want(&d.m, plans[i]->vm);
    }
    view_set_t *set = view_make(&d.m);
    view_doc_t *doc = arena_alloc(arena, sizeof *doc);
    texts_t names = {0}, vms = {0};
    for (; d.api < set->apis.count; d.api++) {
        view_api_t *api = item_of(set->apis, d.api);
        api_doc(&d, api);
        if (!api->is_gate) {
            view_add(&d.m, &names, api->name);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        view_add(&d.m, &vms, plans[i]->vm->name);
    }
    *doc = (view_doc_t){view_join(&d.m, &names, ", "), view_languages(&d.m), view_list(&vms), gate_errors};
    set->reference = doc;
    return set;
}
