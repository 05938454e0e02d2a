/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/double_post.c - stands in for the gate where hosts post events: notes them, under a lock, for any thread posts. */
#include "double.h"

#include "host_saul.h"
#include "host_timer.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static post_t posts[POSTS_MAX];
static uint32_t count;
static cg_post_t answer;

cg_post_t post_note(const char *event, const void *guest, const void *source, int64_t a, int64_t b, int64_t c, int64_t d)
{
    (void)pthread_mutex_lock(&lock);
    if (count < POSTS_MAX) {
        posts[count] = (post_t){event, guest, source, {a, b, c, d}, host_linux_now_ms()};
    }
    count += 1;
    const cg_post_t given = answer;
    (void)pthread_mutex_unlock(&lock);
    return given;
}

uint32_t posts_count(void)
{
    (void)pthread_mutex_lock(&lock);
    const uint32_t now = count;
    (void)pthread_mutex_unlock(&lock);
    return now;
}

post_t posts_at(uint32_t n)
{
    (void)pthread_mutex_lock(&lock);
    const post_t post = posts[n];
    (void)pthread_mutex_unlock(&lock);
    return post;
}

void posts_forget(void)
{
    (void)pthread_mutex_lock(&lock);
    count = 0;
    answer = CG_POST_QUEUED;
    (void)pthread_mutex_unlock(&lock);
}

void posts_answer(cg_post_t given)
{
    (void)pthread_mutex_lock(&lock);
    answer = given;
    (void)pthread_mutex_unlock(&lock);
}

bool posts_wait(uint32_t wanted)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (int i = 0; i < 5000 && posts_count() < wanted; i++) {
        (void)nanosleep(&moment, NULL);
    }
    return posts_count() >= wanted;
}

struct cg_guest *cg_call_events(cg_call_t *call)
{
    return call;
}

int cg_event_wait(cg_call_t *call, uint32_t timeout_ms, cg_ev_head_t *head, uint8_t *data)
{
    (void)call, (void)timeout_ms, (void)head, (void)data;
    return 1;
}

uint32_t cg_event_lost(const cg_call_t *call)
{
    (void)call;
    return 0;
}

cg_post_t cg_post_timer_fired(cg_guest_t *guest, const struct host_timer_alarm *source, uint32_t fired)
{
    return post_note("timer.fired", guest, source, fired, 0, 0, 0);
}

cg_post_t cg_post_saul_changed(cg_guest_t *guest, const struct host_saul_watch *source, const cg_saul_phydat_t *data, uint8_t dims)
{
    return post_note("saul.changed", guest, source, data->val[0], data->val[1], dims, data->scale);
}
