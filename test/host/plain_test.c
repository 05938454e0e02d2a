/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/plain_test.c - random, log, numbers and readings: the parts of the host that are tables of input and output. */
#include "double.h"
#include "inner.h"

#include "cmocka_all.h"
#include "host_log.h"
#include "host_random.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- random ---- */

static void random_fills_all_and_nothing_else(void **state)
{
    (void)state;
    static const uint32_t capacities[] = { 0, 1, 2, 255, 256 };
    struct cg_guest call = { .name = "g" };
    for (size_t i = 0; i < COUNT(capacities); i++) {
        const uint32_t n = capacities[i];
        uint8_t ever[258] = { 0 };
        for (unsigned round = 0; round < 64; round++) {
            uint8_t bytes[258];
            memset(bytes, 0xa5, sizeof bytes);
            cg_buffer_t data = { .bytes = bytes + 1, .capacity = n, .count = 77 };
            assert_int_equal(host_random_fill(&call, &data), 0);
            assert_int_equal(data.count, n);
            assert_int_equal(bytes[0], 0xa5);
            assert_int_equal(bytes[n + 1], 0xa5);
            for (uint32_t k = 0; k < n; k++) {
                ever[k] |= bytes[k + 1] ^ 0xa5u;
            }
        }
        for (uint32_t k = 0; k < n; k++) {
            assert_int_equal(ever[k], 0xff); /* each bit once differed from what was there: fails by chance once in 2^53 */
        }
    }
}

static void random_numbers_use_all_bits(void **state)
{
    (void)state;
    struct cg_guest call = { .name = "g" };
    uint32_t ones = 0, zeros = 0;
    for (unsigned i = 0; i < 64; i++) {
        const uint32_t number = host_random_u32(&call);
        ones |= number;
        zeros |= ~number;
    }
    assert_int_equal(ones, UINT32_MAX);
    assert_int_equal(zeros, UINT32_MAX);
}

/* ---- log ---- */

typedef struct log_case {
    const char *name, *text, *line;
} log_case_t;

static const log_case_t log_cases[] = {
    { "plain text is shown as it is", "it is warm", "[app] it is warm\n" },
    { "an empty text is an empty line", "", "[app] \n" },
    { "other scripts are shown as they are", "\xc3\xa4 \xe6\xb8\xa9\xe5\xba\xa6 \xf0\x9f\x8c\xa1", "[app] \xc3\xa4 \xe6\xb8\xa9\xe5\xba\xa6 \xf0\x9f\x8c\xa1\n" },
    { "a line end does not end the line", "a\nb\rc", "[app] a\\nb\\rc\n" },
    { "a tab is visible", "a\tb", "[app] a\\tb\n" },
    { "a terminal sequence is not obeyed", "\x1b[2J", "[app] \\x1b[2J\n" },
    { "the lowest and the highest of C0", "\x01\x1f", "[app] \\x01\\x1f\n" },
    { "delete", "a\x7f", "[app] a\\x7f\n" },
    { "the first of C1", "\xc2\x80", "[app] \\u0080\n" },
    { "the last of C1, a command of some terminals", "\xc2\x9f", "[app] \\u009f\n" },
    { "the character behind C1 is plain", "\xc2\xa0", "[app] \xc2\xa0\n" },
    { "the bidi embeddings and overrides", "\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad\xe2\x80\xae", "[app] \\u202a\\u202b\\u202c\\u202d\\u202e\n" },
    { "the bidi isolates", "\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9", "[app] \\u2066\\u2067\\u2068\\u2069\n" },
    { "their neighbours are plain", "\xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa", "[app] \xe2\x80\xa7\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xaa\n" },
    { "the bidi marks", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c", "[app] \\u200e\\u200f\\u061c\n" },
    { "the line and paragraph separators", "\xe2\x80\xa8\xe2\x80\xa9", "[app] \\u2028\\u2029\n" },
    { "a byte that begins nothing", "a\xff" "b\x80", "[app] a\\xffb\\x80\n" },
    { "a character that is cut off", "a\xe2\x80", "[app] a\\xe2\\x80\n" },
    { "a control in too long a form", "\xc0\x9b", "[app] \\xc0\\x9b\n" },
    { "half of a pair", "\xed\xa0\x80", "[app] \\xed\\xa0\\x80\n" },
    { "beyond the last character", "\xf4\x90\x80\x80", "[app] \\xf4\\x90\\x80\\x80\n" },
};

static void log_escapes_what_a_terminal_obeys(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(log_cases); i++) {
        lines_t lines = { .size = 0 };
        const host_linux_config_t config = { .sink = lines_take, .sink_context = &lines };
        cg_host_t *host = host_linux_new(&config);
        assert_non_null(host);
        struct cg_guest call = { .host = host, .name = "app" };
        assert_int_equal(host_log_print(&call, (cg_text_t){ log_cases[i].text, (uint32_t)strlen(log_cases[i].text) }), 0);
        host_linux_free(host);
        if (lines.count != 1 || strcmp(lines.text, log_cases[i].line) != 0) {
            fail_msg("%s: %u lines: %s", log_cases[i].name, lines.count, lines.text);
        }
    }
}

static void log_shows_the_longest_text_whole(void **state)
{
    (void)state;
    lines_t lines = { .size = 0 };
    const host_linux_config_t config = { .sink = lines_take, .sink_context = &lines };
    cg_host_t *host = host_linux_new(&config);
    char text[201], name[301];
    memset(text, 0x01, 200);
    memset(name, 'n', 300);
    text[200] = name[300] = '\0';
    struct cg_guest call = { .host = host, .name = name };
    assert_int_equal(host_log_print(&call, (cg_text_t){ text, 200 }), 0);
    host_linux_free(host);
    assert_int_equal(lines.size, 1 + 64 + 2 + 800 + 1); /* a name is cut at 64 bytes, the text never */
    assert_int_equal(lines.text[65], ']');
    assert_string_equal(lines.text + lines.size - 5, "\\x01\n");
}

static void log_cannot_be_fooled_by_a_name(void **state)
{
    (void)state;
    lines_t lines = { .size = 0 };
    const host_linux_config_t config = { .sink = lines_take, .sink_context = &lines };
    cg_host_t *host = host_linux_new(&config);
    struct cg_guest call = { .host = host, .name = "a\x1b[31m" };
    assert_int_equal(host_log_print(&call, (cg_text_t){ "x", 1 }), 0);
    host_linux_free(host);
    assert_string_equal(lines.text, "[a\\x1b[31m] x\n");
}

static void log_writes_to_standard_output(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    (void)fflush(stdout);
    const int kept = dup(STDOUT_FILENO);
    assert_int_equal(dup2(ends[1], STDOUT_FILENO), STDOUT_FILENO);
    cg_host_t *host = host_linux_new(NULL);
    struct cg_guest call = { .host = host, .name = "app" };
    const int result = host_log_print(&call, (cg_text_t){ "hello", 5 });
    host_linux_free(host);
    (void)dup2(kept, STDOUT_FILENO);
    char text[64] = "";
    assert_int_equal(read(ends[0], text, sizeof text - 1), 12);
    (void)close(kept);
    (void)close(ends[0]);
    (void)close(ends[1]);
    assert_int_equal(result, 0);
    assert_string_equal(text, "[app] hello\n");
}

/* ---- numbers ---- */

typedef struct number_case {
    const char *name, *text;
    size_t taken;
    double value;
} number_case_t;

static const number_case_t number_cases[] = {
    { "nothing", "", 0, 0 },
    { "a sign alone", "-", 0, 0 },
    { "a point alone", ".", 0, 0 },
    { "no digit in front of the point", ".5", 0, 0 },
    { "no digit behind the point", "5.", 0, 0 },
    { "zero", "0", 1, 0 },
    { "minus zero is zero", "-0", 2, 0 },
    { "a whole number", "45123", 5, 45123 },
    { "a negative one", "-40", 3, -40 },
    { "a plus", "+7", 2, 7 },
    { "two signs", "--7", 0, 0 },
    { "a fraction", "21.54", 5, 21.54 },
    { "leading zeros", "007.50", 6, 7.5 },
    { "a small fraction", "0.000125", 8, 0.000125 },
    { "an exponent", "1.5e3", 5, 1500 },
    { "a negative exponent", "15E-1", 5, 1.5 },
    { "an exponent with a plus", "2e+2", 4, 200 },
    { "an e without digits is not of the number", "12e", 2, 12 },
    { "an e with a sign only is not either", "12e-", 2, 12 },
    { "what follows is left", "12,34", 2, 12 },
    { "hexadecimal is no number", "0x10", 1, 0 },
    { "infinity is no number", "inf", 0, 0 },
    { "not-a-number is no number", "nan", 0, 0 },
    { "more digits than are kept", "12345678901234567890123", 23, 12345678901234567890123.0 },
    { "more digits of a fraction than are kept", "0.12345678901234567890123", 25, 0.12345678901234568 },
    { "the largest exponent", "1e308", 5, 1e308 },
    { "beyond every double", "1e309", 0, 0 },
    { "an exponent that would overflow an int", "1e99999999999", 0, 0 },
    { "zero with such an exponent", "0e99999999999", 13, 0 },
    { "too small for a double is zero", "1e-400", 6, 0 },
};

static void numbers_are_decimal_in_every_locale(void **state)
{
    (void)state;
    (void)setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed its decimal point is a comma */
    for (size_t i = 0; i < COUNT(number_cases); i++) {
        const number_case_t *c = &number_cases[i];
        const size_t size = strlen(c->text);
        char *text = malloc(size != 0 ? size : 1); /* exact, so that ASan sees a read behind the end */
        assert_non_null(text);
        memcpy(text, c->text, size);
        double value = 0;
        const size_t taken = host_number(text, size, &value);
        free(text);
        const double error = value - c->value, bound = c->value * 1e-15;
        if (taken != c->taken || error > (bound < 0 ? -bound : bound) || -error > (bound < 0 ? -bound : bound)) {
            fail_msg("%s: took %zu, value %.17g", c->name, taken, value);
        }
    }
    (void)setlocale(LC_ALL, "C");
}

/* ---- readings ---- */

typedef struct phydat_case {
    const char *name;
    double values[3];
    uint8_t dims;
    int8_t scale;
    bool is_good;
    int16_t val[3];
    int8_t result_scale;
} phydat_case_t;

static const phydat_case_t phydat_cases[] = {
    { "a temperature in hundredths", { 21.54 }, 1, -2, true, { 2154 }, -2 },
    { "the unused values are zero", { 1, 2, 3 }, 1, 0, true, { 1, 0, 0 }, 0 },
    { "three values", { 0.5, -0.5, 1 }, 3, -1, true, { 5, -5, 10 }, -1 },
    { "a half is rounded up", { 0.5 }, 1, 0, true, { 1 }, 0 },
    { "a negative half is rounded down", { -0.5 }, 1, 0, true, { -1 }, 0 },
    { "below a half is rounded to zero", { 0.4 }, 1, 0, true, { 0 }, 0 },
    { "a coarse scale", { 1250 }, 1, 2, true, { 13 }, 2 },
    { "the largest that fits", { 32767 }, 1, 0, true, { 32767 }, 0 },
    { "one more shrinks", { 32768 }, 1, 0, true, { 3277 }, 1 },
    { "the smallest that RIOT leaves alone", { -32767 }, 1, 0, true, { -32767 }, 0 },
    { "RIOT shrinks -32768 although it fits", { -32768 }, 1, 0, true, { -3277 }, 1 },
    { "the last that one power of ten saves", { 327674 }, 1, 0, true, { 32767 }, 1 },
    { "the first that needs two", { 327675 }, 1, 0, true, { 3277 }, 2 },
    { "all shrink with the largest", { 100000, 2000000, 30000000 }, 3, 0, true, { 100, 2000, 30000 }, 3 },
    { "rounded once, not at each power", { 4444500 }, 1, 0, true, { 4445 }, 3 },
    { "not 32767.5 by way of two roundings", { 32767499 }, 1, 0, true, { 32767 }, 3 },
    { "a pressure in pascal", { 101325 }, 1, 0, true, { 10133 }, 1 },
    { "beyond every scale", { 1e30 }, 1, 0, false, { 0 }, 0 },
    { "infinite", { 1e308 }, 1, -20, false, { 0 }, 0 },
    { "large in a small scale", { 1e18 }, 1, 0, true, { 10000 }, 14 },
    { "nothing at all", { 0 }, 1, -20, true, { 0 }, -20 },
};

static void readings_fit_as_riot_fits_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(phydat_cases); i++) {
        const phydat_case_t *c = &phydat_cases[i];
        cg_saul_phydat_t data = { .val = { 99, 99, 99 }, .scale = 99 };
        const bool is_good = host_phydat(&data, c->values, c->dims, c->scale);
        if (is_good != c->is_good || (is_good && (memcmp(data.val, c->val, sizeof c->val) != 0 || data.scale != c->result_scale))) {
            fail_msg("%s: %d, %d %d %d scale %d", c->name, is_good, data.val[0], data.val[1], data.val[2], data.scale);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_fills_all_and_nothing_else),
        cmocka_unit_test(random_numbers_use_all_bits),
        cmocka_unit_test(log_escapes_what_a_terminal_obeys),
        cmocka_unit_test(log_shows_the_longest_text_whole),
        cmocka_unit_test(log_cannot_be_fooled_by_a_name),
        cmocka_unit_test(log_writes_to_standard_output),
        cmocka_unit_test(numbers_are_decimal_in_every_locale),
        cmocka_unit_test(readings_fit_as_riot_fits_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
