/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/vms.h - the VMs that were built into this command. The tables are written by CMake from the list of VMs (vms.c.in). */
#ifndef CLI_VMS_H
#define CLI_VMS_H

#include "callgate/vm_tool.h"
#include "callgate/vm.h"

#include <stddef.h>

/* In the order in which they are asked whether a file is theirs. The traced twins stand at the same places; NULL ends both. */
extern const cg_vm_t *const cg_vms[];
extern const cg_vm_t *const cg_vms_traced[];

/* Tools of these VMs, where they have one; NULL ends it. */
extern const cg_vm_tool_t *const cg_tools[];

#endif
