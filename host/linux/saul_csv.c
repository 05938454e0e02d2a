/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/saul_csv.c - rows of numbers from a file, for saul_sim.c.
 * Reads the whole file once, within limits, and says the row of what it cannot read. Never a part of a file: all rows or none. */
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct reader {
    cg_host_t *host;
    const char *path;
    uint8_t dims;
    uint32_t line; /* 1 is the first */
    double *rows;
    uint32_t row_count;
} reader_t;

/* The file's bytes, to be freed, or NULL with *status. */
static char *read_descriptor(cg_host_t *host, const char *path, int fd, size_t *size, int *status)
{
    struct stat info;
    *status = HOST_LINUX_REFUSED;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        (void)saul_refuse(host, "%s: not a regular file", path);
        return NULL;
    }
    char *bytes = malloc(HOST_LINUX_CSV_BYTES_MAX + 1);
    if (bytes == NULL) {
        *status = HOST_LINUX_NO_MEMORY;
        return NULL;
    }
    *size = 0;
    while (*size <= HOST_LINUX_CSV_BYTES_MAX) {
        const ssize_t n = read(fd, bytes + *size, HOST_LINUX_CSV_BYTES_MAX + 1 - *size);
        if (n == 0) {
            return bytes;
        }
        if (n > 0) {
            *size += (size_t)n;
        } else if (errno != EINTR) {
            (void)saul_refuse(host, "%s: %s", path, strerror(errno));
            break;
        }
    }
    if (*size > HOST_LINUX_CSV_BYTES_MAX) {
        (void)saul_refuse(host, "%s: longer than %d bytes", path, HOST_LINUX_CSV_BYTES_MAX);
    }
    free(bytes);
    return NULL;
}

static char *read_file(cg_host_t *host, const char *path, size_t *size, int *status)
{
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        *status = saul_refuse(host, "%s: %s", path, strerror(errno));
        return NULL;
    }
    char *bytes = read_descriptor(host, path, fd, size, status);
    (void)close(fd);
    return bytes;
}

static size_t skip_blanks(const char *text, size_t size, size_t at)
{
    while (at < size && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) {
        at++;
    }
    return at;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '"' || c == '_';
}

/* One row of exactly `dims` numbers. */
static int read_row(reader_t *r, const char *text, size_t size)
{
    double *row = r->rows + (size_t)r->row_count * r->dims;
    size_t at = 0;
    for (uint8_t i = 0; i < r->dims; i++) {
        at = skip_blanks(text, size, at);
        const size_t n = host_number(text + at, size - at, &row[i]);
        if (n == 0) {
            return saul_refuse(r->host, "%s:%u: value %u is not a decimal number", r->path, r->line, i + 1u);
        }
        at = skip_blanks(text, size, at + n);
        const bool is_last = i + 1 == r->dims;
        if (!is_last && (at == size || text[at] != ',')) {
            return saul_refuse(r->host, "%s:%u: a row has %u values with commas between, this one ends after %u", r->path, r->line, r->dims, i + 1u);
        }
        at += !is_last;
    }
    if (at != size) {
        return saul_refuse(r->host, "%s:%u: a row has %u values, and something follows the last", r->path, r->line, r->dims);
    }
    r->row_count++;
    return 0;
}

static int read_line(reader_t *r, const char *text, size_t size)
{
    r->line++;
    const size_t start = skip_blanks(text, size, 0);
    if (start == size || text[start] == '#' || (r->line == 1 && is_letter(text[start]))) {
        return 0;
    }
    if (r->row_count == HOST_LINUX_CSV_ROWS_MAX) {
        return saul_refuse(r->host, "%s:%u: more than %d rows", r->path, r->line, HOST_LINUX_CSV_ROWS_MAX);
    }
    return read_row(r, text, size);
}

static int read_lines(reader_t *r, const char *bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        const char *end = memchr(bytes + at, '\n', size - at);
        const size_t length = end != NULL ? (size_t)(end - (bytes + at)) : size - at;
        const int status = read_line(r, bytes + at, length);
        if (status != 0) {
            return status;
        }
        at += length + (end != NULL);
    }
    return r->row_count != 0 ? 0 : saul_refuse(r->host, "%s: no rows", r->path);
}

int saul_csv_load(cg_host_t *host, const char *path, uint8_t dims, double **rows, uint32_t *row_count)
{
    size_t size;
    int status;
    char *bytes = read_file(host, path, &size, &status);
    if (bytes == NULL) {
        return status;
    }
    size_t lines = 1;
    for (size_t i = 0; i < size; i++) {
        lines += bytes[i] == '\n';
    }
    const size_t capacity = lines < HOST_LINUX_CSV_ROWS_MAX ? lines : HOST_LINUX_CSV_ROWS_MAX;
    reader_t r = { .host = host, .path = path, .dims = dims, .rows = calloc(capacity * dims, sizeof(double)) };
    status = r.rows != NULL ? read_lines(&r, bytes, size) : HOST_LINUX_NO_MEMORY;
    free(bytes);
    if (status != 0) {
        free(r.rows);
        return status;
    }
    *rows = r.rows;
    *row_count = r.row_count;
    return 0;
}
