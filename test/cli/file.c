/* SPDX-License-Identifier: BSD-2-Clause */
/* test/cli/file.c - whole files in and out: limits, what is refused, and that nothing half-written is left. */
#include "cli/file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/callgate-file-XXXXXX");
    return mkdtemp(folder) != NULL && chdir(folder) == 0 ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && rmdir(folder) == 0 ? 0 : -1; /* fails if a test left a file */
}

static unsigned files_here(void)
{
    unsigned count = 0;
    DIR *here = opendir(".");
    assert_non_null(here);
    for (struct dirent *entry = readdir(here); entry != NULL; entry = readdir(here)) {
        count += entry->d_name[0] != '.';
    }
    closedir(here);
    return count;
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *why = "";
    static const uint8_t content[] = {1, 0, 2, 255};
    assert_int_equal(file_write("a", "old", 3, &why), FILE_OK);
    assert_int_equal(file_write("a", content, sizeof content, &why), FILE_OK);
    assert_int_equal(file_read("a", 100, &bytes, &size, &why), FILE_OK);
    assert_int_equal(size, sizeof content);
    assert_memory_equal(bytes, content, size);
    assert_int_equal(bytes[size], 0);
    free(bytes);
    struct stat status;
    const mode_t mask = umask(0);
    umask(mask);
    assert_int_equal(stat("a", &status), 0);
    assert_int_equal(status.st_mode & 0777, 0666 & ~mask);
    assert_int_equal(files_here(), 1);
    unlink("a");
}

static const struct {
    const char *name;
    size_t content, size_max;
    file_result_t result;
} limit_rows[] = {
    {"an empty file", 0, 10, FILE_OK},
    {"one byte less than allowed", 9, 10, FILE_OK},
    {"as many bytes as allowed", 10, 10, FILE_OK},
    {"one byte more than allowed", 11, 10, FILE_REFUSED},
    {"one byte where none is allowed", 1, 0, FILE_REFUSED},
    {"more than one read takes", 100000, 100000, FILE_OK},
};

static void files_are_read_up_to_their_limit(void **state)
{
    (void)state;
    char *content = calloc(1, 100000);
    assert_non_null(content);
    for (size_t i = 0; i < COUNT(limit_rows); i++) {
        uint8_t *bytes = NULL;
        size_t size = 0;
        const char *why = "";
        assert_int_equal(file_write("a", content, limit_rows[i].content, &why), FILE_OK);
        const file_result_t result = file_read("a", limit_rows[i].size_max, &bytes, &size, &why);
        if (result != limit_rows[i].result || (result == FILE_OK) != (bytes != NULL) || (bytes != NULL && size != limit_rows[i].content)) {
            fail_msg("%s: %d, %zu bytes, %s", limit_rows[i].name, (int)result, size, why);
        }
        free(bytes);
    }
    free(content);
    unlink("a");
}

/* A pipe says no size before it is read. */
static void a_pipe_is_limited_too(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *why = "";
    char path[64];
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "eleven byte", 11), 11);
    close(ends[1]);
    snprintf(path, sizeof path, "/proc/self/fd/%d", ends[0]);
    assert_int_equal(file_read(path, 10, &bytes, &size, &why), FILE_REFUSED);
    assert_null(bytes);
    close(ends[0]);
}

static void what_cannot_be_read_is_told_apart(void **state)
{
    (void)state;
    uint8_t *bytes = NULL;
    size_t size = 0;
    const char *why = "";
    assert_int_equal(file_read("nowhere", 10, &bytes, &size, &why), FILE_MISSING);
    assert_int_equal(file_read("nowhere/a", 10, &bytes, &size, &why), FILE_MISSING);
    assert_int_equal(file_read(".", 10, &bytes, &size, &why), FILE_REFUSED);
    assert_string_equal(why, "it is a folder");
    assert_null(bytes);
}

static void what_cannot_be_written_leaves_nothing(void **state)
{
    (void)state;
    const char *why = "";
    assert_int_equal(file_write("nowhere/a", "x", 1, &why), FILE_MISSING);
    assert_int_equal(mkdir("b", 0755), 0);
    assert_int_equal(file_write("b", "x", 1, &why), FILE_REFUSED);
    assert_int_equal(mkfifo("c", 0644), 0);
    assert_int_equal(file_write("c", "x", 1, &why), FILE_REFUSED);
    assert_int_equal(files_here(), 2);
    rmdir("b");
    unlink("c");
}

static const struct {
    const char *path, *with_extension, *stem;
} name_rows[] = {
    {"app.wasm", "app.x", "app"},
    {"dir.d/app.wasm", "dir.d/app.x", "app"},
    {"dir.d/app", "dir.d/app.x", "app"},
    {"a.b.c", "a.b.x", "a.b"},
    {".hidden", ".hidden.x", ".hidden"},
    {"dir/.hidden.o", "dir/.hidden.x", ".hidden"},
    {"/app.", "/app.x", "app"},
    {"dir/", "dir/.x", "guest"},
    {"", ".x", "guest"},
};

static void names_are_taken_apart(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(name_rows); i++) {
        char *with_extension = file_with_extension(name_rows[i].path, ".x");
        char *stem = file_stem(name_rows[i].path);
        assert_string_equal(with_extension, name_rows[i].with_extension);
        assert_string_equal(stem, name_rows[i].stem);
        free(with_extension);
        free(stem);
    }
}

static const struct {
    const char *beside, *name, *result;
} beside_rows[] = {
    {"devices.yaml", "rows.csv", "rows.csv"},
    {"a/b/devices.yaml", "rows.csv", "a/b/rows.csv"},
    {"a/devices.yaml", "../rows.csv", "a/../rows.csv"},
    {"a/devices.yaml", "/sys/temp", "/sys/temp"},
    {"/devices.yaml", "rows.csv", "/rows.csv"},
};

static void relative_names_are_beside_the_file_that_names_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(beside_rows); i++) {
        char *result = file_beside(beside_rows[i].beside, beside_rows[i].name);
        assert_string_equal(result, beside_rows[i].result);
        free(result);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_written_is_read_back, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(files_are_read_up_to_their_limit, make_folder, drop_folder),
        cmocka_unit_test(a_pipe_is_limited_too),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told_apart, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_written_leaves_nothing, make_folder, drop_folder),
        cmocka_unit_test(names_are_taken_apart),
        cmocka_unit_test(relative_names_are_beside_the_file_that_names_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
