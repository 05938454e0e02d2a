/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/store.h - what store.c and store_file.c share: one guest's values as one row of bytes, in memory as in its file.
 * Nobody else includes it, unit tests excepted. */
#ifndef CALLGATE_HOST_LINUX_STORE_H
#define CALLGATE_HOST_LINUX_STORE_H

#include "inner.h"

#include "host_store.h"

enum {
    STORE_KEY_MAX = 63,         /* bytes; api/store.yaml */
    STORE_VALUE_MAX = 1024,     /* bytes; api/store.yaml */
    STORE_ENTRY_HEAD = 3,       /* bytes: size of the key, size of the value (low byte first); then the key, then the value */
    STORE_GUEST_MAX = 100       /* bytes of a guest's name: in hex they have to fit the name of a file */
};

/* Entries one behind the other, keys ascending by their bytes, none twice; at most CG_STORE_KEYS_MAX entries and CG_STORE_BYTES_MAX bytes. */
typedef struct store_image {
    uint8_t *bytes;             /* from malloc; NULL where size is 0 */
    uint32_t size;
    uint16_t count;
} store_image_t;

/* Is this what the comment above says? Sets the count. */
bool store_image_check(store_image_t *image);

/* Read the file of a guest; none is an empty image. 0, CG_STORE_ERR_IO, CG_ERR_QUOTA (no memory). */
int store_file_read(int folder, const char *guest, store_image_t *image);
/* Put an image in the place of a guest's file: after a loss of power there is the old one or the new one. 0, CG_STORE_ERR_IO, CG_ERR_QUOTA.
 * *is_placed: the new one can be seen, though it failed to be made durable. */
int store_file_write(int folder, const char *guest, const store_image_t *image, bool *is_placed);

#endif
