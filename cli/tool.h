/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/tool.h - images from sources, by the tools that the VMs of this command bring (callgate/vm_tool.h). For pack.c and run_load.c. */
#ifndef CLI_TOOL_H
#define CLI_TOOL_H

#include "callgate/vm_tool.h"
#include "yaml/arena.h"

enum { TOOL_FOLDERS_MAX = 16 };

/* Folders of -I, in their order. */
typedef struct tool_folders {
    const char *at[TOOL_FOLDERS_MAX];
    uint32_t count;
} tool_folders_t;

/* Whose source is this? `engine` is the only VM whose tool is asked; NULL: all are. is_asked: the user asks for an image. NULL: nobody's. */
const cg_vm_tool_t *tool_find(const char *engine, bool is_asked, const char *path, const uint8_t *bytes, size_t size);

/* Make the image; it is the caller's to free. False: what is wrong was printed. */
bool tool_make(const cg_vm_tool_t *tool, const tool_folders_t *folders, const char *path, const uint8_t *bytes, size_t size, uint8_t **image, size_t *image_size);

/* What all tools take, for messages: "a, b". */
const char *tool_takes(arena_t *arena);

/* Is this argument -I, with its folder or before it? */
bool tool_is_folder(const char *argument);

/* Take it: the folder is the rest of argv[*place], or the next argument, and *place moves there. CLI_DONE, or CLI_USAGE with a message of subcommand `name`. */
int tool_take_folder(tool_folders_t *folders, const char *name, int argc, char **argv, int *place);

#endif
