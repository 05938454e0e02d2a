/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_serve_fixture.h - a host that listens, guests whose events are remembered, and a client that writes datagrams byte by byte. */
#ifndef CALLGATE_TEST_HOST_COAP_SERVE_FIXTURE_H
#define CALLGATE_TEST_HOST_COAP_SERVE_FIXTURE_H

#include "coap_fake.h"
#include "coap_server.h"
#include "double.h"
#include "double_coap.h"

#include "cmocka_all.h"

#define REST(text) text, sizeof(text) - 1

typedef struct serving {
    cg_host_t *host;
    struct cg_guest guest, other;
    uint16_t port;
    int fd; /* the client's */
    uint16_t number;
} serving_t;

/* answer_ms: how long guests may take; 0: the default. */
void serving_begin(serving_t *s, uint32_t answer_ms);
void serving_end(serving_t *s);
struct host_coap_resource *serving_serve(serving_t *s, const char *path, cg_coap_method_t methods, bool observable);

/* A socket of one more client. */
int client_open(uint16_t port);

/* Send a request of one token byte; `rest` are options and payload. */
void client_send(serving_t *s, uint8_t type, uint8_t code, uint8_t token, const void *rest, size_t size);
void client_send_raw(serving_t *s, const void *bytes, size_t size);
/* The next datagram within `ms`; false: none. */
bool client_take(serving_t *s, fake_message_t *m, unsigned ms);
/* The next one must have this code. */
void client_expect(serving_t *s, uint8_t code, fake_message_t *m);
/* Wait until so many were posted. */
void await(const atomic_uint *count, unsigned n);
struct host_coap_request *serving_accept(serving_t *s, struct host_coap_resource *resource);
int serving_respond(serving_t *s, struct host_coap_request *request, uint8_t code, const char *text);

#endif
