/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_send.c - requests that a guest does not wait for: send, be told, take the answer.
 * Never calls libcoap. An exchange lives as long as the guest's handle; its request as long as the I/O thread needs it. */
#include "coap_inner.h"

#include <stdlib.h>
#include <string.h>

enum { EXCHANGES_MAX = 8 }; /* of a guest, finished ones too: so one guest leaves room for others */

static unsigned count_of(const host_client_t *client, const cg_guest_t *guest)
{
    unsigned count = 0;
    for (const struct host_coap_exchange *e = client->exchanges; e != NULL; e = e->next) {
        count += e->guest == guest;
    }
    return count;
}

static bool start(host_client_t *client, struct host_coap_exchange *exchange, client_request_t *request)
{
    if (count_of(client, exchange->guest) >= EXCHANGES_MAX || !client_request_post(client, request)) {
        return false;
    }
    request->exchange = exchange;
    exchange->request = request;
    exchange->next = client->exchanges;
    exchange->previous = &client->exchanges;
    if (exchange->next != NULL) {
        exchange->next->previous = &exchange->next;
    }
    client->exchanges = exchange;
    client_io_wake(client);
    return true;
}

int host_coap_send(cg_call_t *call, cg_text_t uri, cg_coap_verb_t method, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout,
                   struct host_coap_exchange **exchange)
{
    host_client_t *client = cg_call_host(call)->coap;
    client_request_t *request = NULL;
    const int error = client_request_make(&request, method, uri, content, payload);
    if (error != 0) {
        return error;
    }
    request->until_ms = host_linux_now_ms() + timeout;
    struct host_coap_exchange *made = calloc(1, sizeof *made);
    if (made == NULL) {
        client_request_drop(request);
        return CG_ERR_QUOTA;
    }
    made->guest = cg_call_events(call);
    (void)pthread_mutex_lock(&client->lock);
    const bool is_started = start(client, made, request);
    (void)pthread_mutex_unlock(&client->lock);
    if (!is_started) {
        client_request_drop(request);
        free(made);
        return CG_ERR_QUOTA;
    }
    *exchange = made;
    return 0;
}

static cg_coap_failure_t failure_of(int error)
{
    return error == CG_COAP_ERR_TIMEOUT ? CG_COAP_FAILURE_TIMEOUT : error == CG_COAP_ERR_PROTOCOL ? CG_COAP_FAILURE_PROTOCOL :
           error == CG_COAP_ERR_TOO_LARGE ? CG_COAP_FAILURE_TOO_LARGE : CG_COAP_FAILURE_UNREACHABLE;
}

void client_exchange_finish(struct host_coap_exchange *exchange, int result, struct host_coap_response *answer)
{
    client_request_t *request = exchange->request;
    exchange->request = NULL;
    request->exchange = NULL;
    exchange->result = result;
    exchange->answer = answer;
    client_request_drop(request);
    if (answer != NULL) {
        (void)cg_post_coap_answered(exchange->guest, exchange, answer->code);
    } else {
        (void)cg_post_coap_failed(exchange->guest, exchange, failure_of(result));
    }
}

int host_coap_answer(cg_call_t *call, struct host_coap_exchange *exchange, struct host_coap_response **answer)
{
    host_client_t *client = cg_call_host(call)->coap;
    (void)pthread_mutex_lock(&client->lock);
    const int result = exchange->request != NULL ? CG_COAP_ERR_PENDING : exchange->result;
    if (result == 0) {
        *answer = exchange->answer;
        exchange->answer = NULL;
        exchange->result = CG_COAP_ERR_ABSENT;
    }
    (void)pthread_mutex_unlock(&client->lock);
    return result;
}

void host_coap_exchange_release(cg_host_t *host, struct host_coap_exchange *object)
{
    host_client_t *client = host->coap;
    (void)pthread_mutex_lock(&client->lock);
    if (object->request != NULL) {
        object->request->exchange = NULL;
        object->request->is_abandoned = true;
        client_request_drop(object->request);
        client_io_wake(client);
    }
    if (object->answer != NULL) {
        client_answer_free(client, object->answer);
    }
    *object->previous = object->next;
    if (object->next != NULL) {
        object->next->previous = object->previous;
    }
    (void)pthread_mutex_unlock(&client->lock);
    free(object);
}
