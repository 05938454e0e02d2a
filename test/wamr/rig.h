/* SPDX-License-Identifier: BSD-2-Clause */
/* rig.h - the demo APIs as glue for WAMR, for the tests of its adapter. */
#ifndef TEST_WAMR_RIG_H
#define TEST_WAMR_RIG_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "demo.h"
#include "module.h"
#include "wamr.h"

extern const cg_vm_t rig_vm;        /* natives from rows, as in the SMALL build */
extern const cg_vm_t rig_vm_direct; /* a native of its own for each call, as in the FAST build: another table */

#endif
