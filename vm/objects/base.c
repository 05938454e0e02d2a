/* SPDX-License-Identifier: BSD-2-Clause */
/* base.c - what most adapters of tagged values do alike when they load, count steps, end and say why. */
#include "object_base.h"

#include "callgate/load.h"

bool cg_object_probe(const uint8_t *image, uint32_t size)
{
    return size == 0 || memchr(image, 0, size) == NULL; /* text; whose it is the name of the file says */
}

/* A script's calls are names that it looks up while it runs. */
int cg_object_inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    (void)config;
    found(context, CG_FOUND_ANY, 0);
    return CG_LOAD_OK;
}

void cg_object_renew(cg_guest_t *guest)
{
    cg_object_base_t *base = guest->vm;
    base->steps_left = guest->policy->steps;
}

void cg_object_stop(cg_guest_t *guest)
{
    cg_object_base_t *base = guest->vm;
    if (base != NULL) {
        atomic_store(&base->stop, true);
    }
}

uint32_t cg_object_memory(const cg_guest_t *guest)
{
    const cg_object_base_t *base = guest->vm;
    return (uint32_t)base->used;
}

/* The block begins where any value may. */
static uint32_t block_offset(const cg_object_engine_t *engine)
{
    return ((uint32_t)engine->size + 15u) & ~15u;
}

uint32_t cg_object_storage(const cg_guest_config_t *config, const cg_object_engine_t *engine)
{
    return block_offset(engine) + cg_object_block_size(config->vm->catalog);
}

static int refuse(const cg_guest_config_t *config, const cg_policy_t *policy, const cg_object_base_t *base)
{
    char digits[CG_DIGITS_SIZE];
    if (base->is_full) { /* how much would be enough is known only when it is there */
        cg_say(config, "cannot be loaded into the ", cg_decimal(digits, policy->memory_bytes), " bytes of memory that the policy gives: raise `memory_bytes` under `limits:`", (const char *)NULL);
        return CG_LOAD_MEMORY;
    }
    cg_say(config, "is not a sound program: ", base->message, (const char *)NULL);
    return CG_LOAD_IMAGE;
}

int cg_object_load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size, const cg_object_engine_t *engine)
{
    cg_object_base_t *base = at;
    const uint32_t block = cg_object_block_size(config->vm->catalog);
    if (size < cg_object_storage(config, engine)) {
        cg_say(config, "the storage is too small: ask cg_guest_storage", (const char *)NULL);
        return CG_LOAD_MEMORY;
    }
    memset(at, 0, cg_object_storage(config, engine));
    base->engine = engine;
    base->guest = guest;
    base->most = policy->memory_bytes;
    base->object = (cg_object_t){engine->values, at, {(uint8_t *)at + block_offset(engine), block, block}};
    base->steps_left = CG_OBJECT_LOAD_STEPS; /* none of the policy's, which begin with the first activation */
    atomic_init(&base->stop, false);
    guest->vm = at;
    guest->windows = &base->object.window;
    guest->region_mask = 0;
    guest->offset_mask = UINT32_MAX;
    const bool is_open = engine->act(at, CG_OBJECT_OPEN, config);
    const bool is_over = !is_open && cg_object_look(base, 0);
    base->is_unlimited = true; /* until the first activation begins */
    if (is_open) {
        return CG_LOAD_OK;
    }
    base->message = is_over ? "reading it takes too long" : base->message;
    base->is_full = base->is_full && !is_over;
    const int refused = refuse(config, policy, base);
    cg_object_destroy(guest);
    return refused;
}

void cg_object_destroy(cg_guest_t *guest)
{
    cg_object_base_t *base = guest->vm;
    if (base->engine->close != NULL) {
        base->engine->close(base);
    }
    cg_object_free_all(base);
    guest->vm = NULL;
}

void cg_object_charge(cg_object_base_t *base, size_t bytes)
{
    base->steps_left -= base->is_unlimited ? 0 : (int64_t)(bytes / CG_OBJECT_STEP_BYTES);
}

bool cg_object_look(cg_object_base_t *base, uint64_t steps)
{
    if (base->over == CG_OBJECT_GOES_ON) {
        base->steps_left -= base->is_unlimited ? 0 : (int64_t)(steps < INT32_MAX ? steps : INT32_MAX);
        base->over = atomic_load(&base->stop) ? CG_OBJECT_OVER_ASKED : base->steps_left < 0 ? CG_OBJECT_OVER_STEPS : CG_OBJECT_GOES_ON;
    }
    return base->over != CG_OBJECT_GOES_ON;
}

const char *cg_object_over_text(cg_object_over_t over)
{
    static const char *const texts[] = {"", "the activation is over", "the steps of the policy are used up", "stopped by the host"};
    return texts[over];
}

static int stopped_by(const cg_object_base_t *base, bool is_good)
{
    static const int codes[] = {CG_STOP_FAULT, CG_STOP_FAULT, CG_STOP_STEPS, CG_STOP_ASKED};
    if (is_good && base->over == CG_OBJECT_GOES_ON) {
        return CG_STOP_RETURNED;
    }
    if (base->guest->ending != 0) {
        cg_say_ended(base->guest);
        return CG_STOP_GATE;
    }
    cg_say(base->guest->config, base->over == CG_OBJECT_GOES_ON ? base->message : cg_object_over_text(base->over), (const char *)NULL);
    return codes[base->over];
}

/* One activation. */
static int act(cg_object_base_t *base, cg_object_act_t what, const void *context)
{
    base->over = atomic_load(&base->stop) ? CG_OBJECT_OVER_ASKED : CG_OBJECT_GOES_ON;
    base->is_unlimited = base->guest->policy->unlimited_steps;
    base->steps_left = base->guest->policy->steps;
    return stopped_by(base, base->engine->act(base, what, context));
}

int cg_object_run(cg_guest_t *guest, int32_t *result)
{
    cg_object_base_t *base = guest->vm;
    base->result = 0;
    const int stopped = act(base, CG_OBJECT_RUN, NULL);
    *result = stopped == CG_STOP_RETURNED ? base->result : 0;
    return stopped;
}

/* Sets what the next act is about. */
static cg_object_base_t *base_for(const cg_guest_t *guest, uint32_t event)
{
    cg_object_base_t *base = guest->vm;
    base->event = cg_object_find_event(guest->kind->catalog, event, &base->api);
    return base;
}

int cg_object_deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    return act(base_for(guest, delivery->event), CG_OBJECT_HANDLE, delivery);
}

bool cg_object_handles(const cg_guest_t *guest, uint32_t event)
{
    cg_object_base_t *base = base_for(guest, event);
    return base->event != NULL && base->engine->act(base, CG_OBJECT_FIND, NULL);
}
