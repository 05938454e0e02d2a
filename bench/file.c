/* SPDX-License-Identifier: BSD-2-Clause */
/* file.c - reading a guest from its file, for the programs of the benchmark. */
#include "host.h"

#include <stdio.h>

enum { FILE_MAX = 1 << 20 };

const uint8_t *bench_read(const char *path, uint32_t *size)
{
    static _Alignas(8) uint8_t bytes[FILE_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "bench: cannot read %s\n", path);
        return NULL;
    }
    *size = (uint32_t)fread(bytes, 1, FILE_MAX, file);
    (void)fclose(file);
    return bytes;
}
