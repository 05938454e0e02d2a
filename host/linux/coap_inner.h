/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_inner.h - what coap.c, coap_io.c and coap_uri.c share: requests, answers, and the client that has both.
 * Two threads touch a request: the guest's, which posts it and waits, and the one I/O thread, which alone calls libcoap. Each field says whose
 * it is. A request is freed by whichever lets go last. */
#ifndef CALLGATE_HOST_LINUX_COAP_INNER_H
#define CALLGATE_HOST_LINUX_COAP_INNER_H

#include "inner.h"

#include "host_coap.h"

#include <netinet/in.h>
#include <pthread.h>

enum { COAP_URI_MAX = 255, COAP_TOKEN_SIZE = 8 };

/* Where a request goes. */
typedef struct client_target {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } address;
    socklen_t address_size;
    uint8_t path_size;          /* segments with '/' between, none at the ends; 0: the root */
    char path[COAP_URI_MAX + 1];
} client_target_t;

/* An answer; a guest owns it through its handle. Not changed once made. */
struct host_coap_response {
    struct host_coap_response *next, **previous; /* the client's list of those still open; under its lock */
    uint8_t code;
    uint16_t content;
    uint16_t size;
    uint8_t payload[];
};

typedef struct client_request {
    /* written before it is posted, read by the I/O thread */
    client_target_t target;
    uint8_t method;
    uint16_t content;
    uint16_t payload_size;
    uint8_t payload[CG_COAP_PAYLOAD_MAX];
    /* under the client's lock */
    struct client_request *next_posted;
    pthread_cond_t finished;
    bool is_finished;
    bool is_abandoned;          /* nobody waits any more */
    uint8_t owners;             /* guest's thread, I/O thread */
    int result;
    struct host_coap_response *answer;
    /* the I/O thread's own */
    struct client_request *next_active;
    struct coap_session_t *session;
    uint8_t token[COAP_TOKEN_SIZE];
    bool is_done;               /* finished on this side: the session is to be closed */
} client_request_t;

struct host_client {
    uint32_t requests_max, answers_max;
    pthread_mutex_t lock;
    /* under the lock */
    bool is_started;
    bool is_ending;
    uint32_t request_count;     /* posted and not finished; abandoned ones until they are closed */
    uint32_t answer_count;
    client_request_t *posted, **posted_last;
    struct host_coap_response *answers;
    /* set when the thread starts, then constant */
    int wake_fd;                /* eventfd: something was posted, abandoned, or it is over */
    pthread_t thread;
    /* the I/O thread's own */
    struct coap_context_t *context;
    client_request_t *active;
};

/* ---- coap_uri.c ---- */

/* `coap://[v6]:port/path` or `coap://1.2.3.4:port/path`; literal addresses of one machine only. False for all else. */
bool client_target_parse(client_target_t *target, const char *uri, size_t size);

/* ---- coap.c, for coap_io.c ---- */

/* Under the lock: let go of a request; the last one frees it. */
void client_request_drop(client_request_t *request);
/* Under the lock: make an answer and count it; NULL: no memory. There is room: every request reserved it. */
struct host_coap_response *client_answer_new(host_client_t *client, const uint8_t *payload, uint16_t size);

/* ---- coap_io.c ---- */

/* Under the lock: make context and thread if there are none. False: the machine has no more of something. */
bool client_io_start(host_client_t *client);
/* Tell the thread to look. */
void client_io_wake(host_client_t *client);
/* End and join the thread, if there is one. */
void client_io_end(host_client_t *client);

#endif
