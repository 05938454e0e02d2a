/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap.c - the coap API on the guest's side: post a request, wait for its end, keep the answer.
 * Never calls libcoap: coap_io.c does, on its own thread. */
#include "coap_server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    LOOK_MS = 50, /* how long a waiting guest may go without looking whether it should stop */
    METHOD_GET = 1,
    METHOD_POST = 2,
    METHOD_PUT = 3,
    METHOD_DELETE = 4
};

host_client_t *host_client_new(const host_linux_config_t *config, bool *is_error)
{
    host_client_t *client = calloc(1, sizeof *client);
    *is_error = client == NULL;
    if (client != NULL) {
        client->requests_max = config->coap_requests_max;
        client->answers_max = config->coap_answers_max;
        client->answer_ms = config->coap_answer_ms;
        client->posted_last = &client->posted;
        client->wake_fd = -1;
        (void)pthread_mutex_init(&client->lock, NULL);
    }
    return client;
}

void client_answer_free(host_client_t *client, struct host_coap_response *answer)
{
    *answer->previous = answer->next;
    if (answer->next != NULL) {
        answer->next->previous = answer->previous;
    }
    client->answer_count--;
    free(answer);
}

void host_client_free(host_client_t *client)
{
    if (client == NULL) {
        return;
    }
    client_io_end(client);
    while (client->answers != NULL) {
        client_answer_free(client, client->answers);
    }
    server_free(client);
    (void)pthread_mutex_destroy(&client->lock);
    free(client);
}

struct host_coap_response *client_answer_new(host_client_t *client, const uint8_t *payload, uint16_t size)
{
    struct host_coap_response *answer = calloc(1, sizeof *answer + size);
    if (answer == NULL) {
        return NULL;
    }
    if (size != 0) {
        memcpy(answer->payload, payload, size);
    }
    answer->size = size;
    answer->next = client->answers;
    answer->previous = &client->answers;
    if (answer->next != NULL) {
        answer->next->previous = &answer->next;
    }
    client->answers = answer;
    client->answer_count++;
    return answer;
}

/* ---- requests ---- */

/* The clock of deadlines is CLOCK_MONOTONIC, so waiting must be by it too. */
static client_request_t *request_new(void)
{
    client_request_t *request = calloc(1, sizeof *request);
    if (request == NULL) {
        return NULL;
    }
    pthread_condattr_t attributes;
    (void)pthread_condattr_init(&attributes);
    (void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    (void)pthread_cond_init(&request->finished, &attributes);
    (void)pthread_condattr_destroy(&attributes);
    request->owners = 1;
    request->until_ms = UINT64_MAX;
    return request;
}

static void request_free(client_request_t *request)
{
    (void)pthread_cond_destroy(&request->finished);
    free(request);
}

void client_request_drop(client_request_t *request)
{
    if (--request->owners == 0) {
        request_free(request);
    }
}

/* Count it and hand it to the I/O thread. An answer needs room too: it is reserved here, so that a request which was sent cannot fail for it.
 * Answers and requests together are never more than answers_max. */
bool client_request_post(host_client_t *client, client_request_t *request)
{
    if (client->request_count >= client->requests_max || client->request_count >= client->answers_max - client->answer_count ||
        !client_io_start(client)) {
        return false;
    }
    client->request_count++;
    request->owners = 2;
    *client->posted_last = request;
    client->posted_last = &request->next_posted;
    return true;
}

/* Wait on the request's end until `until_ms`; the lock is held, and let go while waiting. */
static void wait_some(host_client_t *client, client_request_t *request, uint64_t until_ms)
{
    const struct timespec until = { .tv_sec = (time_t)(until_ms / 1000), .tv_nsec = (long)(until_ms % 1000) * 1000000 };
    (void)pthread_cond_timedwait(&request->finished, &client->lock, &until);
}

static int wait_finished(host_client_t *client, client_request_t *request, const cg_call_t *call, uint64_t until_ms)
{
    while (!request->is_finished) {
        const uint64_t now_ms = host_linux_now_ms();
        if (cg_call_stopping(call)) {
            return CG_ERR_STOPPED;
        }
        if (now_ms >= until_ms) {
            return CG_COAP_ERR_TIMEOUT;
        }
        wait_some(client, request, until_ms - now_ms < LOOK_MS ? until_ms : now_ms + LOOK_MS);
    }
    return request->result;
}

static int post_and_wait(host_client_t *client, client_request_t *request, const cg_call_t *call, uint64_t until_ms, struct host_coap_response **answer)
{
    (void)pthread_mutex_lock(&client->lock);
    if (!client_request_post(client, request)) {
        (void)pthread_mutex_unlock(&client->lock);
        request_free(request);
        return CG_ERR_QUOTA;
    }
    client_io_wake(client);
    const int result = wait_finished(client, request, call, until_ms);
    if (result == 0) {
        *answer = request->answer;
    } else if (!request->is_finished) {
        request->is_abandoned = true;
        client_io_wake(client);
    }
    client_request_drop(request);
    (void)pthread_mutex_unlock(&client->lock);
    return result;
}

int client_request_make(client_request_t **request, uint8_t method, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload)
{
    if (payload.size > CG_COAP_PAYLOAD_MAX) {
        return CG_ERR_HOST;
    }
    client_request_t *made = request_new();
    if (made == NULL) {
        return CG_ERR_QUOTA;
    }
    if (!client_target_parse(&made->target, uri.text, uri.size)) {
        request_free(made);
        return CG_COAP_ERR_UNREACHABLE;
    }
    made->method = method;
    made->content = content;
    made->payload_size = (uint16_t)payload.size;
    memcpy(made->payload, payload.bytes, payload.size);
    *request = made;
    return 0;
}

static int request(cg_call_t *call, uint8_t method, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout_ms,
                   struct host_coap_response **answer)
{
    const uint64_t now_ms = host_linux_now_ms();
    const uint64_t deadline_ms = cg_call_deadline_ms(call);
    if (cg_call_stopping(call)) {
        return CG_ERR_STOPPED;
    }
    if (deadline_ms <= now_ms) {
        return CG_COAP_ERR_TIMEOUT;
    }
    client_request_t *made = NULL;
    const int error = client_request_make(&made, method, uri, content, payload);
    if (error != 0) {
        return error;
    }
    return post_and_wait(cg_call_host(call)->coap, made, call, deadline_ms - now_ms < timeout_ms ? deadline_ms : now_ms + timeout_ms, answer);
}

/* ---- calls ---- */

static const cg_bytes_t no_payload = { (const uint8_t *)"", 0 };

int host_coap_get(cg_call_t *call, cg_text_t uri, uint32_t timeout, struct host_coap_response **answer)
{
    return request(call, METHOD_GET, uri, CG_COAP_FORMAT_NONE, no_payload, timeout, answer);
}

int host_coap_put(cg_call_t *call, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer)
{
    return request(call, METHOD_PUT, uri, content, payload, timeout, answer);
}

int host_coap_post(cg_call_t *call, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer)
{
    return request(call, METHOD_POST, uri, content, payload, timeout, answer);
}

int host_coap_delete(cg_call_t *call, cg_text_t uri, uint32_t timeout, struct host_coap_response **answer)
{
    return request(call, METHOD_DELETE, uri, CG_COAP_FORMAT_NONE, no_payload, timeout, answer);
}

int host_coap_code(cg_call_t *call, struct host_coap_response *answer, uint8_t *code)
{
    (void)call;
    *code = answer->code;
    return 0;
}

int host_coap_content(cg_call_t *call, struct host_coap_response *answer, cg_coap_format_t *content)
{
    (void)call;
    *content = answer->content;
    return 0;
}

int host_coap_payload(cg_call_t *call, struct host_coap_response *answer, uint16_t offset, cg_buffer_t *data)
{
    (void)call;
    if (offset >= answer->size) {
        data->count = 0;
        return 0;
    }
    return cg_buffer_set(data, answer->payload + offset, (size_t)answer->size - offset);
}

void host_coap_response_release(cg_host_t *host, struct host_coap_response *object)
{
    (void)pthread_mutex_lock(&host->coap->lock);
    client_answer_free(host->coap, object);
    (void)pthread_mutex_unlock(&host->coap->lock);
}

uint8_t host_answer_code(const void *answer)
{
    const struct host_coap_response *response = answer;
    return response->code;
}
