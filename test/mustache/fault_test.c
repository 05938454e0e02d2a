/* SPDX-License-Identifier: BSD-2-Clause */
/* test/mustache/fault_test.c - every allocation of the engine fails once: nothing leaks, nothing crashes, the message
 * says so and the output is as it was. The linker puts the __wrap functions in the place of the real ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "world.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static unsigned left_before_failure; /* 0: none fails */

static bool fails(void)
{
    return left_before_failure != 0 && --left_before_failure == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails() ? NULL : __real_strdup(text);
}

static const char text[] =
    "{{#calls}}{{name}} {{#params}}{{name}}{{type.name}} {{>p}}{{/params}}{{#doc}}{{.}}{{/doc}}\n"
    "{{/calls}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}{{a}}\n";
static const char *const partials[] = {"p", "<{{api}}>\n", NULL};

/* Renders until the buffer had to grow several times. */
static bool run(must_buffer_t *out, must_error_t *error)
{
    library_t library = {.texts = partials, .escape = MUST_ESCAPE_C_COMMENT};
    library.engine = must_engine_new(&(must_config_t){.partial = library_find, .ctx = &library});
    if (library.engine == NULL) {
        (void)snprintf(error->text, sizeof(error->text), "engine: error: no memory");
        return false;
    }
    must_template_t *t = NULL;
    bool good = must_parse(library.engine, &(must_source_t){"t", text, sizeof(text) - 1, MUST_ESCAPE_C_COMMENT}, &t, error);
    for (int i = 0; good && i < 300; i++) {
        const size_t size = out->size;
        good = must_render(t, &world_class, &world, out, error);
        assert_true(good || out->size == size);
    }
    must_engine_free(library.engine);
    return good;
}

static void test_every_allocation_fails_once(void **state)
{
    (void)state;
    unsigned failure = 0;
    bool good = false;
    while (!good) {
        must_buffer_t out = {0};
        must_error_t error = {""};
        left_before_failure = ++failure;
        good = run(&out, &error);
        assert_true(good == (left_before_failure != 0));
        assert_true(good || strstr(error.text, "no memory") != NULL);
        left_before_failure = 0;
        must_buffer_free(&out);
    }
    assert_true(failure > 15); /* the sweep went through engine, templates, nodes, shapes and output */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
