/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_serve_io.c - the I/O thread's part of the server: send answers, tell libcoap where to listen, end.
 * What comes in is read by coap_serve_in.c. An answer that is quick goes with the acknowledgement, so nothing needs to be repeated by us; a
 * slow one is confirmable as long as few of these are under way. No libcoap function that may call back is called under the lock. */
#include "coap_serve_in.h"

#include <stdlib.h>
#include <string.h>

enum {
    ACKNOWLEDGE_MS = 1000, /* a client repeats its request after 2 s */
    CONFIRM_MS = 100000    /* longer than libcoap repeats a message */
};

bool server_fill(coap_pdu_t *message, const uint8_t *token, size_t token_size, int64_t observe, const server_content_t *content)
{
    return coap_add_token(message, token_size, token) != 0 &&
           (observe < 0 || client_add_number(message, COAP_OPTION_OBSERVE, (unsigned)observe)) &&
           (content == NULL || content->format == CG_COAP_FORMAT_NONE || client_add_number(message, COAP_OPTION_CONTENT_FORMAT, content->format)) &&
           (content == NULL || content->size == 0 || coap_add_data(message, content->size, content->bytes) != 0);
}

/* Whether one more confirmable answer may be under way. Bounds what a client that acknowledges nothing can make us keep. */
static bool may_confirm(host_client_t *client, uint64_t now_ms)
{
    for (size_t i = 0; i < SERVER_CONFIRMS_MAX; i++) {
        if (client->confirms_until_ms[i] <= now_ms) {
            client->confirms_until_ms[i] = now_ms + CONFIRM_MS;
            return true;
        }
    }
    return false;
}

static void send_answer(host_client_t *client, struct host_coap_request *request, uint64_t now_ms)
{
    const bool is_with_ack = request->is_confirmable && !request->is_acknowledged;
    const coap_pdu_type_t type = is_with_ack ? COAP_MESSAGE_ACK : request->is_confirmable && may_confirm(client, now_ms) ? COAP_MESSAGE_CON : COAP_MESSAGE_NON;
    coap_pdu_t *message = coap_pdu_init(type, (coap_pdu_code_t)request->code, is_with_ack ? request->number : coap_new_message_id(request->session),
                                        coap_session_max_pdu_size(request->session));
    if (message == NULL) {
        return;
    }
    const int64_t observe = request->is_observed ? 1 : -1;
    if (!server_fill(message, request->token, request->token_size, observe, request->answer)) {
        coap_delete_pdu(message);
        return;
    }
    (void)coap_send(request->session, message);
}

static void acknowledge(struct host_coap_request *request)
{
    coap_pdu_t *message = coap_pdu_init(COAP_MESSAGE_ACK, COAP_EMPTY_CODE, request->number, 0);
    if (message != NULL) {
        (void)coap_send(request->session, message);
    }
    request->is_acknowledged = true;
}

static void let_go(host_client_t *client, struct host_coap_request *request)
{
    coap_session_release(request->session);
    (void)pthread_mutex_lock(&client->lock);
    server_request_drop(request);
    (void)pthread_mutex_unlock(&client->lock);
}

/* Where to keep one more: in the oldest place of a peer that has its share, else in the oldest of all. So no stranger makes us forget another's soon. */
static uint32_t place_of(const host_client_t *client, const coap_session_t *session)
{
    uint32_t of_peer = 0, oldest = client->answered_next;
    for (uint32_t i = SERVER_ANSWERED_MAX; i > 0; i--) {
        const uint32_t at = (client->answered_next + i - 1) % SERVER_ANSWERED_MAX;
        if (client->answered[at] != NULL && client->answered[at]->session == session) {
            of_peer += 1;
            oldest = at;
        }
    }
    return of_peer >= SERVER_ANSWERED_PEER ? oldest : client->answered_next;
}

/* Keep it for a while, to answer the same again. */
static void keep(host_client_t *client, struct host_coap_request *request)
{
    const uint32_t place = place_of(client, request->session);
    struct host_coap_request **at = &client->answered[place];
    client->answered_next = place == client->answered_next ? (place + 1) % SERVER_ANSWERED_MAX : client->answered_next;
    if (*at != NULL) {
        let_go(client, *at);
    }
    *at = request;
}

static void answer(host_client_t *client, struct host_coap_request *request, uint64_t now_ms)
{
    if (request->is_observing && request->code >> 5 == 2) {
        request->is_observed = server_observer_fits(client, request) && server_observer_add(client, request);
    }
    request->is_answered = true;
    send_answer(client, request, now_ms);
    keep(client, request);
}

void server_io_again(host_client_t *client, struct host_coap_request *request)
{
    if (request->is_acknowledged) {
        acknowledge(request); /* the first one was lost; libcoap repeats the answer */
    } else if (request->is_answered) {
        send_answer(client, request, host_linux_now_ms());
    }
}

/* Those whose answer is there or whose time is over, as a list; the oldest first. */
static struct host_coap_request *take_due(host_client_t *client, uint64_t now_ms)
{
    struct host_coap_request *due = NULL, **last = &due;
    (void)pthread_mutex_lock(&client->lock);
    for (struct host_coap_request **at = &client->requests; *at != NULL;) {
        struct host_coap_request *request = *at;
        if (request->code == 0 && request->until_ms <= now_ms) {
            request->code = SERVER_CODE_UNAVAILABLE;
        }
        if (request->code == 0) {
            at = &request->next;
            continue;
        }
        *at = request->next;
        request->next = NULL;
        *last = request;
        last = &request->next;
    }
    (void)pthread_mutex_unlock(&client->lock);
    return due;
}

/* The list changes on this thread only, and so may be walked without the lock; what others change in a request is not looked at. */
static void acknowledge_slow(host_client_t *client, uint64_t now_ms)
{
    for (struct host_coap_request *r = client->requests; r != NULL; r = r->next) {
        if (r->is_confirmable && !r->is_acknowledged && now_ms - r->came_ms >= ACKNOWLEDGE_MS) {
            acknowledge(r);
        }
    }
}

void server_io_round(host_client_t *client, uint64_t now_ms)
{
    for (struct host_coap_request *due = take_due(client, now_ms); due != NULL;) {
        struct host_coap_request *request = due;
        due = due->next;
        answer(client, request, now_ms);
    }
    acknowledge_slow(client, now_ms);
    server_observers_tell(client, now_ms);
}

uint64_t server_io_next_ms(host_client_t *client)
{
    uint64_t next_ms = UINT64_MAX;
    for (const struct host_coap_request *r = client->requests; r != NULL; r = r->next) {
        const uint64_t ack_ms = r->is_confirmable && !r->is_acknowledged ? r->came_ms + ACKNOWLEDGE_MS : UINT64_MAX;
        const uint64_t due_ms = ack_ms < r->until_ms ? ack_ms : r->until_ms;
        next_ms = due_ms < next_ms ? due_ms : next_ms;
    }
    return next_ms;
}

bool server_io_start(host_client_t *client, const client_target_t *address)
{
    coap_address_t at;
    coap_address_init(&at);
    at.size = address->address_size;
    memcpy(&at.addr, &address->address, address->address_size);
    coap_context_set_max_idle_sessions(client->context, SERVER_SESSIONS_MAX);
    return server_in_start(client) && coap_new_endpoint(client->context, &at, COAP_PROTO_UDP) != NULL;
}

void server_io_end(host_client_t *client)
{
    while (client->requests != NULL) {
        struct host_coap_request *request = client->requests;
        client->requests = request->next;
        let_go(client, request);
    }
    for (size_t i = 0; i < SERVER_ANSWERED_MAX; i++) {
        if (client->answered[i] != NULL) {
            let_go(client, client->answered[i]);
            client->answered[i] = NULL;
        }
    }
    server_observers_end(client);
}
