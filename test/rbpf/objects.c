/* SPDX-License-Identifier: BSD-2-Clause */
/* objects.c - see objects.h. */
#include "objects.h"

#include <stdio.h>
#include <stdlib.h>

const char *object_folder;

static bool all_known(void *ctx, uint32_t number)
{
    (void)ctx;
    (void)number;
    return true;
}

static bool serve(void *ctx, uint32_t number, uint64_t *regs)
{
    (void)ctx;
    regs[0] = (uint64_t)number * 10u + regs[1];
    return true;
}

static void read_file(object_t *object, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fail_msg("%s is not there; build the tests first", path);
        return;
    }
    object->elf = malloc(1 << 20);
    assert_non_null(object->elf);
    object->elf_size = fread(object->elf, 1, 1 << 20, file);
    fclose(file);
    object->elf = realloc(object->elf, object->elf_size + 1);
    assert_non_null(object->elf);
}

void object_load(object_t *object, const char *name, const char *build)
{
    char path[512];
    *object = (object_t){0};
    snprintf(path, sizeof path, "%s/%s-%s.o", object_folder, name, build);
    read_file(object, path);
    const int result = rbpf_elf_to_image(object->elf, object->elf_size, &object->image, &object->image_size, object->message, sizeof object->message);
    assert_int_equal(result, object->image != NULL ? 0 : -1);
}

void object_start(object_t *object)
{
    uint32_t fault_at;
    assert_int_equal(rbpf_image_open(&object->parsed, object->image, (uint32_t)object->image_size), RBPF_OK);
    assert_int_equal(rbpf_verify(&object->parsed, all_known, NULL, &fault_at), RBPF_OK);
    object->data = malloc(object->parsed.data_size + 1);
    object->stack = malloc(OBJECT_STACK);
    assert_non_null(object->data);
    assert_non_null(object->stack);
    assert_int_equal(rbpf_init(&object->vm, &object->parsed, object->data, object->stack, OBJECT_STACK, serve, NULL), RBPF_OK);
}

void object_free(object_t *object)
{
    free(object->elf);
    free(object->image);
    free(object->data);
    free(object->stack);
}

uint64_t rbpf_get(const uint8_t *at, uint32_t size)
{
    uint64_t value = 0;
    for (uint32_t i = size; i != 0; i--) {
        value = value << 8 | at[i - 1];
    }
    return value;
}
