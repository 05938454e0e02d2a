/* SPDX-License-Identifier: BSD-2-Clause */
/* vm.c - make a guest ready, enter a function of it, stop it.
 * The instructions themselves run in run.c and memory.c. Never looks at an image beyond copying it. */
#include "inside.h"

/* An even floor at or above the end of the image, and never 0, so that a full stack of 64 KiB is not taken for an empty one. */
static uint32_t floor_for(uint32_t image_size, uint32_t top)
{
    const uint32_t even = image_size < 2u ? 2u : (image_size + 1u) & ~1u;
    return even < top ? even : top;
}

evm_result_t evm_init(evm_t *evm, uint8_t *memory, uint32_t size, const uint8_t *image, uint32_t image_size, evm_call_fn *call, void *ctx)
{
    if (size < 2 || size > EVM_MEMORY_MAX || image_size > size) {
        return EVM_ERR_LENGTH;
    }
    memset(evm, 0, sizeof *evm);
    atomic_init(&evm->stop, false);
    evm->memory = memory;
    evm->size = size;
    evm->stack_top = size & ~1u;
    evm->stack_floor = floor_for(image_size, evm->stack_top);
    evm->sp = evm->sfp = (uint16_t)evm->stack_top;
    evm->call = call;
    evm->ctx = ctx;
    if (image_size != 0) {
        memcpy(memory, image, image_size);
    }
    memset(memory + image_size, 0, size - image_size);
    return EVM_OK;
}

/* Bit 0 of the saved sfp, which is even, tells the return that nobody wants its value. */
evm_result_t evm_enter(evm_t *evm, uint16_t address, uint16_t back, bool drop)
{
    if (!evm_fits(evm, 2)) {
        return EVM_ERR_STACK;
    }
    const evm_result_t result = evm_go(evm, address);
    if (result == EVM_OK) {
        evm_push(evm, (uint16_t)(evm->sfp | (drop ? 1u : 0u)));
        evm_push(evm, back);
        evm->sfp = evm->sp;
    }
    return result;
}

static evm_result_t run_with(evm_t *evm, uint16_t address, const uint16_t *args, unsigned argc)
{
    if (argc > EVM_ARGS_MAX) {
        return EVM_ERR_ARGS;
    }
    if (!evm_fits(evm, argc)) {
        return EVM_ERR_STACK;
    }
    for (unsigned i = argc; i != 0; i--) {
        evm_push(evm, args[i - 1]);
    }
    const evm_result_t result = evm_enter(evm, address, EVM_END, false);
    return result == EVM_OK ? evm_loop(evm) : result;
}

evm_result_t evm_run(evm_t *evm, uint16_t address, const uint16_t *args, unsigned argc, uint32_t steps, uint16_t *result)
{
    const uint16_t sp = evm->sp;
    const uint16_t sfp = evm->sfp;
    evm->steps_left = steps;
    evm->ended = false;
    evm->ip = address;
    evm->fault = run_with(evm, address, args, argc);
    evm->fault_ip = evm->ip;
    evm->sp = sp;
    evm->sfp = sfp;
    if (evm->fault == EVM_OK) {
        *result = evm->result;
    }
    return evm->fault;
}

evm_result_t evm_start(evm_t *evm, uint32_t steps, uint16_t *result)
{
    evm->sp = evm->sfp = (uint16_t)evm->stack_top;
    return evm_run(evm, 0, NULL, 0, steps, result);
}

void evm_stop(evm_t *evm)
{
    atomic_store_explicit(&evm->stop, true, memory_order_relaxed);
}
