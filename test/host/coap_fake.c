/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_fake.c - the socket and the thread of a server that answers as it is told. */
#include "coap_fake.h"

#include "cmocka_all.h"

#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

void fake_sleep_ms(unsigned ms)
{
    const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
    (void)nanosleep(&pause, NULL);
}

void fake_send_raw(fake_t *fake, const fake_message_t *to, const void *bytes, size_t size)
{
    (void)sendto(fake->fd, bytes, size, 0, (const struct sockaddr *)&to->from, sizeof to->from);
}

void fake_send(fake_t *fake, const fake_message_t *to, uint8_t type, uint8_t code, uint16_t mid, const void *rest, size_t size)
{
    uint8_t bytes[FAKE_DATAGRAM_MAX];
    const uint8_t token_size = code == 0 ? 0 : to->token_size; /* empty messages have no token */
    bytes[0] = (uint8_t)(0x40u | (unsigned)type << 4 | token_size);
    bytes[1] = code;
    bytes[2] = (uint8_t)(mid >> 8);
    bytes[3] = (uint8_t)mid;
    memcpy(bytes + 4, to->token, token_size);
    if (size != 0) {
        memcpy(bytes + 4 + token_size, rest, size);
    }
    fake_send_raw(fake, to, bytes, 4 + token_size + size);
}

static void take_apart(fake_t *fake, fake_message_t *m, unsigned *nth)
{
    m->type = m->bytes[0] >> 4 & 3u;
    m->token_size = m->bytes[0] & 15u;
    m->code = m->bytes[1];
    m->mid = (uint16_t)(m->bytes[2] << 8 | m->bytes[3]);
    if (m->size < 4 || m->token_size > 8 || m->size - 4 < m->token_size) {
        return;
    }
    m->token = m->bytes + 4;
    m->rest = m->token + m->token_size;
    m->rest_size = m->size - 4 - m->token_size;
    if (m->code >= 1 && m->code < 32) {
        atomic_fetch_add(&fake->requests, 1);
        fake->script(fake, m, ++*nth);
    } else {
        atomic_fetch_add(&fake->acks, m->type == FAKE_ACK);
        atomic_fetch_add(&fake->resets, m->type == FAKE_RST);
    }
}

static void *run(void *argument)
{
    fake_t *fake = argument;
    unsigned nth = 0;
    for (;;) {
        struct pollfd wait[2] = { { .fd = fake->stop_fd, .events = POLLIN }, { .fd = fake->fd, .events = POLLIN } };
        (void)poll(wait, 2, -1);
        if (wait[0].revents != 0) {
            return NULL;
        }
        fake_message_t message = { .size = 0 };
        socklen_t size = sizeof message.from;
        const ssize_t n = recvfrom(fake->fd, message.bytes, sizeof message.bytes, MSG_DONTWAIT, (struct sockaddr *)&message.from, &size);
        if (n >= 0) {
            message.size = (size_t)n;
            take_apart(fake, &message, &nth);
        }
    }
}

void fake_start(fake_t *fake, fake_script_t *script, void *context)
{
    memset(fake, 0, sizeof *fake);
    fake->script = script;
    fake->context = context;
    fake->next_mid = 0x7700;
    fake->fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    fake->stop_fd = eventfd(0, EFD_CLOEXEC);
    struct sockaddr_in6 at = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    socklen_t size = sizeof at;
    assert_true(fake->fd >= 0 && fake->stop_fd >= 0);
    assert_int_equal(bind(fake->fd, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(getsockname(fake->fd, (struct sockaddr *)&at, &size), 0);
    fake->port = ntohs(at.sin6_port);
    assert_int_equal(pthread_create(&fake->thread, NULL, run, fake), 0);
}

void fake_end(fake_t *fake)
{
    const uint64_t one = 1;
    assert_int_equal(write(fake->stop_fd, &one, sizeof one), sizeof one);
    (void)pthread_join(fake->thread, NULL);
    (void)close(fake->fd);
    (void)close(fake->stop_fd);
}
