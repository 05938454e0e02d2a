/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/uri_test.c - `format: uri`: what two readers could read differently is refused. */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

static const char *const good[] = {
    "coap://127.0.0.1:5683", "coap://127.0.0.1:5683/", "coap://127.0.0.1:5683/a", "coap://127.0.0.1:5683/a/b/c", "coap://0.0.0.0:1", "coap://255.255.255.255:65535/x",
    "coap://[::1]:5683", "coap://[::1]:5683/", "coap://[::1]:5683/temp", "coap://[::]:5683/temp", "coap://[2001:db8::1]:5683/temp", "coap://[1:2:3:4:5:6:7:8]:1/a", "coap://[1::8]:1/a",
    "coap://[1:2:3:4:5:6:7::]:1/a", "coap://[::2:3:4:5:6:7:8]:1/a", "coap://[fe80::1234:abcd]:1/a", "coap://[0:0:0:0:0:0:0:1]:1/a", "coap://[::ffff]:9/a", "coap://[a::]:9", "coaps://[::1]:5684/a",
    "http://10.0.0.1:80/index", "coap+tcp://10.0.0.1:5683/a", "a1+-.b://1.2.3.4:1/x", "x://1.2.3.4:1", "coap://1.2.3.4:10/a.b", "coap://1.2.3.4:10/.a", "coap://1.2.3.4:10/a.", "coap://1.2.3.4:10/...",
    "coap://1.2.3.4:10/..a", "coap://1.2.3.4:10/-_~!$&'()*+,;=:", "coap://1.2.3.4:10/A/B/9", "coap://1.2.3.4:10/[x]", "coap://1.2.3.4:10/a:b",
};

static const char *const bad[] = {
    "", "c", "coap", "coap:", "coap:/", "coap://", "coap:///", "://1.2.3.4:1/a", "//1.2.3.4:1/a", "/a", "a/b", "1coap://1.2.3.4:1", "+a://1.2.3.4:1", "Coap://1.2.3.4:1", "coAp://1.2.3.4:1",
    "co ap://1.2.3.4:1", "co_ap://1.2.3.4:1", "coap:1.2.3.4:1", "coap:/1.2.3.4:1", "coap://1.2.3.4", "coap://1.2.3.4/", "coap://1.2.3.4:", "coap://1.2.3.4:/", "coap://1.2.3.4:0", "coap://1.2.3.4:00",
    "coap://1.2.3.4:01", "coap://1.2.3.4:080/a", "coap://1.2.3.4:65536", "coap://1.2.3.4:99999", "coap://1.2.3.4:100000", "coap://1.2.3.4:4294967297", "coap://1.2.3.4:-1", "coap://1.2.3.4:+1",
    "coap://1.2.3.4:1a", "coap://1.2.3.4:a", "coap://1.2.3.4: 1", "coap://1.2.3.4:1 ", "coap://1.2.3:1", "coap://1.2.3.4.5:1", "coap://1.2.3.256:1", "coap://1.2.3.01:1", "coap://01.2.3.4:1",
    "coap://1.2.3.:1", "coap://.2.3.4:1", "coap://1..3.4:1", "coap://1.2.3.4444444444:1", "coap://0x7f.0.0.1:1", "coap://2130706433:1", "coap://127.1:1", "coap://localhost:1", "coap://example.org:1/a",
    "coap://a:1", "coap://1.2.3.4x:1", "coap://user@1.2.3.4:1", "coap://1.2.3.4@5.6.7.8:1", "coap://1.2.3.4:1@5.6.7.8:1", "coap://[]:1", "coap://[:]:1", "coap://[:1]:1", "coap://[1:]:1", "coap://[::1:1",
    "coap://::1]:1", "coap://::1:1", "coap://[:::1]:1", "coap://[::1::2]:1", "coap://[1:2:3:4:5:6:7]:1", "coap://[1:2:3:4:5:6:7:8:9]:1", "coap://[1:2:3:4:5:6:7:8::]:1", "coap://[::1:2:3:4:5:6:7:8]:1",
    "coap://[1:2:3:4::5:6:7:8]:1", "coap://[12345::]:1", "coap://[01::]:1", "coap://[00::]:1", "coap://[::01]:1", "coap://[::FFFF]:1", "coap://[::g]:1", "coap://[::1.2.3.4]:1", "coap://[::ffff:1.2.3.4]:1",
    "coap://[fe80::1%eth0]:1", "coap://[fe80::1%25eth0]:1", "coap://[v1.a]:1", "coap://[ ::1]:1", "coap://[::1 ]:1", "coap://[[::1]]:1", "coap://[1.2.3.4]:1", "coap://1.2.3.4:1//", "coap://1.2.3.4:1//a",
    "coap://1.2.3.4:1/a/", "coap://1.2.3.4:1/a//b", "coap://1.2.3.4:1/.", "coap://1.2.3.4:1/..", "coap://1.2.3.4:1/./a", "coap://1.2.3.4:1/../a", "coap://1.2.3.4:1/a/.", "coap://1.2.3.4:1/a/..",
    "coap://1.2.3.4:1/a/./b", "coap://1.2.3.4:1/a/../b", "coap://1.2.3.4:1/a?b", "coap://1.2.3.4:1?b", "coap://1.2.3.4:1/a#b", "coap://1.2.3.4:1#b", "coap://1.2.3.4:1/%61", "coap://1.2.3.4:1/a%",
    "coap://1.2.3.4:1/%2e%2e", "coap://1.2.3.4:1/a\\b", "coap://1.2.3.4:1\\a", "coap:\\\\1.2.3.4:1", "coap://1.2.3.4:1/a@b", "coap://1.2.3.4:1/a b", "coap://1.2.3.4:1/a\tb", "coap://1.2.3.4:1/a\n",
    "coap://1.2.3.4:1/a\x7f", "coap://1.2.3.4:1/\xc3\xa4", "coap://1.2.3.4:1/<", "coap://1.2.3.4:1/>", "coap://1.2.3.4:1/\"", "coap://1.2.3.4:1/^", "coap://1.2.3.4:1/`", "coap://1.2.3.4:1/{", "coap://1.2.3.4:1/|",
    "coap://1.2.3.4:1/}", " coap://1.2.3.4:1", "coap://1.2.3.4:1 /a", "coap://1.2.3.4:1a/a", "coap://1.2.3.4:1:2/a",
};

/* In memory that ends with the text. */
static bool is_uri(rig_t *rig, const char *text, size_t size)
{
    char *copy = malloc(size == 0 ? 1 : size);
    assert_non_null(copy);
    memcpy(copy, text, size);
    const bool is_good = cg_uri(&rig->guest, copy, (uint32_t)size);
    assert_int_equal(rig_why(rig), is_good ? 0 : CG_ERR_FORMAT);
    assert_int_equal(cg_uri_is_good(copy, (uint32_t)size), is_good);
    free(copy);
    return is_good;
}

static void the_corpus(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    assert_true(sizeof good / sizeof good[0] + sizeof bad / sizeof bad[0] >= 100);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        if (!is_uri(&rig, good[i], strlen(good[i]))) {
            fail_msg("refused: %s", good[i]);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (is_uri(&rig, bad[i], strlen(bad[i]))) {
            fail_msg("taken: %s", bad[i]);
        }
    }
    rig_close(&rig);
}

/* Any byte that is not a printing character, and the ones that have a meaning, in each place of a good URI. */
static void no_place_for_bad_bytes(void **state)
{
    (void)state;
    static const char uri[] = "coap://[2001:db8::1]:5683/a/b";
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    for (size_t at = 0; at < sizeof uri - 1; at++) {
        for (int byte = 0; byte < 256; byte++) {
            if (byte > ' ' && byte < 0x7f && strchr("%\\@?#", byte) == NULL) {
                continue;
            }
            char text[sizeof uri];
            memcpy(text, uri, sizeof uri);
            text[at] = (char)byte;
            if (is_uri(&rig, text, sizeof uri - 1)) {
                fail_msg("byte %02x at %zu", byte, at);
            }
        }
    }
    for (size_t size = 0; size < 22; size++) { /* cut anywhere before its port */
        assert_false(is_uri(&rig, uri, size < 21 ? size : 20));
    }
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_corpus), cmocka_unit_test(no_place_for_bad_bytes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
