/* SPDX-License-Identifier: BSD-2-Clause */
/* rig.c - see rig.h. Serves host calls by counting them; call n returns n * 10 + r1. */
#include "rig.h"

#include <stdlib.h>

static bool known(void *ctx, uint32_t number)
{
    (void)ctx;
    return number < 100;
}

static bool serve(void *ctx, uint32_t number, uint64_t *regs)
{
    rig_t *rig = ctx;
    rig->calls++;
    rig->last_number = number;
    memcpy(rig->last_args, &regs[1], sizeof rig->last_args);
    if (rig->called != NULL) {
        sem_post(rig->called);
    }
    if (rig->calls == rig->stop_at) {
        rbpf_stop(&rig->vm);
    }
    if (rig->refuse != 0 && number == rig->refuse) {
        return false;
    }
    regs[0] = (uint64_t)number * 10u + regs[1];
    return true;
}

/* A block of exactly `size` bytes, never NULL. */
static uint8_t *block(uint32_t size)
{
    uint8_t *bytes = malloc(size == 0 ? 1 : size);
    assert_non_null(bytes);
    memset(bytes, 0xa5, size == 0 ? 1 : size);
    return bytes;
}

rbpf_result_t rig_open(rig_t *rig)
{
    uint8_t *draft = block(RIG_BYTES_MAX);
    const uint32_t size = asm_image(draft, &rig->parts);
    assert_true(size <= RIG_BYTES_MAX);
    rig->bytes = block(size);
    memcpy(rig->bytes, draft, size);
    free(draft);
    rig->stack_size = rig->stack_size == 0 ? (uint32_t)RBPF_FRAME_SIZE : rig->stack_size;
    rig->stack = block(rig->stack_size);
    rig->data = block(rig->parts.data_size);
    rbpf_result_t result = rbpf_image_open(&rig->image, rig->bytes, size);
    if (result == RBPF_OK) {
        result = rbpf_verify(&rig->image, known, rig, &rig->fault_at);
    }
    if (result == RBPF_OK) {
        result = rbpf_init(&rig->vm, &rig->image, rig->data, rig->stack, rig->stack_size, serve, rig);
    }
    return result;
}

rbpf_result_t rig_run(rig_t *rig, uint32_t index, uint32_t branches)
{
    rig->r0 = 0;
    return rbpf_run(&rig->vm, index, RBPF_ADDRESS(RBPF_REGION_CONTEXT), 0, branches, &rig->r0);
}

void rig_close(rig_t *rig)
{
    free(rig->bytes);
    free(rig->data);
    free(rig->stack);
    rig->bytes = rig->data = rig->stack = NULL;
}

rbpf_result_t rig_program(const uint64_t *text, uint32_t slot_count, uint64_t *r0)
{
    rig_t rig = {.parts = {.text = text, .slot_count = slot_count}};
    rbpf_result_t result = rig_open(&rig);
    if (result == RBPF_OK) {
        result = rig_run(&rig, 0, RIG_BRANCHES);
    }
    *r0 = rig.r0;
    rig_close(&rig);
    return result;
}
