/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/escape_test.c - texts of descriptions cannot leave the comment or the string they are put into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "world.h"

typedef struct escaping {
    const char *name; /* as a sentence */
    must_escape_t mode;
    const char *text;
    const char *wanted;
} escaping_t;

#define NONE MUST_ESCAPE_NONE
#define HTML MUST_ESCAPE_HTML
#define COMMENT MUST_ESCAPE_C_COMMENT
#define STRING MUST_ESCAPE_C_STRING
#define MARKDOWN MUST_ESCAPE_MARKDOWN

static const escaping_t cases[] = {
    {"none changes nothing", NONE, "*/ \" <&> \\\n\001", "*/ \" <&> \\\n\001"},
    {"HTML has five entities", HTML, "a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"},
    {"HTML leaves other bytes", HTML, "*/\\\n?\xC3\xA9", "*/\\\n?\xC3\xA9"},

    {"a comment leaves names, types and numbers", COMMENT, "uint8_t *const x2[-7]", "uint8_t *const x2[-7]"},
    {"a comment leaves letters beyond ASCII", COMMENT, "Gr\xC3\xB6\xC3\x9F \xE2\x82\xAC \xC2\xB0",
     "Gr\xC3\xB6\xC3\x9F \xE2\x82\xAC \xC2\xB0"},
    {"a comment cannot be ended", COMMENT, "a */ b", "a * / b"},
    {"a comment cannot be begun", COMMENT, "a /* b", "a / * b"},
    {"a comment keeps two slashes", COMMENT, "http://x", "http://x"},
    {"stars and slashes in a row are all parted", COMMENT, "/*/*/", "/ * / * /"},
    {"line breaks become spaces", COMMENT, "a\nb\r\nc\td", "a b  c d"},
    {"control characters become spaces", COMMENT, "a\001b\x7F" "c\033d", "a b c d"},
    {"control characters beyond ASCII become spaces", COMMENT, "a\xC2\x85" "b\xC2\x9F" "c", "a b c"},
    {"line separators become spaces", COMMENT, "a\xE2\x80\xA8" "b\xE2\x80\xA9", "a b "},
    {"marks that turn the direction become spaces", COMMENT, "a\xE2\x80\xAE" "b\xE2\x81\xA6" "c\xE2\x80\x8F", "a b c "},
    {"a removed mark does not join what was apart", COMMENT, "*\xE2\x80\xAE/", "* /"},
    {"backslashes at the end are dropped", COMMENT, "a\\\\", "a"},
    {"backslashes before white space at the end are dropped", COMMENT, "a\\ \\ \n\xE2\x80\xA8\\\n", "a"},
    {"a dropped backslash does not bare another ending", COMMENT, "a*\\", "a*"},
    {"backslashes inside stay", COMMENT, "C:\\dir", "C:\\dir"},
    {"white space at the end stays", COMMENT, "a ", "a "},
    {"a trigraph of a backslash is parted", COMMENT, "a\?\?/", "a\?\? /"},

    {"a string leaves plain text", STRING, "saul.read * / 'x'", "saul.read * / 'x'"},
    {"a string cannot be ended", STRING, "a\"b", "a\\\"b"},
    {"a backslash is doubled", STRING, "\\n\\", "\\\\n\\\\"},
    {"line breaks and tabs are written", STRING, "a\nb\tc", "a\\nb\\tc"},
    {"control characters are octal, and digits do not join", STRING, "\001\x7F" "7\r", "\\001\\1777\\015"},
    {"trigraphs cannot be formed", STRING, "\?\?/\?", "\\\?\\\?/\\\?"},
    {"letters beyond ASCII stay", STRING, "\xC3\xA9\xE2\x82\xAC", "\xC3\xA9\xE2\x82\xAC"},
    {"marks that turn the direction are octal", STRING, "a\xE2\x80\xAE" "b", "a\\342\\200\\256b"},
    {"control characters beyond ASCII are octal", STRING, "\xC2\x85", "\\302\\205"},
    {"Markdown leaves words, numbers and units", MARKDOWN, "a snake_case of 3.5 m/s, (so-called) a + b", "a snake_case of 3.5 m/s, (so-called) a + b"},
    {"Markdown has no emphasis, links, code and tables", MARKDOWN, "*a* _b_ [c](d) `e` |f| <g> ~h~ &i; #j", "\\*a\\* \\_b\\_ \\[c\\](d) \\`e\\` \\|f\\| \\<g\\> \\~h\\~ \\&i; \\#j"},
    {"Markdown begins no list", MARKDOWN, "- a", "\\- a"},
    {"Markdown begins no list behind white space", MARKDOWN, "  + a", "\\+ a"},
    {"Markdown begins no list of numbers", MARKDOWN, "12. a", "12\\. a"},
    {"Markdown is one line without white space at its ends", MARKDOWN, " a\nb\t\n", "a b"},
    {"Markdown keeps backslashes as they are seen", MARKDOWN, "a\\b", "a\\\\b"},
    {"Markdown turns no direction", MARKDOWN, "a\xE2\x80\xAE" "b", "a b"},
    {"Markdown of white space alone is nothing", MARKDOWN, " \n ", ""},
    {"half a sequence at the end is left", STRING, "\xE2\x80", "\xE2\x80"},
    {"half a sequence at the end of a comment is left", COMMENT, "\xE2\x80", "\xE2\x80"},
};

static void test_escapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        must_buffer_t out = {0};
        char *text = malloc(strlen(cases[i].text) + 1); /* of its own, so that the sanitizer sees a step too far */
        assert_non_null(text);
        memcpy(text, cases[i].text, strlen(cases[i].text) + 1);
        if (!must_escape(&out, cases[i].mode, text, strlen(text)) || strcmp(out.data, cases[i].wanted) != 0) {
            fail_msg("%s\n  wanted: %s\n  got:    %s", cases[i].name, cases[i].wanted, out.data);
        }
        must_buffer_free(&out);
        free(text);
    }
}

/* ---- all short texts, in places where they could do harm ---- */

typedef struct pair {
    const char *a;
    const char *b;
} pair_t;

static const must_field_t pair_fields[] = {MUST_FIELD_TEXT(pair_t, a, ""), MUST_FIELD_TEXT(pair_t, b, "")};
static const must_class_t pair_class = MUST_CLASS("pair", "", pair_fields);

static const char letters[] = "*/\\? x\n";
#define LETTER_COUNT (sizeof(letters) - 1)
#define TEXT_SIZE 3
#define TEXT_COUNT (8u * 8u * 8u) /* digits of 8: seven letters, or nothing */

static void text_number(unsigned number, char text[TEXT_SIZE + 1])
{
    size_t size = 0;
    for (int i = 0; i < TEXT_SIZE; i++, number /= 8) {
        if (number % 8 < LETTER_COUNT) {
            text[size++] = letters[number % 8];
        }
    }
    text[size] = '\0';
}

/* Phases 1 and 2 of translation, as far as they can hide the end of a comment: the trigraph of a backslash, and lines
 * joined by a backslash, also (as compilers do) with white space behind it. */
static void join_lines(const char *from, char *to)
{
    while (*from != '\0') {
        const size_t mark = strncmp(from, "\?\?/", 3) == 0 ? 3 : *from == '\\' ? 1 : 0;
        size_t blank = mark;
        while (mark != 0 && from[blank] == ' ') {
            blank++;
        }
        if (mark != 0 && from[blank] == '\n') {
            from += blank + 1;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

/* Each place begins with a comment's start and ends with its end; between these there must be neither, whatever a and b
 * are. */
static const char *const places[] = {
    "/*{{a}}{{b}}*/", "/*{{a}}/ {{b}}*/", "/* {{a}}*{{b}} */", "/*{{a}}\n/ {{b}}*/", "/* *{{a}}\n{{b}}*/", "/* {{a}}{{b}}/ */",
};

static void assert_closed(const char *text, const char *from)
{
    char joined[128];
    join_lines(text, joined);
    const char *end = strstr(joined + 2, "*/");
    if (end == NULL || end[2] != '\0' || strstr(joined + 2, "/*") != NULL) {
        fail_msg("'%s' got out of a comment: '%s'", from, text);
    }
}

static void test_all_short_texts_stay_inside(void **state)
{
    (void)state;
    must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
        must_template_t *t = NULL;
        must_error_t error;
        must_buffer_t out = {0};
        assert_true(must_parse(engine, &(must_source_t){"t", places[p], strlen(places[p]), MUST_ESCAPE_C_COMMENT}, &t, &error));
        for (unsigned n = 0; n < TEXT_COUNT * TEXT_COUNT; n++) {
            char a[TEXT_SIZE + 1];
            char b[TEXT_SIZE + 1];
            text_number(n % TEXT_COUNT, a);
            text_number(n / TEXT_COUNT, b);
            out.size = 0;
            assert_true(must_render(t, &pair_class, &(pair_t){a, b}, &out, &error));
            assert_closed(out.data, places[p]);
        }
        must_buffer_free(&out);
    }
    must_engine_free(engine);
}

static void test_a_line_comment_does_not_swallow_the_next_line(void **state)
{
    (void)state;
    must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
    must_template_t *t = NULL;
    must_error_t error;
    must_buffer_t out = {0};
    assert_true(must_parse(engine, &(must_source_t){"t", "// {{a}}{{b}}\nint x;", 20, MUST_ESCAPE_C_COMMENT}, &t, &error));
    for (unsigned n = 0; n < TEXT_COUNT * TEXT_COUNT; n++) {
        char a[TEXT_SIZE + 1];
        char b[TEXT_SIZE + 1];
        char joined[128];
        text_number(n % TEXT_COUNT, a);
        text_number(n / TEXT_COUNT, b);
        out.size = 0;
        assert_true(must_render(t, &pair_class, &(pair_t){a, b}, &out, &error));
        join_lines(out.data, joined);
        const char *line = strchr(joined, '\n');
        if (line == NULL || strcmp(line, "\nint x;") != 0) {
            fail_msg("the line is gone: '%s'", out.data);
        }
    }
    must_buffer_free(&out);
    must_engine_free(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_escapes),
        cmocka_unit_test(test_all_short_texts_stay_inside),
        cmocka_unit_test(test_a_line_comment_does_not_swallow_the_next_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
