/* SPDX-License-Identifier: BSD-2-Clause */
/* test/model/support.h - files, models and golden texts for the tests beside it.
 * Everything that is returned as char * is to be freed. Runs in test/model. */
#ifndef TEST_MODEL_SUPPORT_H
#define TEST_MODEL_SUPPORT_H

#include "gen/model.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

/* A whole file, NUL-ended; NULL if there is none. */
char *file_read(const char *path, size_t *size);

/* A model with what it lives in. */
typedef struct reading {
    arena_t arena;
    diag_t diag;
    model_api_t *api; /* NULL if it was refused */
} reading_t;

void reading_make(reading_t *reading, const char *name, const char *bytes, size_t size);
void reading_end(reading_t *reading);

/* The dump of a model; NULL, with the messages printed, if it was refused. */
char *dump_text(const char *name, const char *bytes, size_t size);
char *dump_file(const char *path);

/* A YAML file written as JSON, numbers in decimal. */
char *json_text(const char *path);

/* `got` is what the file `path` holds. With CALLGATE_GOLDEN=rewrite in the environment the file is written instead. */
void golden_check(const char *path, const char *got);

#endif
