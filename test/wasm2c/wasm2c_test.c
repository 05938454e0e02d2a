/* SPDX-License-Identifier: BSD-2-Clause */
/* wasm2c_test.c - what is special about modules compiled ahead of time: traps of C code, memory from the heap, tables as images, threads.
 * What they have in common with all guests is in test/contract and test/events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "callgate/guest.h"
#include "host/host_desk.h"
#include "scenario.h"
#include "set.h"
#include "wasm2c_vm.h"

#include <pthread.h>
#include <stdlib.h>

extern const cg_wasm2c_program_t wasm2c_traps;

struct cg_host {
    scenario_t scenario;
    void (*meanwhile)(cg_call_t *call);
    uint32_t taken;
};

/* ---- the host ---- */

int host_desk_take(cg_call_t *call, cg_bytes_t data)
{
    cg_call_host(call)->taken += data.size;
    return 0;
}

int host_desk_copy(cg_call_t *call, cg_bytes_t from, cg_buffer_t *to)
{
    (void)call;
    (void)from;
    to->count = 0;
    return 0;
}

int host_desk_many(cg_call_t *call, uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d, uint32_t *e, uint32_t *f, uint32_t *g, uint32_t *h, uint32_t *i,
                   uint32_t *j, uint32_t *k, uint32_t *l, uint32_t *m, uint32_t *n, uint32_t *o, uint32_t *p)
{
    (void)call;
    *a = *b = *c = *d = *e = *f = *g = *h = *i = *j = *k = *l = *m = *n = *o = *p = 0;
    return 0;
}

uint32_t host_desk_scenario(cg_call_t *call)
{
    return cg_call_host(call)->scenario;
}

int host_desk_meanwhile(cg_call_t *call)
{
    (void)call;
    return 0;
}

/* ---- guests ---- */

typedef struct desk {
    cg_host_t host;
    cg_guest_t guest;
    cg_guest_config_t config;
    cg_policy_t policy;
    void *storage;
    char message[256];
} desk_t;

static const uint32_t granted[] = {UINT32_MAX};

static void prepare(desk_t *desk, const cg_wasm2c_program_t *program)
{
    *desk = (desk_t){.host = {.scenario = PLAY_NOTHING}};
    desk->policy = (cg_policy_t){.guest = "desk", .granted = granted, .linked = granted, .slots = 4, .unlimited_steps = true, .calls = 100, .bytes = 1000,
                                 .memory_bytes = 3 * 65536 + 5};
    desk->config = (cg_guest_config_t){.vm = &cg_vm_wasm2c, .image = (const uint8_t *)program, .image_size = sizeof *program, .host = &desk->host,
                                       .message = desk->message, .message_size = sizeof desk->message};
}

static int open_desk(desk_t *desk)
{
    const uint32_t size = cg_guest_storage(&desk->config, &desk->policy);
    desk->storage = malloc(size + 2048);
    return cg_guest_init(&desk->guest, &desk->config, &desk->policy, desk->storage, size != 0 ? size : 2048);
}

static void close_desk(desk_t *desk)
{
    cg_guest_end(&desk->guest);
    free(desk->storage);
}

static int play(desk_t *desk, scenario_t scenario, int32_t *result)
{
    desk->host.scenario = scenario;
    return cg_guest_run(&desk->guest, result);
}

static const char *const traps[PLAY_COUNT] = {
    [PLAY_BEYOND] = "out of bounds", [PLAY_LAST] = "out of bounds", [PLAY_DIVIDE] = "divide by zero", [PLAY_OVERFLOW] = "integer overflow",
    [PLAY_CONVERT] = "integer overflow", [PLAY_UNREACHABLE] = "unreachable", [PLAY_INDIRECT] = "indirect call", [PLAY_NOWHERE] = "indirect call",
    [PLAY_DEEP] = "call stack exhausted",
};

/* Each trap ends its activation alone: the guest runs again afterwards, with its variables. */
static void a_trap_ends_an_activation(void **state)
{
    desk_t desk;
    int32_t result;
    int32_t rounds = 0;
    (void)state;
    prepare(&desk, &wasm2c_traps);
    assert_int_equal(open_desk(&desk), CG_LOAD_OK);
    for (int scenario = 0; scenario < PLAY_COUNT; scenario++) {
        if (traps[scenario] == NULL) {
            continue;
        }
        assert_int_equal(play(&desk, (scenario_t)scenario, &result), CG_STOP_FAULT);
        assert_non_null(strstr(desk.message, traps[scenario]));
        assert_int_equal(play(&desk, PLAY_COUNT_UP, &result), CG_STOP_RETURNED);
        rounds += 2;
        assert_int_equal(result, rounds);
    }
    assert_int_equal(desk.host.taken, 1); /* the last byte of memory */
    close_desk(&desk);
}

static void memory_grows_to_what_the_policy_gives(void **state)
{
    desk_t desk;
    int32_t result;
    (void)state;
    prepare(&desk, &wasm2c_traps);
    assert_int_equal(open_desk(&desk), CG_LOAD_OK);
    assert_int_equal(play(&desk, PLAY_GROW, &result), CG_STOP_RETURNED);
    assert_int_equal(result, 3);
    cg_guest_status_t status;
    cg_guest_status(&desk.guest, &status);
    assert_int_equal(status.memory_bytes, 3 * 65536);
    close_desk(&desk);
}

/* Each has a memory of its own. */
static void guests_of_one_program_are_apart(void **state)
{
    desk_t one, two;
    int32_t result;
    (void)state;
    prepare(&one, &wasm2c_traps);
    prepare(&two, &wasm2c_traps);
    assert_int_equal(open_desk(&one), CG_LOAD_OK);
    assert_int_equal(open_desk(&two), CG_LOAD_OK);
    (void)play(&one, PLAY_NOTHING, &result);
    (void)play(&one, PLAY_COUNT_UP, &result);
    assert_int_equal(result, 2);
    (void)play(&two, PLAY_COUNT_UP, &result);
    assert_int_equal(result, 1);
    close_desk(&one);
    close_desk(&two);
}

static void *run_often(void *context)
{
    static const scenario_t some[] = {PLAY_DEEP, PLAY_DIVIDE, PLAY_GROW};
    desk_t *desk = context;
    int32_t result;
    intptr_t bad = 0;
    for (int i = 0; i < 300; i++) {
        prepare(desk, &wasm2c_traps);
        bad += open_desk(desk) != CG_LOAD_OK;
        bad += play(desk, some[i % 3], &result) != (i % 3 == 2 ? CG_STOP_RETURNED : CG_STOP_FAULT);
        close_desk(desk);
    }
    return (void *)bad;
}

static void threads_do_not_meet(void **state)
{
    static desk_t desks[4];
    pthread_t threads[4];
    void *bad;
    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, run_often, &desks[i]), 0);
    }
    for (int i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], &bad), 0);
        assert_null(bad);
    }
}

/* ---- loading ---- */

static void refused(desk_t *desk, int why, const char *text)
{
    assert_int_equal(open_desk(desk), why);
    assert_non_null(strstr(desk->message, text));
    free(desk->storage);
}

static void what_is_refused_at_load(void **state)
{
    desk_t desk;
    cg_wasm2c_program_t copy = wasm2c_traps;
    (void)state;
    prepare(&desk, &copy);
    refused(&desk, CG_LOAD_IMAGE, "not a program linked into this one");
    prepare(&desk, &wasm2c_traps);
    desk.policy.unlimited_steps = false;
    refused(&desk, CG_LOAD_POLICY, "steps: unlimited");
    prepare(&desk, &wasm2c_traps);
    desk.policy.memory_bytes = 65535;
    refused(&desk, CG_LOAD_MEMORY, "needs 65536 bytes of memory");
    copy.self = &copy;
    copy.has_memory = false; /* a table that lies: the runtime keeps to the policy all the same */
    prepare(&desk, &copy);
    desk.policy.memory_bytes = 0;
    refused(&desk, CG_LOAD_MEMORY, "out of memory");
    const uint8_t digest[8] = {5, 0, 91, 0, 1, 2, 3, 4};
    copy = wasm2c_traps;
    copy.self = &copy;
    copy.digests = digest;
    copy.digest_count = 1;
    prepare(&desk, &copy);
    refused(&desk, CG_LOAD_DIGEST, "another version of API desk");
    const cg_wasm2c_item_t import = {"desk", "take", "(iI)i"};
    copy.digest_count = 0;
    copy.imports = &import;
    copy.import_count = 1;
    prepare(&desk, &copy);
    refused(&desk, CG_LOAD_IMPORT, "imports desk.take of type (iI)i, but it is (ii)i");
}

static void no_file_is_a_program_of_this_vm(void **state)
{
    (void)state;
    assert_false(cg_wasm2c_ops.probe((const uint8_t *)&wasm2c_traps, sizeof wasm2c_traps));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_trap_ends_an_activation),
        cmocka_unit_test(memory_grows_to_what_the_policy_gives),
        cmocka_unit_test(guests_of_one_program_are_apart),
        cmocka_unit_test(threads_do_not_meet),
        cmocka_unit_test(what_is_refused_at_load),
        cmocka_unit_test(no_file_is_a_program_of_this_vm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
