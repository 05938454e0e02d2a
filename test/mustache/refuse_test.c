/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/refuse_test.c - what is refused, with the exact message: by parsing, by rendering, by checking. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "world.h"

static const char *const endless[] = {"endless", "{{>endless}}", NULL};
static const char *const broken[] = {"broken", "\n{{#a}}", NULL};
static const char *const wide[] = {"wide", "                                {{>wide}}\n", NULL};
static const char *const lost[] = {"lost", "\n\n{{#yes}}{{lost}}{{/yes}}", NULL};

/* Refused by must_parse or must_render, and by must_check with the same words where `checked`. */
typedef struct refusal {
    const char *name; /* as a sentence */
    const char *text;
    const char *wanted;
    const char *const *partials;
    bool checked;
} refusal_t;

static const refusal_t cases[] = {
    {"a tag is not closed", "a\nb {{api", "t:2: error: the tag is never closed; add '}}'", NULL, true},
    {"a tag of three braces is closed by two", "{{{api}} x", "t:1: error: the tag is never closed; add '}}}'", NULL, true},
    {"a tag with other delimiters is not closed", "{{=<% %>=}}\n<%api}}", "t:2: error: the tag is never closed; add '%>'",
     NULL, true},
    {"a change of delimiters is not closed", "{{=<% %>}}", "t:1: error: the tag is never closed; add '=}}'", NULL, true},
    {"a lone opening at the end", "x{{", "t:1: error: the tag is never closed; add '}}'", NULL, true},
    {"one delimiter", "{{=<%=}}",
     "t:1: error: delimiters are two marks of 1 to 16 bytes with a space between and no '=', as in {{=<% %>=}}", NULL, true},
    {"three delimiters", "{{=< | >=}}",
     "t:1: error: delimiters are two marks of 1 to 16 bytes with a space between and no '=', as in {{=<% %>=}}", NULL, true},
    {"a delimiter that is too long", "{{=12345678901234567 >=}}",
     "t:1: error: delimiters are two marks of 1 to 16 bytes with a space between and no '=', as in {{=<% %>=}}", NULL, true},
    {"a section is not closed", "\n{{#yes}}\n{{#calls}}{{/calls}}", "t:2: error: section 'yes' is never closed; add {{/yes}}",
     NULL, true},
    {"a section is closed by another name", "{{#yes}}\n{{^calls}}\n\n{{/yes}}",
     "t:4: error: 'yes' closes section 'calls' of line 2; close that first", NULL, true},
    {"a close without a section", "a\n{{/yes}}", "t:2: error: 'yes' closes a section, but none is open", NULL, true},
    {"a tag has no name", "{{ }}", "t:1: error: the tag has no name", NULL, true},
    {"a raw tag has no name", "{{{}}}", "t:1: error: the tag has no name", NULL, true},
    {"a partial has no name", "{{>}}", "t:1: error: the tag has no name", NULL, true},
    {"a name has a space", "{{a b}}",
     "t:1: error: a name cannot have white space or control characters in it; or is a '}}' missing?", NULL, true},
    {"a name has a control character", "{{a\001}}",
     "t:1: error: a name cannot have white space or control characters in it; or is a '}}' missing?", NULL, true},
    {"a name ends with a dot", "{{api.}}", "t:1: error: 'api.': a dot stands between two parts of a name", NULL, true},
    {"a name begins with a dot", "{{#.api}}{{/.api}}", "t:1: error: '.api': a dot stands between two parts of a name", NULL,
     true},
    {"a name has two dots in a row", "{{main..name}}", "t:1: error: 'main..name': a dot stands between two parts of a name",
     NULL, true},
    {"inheritance is not supported", "{{<parent}}{{/parent}}", "t:1: error: tags that begin with '<' are not supported",
     NULL, true},
    {"blocks are not supported", "{{$block}}{{/block}}", "t:1: error: tags that begin with '$' are not supported", NULL,
     true},

    {"a name that is nowhere", "a\n\n{{foo}}", "t:3: error: no value named 'foo' here (inside world)", NULL, true},
    {"a name that is nowhere, deep inside", "{{#main}}{{#params}}\n{{foo}}{{/params}}{{/main}}",
     "t:2: error: no value named 'foo' here (inside param, call, world)", NULL, true},
    {"a section that is nowhere", "{{#foo}}{{/foo}}", "t:1: error: no value named 'foo' here (inside world)", NULL, true},
    {"an inverted section that is nowhere", "{{^foo}}{{/foo}}", "t:1: error: no value named 'foo' here (inside world)", NULL,
     true},
    {"an end of a dotted name that is nowhere", "{{main.foo}}", "t:1: error: no value named 'main.foo' here (inside world)",
     NULL, true},
    {"an end of a dotted name that is nowhere, in no object", "{{nothing.base.foo}}",
     "t:1: error: no value named 'nothing.base.foo' here (inside world)", NULL, true},
    {"a dotted name through a text", "{{api.name}}", "t:1: error: no value named 'api.name' here (inside world)", NULL, true},
    {"a dotted name through a list", "{{calls.name}}", "t:1: error: no value named 'calls.name' here (inside world)", NULL,
     true},
    {"a name that only begins like a field", "{{ap}}", "t:1: error: no value named 'ap' here (inside world)", NULL, true},
    {"a name that goes on after a field's", "{{apis}}", "t:1: error: no value named 'apis' here (inside world)", NULL, true},
    {"a key of a loop outside of a loop", "{{#main}}{{-last}}{{/main}}",
     "t:1: error: no value named '-last' here (inside call, world)", NULL, true},
    {"a list is printed", "{{calls}}", "t:1: error: 'calls' is a list and cannot be printed; open a section with '#'", NULL,
     true},
    {"an object is printed", "\n{{{main}}}", "t:2: error: 'main' is an object and cannot be printed; open a section with '#'",
     NULL, true},
    {"the item itself is an object", "{{#calls}}{{.}}{{/calls}}",
     "t:1: error: '.' is an object and cannot be printed; open a section with '#'", NULL, true},
    {"a partial that is nowhere", "\n {{>foo}}", "t:2: error: no partial named 'foo'", NULL, true},
    {"a partial that does not parse", "{{>broken}}", "broken:2: error: section 'a' is never closed; add {{/a}}", broken, true},
    {"a name that is nowhere in a partial", "{{#files}}{{>lost}}{{/files}}",
     "lost:3: error: no value named 'lost' here (inside world)", lost, true},
    {"a partial that never ends", "{{>endless}}", "endless:1: error: partials are nested deeper than 64; does 'endless' end?",
     endless, false},
    {"a partial that indents itself for ever", "{{>wide}}", "wide:1: error: partials are indented by more than 256 bytes",
     wide, false},
};

static void test_refusals(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        must_buffer_t out = {0};
        must_error_t error = {""};
        assert_true(must_escape(&out, MUST_ESCAPE_NONE, "before", 6));
        if (world_render(cases[i].text, cases[i].partials, MUST_ESCAPE_C_COMMENT, true, &out, &error) ||
            strcmp(error.text, cases[i].wanted) != 0) {
            fail_msg("%s\n  wanted: %s\n  got:    %s", cases[i].name, cases[i].wanted, error.text);
        }
        assert_string_equal(out.data, "before");
        must_buffer_free(&out);
    }
}

/* must_check says the same as rendering does, before there is any data. */
static void test_checks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        library_t library = {.texts = cases[i].partials};
        library.engine = must_engine_new(&(must_config_t){.strict = true, .partial = library_find, .ctx = &library});
        must_error_t error = {""};
        must_template_t *t = NULL;
        const must_source_t source = {"t", cases[i].text, strlen(cases[i].text), MUST_ESCAPE_C_COMMENT};
        const bool good = must_parse(library.engine, &source, &t, &error) && must_check(t, &world_class, &error);
        if (good == cases[i].checked || (!good && strcmp(error.text, cases[i].wanted) != 0)) {
            fail_msg("%s\n  wanted: %s\n  got:    %s", cases[i].name, cases[i].wanted, error.text);
        }
        must_engine_free(library.engine);
    }
}

static bool check(const char *text, must_error_t *error)
{
    must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
    must_template_t *t = NULL;
    const bool good = must_parse(engine, &(must_source_t){"t", text, strlen(text), MUST_ESCAPE_NONE}, &t, error) &&
                      must_check(t, &world_class, error);
    must_engine_free(engine);
    return good;
}

static void test_check_goes_where_no_data_goes(void **state)
{
    (void)state;
    must_error_t error;
    assert_true(check("{{#nobody}}{{name}}{{-last}}{{#params}}{{type.base.base.name}}{{/params}}{{/nobody}}{{#nothing}}"
                      "{{#base}}{{name}}{{/base}}{{/nothing}}{{#files}}{{.}}{{/files}}{{#no}}{{api}}{{/no}}", &error));
    assert_false(check("{{#nobody}}\n{{foo}}{{/nobody}}", &error));
    assert_string_equal(error.text, "t:2: error: no value named 'foo' here (inside call, world)");
    assert_false(check("{{^yes}}{{foo}}{{/yes}}", &error));
    assert_string_equal(error.text, "t:1: error: no value named 'foo' here (inside world)");
}

/* `times` times `piece`, then `end`. */
static char *repeated(const char *piece, size_t times, const char *end)
{
    const size_t size = strlen(piece);
    char *text = malloc(size * times + strlen(end) + 1);
    assert_non_null(text);
    for (size_t i = 0; i < times; i++) {
        memcpy(text + i * size, piece, size);
    }
    memcpy(text + size * times, end, strlen(end) + 1);
    return text;
}

static void assert_refused(char *text, const char *const *partials, const char *wanted)
{
    must_buffer_t out = {0};
    must_error_t error = {""};
    const bool good = world_render(text, partials, MUST_ESCAPE_NONE, true, &out, &error);
    if (wanted == NULL) {
        assert_string_equal(error.text, "");
        assert_true(good);
    } else {
        assert_false(good);
        assert_string_equal(error.text, wanted);
    }
    must_buffer_free(&out);
    free(text);
}

static void test_limits(void **state)
{
    (void)state;
    char *closes = repeated("{{/main}}", 64, "");
    char *name = repeated("n", 300, "}}");
    char *opened = repeated("", 0, "{{");
    char *long_name = malloc(400);
    assert_non_null(long_name);
    (void)snprintf(long_name, 400, "%s%s", opened, name);

    assert_refused(repeated("{{#main}}", 64, closes), NULL, NULL);
    assert_refused(repeated("{{#main}}", 65, closes), NULL,
                   "t:1: error: sections are nested deeper than 64; move some into a partial");
    assert_refused(repeated("x", MUST_TEMPLATE_SIZE_MAX, ""), NULL, NULL);
    assert_refused(repeated("x", MUST_TEMPLATE_SIZE_MAX, "y"), NULL,
                   "t:1: error: the template has 1048577 bytes; at most 1048576 are allowed");
    assert_refused(long_name, NULL,
                   "t:1: error: the name 'nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn...' is longer than 255 "
                   "bytes; shorten it");
    free(closes);
    free(name);
    free(opened);
}

/* Each level enters eight objects: the contexts run out before the partials do. */
static void test_contexts(void **state)
{
    (void)state;
    static const char *const deep[] = {
        "deep", "{{#main}}{{#main}}{{#main}}{{#main}}{{#main}}{{#main}}{{#main}}{{#main}}{{>deep}}"
                "{{/main}}{{/main}}{{/main}}{{/main}}{{/main}}{{/main}}{{/main}}{{/main}}", NULL};
    assert_refused(repeated("{{>deep}}", 1, ""), deep, "deep:1: error: more than 256 sections are entered here");
}

/* Thirty partials, each of which puts the next one four times: the work limit ends it, in seconds, without output. */
static void test_work(void **state)
{
    (void)state;
    static char texts[30][64];
    static char names[30][16];
    static const char *pairs[61];
    for (int i = 0; i < 30; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "p%d", i);
        (void)snprintf(texts[i], sizeof(texts[i]), i == 29 ? "{{!%d %d %d %d}}" : "{{>p%d}}{{>p%d}}{{>p%d}}{{>p%d}}", i + 1,
                       i + 1, i + 1, i + 1);
        pairs[2 * i] = names[i];
        pairs[2 * i + 1] = texts[i];
    }
    must_buffer_t out = {0};
    must_error_t error = {""};
    assert_false(world_render("{{>p0}}", pairs, MUST_ESCAPE_NONE, true, &out, &error));
    assert_non_null(strstr(error.text, "error: rendering takes more than 134217728 steps; do partials multiply?"));
    must_buffer_free(&out);
}

static void test_nul_and_null(void **state)
{
    (void)state;
    must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
    must_template_t *t = NULL;
    must_error_t error;
    assert_false(must_parse(engine, &(must_source_t){"t", "a\0b", 3, MUST_ESCAPE_NONE}, &t, &error));
    assert_string_equal(error.text, "t:1: error: the template has a NUL byte in it; is it a text?");

    static const void *const holes[] = {NULL};
    world_t holed = world;
    holed.calls = (must_list_t){holes, 1};
    must_buffer_t out = {0};
    assert_true(must_parse(engine, &(must_source_t){"t", "{{#calls}}{{name}}{{/calls}}", 28, MUST_ESCAPE_NONE}, &t, &error));
    assert_false(must_render(t, &world_class, &holed, &out, &error));
    assert_string_equal(error.text, "t:1: error: item 0 of 'calls' is NULL");
    must_buffer_free(&out);
    must_engine_free(engine);
}

/* Every cut of a template that has everything in it is parsed or refused, and never read beyond its end. */
static void test_cuts(void **state)
{
    (void)state;
    static const char all[] = "{{=<% %>=}}\n<%#main%> <%{name}%><%&doc%> <%/main%><%={{ }}=%>\r\n {{>p}} \r\n{{! c }}{{^no}}"
                              "{{main.name}}{{/no}}{{#files}}{{.}}{{-last}}{{/files}}";
    for (size_t size = 0; size < sizeof(all); size++) {
        char *cut = malloc(size + 1); /* of its own, so that the sanitizer sees a step too far */
        assert_non_null(cut);
        memcpy(cut, all, size);
        must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
        must_template_t *t = NULL;
        must_error_t error;
        const bool good = must_parse(engine, &(must_source_t){"t", cut, size, MUST_ESCAPE_NONE}, &t, &error);
        assert_true(good == (t != NULL) && good == (error.text[0] == '\0'));
        free(cut);
        must_engine_free(engine);
    }
}

/* Templates made from these by chance: whatever must_check lets pass renders, and nothing crashes. */
static const char *const tokens[] = {
    "{{#calls}}", "{{/calls}}", "{{#main}}", "{{/main}}", "{{#params}}", "{{/params}}", "{{^no}}", "{{/no}}", "{{#api}}",
    "{{/api}}", "{{name}}", "{{api}}", "{{type.name}}", "{{#type.base}}", "{{/type.base}}", "{{.}}", "{{-last}}", "{{>p}}",
    "{{=< >=}}", "<={{ }}=>", "<name>", "\n", "  ", "{{foo}}", "{{#files}}", "{{/files}}", "{{{api}}}", "{{! x\n }}",
};

static void test_chance(void **state)
{
    (void)state;
    static const char *const partials[] = {"p", "{{#yes}}\n {{zero}}\n{{/yes}}*/", NULL};
    uint32_t chance = 1;
    unsigned passed = 0;
    for (unsigned round = 0; round < 60000; round++) {
        char text[256] = "";
        const unsigned count = 1 + round % 10;
        for (unsigned i = 0; i < count; i++) {
            chance = chance * 1664525u + 1013904223u;
            strcat(text, tokens[(chance >> 16) % (sizeof(tokens) / sizeof(tokens[0]))]);
        }
        library_t library = {.texts = partials, .escape = MUST_ESCAPE_C_COMMENT};
        library.engine = must_engine_new(&(must_config_t){.strict = true, .partial = library_find, .ctx = &library});
        must_template_t *t = NULL;
        must_error_t error;
        must_buffer_t out = {0};
        const must_source_t source = {"t", text, strlen(text), MUST_ESCAPE_C_COMMENT};
        if (must_parse(library.engine, &source, &t, &error)) {
            const bool checked = must_check(t, &world_class, &error);
            const bool rendered = must_render(t, &world_class, &world, &out, &error);
            if (checked && !rendered) {
                fail_msg("checked, but not rendered: %s\n%s", text, error.text);
            }
            passed += checked;
        }
        must_buffer_free(&out);
        must_engine_free(library.engine);
    }
    assert_true(passed > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_check_goes_where_no_data_goes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_contexts),
        cmocka_unit_test(test_work),
        cmocka_unit_test(test_nul_and_null),
        cmocka_unit_test(test_cuts),
        cmocka_unit_test(test_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
