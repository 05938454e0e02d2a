/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_test.c - the CoAP client against a server that answers as it is told: what becomes of every kind of answer. Requests are in
 * coap_wire_test.c, the real server is in coap_server_test.c, time and threads are in coap_wait_test.c. */
#include "coap_fixture.h"

#include <string.h>

/* ---- answers ---- */

static void say_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_ACK, 0x45, m->mid, REST("\xc0\xff" "hi"));
}

static void separate(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_ACK, 0, m->mid, NULL, 0);
    fake_sleep_ms(30);
    fake_send(fake, m, FAKE_CON, 0x45, fake->next_mid++, REST("\xff" "hi"));
}

static void separate_without_ack(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_CON, 0x45, fake->next_mid++, REST("\xff" "hi"));
}

static void non_confirmable(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_NON, 0x45, fake->next_mid++, REST("\xff" "hi"));
}

static void answer_only_the_second(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    if (nth == 2) {
        say_hi(fake, m, nth);
    }
}

static void reset(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_RST, 0, m->mid, NULL, 0);
}

static void say_nothing(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)fake, (void)m, (void)nth;
}

static void only_acknowledge(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_ACK, 0, m->mid, NULL, 0);
}

/* Datagrams that are no CoAP messages, or none that answers. */
static void garbage(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    static const struct {
        const char *bytes;
        size_t size;
    } all[] = {
        { REST("") }, { REST("\x60") }, { REST("\x60\x45\x00") }, { REST("\x00\x45\x00\x00") }, { REST("\xff\xff\xff\xff\xff\xff\xff\xff") },
        { REST("\x6f\x45\x00\x00") }, { REST("\x69\x45\x00\x00" "123456789") }, { REST("\x68\x45\x00\x00" "1234567") }, { REST("\x60\x00\x00\x00\xff") },
        { REST("\x60\x45\x00\x00\xf0") }, { REST("\x60\x45\x00\x00\xdd") }, { REST("\x60\x45\x00\x00\xee\xff\xff\xff\xff") }, { REST("\x60\x45\x00\x00\x0f") },
        { REST("\x41\x01\x00\x01" "t\xb1" "x") }, { REST("\x40\x00\x12\x34") }, { REST("\x40\xe1\x12\x35") }, { REST("\x40\x20\x12\x36") }, { REST("\x50\x1f\x12\x37") },
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        fake_send_raw(fake, m, all[i].bytes, all[i].size);
    }
}

static void garbage_then_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    garbage(fake, m, nth);
    say_hi(fake, m, nth);
}

static const uint8_t other_token[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };

static void another_token(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_message_t other = *m;
    other.token = other_token;
    fake_send(fake, &other, FAKE_ACK, 0x45, m->mid, REST("\xff" "no"));
}

static void another_token_then_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    fake_message_t other = *m;
    other.token = other_token;
    fake_send(fake, &other, FAKE_CON, 0x45, fake->next_mid++, REST("\xff" "no"));
    fake_send(fake, &other, FAKE_NON, 0x45, fake->next_mid++, REST("\xff" "no"));
    other.token = m->token;
    other.token_size = 7;
    fake_send(fake, &other, FAKE_CON, 0x45, fake->next_mid++, REST("\xff" "no"));
    fake_sleep_ms(20);
    say_hi(fake, m, nth);
}

static void a_reset_of_another_then_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    fake_send(fake, m, FAKE_RST, 0, (uint16_t)(m->mid + 1), NULL, 0);
    say_hi(fake, m, nth);
}

static void say_hi_three_times(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    for (unsigned i = 0; i < 3; i++) {
        say_hi(fake, m, nth);
        fake_send(fake, m, FAKE_CON, 0x45, 0x4242, REST("\xff" "hi"));
    }
}

#define SAY(name, code, rest)                                                       \
    static void name(fake_t *fake, const fake_message_t *m, unsigned nth)          \
    {                                                                               \
        (void)nth;                                                                  \
        fake_send(fake, m, FAKE_ACK, code, m->mid, REST(rest));                     \
    }

SAY(not_found, 0x84, "")
SAY(unavailable, 0xa3, "\xff" "later")
SAY(redirected, 0x61, "\xff" "x")
SAY(of_class_6, 0xc0, "\xff" "x")
SAY(a_request_as_answer, 0x01, "\xff" "x")
SAY(cbor, 0x45, "\xc1\x3c\xff\xa0")
SAY(a_format_of_three_bytes, 0x45, "\xc3\x01\x02\x03\xff" "hi")
SAY(the_only_block, 0x45, "\xd1\x0a\x06\xff" "hi")
SAY(the_first_block, 0x45, "\xd1\x0a\x0e\xff" "hi")
SAY(the_second_block, 0x45, "\xd1\x0a\x16\xff" "hi")
SAY(an_unknown_critical_option, 0x45, "\xd1\x00\x01\xff" "hi")
SAY(a_marker_without_payload, 0x45, "\xff")
SAY(empty_content, 0x45, "")

static void fill(fake_t *fake, const fake_message_t *m, size_t options, size_t size)
{
    uint8_t rest[FAKE_DATAGRAM_MAX];
    size_t at = 0;
    for (size_t i = 0; i < options; i++) { /* elective options of 200 bytes: Location-Path, the first at 8 */
        rest[at++] = i == 0 ? 0x8d : 0x0d;
        rest[at++] = 200 - 13;
        memset(rest + at, 'p', 200);
        at += 200;
    }
    rest[at++] = 0xff;
    memset(rest + at, 'h', size);
    fake_send(fake, m, FAKE_ACK, 0x45, m->mid, rest, at + size);
}

#define FILL(name, options, size)                                                   \
    static void name(fake_t *fake, const fake_message_t *m, unsigned nth)          \
    {                                                                               \
        (void)nth;                                                                  \
        fill(fake, m, options, size);                                               \
    }

FILL(bytes_1024, 0, 1024)
FILL(bytes_1025, 0, 1025)
FILL(bytes_1500, 0, 1500)
FILL(bytes_2000, 0, 2000)
FILL(bytes_1024_behind_options, 2, 1024) /* 4 + 8 + 404 + 1 + 1024 = 1441 */
FILL(bytes_that_are_cut_off, 3, 1000)    /* 4 + 8 + 606 + 1 + 1000 = 1619: 853 arrive */

typedef struct answer_case {
    const char *name;
    fake_script_t *script;
    uint32_t timeout_ms;
    int result; /* 0: the rest holds */
    uint8_t code;
    cg_coap_format_t content;
    uint16_t size;
    unsigned acks, resets; /* that the server must have got */
} answer_case_t;

enum { NONE = CG_COAP_FORMAT_NONE, TIMEOUT = CG_COAP_ERR_TIMEOUT, TOO_LARGE = CG_COAP_ERR_TOO_LARGE, PROTOCOL = CG_COAP_ERR_PROTOCOL };

static const answer_case_t answer_cases[] = {
    { "an answer with the acknowledgement", say_hi, 2000, 0, 0x45, 0, 2, 0, 0 },
    { "a separate answer, which is acknowledged", separate, 2000, 0, 0x45, NONE, 2, 1, 0 },
    { "a separate answer, the acknowledgement lost", separate_without_ack, 2000, 0, 0x45, NONE, 2, 1, 0 },
    { "a non-confirmable answer", non_confirmable, 2000, 0, 0x45, NONE, 2, 0, 0 },
    { "the first request was lost", answer_only_the_second, 6000, 0, 0x45, 0, 2, 0, 0 },
    { "4.04 is an answer", not_found, 2000, 0, 0x84, NONE, 0, 0, 0 },
    { "5.03 is an answer", unavailable, 2000, 0, 0xa3, NONE, 5, 0, 0 },
    { "2.05 without payload", empty_content, 2000, 0, 0x45, NONE, 0, 0, 0 },
    { "a format", cbor, 2000, 0, 0x45, 60, 1, 0, 0 },
    { "a format of three bytes is malformed", a_format_of_three_bytes, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "the only block of one", the_only_block, 2000, 0, 0x45, NONE, 2, 0, 0 },
    { "the first block of several", the_first_block, 2000, TOO_LARGE, 0, 0, 0, 0, 0 },
    { "the second block, never asked for", the_second_block, 2000, TOO_LARGE, 0, 0, 0, 0, 0 },
    { "the longest payload", bytes_1024, 2000, 0, 0x45, NONE, 1024, 0, 0 },
    { "one byte more", bytes_1025, 2000, TOO_LARGE, 0, 0, 0, 0, 0 },
    { "more than libcoap reads", bytes_1500, 2000, TOO_LARGE, 0, 0, 0, 0, 0 },
    { "much more than libcoap reads", bytes_2000, 2000, TOO_LARGE, 0, 0, 0, 0, 0 },
    { "the longest payload behind long options", bytes_1024_behind_options, 2000, 0, 0x45, NONE, 1024, 0, 0 },
    { "a payload that options push out of what is read", bytes_that_are_cut_off, 2000, TOO_LARGE, 0, 0, 0, 0, 0 },
    { "a reset", reset, 2000, PROTOCOL, 0, 0, 0, 0, 0 },
    { "a code of class 3", redirected, 2000, PROTOCOL, 0, 0, 0, 0, 0 },
    { "a code of class 6", of_class_6, 2000, PROTOCOL, 0, 0, 0, 0, 0 },
    { "our message acknowledged with another's answer", another_token, 2000, PROTOCOL, 0, 0, 0, 0, 0 },
    { "another's answers, which are reset, then ours", another_token_then_hi, 2000, 0, 0x45, 0, 2, 0, 2 },
    { "another's reset, then our answer", a_reset_of_another_then_hi, 2000, 0, 0x45, 0, 2, 0, 0 },
    { "the answer six times", say_hi_three_times, 2000, 0, 0x45, 0, 2, 0, 0 },
    { "silence", say_nothing, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "an acknowledgement, then silence", only_acknowledge, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "a request as answer", a_request_as_answer, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "an unknown critical option is not understood, so not an answer", an_unknown_critical_option, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "a payload marker without payload is malformed", a_marker_without_payload, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "garbage", garbage, 150, TIMEOUT, 0, 0, 0, 0, 0 },
    { "garbage, then the answer", garbage_then_hi, 2000, 0, 0x45, 0, 2, 0, 0 },
};

static void check_answer(const answer_case_t *c, setting_t *s, struct host_coap_response *answer)
{
    uint8_t code = 0, bytes[1024];
    cg_coap_format_t content = 0;
    cg_buffer_t data = { .bytes = bytes, .capacity = sizeof bytes };
    assert_int_equal(host_coap_code(&s->call, answer, &code), 0);
    assert_int_equal(host_coap_content(&s->call, answer, &content), 0);
    assert_int_equal(host_coap_payload(&s->call, answer, 0, &data), 0);
    if (code != c->code || content != c->content || data.count != c->size || (c->size >= 2 && c->code == 0x45 && bytes[0] != 'h')) {
        fail_msg("%s: code %u, content %u, %u bytes", c->name, code, content, data.count);
    }
    host_coap_response_release(s->host, answer);
}

static void every_kind_of_answer_has_its_result(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(answer_cases); i++) {
        const answer_case_t *c = &answer_cases[i];
        setting_t s;
        begin(&s, c->script, NULL);
        struct host_coap_response *answer = NULL;
        const uint64_t before_ms = host_linux_now_ms();
        const int result = ask(&s, "get", "/x", NONE, (cg_bytes_t){ (const uint8_t *)"", 0 }, c->timeout_ms, &answer);
        const uint64_t took_ms = host_linux_now_ms() - before_ms;
        if (result != c->result || took_ms > c->timeout_ms + 1000 || (result == TIMEOUT && took_ms < c->timeout_ms) || (answer != NULL) != (result == 0)) {
            fail_msg("%s: result %d after %u ms", c->name, result, (unsigned)took_ms);
        }
        if (result == 0) {
            check_answer(c, &s, answer);
        }
        for (unsigned n = 0; n < 100 && (atomic_load(&s.fake.acks) < c->acks || atomic_load(&s.fake.resets) < c->resets); n++) {
            fake_sleep_ms(10);
        }
        if (atomic_load(&s.fake.acks) < c->acks || atomic_load(&s.fake.resets) < c->resets) {
            fail_msg("%s: %u acknowledgements, %u resets", c->name, atomic_load(&s.fake.acks), atomic_load(&s.fake.resets));
        }
        end(&s);
    }
}

/* ---- payloads in parts ---- */

static void payloads_are_read_in_parts(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t offset;
        uint32_t capacity;
        int result;
        const char *bytes;
    } cases[] = {
        { "whole", 0, 2, 0, "hi" },
        { "with room to spare", 0, 9, 0, "hi" },
        { "too small", 0, 1, CG_ERR_SPACE, "" },
        { "the second byte", 1, 1, 0, "i" },
        { "at the end", 2, 0, 0, "" },
        { "behind the end", 3, 9, 0, "" },
        { "far behind the end", 65535, 9, 0, "" },
        { "nothing fits into nothing", 1, 0, CG_ERR_SPACE, "" },
    };
    setting_t s;
    begin(&s, say_hi, NULL);
    struct host_coap_response *answer = NULL;
    assert_int_equal(ask(&s, "get", "/x", NONE, (cg_bytes_t){ (const uint8_t *)"", 0 }, 2000, &answer), 0);
    for (size_t i = 0; i < COUNT(cases); i++) {
        uint8_t bytes[9] = { 0 };
        cg_buffer_t data = { .bytes = bytes, .capacity = cases[i].capacity };
        const int result = host_coap_payload(&s.call, answer, cases[i].offset, &data);
        if (result != cases[i].result || data.count != strlen(cases[i].bytes) || memcmp(bytes, cases[i].bytes, data.count) != 0) {
            fail_msg("%s: result %d, %u bytes", cases[i].name, result, data.count);
        }
    }
    char text[8];
    assert_string_equal(host_linux_describe(s.host, "coap.response", answer, text, sizeof text), "2.05");
    end(&s); /* the answer is still open: the host frees it */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_answer_has_its_result),
        cmocka_unit_test(payloads_are_read_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
