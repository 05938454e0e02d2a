/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/saul_file.c - devices that are files: sysfs attributes, or plain files that some other program writes.
 * Read anew at every reading; whatever is wrong with a file is an I/O error for the guest. Opens regular files only, never waits for a
 * FIFO or a terminal. */
#include "inner.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Bytes read, at most `capacity`; negative if reading fails. */
static ssize_t read_some(int fd, char *text, size_t capacity)
{
    size_t size = 0;
    while (size < capacity) {
        const ssize_t n = read(fd, text + size, capacity - size);
        if (n == 0) {
            break;
        }
        if (n > 0) {
            size += (size_t)n;
        } else if (errno != EINTR) {
            return -1;
        }
    }
    return (ssize_t)size;
}

static ssize_t read_file(const char *path, char *text, size_t capacity)
{
    const int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return -1;
    }
    struct stat status;
    const ssize_t size = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) ? read_some(fd, text, capacity) : -1;
    (void)close(fd);
    return size;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* One number, with white space around it and nothing else. */
static bool parse(const char *text, size_t size, double *number)
{
    while (size > 0 && is_space(text[size - 1])) {
        size--;
    }
    while (size > 0 && is_space(text[0])) {
        text++;
        size--;
    }
    return size > 0 && host_number(text, size, number) == size;
}

static int file_read(cg_host_t *host, struct host_saul_device *dev, cg_saul_phydat_t *data)
{
    (void)host;
    double values[HOST_LINUX_DIMS_MAX];
    for (uint8_t i = 0; i < dev->dims; i++) {
        char text[HOST_LINUX_FILE_MAX + 1];
        const ssize_t size = read_file(dev->u.file.paths[i], text, sizeof text);
        double number;
        if (size < 0 || size > HOST_LINUX_FILE_MAX || !parse(text, (size_t)size, &number)) {
            return CG_SAUL_ERR_IO;
        }
        /* In this order a whole number in thousandths comes out exact. */
        values[i] = (number + dev->u.file.offset) * dev->u.file.multiply / dev->u.file.divide;
    }
    if (!host_phydat(data, values, dev->dims, dev->scale)) {
        return CG_SAUL_ERR_IO;
    }
    data->unit = dev->unit;
    return dev->dims;
}

static void file_free(struct host_saul_device *dev)
{
    for (uint8_t i = 0; i < HOST_LINUX_DIMS_MAX; i++) {
        free(dev->u.file.paths[i]);
    }
}

static const saul_driver_t file_driver = { file_read, NULL, file_free };

static int check(cg_host_t *host, const host_linux_device_t *device, const host_linux_file_t *file)
{
    for (uint8_t i = 0; i < file->dims; i++) {
        if (file->paths[i] == NULL || file->paths[i][0] == '\0') {
            return saul_refuse(host, "device '%s' needs the path of a file for each of its %u values", device->name, file->dims);
        }
    }
    if (!isfinite(file->offset) || !isfinite(file->multiply) || !isfinite(file->divide) || file->multiply == 0 || file->divide == 0) {
        return saul_refuse(host, "device '%s': the factor of a file must be a number and not 0", device->name);
    }
    return 0;
}

int host_linux_add_file(cg_host_t *host, const host_linux_device_t *device, const host_linux_file_t *file)
{
    int status;
    struct host_saul_device *dev = saul_device_new(host, device, file->dims, &file_driver, &status);
    if (dev == NULL) {
        return status;
    }
    status = check(host, device, file);
    for (uint8_t i = 0; i < file->dims && status == 0; i++) {
        dev->u.file.paths[i] = strdup(file->paths[i]);
        status = dev->u.file.paths[i] != NULL ? 0 : HOST_LINUX_NO_MEMORY;
    }
    if (status != 0) {
        saul_device_free(dev);
        return status;
    }
    dev->u.file.offset = file->offset;
    dev->u.file.multiply = file->multiply;
    dev->u.file.divide = file->divide;
    saul_device_add(host, dev);
    return 0;
}
