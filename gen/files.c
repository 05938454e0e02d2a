/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/files.c - the files of one run: kept in memory until all are good, then put in place together. Knows nothing of what is in them. */
#include "gen/files.h"

#include "gen/resource.h"
#include "yaml/arena.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_SIZE = 1024 };

/* Where files go, and where is said what went wrong. */
typedef struct placing {
    const char *out;
    char *error;
    size_t error_size;
} placing_t;

static __attribute__((format(printf, 2, 3))) bool fail(const placing_t *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(p->error, p->error_size, format, args);
    va_end(args);
    return false;
}

/* ---- in memory ---- */

bool files_has(const files_t *files, const char *path)
{
    for (uint32_t i = 0; i < files->count; i++) {
        if (strcmp(files->at[i].path, path) == 0) {
            return true;
        }
    }
    return false;
}

must_buffer_t *files_add(files_t *files, const char *path)
{
    if (files->count == files->room) {
        files->room = files->room == 0 ? 64 : files->room * 2;
        files->at = arena_grow(files->at, files->room, sizeof *files->at);
    }
    file_t *file = &files->at[files->count++];
    *file = (file_t){strdup(path), {0}, false};
    return &file->text;
}

void files_free(files_t *files)
{
    for (uint32_t i = 0; i < files->count; i++) {
        must_buffer_free(&files->at[i].text);
        free(files->at[i].path);
    }
    free(files->at);
}

/* ---- on disk ---- */

static bool folders_make(const placing_t *p, char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const bool is_made = mkdir(path, 0777) == 0 || errno == EEXIST;
        const int why = errno;
        if (!is_made) {
            (void)fail(p, "cannot make the folder '%s': %s", path, strerror(why));
        }
        *slash = '/';
        if (!is_made) {
            return false;
        }
    }
    return true;
}

static bool is_on_disk(const file_t *file, const char *path)
{
    size_t size = 0;
    char *bytes = resource_read(path, file->text.size, &size);
    const bool is_same = bytes != NULL && size == file->text.size && (size == 0 || memcmp(bytes, file->text.data, size) == 0);
    free(bytes);
    return is_same;
}

static bool write_side(const placing_t *p, file_t *file, char *path, char *side)
{
    const int n = snprintf(path, PATH_SIZE, "%s/%s", p->out, file->path);
    if (n < 0 || n >= PATH_SIZE - 8) {
        return fail(p, "the path of '%s' is too long", file->path);
    }
    (void)snprintf(side, PATH_SIZE + 8, "%s.new", path);
    file->is_there = is_on_disk(file, path);
    if (file->is_there) {
        return true;
    }
    if (!folders_make(p, side)) {
        return false;
    }
    FILE *out = fopen(side, "wb");
    if (out == NULL) {
        return fail(p, "cannot write '%s': %s", side, strerror(errno));
    }
    const bool is_written = fwrite(file->text.data == NULL ? "" : file->text.data, 1, file->text.size, out) == file->text.size;
    const bool is_closed = fclose(out) == 0;
    return (is_written && is_closed) || fail(p, "cannot write '%s': %s", side, strerror(errno));
}

bool files_write(files_t *files, const char *out, char *error, size_t error_size)
{
    const placing_t placing = {out, error, error_size};
    const placing_t *p = &placing;
    char path[PATH_SIZE];
    char side[PATH_SIZE + 8];
    bool is_good = true;
    uint32_t written = 0;
    for (; is_good && written < files->count; written++) {
        is_good = write_side(p, &files->at[written], path, side);
    }
    for (uint32_t i = 0; i < written; i++) {
        if (files->at[i].is_there) {
            continue;
        }
        (void)snprintf(path, sizeof path, "%s/%s", p->out, files->at[i].path);
        (void)snprintf(side, sizeof side, "%s/%s.new", p->out, files->at[i].path);
        if (!is_good) {
            (void)unlink(side);
        } else if (rename(side, path) != 0) {
            is_good = fail(p, "cannot put '%s' in place: %s", path, strerror(errno));
            (void)unlink(side);
        }
    }
    return is_good;
}
