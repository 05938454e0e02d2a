/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/gen.c - `callgate gen` and `callgate dump`: read, model, plan, view, render; a list of calls.
 * Linked into the command and into the build's own callgate-gen. Does no stage's work itself. */
#include "command.h"
#include "gen_inner.h"

#include "callgate/error.h"
#include "gen/view_doc.h"

#include "gen/model_schema.h"
#include "gen/resource.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DESCRIPTION_MAX = 64 * 1024 * 1024 };

static const char gen_help[] =
    "usage: callgate gen --vm VM[,VM...] [--host OS] [--sdk LANGUAGES] [--templates DIR]\n"
    "                    -o DIR API.yaml...\n\n"
    "Makes host glue, shared bodies, host prototypes and guest SDKs for the APIs described.\n\n"
    "  --vm VM          a VM's name, or a folder with a vm.yaml and templates (give it with a slash: ./myvm)\n"
    "  --host OS        also make the functions that `bind:` describes for this host (bind.c)\n"
    "  --sdk LANGUAGES  guest SDKs to make, of c, rust and assembly with commas between; all, if not given\n"
    "  --templates DIR  look for templates in DIR/VM and DIR first\n"
    "  -o DIR           where files go; it is made if it is not there\n\n"
    "All files are made before the first is put in place: after an error nothing has changed.\n"
    "Exit codes: 0 done, 1 a description, VM or template is at fault, 2 wrong use, 3 the machine is at fault.\n";

static const char dump_help[] =
    "usage: callgate dump model API.yaml...\n"
    "       callgate dump plan --vm VM API.yaml...\n"
    "       callgate dump schema | templates\n\n"
    "Prints a stage of the generator as text that stays the same for the same input.\n\n"
    "  model      what the descriptions say\n"
    "  plan       where each value of each call sits on that VM\n"
    "  schema     the JSON Schema of descriptions, for editors\n"
    "  templates  the values that templates may name, as Markdown\n";

/* ---- options ---- */

/* One that is named twice is one. */
static void vm_add(gen_run_t *run, const char *name)
{
    for (uint32_t i = 0; i < run->vm_count; i++) {
        if (strcmp(run->vms[i], name) == 0) {
            return;
        }
    }
    run->vms[run->vm_count++] = name;
}

static bool vms_split(gen_run_t *run, const char *list)
{
    while (run->vm_count < GEN_VMS_MAX) {
        const char *comma = strchr(list, ',');
        const size_t size = comma == NULL ? strlen(list) : (size_t)(comma - list);
        if (size == 0) {
            return false;
        }
        vm_add(run, arena_text(&run->arena, list, size));
        if (comma == NULL) {
            return true;
        }
        list = comma + 1;
    }
    return false;
}

static bool sdks_check(const char *list)
{
    size_t size;
    do {
        size = strcspn(list, ",");
        if (!vm_is_sdk(list, size)) {
            return false;
        }
        list += size + 1;
    } while (list[-1] != '\0');
    return true;
}

/* The value of the option `name`; NULL if `argv[*i]` is another option or has no value. */
static const char *option(int argc, char **argv, int *i, const char *name)
{
    return command_is_option(argv[*i], name) ? command_value(argc, argv, i) : NULL;
}

static int options(gen_run_t *run, int argc, char **argv, int first)
{
    run->files = arena_array(&run->arena, (size_t)argc, sizeof *run->files);
    for (int i = first; i < argc; i++) {
        const char *value = NULL;
        if (argv[i][0] != '-') {
            run->files[run->file_count++] = argv[i];
        } else if ((value = option(argc, argv, &i, "--vm")) != NULL) {
            if (!vms_split(run, value)) {
                return command_usage(argv[0], "--vm wants names with commas between, not %s", value);
            }
        } else if (!run->is_doc && (value = option(argc, argv, &i, "--host")) != NULL) {
            run->render.host = value;
        } else if (!run->is_doc && (value = option(argc, argv, &i, "--sdk")) != NULL) {
            if (!sdks_check(value)) {
                return command_usage(argv[0], "--sdk wants c, rust and assembly with commas between, not %s", value);
            }
            run->render.sdks = value;
        } else if ((value = option(argc, argv, &i, "--templates")) != NULL) {
            run->render.templates = value;
        } else if (run->is_doc && (value = option(argc, argv, &i, "--format")) != NULL) {
            run->format = value;
        } else if ((value = option(argc, argv, &i, "-o")) != NULL) {
            run->render.out = value;
        } else {
            return command_usage(argv[0], "unknown option, or its value is missing: %s", argv[i]);
        }
    }
    return CLI_DONE;
}

/* ---- stages ---- */

static int say_file(const char *path)
{
    const bool is_too_large = errno == EFBIG;
    fprintf(stderr, "callgate: cannot read '%s': %s\n", path, is_too_large ? "it is too large" : strerror(errno));
    return errno == ENOMEM || errno == EIO ? CLI_MACHINE : CLI_INPUT;
}

int gen_read_apis(gen_run_t *run)
{
    const resource_t *gate = resource_find("api/gate.yaml");
    union {
        const unsigned char *in;
        const char *out;
    } text = {gate->bytes};
    run->apis = arena_array(&run->arena, run->file_count + 1, sizeof(model_api_t *));
    run->apis[run->api_count++] = model_read(&run->arena, &run->diag, "api/gate.yaml", text.out, gate->size);
    for (size_t i = 0; i < run->file_count; i++) {
        size_t size = 0;
        char *bytes = resource_read(run->files[i], DESCRIPTION_MAX, &size);
        if (bytes == NULL) {
            return say_file(run->files[i]);
        }
        model_api_t *api = model_read(&run->arena, &run->diag, run->files[i], bytes, size);
        free(bytes);
        if (api != NULL) {
            run->apis[run->api_count++] = api;
        }
    }
    if (diag_count(&run->diag) == 0) {
        (void)model_check_set(&run->diag, run->apis, run->api_count);
    }
    return diag_count(&run->diag) == 0 ? CLI_DONE : CLI_INPUT;
}

static vm_t *vm_from_folder(gen_run_t *run, const char *folder)
{
    size_t size = 0;
    const char *path = arena_printf(&run->arena, "%s/vm.yaml", folder);
    char *bytes = resource_read(path, YAML_SIZE_MAX, &size);
    if (bytes == NULL) {
        (void)say_file(path);
        return NULL;
    }
    vm_t *vm = vm_read(&run->arena, &run->diag, path, bytes, size);
    free(bytes);
    if (vm != NULL) {
        vm->folder = folder;
    }
    return vm;
}

vm_t *gen_vm_find(gen_run_t *run, const char *name)
{
    if (strchr(name, '/') != NULL) {
        return vm_from_folder(run, name);
    }
    const char *path = arena_printf(&run->arena, "vm/%s/vm.yaml", name);
    const resource_t *found = resource_find(path);
    if (found == NULL) {
        fprintf(stderr, "callgate: no VM named '%s' is built in\nhelp: these are:", name);
        for (const resource_t *r = resources; r->name != NULL; r++) {
            const char *slash = strncmp(r->name, "vm/", 3) == 0 ? strrchr(r->name, '/') : NULL;
            if (slash != NULL && strcmp(slash, "/vm.yaml") == 0) {
                fprintf(stderr, " %.*s", (int)(slash - r->name - 3), r->name + 3);
            }
        }
        fputs("; for a folder of your own write its path with a slash\n", stderr);
        return NULL;
    }
    union {
        const unsigned char *in;
        const char *out;
    } text = {found->bytes};
    return vm_read(&run->arena, &run->diag, path, text.out, found->size);
}

int gen_vm_check(const vm_t *vm)
{
    const char *fact = vm_not_generated(vm);
    if (fact != NULL) {
        fprintf(stderr, "callgate: VM '%s' has `%s`, for which nothing can be generated yet\nhelp: `callgate dump plan` shows its plan\n", vm->name, fact);
    }
    return fact == NULL ? CLI_DONE : CLI_INPUT;
}

static int plan_each(gen_run_t *run, render_t *render)
{
    for (uint32_t i = 0; i < run->vm_count; i++) {
        vm_t *vm = gen_vm_find(run, run->vms[i]);
        if (vm == NULL) {
            return CLI_INPUT;
        }
        plan_t *plan = plan_make(&run->arena, &run->diag, run->apis, run->api_count, vm);
        if (plan == NULL) {
            return CLI_INPUT;
        }
        if (render == NULL) {
            plan_dump(stdout, plan);
            continue;
        }
        if (gen_vm_check(vm) != CLI_DONE) {
            return CLI_INPUT;
        }
        view_maker_t maker = {.arena = &run->arena, .plan = plan, .host = run->render.host, .gate_errors = gen_gate_errors()};
        if (!render_vm(render, vm, view_make(&maker))) {
            fprintf(stderr, "%s\n", render_error(render));
            return render_is_input_fault(render) ? CLI_INPUT : CLI_MACHINE;
        }
    }
    return CLI_DONE;
}

must_list_t gen_gate_errors(void)
{
#define GATE_ERROR(name, number, violation, text) static const view_gate_error_t error_##name = {#name, text, number, violation};
    CG_ERR_LIST(GATE_ERROR)
#undef GATE_ERROR
#define GATE_ERROR(name, number, violation, text) &error_##name,
    static const void *const all[] = {CG_ERR_LIST(GATE_ERROR)};
#undef GATE_ERROR
    return (must_list_t){all, sizeof all / sizeof all[0]};
}

int gen_write(render_t *render)
{
    if (render_write(render)) {
        return CLI_DONE;
    }
    fprintf(stderr, "callgate: %s\n", render_error(render));
    return CLI_MACHINE;
}

static int generate(gen_run_t *run)
{
    int code = gen_read_apis(run);
    if (code != CLI_DONE) {
        return code;
    }
    render_t *render = render_new(&run->render);
    code = plan_each(run, render);
    if (code == CLI_DONE) {
        code = gen_write(render);
    }
    render_free(render);
    return code;
}

static int dump(gen_run_t *run)
{
    int code = gen_read_apis(run);
    if (code == CLI_DONE && run->wants_model) {
        for (size_t i = 1; i < run->api_count; i++) {
            model_dump(stdout, run->apis[i]);
        }
    } else if (code == CLI_DONE) {
        code = plan_each(run, NULL);
    }
    return code == CLI_DONE && fflush(stdout) != 0 ? CLI_MACHINE : code;
}

int gen_with_run(int argc, char **argv, int first, int (*work)(gen_run_t *run), int (*check)(const gen_run_t *run, const char *command), gen_run_t *run)
{
    arena_init(&run->arena);
    diag_init(&run->diag);
    int code = options(run, argc, argv, first);
    if (code == CLI_DONE) {
        code = check(run, argv[0]);
    }
    if (code == CLI_DONE) {
        code = work(run);
        diag_print(&run->diag, stderr);
    }
    diag_free(&run->diag);
    arena_free(&run->arena);
    return code;
}

static int gen_check(const gen_run_t *run, const char *command)
{
    if (run->vm_count == 0) {
        return command_usage(command, "--vm is missing");
    }
    if (run->render.out == NULL) {
        return command_usage(command, "-o is missing");
    }
    return run->file_count > 0 ? CLI_DONE : command_usage(command, "no description given");
}

static int dump_check(const gen_run_t *run, const char *command)
{
    if (run->wants_plan && run->vm_count == 0) {
        return command_usage(command, "plan wants --vm");
    }
    return run->file_count > 0 ? CLI_DONE : command_usage(command, "no description given");
}

bool gen_wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            return true;
        }
    }
    return false;
}

int gen_command(int argc, char **argv)
{
    gen_run_t run = {.vm_count = 0};
    if (gen_wants_help(argc, argv)) {
        return command_help(gen_help);
    }
    return gen_with_run(argc, argv, 1, generate, gen_check, &run);
}

int dump_command(int argc, char **argv)
{
    gen_run_t run = {.vm_count = 0};
    if (argc < 2 || gen_wants_help(argc, argv)) {
        return argc < 2 ? command_usage(argv[0], "what to dump is missing") : command_help(dump_help);
    }
    if (strcmp(argv[1], "templates") == 0) {
        return must_class_print(stdout, &view_set_class) && fflush(stdout) == 0 ? CLI_DONE : CLI_MACHINE;
    }
    if (strcmp(argv[1], "schema") == 0) {
        model_schema_print(stdout);
        return fflush(stdout) == 0 ? CLI_DONE : CLI_MACHINE;
    }
    run.wants_model = strcmp(argv[1], "model") == 0;
    run.wants_plan = strcmp(argv[1], "plan") == 0;
    if (!run.wants_model && !run.wants_plan) {
        return command_usage(argv[0], "cannot dump %s", argv[1]);
    }
    return gen_with_run(argc, argv, 2, dump, dump_check, &run);
}
