/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_test.c - the CoAP client against a server that answers as it is told: what goes over the wire, and what becomes of every
 * kind of answer. The real server is in coap_server_test.c, time and threads in coap_wait_test.c. */
#include "coap_fake.h"
#include "coap_inner.h"
#include "double.h"

#include "cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- addresses ---- */

typedef struct uri_case {
    const char *name, *uri;
    bool is_good;
    uint16_t port;
    const char *path;
} uri_case_t;

static const uri_case_t uri_cases[] = {
    { "v6 and a path", "coap://[::1]:5683/temp", true, 5683, "temp" },
    { "v4 and a path of segments", "coap://127.0.0.1:1/a/b/c", true, 1, "a/b/c" },
    { "no path", "coap://[::1]:65535", true, 65535, "" },
    { "the root", "coap://[::1]:5683/", true, 5683, "" },
    { "a segment of three dots", "coap://[::1]:5683/...", true, 5683, "..." },
    { "nothing", "", false, 0, "" },
    { "no scheme", "[::1]:5683/x", false, 0, "" },
    { "another scheme", "coaps://[::1]:5683/x", false, 0, "" },
    { "no port", "coap://[::1]/x", false, 0, "" },
    { "an empty port", "coap://[::1]:/x", false, 0, "" },
    { "port 0", "coap://[::1]:0/x", false, 0, "" },
    { "a port with a leading zero", "coap://[::1]:05683/x", false, 0, "" },
    { "a port beyond 65535", "coap://[::1]:65536/x", false, 0, "" },
    { "a port that would wrap", "coap://[::1]:4294972979/x", false, 0, "" },
    { "a sign in the port", "coap://[::1]:+5683/x", false, 0, "" },
    { "a name", "coap://localhost:5683/x", false, 0, "" },
    { "a short v4 form", "coap://127.1:5683/x", false, 0, "" },
    { "an octal v4 form", "coap://0177.0.0.1:5683/x", false, 0, "" },
    { "a zone", "coap://[fe80::1%lo]:5683/x", false, 0, "" },
    { "no closing bracket", "coap://[::1:5683/x", false, 0, "" },
    { "a user", "coap://me@127.0.0.1:5683/x", false, 0, "" },
    { "this host of v4", "coap://0.0.0.0:5683/x", false, 0, "" },
    { "this host of v6", "coap://[::]:5683/x", false, 0, "" },
    { "v4 within v6", "coap://[::ffff:127.0.0.1]:5683/x", false, 0, "" },
    { "multicast of v4", "coap://224.0.1.187:5683/x", false, 0, "" },
    { "multicast of v6", "coap://[ff02::fd]:5683/x", false, 0, "" },
    { "broadcast", "coap://255.255.255.255:5683/x", false, 0, "" },
    { "an empty segment", "coap://[::1]:5683/a//b", false, 0, "" },
    { "two slashes", "coap://[::1]:5683//", false, 0, "" },
    { "a slash at the end", "coap://[::1]:5683/a/", false, 0, "" },
    { "a dot segment", "coap://[::1]:5683/a/./b", false, 0, "" },
    { "a dot-dot segment", "coap://[::1]:5683/a/..", false, 0, "" },
    { "a query", "coap://[::1]:5683/a?b", false, 0, "" },
    { "a fragment", "coap://[::1]:5683/a#b", false, 0, "" },
    { "an escape", "coap://[::1]:5683/%61", false, 0, "" },
    { "text behind the port", "coap://[::1]:5683x", false, 0, "" },
    { "an address too long for any", "coap://[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:5683/x", false, 0, "" },
};

static void uris_are_literal_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(uri_cases); i++) {
        const uri_case_t *c = &uri_cases[i];
        const size_t size = strlen(c->uri);
        char *exact = malloc(size != 0 ? size : 1); /* no NUL: ASan sees a read behind the end */
        assert_non_null(exact);
        memcpy(exact, c->uri, size);
        client_target_t target;
        const bool is_good = client_target_parse(&target, exact, size);
        free(exact);
        if (is_good != c->is_good || (is_good && (ntohs(target.address.v4.sin_port) != c->port || strcmp(target.path, c->path) != 0 || target.path_size != strlen(c->path)))) {
            fail_msg("%s: %d, port %u, path '%s'", c->name, is_good, ntohs(target.address.v4.sin_port), target.path);
        }
    }
}

static void uris_have_at_most_255_bytes(void **state)
{
    (void)state;
    char uri[257];
    memset(uri, 'a', sizeof uri);
    memcpy(uri, "coap://[::1]:5683/", 18);
    client_target_t target;
    assert_true(client_target_parse(&target, uri, 255));
    assert_int_equal(target.path_size, 255 - 18);
    assert_false(client_target_parse(&target, uri, 256));
}

/* ---- requests as they go over the wire ---- */

typedef struct seen {
    fake_message_t message;
    atomic_bool is_there;
} seen_t;

static void remember(fake_t *fake, const fake_message_t *request, unsigned nth)
{
    (void)nth;
    seen_t *seen = fake->context;
    seen->message = *request;
    seen->message.token = seen->message.bytes + 4;
    seen->message.rest = seen->message.token + seen->message.token_size;
    atomic_store(&seen->is_there, true);
    fake_send(fake, request, FAKE_ACK, 0x44, request->mid, NULL, 0);
}

typedef struct wire_case {
    const char *name, *method, *path;
    cg_coap_format_t content;
    const char *payload;
    uint8_t code;
    const char *rest;
    size_t rest_size;
} wire_case_t;

#define REST(text) text, sizeof(text) - 1
static const wire_case_t wire_cases[] = {
    { "GET of the root", "get", "/", CG_COAP_FORMAT_NONE, "", 1, REST("") },
    { "GET of a path", "get", "/a/temp", CG_COAP_FORMAT_NONE, "", 1, REST("\xb1" "a\x04" "temp") },
    { "POST of text", "post", "/l", CG_COAP_FORMAT_TEXT, "hi", 2, REST("\xb1" "l\x10\xff" "hi") },
    { "PUT of JSON", "put", "/t", CG_COAP_FORMAT_JSON, "{}", 3, REST("\xb1" "t\x11\x32\xff{}") },
    { "PUT of an open format of two bytes", "put", "/t", 11542, "x", 3, REST("\xb1" "t\x12\x2d\x16\xff" "x") },
    { "PUT without a format", "put", "/t", CG_COAP_FORMAT_NONE, "x", 3, REST("\xb1" "t\xff" "x") },
    { "PUT of nothing", "put", "/t", CG_COAP_FORMAT_TEXT, "", 3, REST("\xb1" "t\x10") },
    { "DELETE", "delete", "/t", CG_COAP_FORMAT_NONE, "", 4, REST("\xb1" "t") },
    { "a segment of 13 bytes", "get", "/thirteenbytes", CG_COAP_FORMAT_NONE, "", 1, REST("\xbd\x00" "thirteenbytes") },
};

typedef struct setting {
    cg_host_t *host;
    struct cg_guest call;
    fake_t fake;
} setting_t;

static void begin(setting_t *s, fake_script_t *script, void *context)
{
    s->host = host_linux_new(NULL);
    assert_non_null(s->host);
    s->call = (struct cg_guest){ .host = s->host, .name = "app", .deadline_ms = UINT64_MAX };
    fake_start(&s->fake, script, context);
}

static void end(setting_t *s)
{
    host_linux_free(s->host);
    fake_end(&s->fake);
}

static int ask(setting_t *s, const char *method, const char *path, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer)
{
    char text[256];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u%s", s->fake.port, path) };
    if (strcmp(method, "get") == 0) {
        return host_coap_get(&s->call, uri, timeout, answer);
    }
    if (strcmp(method, "delete") == 0) {
        return host_coap_delete(&s->call, uri, timeout, answer);
    }
    return (strcmp(method, "put") == 0 ? host_coap_put : host_coap_post)(&s->call, uri, content, payload, timeout, answer);
}

static void requests_are_what_they_should_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(wire_cases); i++) {
        const wire_case_t *c = &wire_cases[i];
        static seen_t seen;
        atomic_store(&seen.is_there, false);
        setting_t s;
        begin(&s, remember, &seen);
        struct host_coap_response *answer = NULL;
        const cg_bytes_t payload = { (const uint8_t *)c->payload, (uint32_t)strlen(c->payload) };
        assert_int_equal(ask(&s, c->method, c->path, c->content, payload, 2000, &answer), 0);
        host_coap_response_release(s.host, answer);
        end(&s);
        const fake_message_t *m = &seen.message;
        assert_true(atomic_load(&seen.is_there));
        if (m->bytes[0] >> 6 != 1 || m->type != FAKE_CON || m->code != c->code || m->token_size != 8 || m->rest_size != c->rest_size ||
            memcmp(m->rest, c->rest, c->rest_size) != 0) {
            fail_msg("%s: type %u, code %u, %zu bytes behind the token", c->name, m->type, m->code, m->rest_size);
        }
    }
}

static void the_longest_request_is_sent_whole(void **state)
{
    (void)state;
    static seen_t seen;
    setting_t s;
    begin(&s, remember, &seen);
    char path[233] = "/";
    for (size_t i = 1; i < sizeof path - 1; i++) {
        path[i] = i % 2 == 0 ? '/' : 'p';
    }
    path[sizeof path - 1] = '\0'; /* 116 segments of one byte: the most options that fit into a URI */
    uint8_t bytes[1024];
    memset(bytes, 0x5a, sizeof bytes);
    struct host_coap_response *answer = NULL;
    assert_int_equal(ask(&s, "put", path, 11542, (cg_bytes_t){ bytes, sizeof bytes }, 2000, &answer), 0);
    host_coap_response_release(s.host, answer);
    end(&s);
    assert_int_equal(seen.message.rest_size, 2 * 116 + 3 + 1 + 1024);
    assert_memory_equal(seen.message.rest + 2 * 116 + 4, bytes, 1024);
}

static void tokens_and_message_ids_do_not_repeat(void **state)
{
    (void)state;
    static seen_t seen;
    setting_t s;
    begin(&s, remember, &seen);
    uint8_t tokens[16][8];
    for (size_t i = 0; i < COUNT(tokens); i++) {
        struct host_coap_response *answer = NULL;
        assert_int_equal(ask(&s, "get", "/x", 0, (cg_bytes_t){ (const uint8_t *)"", 0 }, 2000, &answer), 0);
        host_coap_response_release(s.host, answer);
        memcpy(tokens[i], seen.message.token, 8);
        for (size_t k = 0; k < i; k++) {
            assert_memory_not_equal(tokens[k], tokens[i], 8);
        }
    }
    end(&s);
}

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
        cmocka_unit_test(uris_are_literal_or_refused),
        cmocka_unit_test(uris_have_at_most_255_bytes),
        cmocka_unit_test(requests_are_what_they_should_be),
        cmocka_unit_test(the_longest_request_is_sent_whole),
        cmocka_unit_test(tokens_and_message_ids_do_not_repeat),
        cmocka_unit_test(every_kind_of_answer_has_its_result),
        cmocka_unit_test(payloads_are_read_in_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
