/* SPDX-License-Identifier: BSD-2-Clause */
/* lua.c - a host by hand for Lua 5.4: bench_by_hand_lua GUEST ROUNDS
 * Each call is a closure whose upvalues are the guest, the metatable of its object, and the names of fields it sets. Memory is limited by the allocator, steps by the
 * count hook, as on the other side. A text stays where Lua has it: it cannot change. hand.h has the checks. */
#define HAND_NO_MEMORY 1
#include "hand.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>

enum { MEMORY_BYTES = 1 << 20, LOOK_STEPS = 1000, TEXT_MAX = 31, FILL_MAX = 256 };
enum { UP_GUEST = 1, UP_TYPE, UP_VAL, UP_UNIT, UP_SCALE };

static size_t used;
static int64_t steps_left = BENCH_STEPS_MAX;

static void *allocate(void *context, void *block, size_t old, size_t size)
{
    const size_t before = block == NULL ? 0 : old;
    (void)context;
    if (size > before && size - before > MEMORY_BYTES - used) {
        return NULL;
    }
    used = used - before + size;
    if (size == 0) {
        free(block);
        return NULL;
    }
    return realloc(block, size);
}

static void hook(lua_State *L, lua_Debug *record)
{
    (void)record;
    steps_left -= LOOK_STEPS;
    if (steps_left < 0) {
        (void)luaL_error(L, "the steps are used up");
    }
}

static inline hand_guest_t *guest(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(UP_GUEST));
}

static __attribute__((cold, noinline)) int raise(lua_State *L, int32_t why)
{
    return luaL_error(L, "%s", cg_err_text(why));
}

static inline uint32_t integer(lua_State *L, int index, uint32_t max)
{
    const lua_Integer value = luaL_checkinteger(L, index);
    luaL_argcheck(L, value >= 0 && value <= (lua_Integer)max, index, "out of range");
    return (uint32_t)value;
}

/* The handle in an object of the type whose metatable is an upvalue. */
static inline uint32_t object(lua_State *L, int index)
{
    const uint32_t *handle = lua_touserdata(L, index);
    if (LIKELY(handle != NULL && lua_getmetatable(L, index))) {
        const bool is_same = lua_rawequal(L, -1, lua_upvalueindex(UP_TYPE));
        lua_pop(L, 1);
        if (LIKELY(is_same)) {
            return *handle;
        }
    }
    return (uint32_t)luaL_typeerror(L, index, "object");
}

static int give_object(lua_State *L, int32_t handle)
{
    if (handle < 0) {
        return raise(L, handle);
    }
    uint32_t *to = lua_newuserdatauv(L, sizeof *to, 0);
    *to = (uint32_t)handle;
    lua_pushvalue(L, lua_upvalueindex(UP_TYPE));
    lua_setmetatable(L, -2);
    return 1;
}

static int call_u32(lua_State *L)
{
    hand_guest_t *g = guest(L);
    const uint32_t value = HAND_SERVE_NUMBER(g, HAND_U32, host_random_u32(hand_call(g)));
    if (UNLIKELY(g->ending)) {
        return raise(L, CG_ERR_DENIED);
    }
    lua_pushinteger(L, value);
    return 1;
}

static int call_rounds(lua_State *L)
{
    hand_guest_t *g = guest(L);
    lua_pushinteger(L, HAND_SERVE_NUMBER(g, HAND_ROUNDS, host_bench_rounds(hand_call(g))));
    return g->ending ? raise(L, CG_ERR_DENIED) : 1;
}

static inline int32_t fill(hand_guest_t *g, cg_buffer_t *data)
{
    if (UNLIKELY(!hand_charge(g, data->capacity))) {
        return CG_ERR_QUOTA;
    }
    const int result = host_random_fill(hand_call(g), data);
    if (UNLIKELY(result != 0)) {
        return hand_host_error(result, false);
    }
    return LIKELY(data->count <= data->capacity) ? (int32_t)data->count : CG_ERR_HOST;
}

static int call_fill(lua_State *L)
{
    hand_guest_t *g = guest(L);
    uint8_t bytes[FILL_MAX];
    cg_buffer_t data = {bytes, integer(L, 1, FILL_MAX), 0};
    const int32_t count = HAND_SERVE(g, HAND_FILL, fill(g, &data));
    if (UNLIKELY(count < 0)) {
        return raise(L, count);
    }
    lua_pushlstring(L, (const char *)bytes, (size_t)count);
    return 1;
}

static int call_find(lua_State *L)
{
    hand_guest_t *g = guest(L);
    const uint32_t kind = integer(L, 1, 255), nth = integer(L, 2, 255);
    return give_object(L, HAND_SERVE(g, HAND_FIND, hand_find(g, kind, nth)));
}

static inline int32_t read_device(hand_guest_t *g, uint32_t handle, cg_saul_phydat_t *data)
{
    int why;
    struct host_saul_device *dev = hand_get(g, handle, HAND_DEVICE, HAND_CAN_READ, &why);
    return LIKELY(dev != NULL) ? hand_read_device(g, dev, data) : why;
}

/* Set a field of the table at 2 to what is on top. */
static inline void set_field(lua_State *L, int name)
{
    lua_pushvalue(L, lua_upvalueindex(name));
    lua_insert(L, -2);
    lua_rawset(L, 2);
}

/* The caller's table is filled, and its list, if it has one; else new ones are made. */
static void give_phydat(lua_State *L, const cg_saul_phydat_t *data)
{
    if (!lua_istable(L, 2)) {
        lua_settop(L, 1);
        lua_createtable(L, 0, 3);
    }
    lua_settop(L, 2);
    lua_pushvalue(L, lua_upvalueindex(UP_VAL));
    if (lua_rawget(L, 2) != LUA_TTABLE) {
        lua_settop(L, 2);
        lua_createtable(L, 3, 0);
        lua_pushvalue(L, -1);
        set_field(L, UP_VAL);
    }
    for (int i = 0; i < 3; i++) {
        lua_pushinteger(L, data->val[i]);
        lua_rawseti(L, 3, i + 1);
    }
    lua_pushinteger(L, data->unit);
    set_field(L, UP_UNIT);
    lua_pushinteger(L, data->scale);
    set_field(L, UP_SCALE);
    lua_settop(L, 2);
}

static int call_read(lua_State *L)
{
    hand_guest_t *g = guest(L);
    cg_saul_phydat_t data = {0};
    const uint32_t handle = object(L, 1);
    const int32_t dims = HAND_SERVE(g, HAND_READ, read_device(g, handle, &data));
    if (UNLIKELY(dims < 0)) {
        return raise(L, dims);
    }
    give_phydat(L, &data);
    lua_pushinteger(L, dims);
    return 2;
}

static int call_open(lua_State *L)
{
    hand_guest_t *g = guest(L);
    return give_object(L, HAND_SERVE(g, HAND_OPEN, hand_open(g)));
}

static inline int32_t say(hand_guest_t *g, uint32_t handle, const char *text, size_t size)
{
    int why;
    struct host_bench_thing *it = hand_get(g, handle, HAND_THING, HAND_CAN_WRITE, &why);
    if (UNLIKELY(it == NULL)) {
        return why;
    }
    if (UNLIKELY(size > TEXT_MAX)) {
        return CG_ERR_RANGE;
    }
    if (UNLIKELY(!hand_charge(g, (uint32_t)size))) {
        return CG_ERR_QUOTA;
    }
    if (UNLIKELY(!hand_text(text, (uint32_t)size))) {
        return CG_ERR_FORMAT;
    }
    const int result = host_bench_say(hand_call(g), it, (cg_text_t){text, (uint32_t)size});
    return LIKELY(result == 0) ? 0 : hand_host_error(result, false);
}

static int call_say(lua_State *L)
{
    hand_guest_t *g = guest(L);
    size_t size;
    const uint32_t handle = object(L, 1);
    luaL_checktype(L, 2, LUA_TSTRING);
    const char *text = lua_tolstring(L, 2, &size);
    const int32_t result = HAND_SERVE(g, HAND_SAY, say(g, handle, text, size));
    return UNLIKELY(result < 0) ? raise(L, result) : 0;
}

/* The functions of one API into a global table; the metatable of its objects is on top, and is taken. */
static void open_api(lua_State *L, hand_guest_t *g, const char *name, const luaL_Reg *functions)
{
    lua_newtable(L);
    for (; functions->name != NULL; functions++) {
        lua_pushlightuserdata(L, g);
        lua_pushvalue(L, -3);
        lua_pushliteral(L, "val");
        lua_pushliteral(L, "unit");
        lua_pushliteral(L, "scale");
        lua_pushcclosure(L, functions->func, UP_SCALE);
        lua_setfield(L, -2, functions->name);
    }
    lua_setglobal(L, name);
    lua_pop(L, 1);
}

static void open_all(lua_State *L, hand_guest_t *g)
{
    static const luaL_Reg random_calls[] = {{"u32", call_u32}, {"fill", call_fill}, {NULL, NULL}};
    static const luaL_Reg saul_calls[] = {{"find", call_find}, {"read", call_read}, {NULL, NULL}};
    static const luaL_Reg bench_calls[] = {{"rounds", call_rounds}, {"open", call_open}, {"say", call_say}, {NULL, NULL}};
    lua_newtable(L);
    open_api(L, g, "random", random_calls);
    lua_newtable(L);
    open_api(L, g, "saul", saul_calls);
    lua_newtable(L);
    open_api(L, g, "bench", bench_calls);
}

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static hand_guest_t g;
    lua_State *L = lua_newstate(allocate, NULL);
    hand_start(&g, L);
    luaL_openlibs(L);
    open_all(L, &g);
    lua_sethook(L, hook, LUA_MASKCOUNT, LOOK_STEPS);
    int status = luaL_loadbufferx(L, (const char *)image, size, "=guest", "t");
    status = status == LUA_OK ? lua_pcall(L, 0, 1, 0) : status;
    const int verdict = bench_verdict(path, status, (int32_t)lua_tointegerx(L, -1, NULL), status == LUA_OK ? "" : lua_tostring(L, -1));
    lua_close(L);
    return verdict;
}
