/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_serve_fixture.c - listen, remember posts, speak CoAP by hand. */
#include "coap_serve_fixture.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* A port that nobody had a moment ago. */
static uint16_t free_port(void)
{
    const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    socklen_t size = sizeof at;
    assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    (void)close(fd);
    return ntohs(at.sin6_port);
}

int client_open(uint16_t port)
{
    const int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT, .sin6_port = htons(port) };
    assert_int_equal(connect(fd, (const struct sockaddr *)&at, sizeof at), 0);
    return fd;
}

void serving_begin(serving_t *s, uint32_t answer_ms)
{
    char text[32];
    memset(&coap_posts, 0, sizeof coap_posts);
    memset(s, 0, sizeof *s);
    s->host = host_linux_new(&(host_linux_config_t){ .coap_answer_ms = answer_ms });
    assert_non_null(s->host);
    s->guest = (struct cg_guest){ .host = s->host, .name = "app", .deadline_ms = UINT64_MAX };
    s->other = (struct cg_guest){ .host = s->host, .name = "other", .deadline_ms = UINT64_MAX };
    s->port = free_port();
    (void)snprintf(text, sizeof text, "[::1]:%u", s->port);
    assert_int_equal(host_linux_coap_listen(s->host, text), 0);
    s->fd = client_open(s->port);
    s->number = 0x1000;
}

void serving_end(serving_t *s)
{
    host_linux_free(s->host);
    (void)close(s->fd);
}

struct host_coap_resource *serving_serve(serving_t *s, const char *path, cg_coap_method_t methods, bool observable)
{
    struct host_coap_resource *resource = NULL;
    assert_int_equal(host_coap_serve(&s->guest, (cg_text_t){ path, (uint32_t)strlen(path) }, methods, observable, &resource), 0);
    return resource;
}

void client_send_raw(serving_t *s, const void *bytes, size_t size)
{
    (void)send(s->fd, bytes, size, 0);
}

void client_send(serving_t *s, uint8_t type, uint8_t code, uint8_t token, const void *rest, size_t size)
{
    uint8_t bytes[FAKE_DATAGRAM_MAX] = { (uint8_t)(0x41u | (unsigned)type << 4), code, (uint8_t)(s->number >> 8), (uint8_t)s->number, token };
    s->number++;
    memcpy(bytes + 5, rest, size);
    client_send_raw(s, bytes, 5 + size);
}

bool client_take(serving_t *s, fake_message_t *m, unsigned ms)
{
    struct pollfd wait = { .fd = s->fd, .events = POLLIN };
    if (poll(&wait, 1, (int)ms) <= 0) {
        return false;
    }
    const ssize_t n = recv(s->fd, m->bytes, sizeof m->bytes, 0);
    assert_true(n >= 4);
    m->size = (size_t)n;
    m->type = m->bytes[0] >> 4 & 3u;
    m->token_size = m->bytes[0] & 15u;
    m->code = m->bytes[1];
    m->mid = (uint16_t)(m->bytes[2] << 8 | m->bytes[3]);
    m->token = m->bytes + 4;
    m->rest = m->token + m->token_size;
    m->rest_size = m->size - 4 - m->token_size;
    return true;
}

void client_expect(serving_t *s, uint8_t code, fake_message_t *m)
{
    assert_true(client_take(s, m, 3000));
    assert_int_equal(m->code, code);
}

void await(const atomic_uint *count, unsigned n)
{
    for (unsigned i = 0; i < 600 && atomic_load(count) < n; i++) {
        fake_sleep_ms(5);
    }
    assert_int_equal(atomic_load(count), n);
}

struct host_coap_request *serving_accept(serving_t *s, struct host_coap_resource *resource)
{
    struct host_coap_request *request = NULL;
    assert_int_equal(host_coap_accept(&s->guest, resource, &request), 0);
    return request;
}

int serving_respond(serving_t *s, struct host_coap_request *request, uint8_t code, const char *text)
{
    return host_coap_respond(&s->guest, request, code, CG_COAP_FORMAT_TEXT, (cg_bytes_t){ (const uint8_t *)text, (uint32_t)strlen(text) });
}
