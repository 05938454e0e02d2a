/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/double_coap.c - stands in for the gate where the CoAP host posts events: counts them. */
#include "double_coap.h"

coap_posts_t coap_posts;

cg_post_t cg_post_coap_requested(cg_guest_t *guest, const struct host_coap_resource *object, cg_coap_method_t method)
{
    (void)guest, (void)object;
    atomic_store(&coap_posts.method, method);
    atomic_fetch_add(&coap_posts.requested, 1);
    return (cg_post_t)atomic_load(&coap_posts.result);
}

cg_post_t cg_post_coap_answered(cg_guest_t *guest, const struct host_coap_exchange *object, uint8_t code)
{
    (void)guest, (void)object;
    atomic_store(&coap_posts.code, code);
    atomic_fetch_add(&coap_posts.answered, 1);
    return (cg_post_t)atomic_load(&coap_posts.result);
}

cg_post_t cg_post_coap_failed(cg_guest_t *guest, const struct host_coap_exchange *object, cg_coap_failure_t reason)
{
    (void)guest, (void)object;
    atomic_store(&coap_posts.reason, reason);
    atomic_fetch_add(&coap_posts.failed, 1);
    return (cg_post_t)atomic_load(&coap_posts.result);
}

bool cg_event_spares_half(struct cg_guest *guest)
{
    (void)guest;
    return true;
}
