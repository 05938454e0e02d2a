/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/doc.c - `callgate doc`: read, model, a plan for each VM, one view of all of them, render. Linked with gen.c, whose stages it shares. */
#include "command.h"
#include "gen_inner.h"

#include "gen/resource.h"
#include "gen/view_doc.h"

#include <stdio.h>
#include <string.h>

static const char doc_help[] =
    "usage: callgate doc [--vm VM[,VM...]] [--format html|md|both] [--templates DIR] -o DIR API.yaml...\n\n"
    "Makes a reference of the APIs described: types, constants, errors, calls and events, and how each value travels on each VM.\n\n"
    "  --vm VM          as for `callgate gen`; without it, all VMs that are built in\n"
    "  --format FORMAT  html makes DIR/api.html, one page that needs nothing else; md makes DIR/api.md; both is the default\n"
    "  --templates DIR  look for templates in DIR/VM and DIR first: doc.html.mustache, doc.md.mustache and what they include\n"
    "  -o DIR           where files go; it is made if it is not there\n\n"
    "Exit codes: 0 done, 1 a description, VM or template is at fault, 2 wrong use, 3 the machine is at fault.\n";

/* All VMs that are built in, in the order of their names. */
static void all_vms(gen_run_t *run)
{
    for (const resource_t *r = resources; r->name != NULL && run->vm_count < GEN_VMS_MAX; r++) {
        const char *slash = strncmp(r->name, "vm/", 3) == 0 ? strrchr(r->name, '/') : NULL;
        if (slash != NULL && strcmp(slash, "/vm.yaml") == 0) {
            run->vms[run->vm_count++] = arena_text(&run->arena, r->name + 3, (size_t)(slash - r->name - 3));
        }
    }
}

static int plans_make(gen_run_t *run, const plan_t **plans)
{
    for (uint32_t i = 0; i < run->vm_count; i++) {
        vm_t *vm = gen_vm_find(run, run->vms[i]);
        if (vm == NULL || gen_vm_check(vm) != CLI_DONE) {
            return CLI_INPUT;
        }
        plans[i] = plan_make(&run->arena, &run->diag, run->apis, run->api_count, vm);
        if (plans[i] == NULL) {
            return CLI_INPUT;
        }
    }
    return CLI_DONE;
}

static int document(gen_run_t *run)
{
    const plan_t *plans[GEN_VMS_MAX];
    int code = gen_read_apis(run);
    if (run->vm_count == 0) {
        all_vms(run);
    }
    if (code == CLI_DONE) {
        code = plans_make(run, plans);
    }
    if (code != CLI_DONE) {
        return code;
    }
    const bool wants_html = run->format == NULL || strcmp(run->format, "md") != 0;
    const bool wants_md = run->format == NULL || strcmp(run->format, "html") != 0;
    render_t *render = render_new(&run->render);
    if (render_doc(render, plans[0]->vm, view_doc_make(&run->arena, plans, run->vm_count, gen_gate_errors()), wants_html, wants_md)) {
        code = gen_write(render);
    } else {
        fprintf(stderr, "%s\n", render_error(render));
        code = render_is_input_fault(render) ? CLI_INPUT : CLI_MACHINE;
    }
    render_free(render);
    return code;
}

static int doc_check(const gen_run_t *run, const char *command)
{
    const char *format = run->format;
    if (format != NULL && strcmp(format, "html") != 0 && strcmp(format, "md") != 0 && strcmp(format, "both") != 0) {
        return command_usage(command, "--format is html, md or both, not %s", format);
    }
    if (run->render.out == NULL) {
        return command_usage(command, "-o is missing");
    }
    return run->file_count > 0 ? CLI_DONE : command_usage(command, "no description given");
}

int doc_command(int argc, char **argv)
{
    gen_run_t run = {.is_doc = true};
    return gen_wants_help(argc, argv) ? command_help(doc_help) : gen_with_run(argc, argv, 1, document, doc_check, &run);
}
