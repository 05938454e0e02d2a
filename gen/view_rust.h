/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_rust.h - between view_rust.c and view_rust_call.c: how Rust spells names and types. */
#ifndef GEN_VIEW_RUST_H
#define GEN_VIEW_RUST_H

#include "gen/view.h"

/* The wrapper of a call (view_rust_call.c). */
void rust_call(view_maker_t *m, const plan_call_t *call, view_call_t *view);

const char *rust_name(view_maker_t *m, const char *name);
const char *rust_camel(view_maker_t *m, const char *name);

/* The type of one value or element, named from `path`: "", or a module with :: behind. */
const char *rust_element(view_maker_t *m, const char *path, const model_use_t *use);

/* A handle that is not the guest's to close; `root` is the path of the crate. */
const char *rust_lent(view_maker_t *m, const char *root, const char *path, const model_type_t *type);

#endif
