/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_inner.h - what the files of CoAP share: requests, answers, and the client that has both; of the server see coap_server.h.
 * Two threads touch a request: the guest's, which posts it and waits, and the one I/O thread, which alone calls libcoap. Each field says whose
 * it is. A request is freed by whichever lets go last. */
#ifndef CALLGATE_HOST_LINUX_COAP_INNER_H
#define CALLGATE_HOST_LINUX_COAP_INNER_H

#include "inner.h"

#include "host_coap.h"

#include <netinet/in.h>
#include <pthread.h>

enum {
    COAP_URI_MAX = 255,
    COAP_TOKEN_SIZE = 8,
    SERVER_ANSWERED_MAX = 64, /* requests of others that are remembered, should they come again */
    SERVER_ANSWERED_PEER = 8,  /* of one peer */
    SERVER_CONFIRMS_MAX = 16  /* confirmable answers under way */
};

typedef struct server_observer server_observer_t;

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

/* A request that a guest does not wait for; the guest owns it through its handle. Under the client's lock. */
struct host_coap_exchange {
    struct host_coap_exchange *next, **previous;
    cg_guest_t *guest;
    struct client_request *request;     /* NULL: finished */
    int result;
    struct host_coap_response *answer;  /* until the guest takes it */
};

typedef struct client_request {
    /* written before it is posted, read by the I/O thread */
    client_target_t target;
    uint8_t method;
    uint64_t until_ms;          /* when the I/O thread gives it up; UINT64_MAX: whoever waits does */
    uint16_t content;
    uint16_t payload_size;
    uint8_t payload[CG_COAP_PAYLOAD_MAX];
    /* under the client's lock */
    struct client_request *next_posted;
    pthread_cond_t finished;
    bool is_finished;
    bool is_abandoned;          /* nobody waits any more */
    struct host_coap_exchange *exchange; /* NULL: a guest waits on `finished` */
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
    uint32_t requests_max, answers_max, answer_ms;
    bool is_listening;          /* set before a guest runs */
    pthread_mutex_t lock;
    /* under the lock */
    bool is_started;
    bool is_ending;
    uint32_t request_count;     /* posted and not finished; abandoned ones until they are closed */
    uint32_t answer_count;
    client_request_t *posted, **posted_last;
    struct host_coap_response *answers;
    struct host_coap_exchange *exchanges;
    bool is_changed;            /* a resource was notified or is gone */
    uint64_t serial;            /* of the last resource */
    struct host_coap_resource *resources;
    struct host_coap_request *requests; /* not answered yet. Only the I/O thread changes the list, so that one may read it without the lock */
    /* set when the thread starts, then constant */
    int wake_fd;                /* eventfd: something was posted, abandoned, or it is over */
    pthread_t thread;
    /* the I/O thread's own */
    struct coap_context_t *context;
    client_request_t *active;
    struct host_coap_request *answered[SERVER_ANSWERED_MAX];
    unsigned answered_next;
    uint64_t confirms_until_ms[SERVER_CONFIRMS_MAX];
    server_observer_t *observers;
};

/* ---- coap_uri.c ---- */

/* `coap://[v6]:port/path` or `coap://1.2.3.4:port/path`; literal addresses of one machine only. False for all else. */
bool client_target_parse(client_target_t *target, const char *uri, size_t size);
/* `[v6]:port` or `1.2.3.4:port`, to listen at: the unspecified addresses too. */
bool client_listen_parse(client_target_t *target, const char *text, size_t size);

/* ---- coap.c, for coap_io.c and coap_send.c ---- */

/* A request, not posted yet: 0, CG_COAP_ERR_UNREACHABLE for what is no URI, CG_ERR_QUOTA, CG_ERR_HOST. */
int client_request_make(client_request_t **request, uint8_t method, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload);
/* Under the lock: count it and hand it to the I/O thread, which becomes its second owner. False: there is no room. */
bool client_request_post(host_client_t *client, client_request_t *request);
/* Under the lock: an answer that nobody has any more. */
void client_answer_free(host_client_t *client, struct host_coap_response *answer);
/* coap_send.c. Under the lock: the end of an exchange; tells its guest. */
void client_exchange_finish(struct host_coap_exchange *exchange, int result, struct host_coap_response *answer);

/* Under the lock: let go of a request; the last one frees it. */
void client_request_drop(client_request_t *request);
/* Under the lock: make an answer and count it; NULL: no memory. There is room: every request reserved it. */
struct host_coap_response *client_answer_new(host_client_t *client, const uint8_t *payload, uint16_t size);

/* ---- coap_io.c ---- */

/* Under the lock: make context and thread if there are none. False: the machine has no more of something. */
bool client_io_start(host_client_t *client);
/* The same, and listen. */
bool client_io_listen(host_client_t *client, const client_target_t *address);
/* Tell the thread to look. */
void client_io_wake(host_client_t *client);
/* End and join the thread, if there is one. */
void client_io_end(host_client_t *client);

#endif
