/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/lua/adapter.c - ties Lua 5.4 to the gate: cg_lua_ops.
 * Memory is counted and limited by the allocator, steps by the count hook. A guest that is over cannot go on by catching the error: from then on each of its instructions
 * raises it again. The source is compiled once, at load; nothing of it runs before cg_guest_run. */
#include "inside.h"

#include "callgate/load.h"

#include <stdlib.h>

extern const cg_vm_ops_t cg_lua_ops;

static const char chunk_key; /* of the registry: its address */

/* ---- memory and steps ---- */

/* One instruction may make, fill or free much memory: bytes cost steps, too. */
static void charge(guest_box_t *box, size_t bytes)
{
    box->steps_left -= box->is_unlimited ? 0 : (int64_t)(bytes / GUEST_STEP_BYTES);
}

static void *allocate(void *context, void *block, size_t old, size_t size)
{
    guest_box_t *box = context;
    const size_t before = block == NULL ? 0 : old;
    if (size == 0) {
        box->used -= before;
        free(block);
        return NULL;
    }
    if (size > before && size - before > box->most - box->used) {
        const size_t slots = before / GUEST_STEP_BYTES;
        charge(box, box->used + slots * (slots / GUEST_REFUSED_STEPS)); /* the engine now collects everything, and asks again */
        return NULL;
    }
    charge(box, size);
    void *made = realloc(block, size);
    if (made != NULL) {
        box->used = box->used - before + size;
    }
    return made;
}

static void hook(lua_State *L, lua_Debug *record);

int guest_end(lua_State *L, guest_over_t over)
{
    static const char *const texts[] = {"", "the activation is over", "the steps of the policy are used up", "stopped by the host"};
    guest_box(L)->over = over;
    lua_sethook(L, hook, LUA_MASKCOUNT, 1); /* caught, it comes again with the next instruction */
    return luaL_error(L, "%s", texts[over]);
}

/* Steps were made: may the guest go on? */
static void look(guest_box_t *box, uint64_t steps)
{
    if (box->over == GUEST_GOES_ON) {
        box->steps_left -= box->is_unlimited ? 0 : (int64_t)(steps < INT32_MAX ? steps : INT32_MAX);
        box->over = atomic_load(&box->stop) ? GUEST_OVER_ASKED : box->steps_left < 0 ? GUEST_OVER_STEPS : GUEST_GOES_ON;
    }
}

void guest_spend(lua_State *L, uint64_t steps)
{
    guest_box_t *box = guest_box(L);
    look(box, steps);
    if (box->over != GUEST_GOES_ON) {
        (void)guest_end(L, box->over);
    }
}

void guest_count_more(lua_State *thread)
{
    lua_sethook(thread, hook, LUA_MASKCOUNT, lua_gethookcount(thread) < GUEST_LOOK_COROUTINE ? lua_gethookcount(thread) : GUEST_LOOK_COROUTINE);
}

static void hook(lua_State *L, lua_Debug *record)
{
    guest_box_t *box = guest_box(L);
    (void)record;
    look(box, (uint64_t)lua_gethookcount(L));
    if (box->over != GUEST_GOES_ON) {
        if (L != box->state) {
            const uintptr_t mark = guest_mark(L) | 1u;
            memcpy(lua_getextraspace(L), &mark, sizeof mark);
        }
        (void)guest_end(L, box->over);
    }
}

/* ---- loading ---- */

static bool probe(const uint8_t *image, uint32_t size)
{
    return size == 0 || memchr(image, 0, size) == NULL; /* text; whose it is the name of the file says */
}

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    (void)policy;
    return (uint32_t)sizeof(guest_box_t) + cg_object_block_size(config->vm->catalog);
}

static int refuse(const cg_guest_config_t *config, int why, const char *text, const char *reason)
{
    cg_say(config, text, reason, (const char *)NULL);
    return why;
}

/* How much would be enough is known only when it is there. */
static int refuse_memory(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    char digits[CG_DIGITS_SIZE];
    cg_say(config, "cannot be loaded into the ", cg_decimal(digits, policy->memory_bytes), " bytes of memory that the policy gives: raise `memory_bytes` under `limits:`", (const char *)NULL);
    return CG_LOAD_MEMORY;
}

/* Protected: the argument is the configuration. Leaves nothing; the chunk is in the registry. */
static int prepare(lua_State *L)
{
    const cg_guest_config_t *config = lua_touserdata(L, 1);
    lua_settop(L, 0);
    guest_open_safe(L);
    guest_open_apis(L, config->vm->catalog);
    if (luaL_loadbufferx(L, (const char *)config->image, config->image_size, "=guest", "t") != LUA_OK) {
        return lua_error(L);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &chunk_key);
    return 0;
}

/* Protected, as the message handler of a run: whatever was raised, as a text. */
static int say_error(lua_State *L)
{
    guest_push_text(L, 1);
    if (lua_type(L, 1) != LUA_TSTRING && strcmp(lua_tostring(L, -1), luaL_typename(L, 1)) == 0) {
        lua_pushfstring(L, "raised a %s", luaL_typename(L, 1));
    }
    return 1;
}

static const char *message_of(lua_State *L)
{
    return lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "an error that is no text";
}

static int load_chunk(guest_box_t *box, const cg_guest_config_t *config, const cg_policy_t *policy)
{
    lua_State *L = box->state;
    memcpy(lua_getextraspace(L), &box, sizeof box);
    lua_pushcfunction(L, prepare);
    lua_pushlightuserdata(L, (void *)(uintptr_t)config);
    const int status = lua_pcall(L, 1, 0, 0);
    if (status == LUA_ERRMEM) {
        return refuse_memory(config, policy);
    }
    return status == LUA_OK ? CG_LOAD_OK : refuse(config, CG_LOAD_IMAGE, "is not a sound Lua program: ", message_of(L));
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    guest_box_t *box = at;
    if (size < storage(config, policy)) {
        return refuse(config, CG_LOAD_MEMORY, "the storage is too small: ask cg_guest_storage", "");
    }
    *box = (guest_box_t){.guest = guest, .most = policy->memory_bytes};
    const uint32_t block = cg_object_block_size(config->vm->catalog);
    memset(box + 1, 0, block);
    box->object = (cg_object_t){&guest_values, NULL, {(uint8_t *)(box + 1), block, block}};
    atomic_init(&box->stop, false);
    guest->vm = box; /* functions that open the APIs look for it */
    guest->windows = &box->object.window;
    guest->region_mask = 0;
    guest->offset_mask = UINT32_MAX;
    box->state = lua_newstate(allocate, box);
    if (box->state == NULL) {
        return refuse_memory(config, policy);
    }
    const int result = load_chunk(box, config, policy);
    if (result != CG_LOAD_OK) {
        lua_close(box->state);
    }
    return result;
}

/* ---- running ---- */

static int stopped_by(cg_guest_t *guest, const guest_box_t *box, int status)
{
    if (status == LUA_OK && box->over == GUEST_GOES_ON) {
        return CG_STOP_RETURNED;
    }
    if (guest->ending != 0) {
        cg_say_ended(guest);
        return CG_STOP_GATE;
    }
    if (status != LUA_OK) {
        cg_say(guest->config, status == LUA_ERRMEM ? "the memory of the policy is used up" : message_of(box->state), (const char *)NULL);
    }
    return box->over == GUEST_OVER_STEPS ? CG_STOP_STEPS : box->over == GUEST_OVER_ASKED ? CG_STOP_ASKED : CG_STOP_FAULT;
}

static void begin(const cg_guest_t *guest, guest_box_t *box)
{
    box->over = atomic_load(&box->stop) ? GUEST_OVER_ASKED : GUEST_GOES_ON;
    box->is_unlimited = guest->policy->unlimited_steps;
    box->steps_left = guest->policy->steps;
    box->object.vm = box->state;
    const int64_t steps = box->is_unlimited || box->steps_left > GUEST_LOOK_STEPS ? GUEST_LOOK_STEPS : box->steps_left;
    lua_settop(box->state, 0);
    lua_pushcfunction(box->state, say_error);
    lua_sethook(box->state, hook, LUA_MASKCOUNT, steps > 0 ? (int)steps : 1);
}

static int run(cg_guest_t *guest, int32_t *result)
{
    guest_box_t *box = guest->vm;
    lua_State *L = box->state;
    begin(guest, box);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &chunk_key);
    const int stopped = stopped_by(guest, box, lua_pcall(L, 0, 1, 1));
    *result = stopped == CG_STOP_RETURNED ? (int32_t)lua_tointegerx(L, -1, NULL) : 0;
    lua_settop(L, 0);
    return stopped;
}

/* Protected: the handler of an event, whose index is the argument, or nil. */
static int find_handler(lua_State *L)
{
    const cg_api_info_t *api = NULL;
    const cg_ev_info_t *event = cg_object_find_event(guest_box(L)->guest->kind->catalog, (uint32_t)lua_tointegerx(L, 1, NULL), &api);
    guest_push_handler(L, api, event);
    return 1;
}

static bool handles(const cg_guest_t *guest, uint32_t event)
{
    guest_box_t *box = guest->vm;
    lua_State *L = box->state;
    const int before = lua_gettop(L);
    lua_pushcfunction(L, find_handler);
    lua_pushinteger(L, event);
    const bool is_there = lua_pcall(L, 1, 1, 0) == LUA_OK && lua_isfunction(L, -1);
    lua_settop(L, before);
    return is_there;
}

/* Protected: the delivery. Calls the handler with its values. */
static int handle_event(lua_State *L)
{
    const guest_box_t *box = guest_box(L);
    const cg_ev_delivery_t *delivery = lua_touserdata(L, 1);
    const cg_api_info_t *api = NULL;
    cg_value_t value;
    const cg_ev_info_t *event = cg_object_event(box->guest, delivery, &api);
    lua_settop(L, 0);
    luaL_checkstack(L, CG_EV_SLOTS_MAX + 16, NULL);
    guest_push_handler(L, api, event);
    lua_replace(L, 1);
    lua_settop(L, 1);
    for (uint32_t i = 0; i <= event->arg_count; i++) {
        (void)cg_object_datum(box->guest, event, i, &value);
    }
    lua_call(L, event->arg_count + 1, 0);
    return 0;
}

static int deliver(cg_guest_t *guest, const cg_ev_delivery_t *delivery)
{
    guest_box_t *box = guest->vm;
    lua_State *L = box->state;
    begin(guest, box);
    lua_pushcfunction(L, handle_event);
    lua_pushlightuserdata(L, (void *)(uintptr_t)delivery);
    const int stopped = stopped_by(guest, box, lua_pcall(L, 1, 0, 1));
    lua_settop(L, 0);
    return stopped;
}

static void renew(cg_guest_t *guest)
{
    guest_box_t *box = guest->vm;
    box->steps_left = guest->policy->steps;
}

static void stop(cg_guest_t *guest)
{
    guest_box_t *box = guest->vm;
    if (box != NULL) {
        atomic_store(&box->stop, true);
    }
}

/* The gate has released all objects before; finalizers see that the guest is over. */
static void destroy(cg_guest_t *guest)
{
    guest_box_t *box = guest->vm;
    lua_close(box->state);
    guest->vm = NULL;
}

static uint32_t memory(const cg_guest_t *guest)
{
    const guest_box_t *box = guest->vm;
    return (uint32_t)box->used;
}

/* A script's calls are names that it looks up while it runs. */
static int inspect(const cg_guest_config_t *config, cg_inspect_fn *found, void *context)
{
    (void)config;
    found(context, CG_FOUND_ANY, 0);
    return CG_LOAD_OK;
}

const cg_vm_ops_t cg_lua_ops = {
    .version = CG_VM_OPS_VERSION,
    .name = "lua",
    .probe = probe,
    .storage = storage,
    .load = load,
    .run = run,
    .destroy = destroy,
    .stop = stop,
    .memory = memory,
    .handles = handles,
    .deliver = deliver,
    .renew = renew,
    .inspect = inspect,
};
