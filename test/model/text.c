/* SPDX-License-Identifier: BSD-2-Clause */
/* test/model/text.c - nodes, scalars and messages by themselves: what policies and devices files rely on, too. */
#include "support.h"

#include "yaml/kit.h"
#include "yaml/utf8.h"

#include <stdlib.h>
#include <string.h>

typedef struct number_case {
    const char *name, *text;
    bool is_good;
    bool is_negative;
    uint64_t magnitude;
} number_case_t;

static const number_case_t number_cases[] = {
    {"zero", "0", true, false, 0},
    {"minus zero is zero", "-0", true, false, 0},
    {"decimal", "65535", true, false, 65535},
    {"hexadecimal in both cases", "0xaBcD", true, false, 0xabcd},
    {"negative hexadecimal", "-0x80", true, true, 128},
    {"largest of 64 bits", "18446744073709551615", true, false, UINT64_MAX},
    {"one more than that", "18446744073709551616", false, false, 0},
    {"ten times too large", "184467440737095516150", false, false, 0},
    {"largest hexadecimal", "0xffffffffffffffff", true, false, UINT64_MAX},
    {"a digit too many", "0x10000000000000000", false, false, 0},
    {"nothing", "", false, false, 0},
    {"only a minus", "-", false, false, 0},
    {"only a prefix", "0x", false, false, 0},
    {"a leading zero", "07", false, false, 0},
    {"two minuses", "--1", false, false, 0},
    {"a plus", "+1", false, false, 0},
    {"a letter behind", "1a", false, false, 0},
    {"a space before", " 1", false, false, 0},
    {"an upper-case prefix", "0X1", false, false, 0},
    {"digits that are not ASCII", "\xd9\xa1", false, false, 0},
};

static void numbers_are_parsed_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof number_cases / sizeof number_cases[0]; i++) {
        const number_case_t *row = &number_cases[i];
        yaml_number_t number = {false, 0};
        if (yaml_parse_number(row->text, strlen(row->text), &number) != row->is_good || number.magnitude != row->magnitude ||
            number.is_negative != row->is_negative) {
            fail_msg("%s: '%s'", row->name, row->text);
        }
    }
}

typedef struct fit_case {
    const char *text;
    uint32_t bits;
    bool is_signed, fits;
} fit_case_t;

static const fit_case_t fit_cases[] = {
    {"255", 8, false, true},   {"256", 8, false, false},  {"-1", 8, false, false},  {"0", 1, false, true},
    {"1", 1, false, true},     {"2", 1, false, false},    {"127", 8, true, true},   {"128", 8, true, false},
    {"-128", 8, true, true},   {"-129", 8, true, false},  {"0xffffffffffffffff", 64, false, true},
    {"0x7fffffffffffffff", 64, true, true}, {"0x8000000000000000", 64, true, false},
    {"-0x8000000000000000", 64, true, true}, {"-0x8000000000000001", 64, true, false},
};

static void numbers_fit_their_types_to_the_last(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fit_cases / sizeof fit_cases[0]; i++) {
        const fit_case_t *row = &fit_cases[i];
        yaml_number_t number;
        assert_true(yaml_parse_number(row->text, strlen(row->text), &number));
        if (yaml_number_fits(number, row->bits, row->is_signed) != row->fits) {
            fail_msg("%s in %u bits", row->text, (unsigned)row->bits);
        }
    }
}

static void ranges_have_two_ends(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_good;
        int64_t low, high;
    } rows[] = {{"1..5", true, 1, 5}, {"-5..-0x1", true, -5, -1}, {"0..0", true, 0, 0}, {"1...5", false, 0, 0}, {"1..", false, 0, 0},
                {"..5", false, 0, 0},  {"1..5..9", false, 0, 0},  {"", false, 0, 0},    {"1 .. 5", false, 0, 0}, {"5", false, 0, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        yaml_number_t low, high;
        assert_int_equal(yaml_parse_range(rows[i].text, &low, &high), rows[i].is_good);
        if (rows[i].is_good) {
            assert_true(yaml_number_bits(low) == rows[i].low && yaml_number_bits(high) == rows[i].high);
            assert_true(yaml_number_compare(low, high) <= 0);
        }
    }
}

static void scalars_look_as_the_core_schema_says(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        yaml_looks_t looks;
    } rows[] = {
        {"", YAML_LOOKS_NULL},       {"~", YAML_LOOKS_NULL},     {"null", YAML_LOOKS_NULL},  {"nUll", YAML_LOOKS_TEXT},  {"true", YAML_LOOKS_BOOL},
        {"False", YAML_LOOKS_BOOL},  {"yes", YAML_LOOKS_TEXT},   {"on", YAML_LOOKS_TEXT},    {"no", YAML_LOOKS_TEXT},    {"12", YAML_LOOKS_INT},
        {"-12", YAML_LOOKS_INT},     {"010", YAML_LOOKS_INT},    {"0o17", YAML_LOOKS_INT},   {"0x1F", YAML_LOOKS_INT},   {"0x", YAML_LOOKS_TEXT},
        {"1.0.0", YAML_LOOKS_TEXT},  {"1.0", YAML_LOOKS_FLOAT},  {"1e3", YAML_LOOKS_FLOAT},  {".5", YAML_LOOKS_FLOAT},   {".", YAML_LOOKS_TEXT},
        {"-.inf", YAML_LOOKS_FLOAT}, {".nan", YAML_LOOKS_FLOAT}, {"1..5", YAML_LOOKS_TEXT},  {"-", YAML_LOOKS_TEXT},     {"1e", YAML_LOOKS_TEXT},
        {"u8", YAML_LOOKS_TEXT},     {"nan", YAML_LOOKS_TEXT},   {"0x1.8p3", YAML_LOOKS_TEXT}, {"1_000", YAML_LOOKS_TEXT}, {"12:30", YAML_LOOKS_TEXT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        yaml_node_t node = {.kind = YAML_SCALAR, .is_plain = true, .text = rows[i].text, .size = (uint32_t)strlen(rows[i].text)};
        if (yaml_looks(&node) != rows[i].looks) {
            fail_msg("'%s' looks like %d", rows[i].text, yaml_looks(&node));
        }
        node.is_plain = false;
        assert_int_equal(yaml_looks(&node), YAML_LOOKS_TEXT);
    }
}

static void near_words_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *word, *best;
    } rows[] = {{"neeeds", "needs"}, {"nedes", "needs"}, {"ni", "in"}, {"Doc", "doc"}, {"colour", NULL}, {"x", NULL}, {"", NULL}, {"out", "out"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        yaml_near_t near;
        yaml_near_init(&near, rows[i].word);
        yaml_near_try(&near, "needs");
        yaml_near_try(&near, "doc");
        yaml_near_try(&near, "in");
        yaml_near_try(&near, "out");
        if (rows[i].best == NULL) {
            assert_null(near.best);
        } else {
            assert_non_null(near.best);
            assert_string_equal(near.best, rows[i].best);
        }
    }
}

static void utf8_is_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *name, *text;
        size_t size, taken;
        uint32_t point;
    } rows[] = {
        {"ASCII", "a", 1, 1, 'a'},
        {"two bytes", "\xc3\xb6", 2, 2, 0xf6},
        {"three bytes", "\xe2\x82\xac", 3, 3, 0x20ac},
        {"four bytes", "\xf0\x9f\x98\x80", 4, 4, 0x1f600},
        {"the last point", "\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
        {"one beyond", "\xf4\x90\x80\x80", 4, 0, 0},
        {"overlong slash", "\xc0\xaf", 2, 0, 0},
        {"overlong in three", "\xe0\x80\xaf", 3, 0, 0},
        {"a surrogate", "\xed\xa0\x80", 3, 0, 0},
        {"a continuation alone", "\x80", 1, 0, 0},
        {"cut short", "\xe2\x82", 2, 0, 0},
        {"cut by another letter", "\xe2\x28\xa1", 3, 0, 0},
        {"nothing", "", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t point = 0;
        char *exact = malloc(rows[i].size + 1); /* on the heap, so that reading beyond is seen */
        memcpy(exact, rows[i].text, rows[i].size);
        const size_t taken = utf8_decode(exact, rows[i].size, &point);
        free(exact);
        if (taken != rows[i].taken || (taken > 0 && point != rows[i].point)) {
            fail_msg("%s: %zu bytes, U+%04X", rows[i].name, taken, (unsigned)point);
        }
    }
}

/* Read a text and print what is told about it. */
static char *messages_of(const char *name, const char *bytes, size_t size)
{
    arena_t arena;
    diag_t diag;
    char *text = NULL;
    size_t text_size = 0;
    arena_init(&arena);
    diag_init(&diag);
    const yaml_node_t *root = yaml_read(&arena, &diag, name, bytes, size, YAML_SIZE_MAX);
    FILE *out = open_memstream(&text, &text_size);
    assert_non_null(out);
    fputs(root != NULL ? "read\n" : "refused\n", out);
    diag_print(&diag, out);
    fclose(out);
    diag_free(&diag);
    arena_free(&arena);
    return text;
}

static void a_mebibyte_is_read_and_a_byte_more_is_not(void **state)
{
    (void)state;
    char *bytes = malloc(YAML_SIZE_MAX + 1);
    assert_non_null(bytes);
    memset(bytes, 'x', YAML_SIZE_MAX + 1);
    memcpy(bytes, "a: ", 3);
    char *text = messages_of("large.yaml", bytes, YAML_SIZE_MAX);
    assert_string_equal(text, "read\n");
    free(text);
    text = messages_of("large.yaml", bytes, YAML_SIZE_MAX + 1);
    assert_string_equal(text, "refused\nlarge.yaml: error: the file is larger than 1048576 bytes [R002]\n");
    free(text);
    free(bytes);
}

static void nodes_know_their_places(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf# a byte order mark, then CRLF\r\na: {\xc3\xb6: 1, b: \"x\"}\r\nc:\r\n- 'y'\r\n";
    arena_t arena;
    diag_t diag;
    arena_init(&arena);
    diag_init(&diag);
    const yaml_node_t *root = yaml_read(&arena, &diag, "places.yaml", text, sizeof text - 1, YAML_SIZE_MAX);
    assert_non_null(root);
    const yaml_node_t *a = yaml_map_get(root, "a"), *c = yaml_map_get(root, "c");
    assert_true(a->is_flow && !c->is_flow && a->kind == YAML_MAP && c->kind == YAML_LIST);
    assert_int_equal(yaml_pos_line(a->kids[1]->at), 2);
    assert_int_equal(yaml_pos_column(a->kids[1]->at), 14); /* code points, at the quote */
    assert_string_equal(a->kids[1]->text, "x");
    assert_true(!a->kids[1]->is_plain && a->kids[0]->is_plain);
    assert_int_equal(yaml_pos_line(c->kids[0]->at), 4);
    assert_int_equal(yaml_pos_column(c->kids[0]->at), 3);
    diag_free(&diag);
    arena_free(&arena);
}

static void messages_are_sorted_and_counted(void **state)
{
    (void)state;
    arena_t arena;
    diag_t diag;
    char *text = NULL;
    size_t size = 0;
    arena_init(&arena);
    diag_init(&diag);
    const yaml_source_t *one = diag_source(&diag, &arena, "one", "ab\ncd\n", 6);
    const yaml_source_t *two = diag_source(&diag, &arena, "two", "\tef", 3);
    diag_error(&diag, (yaml_pos_t){two, 1}, "third");
    diag_rule_error(&diag, "R999", (yaml_pos_t){one, 4}, "second");
    diag_note(&diag, (yaml_pos_t){one, 0}, "beside it");
    diag_help(&diag, "do this");
    diag_error(&diag, (yaml_pos_t){one, 1}, "first, with a \x1b and a \xff");
    diag_error(&diag, (yaml_pos_t){two, YAML_POS_FILE}, "about the file");
    diag_error(&diag, (yaml_pos_t){NULL, 0}, "about nothing");
    assert_int_equal(diag_count(&diag), 5);
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    diag_print(&diag, out);
    fclose(out);
    assert_string_equal(text, "error: about nothing\n"
                              "one:1:2: error: first, with a \\x1b and a \\xff\n     1 | ab\n       |  ^\n"
                              "one:2:2: error: second [R999]\n     2 | cd\n       |  ^\none:1:1: note: beside it\nhelp: do this\n"
                              "two: error: about the file\n"
                              "two:1:2: error: third\n     1 |  ef\n       |  ^\n");
    free(text);
    diag_free(&diag);
    arena_free(&arena);
}

static void places_at_the_end_of_a_text_are_safe(void **state)
{
    (void)state;
    arena_t arena;
    diag_t diag;
    arena_init(&arena);
    diag_init(&diag);
    static const char *const texts[] = {"", "\n", "a", "a\n", "\r\n", "\xc3"};
    FILE *out = fopen("/dev/null", "w");
    assert_non_null(out);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const yaml_source_t *source = diag_source(&diag, &arena, "t", texts[i], strlen(texts[i]));
        for (uint32_t offset = 0; offset < 5; offset++) {
            diag_error(&diag, (yaml_pos_t){source, offset}, "here");
        }
    }
    diag_print(&diag, out);
    fclose(out);
    diag_free(&diag);
    arena_free(&arena);
}

static void a_large_piece_of_an_arena_stands_alone(void **state)
{
    (void)state;
    arena_t arena;
    arena_init(&arena);
    char *small = arena_alloc(&arena, 1);
    char *large = arena_alloc(&arena, 5u << 20);
    char *none = arena_alloc(&arena, 0);
    assert_non_null(none);
    for (size_t i = 0; i < 5u << 20; i += 4096) {
        assert_int_equal(large[i], 0);
    }
    *small = 1;
    assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    arena_free(&arena);
    assert_non_null(arena_alloc(&arena, 100)); /* usable again */
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_parsed_or_refused),
        cmocka_unit_test(numbers_fit_their_types_to_the_last),
        cmocka_unit_test(ranges_have_two_ends),
        cmocka_unit_test(scalars_look_as_the_core_schema_says),
        cmocka_unit_test(near_words_are_found),
        cmocka_unit_test(utf8_is_read_strictly),
        cmocka_unit_test(a_mebibyte_is_read_and_a_byte_more_is_not),
        cmocka_unit_test(nodes_know_their_places),
        cmocka_unit_test(messages_are_sorted_and_counted),
        cmocka_unit_test(places_at_the_end_of_a_text_are_safe),
        cmocka_unit_test(a_large_piece_of_an_arena_stands_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
