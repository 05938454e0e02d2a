/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/saul_fixture.h - a host with a clock that is told, a sink that remembers, and a folder for files. */
#ifndef CALLGATE_TEST_HOST_SAUL_FIXTURE_H
#define CALLGATE_TEST_HOST_SAUL_FIXTURE_H

#include "double.h"
#include "inner.h"

#include "cmocka_all.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define IO CG_SAUL_ERR_IO
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

typedef struct fixture {
    cg_host_t *host;
    struct cg_guest call;
    lines_t lines;
    uint64_t now_ms;
    folder_t folder;
} fixture_t;

int setup(void **state);
int teardown(void **state);

/* The n-th device of a class, or NULL. */
struct host_saul_device *nth(fixture_t *f, cg_saul_class_t kind, uint8_t n);

#endif
