/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/store_file.c - a guest's values on disk: one file each, "guest-<name in hex>", replaced as a whole.
 *
 *   "CGSTORE1", entries as in memory, CRC-32 (low byte first) over the guest's name, magic and entries
 *
 * The new file is written under another name, made durable, renamed, and the folder made durable. Links are not followed, and a name in hex leads
 * nowhere else. What is damaged, cut off, or was another guest's is refused and left as it is. Called by store.c only. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char magic[8] = { 'C', 'G', 'S', 'T', 'O', 'R', 'E', '1' };

enum {
    CRC_SIZE = 4,
    FRAME_SIZE = sizeof magic + CRC_SIZE,
    NAME_SIZE = 6 + 2 * STORE_GUEST_MAX + 4 + 1 /* "guest-", hex, ".new", NUL */
};

static uint32_t crc32(uint32_t crc, const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= at[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (0xedb88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

static bool file_name(const char *guest, const char *ending, char *name)
{
    const size_t size = strlen(guest);
    if (size > STORE_GUEST_MAX) {
        return false;
    }
    int used = snprintf(name, NAME_SIZE, "guest-");
    for (size_t i = 0; i < size; i++) {
        used += snprintf(name + used, NAME_SIZE - (size_t)used, "%02x", (unsigned)(unsigned char)guest[i]);
    }
    (void)snprintf(name + used, NAME_SIZE - (size_t)used, "%s", ending);
    return true;
}

static uint32_t seal(const char *guest, const uint8_t *frame, size_t size)
{
    return crc32(crc32(0, guest, strlen(guest)), frame, size - CRC_SIZE);
}

static bool is_whole(const char *guest, const uint8_t *frame, size_t size)
{
    if (size < FRAME_SIZE || memcmp(frame, magic, sizeof magic) != 0) {
        return false;
    }
    const uint8_t *end = frame + size - CRC_SIZE;
    return seal(guest, frame, size) == (end[0] | (uint32_t)end[1] << 8 | (uint32_t)end[2] << 16 | (uint32_t)end[3] << 24);
}

/* ---- reading ---- */

static bool read_all(int fd, uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t n = read(fd, bytes, size);
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

static int read_frame(int fd, const char *guest, store_image_t *image)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_size < FRAME_SIZE ||
        status.st_size > (off_t)CG_STORE_BYTES_MAX + FRAME_SIZE) {
        return CG_STORE_ERR_IO;
    }
    const size_t size = (size_t)status.st_size;
    uint8_t *frame = malloc(size);
    if (frame == NULL) {
        return CG_ERR_QUOTA;
    }
    if (!read_all(fd, frame, size) || !is_whole(guest, frame, size)) {
        free(frame);
        return CG_STORE_ERR_IO;
    }
    memmove(frame, frame + sizeof magic, size - FRAME_SIZE);
    store_image_t found = { .bytes = frame, .size = (uint32_t)(size - FRAME_SIZE) };
    if (!store_image_check(&found)) {
        free(frame);
        return CG_STORE_ERR_IO;
    }
    *image = found;
    return 0;
}

int store_file_read(int folder, const char *guest, store_image_t *image)
{
    char name[NAME_SIZE];
    if (!file_name(guest, "", name)) {
        return CG_STORE_ERR_IO;
    }
    const int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        return errno == ENOENT ? 0 : CG_STORE_ERR_IO;
    }
    const int error = read_frame(fd, guest, image);
    (void)close(fd);
    return error;
}

/* ---- writing ---- */

static bool write_all(int fd, const uint8_t *bytes, size_t size)
{
    while (size > 0) {
        const ssize_t n = write(fd, bytes, size);
        if (n > 0) {
            bytes += n;
            size -= (size_t)n;
        } else if (n == 0 || errno != EINTR) {
            return false;
        }
    }
    return true;
}

static uint8_t *make_frame(const char *guest, const store_image_t *image, size_t *size)
{
    *size = image->size + FRAME_SIZE;
    uint8_t *frame = malloc(*size);
    if (frame == NULL) {
        return NULL;
    }
    memcpy(frame, magic, sizeof magic);
    if (image->size != 0) {
        memcpy(frame + sizeof magic, image->bytes, image->size);
    }
    const uint32_t crc = seal(guest, frame, *size);
    for (size_t i = 0; i < CRC_SIZE; i++) {
        frame[*size - CRC_SIZE + i] = (uint8_t)(crc >> 8 * i);
    }
    return frame;
}

/* A file of the other name, there and durable; one that a loss of power left behind goes. */
static bool write_new(int folder, const char *name, const uint8_t *frame, size_t size)
{
    (void)unlinkat(folder, name, 0);
    const int fd = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        return false;
    }
    const bool is_written = write_all(fd, frame, size) && fsync(fd) == 0;
    return close(fd) == 0 && is_written;
}

int store_file_write(int folder, const char *guest, const store_image_t *image, bool *is_placed)
{
    char name[NAME_SIZE], new_name[NAME_SIZE];
    size_t size;
    *is_placed = false;
    if (!file_name(guest, "", name) || !file_name(guest, ".new", new_name)) {
        return CG_STORE_ERR_IO;
    }
    uint8_t *frame = make_frame(guest, image, &size);
    if (frame == NULL) {
        return CG_ERR_QUOTA;
    }
    *is_placed = write_new(folder, new_name, frame, size) && renameat(folder, new_name, folder, name) == 0;
    free(frame);
    if (!*is_placed) {
        (void)unlinkat(folder, new_name, 0);
        return CG_STORE_ERR_IO;
    }
    return fsync(folder) == 0 ? 0 : CG_STORE_ERR_IO;
}
