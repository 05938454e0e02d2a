/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/render.h - views and templates to files. Files are made in memory first and put in place only when all are good. */
#ifndef GEN_RENDER_H
#define GEN_RENDER_H

#include "gen/view.h"

/* Where things are read and written. */
typedef struct render_config {
    const char *out;       /* folder of the output */
    const char *templates; /* --templates; NULL if none */
    const char *host;      /* --host; NULL if none */
    const char *sdks;      /* --sdk: guest languages with commas between; NULL: all */
} render_config_t;

typedef struct render render_t;

render_t *render_new(const render_config_t *config);
void render_free(render_t *render);

/* Render what one VM adds: its own outputs, and the common ones that are not there yet. False: a message is in render_error. */
bool render_vm(render_t *render, const vm_t *vm, view_set_t *set);

/* Render the API reference from a view of view_doc_make; `vm` is that of its first plan, whose templates count. False: as render_vm. */
bool render_doc(render_t *render, const vm_t *vm, view_set_t *set, bool wants_html, bool wants_md);

/* Write all files: each to the side, then all renamed. False: a message is in render_error; no file was put in place, or the message says which. */
bool render_write(render_t *render);

/* The last message; says where and what. */
const char *render_error(const render_t *render);

/* True if the fault lies in a template (exit code 1), false if in the machine (exit code 3). */
bool render_is_input_fault(const render_t *render);

#endif
