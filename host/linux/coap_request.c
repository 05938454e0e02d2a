/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_request.c - requests to a guest's resources, on the guest's side: take one, look into it, answer it.
 * Never calls libcoap. What a client sent was checked by coap_serve_io.c: path and query are text. */
#include "coap_server.h"

#include <stdlib.h>
#include <string.h>

enum { URI_PATH = 11, CONTENT_FORMAT = 12, URI_QUERY = 15, OPTION_HEAD = 4 };

typedef struct option {
    uint16_t number;
    uint16_t size;
    const uint8_t *value;
} option_t;

/* The option at *at, which moves behind it. */
static bool next_option(const struct host_coap_request *request, uint32_t *at, option_t *option)
{
    if (request->options_size - *at < OPTION_HEAD) {
        return false;
    }
    const uint8_t *head = request->bytes + *at;
    *option = (option_t){ (uint16_t)(head[0] << 8 | head[1]), (uint16_t)(head[2] << 8 | head[3]), head + OPTION_HEAD };
    *at += OPTION_HEAD + (uint32_t)option->size;
    return true;
}

static bool find_option(const struct host_coap_request *request, uint16_t number, unsigned nth, option_t *option)
{
    for (uint32_t at = 0; next_option(request, &at, option);) {
        if (option->number == number && nth-- == 0) {
            return true;
        }
    }
    return false;
}

bool server_options_join(const struct host_coap_request *request, uint16_t number, char between, char *text, size_t capacity, size_t *size)
{
    option_t option;
    bool is_first = true;
    *size = 0;
    for (uint32_t at = 0; next_option(request, &at, &option);) {
        if (option.number == number) {
            if (capacity - *size < option.size + (is_first ? 0u : 1u)) {
                return false;
            }
            if (!is_first) {
                text[(*size)++] = between;
            }
            memcpy(text + *size, option.value, option.size);
            *size += option.size;
            is_first = false;
        }
    }
    return true;
}

bool server_options_next(const struct host_coap_request *request, uint16_t number, uint32_t *at, const char **text, size_t *size)
{
    option_t option;
    while (next_option(request, at, &option)) {
        if (option.number == number) {
            *text = (const char *)option.value;
            *size = option.size;
            return true;
        }
    }
    return false;
}

void server_request_drop(struct host_coap_request *request)
{
    if (--request->owners == 0) {
        free(request->answer);
        free(request);
    }
}

int host_coap_accept(cg_call_t *call, struct host_coap_resource *resource, struct host_coap_request **request)
{
    host_client_t *client = cg_call_host(call)->coap;
    (void)pthread_mutex_lock(&client->lock);
    struct host_coap_request *r = client->requests;
    while (r != NULL && (r->serial != resource->serial || r->is_taken || r->code != 0)) {
        r = r->next;
    }
    if (r != NULL) {
        r->is_taken = true;
        r->owners++;
        *request = r;
    }
    (void)pthread_mutex_unlock(&client->lock);
    return r != NULL ? 0 : CG_COAP_ERR_ABSENT;
}

int host_coap_method(cg_call_t *call, struct host_coap_request *request, cg_coap_method_t *method)
{
    (void)call;
    *method = (cg_coap_method_t)(1u << (request->method - 1u));
    return 0;
}

static int join(const struct host_coap_request *request, uint16_t number, char between, cg_text_buffer_t *to)
{
    size_t size;
    char text[SERVER_TEXT_MAX + 1];
    if (!server_options_join(request, number, between, text, SERVER_TEXT_MAX, &size)) {
        return CG_ERR_HOST;
    }
    text[size] = '\0';
    return cg_text_set(to, text);
}

int host_coap_path(cg_call_t *call, struct host_coap_request *request, cg_text_buffer_t *path)
{
    (void)call;
    return join(request, URI_PATH, '/', path);
}

int host_coap_query(cg_call_t *call, struct host_coap_request *request, cg_text_buffer_t *query)
{
    (void)call;
    return join(request, URI_QUERY, '&', query);
}

int host_coap_format(cg_call_t *call, struct host_coap_request *request, cg_coap_format_t *content)
{
    (void)call;
    option_t option;
    *content = CG_COAP_FORMAT_NONE;
    if (find_option(request, CONTENT_FORMAT, 0, &option) && option.size <= 2) {
        uint16_t value = 0;
        for (uint16_t i = 0; i < option.size; i++) {
            value = (uint16_t)(value << 8 | option.value[i]);
        }
        *content = value;
    }
    return 0;
}

int host_coap_body(cg_call_t *call, struct host_coap_request *request, uint16_t offset, cg_buffer_t *data)
{
    (void)call;
    if (offset >= request->payload_size) {
        data->count = 0;
        return 0;
    }
    return cg_buffer_set(data, request->bytes + request->options_size + offset, request->payload_size - offset);
}

int host_coap_option(cg_call_t *call, struct host_coap_request *request, uint16_t number, uint8_t nth, cg_buffer_t *value)
{
    (void)call;
    option_t option;
    if (!find_option(request, number, nth, &option)) {
        return CG_COAP_ERR_ABSENT;
    }
    return option.size > SERVER_TEXT_MAX ? CG_COAP_ERR_TOO_LARGE : cg_buffer_set(value, option.value, option.size);
}

static server_content_t *content_new(cg_coap_format_t format, cg_bytes_t payload)
{
    server_content_t *made = calloc(1, sizeof *made);
    if (made != NULL) {
        made->format = format;
        made->size = (uint16_t)payload.size;
        memcpy(made->bytes, payload.bytes, payload.size);
    }
    return made;
}

int host_coap_respond(cg_call_t *call, struct host_coap_request *request, uint8_t code, cg_coap_format_t content, cg_bytes_t payload)
{
    host_client_t *client = cg_call_host(call)->coap;
    const unsigned class = code >> 5;
    if ((class != 2 && class != 4 && class != 5) || payload.size > CG_COAP_PAYLOAD_MAX) {
        return CG_COAP_ERR_MALFORMED;
    }
    server_content_t *answer = content_new(content, payload);
    if (answer == NULL) {
        return CG_ERR_QUOTA;
    }
    (void)pthread_mutex_lock(&client->lock);
    const bool is_late = request->code != 0;
    if (!is_late) {
        request->code = code;
        request->answer = answer;
        server_request_drop(request); /* the I/O thread still has it */
        client_io_wake(client);
    }
    (void)pthread_mutex_unlock(&client->lock);
    if (is_late) {
        free(answer);
    }
    return is_late ? CG_COAP_ERR_TIMEOUT : 0;
}

void host_coap_request_release(cg_host_t *host, struct host_coap_request *object)
{
    host_client_t *client = host->coap;
    (void)pthread_mutex_lock(&client->lock);
    if (object->code == 0) {
        object->code = SERVER_CODE_UNAVAILABLE;
        client_io_wake(client);
    }
    server_request_drop(object);
    (void)pthread_mutex_unlock(&client->lock);
}
