/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/saul_fixture.c - make and end the host that the tests of devices share. */
#include "saul_fixture.h"

#include <stdlib.h>

int setup(void **state)
{
    fixture_t *f = calloc(1, sizeof *f);
    assert_non_null(f);
    f->now_ms = 1000;
    const host_linux_config_t config = { .sink = lines_take, .sink_context = &f->lines, .clock = clock_told, .clock_context = &f->now_ms };
    f->host = host_linux_new(&config);
    assert_non_null(f->host);
    f->call = (struct cg_guest){ .host = f->host, .name = "app", .deadline_ms = UINT64_MAX };
    folder_make(&f->folder);
    *state = f;
    return 0;
}

int teardown(void **state)
{
    fixture_t *f = *state;
    host_linux_free(f->host);
    folder_remove(&f->folder);
    free(f);
    return 0;
}

struct host_saul_device *nth(fixture_t *f, cg_saul_class_t kind, uint8_t n)
{
    struct host_saul_device *dev = NULL;
    return host_saul_find(&f->call, kind, n, &dev) == 0 ? dev : NULL;
}
