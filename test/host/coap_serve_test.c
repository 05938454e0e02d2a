/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_serve_test.c - the CoAP server over a real socket: what guests are told, what clients get, and who answers when a guest does not. */
#include "coap_inner.h"
#include "coap_serve_fixture.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { GET = 1, POST = 2, PUT = 3, DELETE = 4, TEMP_METHODS = CG_COAP_METHOD_GET | CG_COAP_METHOD_PUT };
#define TEMP "\xb4" "temp"

static void is_rest(const fake_message_t *m, const void *rest, size_t size)
{
    assert_int_equal(m->rest_size, size);
    assert_memory_equal(m->rest, rest, size);
}

static void a_get_is_told_read_and_answered(void **state)
{
    (void)state;
    serving_t s;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", TEMP_METHODS, false);
    client_send(&s, FAKE_CON, GET, 'a', REST(TEMP "\x44" "u=c1" "\x04" "n=23"));
    await(&coap_posts.requested, 1);
    assert_int_equal(atomic_load(&coap_posts.method), CG_COAP_METHOD_GET);
    struct host_coap_request *request = serving_accept(&s, resource);
    char text[256];
    uint8_t bytes[8];
    cg_coap_method_t method;
    cg_coap_format_t format;
    cg_text_buffer_t path = { text, 255, 0 };
    assert_int_equal(host_coap_method(&s.guest, request, &method), 0);
    assert_int_equal(method, CG_COAP_METHOD_GET);
    assert_int_equal(host_coap_path(&s.guest, request, &path), 0);
    assert_memory_equal(text, "temp", 4);
    assert_int_equal(host_coap_query(&s.guest, request, &path), 0);
    assert_int_equal(path.count, 9);
    assert_memory_equal(text, "u=c1&n=23", 9);
    assert_int_equal(host_coap_format(&s.guest, request, &format), 0);
    assert_int_equal(format, CG_COAP_FORMAT_NONE);
    cg_buffer_t option = { bytes, sizeof bytes, 0 };
    assert_int_equal(host_coap_option(&s.guest, request, 15, 1, &option), 0);
    assert_memory_equal(bytes, "n=23", 4);
    assert_int_equal(host_coap_option(&s.guest, request, 15, 2, &option), CG_COAP_ERR_ABSENT);
    assert_int_equal(serving_respond(&s, request, 0x60, ""), CG_COAP_ERR_MALFORMED);
    assert_int_equal(serving_respond(&s, request, 0x45, "21.5"), 0);
    fake_message_t m;
    client_expect(&s, 0x45, &m);
    assert_int_equal(m.type, FAKE_ACK);
    assert_int_equal(m.mid, 0x1000);
    assert_int_equal(m.token[0], 'a');
    is_rest(&m, REST("\xc0\xff" "21.5"));
    serving_end(&s);
}

static void a_put_carries_its_body(void **state)
{
    (void)state;
    serving_t s;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", TEMP_METHODS, false);
    client_send(&s, FAKE_NON, PUT, 'a', REST(TEMP "\x11\x32\xff" "{\"t\":1}"));
    await(&coap_posts.requested, 1);
    struct host_coap_request *request = serving_accept(&s, resource);
    uint8_t bytes[16];
    cg_coap_format_t format;
    cg_buffer_t data = { bytes, sizeof bytes, 0 };
    assert_int_equal(host_coap_format(&s.guest, request, &format), 0);
    assert_int_equal(format, CG_COAP_FORMAT_JSON);
    assert_int_equal(host_coap_body(&s.guest, request, 1, &data), 0);
    assert_int_equal(data.count, 6);
    assert_memory_equal(bytes, "\"t\":1}", 6);
    assert_int_equal(host_coap_body(&s.guest, request, 7, &data), 0);
    assert_int_equal(data.count, 0);
    assert_int_equal(host_coap_respond(&s.guest, request, 0x44, CG_COAP_FORMAT_NONE, (cg_bytes_t){ (const uint8_t *)"", 0 }), 0);
    fake_message_t m;
    client_expect(&s, 0x44, &m);
    assert_int_equal(m.type, FAKE_NON);
    serving_end(&s);
}

typedef struct refusal_case {
    const char *name;
    uint8_t method;
    const char *rest;
    size_t rest_size;
    uint8_t code;
} refusal_case_t;

static const refusal_case_t refusal_cases[] = {
    { "an unknown path", GET, REST("\xb4" "tump"), 0x84 },
    { "the root", GET, REST(""), 0x84 },
    { "below a path that is no tree", GET, REST(TEMP "\x01" "x"), 0x84 },
    { "a tree's own path", GET, REST("\xb3" "led"), 0x84 },
    { "DELETE of what is not there", DELETE, REST("\xb4" "tump"), 0x84 },
    { "a method that is not served", POST, REST(TEMP), 0x85 },
    { "a path that is no text", GET, REST("\xb2\xff\xfe"), 0x80 },
    { "a path with a NUL", GET, REST("\xb1\x00"), 0x80 },
    { "a part of a path that holds a slash", GET, REST("\xb3" "led\x03" "a/b"), 0x80 },
    { "a part of a path that others resolve", GET, REST("\xb3" "led\x02" ".."), 0x80 },
    { "a part of a path that is one dot", GET, REST("\xb3" "led\x01" "."), 0x80 },
    { "a part of a query that holds an ampersand", GET, REST(TEMP "\x43" "a&b"), 0x80 },
    { "a query with a line end", GET, REST(TEMP "\x43" "a\nb"), 0x80 },
    { "the second block", GET, REST(TEMP "\xc1\x16"), 0x82 },
    { "the first block of several", PUT, REST(TEMP "\xd1\x03\x0e\xff" "x"), 0x8d },
    { "an unknown critical option", GET, REST(TEMP "\xd1\xff\x01"), 0x82 },
};

static void what_cannot_be_served_is_refused_by_the_host(void **state)
{
    (void)state;
    serving_t s;
    serving_begin(&s, 0);
    (void)serving_serve(&s, "temp", TEMP_METHODS, false);
    (void)serving_serve(&s, "led/*", CG_COAP_METHOD_GET, false);
    for (size_t i = 0; i < sizeof refusal_cases / sizeof refusal_cases[0]; i++) {
        const refusal_case_t *c = &refusal_cases[i];
        fake_message_t m;
        client_send(&s, FAKE_CON, c->method, (uint8_t)i, c->rest, c->rest_size);
        if (!client_take(&s, &m, 2000) || m.code != c->code) {
            fail_msg("%s: code 0x%02x", c->name, m.code);
        }
    }
    assert_int_equal(atomic_load(&coap_posts.requested), 0);
    serving_end(&s);
}

static void paths_are_good_free_and_few(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "/", "/a", "a/", "a//b", ".", "a/..", "a b", "a%20", "a?b", "a#b", "a,b", "<a>", "*", "/*", "a*" };
    serving_t s;
    serving_begin(&s, 0);
    struct host_coap_resource *made = NULL, *first = serving_serve(&s, "temp", 1, false);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(host_coap_serve(&s.guest, (cg_text_t){ bad[i], (uint32_t)strlen(bad[i]) }, 1, false, &made), CG_COAP_ERR_MALFORMED);
    }
    assert_int_equal(host_coap_serve(&s.other, (cg_text_t){ "temp", 4 }, 1, false, &made), CG_COAP_ERR_TAKEN);
    assert_int_equal(host_coap_serve(&s.other, (cg_text_t){ ".well-known/core", 16 }, 1, false, &made), CG_COAP_ERR_TAKEN);
    host_coap_resource_release(s.host, first);
    assert_int_equal(host_coap_serve(&s.other, (cg_text_t){ "temp", 4 }, 1, false, &made), 0);
    for (char name[2] = "a"; name[0] < 'a' + SERVER_RESOURCES_MAX; name[0]++) {
        (void)serving_serve(&s, name, 1, false);
    }
    assert_int_equal(host_coap_serve(&s.guest, (cg_text_t){ "z", 1 }, 1, false, &made), CG_ERR_QUOTA);
    assert_int_equal(host_coap_serve(&s.other, (cg_text_t){ "z", 1 }, 1, false, &made), 0);
    serving_end(&s);
}

static void a_tree_serves_what_is_below_and_the_longest_path_wins(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 0);
    struct host_coap_resource *tree = serving_serve(&s, "led/*", 1, false), *one = serving_serve(&s, "led/1", 1, true);
    client_send(&s, FAKE_CON, GET, 'a', REST("\xb3" "led\x01" "2"));
    await(&coap_posts.requested, 1);
    assert_int_equal(serving_respond(&s, serving_accept(&s, tree), 0x45, "2"), 0);
    client_expect(&s, 0x45, &m);
    client_send(&s, FAKE_CON, GET, 'b', REST("\xb3" "led\x01" "1"));
    await(&coap_posts.requested, 2);
    assert_int_equal(serving_respond(&s, serving_accept(&s, one), 0x45, "1"), 0);
    client_expect(&s, 0x45, &m);
    client_send(&s, FAKE_CON, GET, 'c', REST("\xbb" ".well-known\x04" "core"));
    client_expect(&s, 0x45, &m);
    is_rest(&m, REST("\xc1\x28\xff" "</led/1>;obs"));
    serving_end(&s);
}

/* ---- a guest that does not answer ---- */

static void the_host_answers_for_a_guest_that_does_not(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 1500);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, false);
    struct host_coap_request *request = NULL;
    client_send(&s, FAKE_CON, GET, 'a', REST(TEMP));
    client_send(&s, FAKE_CON, GET, 'b', REST(TEMP));
    await(&coap_posts.requested, 2);
    request = serving_accept(&s, resource);
    client_expect(&s, 0, &m); /* acknowledged after a second */
    client_expect(&s, 0, &m);
    client_expect(&s, 0xa3, &m);
    assert_int_equal(m.token[0], 'a');
    assert_int_equal(m.type, FAKE_CON);
    const uint8_t ack[4] = { 0x60, 0, (uint8_t)(m.mid >> 8), (uint8_t)m.mid };
    client_send_raw(&s, ack, sizeof ack);
    client_expect(&s, 0xa3, &m);
    assert_int_equal(m.token[0], 'b');
    assert_int_equal(serving_respond(&s, request, 0x45, "late"), CG_COAP_ERR_TIMEOUT);
    host_coap_request_release(s.host, request);
    assert_int_equal(host_coap_accept(&s.guest, resource, &request), CG_COAP_ERR_ABSENT);
    serving_end(&s);
}

static void what_is_closed_or_lost_is_answered_at_once(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 60000);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, false);
    client_send(&s, FAKE_CON, GET, 'a', REST(TEMP));
    await(&coap_posts.requested, 1);
    host_coap_request_release(s.host, serving_accept(&s, resource));
    client_expect(&s, 0xa3, &m);
    atomic_store(&coap_posts.result, CG_POST_LOST);
    client_send(&s, FAKE_CON, GET, 'b', REST(TEMP));
    client_expect(&s, 0xa3, &m);
    atomic_store(&coap_posts.result, CG_POST_QUEUED);
    client_send(&s, FAKE_CON, GET, 'c', REST(TEMP));
    await(&coap_posts.requested, 3);
    struct host_coap_request *taken = serving_accept(&s, resource);
    client_send(&s, FAKE_CON, GET, 'd', REST(TEMP));
    await(&coap_posts.requested, 4);
    host_coap_resource_release(s.host, resource);
    client_expect(&s, 0xa3, &m);
    assert_int_equal(m.token[0], 'd');
    assert_int_equal(serving_respond(&s, taken, 0x45, "yet"), 0); /* what was taken is the guest's */
    client_expect(&s, 0x45, &m);
    client_send(&s, FAKE_CON, GET, 'e', REST(TEMP));
    client_expect(&s, 0x84, &m);
    serving_end(&s);
}

static void no_more_wait_than_a_guest_may_have(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 60000);
    (void)serving_serve(&s, "temp", 1, false);
    for (unsigned i = 0; i < SERVER_REQUESTS_MAX; i++) {
        client_send(&s, FAKE_NON, GET, (uint8_t)i, REST(TEMP));
    }
    await(&coap_posts.requested, SERVER_REQUESTS_MAX);
    client_send(&s, FAKE_NON, GET, 'x', REST(TEMP));
    client_expect(&s, 0xa3, &m);
    assert_int_equal(m.token[0], 'x');
    assert_int_equal(atomic_load(&coap_posts.requested), SERVER_REQUESTS_MAX);
    serving_end(&s); /* with requests that wait */
}

static void a_request_that_comes_again_is_told_once_and_answered_again(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, false);
    for (unsigned i = 0; i < 3; i++) {
        s.number = 0x2000;
        client_send(&s, FAKE_CON, GET, 'a', REST(TEMP));
    }
    await(&coap_posts.requested, 1);
    assert_int_equal(serving_respond(&s, serving_accept(&s, resource), 0x45, "1"), 0);
    client_expect(&s, 0x45, &m);
    while (client_take(&s, &m, 100)) { }
    s.number = 0x2000;
    client_send(&s, FAKE_CON, GET, 'a', REST(TEMP));
    client_expect(&s, 0x45, &m);
    assert_int_equal(m.mid, 0x2000);
    assert_int_equal(atomic_load(&coap_posts.requested), 1);
    serving_end(&s);
}

/* What others ask meanwhile does not make the host forget: the guest runs once for each message. */
static void a_stranger_does_not_make_it_run_twice(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, false);
    const int mine = s.fd;
    s.number = 0x2000;
    client_send(&s, FAKE_CON, GET, 'a', REST(TEMP));
    await(&coap_posts.requested, 1);
    assert_int_equal(serving_respond(&s, serving_accept(&s, resource), 0x45, "1"), 0);
    client_expect(&s, 0x45, &m);
    s.fd = client_open(s.port);
    for (unsigned i = 0; i < 3 * SERVER_ANSWERED_PEER; i++) {
        client_send(&s, FAKE_CON, GET, 'b', REST(TEMP));
        await(&coap_posts.requested, 2 + i);
        assert_int_equal(serving_respond(&s, serving_accept(&s, resource), 0x45, "2"), 0);
        client_expect(&s, 0x45, &m);
    }
    assert_int_equal(close(s.fd), 0);
    s.fd = mine;
    s.number = 0x2000;
    client_send(&s, FAKE_CON, GET, 'a', REST(TEMP));
    client_expect(&s, 0x45, &m);
    is_rest(&m, REST("\xc0\xff" "1"));
    assert_int_equal(atomic_load(&coap_posts.requested), 1 + 3 * SERVER_ANSWERED_PEER);
    serving_end(&s);
}

static void garbage_does_no_harm(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, true);
    uint8_t bytes[64];
    uint32_t seed = 1;
    for (unsigned i = 0; i < 2000; i++) {
        const size_t size = i % sizeof bytes;
        for (size_t k = 0; k < size; k++) {
            seed = seed * 1664525u + 1013904223u;
            bytes[k] = (uint8_t)(seed >> 24);
        }
        bytes[0] = i % 3 != 0 ? (uint8_t)(0x40u | (bytes[0] & 0x3fu)) : bytes[0];
        bytes[1] = i % 2 != 0 ? (uint8_t)(bytes[1] % 6u) : bytes[1];
        client_send_raw(&s, bytes, size);
        fake_sleep_ms(i % 100 == 0);
    }
    while (client_take(&s, &m, 200)) { }
    client_send(&s, FAKE_NON, GET, 'z', REST(TEMP));
    await(&coap_posts.requested, 1);
    assert_int_equal(serving_respond(&s, serving_accept(&s, resource), 0x45, "ok"), 0);
    do {
        assert_true(client_take(&s, &m, 3000));
    } while (m.code != 0x45);
    serving_end(&s);
}

/* ---- the host ---- */

static void addresses_are_good_and_free(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "5683", "[::1]", "[::1]:0", "[::1]:70000", "::1:5683", "localhost:5683", "127.0.0.1:5683/", "[ff02::fd]:5683", "224.0.1.187:5683" };
    serving_t s;
    char text[32];
    struct host_coap_resource *made = NULL;
    serving_begin(&s, 0);
    cg_host_t *host = host_linux_new(NULL);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(host_linux_coap_listen(host, bad[i]), HOST_LINUX_REFUSED);
    }
    (void)snprintf(text, sizeof text, "[::1]:%u", s.port);
    assert_int_equal(host_linux_coap_listen(host, text), HOST_LINUX_REFUSED);
    assert_non_null(strstr(host_linux_problem(host), "in use"));
    struct cg_guest guest = { .host = host, .name = "app", .deadline_ms = UINT64_MAX };
    assert_int_equal(host_coap_serve(&guest, (cg_text_t){ "temp", 4 }, 1, false, &made), CG_COAP_ERR_UNREACHABLE);
    host_linux_free(host);
    serving_end(&s);
}

static void listening_takes_no_processor_time(void **state)
{
    (void)state;
    serving_t s;
    struct timespec before, after;
    serving_begin(&s, 0);
    (void)serving_serve(&s, "temp", 1, true);
    fake_sleep_ms(50);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    fake_sleep_ms(1000);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    const int64_t took_us = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
    assert_true(took_us < 20000);
    serving_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_get_is_told_read_and_answered),
        cmocka_unit_test(a_put_carries_its_body),
        cmocka_unit_test(what_cannot_be_served_is_refused_by_the_host),
        cmocka_unit_test(paths_are_good_free_and_few),
        cmocka_unit_test(a_tree_serves_what_is_below_and_the_longest_path_wins),
        cmocka_unit_test(the_host_answers_for_a_guest_that_does_not),
        cmocka_unit_test(what_is_closed_or_lost_is_answered_at_once),
        cmocka_unit_test(no_more_wait_than_a_guest_may_have),
        cmocka_unit_test(a_request_that_comes_again_is_told_once_and_answered_again),
        cmocka_unit_test(a_stranger_does_not_make_it_run_twice),
        cmocka_unit_test(garbage_does_no_harm),
        cmocka_unit_test(addresses_are_good_and_free),
        cmocka_unit_test(listening_takes_no_processor_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
