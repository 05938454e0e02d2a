/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/file.h - whole files in and out.
 * Used by all subcommands of this room. Never leaves a half-written file in place. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stddef.h>
#include <stdint.h>

/* What was wrong: whose fault it is decides the exit code. */
typedef enum file_result {
    FILE_OK = 0,
    FILE_MISSING, /* there is no such file */
    FILE_REFUSED, /* it cannot be read or written, is no regular file, or is larger than allowed: the input is at fault */
    FILE_FAILED   /* no memory or disk: the machine is at fault */
} file_result_t;

/* Read a regular file (or a pipe) of at most `size_max` bytes; a NUL stands behind the last byte. On FILE_OK, *bytes is the caller's to free; else
 * it is NULL and `why` says what is wrong, without the file's name. */
file_result_t file_read(const char *path, size_t size_max, uint8_t **bytes, size_t *size, const char **why);

/* Write to a new file beside `path`, then rename it there; on failure nothing new is left and *why says what is wrong. */
file_result_t file_write(const char *path, const void *bytes, size_t size, const char **why);

/* A copy of `path` with what follows the last dot of its last part taken away, and `end` put behind. "a/b.wasm" + ".x" is "a/b.x".
 * malloc'd; exits with 3 if there is no memory. */
char *file_with_extension(const char *path, const char *end);

/* A copy of the last part of `path` without its extension; never empty. malloc'd; exits with 3 if there is no memory. */
char *file_stem(const char *path);

/* `name` as seen from the folder of `beside`: itself if it is absolute. malloc'd; exits with 3 if there is no memory. */
char *file_beside(const char *beside, const char *name);

#endif
