/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/tool.c - finds the tool for a source, reads files for it and prints what it reports. Knows no tool by name: vms.c lists them. */
#include "tool.h"

#include "command.h"
#include "file.h"
#include "run.h"
#include "vms.h"

#include <stdio.h>
#include <string.h>

const cg_vm_tool_t *tool_find(const char *engine, bool is_asked, const char *path, const uint8_t *bytes, size_t size)
{
    for (const cg_vm_tool_t *const *tool = cg_tools; *tool != NULL; tool++) {
        if ((engine == NULL || strcmp((*tool)->vm, engine) == 0) && (*tool)->is_source(path, bytes, size, is_asked)) {
            return *tool;
        }
    }
    return NULL;
}

static char *tool_read(void *context, const char *path, size_t *size)
{
    union {
        uint8_t *in;
        char *out;
    } bytes = {NULL};
    const char *why = "";
    (void)context;
    return file_read(path, RUN_IMAGE_MAX, &bytes.in, size, &why) == FILE_OK ? bytes.out : NULL;
}

/* As compilers say it where there is a line. */
static void tool_report(void *context, const char *path, uint32_t line, uint32_t column, const char *text)
{
    (void)context;
    if (line == 0) {
        command_say("%s: %s", path, text);
        return;
    }
    char place[64];
    snprintf(place, sizeof place, ":%u:%u: error: ", (unsigned)line, (unsigned)column);
    const char *const parts[] = {path, place, text, NULL};
    for (const char *const *part = parts; *part != NULL; part++) {
        for (const char *c = *part; *c != '\0'; c++) {
            fputc((unsigned char)*c < ' ' || *c == 0x7f ? '?' : *c, stderr);
        }
    }
    fputc('\n', stderr);
}

bool tool_make(const cg_vm_tool_t *tool, const tool_folders_t *folders, const char *path, const uint8_t *bytes, size_t size, uint8_t **image, size_t *image_size)
{
    const cg_vm_tool_job_t job = {path, bytes, size, folders->at, folders->count, tool_read, tool_report, NULL};
    return tool->make(&job, image, image_size) == 0;
}

const char *tool_takes(arena_t *arena)
{
    const char *takes = "";
    for (const cg_vm_tool_t *const *tool = cg_tools; *tool != NULL; tool++) {
        takes = arena_printf(arena, "%s%s%s", takes, takes[0] != '\0' ? ", " : "", (*tool)->takes);
    }
    return takes[0] != '\0' ? takes : "nothing";
}

bool tool_is_folder(const char *argument)
{
    return strncmp(argument, "-I", 2) == 0;
}

int tool_take_folder(tool_folders_t *folders, const char *name, int argc, char **argv, int *place)
{
    const char *folder = argv[*place] + 2;
    if (*folder == '\0' && *place + 1 < argc) {
        folder = argv[++*place];
    }
    if (*folder == '\0') {
        return command_usage(name, "-I needs a folder");
    }
    if (folders->count == TOOL_FOLDERS_MAX) {
        return command_usage(name, "-I was given more than %d times", TOOL_FOLDERS_MAX);
    }
    folders->at[folders->count++] = folder;
    return CLI_DONE;
}
