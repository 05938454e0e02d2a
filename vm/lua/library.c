/* SPDX-License-Identifier: BSD-2-Clause */
/* library.c - what guests have of Lua's own: base, coroutine, table, string, utf8 and math, without what leaves the guest or works on in C for longer than its steps allow.
 * Nothing shows an address of the host. Left out: io, os, package, debug, dofile, loadfile, string.dump, and print. Text chunks only. Finalizers (__gc) are for the host's objects alone. */
#include "inside.h"

/* ---- no addresses: they would tell where the host's memory lies ---- */

/* Push a value's text: what its metatable says, or, where Lua would show an address, only what it is. */
void guest_push_text(lua_State *L, int index)
{
    const int type = lua_type(L, index);
    const bool is_plain = type == LUA_TNIL || type == LUA_TBOOLEAN || type == LUA_TNUMBER || type == LUA_TSTRING;
    const bool has_text = !is_plain && luaL_getmetafield(L, index, "__tostring") != LUA_TNIL;
    if (has_text) {
        lua_pop(L, 1);
    }
    if (is_plain || has_text) {
        (void)luaL_tolstring(L, index, NULL);
    } else {
        lua_pushstring(L, lua_typename(L, type));
    }
}

static int text_of(lua_State *L)
{
    luaL_checkany(L, 1);
    guest_push_text(L, 1);
    return 1;
}

/* Is there a %p? Behind flags, width and precision, as Lua reads them. */
static bool shows_address(const char *format, size_t size)
{
    for (size_t i = 0; i + 1 < size; i++) {
        if (format[i] == '%') {
            i += 1;
            i += strspn(format + i, "-+ #0123456789.");
            if (format[i] == 'p') {
                return true;
            }
        }
    }
    return false;
}

int guest_format(lua_State *L)
{
    size_t size = 0;
    const char *format = luaL_checklstring(L, 1, &size);
    guest_spend(L, size / CG_OBJECT_STEP_BYTES);
    if (shows_address(format, size)) {
        return luaL_error(L, "%%p is left out");
    }
    for (int i = 2; i <= lua_gettop(L); i++) {
        guest_spend(L, lua_type(L, i) == LUA_TSTRING ? lua_rawlen(L, i) / CG_OBJECT_STEP_BYTES : 0);
        guest_push_text(L, i);
        if (lua_type(L, i) > LUA_TSTRING || lua_type(L, i) == LUA_TLIGHTUSERDATA) {
            lua_replace(L, i);
        } else {
            lua_pop(L, 1);
        }
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* Without arguments Lua seeds from an address, and returns it. */
static int seed_given(lua_State *L)
{
    (void)luaL_checknumber(L, 1);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_settop(L, 1);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 0);
    return 0;
}

/* ---- no way around the end ---- */

/* What catches errors must not catch the end of an activation: each of these functions asks when it is done, so the end goes through all of them. Without that,
 * coroutines in coroutines would multiply what each may still do. */
static int caught(lua_State *L, int status, lua_KContext context)
{
    (void)status;
    (void)context;
    guest_spend(L, 0);
    return lua_gettop(L);
}

static int catch_any(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_callk(L, lua_gettop(L) - 1, LUA_MULTRET, 0, caught);
    return caught(L, LUA_OK, 0);
}

/* An error in the hook calls its message handler while hooks are off: a guest's own would never be stopped there. Upvalue: the guest's. */
static int handle_message(lua_State *L)
{
    if (guest_box(L)->base.over != CG_OBJECT_GOES_ON) {
        return 1;
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int xcatch_any(lua_State *L)
{
    luaL_checkany(L, 2);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_message, 1);
    lua_replace(L, 2);
    return catch_any(L);
}

/* Closing runs __close with the count of C calls that the coroutine had, not its closer: each level may fill what C stack Lua allows for once more. */
enum { CLOSING_MAX = 3 };

/* A coroutine that was stopped in its hook has hooks off for ever: what it left to be closed must not run. */
static int close_sound(lua_State *L)
{
    guest_box_t *box = guest_box(L);
    lua_State *thread = lua_tothread(L, 1);
    if (thread != NULL && guest_is_stopped(thread)) {
        return luaL_error(L, "the coroutine was stopped by the host");
    }
    if (box->closing == CLOSING_MAX) {
        return luaL_error(L, "too many coroutines that close coroutines");
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    box->closing += 1;
    const int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
    box->closing -= 1;
    return status != LUA_OK ? lua_error(L) : caught(L, LUA_OK, 0);
}

/* The same within call_wrapped: one that died of an error is closed. What is too deep stays as it is, and is collected. */
static void close_dead(guest_box_t *box, lua_State *thread)
{
    if (lua_status(thread) > LUA_YIELD && !guest_is_stopped(thread) && box->closing < CLOSING_MAX) {
        box->closing += 1;
        (void)lua_resetthread(thread); /* closes what is to be closed; the error stays on top */
        box->closing -= 1;
    }
}

/* What coroutine.wrap gives. Upvalue: the coroutine. The library's own would close one that was stopped. */
static int call_wrapped(lua_State *L)
{
    lua_State *thread = lua_tothread(L, lua_upvalueindex(1));
    guest_box_t *box = guest_box(L);
    int count = lua_gettop(L);
    if (lua_checkstack(thread, count + 1) == 0) {
        return luaL_error(L, "too many arguments");
    }
    lua_xmove(L, thread, count);
    const int status = lua_resume(thread, L, count, &count);
    if (box->base.over != CG_OBJECT_GOES_ON) {
        return guest_end(L, box->base.over);
    }
    if (status != LUA_OK && status != LUA_YIELD) {
        close_dead(box, thread);
        lua_xmove(thread, L, 1);
        return lua_error(L);
    }
    luaL_checkstack(L, count + 1, "too many results");
    lua_xmove(thread, L, count);
    return count;
}

static int create_coroutine(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *thread = lua_newthread(L);
    guest_count_more(thread);
    lua_pushvalue(L, 1);
    lua_xmove(L, thread, 1);
    return 1;
}

static int wrap_coroutine(lua_State *L)
{
    (void)create_coroutine(L);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

/* The parser goes through each piece that the guest's function gives. Upvalue: that function. */
static int read_piece(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_call(L, 0, 1);
    guest_spend(L, lua_type(L, -1) == LUA_TSTRING ? lua_rawlen(L, -1) : 0);
    return 1;
}

/* load(chunk [, name [, mode [, env]]]) with mode "t". */
static int load_text(lua_State *L)
{
    const bool has_env = lua_gettop(L) >= 4;
    guest_spend(L, lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) : 0);
    lua_settop(L, 4);
    if (lua_isfunction(L, 1)) {
        lua_pushvalue(L, 1);
        lua_pushcclosure(L, read_piece, 1);
        lua_replace(L, 1);
    }
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    lua_settop(L, has_env ? 4 : 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, has_env ? 4 : 3, LUA_MULTRET);
    return caught(L, LUA_OK, 0);
}

/* A finalizer would run the guest's code at any moment, within a host call as well. */
static int set_metatable(lua_State *L)
{
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        lua_rawget(L, 2);
        if (!lua_isnil(L, -1)) {
            return luaL_error(L, "a metatable with __gc cannot be set");
        }
        lua_settop(L, 2);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* Only the count: a full collection is one step for the guest, and any amount of work for the host. */
static int collect_count(lua_State *L)
{
    static const char *const options[] = {"count", NULL};
    (void)luaL_checkoption(L, 1, "count", options);
    lua_pushnumber(L, (lua_Number)guest_box(L)->base.used / 1024);
    return 1;
}

static void open_base(lua_State *L)
{
    static const guest_bound_t kept[] = {
        {"assert", NULL}, {"collectgarbage", collect_count}, {"error", NULL}, {"getmetatable", NULL}, {"ipairs", NULL}, {"load", load_text}, {"next", NULL}, {"pairs", NULL},
        {"pcall", catch_any}, {"rawequal", NULL}, {"rawget", NULL}, {"rawlen", NULL}, {"rawset", NULL}, {"select", NULL}, {"setmetatable", set_metatable},
        {"tonumber", guest_by_size}, {"tostring", text_of}, {"type", NULL}, {"xpcall", xcatch_any},
    };
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    guest_keep(L, kept, sizeof kept / sizeof kept[0]);
    lua_pop(L, 1);
}

static void open_coroutine(lua_State *L)
{
    static const guest_bound_t kept[] = {
        {"close", close_sound}, {"create", create_coroutine}, {"isyieldable", NULL}, {"resume", catch_any}, {"running", NULL}, {"status", NULL}, {"wrap", wrap_coroutine}, {"yield", NULL},
    };
    luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 1);
    guest_keep(L, kept, sizeof kept / sizeof kept[0]);
    lua_pop(L, 1);
}

/* The first seed was of an address, too. */
static void open_math(lua_State *L)
{
    static const guest_bound_t kept[] = {
        {"abs", NULL}, {"acos", NULL}, {"asin", NULL}, {"atan", NULL}, {"ceil", NULL}, {"cos", NULL}, {"deg", NULL}, {"exp", NULL}, {"floor", NULL}, {"fmod", NULL},
        {"log", NULL}, {"max", NULL}, {"min", NULL}, {"modf", NULL}, {"rad", NULL}, {"random", NULL}, {"randomseed", seed_given}, {"sin", NULL}, {"sqrt", NULL}, {"tan", NULL},
        {"tointeger", NULL}, {"type", NULL}, {"ult", NULL},
    };
    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 1);
    lua_getfield(L, -1, "randomseed");
    lua_pushinteger(L, 0);
    lua_call(L, 1, 0);
    guest_keep(L, kept, sizeof kept / sizeof kept[0]);
    lua_pop(L, 1);
}

void guest_open_safe(lua_State *L)
{
    open_base(L);
    open_coroutine(L);
    open_math(L);
    guest_open_bounded(L);
}
