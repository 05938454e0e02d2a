/* SPDX-License-Identifier: BSD-2-Clause */
/* example/own_api/counter.c - the host functions of counter.yaml. What they are given has been checked. */
#include "host_counter.h"

#include <stdio.h>
#include <stdlib.h>

struct host_counter_counter {
    uint32_t value;
};

int host_counter_open(cg_call_t *call, uint32_t start, struct host_counter_counter **made)
{
    (void)call;
    *made = malloc(sizeof **made);
    if (*made == NULL) {
        return CG_ERR_QUOTA;
    }
    (*made)->value = start;
    return 0;
}

int host_counter_add(cg_call_t *call, struct host_counter_counter *to, uint16_t amount, uint32_t *sum)
{
    (void)call;
    if (amount > UINT32_MAX - to->value) {
        return CG_COUNTER_ERR_OVERFLOW;
    }
    to->value += amount;
    *sum = to->value;
    return 0;
}

int host_counter_name(cg_call_t *call, struct host_counter_counter *of, cg_text_buffer_t *text)
{
    char name[32];
    (void)snprintf(name, sizeof name, "%s at %u", cg_call_guest(call), (unsigned)of->value);
    return cg_text_set(text, name);
}

/* Called exactly once for each counter: when the guest closes it, or when the guest ends. */
void host_counter_counter_release(cg_host_t *host, struct host_counter_counter *object)
{
    (void)host;
    free(object);
}
