/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/command.c - how subcommands speak: one line to stderr, in one write. Never decides anything. */
#include "command.h"

#include "yaml/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Several threads speak: a stream is locked for a whole line. */
static void command_line(const char *before, const char *format, va_list args, const char *after)
{
    arena_t arena;
    arena_init(&arena);
    const char *text = arena_vprintf(&arena, format, args);
    flockfile(stderr);
    fputs(before, stderr);
    diag_escape(stderr, text, strlen(text));
    fputs(after, stderr);
    fflush(stderr);
    funlockfile(stderr);
    arena_free(&arena);
}

void command_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    command_line("callgate: ", format, args, "\n");
    va_end(args);
}

int command_usage(const char *name, const char *format, ...)
{
    char before[64], after[96];
    va_list args;
    snprintf(before, sizeof before, "callgate %s: ", name);
    snprintf(after, sizeof after, "\nhelp: callgate %s --help\n", name);
    va_start(args, format);
    command_line(before, format, args, after);
    va_end(args);
    return CLI_USAGE;
}

bool command_is_option(const char *arg, const char *name)
{
    const size_t size = strlen(name);
    return strncmp(arg, name, size) == 0 && (arg[size] == '\0' || arg[size] == '=');
}

const char *command_value(int argc, char **argv, int *place)
{
    const char *equals = strchr(argv[*place], '=');
    if (equals != NULL) {
        return equals + 1;
    }
    if (*place + 1 >= argc) {
        return NULL;
    }
    *place += 1;
    return argv[*place];
}

int command_help(const char *text)
{
    fputs(text, stdout);
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? CLI_DONE : CLI_MACHINE;
}
