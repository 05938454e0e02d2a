/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_fake.h - a server that answers as it is told, right or wrong, byte by byte. Knows no library. */
#ifndef CALLGATE_TEST_HOST_COAP_FAKE_H
#define CALLGATE_TEST_HOST_COAP_FAKE_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

enum { FAKE_DATAGRAM_MAX = 2048, FAKE_CON = 0, FAKE_NON = 1, FAKE_ACK = 2, FAKE_RST = 3 };

typedef struct fake fake_t;

/* One datagram that came in, taken apart as far as it is well-formed. */
typedef struct fake_message {
    struct sockaddr_in6 from;
    uint8_t bytes[FAKE_DATAGRAM_MAX];
    size_t size;
    uint8_t type, code, token_size;
    uint16_t mid;
    const uint8_t *token;
    const uint8_t *rest; /* options and payload */
    size_t rest_size;
} fake_message_t;

/* Called on the server's thread for each request (code 0.01 to 0.31); `nth` counts from 1. */
typedef void fake_script_t(fake_t *fake, const fake_message_t *request, unsigned nth);

struct fake {
    int fd, stop_fd;
    uint16_t port;
    fake_script_t *script;
    void *context;
    pthread_t thread;
    atomic_uint requests, acks, resets;
    uint16_t next_mid;
};

/* Start on a free port of [::1]; ends and joins. */
void fake_start(fake_t *fake, fake_script_t *script, void *context);
void fake_end(fake_t *fake);

/* Send bytes as they are. */
void fake_send_raw(fake_t *fake, const fake_message_t *to, const void *bytes, size_t size);
/* Send a message with the token of a request. */
void fake_send(fake_t *fake, const fake_message_t *to, uint8_t type, uint8_t code, uint16_t mid, const void *rest, size_t size);
void fake_sleep_ms(unsigned ms);

#endif
