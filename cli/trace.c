/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/trace.c - one line a call: arguments before it is made, results after.
 *   [thermostat] saul.read(dev=#1 "sim-temp") -> data={val=[2154,0,0] unit=temp_c scale=-2} dims=1
 * and one before each event is handled:
 *   [thermostat] on_timer_fired(alarm=#2, count=1)
 * Values are written by trace_value.c. A line is written at once, so that guests on several threads do not mix theirs. */
#include "trace.h"

#include "callgate/trace.h"
#include "catalog.h"
#include "trace_value.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int trace_fd = 2;
static trace_describe_fn *trace_describe;
static pthread_mutex_t trace_lock = PTHREAD_MUTEX_INITIALIZER;

void trace_init(int fd, trace_describe_fn *describe)
{
    trace_fd = fd;
    trace_describe = describe;
}

/* One call being traced. */
typedef struct trace_call {
    trace_view_t view;
    const cg_api_info_t *api;
    const cg_call_info_t *call;
    bool has_words;
    uint32_t words[CG_ROW_WORDS_MAX + 4]; /* the rest is zero: no item reads past it */
} trace_call_t;

static uint32_t trace_word(const trace_call_t *trace, const cg_item_info_t *item, unsigned offset)
{
    const int place = item->word + (int)offset;
    return place >= 0 && place < CG_ROW_WORDS_MAX ? trace->words[place] : 0;
}

static bool trace_is_buffer(const cg_item_info_t *item)
{
    return item->kind == CG_KIND_BYTES || item->kind == CG_KIND_STRING || item->kind == CG_KIND_LIST;
}

/* ---- arguments ---- */

/* A scalar in one word or two, from word `offset` of the item on. */
static uint64_t trace_words(const trace_call_t *trace, const cg_item_info_t *item, unsigned offset)
{
    const uint64_t low = trace_word(trace, item, offset);
    const bool is_wide = catalog_bits(catalog_base((cg_kind_t)item->kind, item->type)) == 64;
    return is_wide ? low | (uint64_t)trace_word(trace, item, offset + 1) << 32 : low;
}

static void trace_argument(const trace_call_t *trace, const cg_item_info_t *item)
{
    const trace_view_t *view = &trace->view;
    fprintf(view->out, "%s=", item->name);
    if (trace_is_buffer(item)) {
        trace_buffer(view, item, trace_word(trace, item, 0), trace_word(trace, item, 1));
    } else if (item->kind == CG_KIND_RECORD) {
        trace_memory(view, item, trace_word(trace, item, 0));
    } else if (item->kind == CG_KIND_HANDLE || (trace->api->id == 0 && strcmp(item->name, "handle") == 0)) {
        trace_handle(view, trace_word(trace, item, 0));
    } else if (!item->optional) {
        trace_scalar(view, item, trace_words(trace, item, 0));
    } else if (trace_word(trace, item, 0) != 0) {
        trace_scalar(view, item, trace_words(trace, item, 1));
    } else {
        fputs("none", view->out);
    }
}

static void trace_arguments(const trace_call_t *trace)
{
    FILE *out = trace->view.out;
    const char *between = "";
    fprintf(out, "[%s] %s.%s(", trace->view.guest->policy->guest, trace->api->name, trace->call->name);
    for (uint32_t i = 0; trace->has_words && i < trace->call->arg_count; i++) {
        const cg_item_info_t *item = &trace->call->args[i];
        if (item->direction != CG_OUT) {
            fputs(between, out);
            trace_argument(trace, item);
            between = ", ";
        }
    }
    fputs(trace->has_words ? ")" : "?)", out);
}

/* ---- results ---- */

static void trace_result_buffer(const trace_call_t *trace, const cg_item_info_t *item, uint64_t result)
{
    uint64_t count = result;
    const unsigned count_at = item->direction == CG_INOUT ? 3 : 2;
    if (!item->in_result && !trace_load(&trace->view, trace_word(trace, item, count_at), trace->view.guest->kind->catalog->count_size, &count)) {
        fputs("<unreadable count>", trace->view.out);
        return;
    }
    trace_buffer(&trace->view, item, trace_word(trace, item, 0), (uint32_t)count);
}

static void trace_result(const trace_call_t *trace, const cg_item_info_t *item, uint64_t result)
{
    uint64_t is_there = 1;
    if (trace_is_buffer(item)) {
        trace_result_buffer(trace, item, result);
    } else if (item->in_result) {
        trace_scalar(&trace->view, item, result);
    } else if (!item->optional || item->kind == CG_KIND_HANDLE) {
        trace_memory(&trace->view, item, trace_word(trace, item, 0));
    } else if (trace_load(&trace->view, trace_word(trace, item, 0), 1, &is_there) && is_there == 0) {
        fputs("none", trace->view.out);
    } else {
        trace_memory(&trace->view, item, trace_word(trace, item, 1));
    }
}

static void trace_results(const trace_call_t *trace, uint64_t result)
{
    FILE *out = trace->view.out;
    const char *between = " -> ";
    for (uint32_t i = 0; trace->has_words && i < trace->call->arg_count; i++) {
        const cg_item_info_t *item = &trace->call->args[i];
        if (item->direction != CG_IN) {
            const bool is_unnamed = item->in_result && strcmp(item->name, "result") == 0;
            fprintf(out, "%s%s%s", between, is_unnamed ? "" : item->name, is_unnamed ? "" : "=");
            trace_result(trace, item, result);
            between = " ";
        }
    }
    fputs(between[1] == '-' ? " = ok" : "", out);
}

static void trace_error(const trace_call_t *trace, int32_t number)
{
    FILE *out = trace->view.out;
    const cg_error_info_t *error = catalog_error(trace->api, number);
    if (error != NULL) {
        const size_t size = error->doc != NULL ? strcspn(error->doc, "\n") : 0;
        const bool has_dot = size > 0 && error->doc[size - 1] == '.';
        fprintf(out, " = %s (%.*s)", error->name, (int)(size - (has_dot ? 1 : 0)), error->doc != NULL ? error->doc : "");
    } else if (cg_err_name(number) != NULL) {
        fputs(" = ", out);
        for (const char *c = cg_err_name(number); *c != '\0'; c++) {
            fputc(*c >= 'A' && *c <= 'Z' ? *c | 0x20 : *c, out);
        }
        fprintf(out, " (%s)", cg_err_text(number));
    } else {
        fprintf(out, " = error %" PRId32, number);
    }
}

/* Plain values have no errors: a refusal ends the activation and is found there. */
static void trace_outcome(const trace_call_t *trace, bool was_ending, uint64_t result)
{
    const cg_guest_t *guest = trace->view.guest;
    int32_t number = (int32_t)(uint32_t)result;
    bool is_refused = number < 0;
    if (trace->call->form == CG_FORM_VALUE) {
        is_refused = guest->ending != 0 && !was_ending;
        number = -(int32_t)guest->ended_by;
    }
    if (is_refused) {
        trace_error(trace, number);
    } else {
        trace_results(trace, result);
    }
}

/* ---- the line ---- */

static void trace_write(const char *text, size_t size)
{
    pthread_mutex_lock(&trace_lock);
    while (size > 0) {
        const ssize_t n = write(trace_fd, text, size);
        if (n < 0 && errno != EINTR) {
            break; /* nobody reads traces any more: that is no reason to stop a guest */
        }
        text += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    pthread_mutex_unlock(&trace_lock);
}

/* ---- events ---- */

/* A VM whose deliveries are traced: guests have &vm as their kind, and it begins this record. */
typedef struct trace_vm {
    cg_vm_t vm;
    cg_vm_ops_t ops;
    const cg_vm_ops_t *inner;
} trace_vm_t;

/* The event's data as the guest will see them, and the source as a handle. */
static void trace_delivery(const trace_view_t *view, const cg_ev_delivery_t *delivery, const cg_ev_info_t *event)
{
    const cg_ev_face_t *face = &view->guest->kind->events[delivery->event];
    uint8_t bytes[CG_EV_DATA_MAX] = {0};
    uint64_t slots[CG_EV_SLOTS_MAX] = {0};
    face->put(delivery->data, 0, bytes, slots);
    fprintf(view->out, "[%s] %s(%s=", view->guest->policy->guest, event->handler, event->from->name);
    trace_handle(view, delivery->handle);
    for (uint32_t i = 0; i < event->arg_count; i++) {
        fprintf(view->out, ", %s=", event->args[i].name);
        trace_bytes(view, &event->args[i], bytes + event->args[i].offset);
    }
    fputc(')', view->out);
    if (delivery->lost != 0) {
        fprintf(view->out, " after %" PRIu32 " lost", delivery->lost);
    }
    fputc('\n', view->out);
}

static int trace_deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    const trace_vm_t *vm = (const trace_vm_t *)(const void *)guest->kind;
    const cg_api_info_t *api = NULL;
    const cg_ev_info_t *event = catalog_event_at(guest->kind->catalog, delivery->event, &api);
    char *text = NULL;
    size_t size = 0;
    trace_view_t view = {.guest = guest, .describe = trace_describe, .out = event != NULL ? open_memstream(&text, &size) : NULL};
    if (view.out != NULL) {
        trace_delivery(&view, delivery, event);
        if (fclose(view.out) == 0) {
            trace_write(text, size);
        }
        free(text);
    }
    return vm->inner->deliver(guest, delivery);
}

const cg_vm_t *trace_vm(arena_t *arena, const cg_vm_t *vm)
{
    trace_vm_t *traced = arena_alloc(arena, sizeof *traced);
    traced->vm = *vm;
    traced->ops = *vm->ops;
    traced->inner = vm->ops;
    traced->vm.ops = &traced->ops;
    traced->ops.deliver = trace_deliver;
    return &traced->vm;
}

uint64_t cg_row_call_traced(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed)
{
    char *text = NULL;
    size_t size = 0;
    trace_call_t trace = {.view = {.guest = g, .describe = trace_describe}};
    trace.call = g->kind->catalog != NULL ? catalog_call_at(g->kind->catalog, index, &trace.api) : NULL;
    trace.view.out = trace.call != NULL ? open_memstream(&text, &size) : NULL;
    if (trace.view.out == NULL) {
        return cg_row_call(g, row, index, slots, limit, is_typed);
    }
    trace.has_words = cg_row_words(g, row, slots, limit, is_typed, trace.words);
    trace_arguments(&trace);
    const bool was_ending = g->ending != 0;
    const uint64_t result = cg_row_call(g, row, index, slots, limit, is_typed);
    trace_outcome(&trace, was_ending, result);
    fputc('\n', trace.view.out);
    if (fclose(trace.view.out) == 0) {
        trace_write(text, size);
    }
    free(text);
    return result;
}
