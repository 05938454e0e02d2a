/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/main.c - the `callgate` command: a table of subcommands, and help.
 * Each subcommand parses its own arguments. Never does work of its own. */
#include "command.h"

#include "yaml/kit.h"

#include <stdio.h>
#include <string.h>

#ifndef CALLGATE_VERSION
#error "the build gives CALLGATE_VERSION"
#endif

typedef struct subcommand {
    const char *name, *does;
    int (*run)(int argc, char **argv);
} subcommand_t;

static const subcommand_t subcommands[] = {
    {"gen", "make glue, bodies, prototypes and guest SDKs from descriptions", gen_command},
    {"dump", "print the model or the plan of descriptions", dump_command},
    {"doc", "make a reference of APIs, as a page and as Markdown", doc_command},
    {"run", "run guests, each under its policy", run_command},
    {"check", "say whether a guest would load under its policy", check_command},
    {"policy", "print the least policy for a guest", policy_command},
    {"pack", "make an image of an object file or of assembler text", pack_command},
    {"new-vm", "make the folder that a VM of your own begins with", new_vm_command},
};

enum { SUBCOMMAND_COUNT = sizeof subcommands / sizeof subcommands[0] };

static void main_usage(FILE *out)
{
    fputs("usage: callgate SUBCOMMAND ...\n\n"
          "Programs in small virtual machines call the machine they run on, through one gate.\n\n",
          out);
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        fprintf(out, "  %-7s%s\n", subcommands[i].name, subcommands[i].does);
    }
    fputs("\n  --help     this text; `callgate SUBCOMMAND --help` says more\n"
          "  --version  the version of this command\n\n"
          "Exit codes: 0 done, 1 the input is at fault, 2 wrong use, 3 the machine is at fault.\n",
          out);
}

static int main_printed(void)
{
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? CLI_DONE : CLI_MACHINE;
}

static int main_unknown(const char *name)
{
    yaml_near_t near;
    yaml_near_init(&near, name);
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        yaml_near_try(&near, subcommands[i].name);
    }
    command_say("there is no subcommand '%s'", name);
    if (near.best != NULL) {
        fprintf(stderr, "help: did you mean '%s'?\n", near.best);
    } else {
        fputs("help: callgate --help\n", stderr);
    }
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        main_usage(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        main_usage(stdout);
        return main_printed();
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("callgate " CALLGATE_VERSION);
        return main_printed();
    }
    for (size_t i = 0; i < SUBCOMMAND_COUNT; i++) {
        if (strcmp(argv[1], subcommands[i].name) == 0) {
            return subcommands[i].run(argc - 1, argv + 1);
        }
    }
    return main_unknown(argv[1]);
}
