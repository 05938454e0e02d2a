/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_wait_test.c - the CoAP client in time and among threads: deadlines, stops, late answers, quotas, many guests at once, an absent
 * server. What answers mean is in coap_test.c. */
#include "coap_fake.h"
#include "double.h"
#include "inner.h"

#include "cmocka_all.h"
#include "host_coap.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static int get(struct cg_guest *call, uint16_t port, uint32_t timeout, struct host_coap_response **answer)
{
    char text[64];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u/x", port) };
    return host_coap_get(call, uri, timeout, answer);
}

static void say_nothing(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)fake, (void)m, (void)nth;
}

static void say_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_ACK, 0x45, m->mid, "\xffhi", 3);
}

/* What a guest's thread does: one request, after a while. */
typedef struct job {
    struct cg_guest call;
    uint16_t port;
    uint32_t timeout;
    int result;
    uint64_t took_ms;
    struct host_coap_response *answer;
    pthread_t thread;
} job_t;

static void *do_job(void *argument)
{
    job_t *job = argument;
    const uint64_t before_ms = host_linux_now_ms();
    job->result = get(&job->call, job->port, job->timeout, &job->answer);
    job->took_ms = host_linux_now_ms() - before_ms;
    return NULL;
}

/* Wait until the server got so many requests. */
static void await_requests(fake_t *fake, unsigned n)
{
    for (unsigned i = 0; i < 1000 && atomic_load(&fake->requests) < n; i++) {
        fake_sleep_ms(5);
    }
    assert_int_equal(atomic_load(&fake->requests), n);
}

/* As get, but waits for room: what was abandoned takes it until the I/O thread has closed it. */
static int get_with_patience(struct cg_guest *call, uint16_t port, uint32_t timeout, struct host_coap_response **answer)
{
    int result = CG_ERR_QUOTA;
    for (unsigned i = 0; i < 1000 && result == CG_ERR_QUOTA; i++) {
        fake_sleep_ms(i == 0 ? 0 : 5);
        result = get(call, port, timeout, answer);
    }
    return result;
}

/* ---- time ---- */

static void the_earlier_of_two_ends_counts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t timeout;
        uint64_t deadline_in_ms;
        uint64_t least_ms, most_ms;
        unsigned requests;
    } cases[] = {
        { "the call's", 100, 60000, 100, 2000, 1 },
        { "the policy's", 60000, 100, 90, 2000, 1 },
        { "the policy's, passed already", 60000, 0, 0, 2000, 0 },
        { "the call's, the policy has none", 100, UINT64_MAX, 100, 2000, 1 },
    };
    cg_host_t *host = host_linux_new(NULL);
    for (size_t i = 0; i < COUNT(cases); i++) {
        fake_t fake;
        fake_start(&fake, say_nothing, NULL);
        const uint64_t in_ms = cases[i].deadline_in_ms;
        job_t job = { .call = { .host = host, .name = "app", .deadline_ms = in_ms == UINT64_MAX ? in_ms : host_linux_now_ms() + in_ms }, .port = fake.port, .timeout = cases[i].timeout };
        (void)do_job(&job);
        fake_end(&fake);
        if (job.result != CG_COAP_ERR_TIMEOUT || job.took_ms < cases[i].least_ms || job.took_ms > cases[i].most_ms || atomic_load(&fake.requests) != cases[i].requests) {
            fail_msg("%s: result %d after %u ms, %u requests", cases[i].name, job.result, (unsigned)job.took_ms, atomic_load(&fake.requests));
        }
    }
    host_linux_free(host);
}

static void waiting_takes_no_processor_time(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_nothing, NULL);
    cg_host_t *host = host_linux_new(NULL);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    struct host_coap_response *answer = NULL;
    struct timespec before, after;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    assert_int_equal(get(&call, fake.port, 500, &answer), CG_COAP_ERR_TIMEOUT);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    const int64_t used_ns = (int64_t)(after.tv_sec - before.tv_sec) * 1000000000 + (after.tv_nsec - before.tv_nsec);
    assert_true(used_ns < 100000000);
    host_linux_free(host);
    fake_end(&fake);
}

static void a_waiting_guest_can_be_stopped(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_nothing, NULL);
    cg_host_t *host = host_linux_new(NULL);
    job_t job = { .call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX }, .port = fake.port, .timeout = 60000 };
    assert_int_equal(pthread_create(&job.thread, NULL, do_job, &job), 0);
    await_requests(&fake, 1);
    const uint64_t before_ms = host_linux_now_ms();
    atomic_store(&job.call.is_stopping, true);
    (void)pthread_join(job.thread, NULL);
    const uint64_t took_ms = host_linux_now_ms() - before_ms;
    assert_int_equal(job.result, CG_ERR_STOPPED);
    assert_true(took_ms <= 2000); /* it looks every 50 ms; the machine may be busy */
    job.took_ms = 0;
    (void)do_job(&job);
    assert_int_equal(job.result, CG_ERR_STOPPED); /* and does not begin another */
    assert_int_equal(atomic_load(&fake.requests), 1);
    host_linux_free(host);
    fake_end(&fake);
}

/* ---- an absent server ---- */

static void an_absent_server_is_known_at_once(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_nothing, NULL);
    const uint16_t port = fake.port;
    fake_end(&fake); /* nobody has the port now */
    cg_host_t *host = host_linux_new(NULL);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    static const char *const hosts[] = { "[::1]", "127.0.0.1" };
    for (size_t i = 0; i < COUNT(hosts); i++) {
        char text[64];
        const int size = snprintf(text, sizeof text, "coap://%s:%u/x", hosts[i], port);
        struct host_coap_response *answer = NULL;
        const uint64_t before_ms = host_linux_now_ms();
        assert_int_equal(host_coap_get(&call, (cg_text_t){ text, (uint32_t)size }, 5000, &answer), CG_COAP_ERR_UNREACHABLE);
        assert_true(host_linux_now_ms() - before_ms < 1000);
        assert_null(answer);
    }
    host_linux_free(host);
}

static void what_is_no_address_is_unreachable(void **state)
{
    (void)state;
    static const char *const uris[] = { "", "coap://localhost:5683/x", "coap://[ff02::fd]:5683/x", "coap://0.0.0.0:5683/x", "http://127.0.0.1:80/" };
    cg_host_t *host = host_linux_new(NULL);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    for (size_t i = 0; i < COUNT(uris); i++) {
        struct host_coap_response *answer = NULL;
        assert_int_equal(host_coap_get(&call, (cg_text_t){ uris[i], (uint32_t)strlen(uris[i]) }, 1000, &answer), CG_COAP_ERR_UNREACHABLE);
    }
    host_linux_free(host);
}

/* ---- late answers ---- */

static void say_hi_late(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    if (nth == 1) {
        fake_sleep_ms(250);
        fake_send(fake, m, FAKE_ACK, 0x45, m->mid, "\xffno", 3);
        fake_send(fake, m, FAKE_CON, 0x45, 0x1111, "\xffno", 3);
    } else {
        say_hi(fake, m, nth);
    }
}

static void a_late_answer_reaches_nobody(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_hi_late, NULL);
    const host_linux_config_t config = { .coap_requests_max = 1, .coap_answers_max = 1 };
    cg_host_t *host = host_linux_new(&config);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    struct host_coap_response *answer = NULL;
    assert_int_equal(get(&call, fake.port, 100, &answer), CG_COAP_ERR_TIMEOUT);
    assert_null(answer);
    assert_int_equal(get_with_patience(&call, fake.port, 5000, &answer), 0);
    uint8_t bytes[8];
    cg_buffer_t data = { .bytes = bytes, .capacity = sizeof bytes };
    assert_int_equal(host_coap_payload(&call, answer, 0, &data), 0);
    assert_memory_equal(bytes, "hi", 2);
    host_coap_response_release(host, answer);
    fake_sleep_ms(50);
    assert_int_equal(get(&call, fake.port, 5000, &answer), 0); /* the late one took no room */
    host_coap_response_release(host, answer);
    host_linux_free(host);
    fake_end(&fake);
}

static void say_hi_after_a_while(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    const struct timespec pause = { .tv_nsec = (long)(nth % 32) * 30000 };
    (void)nanosleep(&pause, NULL);
    say_hi(fake, m, nth);
}

/* The guest gives up in the very moment in which the answer comes: whoever is first, nothing is lost or counted twice. */
static void giving_up_as_the_answer_comes_leaves_nothing(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_hi_after_a_while, NULL);
    const host_linux_config_t config = { .coap_requests_max = 2, .coap_answers_max = 2 };
    cg_host_t *host = host_linux_new(&config);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    for (unsigned i = 0; i < 600; i++) {
        struct host_coap_response *answer = NULL;
        const int result = get_with_patience(&call, fake.port, 1, &answer);
        assert_true(result == 0 || result == CG_COAP_ERR_TIMEOUT);
        if (result == 0) {
            host_coap_response_release(host, answer);
        }
    }
    host_linux_free(host);
    fake_end(&fake);
}

static void a_host_can_end_while_an_answer_is_on_its_way(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_hi_late, NULL);
    for (unsigned i = 0; i < 5; i++) {
        cg_host_t *host = host_linux_new(NULL);
        struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
        struct host_coap_response *answer = NULL;
        (void)get(&call, fake.port, 1, &answer);
        host_linux_free(host);
    }
    fake_end(&fake);
}

/* ---- quotas ---- */

static void requests_under_way_are_limited(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_nothing, NULL);
    const host_linux_config_t config = { .coap_requests_max = 2 };
    cg_host_t *host = host_linux_new(&config);
    static job_t jobs[2];
    for (size_t i = 0; i < COUNT(jobs); i++) {
        jobs[i] = (job_t){ .call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX }, .port = fake.port, .timeout = 60000 };
        assert_int_equal(pthread_create(&jobs[i].thread, NULL, do_job, &jobs[i]), 0);
    }
    await_requests(&fake, 2);
    struct cg_guest call = { .host = host, .name = "third", .deadline_ms = UINT64_MAX };
    struct host_coap_response *answer = NULL;
    assert_int_equal(get(&call, fake.port, 400, &answer), CG_ERR_QUOTA);
    for (size_t i = 0; i < COUNT(jobs); i++) {
        atomic_store(&jobs[i].call.is_stopping, true);
        (void)pthread_join(jobs[i].thread, NULL);
        assert_int_equal(jobs[i].result, CG_ERR_STOPPED);
    }
    assert_int_equal(get_with_patience(&call, fake.port, 50, &answer), CG_COAP_ERR_TIMEOUT); /* there is room again */
    host_linux_free(host);
    fake_end(&fake);
}

static void open_answers_are_limited(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_hi, NULL);
    const host_linux_config_t config = { .coap_answers_max = 2 };
    cg_host_t *host = host_linux_new(&config);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    struct host_coap_response *answers[3] = { NULL };
    assert_int_equal(get(&call, fake.port, 2000, &answers[0]), 0);
    assert_int_equal(get(&call, fake.port, 2000, &answers[1]), 0);
    assert_int_equal(get(&call, fake.port, 2000, &answers[2]), CG_ERR_QUOTA);
    assert_int_equal(atomic_load(&fake.requests), 2); /* refused before it was sent */
    host_coap_response_release(host, answers[0]);
    assert_int_equal(get(&call, fake.port, 2000, &answers[0]), 0);
    host_coap_response_release(host, answers[1]);
    host_linux_free(host); /* frees the one that is left */
    fake_end(&fake);
}

/* ---- many at once ---- */

enum { GUESTS = 8, ROUNDS = 40 };

static void echo(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    const uint8_t *found = memchr(m->rest, 0xff, m->rest_size);
    const uint8_t *marker = found != NULL ? found : m->rest + m->rest_size;
    const size_t size = m->rest_size - (size_t)(marker - m->rest);
    if (nth % 3 == 0) { /* every third in two steps */
        fake_send(fake, m, FAKE_ACK, 0, m->mid, NULL, 0);
        fake_send(fake, m, FAKE_CON, 0x44, fake->next_mid++, marker, size);
    } else {
        fake_send(fake, m, FAKE_ACK, 0x44, m->mid, marker, size);
    }
}

typedef struct guest_thread {
    struct cg_guest call;
    uint16_t port;
    unsigned number, good;
    pthread_t thread;
} guest_thread_t;

static bool round_trip(guest_thread_t *g, unsigned round)
{
    char text[64], sent[32];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u/e", g->port) };
    const uint32_t size = (uint32_t)snprintf(sent, sizeof sent, "guest %u round %u", g->number, round);
    struct host_coap_response *answer = NULL;
    if (host_coap_post(&g->call, uri, CG_COAP_FORMAT_TEXT, (cg_bytes_t){ (const uint8_t *)sent, size }, 10000, &answer) != 0) {
        return false;
    }
    uint8_t bytes[64];
    cg_buffer_t data = { .bytes = bytes, .capacity = sizeof bytes };
    const bool is_good = host_coap_payload(&g->call, answer, 0, &data) == 0 && data.count == size && memcmp(bytes, sent, size) == 0;
    host_coap_response_release(g->call.host, answer);
    return is_good;
}

static void *run_guest(void *argument)
{
    guest_thread_t *g = argument;
    for (unsigned round = 0; round < ROUNDS; round++) {
        g->good += round_trip(g, round);
        struct host_coap_response *answer = NULL; /* and one that is abandoned at once, or just makes it */
        if (get(&g->call, g->port, 1, &answer) == 0) {
            host_coap_response_release(g->call.host, answer);
        }
    }
    return NULL;
}

static void guests_get_their_own_answers(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, echo, NULL);
    cg_host_t *hosts[2] = { host_linux_new(NULL), host_linux_new(NULL) };
    static guest_thread_t guests[GUESTS];
    for (unsigned i = 0; i < GUESTS; i++) {
        guests[i] = (guest_thread_t){ .call = { .host = hosts[i % 2], .name = "app", .deadline_ms = UINT64_MAX }, .port = fake.port, .number = i };
        assert_int_equal(pthread_create(&guests[i].thread, NULL, run_guest, &guests[i]), 0);
    }
    unsigned good = 0;
    for (unsigned i = 0; i < GUESTS; i++) {
        (void)pthread_join(guests[i].thread, NULL);
        good += guests[i].good;
    }
    host_linux_free(hosts[0]);
    host_linux_free(hosts[1]);
    fake_end(&fake);
    assert_int_equal(good, GUESTS * ROUNDS);
}

/* ---- nothing is left ---- */

static unsigned descriptors(void)
{
    unsigned n = 0;
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    while (readdir(dir) != NULL) {
        n++;
    }
    (void)closedir(dir);
    return n;
}

static void no_descriptor_is_left_behind(void **state)
{
    (void)state;
    fake_t fake;
    fake_start(&fake, say_nothing, NULL);
    const unsigned before = descriptors();
    for (unsigned i = 0; i < 10; i++) {
        cg_host_t *host = host_linux_new(NULL);
        struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
        struct host_coap_response *answer = NULL;
        assert_int_equal(get(&call, fake.port, 5, &answer), CG_COAP_ERR_TIMEOUT);
        assert_int_equal(get(&call, 1, 1000, &answer), CG_COAP_ERR_UNREACHABLE);
        host_linux_free(host);
    }
    assert_int_equal(descriptors(), before);
    fake_end(&fake);
}

static void a_request_that_is_over_has_no_socket(void **state)
{
    (void)state;
    fake_t fakes[2];
    fake_start(&fakes[0], say_nothing, NULL);
    fake_start(&fakes[1], say_hi, NULL);
    cg_host_t *host = host_linux_new(NULL);
    struct cg_guest call = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    unsigned before = 0;
    for (unsigned i = 0; i < 10; i++) {
        struct host_coap_response *answer = NULL;
        assert_int_equal(get(&call, fakes[0].port, 2, &answer), CG_COAP_ERR_TIMEOUT);
        assert_int_equal(get(&call, fakes[1].port, 5000, &answer), 0);
        host_coap_response_release(host, answer);
        for (unsigned n = 0; i == 0 && n < 20; n++) { /* the I/O thread has its descriptors now; requests none soon */
            fake_sleep_ms(5);
            before = descriptors();
        }
    }
    for (unsigned n = 0; n < 400 && descriptors() > before; n++) {
        fake_sleep_ms(5);
    }
    assert_int_equal(descriptors(), before);
    host_linux_free(host);
    fake_end(&fakes[0]);
    fake_end(&fakes[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_earlier_of_two_ends_counts),
        cmocka_unit_test(waiting_takes_no_processor_time),
        cmocka_unit_test(a_waiting_guest_can_be_stopped),
        cmocka_unit_test(an_absent_server_is_known_at_once),
        cmocka_unit_test(what_is_no_address_is_unreachable),
        cmocka_unit_test(a_late_answer_reaches_nobody),
        cmocka_unit_test(giving_up_as_the_answer_comes_leaves_nothing),
        cmocka_unit_test(a_host_can_end_while_an_answer_is_on_its_way),
        cmocka_unit_test(requests_under_way_are_limited),
        cmocka_unit_test(open_answers_are_limited),
        cmocka_unit_test(guests_get_their_own_answers),
        cmocka_unit_test(no_descriptor_is_left_behind),
        cmocka_unit_test(a_request_that_is_over_has_no_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
