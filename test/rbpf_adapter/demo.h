/* SPDX-License-Identifier: BSD-2-Clause */
/* demo.h - two small APIs by hand, as the generator would make them, for the tests of both adapters.
 *   demo 5: add(u32, u32) -> u32, a value    fill(bytes out) -> count    twice(u64) -> u64, a value    secret() -> status
 *   other 6: ping() -> status
 * Bodies use the gate's helpers like generated ones. Knows no VM. */
#ifndef TEST_DEMO_H
#define TEST_DEMO_H

#include "callgate/body.h"
#include "callgate/guest.h"

enum { DEMO_ADD, DEMO_FILL, DEMO_TWICE, DEMO_SECRET, OTHER_PING, DEMO_CALLS };

#define DEMO_DIGEST_2 0x11112222u /* of the first two calls */
#define DEMO_DIGEST_4 0x33334444u /* of all four */
#define OTHER_DIGEST_1 0x55556666u

extern const cg_set_t demo_set;
extern const cg_catalog_t demo_catalog;
extern const cg_row_t demo_rows[DEMO_CALLS];

/* A policy that grants these calls and optionally links more; limits are generous. */
#define DEMO_BIT(index) (1u << (index))
cg_policy_t demo_policy(const uint32_t *granted);

/* Every call counts here; one that is at `demo_stop_at` (1 is the first) asks its guest to stop. Reset by demo_reset. */
extern _Atomic uint32_t demo_made;
extern uint32_t demo_stop_at;
void demo_reset(void);

/* One guest from image to end, on the heap, so that the address sanitizer sees every byte too many. */
typedef struct demo_guest {
    cg_guest_t guest;
    cg_guest_config_t config;
    cg_policy_t policy;
    void *storage;
    char message[256];
    int loaded; /* what cg_guest_init gave */
} demo_guest_t;

/* Zeroed, or closed, before. `image` must stay. The message is "" unless there is one. */
int demo_open(demo_guest_t *demo, const cg_vm_t *vm, const void *image, uint32_t size, const cg_policy_t *policy);

/* cg_guest_run; the message is "" unless there is one. */
int demo_run(demo_guest_t *demo, int32_t *result);

/* Ends the guest if it was made, frees the storage. */
void demo_close(demo_guest_t *demo);

#endif
