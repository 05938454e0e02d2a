/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/run_load.c - from the names on the command line to guests that are ready: program, VM, policy, guest.
 * Everything is read before any guest is made. Never runs a guest. */
#include "command.h"
#include "file.h"
#include "host/linux/host.h"
#include "run.h"
#include "trace.h"
#include "vms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- programs ---- */

/* Programs that are text cannot be known by their bytes. */
static bool run_has_suffix(const char *path, const char *suffix)
{
    const size_t size = strlen(path), end = suffix == NULL ? 0 : strlen(suffix);
    return end == 0 || (size > end && strcmp(path + size - end, suffix) == 0);
}

static const cg_vm_t *run_probe(run_t *run, const run_guest_t *guest)
{
    const cg_vm_t *const *vms = run->is_traced ? cg_vms_traced : cg_vms;
    for (; *vms != NULL; vms++) {
        const bool is_wanted = run->engine == NULL || strcmp((*vms)->ops->name, run->engine) == 0;
        if (is_wanted && (run->engine != NULL || run_has_suffix(guest->path, (*vms)->suffix)) && (*vms)->ops->probe(guest->image, (uint32_t)guest->image_size)) {
            return run->is_traced && (*vms)->catalog != NULL ? trace_vm(&run->arena, *vms) : *vms;
        }
    }
    return NULL;
}

/* A source that some tool takes is packed in memory, so that it runs as it is. False: it was found wanting, and it was said. */
static bool run_pack(run_t *run, run_guest_t *guest)
{
    uint8_t *image = NULL;
    size_t size = 0;
    const cg_vm_tool_t *tool = tool_find(run->engine, run->engine != NULL, guest->path, guest->image, guest->image_size);
    if (tool == NULL) {
        return true;
    }
    if (!tool_make(tool, &run->folders, guest->path, guest->image, guest->image_size, &image, &size)) {
        return false;
    }
    free(guest->image);
    guest->image = image;
    guest->image_size = size;
    guest->vm = run_probe(run, guest);
    return true;
}

const char *run_vm_names(arena_t *arena)
{
    const char *names = "";
    for (const cg_vm_t *const *vms = cg_vms; *vms != NULL; vms++) {
        names = arena_printf(arena, "%s%s%s", names, names[0] != '\0' ? ", " : "", (*vms)->ops->name);
    }
    return names[0] != '\0' ? names : "none";
}

bool run_read_program(run_t *run, run_guest_t *guest)
{
    const char *why = "";
    const file_result_t result = file_read(guest->path, RUN_IMAGE_MAX, &guest->image, &guest->image_size, &why);
    if (result != FILE_OK) {
        command_say("%s: %s", guest->path, why);
        run->has_no_machine = run->has_no_machine || result == FILE_FAILED;
        return false;
    }
    guest->vm = run_probe(run, guest);
    if (guest->vm == NULL && !run_pack(run, guest)) {
        run->has_failed = true;
        return true;
    }
    if (guest->vm == NULL) {
        if (run->engine != NULL) {
            command_say("%s: not a program of %s", guest->path, run->engine);
        } else {
            command_say("%s: no VM of this command knows this file; it has: %s", guest->path, run_vm_names(&run->arena));
        }
        run->has_failed = true;
    }
    return true;
}

/* ---- policies ---- */

/* A policy that an earlier guest of the same set was given need not be read again. */
static const policy_t *run_policy_of_earlier(const run_t *run, const run_guest_t *guest, const char *path)
{
    for (const run_guest_t *one = run->guests; one < guest; one++) {
        if (one->policy_file != NULL && one->vm->set == guest->vm->set && strcmp(one->policy_file, path) == 0) {
            return one->read_policy;
        }
    }
    return NULL;
}

/* Reads the policy at `path`, if it is there. False where the run must end; errors in the policy are in the run's diag. */
static bool run_try_policy(run_t *run, run_guest_t *guest, const char *path, bool must_be)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *why = "";
    guest->read_policy = run_policy_of_earlier(run, guest, path);
    if (guest->read_policy == NULL) {
        const file_result_t result = file_read(path, POLICY_SIZE_MAX, &bytes, &size, &why);
        if (result == FILE_MISSING && !must_be) {
            return true;
        }
        if (result != FILE_OK) {
            command_say("%s: %s", path, why);
            run->has_no_machine = run->has_no_machine || result == FILE_FAILED;
            return false;
        }
        const policy_t *policy = policy_read(&run->arena, &run->diag, guest->vm->catalog, path, (const char *)bytes, size);
        free(bytes);
        if (policy != NULL) {
            warnings_print(&policy->warnings, stderr);
        }
        guest->read_policy = policy != NULL ? policy : policy_none(&run->arena, guest->vm->catalog);
    }
    guest->policy_file = arena_text(&run->arena, path, strlen(path));
    return true;
}

static bool run_find_policy(run_t *run, run_guest_t *guest)
{
    if (guest->policy_path != NULL) {
        return run_try_policy(run, guest, guest->policy_path, true);
    }
    char *names[2] = {file_with_extension(guest->path, ".policy.yaml"), NULL};
    names[1] = arena_grow(NULL, strlen(guest->path) + sizeof ".policy.yaml", 1);
    memcpy(names[1], guest->path, strlen(guest->path));
    memcpy(names[1] + strlen(guest->path), ".policy.yaml", sizeof ".policy.yaml");
    bool is_good = true;
    for (size_t i = 0; i < 2 && is_good && guest->policy_file == NULL; i++) {
        is_good = run_try_policy(run, guest, names[i], false);
    }
    if (is_good && guest->policy_file == NULL) {
        command_say("note: %s has no policy, so nothing is granted (looked for %s and %s)", guest->path, names[0], names[1]);
        guest->read_policy = policy_none(&run->arena, guest->vm->catalog);
    }
    free(names[0]);
    free(names[1]);
    return is_good;
}

/* A second guest of the same name becomes name-2, so that messages tell them apart. */
static void run_number(const run_t *run, run_guest_t *guest)
{
    const size_t size = strlen(guest->name);
    uint32_t number = 1;
    for (const run_guest_t *one = run->guests; one < guest;) {
        if (strcmp(one->name, guest->name) != 0) {
            one++;
        } else {
            number++;
            snprintf(guest->name + size, sizeof guest->name - size, "-%u", (unsigned)number);
            one = run->guests;
        }
    }
}

/* The name of the policy, else that of the file with anything odd replaced. */
static void run_name(const run_t *run, run_guest_t *guest)
{
    char *stem = file_stem(guest->path);
    const char *name = guest->policy.guest != NULL ? guest->policy.guest : stem;
    size_t i = 0;
    for (; i < POLICY_GUEST_MAX && name[i] != '\0'; i++) {
        const char c = name[i];
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        guest->name[i] = is_plain ? c : '_';
    }
    guest->name[i] = '\0';
    run_number(run, guest);
    guest->policy.guest = guest->name;
    free(stem);
}

bool run_read(run_t *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        run_guest_t *guest = &run->guests[i];
        guest->run = run;
        if (!run_read_program(run, guest)) {
            return false;
        }
        if (guest->vm == NULL) {
            continue;
        }
        if (guest->vm->catalog == NULL) {
            command_say("the VM %s was built without names, so no policy can be read for it", guest->vm->ops->name);
            return false;
        }
        if (!run_find_policy(run, guest)) {
            return false;
        }
        guest->policy = guest->read_policy->gate;
        run_name(run, guest);
    }
    return true;
}

/* ---- guests ---- */

static void run_load_guest(run_t *run, run_guest_t *guest)
{
    guest->config = (cg_guest_config_t){
        .vm = guest->vm, .image = guest->image, .image_size = (uint32_t)guest->image_size, .host = run->host, .now_ms = host_linux_now_ms,
        .message = guest->message, .message_size = sizeof guest->message, .host_fault = run_say_host_fault,
        .wake = run_wake, .wake_context = guest, .wait = run_wait, .renewed = run_renewed,
    };
    guest->message[0] = '\0';
    guest->member.loop = &run->loop;
    atomic_store(&guest->member.is_marked, true);
    const uint32_t size = cg_guest_storage(&guest->config, &guest->policy);
    int load = CG_LOAD_IMAGE;
    if (size != 0) {
        guest->storage = malloc(size);
        guest->storage_size = size;
        if (guest->storage == NULL) {
            command_say("guest '%s' was not loaded: there is no memory for its %u bytes", guest->name, (unsigned)size);
            run->has_no_machine = true;
            return;
        }
        load = cg_guest_init(&guest->guest, &guest->config, &guest->policy, guest->storage, size);
    }
    guest->is_loaded = load == CG_LOAD_OK;
    if (!guest->is_loaded) {
        run->has_failed = true;
        run_say_refused(guest, load);
    }
}

void run_load(run_t *run)
{
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->guests[i].vm != NULL) {
            run_load_guest(run, &run->guests[i]);
        }
    }
}
