/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_server.h - what the files of the CoAP server share: resources, requests, observers.
 * A guest's thread serves, accepts and responds (coap_server.c, coap_request.c); the I/O thread alone calls libcoap (coap_serve_io.c, coap_observe.c).
 * A request is freed by whichever lets go last. Limits hold for each guest, so that none takes another's share. */
#ifndef CALLGATE_HOST_LINUX_COAP_SERVER_H
#define CALLGATE_HOST_LINUX_COAP_SERVER_H

#include "coap_inner.h"

enum {
    SERVER_RESOURCES_MAX = 8, /* of a guest */
    SERVER_REQUESTS_MAX = 8,  /* of a guest, not answered yet */
    SERVER_OBSERVERS_MAX = 8, /* of a resource */
    SERVER_OBSERVERS_PEER = 2, /* of them, of one peer */
    SERVER_SESSIONS_MAX = 64, /* clients that libcoap remembers without need */
    SERVER_PATH_MAX = 63,
    SERVER_TEXT_MAX = 255,    /* path and query of a request */
    SERVER_CODE_UNAVAILABLE = 0xa3
};

/* What a resource is, for those who observe it; or the answer to a request. */
typedef struct server_content {
    uint16_t format;
    uint16_t size;
    uint8_t bytes[CG_COAP_PAYLOAD_MAX];
} server_content_t;

struct host_coap_resource {
    /* constant */
    cg_guest_t *guest;
    uint64_t serial;            /* never used twice: tells observers whether it is still the same */
    cg_coap_method_t methods;
    bool is_observable;
    bool is_tree;               /* serves what lies below `path` */
    uint8_t path_size;          /* without the end that makes it a tree */
    char path[SERVER_PATH_MAX + 1];
    /* under the lock */
    struct host_coap_resource *next;
    uint32_t version;           /* counts what was notified */
    server_content_t content;
};

struct host_coap_request {
    /* constant */
    cg_guest_t *guest;
    uint64_t serial;            /* of the resource */
    uint32_t version;           /* of it, when the request came */
    uint8_t method;             /* as on the wire, 1 to 4 */
    bool is_observing;          /* wants to be told of changes */
    uint64_t until_ms;          /* when the host answers in the guest's place */
    uint32_t options_size;      /* bytes[0..): number and size, two bytes each and big-endian, then the value; over and over */
    uint32_t payload_size;      /* behind the options */
    /* under the lock */
    struct host_coap_request *next; /* of those not answered, the oldest first; behind that the I/O thread's own */
    uint8_t owners;             /* the I/O thread, the guest */
    bool is_taken;
    uint8_t code;               /* 0: no answer yet. Never changes again, nor does `answer` */
    server_content_t *answer;   /* NULL: without payload */
    /* the I/O thread's own */
    struct coap_session_t *session;
    uint64_t came_ms;
    uint16_t number;            /* message id */
    bool is_confirmable, is_acknowledged, is_observed, is_answered;
    uint8_t token_size;
    uint8_t token[8];
    uint8_t bytes[];
};

/* ---- coap_server.c ---- */

/* Under the lock. The resource that serves a path best; NULL: none. */
struct host_coap_resource *server_resource_of(host_client_t *client, const char *path, size_t size);
/* Under the lock. NULL: it is gone. */
struct host_coap_resource *server_resource_by_serial(host_client_t *client, uint64_t serial);
/* Whether a guest may serve this path. */
bool server_path_is_good(const char *path, size_t size);
void server_free(host_client_t *client);

/* ---- coap_request.c ---- */

/* Values of all options of a number with `between` between them. False: they do not fit. */
bool server_options_join(const struct host_coap_request *request, uint16_t number, char between, char *text, size_t capacity, size_t *size);
/* The next option of a number behind *at, which moves on; its value is not NUL-ended and lives as long as the request. False: there is none. */
bool server_options_next(const struct host_coap_request *request, uint16_t number, uint32_t *at, const char **text, size_t *size);
/* Under the lock: let go; the last one frees it. */
void server_request_drop(struct host_coap_request *request);

/* ---- coap_serve_io.c: on the I/O thread, without the lock ---- */

/* Before the thread runs: listen. False: the machine has no more of something. */
bool server_io_start(host_client_t *client, const client_target_t *address);
/* Send what is due. */
void server_io_round(host_client_t *client, uint64_t now_ms);
/* When something will be due; UINT64_MAX: not by itself. */
uint64_t server_io_next_ms(host_client_t *client);
/* Let go of all that libcoap has a part in. */
void server_io_end(host_client_t *client);

/* ---- coap_observe.c: likewise ---- */

/* Whether there is room for one more, or the same is there. */
bool server_observer_fits(const host_client_t *client, const struct host_coap_request *request);
/* Remember who asked. False: no memory. */
bool server_observer_add(host_client_t *client, const struct host_coap_request *request);
/* Forget whoever asked with this token; token NULL: with any. */
void server_observer_remove(host_client_t *client, const struct coap_session_t *session, const uint8_t *token, size_t token_size);
/* Tell what was notified since, or that a resource is gone. */
void server_observers_tell(host_client_t *client, uint64_t now_ms);
void server_observers_end(host_client_t *client);

#endif
