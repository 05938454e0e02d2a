/* SPDX-License-Identifier: BSD-2-Clause */
/* file.c - reading a guest and judging its run, for the programs of the benchmark. An ELF object becomes an rBPF image here. */
#include "host.h"

#include "pack.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 1 << 20 };

/* The image of the object `bytes`, which is freed. */
static uint8_t *packed(uint8_t *bytes, uint32_t *size)
{
    char message[200];
    uint8_t *image;
    size_t image_size;
    if (rbpf_elf_to_image(bytes, *size, &image, &image_size, message, sizeof message) != 0) {
        fprintf(stderr, "bench: %s\n", message);
    }
    free(bytes);
    *size = image == NULL ? 0 : (uint32_t)image_size;
    return image;
}

uint8_t *bench_read(const char *path, uint32_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(FILE_MAX);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "bench: cannot read %s\n", path);
        if (file != NULL) {
            (void)fclose(file);
        }
        free(bytes);
        return NULL;
    }
    *size = (uint32_t)fread(bytes, 1, FILE_MAX, file);
    (void)fclose(file);
    return rbpf_is_elf(bytes, *size) ? packed(bytes, size) : bytes;
}

int bench_verdict(const char *path, int stopped, int32_t result, const char *message)
{
    if (stopped != 0 || result != 0) {
        fprintf(stderr, "bench: %s: stopped %d, result %d: %s\n", path, stopped, (int)result, message);
        return 1;
    }
    if (bench_count != 0 && bench_count != bench_rounds + 1) {
        fprintf(stderr, "bench: %s: the host function was entered %u times\n", path, (unsigned)bench_count);
        return 1;
    }
    return 0;
}
