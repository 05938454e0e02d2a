/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/render_test.c - what described structs render to, in strict mode; what the tables print to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "world.h"

static const char *const recursive[] = {"type", "{{name}}{{#base}}<{{>type}}>{{/base}}", NULL};
static const char *const indented[] = {"outer", "{\n  {{>inner}}\n}\n", "inner", "a;\n\n{{#yes}}\nb;\n{{/yes}}\n{{no}}x\n",
                                       NULL};
static const char *const inline_block[] = {"block", "one\ntwo\n", "holder", "x {{>block}}y\n", NULL};
static const char *const dotted[] = {"dotted", "{{main.name}} ", NULL};
static const char *const named[] = {"name", "[{{name}}]", NULL};

static const rendering_t cases[] = {
    {"a text without tags is itself", "plain }} text\n", "plain }} text\n", NULL},
    {"an empty template renders to nothing", "", "", NULL},
    {"all kinds of values are printed", "{{api}} {{zero}} {{least}} {{yes}} {{no}}{{empty}}{{none}}",
     "saul 0 -9223372036854775808 true false", NULL},
    {"false values close a section",
     "{{#zero}}0{{/zero}}{{#no}}n{{/no}}{{#empty}}e{{/empty}}{{#none}}n{{/none}}{{#nothing}}o{{/nothing}}"
     "{{#nobody}}l{{/nobody}}.",
     ".", NULL},
    {"false values open an inverted section",
     "{{^zero}}0{{/zero}}{{^no}}n{{/no}}{{^empty}}e{{/empty}}{{^none}}N{{/none}}{{^nothing}}o{{/nothing}}"
     "{{^nobody}}l{{/nobody}}.",
     "0neNol.", NULL},
    {"true values close an inverted section", "{{^api}}a{{/api}}{{^least}}l{{/least}}{{^yes}}y{{/yes}}{{^main}}m{{/main}}"
     "{{^calls}}c{{/calls}}.", ".", NULL},
    {"a list is rendered for each item", "{{#calls}}{{name}}={{number}};{{/calls}}", "find=1;wait=70000;", NULL},
    {"first, last and index make commas easy",
     "{{#calls}}{{-index}}{{#-first}}F{{/-first}}{{name}}{{^-last}}, {{/-last}}{{#-last}}.{{/-last}}{{/calls}}",
     "0Ffind, 1wait.", NULL},
    {"the keys of a loop are those of the innermost loop", "{{#calls}}{{-index}}({{#params}}{{-index}}{{/params}}){{/calls}}",
     "0(01)1()", NULL},
    {"a field named last is not the key of the loop", "{{#main}}{{#params}}{{last}}/{{-last}} {{/params}}{{/main}}",
     "false/false true/true ", NULL},
    {"a list of texts gives itself", "{{#files}}<{{.}}>{{^-last}},{{/-last}}{{/files}}", "<a.h>,<b&lt;c&gt;.h>,<d.h>", NULL},
    {"a section over a text gives the text", "{{#api}}{{.}}{{/api}}{{#main}}{{#doc}} {{.}}{{/doc}}{{/main}}",
     "saul Finds a device.", NULL},
    {"a section over a number gives the number", "{{#calls}}{{#number}}{{.}};{{/number}}{{/calls}}", "1;70000;", NULL},
    {"a section over yes or no keeps the item", "{{#files}}{{#-first}}{{.}}{{/-first}}{{/files}}", "a.h", NULL},
    {"names are found in outer contexts", "{{#calls}}{{#params}}{{api}}.{{number}}.{{name}} {{/params}}{{/calls}}",
     "saul.1.kind saul.1.index ", NULL},
    {"dotted names go inward", "{{main.name}} {{main.number}} {{#main.params}}{{type.name}} {{/main.params}}",
     "find 1 class_t u8 ", NULL},
    {"a dotted name is found again", "{{#calls}}{{main.name}}{{main.number}};{{/calls}}", "find1;find1;", NULL},
    {"a dotted name through no object is empty",
     "[{{nothing.name}}{{nothing.base.name}}{{#nothing.base}}x{{/nothing.base}}{{^nothing.base.base}}none{{/nothing.base.base}}]",
     "[none]", NULL},
    {"raw values are not escaped", "{{#files}}{{{.}}}{{&.}} {{/files}}", "a.ha.h b<c>.hb<c>.h d.hd.h ", NULL},
    {"a partial recurses as the data does", "{{#main}}{{#params}}{{#type}}{{>type}}{{/type}} {{/params}}{{/main}}",
     "class_t<u8> u8 ", recursive},
    {"a partial used in several contexts finds the name of each",
     "{{#main}}{{>name}}{{#params}}{{>name}}{{#type}}{{>name}}{{/type}}{{/params}}{{>name}}{{/main}}",
     "[find][kind][class_t][index][u8][find]", named},
    {"a dotted name finds another class in another context",
     "{{>dotted}}{{#main}}{{#params}}{{>dotted}}{{/params}}{{>dotted}}{{/main}}", "find class_t u8 find ", dotted},
    {"indentation adds up, and blank lines stay blank", " {{>outer}}\n.", " {\n   a;\n\n   b;\n   falsex\n }\n.", indented},
    {"a partial inside a line is put as it is", "  {{>holder}}\nz", "  x one\ntwo\ny\nz", inline_block},
    {"delimiters can be changed", "{{=<% %>=}}<%api%> {{api}} <%={{ }}=%>{{api}}", "saul {{api}} saul", NULL},
    {"delimiters of three braces can be raw", "{{=<% %>=}}<%#files%><%{.}%><%&.%> <%/files%>",
     "a.ha.h b<c>.hb<c>.h d.hd.h ", NULL},
    {"a long literal is copied whole", "{{api}}0123456789012345678901234567890123456789{{api}}",
     "saul0123456789012345678901234567890123456789saul", NULL},
};

static void test_renders(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        must_buffer_t out = {0};
        must_error_t error = {""};
        if (!world_render(cases[i].text, cases[i].partials, MUST_ESCAPE_HTML, true, &out, &error) ||
            strcmp(out.data, cases[i].wanted) != 0) {
            fail_msg("%s\n  wanted: %s\n  got:    %s\n  %s", cases[i].name, cases[i].wanted, out.data, error.text);
        }
        must_buffer_free(&out);
    }
}

/* Values of every length around the sizes at which the engine copies in another way. */
static void test_lengths(void **state)
{
    (void)state;
    char text[200];
    for (size_t size = 0; size < sizeof(text) - 1; size++) {
        memset(text, 'x', size);
        text[size] = '\0';
        world_t small = world;
        small.api = text;
        must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
        char source[500];
        (void)snprintf(source, sizeof(source), "%s-{{api}}-%s", text, text);
        char wanted[700];
        (void)snprintf(wanted, sizeof(wanted), "%s-%s-%s", text, text, text);
        must_template_t *t = NULL;
        must_error_t error;
        must_buffer_t out = {0};
        assert_true(must_parse(engine, &(must_source_t){"t", source, strlen(source), MUST_ESCAPE_C_COMMENT}, &t, &error));
        for (int round = 1; round <= 20; round++) { /* appends, so that the buffer grows at every offset */
            assert_true(must_render(t, &world_class, &small, &out, &error));
            assert_int_equal(out.size, strlen(wanted) * (size_t)round);
            assert_string_equal(out.data + out.size - strlen(wanted), wanted);
        }
        must_buffer_free(&out);
        must_engine_free(engine);
    }
}

static void test_lenient(void **state)
{
    (void)state;
    must_buffer_t out = {0};
    must_error_t error;
    assert_true(world_render("[{{nobody}}{{main}}{{x}}{{main.x}}{{api.x}}{{#x}}y{{/x}}{{>x}}{{^x}}no{{/x}}]", NULL,
                             MUST_ESCAPE_HTML, false, &out, &error));
    assert_string_equal(out.data, "[no]");
    must_buffer_free(&out);
}

/* A dynamic object is a text: `.` and `text` give it, `self` the object,
 * `list` two others; every other name is unknown. */
static bool echo_find(const void *object, const char *name, size_t name_size, must_value_t *out);
static const must_class_t echo_class = {.name = "echo", .find = echo_find};

static bool echo_find(const void *object, const char *name, size_t name_size, must_value_t *out)
{
    static const void *const items[] = {"a", "b"};
    if ((name_size == 1 && *name == '.') || (name_size == 4 && memcmp(name, "text", 4) == 0)) {
        *out = (must_value_t){.kind = MUST_TEXT, .text = object};
        return true;
    }
    if (name_size == 4 && memcmp(name, "self", 4) == 0) {
        *out = (must_value_t){.kind = MUST_OBJECT, .of = &echo_class, .object = object};
        return true;
    }
    *out = (must_value_t){.kind = MUST_LIST, .of = &echo_class, .list = {items, 2}};
    return name_size == 4 && memcmp(name, "list", 4) == 0;
}

static void test_dynamic(void **state)
{
    (void)state;
    static const char text[] = "{{text}}:{{#list}}{{.}}{{self.text}}{{^-last}},{{/-last}}({{#list}}{{-index}}{{/list}})"
                               "{{#self}}{{-index}}{{/self}}{{/list}}";
    must_engine_t *engine = must_engine_new(&(must_config_t){.strict = true});
    must_template_t *t = NULL;
    must_error_t error;
    must_buffer_t out = {0};
    assert_true(must_parse(engine, &(must_source_t){"t", text, sizeof(text) - 1, MUST_ESCAPE_NONE}, &t, &error));
    assert_true(must_check(t, &echo_class, &error));
    assert_true(must_render(t, &echo_class, "root", &out, &error));
    assert_string_equal(out.data, "root:aa,(01)0bb(01)1");
    assert_true(must_parse(engine, &(must_source_t){"t", "{{#list}}{{x}}{{/list}}", 23, MUST_ESCAPE_NONE}, &t, &error));
    assert_false(must_render(t, &echo_class, "root", &out, &error));
    assert_string_equal(error.text, "t:1: error: no value named 'x' here (inside echo, echo)");
    must_buffer_free(&out);
    must_engine_free(engine);
}

static const char reference[] =
    "## call\n\nOne function.\n\n| name | value | meaning |\n|---|---|---|\n"
    "| `name` | text | Its name. |\n| `doc` | text | What it does. |\n| `number` | number | Its number. |\n"
    "| `blocks` | yes or no | It may wait. |\n| `params` | list of `param` | Its arguments. |\n"
    "\n## param\n\n| name | value | meaning |\n|---|---|---|\n"
    "| `name` | text | Its name. |\n| `type` | a `type`, or none | Its type. |\n"
    "| `main` | a `type`, or none | Its type again. |\n"
    "| `last` | yes or no | A field \\| with a bar and a line break. |\n"
    "\n## type\n\nA type.\n\n| name | value | meaning |\n|---|---|---|\n"
    "| `name` | text | Its name in C. |\n| `base` | a `type`, or none | What it is made from. |\n";

static void test_reference(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    const must_class_t *call_class = NULL;
    for (size_t i = 0; i < world_class.field_count; i++) {
        call_class = strcmp(world_class.fields[i].name, "main") == 0 ? world_class.fields[i].of : call_class;
    }
    assert_true(must_class_print(file, call_class));
    assert_int_equal(fclose(file), 0);
    assert_string_equal(text, reference);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_renders),
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_lenient),
        cmocka_unit_test(test_dynamic),
        cmocka_unit_test(test_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
