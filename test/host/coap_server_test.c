/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_server_test.c - the CoAP client against libcoap's own server, a program of its own. Its path is the first argument. */
#include "double.h"
#include "inner.h"

#include "cmocka_all.h"
#include "host_coap.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *server_path;

typedef struct setting {
    cg_host_t *host;
    struct cg_guest call;
    uint16_t port;
    pid_t server;
} setting_t;

/* A port that nobody had a moment ago. */
static uint16_t free_port(void)
{
    const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    socklen_t size = sizeof at;
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    (void)close(fd);
    return ntohs(at.sin6_port);
}

static void become_server(const char *address, uint16_t port)
{
    char text[8];
    (void)snprintf(text, sizeof text, "%u", port);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL); /* dies with the test */
    const int null = open("/dev/null", O_RDWR);
    (void)dup2(null, STDOUT_FILENO);
    (void)dup2(null, STDERR_FILENO);
    (void)execl(server_path, server_path, "-A", address, "-p", text, "-d", "4", "-v", "0", (char *)NULL);
    _exit(127);
}

static int ask(setting_t *s, int (*method)(cg_call_t *, cg_text_t, uint32_t, struct host_coap_response **), const char *path, struct host_coap_response **answer)
{
    char text[64];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u%s", s->port, path) };
    return method(&s->call, uri, 5000, answer);
}

/* Ask until it listens. */
static void await_server(setting_t *s, const char *address)
{
    char text[64];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://%s:%u/", address, s->port) };
    struct host_coap_response *answer = NULL;
    int result = CG_COAP_ERR_UNREACHABLE;
    for (unsigned i = 0; i < 200 && result != 0; i++) {
        const struct timespec pause = { .tv_nsec = 20000000 };
        (void)nanosleep(&pause, NULL);
        result = host_coap_get(&s->call, uri, 5000, &answer);
    }
    assert_int_equal(result, 0);
    host_coap_response_release(s->host, answer);
}

static int setup(void **state)
{
    setting_t *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->port = free_port();
    s->server = fork();
    assert_true(s->server >= 0);
    if (s->server == 0) {
        become_server("::1", s->port);
    }
    s->host = host_linux_new(NULL);
    assert_non_null(s->host);
    s->call = (struct cg_guest){ .host = s->host, .name = "app", .deadline_ms = UINT64_MAX };
    await_server(s, "[::1]");
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    setting_t *s = *state;
    host_linux_free(s->host);
    if (s->server > 0) {
        (void)kill(s->server, SIGKILL);
        (void)waitpid(s->server, NULL, 0);
    }
    free(s);
    return 0;
}

/* Check an answer's code and content and let go of it; its payload is given back. */
static cg_buffer_t take(setting_t *s, struct host_coap_response *answer, uint8_t wanted_code, uint8_t *bytes)
{
    uint8_t code;
    cg_buffer_t data = { .bytes = bytes, .capacity = 1024 };
    assert_int_equal(host_coap_code(&s->call, answer, &code), 0);
    assert_int_equal(code, wanted_code);
    assert_int_equal(host_coap_payload(&s->call, answer, 0, &data), 0);
    host_coap_response_release(s->host, answer);
    return data;
}

static int put(setting_t *s, const char *path, cg_coap_format_t content, const uint8_t *bytes, uint32_t size, struct host_coap_response **answer)
{
    char text[64];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u%s", s->port, path) };
    return host_coap_put(&s->call, uri, content, (cg_bytes_t){ bytes, size }, 5000, answer);
}

static void the_root_answers_without_a_format(void **state)
{
    setting_t *s = *state;
    struct host_coap_response *answer = NULL;
    uint8_t bytes[1024];
    cg_coap_format_t content;
    assert_int_equal(ask(s, host_coap_get, "/", &answer), 0);
    assert_int_equal(host_coap_content(&s->call, answer, &content), 0);
    assert_int_equal(content, CG_COAP_FORMAT_NONE); /* libcoap leaves the option out for text */
    const cg_buffer_t data = take(s, answer, 0x45, bytes);
    assert_true(data.count > 20);
    assert_memory_equal(bytes, "This is a test server", 21);
}

static void what_was_put_is_got_until_it_is_deleted(void **state)
{
    setting_t *s = *state;
    struct host_coap_response *answer = NULL;
    uint8_t bytes[1024];
    cg_coap_format_t content;
    assert_int_equal(ask(s, host_coap_get, "/temp", &answer), 0);
    (void)take(s, answer, 0x84, bytes); /* 4.04 */
    assert_int_equal(put(s, "/temp", CG_COAP_FORMAT_JSON, (const uint8_t *)"{\"t\":21.54}", 11, &answer), 0);
    (void)take(s, answer, 0x41, bytes); /* 2.01 */
    assert_int_equal(put(s, "/temp", CG_COAP_FORMAT_JSON, (const uint8_t *)"{\"t\":-3}", 8, &answer), 0);
    (void)take(s, answer, 0x44, bytes); /* 2.04 */
    assert_int_equal(ask(s, host_coap_get, "/temp", &answer), 0);
    assert_int_equal(host_coap_content(&s->call, answer, &content), 0);
    assert_int_equal(content, CG_COAP_FORMAT_JSON);
    const cg_buffer_t data = take(s, answer, 0x45, bytes);
    assert_int_equal(data.count, 8);
    assert_memory_equal(bytes, "{\"t\":-3}", 8);
    assert_int_equal(ask(s, host_coap_delete, "/temp", &answer), 0);
    (void)take(s, answer, 0x42, bytes); /* 2.02 */
    assert_int_equal(ask(s, host_coap_get, "/temp", &answer), 0);
    (void)take(s, answer, 0x84, bytes);
}

static void the_longest_payload_goes_there_and_back(void **state)
{
    setting_t *s = *state;
    struct host_coap_response *answer = NULL;
    uint8_t sent[1024], bytes[1024];
    for (size_t i = 0; i < sizeof sent; i++) {
        sent[i] = (uint8_t)(i * 7);
    }
    assert_int_equal(put(s, "/long", CG_COAP_FORMAT_OCTETS, sent, sizeof sent, &answer), 0);
    (void)take(s, answer, 0x41, bytes);
    assert_int_equal(ask(s, host_coap_get, "/long", &answer), 0);
    const cg_buffer_t data = take(s, answer, 0x45, bytes);
    assert_int_equal(data.count, sizeof sent);
    assert_memory_equal(bytes, sent, sizeof sent);
}

static void a_slow_server_answers_separately(void **state)
{
    setting_t *s = *state;
    struct host_coap_response *answer = NULL;
    uint8_t bytes[1024];
    const uint64_t before_ms = host_linux_now_ms();
    char text[64];
    /* Not ask(): this resource of the server waits some seconds before it answers; the first time limit ends before that. */
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u/async", s->port) };
    assert_int_equal(host_coap_get(&s->call, uri, 300, &answer), CG_COAP_ERR_TIMEOUT);
    assert_true(host_linux_now_ms() - before_ms < 1500);
    assert_int_equal(host_coap_get(&s->call, uri, 20000, &answer), 0);
    assert_true(host_linux_now_ms() - before_ms > 2000);
    const cg_buffer_t data = take(s, answer, 0x45, bytes);
    assert_int_equal(data.count, 4);
    assert_memory_equal(bytes, "done", 4);
}

static void a_server_that_dies_becomes_unreachable(void **state)
{
    setting_t *s = *state;
    struct host_coap_response *answer = NULL;
    (void)kill(s->server, SIGKILL);
    (void)waitpid(s->server, NULL, 0);
    s->server = -1;
    assert_int_equal(ask(s, host_coap_get, "/", &answer), CG_COAP_ERR_UNREACHABLE);
}

static void a_server_on_ipv4_answers_too(void **state)
{
    setting_t *s = *state;
    const pid_t server = fork();
    assert_true(server >= 0);
    if (server == 0) {
        become_server("127.0.0.1", s->port);
    }
    await_server(s, "127.0.0.1");
    (void)kill(server, SIGKILL);
    (void)waitpid(server, NULL, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        TEST(the_root_answers_without_a_format),
        TEST(what_was_put_is_got_until_it_is_deleted),
        TEST(the_longest_payload_goes_there_and_back),
        TEST(a_slow_server_answers_separately),
        TEST(a_server_on_ipv4_answers_too),
        TEST(a_server_that_dies_becomes_unreachable),
    };
    if (argc != 2) {
        (void)fprintf(stderr, "usage: %s PATH-OF-COAP-SERVER\n", argv[0]);
        return 2;
    }
    server_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
