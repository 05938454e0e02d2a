/* SPDX-License-Identifier: BSD-2-Clause */
/* scarce_test.c - memory runs out at each allocation in turn while a guest is loaded, run and ended: adapter and engine must refuse, and leave nothing behind.
 * The linker leads malloc, calloc, realloc and mmap of adapter and engine here (--wrap). */
#include "rig.h"

#include <stdlib.h>
#include <sys/mman.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);

static uint32_t fail_at; /* 0: never */
static uint32_t taken;

static bool fails(void)
{
    taken += 1;
    return taken == fail_at;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
    return fails() ? MAP_FAILED : __real_mmap(at, size, protection, flags, fd, offset);
}

static void every_allocation_fails_once(void **state)
{
    (void)state;
    uint8_t bytes[MODULE_MAX];
    const module_t module = {.imports = "demo.add(ii)i demo.fill(ii)i", .pages_max = 4, BYTES_AS(table, "\1\x70\0\1"),
                             BYTES_AS(code, "\x41\x01\x40\x00\x1a\x41\x02\x41\x03\x10\x00\x0b")};
    const uint32_t size = module_write(bytes, &module);
    const uint32_t granted = DEMO_BIT(DEMO_ADD) | DEMO_BIT(DEMO_FILL);
    const cg_policy_t policy = demo_policy(&granted);
    uint32_t refused = 0;
    uint32_t k = 0;
    do {
        demo_guest_t demo = {0};
        int32_t result = 0;
        k += 1;
        taken = 0;
        fail_at = k;
        if (demo_open(&demo, &rig_vm, bytes, size, &policy) == CG_LOAD_OK) {
            assert_int_equal(demo_run(&demo, &result), CG_STOP_RETURNED); /* growing may fail, which the guest is told */
            assert_int_equal(result, 5);
        } else {
            refused += 1;
        }
        fail_at = 0;
        demo_close(&demo);
    } while (taken >= k);
    print_message("%u allocations failed in turn, %u of them refused the guest\n", k - 1, refused);
    assert_true(refused > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
