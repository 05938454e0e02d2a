/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_fixture.c - begin, ask, end. */
#include "coap_fixture.h"

#include <stdio.h>
#include <string.h>

void begin(setting_t *s, fake_script_t *script, void *context)
{
    s->host = host_linux_new(NULL);
    assert_non_null(s->host);
    s->call = (struct cg_guest){ .host = s->host, .name = "app", .deadline_ms = UINT64_MAX };
    fake_start(&s->fake, script, context);
}

void end(setting_t *s)
{
    host_linux_free(s->host);
    fake_end(&s->fake);
}

int ask(setting_t *s, const char *method, const char *path, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer)
{
    char text[256];
    const cg_text_t uri = { text, (uint32_t)snprintf(text, sizeof text, "coap://[::1]:%u%s", s->fake.port, path) };
    if (strcmp(method, "get") == 0) {
        return host_coap_get(&s->call, uri, timeout, answer);
    }
    if (strcmp(method, "delete") == 0) {
        return host_coap_delete(&s->call, uri, timeout, answer);
    }
    return (strcmp(method, "put") == 0 ? host_coap_put : host_coap_post)(&s->call, uri, content, payload, timeout, answer);
}
