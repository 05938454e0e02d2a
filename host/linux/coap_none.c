/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_none.c - the coap API where this host was built without libcoap: no server can be reached.
 * Stands in for coap.c, coap_io.c and coap_uri.c; no answer ever exists. */
#include "inner.h"

#include "host_coap.h"

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
