/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/lua/adapter.c - ties Lua 5.4 to the gate: cg_lua_ops. What is not Lua's is in vm/objects/object_base.h.
 * Memory is counted and limited by the allocator, steps by the count hook. A guest that is over cannot go on by catching the error: from then on each of its instructions
 * raises it again. The source is compiled once, at load; nothing of it runs before cg_guest_run. */
#include "inside.h"

#include <stdlib.h>

extern const cg_vm_ops_t cg_lua_ops;

static const char chunk_key; /* of the registry: its address */

/* ---- memory and steps ---- */

/* One instruction may make, fill or free much memory: bytes cost steps, too. Lua says how large a block is, so no head is needed before it. */
static void *allocate(void *context, void *block, size_t old, size_t size)
{
    cg_object_base_t *base = context;
    const size_t before = block == NULL ? 0 : old;
    if (size == 0) {
        base->used -= before;
        free(block);
        return NULL;
    }
    if (size > before && size - before > base->most - base->used) {
        const size_t slots = before / CG_OBJECT_STEP_BYTES;
        cg_object_charge(base, base->used + slots * (slots / GUEST_REFUSED_STEPS)); /* the engine now collects everything, and asks again */
        return NULL;
    }
    cg_object_charge(base, size);
    void *made = realloc(block, size);
    if (made != NULL) {
        base->used = base->used - before + size;
    }
    return made;
}

static void hook(lua_State *L, lua_Debug *record);

int guest_end(lua_State *L, cg_object_over_t over)
{
    guest_box(L)->base.over = over;
    lua_sethook(L, hook, LUA_MASKCOUNT, 1); /* caught, it comes again with the next instruction */
    return luaL_error(L, "%s", cg_object_over_text(over));
}

void guest_spend(lua_State *L, uint64_t steps)
{
    guest_box_t *box = guest_box(L);
    if (cg_object_look(&box->base, steps)) {
        (void)guest_end(L, box->base.over);
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
    if (!cg_object_look(&box->base, (uint64_t)lua_gethookcount(L))) {
        return;
    }
    if (L != box->state) {
        const uintptr_t mark = guest_mark(L) | 1u;
        memcpy(lua_getextraspace(L), &mark, sizeof mark);
    }
    (void)guest_end(L, box->base.over);
}

/* ---- what is done in the engine, protected ---- */

/* The argument is the configuration. Leaves nothing; the chunk is in the registry. */
static int prepare(lua_State *L)
{
    const cg_guest_config_t *config = lua_touserdata(L, 1);
    lua_settop(L, 0);
    guest_open_safe(L);
    guest_open_apis(L);
    if (luaL_loadbufferx(L, (const char *)config->image, config->image_size, "=guest", "t") != LUA_OK) {
        return lua_error(L);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &chunk_key);
    return 0;
}

/* Runs the program. Its result is a number, or 0. */
static int run(lua_State *L)
{
    lua_settop(L, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &chunk_key);
    lua_call(L, 0, 1);
    guest_box(L)->base.result = (int32_t)lua_tointegerx(L, -1, NULL);
    return 0;
}

/* The argument is the delivery. Calls the handler with its values. */
static int handle(lua_State *L)
{
    cg_value_t values[CG_EV_SLOTS_MAX];
    const cg_ev_delivery_t *delivery = lua_touserdata(L, 1);
    lua_settop(L, 0);
    luaL_checkstack(L, CG_EV_SLOTS_MAX + 16, NULL);
    guest_push_handler(L);
    lua_replace(L, 1);
    lua_settop(L, 1);
    lua_call(L, (int)cg_object_event_values(&guest_box(L)->base, delivery, values), 0);
    return 0;
}

static int find(lua_State *L)
{
    guest_push_handler(L);
    return 1;
}

/* As the message handler: whatever was raised, as a text. */
static int say_error(lua_State *L)
{
    guest_push_text(L, 1);
    if (lua_type(L, 1) != LUA_TSTRING && strcmp(lua_tostring(L, -1), luaL_typename(L, 1)) == 0) {
        lua_pushfstring(L, "raised a %s", luaL_typename(L, 1));
    }
    return 1;
}

/* ---- what vm/objects asks for ---- */

/* Call one of these. False: base.message says why; its text is on the stack until the next time. */
static bool enter(guest_box_t *box, lua_CFunction function, const void *context)
{
    lua_State *L = box->state;
    box->now = L;
    lua_settop(L, 0);
    lua_pushcfunction(L, say_error);
    lua_pushcfunction(L, function);
    lua_pushlightuserdata(L, (void *)(uintptr_t)context);
    const int status = lua_pcall(L, 1, 0, 1);
    const bool is_text = status != LUA_OK && lua_type(L, -1) == LUA_TSTRING;
    box->base.is_full = status == LUA_ERRMEM;
    box->base.message = box->base.is_full ? "the memory of the policy is used up" : is_text ? lua_tostring(L, -1) : "an error that is no text";
    return status == LUA_OK;
}

static bool open_state(guest_box_t *box, const cg_guest_config_t *config)
{
    box->state = lua_newstate(allocate, box);
    if (box->state == NULL) {
        box->base.is_full = true;
        return false;
    }
    memcpy(lua_getextraspace(box->state), &box, sizeof box);
    return enter(box, prepare, config);
}

static bool activate(guest_box_t *box, lua_CFunction function, const void *context)
{
    const int64_t left = box->base.steps_left;
    const int64_t steps = box->base.is_unlimited || left > GUEST_LOOK_STEPS ? GUEST_LOOK_STEPS : left;
    lua_sethook(box->state, hook, LUA_MASKCOUNT, steps > 0 ? (int)steps : 1);
    return enter(box, function, context);
}

/* The guest may be inside a call, so its stack is left as it was. */
static bool has_handler(const guest_box_t *box)
{
    lua_State *L = box->state;
    const int before = lua_gettop(L);
    lua_pushcfunction(L, find);
    const bool is_there = lua_pcall(L, 0, 1, 0) == LUA_OK && lua_isfunction(L, -1);
    lua_settop(L, before);
    return is_there;
}

static bool act(void *vm, cg_object_act_t what, const void *context)
{
    switch (what) {
    case CG_OBJECT_OPEN: return open_state(vm, context);
    case CG_OBJECT_RUN: return activate(vm, run, NULL);
    case CG_OBJECT_FIND: return has_handler(vm);
    case CG_OBJECT_HANDLE: return activate(vm, handle, context);
    }
    return false;
}

/* The gate has released all objects before; finalizers see that the guest is over. */
static void close_state(void *vm)
{
    const guest_box_t *box = vm;
    if (box->state != NULL) {
        lua_close(box->state);
    }
}

static const cg_object_engine_t engine = {sizeof(guest_box_t), &guest_values, guest_held_of, act, NULL, close_state};

static uint32_t storage(const cg_guest_config_t *config, const cg_policy_t *policy)
{
    (void)policy;
    return cg_object_storage(config, &engine);
}

static int load(cg_guest_t *guest, const cg_guest_config_t *config, const cg_policy_t *policy, void *at, uint32_t size)
{
    return cg_object_load(guest, config, policy, at, size, &engine);
}

const cg_vm_ops_t cg_lua_ops = {CG_OBJECT_VM_OPS, .name = "lua", .storage = storage, .load = load};
