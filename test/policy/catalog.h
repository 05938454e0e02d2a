/* SPDX-License-Identifier: BSD-2-Clause */
/* test/policy/catalog.h - a catalog written by hand, so that tests of policies and traces do not hang on the generator.
 * The APIs gate, random, saul, coap, log and timer as far as tests need them, and `probe`, which has every kind of argument. */
#ifndef TEST_POLICY_CATALOG_H
#define TEST_POLICY_CATALOG_H

#include "callgate/set.h"

/* Indexes of calls, numbers of handle types and of guards. */
enum {
    CALL_GATE_CLOSE, CALL_GATE_ALLOWED, CALL_RANDOM_U32, CALL_RANDOM_FILL, CALL_SAUL_COUNT, CALL_SAUL_FIND, CALL_SAUL_NAME, CALL_SAUL_READ,
    CALL_SAUL_WRITE, CALL_COAP_GET, CALL_COAP_PUT, CALL_COAP_CODE, CALL_LOG_PRINT, CALL_TIMER_EVERY, CALL_TIMER_ONCE, CALL_PROBE_SET, CALL_PROBE_WIDE, CALL_PROBE_MAYBE,
    CALL_PROBE_LISTS, CALL_PROBE_SWAP, CALL_PROBE_NEST, CALL_PROBE_SUM, CALL_COUNT
};
enum { TYPE_NONE, TYPE_SAUL_DEVICE, TYPE_COAP_RESPONSE, TYPE_TIMER_ALARM, TYPE_COUNT };
enum { EVENT_TIMER_FIRED, EVENT_TIMER_MISSED, EVENT_COUNT };
enum { GUARD_COUNT_KIND, GUARD_FIND_KIND, GUARD_GET_URI, GUARD_PUT_URI, GUARD_LEVEL, GUARD_MASK, GUARD_BIG, GUARD_MODE, GUARD_TOPIC, GUARD_COUNT };

extern const cg_catalog_t test_catalog;

#endif
