/* SPDX-License-Identifier: BSD-2-Clause */
/* demo.c - two small APIs by hand; see demo.h. */
#include "demo.h"

#include <stdlib.h>

_Atomic uint32_t demo_made;
uint32_t demo_stop_at;

void demo_reset(void)
{
    demo_made = 0;
    demo_stop_at = 0;
}

static void made(cg_guest_t *g)
{
    demo_made += 1;
    if (demo_made == demo_stop_at) {
        cg_guest_stop(g);
    }
}

static uint64_t body_add(cg_guest_t *g, const uint32_t *words)
{
    made(g);
    return (uint32_t)(words[0] + words[1]);
}

/* Fills the whole buffer with 0xab; at most 255 bytes. */
static uint64_t body_fill(cg_guest_t *g, const uint32_t *words)
{
    uint32_t bytes;
    if (!cg_count_out(g, words[1], 255, 1, &bytes)) {
        return 0;
    }
    uint8_t *to = cg_out(g, words[0], bytes);
    if (to == NULL) {
        return 0;
    }
    made(g);
    const uint32_t count = words[1] < 255 ? words[1] : 255;
    memset(to, 0xab, count);
    return count;
}

static uint64_t body_twice(cg_guest_t *g, const uint32_t *words)
{
    made(g);
    return ((uint64_t)words[0] | (uint64_t)words[1] << 32) * 2;
}

static uint64_t body_status(cg_guest_t *g, const uint32_t *words)
{
    (void)words;
    made(g);
    return 0;
}

const cg_row_t demo_rows[DEMO_CALLS] = {
    {.body = body_add, .slots = 2, .form = CG_FORM_VALUE},
    {.body = body_fill, .slots = 2, .form = CG_FORM_COUNT},
    {.body = body_twice, .shape = 2, .slots = 1, .form = CG_FORM_VALUE},
    {.body = body_status, .form = CG_FORM_STATUS},
    {.body = body_status, .form = CG_FORM_STATUS},
};

static const uint32_t numbers[DEMO_CALLS] = {CG_NUMBER(5, 1), CG_NUMBER(5, 2), CG_NUMBER(5, 3), CG_NUMBER(5, 4), CG_NUMBER(6, 1)};
static const cg_type_t types[1] = {{NULL}};

const cg_set_t demo_set = {.abi_version = CG_ABI_VERSION, .call_count = DEMO_CALLS, .type_count = 1, .numbers = numbers, .types = types};

static const cg_call_info_t demo_calls[] = {
    {.name = "add", .number = CG_NUMBER(5, 1), .index = DEMO_ADD, .form = CG_FORM_VALUE},
    {.name = "fill", .number = CG_NUMBER(5, 2), .index = DEMO_FILL, .form = CG_FORM_COUNT},
    {.name = "twice", .number = CG_NUMBER(5, 3), .index = DEMO_TWICE, .form = CG_FORM_VALUE},
    {.name = "secret", .number = CG_NUMBER(5, 4), .index = DEMO_SECRET, .form = CG_FORM_STATUS},
};
static const cg_call_info_t other_calls[] = {{.name = "ping", .number = CG_NUMBER(6, 1), .index = OTHER_PING, .form = CG_FORM_STATUS}};
static const uint32_t demo_digests[] = {0, DEMO_DIGEST_2, 0, DEMO_DIGEST_4};
static const uint32_t other_digests[] = {OTHER_DIGEST_1};
static const cg_api_info_t apis[] = {
    {.name = "demo", .version = "1.2.0", .id = 5, .call_count = 4, .calls = demo_calls, .digests = demo_digests},
    {.name = "other", .version = "0.1.0", .id = 6, .call_count = 1, .calls = other_calls, .digests = other_digests},
};
const cg_catalog_t demo_catalog = {.set = &demo_set, .api_count = 2, .apis = apis};

cg_policy_t demo_policy(const uint32_t *granted)
{
    return (cg_policy_t){.guest = "test", .granted = granted, .steps = 100000, .calls = 1000, .bytes = 65536,
                         .memory_bytes = 4 * 65536, .slots = 2};
}

int demo_open(demo_guest_t *demo, const cg_vm_t *vm, const void *image, uint32_t size, const cg_policy_t *policy)
{
    demo->policy = *policy;
    demo->message[0] = '\0';
    demo->config = (cg_guest_config_t){.vm = vm, .image = image, .image_size = size, .message = demo->message,
                                       .message_size = sizeof demo->message};
    uint32_t storage = cg_guest_storage(&demo->config, &demo->policy);
    if (storage == 0) {
        storage = 4096; /* not a program: let cg_guest_init say so */
    }
    demo->storage = malloc(storage);
    demo->loaded = demo->storage == NULL ? CG_LOAD_MEMORY : cg_guest_init(&demo->guest, &demo->config, &demo->policy, demo->storage, storage);
    return demo->loaded;
}

int demo_run(demo_guest_t *demo, int32_t *result)
{
    demo->message[0] = '\0';
    return cg_guest_run(&demo->guest, result);
}

void demo_close(demo_guest_t *demo)
{
    if (demo->storage != NULL && demo->loaded == CG_LOAD_OK) {
        cg_guest_end(&demo->guest);
    }
    free(demo->storage);
    demo->storage = NULL;
}
