/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/command.h - the subcommands of the generator. Called by the `callgate` command and by the build's own callgate-gen. */
#ifndef GEN_COMMAND_H
#define GEN_COMMAND_H

/* argv[0] is the subcommand. They print their own messages and help, and return the exit code: 0 done, 1 the input is at fault, 2 wrong use,
 * 3 the machine is at fault. */
int gen_command(int argc, char **argv);
int dump_command(int argc, char **argv);

#endif
