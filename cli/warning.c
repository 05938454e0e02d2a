/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/warning.c - keep warnings while a file is read, print them when it was accepted. */
#include "warning.h"

#include <string.h>

void warning_add(warnings_t *warnings, arena_t *arena, yaml_pos_t at, const char *format, ...)
{
    warning_t *warning = arena_alloc(arena, sizeof *warning);
    va_list args;
    va_start(args, format);
    warning->text = arena_vprintf(arena, format, args);
    va_end(args);
    warning->at = at;
    if (warnings->last == NULL) {
        warnings->first = warning;
    } else {
        warnings->last->next = warning;
    }
    warnings->last = warning;
}

void warnings_print(const warnings_t *warnings, FILE *out)
{
    for (const warning_t *warning = warnings->first; warning != NULL; warning = warning->next) {
        const char *file = warning->at.source->file;
        diag_escape(out, file, strlen(file));
        fprintf(out, ":%u:%u: warning: ", (unsigned)yaml_pos_line(warning->at), (unsigned)yaml_pos_column(warning->at));
        diag_escape(out, warning->text, strlen(warning->text));
        fputc('\n', out);
    }
}
