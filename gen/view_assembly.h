/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_assembly.h - between view_assembly.c and view_assembly_call.c: how AssemblyScript spells names and types. */
#ifndef GEN_VIEW_ASSEMBLY_H
#define GEN_VIEW_ASSEMBLY_H

#include "gen/view.h"

/* The wrapper of a call (view_assembly_call.c). */
void assembly_call(view_maker_t *m, const plan_call_t *call, view_call_t *view);

const char *assembly_name(view_maker_t *m, const char *name);
const char *assembly_camel(view_maker_t *m, const char *name);

/* The type of one value or element; enums and flags are the integers below them. */
const char *assembly_element(view_maker_t *m, const model_use_t *use);

#endif
