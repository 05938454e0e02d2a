/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/vm_tool.h - the seam between the command and a VM's tool, which makes images of what people and compilers write.
 * For hosts only; a VM whose programs are run as they come has none. A tool reads no file and prints nothing itself. */
#ifndef CALLGATE_VM_TOOL_H
#define CALLGATE_VM_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CG_VM_TOOL_VERSION 1

/* One source, and what the command does for the tool. */
typedef struct cg_vm_tool_job {
    const char *path;
    const uint8_t *bytes;
    size_t size;
    const char *const *folders; /* where included files are looked for, after the folder of the including one */
    uint32_t folder_count;
    /* The text of another file, *size bytes from malloc, for the tool to free. NULL: there is no such file, or it cannot be read. */
    char *(*read)(void *context, const char *path, size_t *size);
    /* Take one error. Line and column count from 1; line 0: the error is in the file as a whole. */
    void (*report)(void *context, const char *path, uint32_t line, uint32_t column, const char *text);
    void *context;
} cg_vm_tool_job_t;

typedef struct cg_vm_tool {
    uint32_t version;      /* CG_VM_TOOL_VERSION */
    const char *vm;        /* as cg_vm_ops_t.name */
    const char *extension; /* of its images: ".rbf" */
    const char *takes;     /* for messages: "eBPF object files (.o)" */
    /* Is this file a source of ours? Asked where no VM takes the file as a program. is_asked: an image is what the user asks for, of this VM or of any;
     * a file that is known by a common name alone is taken only then. */
    bool (*is_source)(const char *path, const uint8_t *bytes, size_t size, bool is_asked);
    /* 0: *image is *image_size bytes from malloc, for the caller to free. -1: at least one error was reported. */
    int (*make)(const cg_vm_tool_job_t *job, uint8_t **image, size_t *image_size);
} cg_vm_tool_t;

#endif
