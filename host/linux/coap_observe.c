/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_observe.c - those who observe resources of guests (RFC 7641), on the I/O thread.
 * An observer gets the newest state, and not each one between. Most notifications are not confirmable; one that is shows, every 100 s, whether
 * the observer is still there, and as that is longer than libcoap repeats it no two are ever under way. */
#include "coap_server.h"

#include "coap_pdu.h"

#include <stdlib.h>
#include <string.h>

enum { CONFIRM_MS = 100000, CODE_CONTENT = 0x45, CODE_NOT_FOUND = 0x84 };

struct server_observer {
    struct server_observer *next;
    uint64_t serial;            /* of the resource; 0: it is gone */
    uint32_t version;           /* of the resource, last told */
    uint32_t count;             /* value of the option Observe */
    uint64_t confirmed_ms;      /* when it was last asked to confirm; 0: never */
    coap_session_t *session;
    uint8_t token_size;
    uint8_t token[8];
};

static bool is_of(const server_observer_t *o, const coap_session_t *session, const uint8_t *token, size_t token_size)
{
    return o->session == session && (token == NULL || (o->token_size == token_size && memcmp(o->token, token, token_size) == 0));
}

bool server_observer_fits(const host_client_t *client, const struct host_coap_request *request)
{
    unsigned count = 0, of_peer = 0;
    for (const server_observer_t *o = client->observers; o != NULL; o = o->next) {
        const bool is_other = o->serial == request->serial && !is_of(o, request->session, request->token, request->token_size);
        count += is_other;
        of_peer += is_other && o->session == request->session;
    }
    return count < SERVER_OBSERVERS_MAX && of_peer < SERVER_OBSERVERS_PEER;
}

bool server_observer_add(host_client_t *client, const struct host_coap_request *request)
{
    server_observer_remove(client, request->session, request->token, request->token_size);
    server_observer_t *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return false;
    }
    made->serial = request->serial;
    made->version = request->version;
    made->count = 1;
    made->session = coap_session_reference(request->session);
    made->token_size = request->token_size;
    memcpy(made->token, request->token, sizeof made->token);
    made->next = client->observers;
    client->observers = made;
    (void)pthread_mutex_lock(&client->lock);
    client->is_changed = true; /* it may have changed since the request came */
    (void)pthread_mutex_unlock(&client->lock);
    return true;
}

/* Only marks: libcoap may be in the middle of the session. */
void server_observer_remove(host_client_t *client, const coap_session_t *session, const uint8_t *token, size_t token_size)
{
    for (server_observer_t *o = client->observers; o != NULL; o = o->next) {
        if (is_of(o, session, token, token_size)) {
            o->serial = 0;
        }
    }
}

static void tell(server_observer_t *o, uint8_t code, const server_content_t *content, uint64_t now_ms)
{
    const bool confirms = code == CODE_CONTENT && (o->confirmed_ms == 0 || now_ms - o->confirmed_ms >= CONFIRM_MS);
    coap_pdu_t *message = coap_pdu_init(confirms ? COAP_MESSAGE_CON : COAP_MESSAGE_NON, (coap_pdu_code_t)code, coap_new_message_id(o->session),
                                        coap_session_max_pdu_size(o->session));
    if (message == NULL) {
        return;
    }
    o->count = (o->count + 1) & 0xffffffu;
    if (confirms) {
        o->confirmed_ms = now_ms;
    }
    const int64_t count = code == CODE_CONTENT ? (int64_t)o->count : -1;
    if (!server_fill(message, o->token, o->token_size, count, content)) {
        coap_delete_pdu(message);
        return;
    }
    (void)coap_send(o->session, message);
}

/* What an observer is to be told: a code, and a copy of the content; 0: nothing. */
static uint8_t news_of(host_client_t *client, server_observer_t *o, server_content_t *content)
{
    uint8_t code = 0;
    (void)pthread_mutex_lock(&client->lock);
    const struct host_coap_resource *resource = o->serial != 0 ? server_resource_by_serial(client, o->serial) : NULL;
    if (resource != NULL && resource->version != o->version) {
        o->version = resource->version;
        *content = resource->content;
        code = CODE_CONTENT;
    } else if (resource == NULL && o->serial != 0) {
        o->serial = 0;
        code = CODE_NOT_FOUND;
    }
    (void)pthread_mutex_unlock(&client->lock);
    return code;
}

static bool take_changed(host_client_t *client)
{
    (void)pthread_mutex_lock(&client->lock);
    const bool is_changed = client->is_changed;
    client->is_changed = false;
    (void)pthread_mutex_unlock(&client->lock);
    return is_changed;
}

static void sweep(host_client_t *client)
{
    for (server_observer_t **at = &client->observers; *at != NULL;) {
        server_observer_t *o = *at;
        if (o->serial == 0) {
            *at = o->next;
            coap_session_release(o->session);
            free(o);
        } else {
            at = &o->next;
        }
    }
}

void server_observers_tell(host_client_t *client, uint64_t now_ms)
{
    server_content_t content;
    const bool is_changed = take_changed(client);
    for (server_observer_t *o = client->observers; is_changed && o != NULL; o = o->next) {
        const uint8_t code = news_of(client, o, &content);
        if (code != 0) {
            tell(o, code, code == CODE_CONTENT ? &content : NULL, now_ms);
        }
    }
    sweep(client);
}

void server_observers_end(host_client_t *client)
{
    for (server_observer_t *o = client->observers; o != NULL; o = o->next) {
        o->serial = 0;
    }
    sweep(client);
}
