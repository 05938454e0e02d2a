/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_none.c - the coap API where this host was built without libcoap: no server can be reached.
 * Stands in for coap.c, coap_io.c and coap_uri.c; no answer ever exists. */
#include "inner.h"

#include "host_coap.h"

#include <stdio.h>

host_client_t *host_client_new(const host_linux_config_t *config, bool *is_error)
{
    (void)config;
    *is_error = false;
    return NULL;
}

void host_client_free(host_client_t *client)
{
    (void)client;
}

uint8_t host_answer_code(const void *answer)
{
    (void)answer;
    return 0;
}

int host_coap_get(cg_call_t *call, cg_text_t uri, uint32_t timeout, struct host_coap_response **answer)
{
    (void)call, (void)uri, (void)timeout, (void)answer;
    return CG_COAP_ERR_UNREACHABLE;
}

int host_coap_put(cg_call_t *call, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer)
{
    (void)content, (void)payload;
    return host_coap_get(call, uri, timeout, answer);
}

int host_coap_post(cg_call_t *call, cg_text_t uri, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer)
{
    (void)content, (void)payload;
    return host_coap_get(call, uri, timeout, answer);
}

int host_coap_delete(cg_call_t *call, cg_text_t uri, uint32_t timeout, struct host_coap_response **answer)
{
    return host_coap_get(call, uri, timeout, answer);
}

int host_coap_code(cg_call_t *call, struct host_coap_response *answer, uint8_t *code)
{
    (void)call, (void)answer, (void)code;
    return CG_ERR_HOST;
}

int host_coap_content(cg_call_t *call, struct host_coap_response *answer, cg_coap_format_t *content)
{
    (void)call, (void)answer, (void)content;
    return CG_ERR_HOST;
}

int host_coap_payload(cg_call_t *call, struct host_coap_response *answer, uint16_t offset, cg_buffer_t *data)
{
    (void)call, (void)answer, (void)offset, (void)data;
    return CG_ERR_HOST;
}

void host_coap_response_release(cg_host_t *host, struct host_coap_response *object)
{
    (void)host, (void)object;
}

int host_client_listen(host_client_t *client, const char *address, char *problem, size_t size)
{
    (void)client, (void)address;
    (void)snprintf(problem, size, "this program was built without libcoap");
    return HOST_LINUX_REFUSED;
}

int host_coap_serve(cg_call_t *call, cg_text_t path, cg_coap_method_t methods, bool observable, struct host_coap_resource **resource)
{
    (void)call, (void)path, (void)methods, (void)observable, (void)resource;
    return CG_COAP_ERR_UNREACHABLE;
}

int host_coap_accept(cg_call_t *call, struct host_coap_resource *resource, struct host_coap_request **request)
{
    (void)call, (void)resource, (void)request;
    return CG_ERR_HOST;
}

int host_coap_method(cg_call_t *call, struct host_coap_request *request, cg_coap_method_t *method)
{
    (void)call, (void)request, (void)method;
    return CG_ERR_HOST;
}

int host_coap_path(cg_call_t *call, struct host_coap_request *request, cg_text_buffer_t *path)
{
    (void)call, (void)request, (void)path;
    return CG_ERR_HOST;
}

int host_coap_query(cg_call_t *call, struct host_coap_request *request, cg_text_buffer_t *query)
{
    (void)call, (void)request, (void)query;
    return CG_ERR_HOST;
}

int host_coap_format(cg_call_t *call, struct host_coap_request *request, cg_coap_format_t *content)
{
    (void)call, (void)request, (void)content;
    return CG_ERR_HOST;
}

int host_coap_body(cg_call_t *call, struct host_coap_request *request, uint16_t offset, cg_buffer_t *data)
{
    (void)call, (void)request, (void)offset, (void)data;
    return CG_ERR_HOST;
}

int host_coap_option(cg_call_t *call, struct host_coap_request *request, uint16_t number, uint8_t nth, cg_buffer_t *value)
{
    (void)call, (void)request, (void)number, (void)nth, (void)value;
    return CG_ERR_HOST;
}

int host_coap_respond(cg_call_t *call, struct host_coap_request *request, uint8_t code, cg_coap_format_t content, cg_bytes_t payload)
{
    (void)call, (void)request, (void)code, (void)content, (void)payload;
    return CG_ERR_HOST;
}

int host_coap_notify(cg_call_t *call, struct host_coap_resource *resource, cg_coap_format_t content, cg_bytes_t payload)
{
    (void)call, (void)resource, (void)content, (void)payload;
    return CG_ERR_HOST;
}

int host_coap_send(cg_call_t *call, cg_text_t uri, cg_coap_verb_t method, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout,
                   struct host_coap_exchange **exchange)
{
    (void)call, (void)uri, (void)method, (void)content, (void)payload, (void)timeout, (void)exchange;
    return CG_COAP_ERR_UNREACHABLE;
}

int host_coap_answer(cg_call_t *call, struct host_coap_exchange *exchange, struct host_coap_response **answer)
{
    (void)call, (void)exchange, (void)answer;
    return CG_ERR_HOST;
}

void host_coap_resource_release(cg_host_t *host, struct host_coap_resource *object)
{
    (void)host, (void)object;
}

void host_coap_request_release(cg_host_t *host, struct host_coap_request *object)
{
    (void)host, (void)object;
}

void host_coap_exchange_release(cg_host_t *host, struct host_coap_exchange *object)
{
    (void)host, (void)object;
}
