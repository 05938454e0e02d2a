/* SPDX-License-Identifier: BSD-2-Clause */
/* host/linux/coap_pdu.h - messages of libcoap, for the files that run on the I/O thread: what they share of writing one. */
#ifndef CALLGATE_HOST_LINUX_COAP_PDU_H
#define CALLGATE_HOST_LINUX_COAP_PDU_H

#include "coap_server.h"

#include <coap3/coap.h>

enum { COAP_DATAGRAM_MAX = 1472 }; /* what libcoap 4.3 reads of a datagram; more is cut off without a word */

/* coap_io.c: add an option's value, big-endian without leading zeros. */
bool client_add_number(coap_pdu_t *message, coap_option_num_t option, unsigned value);

/* coap_serve_io.c: fill in token, Observe if not negative, and content if there is one. */
bool server_fill(coap_pdu_t *message, const uint8_t *token, size_t token_size, int64_t observe, const server_content_t *content);

#endif
