/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - stand-ins for the host functions, the same ones for generated glue and for what is written by hand.
 * The measured ones do next to nothing and count themselves; what they cost is subtracted. The others are there to be linked, never called. */
#include "host.h"

#include "host/host_bench.h"
#include "host/host_log.h"
#include "host/host_random.h"
#include "host/host_saul.h"

#include <stdio.h>

uint32_t bench_rounds;
uint32_t bench_count;

struct host_saul_device {
    int16_t value;
};

struct host_bench_thing {
    uint32_t size;
};

static struct host_saul_device device = {2154};
static struct host_bench_thing thing;

uint32_t host_bench_rounds(cg_call_t *call)
{
    (void)call;
    return bench_rounds;
}

uint32_t host_random_u32(cg_call_t *call)
{
    (void)call;
    return bench_count++;
}

int host_random_fill(cg_call_t *call, cg_buffer_t *data)
{
    (void)call;
    bench_count += 1;
    data->count = data->capacity;
    return CG_OK;
}

int host_saul_find(cg_call_t *call, cg_saul_class_t kind, uint8_t nth, struct host_saul_device **dev)
{
    (void)call;
    (void)kind;
    *dev = &device;
    return nth == 0 ? CG_OK : CG_SAUL_ERR_NOT_FOUND;
}

int host_saul_read(cg_call_t *call, struct host_saul_device *dev, cg_saul_phydat_t *data, uint8_t *dims)
{
    (void)call;
    bench_count += 1;
    data->val[0] = dev->value;
    data->unit = CG_SAUL_UNIT_TEMP_C;
    data->scale = -2;
    *dims = 1;
    return CG_OK;
}

int host_bench_open(cg_call_t *call, struct host_bench_thing **it)
{
    (void)call;
    *it = &thing;
    return CG_OK;
}

struct host_bench_bell {
    int unused;
};

struct host_saul_watch {
    int unused;
};

static struct host_bench_bell bell;
static struct host_saul_watch watch;

const void *bench_source(bool is_record)
{
    return is_record ? (const void *)&watch : (const void *)&bell;
}

int host_bench_hang(cg_call_t *call, struct host_bench_bell **made)
{
    (void)call;
    *made = &bell;
    return CG_OK;
}

void host_bench_bell_release(cg_host_t *host, struct host_bench_bell *object)
{
    (void)host;
    (void)object;
}

int host_saul_watch(cg_call_t *call, struct host_saul_device *dev, uint32_t interval, uint16_t threshold, struct host_saul_watch **made)
{
    (void)call, (void)dev, (void)interval, (void)threshold;
    *made = &watch;
    return CG_OK;
}

void host_saul_watch_release(cg_host_t *host, struct host_saul_watch *object)
{
    (void)host;
    (void)object;
}

int host_bench_say(cg_call_t *call, struct host_bench_thing *it, cg_text_t text)
{
    (void)call;
    bench_count += 1;
    it->size = text.size;
    return CG_OK;
}

/* ---- linked, never called ---- */

int host_saul_count(cg_call_t *call, cg_saul_class_t kind, uint16_t *devices)
{
    (void)call;
    (void)kind;
    (void)devices;
    return CG_ERR_DENIED;
}

int host_saul_name(cg_call_t *call, struct host_saul_device *dev, cg_text_buffer_t *text)
{
    (void)call;
    (void)dev;
    (void)text;
    return CG_ERR_DENIED;
}

int host_saul_write(cg_call_t *call, struct host_saul_device *dev, const cg_saul_phydat_t *data, uint8_t *dims)
{
    (void)call;
    (void)dev;
    (void)data;
    (void)dims;
    return CG_ERR_DENIED;
}

int host_log_print(cg_call_t *call, cg_text_t text)
{
    (void)call;
    (void)text;
    return CG_ERR_DENIED;
}

/* ---- the verdict ---- */

int bench_verdict(const char *path, int stopped, int32_t result, const char *message)
{
    if (stopped != 0 || result != 0) {
        fprintf(stderr, "bench: %s: stopped %d, result %d: %s\n", path, stopped, (int)result, message);
        return 1;
    }
    if (bench_count != 0 && bench_count != bench_rounds + 1) {
        fprintf(stderr, "bench: %s: the host function was entered %u times\n", path, (unsigned)bench_count);
        return 1;
    }
    return 0;
}
