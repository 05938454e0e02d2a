/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/rbpf/tool.c - the command's way to the packer: an eBPF object becomes an image. */
#include "callgate/vm_tool.h"
#include "engine/pack.h"

extern const cg_vm_tool_t cg_vm_tool_rbpf;

static bool is_source(const char *path, const uint8_t *bytes, size_t size, bool is_asked)
{
    (void)path;
    (void)is_asked;
    return rbpf_is_elf(bytes, size);
}

static int make(const cg_vm_tool_job_t *job, uint8_t **image, size_t *image_size)
{
    char message[256] = "";
    const int failed = rbpf_elf_to_image(job->bytes, job->size, image, image_size, message, sizeof message);
    if (failed != 0) {
        job->report(job->context, job->path, 0, 0, message);
    }
    return failed;
}

const cg_vm_tool_t cg_vm_tool_rbpf = {CG_VM_TOOL_VERSION, "rbpf", ".rbf", "eBPF object files (.o)", is_source, make};
