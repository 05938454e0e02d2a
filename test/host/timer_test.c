/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/timer_test.c - the clock, alarms, and devices under watch. Times are real and short; late is allowed, early never. */
#include "saul_fixture.h"

#include "host_timer.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static void sleep_ms(uint32_t ms)
{
    const struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    (void)nanosleep(&time, NULL);
}

static struct host_timer_alarm *once(fixture_t *f, uint32_t delay)
{
    struct host_timer_alarm *alarm = NULL;
    assert_int_equal(host_timer_once(&f->call, delay, &alarm), 0);
    return alarm;
}

static void alarms_fire_in_the_order_of_their_times(void **state)
{
    fixture_t *f = *state;
    static const uint32_t delays[] = {40, 10, 30, 0, 20};
    static const uint32_t order[] = {3, 1, 4, 2, 0};
    struct host_timer_alarm *alarms[COUNT(delays)];
    posts_forget();
    const uint64_t begin = host_linux_now_ms();
    for (size_t i = 0; i < COUNT(delays); i++) {
        alarms[i] = once(f, delays[i]);
    }
    assert_true(posts_wait(COUNT(delays)));
    for (uint32_t i = 0; i < COUNT(delays); i++) {
        const post_t post = posts_at(i);
        assert_ptr_equal(post.source, alarms[order[i]]);
        assert_ptr_equal(post.guest, &f->call);
        assert_int_equal(post.values[0], 1);
        assert_true(post.at_ms >= begin + delays[order[i]]);
    }
    sleep_ms(20);
    assert_int_equal(posts_count(), COUNT(delays));
    for (size_t i = 0; i < COUNT(delays); i++) {
        host_timer_alarm_release(f->host, alarms[i]);
    }
}

static void a_period_counts_on_and_ends_with_its_alarm(void **state)
{
    fixture_t *f = *state;
    struct host_timer_alarm *alarm = NULL;
    posts_forget();
    const uint64_t begin = host_linux_now_ms();
    assert_int_equal(host_timer_every(&f->call, 5, &alarm), 0);
    assert_true(posts_wait(6));
    assert_int_equal(host_timer_cancel(&f->call, alarm), 0);
    const uint32_t told = posts_count();
    sleep_ms(30);
    assert_int_equal(posts_count(), told);
    int64_t last = 0;
    for (uint32_t i = 0; i < told; i++) {
        const post_t post = posts_at(i);
        assert_true(post.values[0] > last); /* more than one at once where this machine was late */
        last = post.values[0];
        assert_true(post.at_ms >= begin + 5 * (uint64_t)last);
    }
}

/* Late periods come as one event whose count jumps. */
static void late_periods_are_told_together(void **state)
{
    fixture_t *f = *state;
    struct host_timer_alarm *alarm = NULL;
    posts_forget();
    assert_int_equal(host_timer_every(&f->call, 1, &alarm), 0);
    clock_job_t *job = (clock_job_t *)alarm; /* it is the first member */
    host_clock_remove(f->host->clock, job);
    posts_forget();
    job->due_ms = 1000;
    assert_true(job->run(job, 1000));
    assert_int_equal(posts_count(), 1);
    const int64_t before = posts_at(0).values[0];
    assert_true(job->run(job, 1010)); /* nine late ones with it */
    assert_int_equal(posts_count(), 2);
    assert_int_equal(posts_at(1).values[0], before + 10);
    assert_int_equal(job->due_ms, 1011);
    host_timer_alarm_release(f->host, alarm);
}

static void a_cancelled_alarm_never_tells(void **state)
{
    fixture_t *f = *state;
    posts_forget();
    for (uint32_t i = 0; i < 20000; i++) { /* some are cancelled before, some while, some after they fire */
        struct host_timer_alarm *alarm = once(f, 0);
        if (i % 3 == 0) {
            struct host_timer_alarm *other = once(f, i % 2);
            host_timer_alarm_release(f->host, other);
        }
        host_timer_alarm_release(f->host, alarm);
    }
    const uint32_t told = posts_count();
    sleep_ms(10);
    assert_int_equal(posts_count(), told);
}

static void there_is_room_for_many_but_not_for_all(void **state)
{
    fixture_t *f = *state;
    static struct host_timer_alarm *alarms[CLOCK_JOBS_MAX];
    struct host_timer_alarm *more = NULL;
    posts_forget();
    for (uint32_t i = 0; i < CLOCK_JOBS_MAX; i++) {
        alarms[i] = once(f, i < 1000 ? 50 + (i * 7919) % 50 : 100000);
    }
    assert_int_equal(host_timer_once(&f->call, 0, &more), CG_ERR_QUOTA);
    assert_true(posts_wait(1000));
    for (uint32_t i = 1; i < 1000; i++) {
        assert_true(posts_at(i).at_ms >= posts_at(i - 1).at_ms);
    }
    for (uint32_t i = 0; i < CLOCK_JOBS_MAX; i++) {
        host_timer_alarm_release(f->host, alarms[i]);
    }
    assert_int_equal(posts_count(), 1000);
}

static void the_clock_does_not_run_while_nothing_is_due(void **state)
{
    fixture_t *f = *state;
    struct timespec before, after;
    struct host_timer_alarm *alarm = once(f, 100000);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    sleep_ms(300);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    const int64_t used_us = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
    host_timer_alarm_release(f->host, alarm);
    assert_true(used_us < 10000);
}

static void now_begins_with_the_host(void **state)
{
    fixture_t *f = *state;
    const uint64_t first = host_timer_now(&f->call);
    sleep_ms(5);
    assert_true(first < 60000);
    assert_true(host_timer_now(&f->call) >= first + 5);
}

/* ---- watches ---- */

static struct host_saul_device *file_device(fixture_t *f, const char *value)
{
    folder_write(&f->folder, "value", value, strlen(value));
    const host_linux_device_t device = {.name = "dev", .kind = CG_SAUL_CLASS_SENSE_TEMP, .unit = CG_SAUL_UNIT_TEMP_C, .scale = -1};
    host_linux_file_t file = {.multiply = 1, .divide = 1, .dims = 1};
    file.paths[0] = folder_path(&f->folder, "value");
    assert_int_equal(host_linux_add_file(f->host, &device, &file), 0);
    return nth(f, CG_SAUL_CLASS_SENSE_TEMP, 0);
}

typedef struct change_case {
    const char *what, *value;
    bool is_told;
} change_case_t;

/* A threshold of 5 tenths; each against the one told last, which was 20.0 first. */
static const change_case_t changes[] = {
    {"less than the threshold", "20.4", false}, {"again less, from the one told", "19.6", false}, {"the threshold", "20.5", true},
    {"from there it counts anew", "20.9", false}, {"down by more", "19.0", true}, {"what cannot be read", "nonsense", false},
    {"the same again after that", "19.0", false}, {"the largest step", "-3000", true},
};

static void what_changes_is_told(void **state)
{
    fixture_t *f = *state;
    struct host_saul_watch *watch = NULL;
    struct host_saul_device *dev = file_device(f, "20.0");
    posts_forget();
    assert_int_equal(host_saul_watch(&f->call, dev, 10, 5, &watch), 0);
    assert_true(posts_wait(1));
    assert_int_equal(posts_at(0).values[0], 200);
    assert_int_equal(posts_at(0).values[2], 1);
    clock_job_t *job = (clock_job_t *)watch; /* it is the first member */
    host_clock_remove(f->host->clock, job);
    for (size_t i = 0; i < COUNT(changes); i++) {
        posts_forget();
        folder_write(&f->folder, "value", changes[i].value, strlen(changes[i].value));
        assert_true(job->run(job, job->due_ms));
        if ((posts_count() == 1) != changes[i].is_told) {
            fail_msg("%s: told %u times", changes[i].what, (unsigned)posts_count());
        }
    }
    posts_forget();
    posts_answer(CG_POST_LOST); /* no room: it is told again next time */
    folder_write(&f->folder, "value", "7.0", 3);
    assert_true(job->run(job, job->due_ms));
    assert_true(job->run(job, job->due_ms));
    assert_int_equal(posts_count(), 2);
    assert_true(job->due_ms > host_linux_now_ms());
    posts_answer(CG_POST_CLOSED); /* the guest will never hear of it: no more readings */
    assert_false(job->run(job, job->due_ms));
    posts_forget();
    host_saul_watch_release(f->host, watch);
}

static void a_watch_samples_by_itself_and_ends_with_its_handle(void **state)
{
    fixture_t *f = *state;
    struct host_saul_watch *watch = NULL;
    struct host_saul_device *dev = file_device(f, "1.0");
    posts_forget();
    assert_int_equal(host_saul_watch(&f->call, dev, 10, 0, &watch), 0);
    assert_true(posts_wait(4)); /* no threshold: each sample */
    host_saul_watch_release(f->host, watch);
    const uint32_t told = posts_count();
    sleep_ms(40);
    assert_int_equal(posts_count(), told);
}

static void some_devices_cannot_be_watched(void **state)
{
    fixture_t *f = *state;
    struct host_saul_watch *watch = NULL;
    const host_linux_device_t device = {.name = "valve", .kind = CG_SAUL_CLASS_ACT_SWITCH, .unit = CG_SAUL_UNIT_BOOL};
    const host_linux_sim_t sim = {.wave = HOST_LINUX_CONSTANT, .dims = 1};
    assert_int_equal(host_linux_add_sim(f->host, &device, &sim), 0);
    struct host_saul_device *dev = nth(f, CG_SAUL_CLASS_ACT_SWITCH, 0);
    dev->is_silent = true;
    assert_int_equal(host_saul_watch(&f->call, dev, 10, 0, &watch), CG_SAUL_ERR_IO);
    static const saul_driver_t deaf = {NULL, NULL, NULL};
    dev->driver = &deaf;
    assert_int_equal(host_saul_watch(&f->call, dev, 10, 0, &watch), CG_SAUL_ERR_NOT_SUPPORTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(alarms_fire_in_the_order_of_their_times),
        TEST(a_period_counts_on_and_ends_with_its_alarm),
        TEST(late_periods_are_told_together),
        TEST(a_cancelled_alarm_never_tells),
        TEST(there_is_room_for_many_but_not_for_all),
        TEST(the_clock_does_not_run_while_nothing_is_due),
        TEST(now_begins_with_the_host),
        TEST(what_changes_is_told),
        TEST(a_watch_samples_by_itself_and_ends_with_its_handle),
        TEST(some_devices_cannot_be_watched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
