/* SPDX-License-Identifier: BSD-2-Clause */
/* test/cli/loop.c - marks wake their loop and are never lost; the bound on restarts. */
#include "cli/run_loop.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

enum { MARKS = 20000, FOREVER_MS = 20000 };

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void a_mark_is_taken_once(void **state)
{
    (void)state;
    loop_t loop;
    loop_member_t one = {.loop = &loop}, other = {.loop = &loop};
    assert_true(loop_open(&loop));
    assert_false(loop_take(&one));
    loop_mark(&one);
    loop_mark(&one);
    const uint64_t began_ms = now_ms();
    loop_wait(&loop, FOREVER_MS);
    assert_true(now_ms() - began_ms < FOREVER_MS / 2);
    assert_true(loop_take(&one));
    assert_false(loop_take(&one));
    assert_false(loop_take(&other));
    loop_close(&loop);
}

static void a_wait_ends_in_time_or_by_a_nudge(void **state)
{
    (void)state;
    loop_t loop;
    assert_true(loop_open(&loop));
    const uint64_t began_ms = now_ms();
    loop_wait(&loop, 30);
    assert_true(now_ms() - began_ms >= 29);
    loop_nudge(&loop);
    loop_wait(&loop, FOREVER_MS);
    assert_true(now_ms() - began_ms < FOREVER_MS / 2);
    loop_close(&loop);
}

static atomic_uint posted;

static void *mark_often(void *context)
{
    for (unsigned i = 0; i < MARKS; i++) {
        atomic_fetch_add(&posted, 1);
        loop_mark(context);
    }
    return NULL;
}

/* What was posted before a mark is seen by whoever takes it, so the last one is. */
static void no_mark_is_lost(void **state)
{
    (void)state;
    loop_t loop;
    loop_member_t member = {.loop = &loop};
    pthread_t threads[2];
    unsigned seen = 0;
    assert_true(loop_open(&loop));
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, mark_often, &member), 0);
    }
    const uint64_t began_ms = now_ms();
    while (seen < 2 * MARKS && now_ms() - began_ms < FOREVER_MS) {
        if (loop_take(&member)) {
            seen = atomic_load(&posted);
        } else {
            loop_wait(&loop, FOREVER_MS);
        }
    }
    assert_int_equal(seen, 2 * MARKS);
    for (unsigned i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
    loop_close(&loop);
}

static void restarts_have_a_bound(void **state)
{
    (void)state;
    bound_t bound = {{0}, 0};
    for (unsigned i = 0; i < BOUND_MAX; i++) {
        assert_true(bound_take(&bound, 100 + 1000 * i));
    }
    assert_false(bound_take(&bound, 5000));
    assert_false(bound_take(&bound, 100 + BOUND_MS - 1));
    assert_true(bound_take(&bound, 100 + BOUND_MS));
    assert_false(bound_take(&bound, 100 + BOUND_MS + 1));
    assert_int_equal(bound.count, BOUND_MAX + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mark_is_taken_once),
        cmocka_unit_test(a_wait_ends_in_time_or_by_a_nudge),
        cmocka_unit_test(no_mark_is_lost),
        cmocka_unit_test(restarts_have_a_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
