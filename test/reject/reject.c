/* SPDX-License-Identifier: BSD-2-Clause */
/* test/reject/reject.c - each bad description gets exactly its message.
 * Every *.yaml, *.json and folder here is one case; <case>.expected is what reading it says. A folder is a run of several files. With
 * CALLGATE_GOLDEN=rewrite in the environment the expected texts are written anew instead of compared. Runs in its own folder. */
#include "gen/model.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

enum { CASES_MAX = 1000, FILES_MAX = 16, CASES_WANTED = 60 };

static char *file_read(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return NULL;
    }
    char *bytes = malloc(4u << 20);
    assert_non_null(bytes);
    *size = fread(bytes, 1, (4u << 20) - 1, file);
    bytes[*size] = '\0';
    fclose(file);
    return bytes;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

static int is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.' && (ends_with(entry->d_name, ".yaml") || ends_with(entry->d_name, ".json") || strchr(entry->d_name, '.') == NULL);
}

static int is_file(const struct dirent *entry)
{
    return ends_with(entry->d_name, ".yaml");
}

/* Read one file of a case; NULL if it is refused. */
static model_api_t *read_one(arena_t *arena, diag_t *diag, const char *path)
{
    size_t size = 0;
    char *bytes = file_read(path, &size);
    assert_non_null(bytes);
    model_api_t *api = model_read(arena, diag, path, bytes, size);
    free(bytes);
    return api;
}

static void read_folder(arena_t *arena, diag_t *diag, const char *name)
{
    struct dirent **files = NULL;
    model_api_t *apis[FILES_MAX];
    size_t count = 0;
    const int found = scandir(name, &files, is_file, alphasort);
    assert_in_range(found, 1, FILES_MAX);
    for (int i = 0; i < found; i++) {
        apis[count] = read_one(arena, diag, arena_printf(arena, "%s/%s", name, files[i]->d_name));
        count += apis[count] != NULL;
        free(files[i]);
    }
    free(files);
    assert_false(model_check_set(diag, apis, count));
}

/* What reading a case says; to be freed. */
static char *read_case(const char *name)
{
    arena_t arena;
    diag_t diag;
    char *text = NULL;
    size_t size = 0;
    arena_init(&arena);
    diag_init(&diag);
    if (strchr(name, '.') == NULL) {
        read_folder(&arena, &diag, name);
    } else if (read_one(&arena, &diag, name) != NULL) {
        print_error("%s: a bad description was taken\n", name);
    }
    FILE *out = open_memstream(&text, &size);
    assert_non_null(out);
    diag_print(&diag, out);
    fclose(out);
    diag_free(&diag);
    arena_free(&arena);
    return text;
}

static bool is_rewriting(void)
{
    const char *mode = getenv("CALLGATE_GOLDEN");
    return mode != NULL && strcmp(mode, "rewrite") == 0;
}

static void expected_path(char *path, size_t size, const char *name)
{
    const char *dot = strrchr(name, '.');
    const bool is_json = dot != NULL && strcmp(dot, ".json") == 0;
    const int stem = dot != NULL && !is_json ? (int)(dot - name) : (int)strlen(name);
    snprintf(path, size, "%.*s.expected", stem, name);
}

/* The first line in which two texts differ, both ways. */
static void print_difference(const char *name, const char *wanted, const char *got)
{
    size_t at = 0, line = 1;
    for (size_t i = 0; wanted[i] != '\0' && wanted[i] == got[i]; i++) {
        if (wanted[i] == '\n') {
            line++;
            at = i + 1;
        }
    }
    print_error("%s: line %zu of the expected text differs\n-%.*s\n+%.*s\n", name, line, (int)strcspn(wanted + at, "\n"), wanted + at,
                (int)strcspn(got + at, "\n"), got + at);
}

static bool check_case(const char *name)
{
    char path[512];
    expected_path(path, sizeof path, name);
    char *got = read_case(name);
    assert_non_null(got);
    if (is_rewriting()) {
        FILE *file = fopen(path, "wb");
        assert_non_null(file);
        fputs(got, file);
        fclose(file);
    }
    size_t size = 0;
    char *wanted = file_read(path, &size);
    const bool is_good = wanted != NULL && got[0] != '\0' && strcmp(wanted, got) == 0;
    if (!is_good) {
        print_difference(name, wanted != NULL ? wanted : "(no expected text)", got);
    }
    free(wanted);
    free(got);
    return is_good;
}

static void every_bad_description_gets_its_message(void **state)
{
    (void)state;
    struct dirent **cases = NULL;
    const int count = scandir(".", &cases, is_case, alphasort);
    int good = 0;
    for (int i = 0; i < count; i++) {
        good += check_case(cases[i]->d_name);
        free(cases[i]);
    }
    free(cases);
    print_message("%d of %d cases as expected\n", good, count);
    assert_int_equal(good, count);
    assert_true(count >= CASES_WANTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_bad_description_gets_its_message)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
