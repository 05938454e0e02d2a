/* SPDX-License-Identifier: BSD-2-Clause */
/* test/policy/reject.c - every policy in reject/ is refused with exactly the messages of its .expected file.
 * With CALLGATE_GOLDEN=rewrite the .expected files are written anew; review them with git diff. */
#include "cli/file.h"
#include "cli/policy.h"
#include "catalog.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CASES_MAX = 512, CASES_MIN = 40 };

static char *cases[CASES_MAX];
static size_t case_count;

static int by_name(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

static void find_cases(void)
{
    DIR *folder = opendir("reject");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        const size_t size = strlen(entry->d_name);
        if (size > 5 && strcmp(entry->d_name + size - 5, ".yaml") == 0 && case_count < CASES_MAX) {
            char *path = malloc(size + sizeof "reject/");
            assert_non_null(path);
            sprintf(path, "reject/%s", entry->d_name);
            cases[case_count++] = path;
        }
    }
    closedir(folder);
    qsort(cases, case_count, sizeof cases[0], by_name);
}

/* The messages for one policy; malloc'd. */
static char *messages_of(const char *path)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *why = "";
    assert_int_equal(file_read(path, 1 << 20, &bytes, &size, &why), FILE_OK);
    arena_t arena;
    diag_t diag;
    arena_init(&arena);
    diag_init(&diag);
    const policy_t *policy = policy_read(&arena, &diag, &test_catalog, path, (const char *)bytes, size);
    free(bytes);
    if ((policy == NULL) != (diag_count(&diag) > 0)) {
        fail_msg("%s: refused without a message, or accepted with one", path);
    }
    char *text = NULL;
    size_t text_size = 0;
    FILE *out = open_memstream(&text, &text_size);
    assert_non_null(out);
    diag_print(&diag, out);
    fclose(out);
    diag_free(&diag);
    arena_free(&arena);
    return text;
}

static bool is_as_expected(const char *path, bool is_rewriting)
{
    char *expected_path = file_with_extension(path, ".expected");
    char *actual = messages_of(path);
    uint8_t *expected = NULL;
    size_t size = 0;
    const char *why = "";
    if (is_rewriting) {
        assert_int_equal(file_write(expected_path, actual, strlen(actual), &why), FILE_OK);
    }
    const bool is_there = file_read(expected_path, 1 << 20, &expected, &size, &why) == FILE_OK;
    const bool is_same = is_there && strcmp((char *)expected, actual) == 0 && actual[0] != '\0';
    if (!is_same) {
        fprintf(stderr, "%s\n--- wanted:\n%s--- got:\n%s\n", path, is_there ? (char *)expected : "(no .expected file)\n", actual);
    }
    free(expected);
    free(actual);
    free(expected_path);
    return is_same;
}

static void bad_policies_are_refused_with_exact_messages(void **state)
{
    (void)state;
    const char *mode = getenv("CALLGATE_GOLDEN");
    size_t wrong = 0;
    find_cases();
    assert_true(case_count >= CASES_MIN);
    for (size_t i = 0; i < case_count; i++) {
        wrong += !is_as_expected(cases[i], mode != NULL && strcmp(mode, "rewrite") == 0);
        free(cases[i]);
    }
    print_message("%zu policies, %zu not as expected\n", case_count, wrong);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(bad_policies_are_refused_with_exact_messages)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
