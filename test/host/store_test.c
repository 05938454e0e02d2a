/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/store_test.c - what guests store: round trips, order, limits, restarts, what a loss of power or a stranger leaves in the folder. And the sys API. */
#include "double.h"
#include "inner.h"
#include "store.h"

#include "cmocka_all.h"
#include "host_sys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture {
    folder_t folder;
    cg_host_t *host;
    struct cg_guest call; /* the guest "app" */
} fixture_t;

static void host_open(fixture_t *f, bool on_disk)
{
    f->host = host_linux_new(NULL);
    assert_non_null(f->host);
    f->call = (struct cg_guest){.host = f->host, .name = "app", .deadline_ms = UINT64_MAX};
    if (on_disk) {
        assert_int_equal(host_linux_store(f->host, folder_path(&f->folder, "store")), 0);
    }
}

/* As after the end of the process. */
static void host_again(fixture_t *f)
{
    host_linux_free(f->host);
    host_open(f, true);
}

static int setup(void **state)
{
    fixture_t *f = calloc(1, sizeof *f);
    assert_non_null(f);
    folder_make(&f->folder);
    host_open(f, true);
    *state = f;
    return 0;
}

static void store_remove(fixture_t *f)
{
    static const char *const names[] = {"store/guest-617070", "store/guest-617070.new", "store/guest-6f74686572", "store/elsewhere"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        (void)unlink(folder_path(&f->folder, names[i]));
    }
    char command[128];
    (void)snprintf(command, sizeof command, "%s", folder_path(&f->folder, "store"));
    (void)rmdir(command);
}

static int teardown(void **state)
{
    fixture_t *f = *state;
    host_linux_free(f->host);
    store_remove(f);
    folder_remove(&f->folder);
    free(f);
    return 0;
}

static cg_text_t text(const char *s)
{
    return (cg_text_t){s, (uint32_t)strlen(s)};
}

static int put(fixture_t *f, const char *key, const char *value)
{
    return host_store_put(&f->call, text(key), (cg_bytes_t){(const uint8_t *)value, (uint32_t)strlen(value)});
}

/* The value as text, or the error as one. */
static const char *get(fixture_t *f, const char *key)
{
    static char value[STORE_VALUE_MAX + 1];
    cg_buffer_t to = {(uint8_t *)value, STORE_VALUE_MAX, 0};
    const int result = host_store_get(&f->call, text(key), &to);
    if (result != 0) {
        (void)snprintf(value, sizeof value, "error %d", result);
    } else {
        value[to.count] = '\0';
    }
    return value;
}

static const char *keys(fixture_t *f)
{
    static char all[512];
    uint16_t count = 0;
    all[0] = '\0';
    assert_int_equal(host_store_count(&f->call, &count), 0);
    for (uint16_t i = 0; i < count; i++) {
        char key[STORE_KEY_MAX + 1] = "";
        cg_text_buffer_t to = {key, STORE_KEY_MAX, 0};
        assert_int_equal(host_store_key(&f->call, i, &to), 0);
        key[to.count] = '\0';
        (void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", key);
    }
    char none[STORE_KEY_MAX + 1];
    cg_text_buffer_t to = {none, STORE_KEY_MAX, 0};
    assert_int_equal(host_store_key(&f->call, count, &to), CG_STORE_ERR_NOT_FOUND);
    return all;
}

static void values_come_back_also_after_a_restart(void **state)
{
    fixture_t *f = *state;
    assert_string_equal(get(f, "b"), "error -64");
    assert_int_equal(put(f, "b", "two"), 0);
    assert_int_equal(put(f, "a", "one"), 0);
    assert_int_equal(put(f, "", "empty key"), 0);
    assert_int_equal(put(f, "../../etc/x", "no path"), 0);
    assert_int_equal(put(f, "b", "another and longer"), 0);
    for (int round = 0; round < 2; round++) {
        assert_string_equal(keys(f), " ../../etc/x a b ");
        assert_string_equal(get(f, "a"), "one");
        assert_string_equal(get(f, "b"), "another and longer");
        assert_string_equal(get(f, ""), "empty key");
        assert_string_equal(get(f, "../../etc/x"), "no path");
        host_again(f);
    }
    assert_int_equal(host_store_delete(&f->call, text("a")), 0);
    assert_int_equal(host_store_delete(&f->call, text("a")), CG_STORE_ERR_NOT_FOUND);
    host_again(f);
    assert_string_equal(get(f, "a"), "error -64");
    assert_int_equal(put(f, "a", ""), 0);
    assert_string_equal(get(f, "a"), "");
}

static ino_t inode(fixture_t *f)
{
    struct stat status;
    assert_int_equal(stat(folder_path(&f->folder, "store/guest-617070"), &status), 0);
    return status.st_ino;
}

/* A file that is replaced is another one: both are there for a moment. */
static void the_same_value_is_not_written_again(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(put(f, "a", "one"), 0);
    assert_int_equal(put(f, "b", ""), 0);
    const ino_t first = inode(f);
    assert_int_equal(put(f, "a", "one"), 0);
    assert_int_equal(put(f, "b", ""), 0);
    assert_true(inode(f) == first);
    assert_int_equal(put(f, "a", "onf"), 0);
    assert_true(inode(f) != first);
    assert_string_equal(get(f, "a"), "onf");
}

static void without_a_folder_nothing_outlives_the_host(void **state)
{
    fixture_t *f = *state;
    host_linux_free(f->host);
    host_open(f, false);
    assert_int_equal(put(f, "a", "one"), 0);
    assert_string_equal(get(f, "a"), "one");
    host_linux_free(f->host);
    host_open(f, false);
    assert_string_equal(get(f, "a"), "error -64");
}

static void guests_have_their_own(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(put(f, "a", "of app"), 0);
    f->call.name = "other";
    assert_string_equal(get(f, "a"), "error -64");
    assert_int_equal(put(f, "a", "of other"), 0);
    f->call.name = "app";
    assert_string_equal(get(f, "a"), "of app");
}

static void limits_are_kept(void **state)
{
    fixture_t *f = *state;
    static uint8_t value[STORE_VALUE_MAX];
    char key[16];
    for (uint32_t i = 0; i < CG_STORE_KEYS_MAX; i++) {
        (void)snprintf(key, sizeof key, "key%02u", (unsigned)i);
        assert_int_equal(host_store_put(&f->call, text(key), (cg_bytes_t){value, 1000}), 0);
    }
    assert_int_equal(put(f, "one more", "x"), CG_STORE_ERR_FULL);
    assert_int_equal(put(f, "key00", "x"), 0); /* in place of another */
    assert_int_equal(host_store_delete(&f->call, text("key01")), 0);
    uint32_t stored = 5 + 3 + 1; /* key00 */
    for (uint32_t i = 2; i < CG_STORE_KEYS_MAX; i++) { /* the last of them would be beyond the bytes */
        (void)snprintf(key, sizeof key, "key%02u", (unsigned)i);
        const bool has_room = stored + (CG_STORE_KEYS_MAX - 1 - i) * 1008u + 1032u <= CG_STORE_BYTES_MAX;
        const int result = host_store_put(&f->call, text(key), (cg_bytes_t){value, STORE_VALUE_MAX});
        assert_int_equal(result, has_room ? 0 : CG_STORE_ERR_FULL);
        stored += has_room ? 1032 : 1008;
    }
    host_again(f);
    assert_string_equal(get(f, "key00"), "x");
}

/* ---- what else may be in the folder ---- */

static void leftovers_of_a_loss_of_power_do_no_harm(void **state)
{
    fixture_t *f = *state;
    assert_int_equal(put(f, "a", "one"), 0);
    folder_write(&f->folder, "store/guest-617070.new", "CGSTORE1 cut o", 14);
    host_again(f);
    assert_string_equal(get(f, "a"), "one");
    assert_int_equal(put(f, "a", "two"), 0);
    host_again(f);
    assert_string_equal(get(f, "a"), "two");
}

/* Every byte changed, and the file cut at every place: refused, never believed, and not written over. */
static void damage_is_refused(void **state)
{
    fixture_t *f = *state;
    uint8_t whole[128], bad[128];
    assert_int_equal(put(f, "key", "value"), 0);
    FILE *file = fopen(folder_path(&f->folder, "store/guest-617070"), "rb");
    assert_non_null(file);
    const size_t size = fread(whole, 1, sizeof whole, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(size, 8 + 3 + 3 + 5 + 4);
    for (size_t i = 0; i < 2 * size; i++) {
        memcpy(bad, whole, size);
        bad[i % size] ^= 0x10;
        folder_write(&f->folder, "store/guest-617070", bad, i < size ? size : i - size);
        host_again(f);
        assert_string_equal(get(f, "key"), "error -66");
        assert_int_equal(put(f, "key", "over it"), CG_STORE_ERR_IO);
    }
    folder_write(&f->folder, "store/guest-617070", whole, size);
    host_again(f);
    assert_string_equal(get(f, "key"), "value");
    f->call.name = "other"; /* another guest's file under this one's name is no good either */
    folder_write(&f->folder, "store/guest-6f74686572", whole, size);
    assert_string_equal(get(f, "key"), "error -66");
}

static void links_are_not_followed(void **state)
{
    fixture_t *f = *state;
    char target[64], link[64];
    assert_int_equal(put(f, "key", "value"), 0);
    (void)snprintf(target, sizeof target, "%s", folder_path(&f->folder, "store/elsewhere"));
    (void)snprintf(link, sizeof link, "%s", folder_path(&f->folder, "store/guest-617070"));
    assert_int_equal(rename(link, target), 0);
    assert_int_equal(symlink(target, link), 0);
    host_again(f);
    assert_string_equal(get(f, "key"), "error -66");
}

static void a_folder_has_one_host(void **state)
{
    fixture_t *f = *state;
    cg_host_t *other = host_linux_new(NULL);
    assert_non_null(other);
    assert_int_equal(host_linux_store(other, folder_path(&f->folder, "store")), HOST_LINUX_REFUSED);
    assert_true(strlen(host_linux_problem(other)) > 10);
    assert_int_equal(host_linux_store(other, "/proc/none/at/all"), HOST_LINUX_REFUSED);
    host_linux_free(other);
}

static void names_that_fit_no_file_are_errors(void **state)
{
    fixture_t *f = *state;
    static char longest[200];
    memset(longest, 'x', sizeof longest - 1);
    f->call.name = longest;
    assert_int_equal(put(f, "a", "b"), CG_STORE_ERR_IO);
}

/* ---- sys ---- */

static void the_machine_tells_its_name(void **state)
{
    fixture_t *f = *state;
    char to[64];
    cg_text_buffer_t name = {to, 31, 0};
    assert_int_equal(host_sys_board(&f->call, &name), 0);
    assert_true(name.count > 0);
    name.capacity = 63;
    assert_int_equal(host_sys_name(&f->call, &name), 0);
    assert_memory_equal(to, "app", 3);
    assert_int_equal(name.count, 3);
    assert_true(host_sys_uptime(&f->call) > 0);
    assert_int_equal(host_sys_granted(&f->call, 0), CG_SYS_ACCESS_ABSENT);
    assert_int_equal(host_sys_granted(&f->call, 1), CG_SYS_ACCESS_DENIED);
    assert_int_equal(host_sys_granted(&f->call, 2), CG_SYS_ACCESS_GRANTED);
}

static void firmware_may_say_anything(void **state)
{
    fixture_t *f = *state;
    static const struct {
        const char *in, *out;
    } cases[] = {{"Board 7\n", "Board 7"}, {"  x\ty  \n", "x?y"}, {"\n \n", NULL}, {"\xff\x1b[31m", "??[31m"}, {"a very long name of a board, longer than it may be", "a very long name of a board, lo"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char to[32] = "";
        folder_write(&f->folder, "board", cases[i].in, strlen(cases[i].in));
        const bool is_there = sys_board_read(folder_path(&f->folder, "board"), to, sizeof to);
        assert_int_equal(is_there, cases[i].out != NULL);
        if (is_there) {
            assert_string_equal(to, cases[i].out);
        }
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_come_back_also_after_a_restart),
        TEST(the_same_value_is_not_written_again),
        TEST(without_a_folder_nothing_outlives_the_host),
        TEST(guests_have_their_own),
        TEST(limits_are_kept),
        TEST(leftovers_of_a_loss_of_power_do_no_harm),
        TEST(damage_is_refused),
        TEST(links_are_not_followed),
        TEST(a_folder_has_one_host),
        TEST(names_that_fit_no_file_are_errors),
        TEST(the_machine_tells_its_name),
        TEST(firmware_may_say_anything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
