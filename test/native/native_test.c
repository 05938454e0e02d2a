/* SPDX-License-Identifier: BSD-2-Clause */
/* native_test.c - what is special about guests that are part of the host program: pointers of 64 bits as addresses of 32, leaving guest code, tables as images.
 * What they have in common with all guests is in test/contract and test/events. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "callgate/guest.h"
#include "host/host_desk.h"
#include "native_vm.h"
#include "scenario.h"
#include "set.h"

#include <stdlib.h>
#include <sys/mman.h>

extern const cg_native_program_t desk_one, desk_two;

enum { FAR = 1 << 28 };

struct cg_host {
    scenario_t scenario;
    void (*meanwhile)(cg_call_t *call);
};

uint32_t *desk_places[16];
int64_t desk_seen[8];
uint32_t desk_seen_count;

/* ---- the host ---- */

int host_desk_take(cg_call_t *call, cg_bytes_t data)
{
    (void)call;
    (void)data;
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
    *a = 1, *b = 2, *c = 3, *d = 4, *e = 5, *f = 6, *g = 7, *h = 8, *i = 9, *j = 10, *k = 11, *l = 12, *m = 13, *n = 14, *o = 15, *p = 16;
    return 0;
}

uint32_t host_desk_scenario(cg_call_t *call)
{
    return cg_call_host(call)->scenario;
}

int host_desk_meanwhile(cg_call_t *call)
{
    cg_call_host(call)->meanwhile(call);
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

static void prepare(desk_t *desk, const cg_native_program_t *program, scenario_t scenario)
{
    *desk = (desk_t){.host = {.scenario = scenario}};
    desk->policy = (cg_policy_t){.guest = "desk", .granted = granted, .linked = granted, .slots = 4, .unlimited_steps = true, .calls = 100, .bytes = 1000,
                                 .violation = CG_VIOLATION_ERROR};
    desk->config = (cg_guest_config_t){.vm = &cg_vm_native, .image = (const uint8_t *)program, .image_size = sizeof *program, .host = &desk->host,
                                       .message = desk->message, .message_size = sizeof desk->message};
    desk_seen_count = 0;
}

static int open_desk(desk_t *desk)
{
    const uint32_t size = cg_guest_storage(&desk->config, &desk->policy);
    desk->storage = malloc(size + 1024);
    return cg_guest_init(&desk->guest, &desk->config, &desk->policy, desk->storage, size != 0 ? size : 1024);
}

static int play(desk_t *desk)
{
    int32_t result;
    assert_int_equal(open_desk(desk), CG_LOAD_OK);
    const int stopped = cg_guest_run(&desk->guest, &result);
    cg_guest_end(&desk->guest);
    free(desk->storage);
    return stopped;
}

typedef struct play_case {
    const char *name;
    scenario_t scenario;
    cg_violation_t violation;
    int stopped;
    uint32_t count;
    int64_t seen[4];
} play_case_t;

static const play_case_t cases[] = {
    {"sixteen places near each other share a window", PLAY_NEAR, CG_VIOLATION_ERROR, 0, 3, {0, 1, 16}},
    {"fifteen places far from each other have a window each", PLAY_FAR, CG_VIOLATION_ERROR, 0, 2, {0, 15}},
    {"one more is refused, and nothing is written", PLAY_TOO_FAR, CG_VIOLATION_ERROR, 0, 2, {CG_ERR_MEMORY, 99}},
    {"no bytes at NULL are right, one is not", PLAY_NULL, CG_VIOLATION_ERROR, 0, 2, {0, CG_ERR_MEMORY}},
    {"an address does not outlive its call", PLAY_LATE, CG_VIOLATION_ERROR, 0, 2, {0, CG_ERR_MEMORY}},
    {"buffers over each other are seen", PLAY_OVER, CG_VIOLATION_ERROR, 0, 2, {CG_ERR_OVERLAP, 0}},
    {"addresses that the gate did not give are refused", PLAY_FORGE, CG_VIOLATION_ERROR, 0, 3, {CG_ERR_MEMORY, CG_ERR_MEMORY, CG_ERR_MEMORY}},
    {"after a violation that traps no statement of the guest runs", PLAY_NULL, CG_VIOLATION_TRAP, CG_STOP_GATE, 1, {0}},
};

static void guests_play(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const play_case_t *c = &cases[i];
        desk_t desk;
        print_message("%s\n", c->name);
        *desk_places[14] = 99;
        prepare(&desk, &desk_one, c->scenario);
        desk.policy.violation = (uint8_t)c->violation;
        assert_int_equal(play(&desk), c->stopped);
        assert_int_equal(desk_seen_count, c->count);
        assert_memory_equal(desk_seen, c->seen, c->count * sizeof c->seen[0]);
    }
}

/* ---- two guests ---- */

/* A guest is run, and trapped, inside a host function of another: that one goes on. */
static void run_another(cg_call_t *call)
{
    desk_t inner;
    const uint32_t count = desk_seen_count;
    (void)call;
    prepare(&inner, &desk_two, PLAY_NULL);
    inner.policy.violation = CG_VIOLATION_TRAP;
    assert_int_equal(play(&inner), CG_STOP_GATE);
    desk_seen_count = count;
}

static void end_it(cg_call_t *call)
{
    cg_guest_end(call);
}

static void a_guest_within_another_leaves_alone(void **state)
{
    desk_t desk;
    (void)state;
    prepare(&desk, &desk_one, PLAY_MEANWHILE);
    desk.host.meanwhile = run_another;
    assert_int_equal(play(&desk), CG_STOP_RETURNED);
    assert_int_equal(desk_seen_count, 2);
    assert_int_equal(desk_seen[0], 0);
    assert_int_equal(desk_seen[1], 0);
}

static void a_guest_ended_in_its_call_runs_no_further(void **state)
{
    desk_t desk;
    (void)state;
    prepare(&desk, &desk_one, PLAY_MEANWHILE);
    desk.host.meanwhile = end_it;
    assert_int_equal(play(&desk), CG_STOP_ASKED);
    assert_int_equal(desk_seen_count, 0);
}

/* One source, two programs: each has variables of its own. */
static void programs_of_one_source_are_apart(void **state)
{
    desk_t one, two;
    int32_t first, second, other;
    (void)state;
    prepare(&one, &desk_one, PLAY_COUNT_UP);
    prepare(&two, &desk_two, PLAY_COUNT_UP);
    assert_int_equal(open_desk(&one), CG_LOAD_OK);
    assert_int_equal(open_desk(&two), CG_LOAD_OK);
    assert_int_equal(cg_guest_run(&one.guest, &first), CG_STOP_RETURNED);
    assert_int_equal(cg_guest_run(&two.guest, &other), CG_STOP_RETURNED);
    assert_int_equal(cg_guest_run(&one.guest, &second), CG_STOP_RETURNED);
    assert_int_equal(second, first + 1);
    assert_int_not_equal(other, second);
    cg_guest_end(&one.guest);
    cg_guest_end(&two.guest);
    free(one.storage);
    free(two.storage);
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
    cg_native_program_t copy = desk_one;
    (void)state;
    prepare(&desk, &copy, PLAY_NULL);
    refused(&desk, CG_LOAD_IMAGE, "not a program linked into this one");
    prepare(&desk, &desk_one, PLAY_NULL);
    desk.config.image_size -= 1;
    refused(&desk, CG_LOAD_IMAGE, "not a program linked");
    prepare(&desk, &desk_one, PLAY_NULL);
    desk.policy.unlimited_steps = false;
    refused(&desk, CG_LOAD_POLICY, "steps: unlimited");
    copy.self = &copy;
    copy.entry = NULL;
    prepare(&desk, &copy, PLAY_NULL);
    refused(&desk, CG_LOAD_IMAGE, "has no `int cg_main(void)`");
    const uint32_t digests[] = {91 << 16 | 5, 1};
    copy.entry = desk_one.entry;
    copy.digests = digests;
    copy.digest_count = 1;
    prepare(&desk, &copy, PLAY_NULL);
    refused(&desk, CG_LOAD_DIGEST, "another version of API desk");
    copy.magic[0] = 'x';
    prepare(&desk, &copy, PLAY_NULL);
    refused(&desk, CG_LOAD_IMAGE, "not a program linked");
}

/* A file could say anything about functions. */
static void no_file_is_a_native_program(void **state)
{
    (void)state;
    assert_false(cg_native_ops.probe((const uint8_t *)&desk_one, sizeof desk_one));
}

/* Address space that is not used but for a page here and there. */
static int make_places(void **state)
{
    uint8_t *at = mmap(NULL, (size_t)16 * FAR, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    *state = at;
    for (size_t i = 0; at != MAP_FAILED && i < 16; i++) {
        desk_places[i] = (uint32_t *)(void *)(at + i * FAR);
    }
    return at == MAP_FAILED;
}

static int free_places(void **state)
{
    return munmap(*state, (size_t)16 * FAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guests_play),
        cmocka_unit_test(a_guest_within_another_leaves_alone),
        cmocka_unit_test(a_guest_ended_in_its_call_runs_no_further),
        cmocka_unit_test(programs_of_one_source_are_apart),
        cmocka_unit_test(what_is_refused_at_load),
        cmocka_unit_test(no_file_is_a_native_program),
    };
    return cmocka_run_group_tests(tests, make_places, free_places);
}
