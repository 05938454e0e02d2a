/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/gen_main.c - the first-stage generator: `gen`, `dump` and `doc` of the callgate command and nothing else.
 * The command itself is linked with what this one generates. Never installed. */
#include "command.h"

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "gen") == 0) {
        return gen_command(argc - 1, argv + 1);
    }
    if (strcmp(name, "dump") == 0) {
        return dump_command(argc - 1, argv + 1);
    }
    if (strcmp(name, "doc") == 0) {
        return doc_command(argc - 1, argv + 1);
    }
    fputs("usage: callgate-gen gen|dump|doc ...\n", stderr);
    return 2;
}
