/* SPDX-License-Identifier: BSD-2-Clause */
/* bench_loop.c - run one loop of guest instructions so often, for callgrind: bench_loop {add|load|store} TURNS
 * bench_loop.sh runs it for N and 2N turns and divides. Uses the engine as an adapter would. Never measures time. */
#include <stdio.h>
#include <stdlib.h>

#include "asm.h"
#include "engine.h"

/* Each loop: one instruction more than the plain one, but for `add`, which is the plain one. r2 is the number of turns. */
static const uint64_t loop_add[] = {MOV(1, 0), I(0x07, 1, 0, 0, 1), I(0xad, 1, 2, -2, 0), EXIT};
static const uint64_t loop_load[] = {MOV(1, 0), I(0x79, 3, 10, -8, 0), I(0x07, 1, 0, 0, 1), I(0xad, 1, 2, -3, 0), EXIT};
static const uint64_t loop_store[] = {MOV(1, 0), I(0x7b, 10, 1, -8, 0), I(0x07, 1, 0, 0, 1), I(0xad, 1, 2, -3, 0), EXIT};

static bool no_call(void *ctx, uint32_t number, uint64_t *regs)
{
    (void)ctx;
    (void)number;
    (void)regs;
    return false;
}

static bool none_known(void *ctx, uint32_t number)
{
    (void)ctx;
    (void)number;
    return false;
}

static asm_parts_t pick(const char *name)
{
    asm_parts_t parts = {.text = loop_add, .slot_count = 4};
    if (strcmp(name, "load") == 0) {
        parts = (asm_parts_t){.text = loop_load, .slot_count = 5};
    } else if (strcmp(name, "store") == 0) {
        parts = (asm_parts_t){.text = loop_store, .slot_count = 5};
    }
    return parts;
}

int main(int argc, char **argv)
{
    static _Alignas(8) uint8_t bytes[256];
    static uint8_t stack[RBPF_FRAME_SIZE];
    static rbpf_vm_t vm;
    rbpf_image_t image;
    uint32_t fault_at;
    uint64_t r0;
    if (argc != 3) {
        fprintf(stderr, "use: bench_loop {add|load|store} TURNS\n");
        return 2;
    }
    const asm_parts_t parts = pick(argv[1]);
    const uint32_t turns = (uint32_t)strtoul(argv[2], NULL, 10);
    const uint32_t size = asm_image(bytes, &parts);
    if (rbpf_image_open(&image, bytes, size) != RBPF_OK || rbpf_verify(&image, none_known, NULL, &fault_at) != RBPF_OK ||
        rbpf_init(&vm, &image, NULL, stack, sizeof stack, no_call, NULL) != RBPF_OK ||
        rbpf_run(&vm, 0, 0, turns, turns, &r0) != RBPF_OK) {
        return 1;
    }
    return vm.regs[1] == turns ? 0 : 1;
}
