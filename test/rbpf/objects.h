/* SPDX-License-Identifier: BSD-2-Clause */
/* objects.h - compiled objects for the tests: read from the folder of the build, packed, and made ready to run. */
#ifndef TEST_RBPF_OBJECTS_H
#define TEST_RBPF_OBJECTS_H

#include "pack.h"
#include "rig.h"

enum { OBJECT_STACK = 8 * RBPF_FRAME_SIZE };

typedef struct object {
    uint8_t *elf;
    size_t elf_size;
    uint8_t *image; /* NULL: refused, see message */
    size_t image_size;
    char message[512];
    rbpf_image_t parsed;
    rbpf_vm_t vm;
    uint8_t *data;
    uint8_t *stack;
} object_t;

/* Where the objects lie. Set once by main. */
extern const char *object_folder;

/* Read and pack FOLDER/<name>-<build>.o; the test fails if there is no such file. */
void object_load(object_t *object, const char *name, const char *build);

/* Open, verify and start the image; the test fails if that fails. Host call n gives n * 10 + r1. */
void object_start(object_t *object);

void object_free(object_t *object);

/* The little-endian number of `size` bytes at `at`. */
uint64_t rbpf_get(const uint8_t *at, uint32_t size);

#endif
