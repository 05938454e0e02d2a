/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/text_test.c - texts: UTF-8 in its shortest form, no surrogates, nothing above U+10FFFF, no NUL; the same for guests and for hosts. */
#include "rig.h"

#include <stdlib.h>
#include <string.h>

typedef struct text_case {
    const char *name;
    const char *bytes;
    uint32_t size;
    bool is_good;
} text_case_t;

#define T(text) (text), (uint32_t)(sizeof(text) - 1)

static const text_case_t cases[] = {
    {"nothing", T(""), true},
    {"plain letters", T("plain"), true},
    {"control characters other than NUL", T("\x01\x1f\x7f\t\n"), true},
    {"two bytes, the first there is", T("\xc2\x80"), true},
    {"two bytes, the last", T("\xdf\xbf"), true},
    {"three bytes, the first", T("\xe0\xa0\x80"), true},
    {"three bytes, the last before the surrogates", T("\xed\x9f\xbf"), true},
    {"three bytes, the first behind the surrogates", T("\xee\x80\x80"), true},
    {"three bytes, the last", T("\xef\xbf\xbf"), true},
    {"four bytes, the first", T("\xf0\x90\x80\x80"), true},
    {"four bytes, U+10FFFF", T("\xf4\x8f\xbf\xbf"), true},
    {"a byte order mark", T("\xef\xbb\xbf" "a"), true},
    {"letters of all lengths", T("a\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80z"), true},
    {"a NUL", T("\0"), false},
    {"a NUL in the middle", T("ab\0cd"), false},
    {"a NUL behind", T("abcdefgh\0"), false},
    {"a byte that only goes on", T("\x80"), false},
    {"the last byte that only goes on", T("a\xbf"), false},
    {"NUL in two bytes", T("\xc0\x80"), false},
    {"a slash in two bytes", T("\xc0\xaf"), false},
    {"the longest of too long in two bytes", T("\xc1\xbf"), false},
    {"too long in three bytes", T("\xe0\x80\x80"), false},
    {"the longest of too long in three bytes", T("\xe0\x9f\xbf"), false},
    {"too long in four bytes", T("\xf0\x80\x80\x80"), false},
    {"the longest of too long in four bytes", T("\xf0\x8f\xbf\xbf"), false},
    {"the first surrogate", T("\xed\xa0\x80"), false},
    {"the last surrogate", T("\xed\xbf\xbf"), false},
    {"a pair of surrogates", T("\xed\xa0\xbd\xed\xb8\x80"), false},
    {"U+110000", T("\xf4\x90\x80\x80"), false},
    {"U+140000", T("\xf5\x80\x80\x80"), false},
    {"five bytes", T("\xf8\x88\x80\x80\x80"), false},
    {"six bytes", T("\xfc\x84\x80\x80\x80\x80"), false},
    {"FE", T("\xfe"), false},
    {"FF", T("\xff"), false},
    {"half of two bytes", T("\xc3"), false},
    {"half of two bytes, then a letter", T("\xc3" "a"), false},
    {"two of three bytes", T("\xe2\x82"), false},
    {"two of three bytes, then a letter", T("\xe2\x82" "a"), false},
    {"three of four bytes", T("\xf0\x9f\x98"), false},
    {"three of four bytes, then a letter", T("\xf0\x9f\x98" "a"), false},
    {"one byte too many", T("\xc3\xa4\x80"), false},
    {"Latin-1", T("gr\xfc\xdf"), false},
};

/* From memory that ends with the text, so that a byte read too far is caught. */
static bool is_text(rig_t *rig, const char *bytes, uint32_t size)
{
    uint8_t *from = malloc(size == 0 ? 1 : size);
    char *to = malloc(size + 1);
    assert_true(from != NULL && to != NULL);
    memcpy(from, bytes, size);
    const bool is_good = cg_text(&rig->guest, from, size, to);
    assert_memory_equal(to, bytes, size);
    assert_int_equal(to[size], '\0');
    assert_int_equal(rig_why(rig), is_good ? 0 : CG_ERR_FORMAT);
    cg_text_buffer_t buffer = {to, size, size};
    assert_int_equal(cg_host_text(&rig->guest, &buffer), is_good);
    assert_int_equal(rig_why(rig), is_good ? 0 : CG_ERR_HOST);
    buffer.capacity = size - 1;
    assert_true(size == 0 || !cg_host_text(&rig->guest, &buffer));
    (void)rig_why(rig);
    free(from);
    free(to);
    return is_good;
}

static void known_texts(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (is_text(&rig, cases[i].bytes, cases[i].size) != cases[i].is_good) {
            fail_msg("%s", cases[i].name);
        }
        char behind[32]; /* the same, where words of eight bytes are looked at */
        memset(behind, 'x', sizeof behind);
        memcpy(behind + 9, cases[i].bytes, cases[i].size);
        assert_int_equal(is_text(&rig, behind, 9 + cases[i].size), cases[i].is_good);
        assert_int_equal(is_text(&rig, behind, sizeof behind), cases[i].is_good);
    }
    rig_close(&rig);
}

static void a_bad_byte_in_each_place_of_each_length(void **state)
{
    (void)state;
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    static const char bad[] = {'\0', '\x80', '\xff', '\xc3', '\xed'};
    char text[17];
    memset(text, 'a', sizeof text);
    for (uint32_t size = 0; size <= sizeof text; size++) {
        assert_true(is_text(&rig, text, size));
        for (uint32_t at = 0; at < size; at++) {
            for (size_t i = 0; i < sizeof bad; i++) {
                text[at] = bad[i];
                assert_false(is_text(&rig, text, size));
            }
            text[at] = 'a';
        }
    }
    rig_close(&rig);
}

/* Every sequence of up to three bytes against the definition: encode every code point, and nothing else is text. */
static void every_short_sequence(void **state)
{
    (void)state;
    static uint8_t good[1 << 24];
    rig_t rig;
    rig_prepare(&rig);
    rig_open(&rig);
    for (uint32_t code = 0x800; code < 0x10000; code++) {
        if (code < 0xd800 || code > 0xdfff) {
            good[(0xe0u | code >> 12) << 16 | (0x80u | (code >> 6 & 0x3f)) << 8 | (0x80u | (code & 0x3f))] = 1;
        }
    }
    for (uint32_t first = 0x80; first < 0x100; first++) { /* shorter ones first in line are in the table above */
        for (uint32_t rest = 0; rest < 0x10000; rest++) {
            const uint8_t bytes[3] = {(uint8_t)first, (uint8_t)(rest >> 8), (uint8_t)rest};
            const bool is_two = first >= 0xc2 && first < 0xe0 && bytes[1] >> 6 == 2;
            const bool wanted = good[first << 16 | rest] != 0 || (is_two && bytes[2] > 0 && bytes[2] < 0x80);
            char to[4];
            const bool got = cg_text(&rig.guest, bytes, 3, to);
            if (got != wanted) {
                fail_msg("%02x %02x %02x", bytes[0], bytes[1], bytes[2]);
            }
        }
    }
    (void)rig_why(&rig);
    rig_close(&rig);
}

static void hosts_set_texts_and_bytes(void **state)
{
    (void)state;
    char text[4] = "....";
    uint8_t bytes[4] = {9, 9, 9, 9};
    cg_text_buffer_t to = {text, 3, 0};
    cg_buffer_t buffer = {bytes, 3, 0};
    assert_int_equal(cg_text_set(&to, "abcd"), CG_ERR_SPACE);
    assert_memory_equal(text, "....", 4);
    assert_int_equal(cg_text_set(&to, "abc"), CG_OK);
    assert_true(to.count == 3 && memcmp(text, "abc.", 4) == 0);
    assert_int_equal(cg_text_set(&to, ""), CG_OK);
    assert_int_equal(to.count, 0);
    assert_int_equal(cg_buffer_set(&buffer, "\1\2\3\4", 4), CG_ERR_SPACE);
    assert_int_equal(bytes[0], 9);
    assert_int_equal(cg_buffer_set(&buffer, "\1\2\3", 3), CG_OK);
    assert_true(buffer.count == 3 && bytes[2] == 3 && bytes[3] == 9);
    assert_int_equal(cg_buffer_set(&buffer, NULL, 0), CG_OK);
    assert_int_equal(buffer.count, 0);
    assert_int_equal(cg_buffer_set(&buffer, bytes, (size_t)UINT32_MAX + 1), CG_ERR_SPACE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts),
        cmocka_unit_test(a_bad_byte_in_each_place_of_each_length),
        cmocka_unit_test(every_short_sequence),
        cmocka_unit_test(hosts_set_texts_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
