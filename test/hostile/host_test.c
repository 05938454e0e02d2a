/* SPDX-License-Identifier: BSD-2-Clause */
/* test/hostile/host_test.c - what becomes of guest and host where host functions break their contract.
 * A guest without an engine: its image is its memory, calls go through rows. Every object has at most one release, none that the host has back. */
#include "host.h"

#include "callgate/body.h"
#include "callgate/guest.h"
#include "set.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#define C(name) CG_CALL_HOSTILE_##name

enum { MEMORY_SIZE = 1024, SLOTS = 8, PREFILL = 0xa5, AT = 64, AT_COUNT = 128 };

extern const cg_row_t cg_rows_le32[];

static bool vm_probe(const uint8_t *image, uint32_t size)
{
    return image != NULL && size > 0;
}

static uint32_t vm_storage(const struct cg_guest_config *config, const struct cg_policy *policy)
{
    (void)config;
    (void)policy;
    return sizeof(cg_window_t);
}

static uint8_t memory[MEMORY_SIZE];

static int vm_load(cg_guest_t *guest, const struct cg_guest_config *config, const struct cg_policy *policy, void *storage, uint32_t size)
{
    (void)policy;
    (void)config;
    cg_window_t *window = storage;
    if (size < sizeof *window) {
        return CG_LOAD_MEMORY;
    }
    *window = (cg_window_t){memory, MEMORY_SIZE, MEMORY_SIZE};
    guest->windows = window;
    guest->offset_mask = UINT32_MAX;
    return CG_LOAD_OK;
}

static int vm_run(cg_guest_t *guest, int32_t *result)
{
    (void)guest;
    *result = 0;
    return CG_STOP_RETURNED;
}

static void vm_destroy(cg_guest_t *guest)
{
    (void)guest;
}

static uint32_t vm_memory(const cg_guest_t *guest)
{
    return guest->config->image_size;
}

static const cg_vm_ops_t ops = {.version = CG_VM_OPS_VERSION, .name = "fake", .probe = vm_probe, .storage = vm_storage, .load = vm_load, .run = vm_run, .destroy = vm_destroy, .memory = vm_memory};
static const cg_vm_t vm = {.ops = &ops, .set = &cg_set};

/* ---- the guest ---- */

typedef struct rig {
    cg_guest_t guest;
    cg_guest_config_t config;
    cg_policy_t policy;
    cg_type_grant_t types[CG_TYPE_COUNT];
    uint64_t storage[64];
} rig_t;

static const uint32_t granted[CG_CALL_COUNT / 32 + 1] = {UINT32_MAX};

static void rig_open(rig_t *rig, sin_t sin)
{
    int32_t result;
    memset(rig, 0, sizeof *rig);
    memset(&book, 0, sizeof book);
    memset(memory, PREFILL, sizeof memory);
    book.sin = sin;
    for (uint32_t i = 0; i < CG_TYPE_COUNT; i++) {
        rig->types[i] = (cg_type_grant_t){SLOTS, CG_RIGHTS_ALL};
    }
    rig->policy = (cg_policy_t){.guest = "test", .granted = granted, .types = rig->types, .calls = 1000, .bytes = 65536, .slots = SLOTS, .violation = CG_VIOLATION_ERROR};
    rig->config = (cg_guest_config_t){.vm = &vm, .image = memory, .image_size = MEMORY_SIZE};
    assert_int_equal(cg_guest_init(&rig->guest, &rig->config, &rig->policy, rig->storage, sizeof rig->storage), 0);
    assert_int_equal(cg_guest_run(&rig->guest, &result), CG_STOP_RETURNED);
}

static bool book_is_sound(void)
{
    for (uint32_t i = 0; i < TOKENS; i++) {
        if (book.tokens[i].released + book.tokens[i].is_kept > 1) {
            return false;
        }
    }
    return true;
}

/* After the end everything that was made is back exactly once. */
static void rig_close(rig_t *rig)
{
    cg_guest_end(&rig->guest);
    assert_true(book_is_sound());
    for (uint32_t i = 0; i < book.made; i++) {
        assert_int_equal(book.tokens[i].released + book.tokens[i].is_kept, 1);
    }
}

static int64_t call(rig_t *rig, uint32_t index, uint64_t one, uint64_t two, uint64_t three)
{
    const uint64_t slots[CG_ROW_SLOTS_MAX] = {one, two, three, AT_COUNT};
    return (int64_t)cg_row_call(&rig->guest, &cg_rows_le32[index], index, slots, CG_ROW_SLOTS_MAX, true);
}

static bool memory_is_unchanged(void)
{
    for (uint32_t i = 0; i < MEMORY_SIZE; i++) {
        if (memory[i] != PREFILL) {
            return false;
        }
    }
    return true;
}

static uint32_t live(const rig_t *rig)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SLOTS; i++) {
        count += rig->guest.slots[i].type != 0;
    }
    return count;
}

/* ---- objects ---- */

/* The host has the token from the moment it said yes, whatever fails afterwards. */
static void what_was_taken_is_gone(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        sin_t sin;
        uint32_t places; /* lent before: the guest may hold one */
        int expected;
    } rows[] = {
        {"no place is lent", SIN_NULL, 0, CG_ERR_HOST},
        {"the guest has all the places it may have", SIN_NONE, 1, CG_ERR_QUOTA},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_t rig;
        rig_open(&rig, rows[i].sin);
        rig.types[CG_TYPE_HOSTILE_PLACE].max = 1;
        const uint64_t token = (uint64_t)call(&rig, C(MAKE), 0, 0, 0);
        if (rows[i].places > 0) {
            assert_true(call(&rig, C(FIND), 1, 0, 0) > 0);
        }
        assert_int_equal(call(&rig, C(LEAVE), token, 2, 0), rows[i].expected);
        assert_true(book.tokens[0].is_kept);
        assert_int_equal(call(&rig, CG_CALL_GATE_CLOSE, token, 0, 0), CG_ERR_HANDLE);
        assert_int_equal(call(&rig, C(LEAVE), token, 1, 0), CG_ERR_HANDLE);
        assert_int_equal(rig.guest.counters.violations, 0);
        rig_close(&rig);
    }
}

static void a_token_may_come_back_from_where_it_was_given(void **state)
{
    (void)state;
    rig_t rig;
    rig_open(&rig, SIN_SAME);
    rig.types[CG_TYPE_HOSTILE_TOKEN].max = 2;
    const uint64_t old = (uint64_t)call(&rig, C(MAKE), 0, 0, 0);
    const uint64_t new = (uint64_t)call(&rig, C(SWAP), old, 0, 0);
    assert_true((int64_t)new > 0 && new != old);
    assert_int_equal(call(&rig, CG_CALL_GATE_CLOSE, old, 0, 0), CG_ERR_HANDLE);
    assert_int_equal(live(&rig), 1);
    rig_close(&rig);
}

static void a_swap_for_nothing_takes_all_the_same(void **state)
{
    (void)state;
    rig_t rig;
    rig_open(&rig, SIN_NULL);
    const uint64_t old = (uint64_t)call(&rig, C(MAKE), 0, 0, 0);
    assert_int_equal(call(&rig, C(SWAP), old, 0, 0), CG_ERR_HOST);
    assert_int_equal(live(&rig), 0);
    rig_close(&rig);
}

static void what_vanished_is_not_handed_out_again(void **state)
{
    (void)state;
    static const uint32_t calls[] = {C(AGAIN), C(SHOW)};
    for (size_t i = 0; i < sizeof calls / sizeof calls[0]; i++) {
        rig_t rig;
        rig_open(&rig, SIN_NONE);
        const uint64_t token = (uint64_t)call(&rig, C(MAKE), 0, 0, 0);
        assert_int_equal(call(&rig, calls[i], token, 0, 0), CG_ERR_HOST);
        assert_int_equal(book.tokens[0].released, 1);
        assert_int_equal(live(&rig), 0);
        rig_close(&rig);
    }
}

static void what_the_host_keeps_is_not_released_even_if_it_vanished(void **state)
{
    (void)state;
    rig_t rig;
    rig_open(&rig, SIN_NONE);
    const uint64_t token = (uint64_t)call(&rig, C(MAKE), 0, 0, 0);
    assert_int_equal(call(&rig, C(KEEP), token, 0, 0), 0);
    assert_int_equal(book.tokens[0].released, 0);
    assert_int_equal(live(&rig), 0);
    rig_close(&rig);
}

/* Type 0 is that of free slots, whose object is the number of the next one. */
static void nothing_of_no_type_cannot_be_revoked(void **state)
{
    (void)state;
    rig_t rig;
    rig_open(&rig, SIN_NONE);
    const uint16_t free_count = rig.guest.free_count;
    for (uintptr_t object = 0; object <= SLOTS; object++) {
        cg_handle_revoke(&rig.guest, (const void *)object, 0);
    }
    assert_int_equal(rig.guest.free_count, free_count);
    for (uint32_t i = 0; i < SLOTS; i++) {
        assert_true(call(&rig, C(MAKE), 0, 0, 0) > 0);
    }
    assert_int_equal(call(&rig, C(MAKE), 0, 0, 0), CG_ERR_QUOTA);
    rig_close(&rig);
}

/* A host that lets the guest run inside a call: refused, and the call around it keeps its objects until it ends. */
static void nested(cg_call_t *guest)
{
    static const uint64_t slots[CG_ROW_SLOTS_MAX];
    const uint64_t result = cg_row_call(guest, &cg_rows_le32[C(MAKE)], C(MAKE), slots, CG_ROW_SLOTS_MAX, true);
    assert_int_equal((int32_t)(uint32_t)result, CG_ERR_BUSY);
}

static void a_call_inside_a_call_takes_no_object_from_it(void **state)
{
    (void)state;
    rig_t rig;
    rig_open(&rig, SIN_NESTED);
    book.nested = nested;
    const uint64_t token = (uint64_t)call(&rig, C(MAKE), 0, 0, 0);
    assert_int_equal(call(&rig, C(VANISH), token, 0, 0), 1);
    assert_int_equal(book.released_inside, 0);
    assert_int_equal(book.tokens[0].released, 1);
    assert_int_equal(live(&rig), 0);
    rig_close(&rig);
}

/* ---- buffers ---- */

/* Leaves bytes where the frames of the next calls will lie. */
static __attribute__((noinline)) void stack_dirty(void)
{
    volatile uint8_t dirt[4096];
    for (size_t i = 0; i < sizeof dirt; i++) {
        dirt[i] = 0x5a;
    }
}

static void texts_that_are_not_where_they_should_be(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        sin_t sin;
        uint32_t call;
    } rows[] = {
        {"a text that was not written", SIN_COUNT, C(SAY)},
        {"a capacity that the host function made larger", SIN_CAPACITY, C(SAY)},
        {"a text of the host's own", SIN_POINTER, C(SAY)},
        {"a replaced text that was not written", SIN_COUNT, C(EDIT)},
        {"a replaced text and a larger capacity", SIN_CAPACITY, C(EDIT)},
        {"a replaced text of the host's own", SIN_POINTER, C(EDIT)},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        rig_t rig;
        rig_open(&rig, rows[i].sin);
        stack_dirty();
        const int64_t result = rows[i].call == C(SAY) ? call(&rig, C(SAY), AT, 16, 0) : call(&rig, C(EDIT), AT, 0, 16);
        if (result != CG_ERR_HOST || !memory_is_unchanged()) {
            fail_msg("%s: %d, memory %s", rows[i].name, (int)result, memory_is_unchanged() ? "unchanged" : "changed");
        }
        rig_close(&rig);
    }
}

static void a_list_that_was_not_written_is_zeros(void **state)
{
    (void)state;
    static const uint8_t zeros[16];
    rig_t rig;
    rig_open(&rig, SIN_NONE);
    stack_dirty();
    assert_int_equal(call(&rig, C(LIST), AT, 8, 0), 8);
    assert_memory_equal(memory + AT, zeros, sizeof zeros);
    rig_close(&rig);
}

static void bytes_and_a_larger_capacity(void **state)
{
    (void)state;
    rig_t rig;
    rig_open(&rig, SIN_CAPACITY);
    assert_int_equal(call(&rig, C(DUMP), AT, 8, 0), CG_ERR_HOST);
    assert_true(memory_is_unchanged());
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_taken_is_gone),
        cmocka_unit_test(a_token_may_come_back_from_where_it_was_given),
        cmocka_unit_test(a_swap_for_nothing_takes_all_the_same),
        cmocka_unit_test(what_vanished_is_not_handed_out_again),
        cmocka_unit_test(what_the_host_keeps_is_not_released_even_if_it_vanished),
        cmocka_unit_test(nothing_of_no_type_cannot_be_revoked),
        cmocka_unit_test(a_call_inside_a_call_takes_no_object_from_it),
        cmocka_unit_test(texts_that_are_not_where_they_should_be),
        cmocka_unit_test(a_list_that_was_not_written_is_zeros),
        cmocka_unit_test(bytes_and_a_larger_capacity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
