/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_serve_in.h - between the two files of the server's I/O: requests that come in, answers that go out. */
#ifndef CALLGATE_HOST_LINUX_COAP_SERVE_IN_H
#define CALLGATE_HOST_LINUX_COAP_SERVE_IN_H

#include "coap_pdu.h"

/* coap_serve_in.c: register the handlers with libcoap. False: no memory. */
bool server_in_start(host_client_t *client);

/* coap_serve_io.c: a request came again; do again what was done. */
void server_io_again(host_client_t *client, struct host_coap_request *request);

#endif
