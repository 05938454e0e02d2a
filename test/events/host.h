/* SPDX-License-Identifier: BSD-2-Clause */
/* host.h - the bells of the test: what guests hang up and are told. */
#ifndef EVENTS_HOST_H
#define EVENTS_HOST_H

#include "callgate/guest.h"
#include "host/host_bell.h"

enum { BELLS_MAX = 64, TEXT_MAX = 2048 };

struct host_bell_bell {
    uint8_t name;
    bool is_out;
    cg_guest_t *guest;
};

struct cg_host {
    struct host_bell_bell bells[BELLS_MAX];
    uint32_t count;      /* hung up so far; the two newest are those of the guest that ran last */
    uint32_t released, released_twice;
    uint32_t ends_at;    /* report number at which the guest is ended from inside; 0: never */
    uint32_t reports;
    char text[TEXT_MAX]; /* what guests reported */
};

/* Add to the text. */
__attribute__((format(printf, 2, 3))) void tell(cg_host_t *host, const char *format, ...);

#endif
