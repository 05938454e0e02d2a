/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/fault_test.c - the k-th thing that the system gives is refused, for every k until none is: no crash, no leak, and an error that says so.
 * The linker puts the wrappers here in front of calloc, malloc, strdup, eventfd and pthread_create in the host's own code. */
#include "coap_fixture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static atomic_int left; /* so many are given yet; negative: all */

static bool is_refused(void)
{
    const bool is_refused = atomic_load(&left) >= 0 && atomic_fetch_sub(&left, 1) == 0;
    errno = is_refused ? ENOMEM : errno;
    return is_refused;
}

void *__real_calloc(size_t count, size_t size);
void *__real_malloc(size_t size);
char *__real_strdup(const char *text);
int __real_eventfd(unsigned value, int flags);
int __real_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
char *__wrap_strdup(const char *text);
int __wrap_eventfd(unsigned value, int flags);
int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument);

void *__wrap_calloc(size_t count, size_t size)
{
    return is_refused() ? NULL : __real_calloc(count, size);
}

void *__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

char *__wrap_strdup(const char *text)
{
    return is_refused() ? NULL : __real_strdup(text);
}

int __wrap_eventfd(unsigned value, int flags)
{
    if (is_refused()) {
        errno = EMFILE;
        return -1;
    }
    return __real_eventfd(value, flags);
}

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument)
{
    return is_refused() ? EAGAIN : __real_pthread_create(thread, attributes, run, argument);
}

/* Results of adding one device of each kind; the number of those that were refused for want of memory. */
static unsigned add_devices(cg_host_t *host, const char *rows)
{
    const host_linux_device_t file_device = { .name = "file", .kind = CG_SAUL_CLASS_SENSE_ACCEL };
    const host_linux_device_t sim_device = { .name = "rows", .kind = CG_SAUL_CLASS_SENSE_TEMP };
    const host_linux_device_t actuator_device = { .name = "led", .kind = CG_SAUL_CLASS_ACT_LED_RGB };
    const host_linux_file_t file = { .dims = 3, .paths = { "/a", "/b", "/c" }, .multiply = 1, .divide = 1 };
    const host_linux_sim_t sim = { .wave = HOST_LINUX_CSV, .dims = 1, .path = rows };
    const host_linux_actuator_t actuator = { .dims = 3 };
    const int results[3] = {
        host_linux_add_file(host, &file_device, &file),
        host_linux_add_sim(host, &sim_device, &sim),
        host_linux_add_actuator(host, &actuator_device, &actuator),
    };
    unsigned refused = 0;
    for (size_t i = 0; i < COUNT(results); i++) {
        assert_true(results[i] == 0 || results[i] == HOST_LINUX_NO_MEMORY);
        refused += results[i] != 0;
    }
    return refused;
}

static void every_refusal_of_memory_for_devices_is_told(void **state)
{
    (void)state;
    folder_t folder;
    folder_make(&folder);
    folder_write(&folder, "rows", "1\n2\n", 4);
    int k = 0;
    for (bool was_refused = true; was_refused; k++) {
        assert_true(k < 100);
        atomic_store(&left, k);
        errno = 0;
        cg_host_t *host = host_linux_new(NULL);
        const unsigned refused = host != NULL ? add_devices(host, folder_path(&folder, "rows")) : 1;
        was_refused = atomic_exchange(&left, -1) < 0;
        assert_int_equal(refused, was_refused ? 1 : 0);
        assert_true(host != NULL || errno == ENOMEM);
        host_linux_free(host);
    }
    assert_int_equal(k, 13); /* host, clock, client and store; device and three paths; device, bytes and rows; device; and once nothing was refused */
    folder_remove(&folder);
}

static void say_hi(fake_t *fake, const fake_message_t *m, unsigned nth)
{
    (void)nth;
    fake_send(fake, m, FAKE_ACK, 0x45, m->mid, REST("\xff" "hi"));
}

static void every_refusal_for_a_request_is_a_quota(void **state)
{
    (void)state;
    int k = 0;
    for (bool was_refused = true; was_refused; k++) {
        assert_true(k < 100);
        setting_t s;
        begin(&s, say_hi, NULL);
        atomic_store(&left, k);
        struct host_coap_response *answer = NULL;
        const int result = ask(&s, "get", "/x", 0, (cg_bytes_t){ (const uint8_t *)"", 0 }, 5000, &answer);
        was_refused = atomic_exchange(&left, -1) < 0;
        assert_int_equal(result, was_refused ? CG_ERR_QUOTA : 0);
        assert_int_equal(answer != NULL, !was_refused);
        assert_int_equal(ask(&s, "get", "/x", 0, (cg_bytes_t){ (const uint8_t *)"", 0 }, 5000, &answer), 0); /* once there is some again, all is well */
        end(&s);
    }
    assert_int_equal(k, 5); /* request, eventfd, thread, answer; and once nothing was refused */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_refusal_of_memory_for_devices_is_told),
        cmocka_unit_test(every_refusal_for_a_request_is_a_quota),
    };
    atomic_store(&left, -1);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
