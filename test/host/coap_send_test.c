/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_send_test.c - requests that a guest does not wait for: exactly one event each, the answer taken once, called off by closing. */
#include "coap_serve_fixture.h"

#include <stdio.h>
#include <string.h>

static const cg_bytes_t nothing = { (const uint8_t *)"", 0 };

static int send_to(struct cg_guest *guest, uint16_t port, uint32_t timeout, struct host_coap_exchange **exchange)
{
    char text[64];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u/x", port) };
    return host_coap_send(guest, uri, CG_COAP_VERB_GET, CG_COAP_FORMAT_NONE, nothing, timeout, exchange);
}

static void say_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_ACK, 0x45, m->mid, "\xffhi", 3);
}

static void say_nothing(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)fake, (void)m, (void)nth;
}

static void say_hi_late(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    fake_sleep_ms(100);
    say_hi(fake, m, nth);
}

static void reset(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_RST, 0, m->mid, NULL, 0);
}

static void an_answer_is_told_and_taken_once(void **state)
{
    (void)state;
    serving_t s;
    fake_t fake;
    struct host_coap_exchange *exchange = NULL;
    struct host_coap_response *answer = NULL;
    serving_begin(&s, 0);
    fake_start(&fake, say_hi_late, NULL);
    const uint64_t before_ms = host_linux_now_ms();
    assert_int_equal(send_to(&s.guest, fake.port, 5000, &exchange), 0);
    assert_int_equal(host_coap_answer(&s.guest, exchange, &answer), CG_COAP_ERR_PENDING);
    assert_true(host_linux_now_ms() - before_ms < 90); /* does not wait */
    await(&coap_posts.answered, 1);
    assert_int_equal(atomic_load(&coap_posts.code), 0x45);
    assert_int_equal(host_coap_answer(&s.guest, exchange, &answer), 0);
    uint8_t bytes[8];
    cg_buffer_t data = { .bytes = bytes, .capacity = sizeof bytes };
    assert_int_equal(host_coap_payload(&s.guest, answer, 0, &data), 0);
    assert_memory_equal(bytes, "hi", 2);
    struct host_coap_response *again = NULL;
    assert_int_equal(host_coap_answer(&s.guest, exchange, &again), CG_COAP_ERR_ABSENT);
    host_coap_exchange_release(s.host, exchange);
    host_coap_response_release(s.host, answer);
    fake_end(&fake);
    assert_int_equal(atomic_load(&coap_posts.failed), 0);
    serving_end(&s);
}

static void a_failure_is_told_and_kept(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        fake_script_t *script;
        bool is_absent;
        int error;
        cg_coap_failure_t reason;
    } cases[] = {
        { "silence", say_nothing, false, CG_COAP_ERR_TIMEOUT, CG_COAP_FAILURE_TIMEOUT },
        { "a reset", reset, false, CG_COAP_ERR_PROTOCOL, CG_COAP_FAILURE_PROTOCOL },
        { "nobody there", say_nothing, true, CG_COAP_ERR_UNREACHABLE, CG_COAP_FAILURE_UNREACHABLE },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        serving_t s;
        fake_t fake;
        struct host_coap_exchange *exchange = NULL;
        struct host_coap_response *answer = NULL;
        serving_begin(&s, 0);
        fake_start(&fake, cases[i].script, NULL);
        if (cases[i].is_absent) {
            fake_end(&fake);
        }
        assert_int_equal(send_to(&s.guest, fake.port, 300, &exchange), 0);
        await(&coap_posts.failed, 1);
        const int error = host_coap_answer(&s.guest, exchange, &answer);
        if (error != cases[i].error || atomic_load(&coap_posts.reason) != cases[i].reason || atomic_load(&coap_posts.answered) != 0) {
            fail_msg("%s: error %d, reason %d", cases[i].name, error, atomic_load(&coap_posts.reason));
        }
        host_coap_exchange_release(s.host, exchange);
        if (!cases[i].is_absent) {
            fake_end(&fake);
        }
        fake_sleep_ms(20);
        assert_int_equal(atomic_load(&coap_posts.failed), 1);
        serving_end(&s);
    }
}

static void closing_calls_off_and_nothing_is_told(void **state)
{
    (void)state;
    serving_t s;
    fake_t fake;
    serving_begin(&s, 0);
    fake_start(&fake, say_hi_late, NULL);
    for (unsigned i = 0; i < 100; i++) {
        struct host_coap_exchange *exchange = NULL;
        const int error = send_to(&s.guest, fake.port, 5000, &exchange);
        fake_sleep_ms(i % 3);
        if (error == 0) {
            host_coap_exchange_release(s.host, exchange);
        }
    }
    fake_sleep_ms(200);
    assert_int_equal(atomic_load(&coap_posts.answered) + atomic_load(&coap_posts.failed), 0);
    fake_end(&fake);
    serving_end(&s);
}

static void a_guest_has_so_many_and_another_has_its_own(void **state)
{
    (void)state;
    serving_t s;
    fake_t fake;
    struct host_coap_exchange *exchanges[9] = { NULL };
    unsigned n = 0;
    serving_begin(&s, 0);
    fake_start(&fake, say_nothing, NULL);
    while (n < 9 && send_to(&s.guest, fake.port, 5000, &exchanges[n]) == 0) {
        n++;
    }
    assert_int_equal(n, 8);
    assert_int_equal(send_to(&s.guest, fake.port, 5000, &exchanges[8]), CG_ERR_QUOTA);
    assert_int_equal(send_to(&s.other, fake.port, 5000, &exchanges[8]), 0);
    for (unsigned i = 0; i < 9; i++) {
        host_coap_exchange_release(s.host, exchanges[i]);
    }
    fake_end(&fake);
    serving_end(&s);
}

static void two_guests_of_one_host_talk_to_each_other(void **state)
{
    (void)state;
    serving_t s;
    struct host_coap_exchange *exchange = NULL;
    struct host_coap_response *answer = NULL;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "x", CG_COAP_METHOD_GET, false);
    for (unsigned i = 1; i <= 50; i++) {
        assert_int_equal(send_to(&s.other, s.port, 5000, &exchange), 0);
        await(&coap_posts.requested, i);
        assert_int_equal(serving_respond(&s, serving_accept(&s, resource), 0x45, "hi"), 0);
        await(&coap_posts.answered, i);
        assert_int_equal(host_coap_answer(&s.other, exchange, &answer), 0);
        host_coap_response_release(s.host, answer);
        host_coap_exchange_release(s.host, exchange);
    }
    serving_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_told_and_taken_once),
        cmocka_unit_test(a_failure_is_told_and_kept),
        cmocka_unit_test(closing_calls_off_and_nothing_is_told),
        cmocka_unit_test(a_guest_has_so_many_and_another_has_its_own),
        cmocka_unit_test(two_guests_of_one_host_talk_to_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
