/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_say.c - what became of guests, in sentences that name guest, call, argument and reason.
 * Called by the thread that ran the guest, or after it. Never changes a guest. */
#include "catalog.h"
#include "command.h"
#include "run.h"

#include <stdio.h>
#include <string.h>

static const char *run_load_text(int load)
{
    switch ((cg_load_t)load) {
    case CG_LOAD_OK:
        return "nothing is wrong with it";
    case CG_LOAD_IMAGE:
        return "it is not a valid program of this VM";
    case CG_LOAD_IMPORT:
        return "it asks for a call that is unknown, not granted or of another type";
    case CG_LOAD_DIGEST:
        return "it was made for another version of an API";
    case CG_LOAD_MEMORY:
        return "it needs more memory than its policy gives";
    case CG_LOAD_POLICY:
        return "its policy asks for what this VM cannot do";
    case CG_LOAD_VERSION:
        return "glue and library are of different versions";
    }
    return "for a reason without a name";
}

void run_say_refused(const run_guest_t *guest, int load)
{
    command_say("guest '%s' was refused: %s", guest->name, guest->message[0] != '\0' ? guest->message : run_load_text(load));
}

void run_say_host_fault(const cg_guest_t *guest, uint32_t call, int result)
{
    const cg_api_info_t *api = NULL;
    const cg_call_info_t *info = catalog_call_at(guest->kind->catalog, call, &api);
    if (info == NULL) {
        return;
    }
    if (result == 0) {
        command_say("the host function of %s.%s gave a count, a value or an object outside its type; guest '%s' gets HOST", api->name, info->name, guest->policy->guest);
    } else {
        command_say("the host function of %s.%s returned %d, which is neither 0 nor an error that the call may fail with; guest '%s' gets HOST",
                    api->name, info->name, result, guest->policy->guest);
    }
}

void run_say_unhandled(const run_guest_t *guest)
{
    const cg_catalog_t *catalog = guest->vm != NULL ? guest->vm->catalog : NULL;
    const int32_t wait = catalog != NULL && guest->is_loaded ? catalog_wait(catalog) : -1;
    if (catalog == NULL || !guest->is_loaded || (wait >= 0 && policy_grants(&guest->policy, (uint32_t)wait))) {
        return;
    }
    for (uint32_t i = 0; i < catalog->set->event_count; i++) {
        const cg_api_info_t *api = NULL;
        const cg_ev_info_t *event = catalog_event_at(catalog, i, &api);
        if (event != NULL && policy_receives(&guest->policy, i) && !guest->vm->ops->handles(&guest->guest, i)) {
            command_say("guest '%s' is to receive %s.%s, but has no %s: those events will be dropped", guest->name, api->name, event->name, event->handler);
        }
    }
}

/* ---- which argument it may have been ---- */

static bool run_is_buffer(const cg_item_info_t *arg)
{
    return arg->kind == CG_KIND_BYTES || arg->kind == CG_KIND_STRING || arg->kind == CG_KIND_LIST;
}

static bool run_is_scalar(const cg_item_info_t *arg)
{
    return !run_is_buffer(arg) && arg->kind != CG_KIND_RECORD && arg->kind != CG_KIND_HANDLE;
}

/* The gate notes the first reason and the call. Most reasons can be about one or two arguments only. */
static bool run_may_be(const cg_item_info_t *arg, int err)
{
    const bool is_given = arg->direction != CG_OUT;
    const bool is_named = arg->kind == CG_KIND_ENUM || arg->kind == CG_KIND_FLAGS || arg->kind == CG_KIND_RECORD || arg->kind == CG_KIND_LIST;
    switch ((cg_err_t)err) {
    case CG_ERR_GUARD:
        return arg->guard >= 0;
    case CG_ERR_HANDLE:
    case CG_ERR_RIGHT:
        return is_given && arg->kind == CG_KIND_HANDLE;
    case CG_ERR_WIDTH:
        return is_given && run_is_scalar(arg);
    case CG_ERR_RANGE:
        return is_given && (run_is_buffer(arg) || (run_is_scalar(arg) && !is_named));
    case CG_ERR_VALUE:
        return is_given && is_named;
    case CG_ERR_FORMAT:
        return is_given && arg->kind == CG_KIND_STRING;
    case CG_ERR_MEMORY:
        return run_is_buffer(arg) || arg->kind == CG_KIND_RECORD || (!is_given && !arg->in_result);
    case CG_ERR_OVERLAP:
        return run_is_buffer(arg) || arg->kind == CG_KIND_RECORD;
    case CG_ERR_SPACE:
        return arg->direction != CG_IN && run_is_buffer(arg);
    case CG_OK:
    case CG_ERR_UNKNOWN:
    case CG_ERR_DENIED:
    case CG_ERR_BUSY:
    case CG_ERR_BUDGET:
    case CG_ERR_QUOTA:
    case CG_ERR_HOST:
    case CG_ERR_STOPPED:
        return false;
    }
    return false;
}

/* " (argument 'uri')", " (argument 'a' or 'b')", or nothing. */
static void run_arguments(const cg_call_info_t *call, int err, char *to, size_t size)
{
    enum { NAMES_MAX = 3 };
    const char *names[NAMES_MAX];
    unsigned count = 0;
    to[0] = '\0';
    for (uint32_t i = 0; i < call->arg_count; i++) {
        if (run_may_be(&call->args[i], err)) {
            if (count == NAMES_MAX) {
                return;
            }
            names[count++] = call->args[i].name;
        }
    }
    size_t used = 0;
    for (unsigned i = 0; i < count; i++) {
        const char *before = i == 0 ? " (argument" : i + 1 < count ? "," : " or";
        const int n = snprintf(to + used, size - used, "%s '%s'%s", before, names[i], i + 1 == count ? ")" : "");
        if (n < 0 || (size_t)n >= size - used) {
            return;
        }
        used += (size_t)n;
    }
}

/* ---- how it ended ---- */

/* " in on_timer_fired" where a handler ran, else nothing. */
static const char *run_handler(const run_guest_t *guest)
{
    static _Thread_local char text[96];
    const cg_api_info_t *api = NULL;
    const int32_t index = cg_guest_event(&guest->guest);
    const cg_ev_info_t *event = index >= 0 && guest->vm->catalog != NULL ? catalog_event_at(guest->vm->catalog, (uint32_t)index, &api) : NULL;
    (void)snprintf(text, sizeof text, event != NULL ? " in %s" : "%s", event != NULL ? event->handler : "");
    return text;
}

static void run_say_gate(const run_guest_t *guest, const char *how)
{
    const cg_api_info_t *api = NULL;
    const cg_catalog_t *catalog = guest->vm->catalog;
    const int err = -(int)guest->guest.ended_by;
    const cg_call_info_t *call = catalog != NULL ? catalog_call_at(catalog, guest->guest.ended_call, &api) : NULL;
    char arguments[160];
    if (call == NULL) {
        command_say("guest '%s' %s in a call: %s", guest->name, how, cg_err_text(err));
        return;
    }
    run_arguments(call, err, arguments, sizeof arguments);
    command_say("guest '%s' %s in %s.%s: %s%s", guest->name, how, api->name, call->name, cg_err_text(err), arguments);
}

static void run_say_asked(const run_guest_t *guest)
{
    const cg_policy_t *policy = &guest->policy;
    const uint32_t violations = guest->guest.counters.violations;
    if (guest->is_late) {
        command_say("guest '%s' stopped%s: it used up its time (limits.time_ms: %u)", guest->name, run_handler(guest), (unsigned)policy->time_ms);
    } else if (guest->run->signal == 0 && policy->violation == CG_VIOLATION_KILL && violations >= policy->kill_after && guest->guest.ended_by != 0) {
        char how[60];
        snprintf(how, sizeof how, "was killed after %u violation%s, the last", (unsigned)violations, violations == 1 ? "" : "s");
        run_say_gate(guest, how);
    } else {
        command_say("guest '%s' stopped: it was asked to", guest->name);
    }
}

/* What a guest returns is its own affair, but most return the error of the call that failed. */
static void run_say_returned(const run_guest_t *guest)
{
    const int result = (int)guest->result;
    if (cg_err_name(result) != NULL && result < 0) {
        command_say("guest '%s' returned %d (as an error of the gate: %s)", guest->name, result, cg_err_text(result));
    } else if (result != 0) {
        command_say("guest '%s' returned %d", guest->name, result);
    }
}

bool run_say_ended(const run_guest_t *guest)
{
    switch ((cg_stop_t)guest->stop) {
    case CG_STOP_RETURNED:
        run_say_returned(guest);
        return guest->result == 0;
    case CG_STOP_GATE:
        run_say_gate(guest, "stopped");
        return false;
    case CG_STOP_STEPS:
        command_say("guest '%s' stopped%s: it used up its steps (limits.steps: %u)", guest->name, run_handler(guest), (unsigned)guest->policy.steps);
        return false;
    case CG_STOP_EMPTY:
        return true;
    case CG_STOP_BUSY:
        command_say("guest '%s' was not entered: it is running already", guest->name);
        return false;
    case CG_STOP_FAULT:
        command_say("guest '%s' stopped%s: %s", guest->name, run_handler(guest), guest->message[0] != '\0' ? guest->message : "it did what its VM forbids");
        return false;
    case CG_STOP_ASKED:
        run_say_asked(guest);
        return false;
    case CG_STOP_ENTRY:
        command_say("guest '%s' did not start: %s", guest->name,
                    guest->message[0] != '\0' ? guest->message : "it has no entry function cg_main without arguments that returns an int");
        return false;
    }
    command_say("guest '%s' stopped for a reason without a name: %d", guest->name, guest->stop);
    return false;
}
