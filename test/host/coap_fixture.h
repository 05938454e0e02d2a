/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/coap_fixture.h - a host, a guest's call and a server that answers as it is told. */
#ifndef CALLGATE_TEST_HOST_COAP_FIXTURE_H
#define CALLGATE_TEST_HOST_COAP_FIXTURE_H

#include "coap_fake.h"
#include "coap_inner.h"
#include "double.h"

#include "cmocka_all.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define REST(text) text, sizeof(text) - 1 /* bytes behind the token, and how many */

typedef struct setting {
    cg_host_t *host;
    struct cg_guest call;
    fake_t fake;
} setting_t;

void begin(setting_t *s, fake_script_t *script, void *context);
void end(setting_t *s);

/* One request to the server. method: "get", "put", "post" or "delete"; content and payload count for put and post only. */
int ask(setting_t *s, const char *method, const char *path, cg_coap_format_t content, cg_bytes_t payload, uint32_t timeout, struct host_coap_response **answer);

#endif
