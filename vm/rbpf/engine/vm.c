/* SPDX-License-Identifier: BSD-2-Clause */
/* vm.c - make a guest ready, start it, stop it.
 * The instructions themselves run in run_fast.c or run_compact.c. Never looks into an image beyond its table of functions. */
#include "inside.h"

/* A window keeps its host pointer without const: rights are its sizes, and writable is 0 for what may not change. */
static uint8_t *unconst(const uint8_t *bytes)
{
    return (uint8_t *)(uintptr_t)bytes;
}

static void set_window(rbpf_vm_t *vm, uint32_t region, uint8_t *bytes, uint32_t readable, uint32_t writable)
{
    cg_window_t *window = &vm->windows[region];
    window->bytes = readable == 0 ? &vm->none : bytes;
    window->readable = readable;
    window->writable = writable;
}

rbpf_result_t rbpf_init(rbpf_vm_t *vm, const rbpf_image_t *image, uint8_t *data, uint8_t *stack, uint32_t stack_size,
                        rbpf_call_fn call, void *ctx)
{
    if (!image->verified) {
        return RBPF_ERR_UNVERIFIED;
    }
    if (stack_size == 0 || stack_size > RBPF_REGION_SIZE_MAX) {
        return RBPF_ERR_LENGTH;
    }
    memset(vm, 0, sizeof *vm);
    vm->image = image;
    vm->call = call;
    vm->ctx = ctx;
    for (uint32_t region = 0; region < RBPF_REGION_COUNT; region++) {
        set_window(vm, region, NULL, 0, 0);
    }
    /* Cleared, so that a guest never reads what the host kept there before. */
    memset(stack, 0, stack_size);
    set_window(vm, RBPF_REGION_STACK, stack, stack_size, stack_size);
    if (image->data_size != 0) {
        memcpy(data, image->data, image->data_size);
        set_window(vm, RBPF_REGION_DATA, data, image->data_size, image->data_size);
    }
    set_window(vm, RBPF_REGION_RODATA, unconst(image->rodata), image->rodata_size, 0);
    return RBPF_OK;
}

rbpf_result_t rbpf_window(rbpf_vm_t *vm, uint32_t region, uint8_t *bytes, uint32_t readable, uint32_t writable)
{
    if (region < RBPF_REGION_CONTEXT || region >= RBPF_REGION_COUNT || readable > RBPF_REGION_SIZE_MAX || writable > readable ||
        (bytes == NULL && readable != 0)) {
        return RBPF_ERR_MEMORY;
    }
    set_window(vm, region, bytes, readable, writable);
    return RBPF_OK;
}

/* Frames lie one above the other from the start of the stack, so a pointer into a caller's frame stays good. */
bool rbpf_enter(rbpf_vm_t *vm, uint32_t back_to)
{
    const uint32_t top = (uint32_t)vm->regs[10] & RBPF_OFFSET_MASK;
    if (vm->depth == RBPF_FRAMES_MAX - 1u || vm->windows[RBPF_REGION_STACK].readable - top < RBPF_FRAME_SIZE) {
        return false;
    }
    rbpf_frame_t *frame = &vm->frames[vm->depth++];
    memcpy(frame->saved, &vm->regs[6], sizeof frame->saved);
    frame->slot = back_to;
    vm->regs[10] += RBPF_FRAME_SIZE;
    return true;
}

uint32_t rbpf_leave(rbpf_vm_t *vm)
{
    const rbpf_frame_t *frame = &vm->frames[--vm->depth];
    memcpy(&vm->regs[6], frame->saved, sizeof frame->saved);
    vm->regs[10] -= RBPF_FRAME_SIZE;
    return frame->slot;
}

rbpf_result_t rbpf_run(rbpf_vm_t *vm, uint32_t index, uint64_t r1, uint64_t r2, uint32_t branches, uint64_t *r0)
{
    const uint64_t args[5] = {r1, r2};
    return rbpf_run_with(vm, index, args, branches, r0);
}

rbpf_result_t rbpf_run_with(rbpf_vm_t *vm, uint32_t index, const uint64_t args[5], uint32_t branches, uint64_t *r0)
{
    const uint32_t stack_size = vm->windows[RBPF_REGION_STACK].readable;
    uint32_t slot;
    rbpf_result_t result = rbpf_image_function(vm->image, index, &slot, NULL);
    vm->branches_left = branches;
    vm->depth = 0;
    if (result != RBPF_OK) {
        return result;
    }
    if (atomic_load_explicit(&vm->stop, memory_order_relaxed) != 0) {
        return RBPF_ERR_STOPPED;
    }
    memset(vm->regs, 0, sizeof vm->regs);
    memcpy(&vm->regs[1], args, 5 * sizeof args[0]);
    vm->regs[10] = RBPF_ADDRESS(RBPF_REGION_STACK) + (stack_size < RBPF_FRAME_SIZE ? stack_size : RBPF_FRAME_SIZE);
    result = rbpf_go(vm, slot);
    if (result == RBPF_OK) {
        *r0 = vm->regs[0];
    }
    return result;
}

void rbpf_stop(rbpf_vm_t *vm)
{
    atomic_store_explicit(&vm->stop, 1, memory_order_relaxed);
}
