/* SPDX-License-Identifier: BSD-2-Clause */
/* test_both.c - the two loops of the engine on the same programs: results, registers, memory, budget and place of fault are the same.
 * The compact loop is compiled a second time under other names, so that one program holds both. test_both [ROUNDS [SEED]] */
#include "chaos.h"
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

/* rbpf_run of the compact build, by the build file. */
rbpf_result_t compact_run(rbpf_vm_t *vm, uint32_t index, uint64_t r1, uint64_t r2, uint32_t branches, uint64_t *r0);

static uint32_t rounds = 20000;

/* One of the two sides: its vm, and all it can write to. */
typedef struct side {
    rbpf_vm_t vm;
    uint8_t data[32];
    uint8_t stack[1024];
    uint8_t extra[64];
    uint64_t r0;
    rbpf_result_t result;
} side_t;

static bool known(void *ctx, uint32_t number)
{
    (void)ctx;
    (void)number;
    return true;
}

static bool serve(void *ctx, uint32_t number, uint64_t *regs)
{
    side_t *side = ctx;
    side->extra[63]++;
    regs[0] = number * regs[1] + regs[5];
    return number % 13 != 12;
}

static void prepare(side_t *side, const rbpf_image_t *image)
{
    memset(side, 0, sizeof *side);
    assert_int_equal(rbpf_init(&side->vm, image, side->data, side->stack, sizeof side->stack, serve, side), RBPF_OK);
    for (uint32_t i = 0; i < sizeof side->extra; i++) {
        side->extra[i] = (uint8_t)(i * 37);
    }
    assert_int_equal(rbpf_window(&side->vm, RBPF_REGION_EXTRA, side->extra, sizeof side->extra, 32), RBPF_OK);
}

static void compare(const side_t *a, const side_t *b, uint32_t round)
{
    if (a->result != b->result || a->r0 != b->r0 || memcmp(a->vm.regs, b->vm.regs, sizeof a->vm.regs) != 0 || a->vm.branches_left != b->vm.branches_left ||
        a->vm.fault_slot != b->vm.fault_slot || a->vm.fault_address != b->vm.fault_address || memcmp(a->data, b->data, sizeof a->data) != 0 ||
        memcmp(a->stack, b->stack, sizeof a->stack) != 0 || memcmp(a->extra, b->extra, sizeof a->extra) != 0) {
        fail_msg("program %u: results %d and %d, slots %u and %u, r0 0x%llx and 0x%llx", round, (int)a->result, (int)b->result, a->vm.fault_slot,
                 b->vm.fault_slot, (unsigned long long)a->r0, (unsigned long long)b->r0);
    }
}

static void test_same(void **state)
{
    (void)state;
    static side_t fast;
    static side_t small;
    uint32_t ran = 0;
    uint32_t ended = 0;
    for (uint32_t i = 0; i < rounds; i++) {
        uint64_t text[CHAOS_SLOTS_MAX];
        _Alignas(8) uint8_t bytes[1024];
        rbpf_image_t image;
        uint32_t fault_at;
        const asm_parts_t parts = {.text = text, .slot_count = chaos_program(text), .data = "0123456789abcdef0123456789abcde", .data_size = 32};
        assert_int_equal(rbpf_image_open(&image, bytes, asm_image(bytes, &parts)), RBPF_OK);
        if (rbpf_verify(&image, known, NULL, &fault_at) != RBPF_OK) {
            continue;
        }
        const uint64_t r1 = chaos_below(2) == 0 ? chaos_edge() : 0x50000000u + chaos_below(64);
        const uint64_t r2 = chaos_edge();
        prepare(&fast, &image);
        prepare(&small, &image);
        fast.result = rbpf_run(&fast.vm, 0, r1, r2, 1500, &fast.r0);
        small.result = compact_run(&small.vm, 0, r1, r2, 1500, &small.r0);
        compare(&fast, &small, i);
        ran++;
        ended += fast.result == RBPF_OK;
    }
    assert_true(ran > rounds / 4 && ended > rounds / 20);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_same)};
    rounds = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : rounds;
    chaos_seed = argc > 2 ? strtoull(argv[2], NULL, 0) : chaos_seed;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
