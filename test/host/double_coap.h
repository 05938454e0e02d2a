/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/double_coap.h - events of the coap API as they were posted. */
#ifndef CALLGATE_TEST_HOST_DOUBLE_COAP_H
#define CALLGATE_TEST_HOST_DOUBLE_COAP_H

#include "host_coap.h"

#include <stdatomic.h>

/* What was posted, over all guests; coap_posts give `result`. */
typedef struct coap_posts {
    atomic_uint requested, answered, failed;
    atomic_int method, code, reason, result;
} coap_posts_t;
extern coap_posts_t coap_posts;

#endif
