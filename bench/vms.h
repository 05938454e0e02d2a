/* SPDX-License-Identifier: BSD-2-Clause */
/* vms.h - which VM of this build a program is for. */
#ifndef BENCH_VMS_H
#define BENCH_VMS_H

#include "callgate/guest.h"

extern const cg_vm_t cg_vm_rbpf;
#ifdef BENCH_WAMR
extern const cg_vm_t cg_vm_wamr;
#endif

/* NULL: none. */
static inline const cg_vm_t *bench_vm(const uint8_t *image, uint32_t size)
{
#ifdef BENCH_WAMR
    if (cg_vm_wamr.ops->probe(image, size)) {
        return &cg_vm_wamr;
    }
#endif
    return cg_vm_rbpf.ops->probe(image, size) ? &cg_vm_rbpf : NULL;
}

#endif
