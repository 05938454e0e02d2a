/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/warning.h - what is allowed in a file but looks like a mistake. Errors are yaml/diag.h's. Never stops anything. */
#ifndef CLI_WARNING_H
#define CLI_WARNING_H

#include "yaml/diag.h"

#include <stdio.h>

typedef struct warning {
    struct warning *next;
    yaml_pos_t at;
    const char *text;
} warning_t;

/* Warnings in the order in which they were found. Zeroed is empty. */
typedef struct warnings {
    warning_t *first, *last;
} warnings_t;

/* Add one; it lives in `arena`. The text is one sentence without a full stop. */
void warning_add(warnings_t *warnings, arena_t *arena, yaml_pos_t at, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* "file:line:column: warning: text", one line each. */
void warnings_print(const warnings_t *warnings, FILE *out);

#endif
