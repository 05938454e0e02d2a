/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/files.h - the files of one run, by their paths below the output folder. Made by render.c. */
#ifndef GEN_FILES_H
#define GEN_FILES_H

#include "gen/mustache.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct file {
    char *path;
    must_buffer_t text;
    bool is_there; /* with these bytes already: it is left alone, so that builds do not see a change */
} file_t;

/* Begins as zeros. */
typedef struct files {
    file_t *at;
    uint32_t count, room;
} files_t;

bool files_has(const files_t *files, const char *path);

/* A new, empty file; its text is valid until the next one is added. */
must_buffer_t *files_add(files_t *files, const char *path);

/* Write all files below `out`: each to the side, then all renamed. False: `error` says where and why; no file was put in place, or it says which. */
bool files_write(files_t *files, const char *out, char *error, size_t error_size);

void files_free(files_t *files);

#endif
