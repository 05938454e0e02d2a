/* SPDX-License-Identifier: BSD-2-Clause */
/* wild.c - a guest that calls with places, sizes, handles and texts that are not there or not right, past the SDK.
 * Every call is refused; returns how many were not. Driven by test/e2e/demo.py, which looks at the trace. */
#include <callgate/coap.h>
#include <callgate/log.h>
#include <callgate/random.h>
#include <callgate/saul.h>

enum { NOWHERE_BYTES = 16 };
#define NOWHERE 0xfffffff0u

static int wild_places(void)
{
    int passed = callgate_log_print(NOWHERE, NOWHERE_BYTES) == 0;
    passed += callgate_log_print(NOWHERE, 0x7fffffff) == 0;
    passed += callgate_random_fill(NOWHERE, NOWHERE_BYTES) >= 0;
    passed += callgate_random_fill(NOWHERE, UINT32_MAX) >= 0;
    passed += callgate_saul_read(0x0badf00d, NOWHERE) >= 0;
    passed += callgate_saul_find(SAUL_CLASS_SENSE_TEMP + 1000, 0) >= 0;
    passed += callgate_saul_name(7, NOWHERE, 1) >= 0;
    return passed;
}

/* Control characters, a text that is not UTF-8, one with a NUL, and a URI that is none. */
static int wild_texts(void)
{
    static const char bad[] = "a\377b";
    static const char cut[] = "a\0b";
    static const char uri[] = "coap://user@127.0.0.1:5683/%2e%2e/temp";
    int passed = log_print("\033[31mred\rover\a \"quoted\" back\\slash") != 0;
    passed += callgate_log_print(callgate_at(bad), 3) == 0;
    passed += callgate_log_print(callgate_at(cut), 3) == 0;
    passed += callgate_coap_get(callgate_at(uri), sizeof uri - 1, 100) >= 0;
    passed += callgate_coap_get(callgate_at(uri), sizeof uri - 1, 0) >= 0;
    passed += callgate_coap_get(NOWHERE, 255, 100) >= 0;
    passed += callgate_coap_code(1) >= 0;
    return passed;
}

CG_ENTRY int cg_main(void)
{
    const int passed = wild_places() + wild_texts();
    return passed;
}
