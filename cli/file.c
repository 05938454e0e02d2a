/* SPDX-License-Identifier: BSD-2-Clause */
/* cli/file.c - read whole files within a limit, write them so that readers see the old or the new one.
 * Knows POSIX and nothing of callgate. Never prints. */
#include "file.h"

#include "yaml/arena.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Errors that no change of the input would mend. */
static file_result_t file_blame(int error)
{
    if (error == ENOENT || error == ENOTDIR) {
        return FILE_MISSING;
    }
    const bool is_machine = error == ENOMEM || error == EIO || error == ENFILE || error == EMFILE || error == ENOSPC || error == EDQUOT;
    return is_machine ? FILE_FAILED : FILE_REFUSED;
}

static file_result_t file_failed(const char **why)
{
    *why = strerror(errno);
    return file_blame(errno);
}

/* Reads one byte more than allowed, so that a file that grows meanwhile is refused as any other large one. */
static file_result_t file_drain(int fd, size_t size_max, uint8_t **bytes, size_t *size, const char **why)
{
    size_t used = 0, room = 0;
    uint8_t *buffer = NULL;
    for (;;) {
        if (used == room) {
            room = room == 0 ? 16384 : room * 2;
            room = room < size_max + 1 ? room : size_max + 1;
            buffer = arena_grow(buffer, room + 1, 1);
        }
        const ssize_t n = read(fd, buffer + used, room - used);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            const file_result_t result = file_failed(why);
            free(buffer);
            return result;
        }
        used += (size_t)n;
        if (n == 0 || used > size_max) {
            break;
        }
    }
    if (used > size_max) {
        free(buffer);
        *why = "the file is too large";
        return FILE_REFUSED;
    }
    buffer[used] = 0;
    *bytes = buffer;
    *size = used;
    return FILE_OK;
}

file_result_t file_read(const char *path, size_t size_max, uint8_t **bytes, size_t *size, const char **why)
{
    *bytes = NULL;
    *size = 0;
    *why = "";
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return file_failed(why);
    }
    struct stat status;
    file_result_t result = FILE_OK;
    if (fstat(fd, &status) != 0) {
        result = file_failed(why);
    } else if (S_ISDIR(status.st_mode)) {
        *why = "it is a folder";
        result = FILE_REFUSED;
    } else if (S_ISREG(status.st_mode) && status.st_size > 0 && (uint64_t)status.st_size > size_max) {
        *why = "the file is too large";
        result = FILE_REFUSED;
    } else {
        result = file_drain(fd, size_max, bytes, size, why);
    }
    close(fd);
    return result;
}

static bool file_put(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t n = write(fd, bytes, size);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return false;
        }
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

/* mkstemp makes files that only their owner may read; what is put in place should be readable as any new file would be. */
static mode_t file_mode(void)
{
    const mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static char *file_join(const char *start, size_t start_size, const char *end)
{
    const size_t end_size = strlen(end);
    char *text = arena_grow(NULL, start_size + end_size + 1, 1);
    memcpy(text, start, start_size);
    memcpy(text + start_size, end, end_size + 1);
    return text;
}

/* What mkstemp opened: filled, closed, and put in place. errno says what went wrong. */
static bool file_finish(int fd, const char *side, const char *path, const uint8_t *bytes, size_t size)
{
    const bool is_written = file_put(fd, bytes, size) && fchmod(fd, file_mode()) == 0;
    const int error = errno;
    const bool is_closed = close(fd) == 0;
    errno = is_written ? errno : error;
    return is_written && is_closed && rename(side, path) == 0;
}

file_result_t file_write(const char *path, const void *bytes, size_t size, const char **why)
{
    static const char end[] = ".XXXXXX";
    struct stat status;
    if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
        *why = "there is something else than a file of that name"; /* a rename would put a file in the place of a device */
        return FILE_REFUSED;
    }
    char *side = file_join(path, strlen(path), end);
    const int fd = mkstemp(side);
    file_result_t result = FILE_OK;
    if (fd < 0) {
        result = file_failed(why);
    } else if (!file_finish(fd, side, path, bytes, size)) {
        result = file_failed(why);
        unlink(side);
    }
    free(side);
    return result;
}

static const char *file_last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Bytes of `path` before the last dot of its last part; a dot in front is part of the name. */
static size_t file_stem_size(const char *path)
{
    const char *part = file_last_part(path);
    const char *dot = strrchr(part, '.');
    return dot != NULL && dot != part ? (size_t)(dot - path) : strlen(path);
}

char *file_with_extension(const char *path, const char *end)
{
    return file_join(path, file_stem_size(path), end);
}

char *file_stem(const char *path)
{
    const char *part = file_last_part(path);
    const size_t before = (size_t)(part - path);
    const size_t size = file_stem_size(path) - before;
    return size > 0 ? file_join(part, size, "") : file_join("guest", 5, "");
}

char *file_beside(const char *beside, const char *name)
{
    if (name[0] == '/') {
        return file_join(name, strlen(name), "");
    }
    return file_join(beside, (size_t)(file_last_part(beside) - beside), name);
}
