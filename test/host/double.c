/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/double.c - the functions of the gate that host functions call, and helpers of these tests. */
#include "double.h"

#include "cmocka_all.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

cg_host_t *cg_call_host(const cg_call_t *call)
{
    return call->host;
}

const char *cg_call_guest(const cg_call_t *call)
{
    return call->name;
}

uint64_t cg_call_deadline_ms(const cg_call_t *call)
{
    return call->deadline_ms;
}

bool cg_call_stopping(const cg_call_t *call)
{
    return atomic_load(&call->is_stopping);
}

int cg_call_access(const cg_call_t *call, uint32_t number)
{
    (void)call;
    return (int)(number % 3) - 1;
}

int cg_buffer_set(cg_buffer_t *to, const void *bytes, size_t size)
{
    if (size > to->capacity) {
        return CG_ERR_SPACE;
    }
    memcpy(to->bytes, bytes, size);
    to->count = (uint32_t)size;
    return 0;
}

int cg_text_set(cg_text_buffer_t *to, const char *text)
{
    const size_t size = strlen(text);
    if (size > to->capacity) {
        return CG_ERR_SPACE;
    }
    memcpy(to->text, text, size);
    to->count = (uint32_t)size;
    return 0;
}

void lines_take(void *context, const char *line, size_t size)
{
    lines_t *lines = context;
    assert_true(size > 0 && size < sizeof lines->text - lines->size);
    memcpy(lines->text + lines->size, line, size);
    lines->size += size;
    lines->text[lines->size] = '\0';
    lines->count++;
}

uint64_t clock_told(void *context)
{
    const uint64_t *now_ms = context;
    return *now_ms;
}

void folder_make(folder_t *folder)
{
    (void)snprintf(folder->path, sizeof folder->path, "/tmp/callgate-test-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
}

void folder_remove(const folder_t *folder)
{
    DIR *dir = opendir(folder->path);
    assert_non_null(dir);
    for (struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        if (entry->d_name[0] != '.') {
            (void)unlinkat(dirfd(dir), entry->d_name, 0);
            (void)unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
        }
    }
    (void)closedir(dir);
    assert_int_equal(rmdir(folder->path), 0);
}

const char *folder_path(const folder_t *folder, const char *name)
{
    static char paths[4][128];
    static unsigned next;
    char *path = paths[next++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder->path, name);
    return path;
}

void folder_write(const folder_t *folder, const char *name, const void *bytes, size_t size)
{
    const int fd = open(folder_path(folder, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), (ssize_t)size);
    assert_int_equal(close(fd), 0);
}
