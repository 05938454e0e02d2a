/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_wire_test.c - the CoAP client: which URIs it takes, and what its requests are on the wire. */
#include "coap_fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uris_are_literal_or_refused),
        cmocka_unit_test(uris_have_at_most_255_bytes),
        cmocka_unit_test(requests_are_what_they_should_be),
        cmocka_unit_test(the_longest_request_is_sent_whole),
        cmocka_unit_test(tokens_and_message_ids_do_not_repeat),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
