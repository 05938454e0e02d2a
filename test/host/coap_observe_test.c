/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_observe_test.c - those who observe a guest's resource: told in order, forgotten when they leave. The rest of the server is in
 * coap_serve_test.c. */
#include "coap_serve_fixture.h"

#include <string.h>

enum { GET = 1 };
#define OBSERVE_TEMP "\x60\x54" "temp"
#define FORGET_TEMP "\x61\x01\x54" "temp"

static void is_rest(const fake_message_t *m, const void *rest, size_t size)
{
    assert_int_equal(m->rest_size, size);
    assert_memory_equal(m->rest, rest, size);
}

static void tell(serving_t *s, struct host_coap_resource *resource, const char *text)
{
    assert_int_equal(host_coap_notify(&s->guest, resource, CG_COAP_FORMAT_TEXT, (cg_bytes_t){ (const uint8_t *)text, (uint32_t)strlen(text) }), 0);
}

static void observe(serving_t *s, struct host_coap_resource *resource, fake_message_t *m)
{
    const unsigned before = atomic_load(&coap_posts.requested);
    client_send(s, FAKE_CON, GET, 'o', REST(OBSERVE_TEMP));
    await(&coap_posts.requested, before + 1);
    assert_int_equal(serving_respond(s, serving_accept(s, resource), 0x45, "0"), 0);
    client_expect(s, 0x45, m);
    is_rest(m, REST("\x61\x01\x60\xff" "0"));
}

static void observers_are_told_in_order_until_they_leave(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, true);
    tell(&s, resource, "nobody hears this");
    observe(&s, resource, &m);
    for (char text[2] = "1"; text[0] <= '9'; text[0]++) {
        tell(&s, resource, text);
        client_expect(&s, 0x45, &m);
        assert_int_equal(m.type, text[0] == '1' ? FAKE_CON : FAKE_NON);
        assert_int_equal(m.token[0], 'o');
        const uint8_t rest[5] = { 0x61, (uint8_t)(text[0] - '0' + 1), 0x60, 0xff, (uint8_t)text[0] };
        is_rest(&m, rest, sizeof rest);
        if (m.type == FAKE_CON) {
            const uint8_t ack[4] = { 0x60, 0, (uint8_t)(m.mid >> 8), (uint8_t)m.mid };
            client_send_raw(&s, ack, sizeof ack);
        }
    }
    client_send(&s, FAKE_CON, GET, 'o', REST(FORGET_TEMP));
    await(&coap_posts.requested, 2);
    assert_int_equal(serving_respond(&s, serving_accept(&s, resource), 0x45, "end"), 0);
    client_expect(&s, 0x45, &m);
    is_rest(&m, REST("\xc0\xff" "end"));
    tell(&s, resource, "unheard");
    assert_false(client_take(&s, &m, 200));
    serving_end(&s);
}

static void an_observer_that_resets_or_whose_resource_goes_is_forgotten(void **state)
{
    (void)state;
    serving_t s;
    fake_message_t m;
    serving_begin(&s, 0);
    struct host_coap_resource *resource = serving_serve(&s, "temp", 1, true);
    observe(&s, resource, &m);
    tell(&s, resource, "1");
    client_expect(&s, 0x45, &m);
    const uint8_t reset[4] = { 0x70, 0, (uint8_t)(m.mid >> 8), (uint8_t)m.mid };
    client_send_raw(&s, reset, sizeof reset);
    fake_sleep_ms(100);
    tell(&s, resource, "2");
    assert_false(client_take(&s, &m, 200));
    observe(&s, resource, &m);
    host_coap_resource_release(s.host, resource);
    client_expect(&s, 0x84, &m);
    assert_int_equal(m.token[0], 'o');
    serving_end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(observers_are_told_in_order_until_they_leave),
        cmocka_unit_test(an_observer_that_resets_or_whose_resource_goes_is_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
