/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/gen_inner.h - what `callgate gen`, `dump` and `doc` share: options, descriptions and VMs. For gen.c and doc.c only. */
#ifndef CLI_GEN_INNER_H
#define CLI_GEN_INNER_H

#include "gen/render.h"
#include "gen/view.h"

enum { GEN_VMS_MAX = 16 };

typedef struct gen_run {
    arena_t arena;
    diag_t diag;
    const char *vms[GEN_VMS_MAX];
    uint32_t vm_count;
    render_config_t render;
    bool wants_model, wants_plan;
    bool is_doc;        /* `doc`: it has --format and no --host */
    const char *format; /* NULL if not given */
    char **files;
    size_t file_count;
    model_api_t **apis;
    size_t api_count;
} gen_run_t;

/* Parse the options from argv[first] on, let `check` look at them, then do `work`; prints messages and returns an exit code. */
int gen_with_run(int argc, char **argv, int first, int (*work)(gen_run_t *run), int (*check)(const gen_run_t *run, const char *command), gen_run_t *run);

/* Read the gate's own API and all descriptions into run->apis. */
int gen_read_apis(gen_run_t *run);

/* The facts of the VM of that name, built in or in a folder. NULL: a message was printed or is in run->diag. */
vm_t *gen_vm_find(gen_run_t *run, const char *name);

/* Refuse a VM for which nothing can be generated yet: CLI_DONE, or CLI_INPUT with a message printed. */
int gen_vm_check(const vm_t *vm);

/* The gate's own errors, which the generator does not know: view_gate_error_t. */
must_list_t gen_gate_errors(void);

/* Write all files: an exit code. */
int gen_write(render_t *render);

/* Whether --help stands anywhere. */
bool gen_wants_help(int argc, char **argv);

#endif
