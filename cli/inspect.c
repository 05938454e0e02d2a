/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/inspect.c - `callgate check` and `callgate policy`: what a program asks for, against a policy or as one.
 * Programs are looked at by their VM (cg_vm_ops_t.inspect) and loaded as `run` would; nothing of them runs. */
#include "catalog.h"
#include "command.h"
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char check_help[] =
    "usage: callgate check [--policy P] [--engine E] [-I DIR]... GUEST\n\n"
    "Say whether a program would load under its policy, what it lacks, and what it is granted in vain.\n"
    "The policy is found as `callgate run` finds it. Nothing runs.\n\n"
    "Exit codes: 0 it would load; 1 it would not; 2 wrong use; 3 the machine is at fault.\n";
static const char policy_help[] =
    "usage: callgate policy [--engine E] [-I DIR]... GUEST\n\n"
    "Print the least policy under which a program loads. Guards are wide open and marked: narrow them.\n";

enum { HANDLES_MAX = 4 /* of each type, in a printed policy */ };

/* What the program asks for. */
typedef struct asked {
    const cg_set_t *set;
    uint32_t *calls, *events; /* bits by index */
    uint32_t memory_bytes;
    bool says_nothing; /* it looks its calls up while it runs */
} asked_t;

static void asked_found(void *context, cg_found_t what, uint32_t value)
{
    asked_t *asked = context;
    if (what == CG_FOUND_CALL) {
        asked->calls[value / 32] |= UINT32_C(1) << value % 32;
    } else if (what == CG_FOUND_HANDLER) {
        asked->events[value / 32] |= UINT32_C(1) << value % 32;
    } else if (what == CG_FOUND_ANY) {
        asked->says_nothing = true;
    } else {
        asked->memory_bytes = value;
    }
}

static bool has(const uint32_t *bits, uint32_t index)
{
    return bits != NULL && (bits[index / 32] >> index % 32 & 1u) != 0;
}

static bool asked_fill(run_t *run, run_guest_t *guest, asked_t *asked)
{
    asked->set = guest->vm->set;
    asked->calls = arena_array(&run->arena, asked->set->call_count / 32u + 1, sizeof asked->calls[0]);
    asked->events = arena_array(&run->arena, asked->set->event_count / 32u + 1, sizeof asked->events[0]);
    guest->config = (cg_guest_config_t){.vm = guest->vm, .image = guest->image, .image_size = (uint32_t)guest->image_size,
                                        .message = guest->message, .message_size = sizeof guest->message};
    const int load = guest->vm->ops->inspect(&guest->config, asked_found, asked);
    if (load != CG_LOAD_OK) {
        run_say_refused(guest, load);
    }
    return load == CG_LOAD_OK;
}

/* ---- check ---- */

static void check_calls(const run_guest_t *guest, const asked_t *asked)
{
    const cg_catalog_t *catalog = guest->vm->catalog;
    for (uint32_t i = 0; i < asked->set->call_count; i++) {
        const cg_api_info_t *api = NULL;
        const cg_call_info_t *call = catalog_call_at(catalog, i, &api);
        if (call == NULL || api->id == 0) {
            continue;
        }
        if (has(asked->calls, i) && !has(guest->policy.linked, i)) {
            printf("not granted: %s.%s (add `%s: [%s]` under `calls:`)\n", api->name, call->name, api->name, call->name);
        } else if (!has(asked->calls, i) && has(guest->policy.granted, i)) {
            printf("granted, never used: %s.%s\n", api->name, call->name);
        }
    }
}

/* A program that asks for events by a call needs no handler. */
static bool asked_waits(const cg_catalog_t *catalog, const asked_t *asked)
{
    const int32_t wait = catalog_wait(catalog);
    return wait >= 0 && has(asked->calls, (uint32_t)wait);
}

static void check_events(const run_guest_t *guest, const asked_t *asked)
{
    const cg_catalog_t *catalog = guest->vm->catalog;
    const bool waits = asked_waits(catalog, asked);
    bool receives = false;
    for (uint32_t i = 0; i < asked->set->event_count; i++) {
        const cg_api_info_t *api = NULL;
        const cg_ev_info_t *event = catalog_event_at(catalog, i, &api);
        receives = receives || policy_receives(&guest->policy, i);
        if (event != NULL && has(asked->events, i) && !policy_receives(&guest->policy, i)) {
            printf("not received: %s.%s, for which there is %s (add `%s: [%s]` under `events:`)\n", api->name, event->name, event->handler, api->name,
                   event->name);
        } else if (event != NULL && !has(asked->events, i) && policy_receives(&guest->policy, i) && !waits) {
            printf("received, never handled: %s.%s (the program has no %s)\n", api->name, event->name, event->handler);
        }
    }
    if (waits && !receives) {
        printf("waits in vain: it calls event.wait, but receives no event (list some under `events:`)\n");
    }
}

static int check_guest(run_t *run, run_guest_t *guest)
{
    asked_t asked = {.memory_bytes = 0};
    if (!asked_fill(run, guest, &asked)) {
        return CLI_INPUT;
    }
    if (asked.says_nothing) {
        printf("%s programs look up what they call while they run: what is missing shows then\n", guest->vm->ops->name);
    } else {
        check_calls(guest, &asked);
        check_events(guest, &asked);
        printf("memory: %u bytes needed, %u given\n", (unsigned)asked.memory_bytes, (unsigned)guest->policy.memory_bytes);
    }
    run_load(run);
    if (guest->is_loaded) {
        cg_guest_end(&guest->guest);
        printf("%s would load\n", guest->path);
    }
    return guest->is_loaded ? CLI_DONE : run->has_no_machine ? CLI_MACHINE : CLI_INPUT;
}

/* ---- policy ---- */

typedef void print_fn(const cg_api_info_t *api, const asked_t *asked, bool *is_begun);

/* One name of a section: the section's head before the first, the API's before the API's first. */
static void print_name(const char *section, const char *api, const char *name, bool *is_begun, uint32_t count)
{
    if (!*is_begun) {
        printf("%s:\n", section);
        *is_begun = true;
    }
    if (count == 0) {
        printf("  %s: [%s", api, name);
    } else {
        printf(", %s", name);
    }
}

static void print_calls(const cg_api_info_t *api, const asked_t *asked, bool *is_begun)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (has(asked->calls, api->calls[i].index)) {
            print_name("calls", api->name, api->calls[i].name, is_begun, count++);
        }
    }
    fputs(count > 0 ? "]\n" : "", stdout);
}

static void print_events(const cg_api_info_t *api, const asked_t *asked, bool *is_begun)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < api->event_count; i++) {
        if (has(asked->events, api->events[i].index)) {
            print_name("events", api->name, api->events[i].name, is_begun, count++);
        }
    }
    fputs(count > 0 ? "]\n" : "", stdout);
}

/* Whether some call that the program makes gives handles of this type. */
static bool is_made(const cg_api_info_t *api, const asked_t *asked, const cg_type_info_t *type)
{
    bool is_found = false;
    for (uint32_t i = 0; i < api->call_count; i++) {
        for (uint32_t k = 0; has(asked->calls, api->calls[i].index) && k < api->calls[i].arg_count; k++) {
            const cg_item_info_t *arg = &api->calls[i].args[k];
            is_found = is_found || (arg->kind == CG_KIND_HANDLE && arg->direction == CG_OUT && arg->type == type);
        }
    }
    return is_found;
}

/* A program that takes events by event.wait does not say which: those that its calls can be the source of. */
static void print_waited(const cg_api_info_t *api, const asked_t *asked, bool *is_begun)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < api->event_count; i++) {
        if (is_made(api, asked, api->events[i].from)) {
            print_name("events", api->name, api->events[i].name, is_begun, count++);
        }
    }
    fputs(count > 0 ? "]  # it calls event.wait: keep those that it takes\n" : "", stdout);
}

static void print_guards(const cg_api_info_t *api, const asked_t *asked, bool *is_begun)
{
    for (uint32_t i = 0; i < api->call_count; i++) {
        const cg_call_info_t *call = &api->calls[i];
        for (uint32_t k = 0; has(asked->calls, call->index) && k < call->arg_count; k++) {
            if (call->args[k].guard >= 0) {
                printf("%s  %s.%s.%s: any  # narrow this\n", *is_begun ? "" : "guards:\n", api->name, call->name, call->args[k].name);
                *is_begun = true;
            }
        }
    }
}

static void print_handles(const cg_api_info_t *api, const asked_t *asked, bool *is_begun)
{
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (api->types[i]->kind == CG_KIND_HANDLE && is_made(api, asked, api->types[i])) {
            printf("%s  %s.%s: {max: %d}  # as many as it holds at a time\n", *is_begun ? "" : "handles:\n", api->name, api->types[i]->name, HANDLES_MAX);
            *is_begun = true;
        }
    }
}

static int policy_guest(run_t *run, run_guest_t *guest)
{
    const cg_catalog_t *catalog = guest->vm->catalog;
    asked_t asked = {.memory_bytes = 0};
    if (!asked_fill(run, guest, &asked)) {
        return CLI_INPUT;
    }
    print_fn *const sections[] = {print_calls, print_guards, print_handles, asked_waits(catalog, &asked) ? print_waited : print_events};
    if (asked.says_nothing) {
        command_say("%s: %s programs look up what they call while they run: no policy can be made from the file", guest->path, guest->vm->ops->name);
        return CLI_INPUT;
    }
    printf("callgate_policy: 1\n");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        bool is_begun = false;
        for (uint32_t k = 0; k < catalog->api_count; k++) {
            if (catalog->apis[k].id != 0) { /* the gate's own is always granted */
                sections[i](&catalog->apis[k], &asked, &is_begun);
            }
        }
    }
    printf("limits: {memory_bytes: %u%s}\n", (unsigned)asked.memory_bytes, guest->vm->is_uncounted ? ", steps: unlimited" : "");
    return CLI_DONE;
}

/* ---- the commands ---- */

static int inspect_parse(run_t *run, const char *name, bool has_policy, int argc, char **argv)
{
    run_guest_t *guest = &run->guests[0];
    for (int i = 1; i < argc; i++) {
        const bool is_policy = has_policy && command_is_option(argv[i], "--policy");
        if (is_policy || command_is_option(argv[i], "--engine")) {
            const char *value = command_value(argc, argv, &i);
            if (value == NULL || value[0] == '\0') {
                return command_usage(name, "an option needs a value");
            }
            *(is_policy ? &guest->policy_path : &run->engine) = value;
        } else if (tool_is_folder(argv[i])) {
            const int code = tool_take_folder(&run->folders, name, argc, argv, &i);
            if (code != CLI_DONE) {
                return code;
            }
        } else if (argv[i][0] == '-' && argv[i][1] != '\0') {
            return command_usage(name, "there is no option '%s'", argv[i]);
        } else if (guest->path != NULL) {
            return command_usage(name, "one guest at a time, not also '%s'", argv[i]);
        } else {
            guest->path = argv[i];
        }
    }
    run->count = guest->path != NULL ? 1 : 0;
    return guest->path == NULL ? command_usage(name, "which guest?") : CLI_DONE;
}

static int inspect_read(run_t *run, bool has_policy)
{
    run_guest_t *guest = &run->guests[0];
    guest->run = run;
    const bool is_read = has_policy ? run_read(run) : run_read_program(run, guest);
    diag_print(&run->diag, stderr);
    if (!is_read || guest->vm == NULL || guest->vm->catalog == NULL || diag_count(&run->diag) > 0) {
        return run->has_no_machine ? CLI_MACHINE : CLI_INPUT;
    }
    if (!has_policy) {
        snprintf(guest->name, sizeof guest->name, "guest");
    }
    return has_policy ? check_guest(run, guest) : policy_guest(run, guest);
}

static int inspect_command(const char *name, const char *help, bool has_policy, int argc, char **argv)
{
    run_t run = {.loop = {.fd = -1}};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        return command_help(help);
    }
    run.guests = calloc(1, sizeof *run.guests);
    if (run.guests == NULL) {
        command_say("there is no memory");
        return CLI_MACHINE;
    }
    arena_init(&run.arena);
    diag_init(&run.diag);
    int code = inspect_parse(&run, name, has_policy, argc, argv);
    if (code == CLI_DONE) {
        code = inspect_read(&run, has_policy);
        code = fflush(stdout) == 0 && ferror(stdout) == 0 ? code : CLI_MACHINE;
    }
    free(run.guests[0].storage);
    free(run.guests[0].image);
    free(run.guests);
    diag_free(&run.diag);
    arena_free(&run.arena);
    return code;
}

int check_command(int argc, char **argv)
{
    return inspect_command("check", check_help, true, argc, argv);
}

int policy_command(int argc, char **argv)
{
    return inspect_command("policy", policy_help, false, argc, argv);
}
