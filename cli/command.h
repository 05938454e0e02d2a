/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/command.h - what the subcommands of `callgate` share: how they are called and how they end.
 * Each subcommand is one function; main.c has the table. Never does work of its own. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <stdbool.h>

/* Exit codes of the command, for all subcommands. A run that a signal ended exits with 128 + its number (130, 143). */
enum {
    CLI_DONE = 0,
    CLI_INPUT = 1,  /* the input is at fault: a description, a policy, a guest */
    CLI_USAGE = 2,  /* wrong use of the command */
    CLI_MACHINE = 3 /* the machine is at fault: no memory, disk full */
};

/* Subcommands: argv[0] is the subcommand's name. They print their own messages and return an exit code. */
int gen_command(int argc, char **argv);
int dump_command(int argc, char **argv);
int doc_command(int argc, char **argv);
int run_command(int argc, char **argv);
int check_command(int argc, char **argv);
int policy_command(int argc, char **argv);
int pack_command(int argc, char **argv);
int new_vm_command(int argc, char **argv);

/* Whether an argument is the option `name` ("--policy"), alone or with "=value". */
bool command_is_option(const char *arg, const char *name);

/* The value of the option at *place: what follows its "=", else the next argument, and *place moves there. NULL if there is none. */
const char *command_value(int argc, char **argv, int *place);

/* Print a help text to stdout: CLI_DONE, or CLI_MACHINE if it could not be written. */
int command_help(const char *text);

/* "callgate run: <message>\n" and where help is found, to stderr; always CLI_USAGE. */
int command_usage(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "callgate: <message>\n" to stderr as one write; control characters in it are escaped. */
void command_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
