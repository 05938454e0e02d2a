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

static int format_any(lua_State *L)
{
    size_t size = 0;
    const char *format = luaL_checklstring(L, 1, &size);
    if (shows_address(format, size)) {
        return luaL_error(L, "%%p is left out");
    }
    for (int i = 2; i <= lua_gettop(L); i++) {
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

/* Comparisons that one call of a pattern function may take at most, by what its pattern and text let expect. */
enum { PATTERN_WORK_MAX = 10000000, MOVE_MAX = 100000 };

/* What catches errors must not catch the end of an activation: each of these functions asks when it is done, so the end goes through all of them. Without that,
 * coroutines in coroutines would multiply what each may still do. */
static int caught(lua_State *L, int status, lua_KContext context)
{
    const guest_box_t *box = guest_box(L);
    (void)status;
    (void)context;
    return box->over != GUEST_GOES_ON ? guest_end(L, box->over) : lua_gettop(L);
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
    if (guest_box(L)->over != GUEST_GOES_ON) {
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

/* A coroutine that was stopped in its hook has hooks off for ever: what it left to be closed must not run. */
static int close_sound(lua_State *L)
{
    lua_State *thread = lua_tothread(L, 1);
    if (thread != NULL && guest_is_stopped(thread)) {
        return luaL_error(L, "the coroutine was stopped by the host");
    }
    return catch_any(L);
}

/* What coroutine.wrap gives. Upvalue: the coroutine. The library's own would close one that was stopped. */
static int call_wrapped(lua_State *L)
{
    lua_State *thread = lua_tothread(L, lua_upvalueindex(1));
    const guest_box_t *box = guest_box(L);
    int count = lua_gettop(L);
    if (lua_checkstack(thread, count + 1) == 0) {
        return luaL_error(L, "too many arguments");
    }
    lua_xmove(L, thread, count);
    const int status = lua_resume(thread, L, count, &count);
    if (box->over != GUEST_GOES_ON) {
        return guest_end(L, box->over);
    }
    if (status != LUA_OK && status != LUA_YIELD) {
        if (lua_status(thread) > LUA_YIELD && !guest_is_stopped(thread)) {
            (void)lua_resetthread(thread); /* closes what is to be closed; the error stays on top */
        }
        lua_xmove(thread, L, 1);
        return lua_error(L);
    }
    luaL_checkstack(L, count + 1, "too many results");
    lua_xmove(thread, L, count);
    return count;
}

static int wrap_coroutine(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TFUNCTION);
    lua_State *thread = lua_newthread(L);
    lua_pushvalue(L, 1);
    lua_xmove(L, thread, 1);
    lua_pushcclosure(L, call_wrapped, 1);
    return 1;
}

/* load(chunk [, name [, mode [, env]]]) with mode "t". */
static int load_text(lua_State *L)
{
    const bool has_env = lua_gettop(L) >= 4;
    lua_settop(L, 4);
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
    lua_pushnumber(L, (lua_Number)guest_box(L)->used / 1024);
    return 1;
}

/* Matching tries each repetition at each place: text to the power of the repetitions, and once more for where it begins. */
static bool is_costly(const char *pattern, size_t pattern_size, size_t size)
{
    double work = (double)size + 1;
    for (size_t i = 0; i < pattern_size; i++) {
        const bool repeats = strchr("*+-?", pattern[i]) != NULL || (pattern[i] == '%' && i + 1 < pattern_size && (pattern[i + 1] == 'b' || pattern[i + 1] == 'f'));
        if (pattern[i] == '%') {
            i += 1;
        }
        if (repeats) {
            work *= (double)size + 1;
        }
        if (work > (double)PATTERN_WORK_MAX) {
            return true;
        }
    }
    return false;
}

static int match_any(lua_State *L)
{
    size_t size = 0, pattern_size = 0;
    (void)luaL_checklstring(L, 1, &size);
    const char *pattern = luaL_checklstring(L, 2, &pattern_size);
    if (is_costly(pattern, pattern_size, size)) {
        return luaL_error(L, "pattern too costly for a text of %d bytes", (int)size);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* The functions below walk as far as a length or a range says, in C: so the length has to be the table's own, and the range is bounded. */
static int plain_table(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL) {
        return luaL_error(L, "not for a table with __len");
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static int move_few(lua_State *L)
{
    const lua_Integer first = luaL_checkinteger(L, 2), last = luaL_checkinteger(L, 3);
    if (last >= first && (lua_Unsigned)last - (lua_Unsigned)first >= MOVE_MAX) {
        return luaL_error(L, "too many elements to move");
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* Put `wrapper` around a function of the library on top. */
static void wrap(lua_State *L, const char *name, lua_CFunction wrapper)
{
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, wrapper, 1);
    lua_setfield(L, -2, name);
}

static void forget(lua_State *L, const char *name)
{
    lua_pushnil(L);
    lua_setfield(L, -2, name);
}

static void open_base(lua_State *L)
{
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    forget(L, "dofile");
    forget(L, "loadfile");
    forget(L, "print");
    forget(L, "warn");
    wrap(L, "pcall", catch_any);
    wrap(L, "xpcall", xcatch_any);
    lua_pushcfunction(L, text_of);
    lua_setfield(L, -2, "tostring");
    wrap(L, "load", load_text);
    wrap(L, "setmetatable", set_metatable);
    wrap(L, "collectgarbage", collect_count);
    lua_pop(L, 1);
}

static void open_string(lua_State *L)
{
    static const char *const matching[] = {"find", "match", "gmatch", "gsub"};
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
    for (size_t i = 0; i < sizeof matching / sizeof matching[0]; i++) {
        wrap(L, matching[i], match_any);
    }
    wrap(L, "format", format_any);
    forget(L, "dump");
    lua_pop(L, 1);
}

static void open_table(lua_State *L)
{
    static const char *const walking[] = {"insert", "remove", "sort", "concat", "unpack"};
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
    for (size_t i = 0; i < sizeof walking / sizeof walking[0]; i++) {
        wrap(L, walking[i], plain_table);
    }
    wrap(L, "move", move_few);
    lua_pop(L, 1);
}

/* The first seed was of an address, too. */
static void open_math(lua_State *L)
{
    luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 1);
    lua_getfield(L, -1, "randomseed");
    lua_pushinteger(L, 0);
    lua_call(L, 1, 0);
    wrap(L, "randomseed", seed_given);
}

void guest_open_safe(lua_State *L)
{
    open_base(L);
    open_string(L);
    open_table(L);
    luaL_requiref(L, LUA_COLIBNAME, luaopen_coroutine, 1);
    wrap(L, "resume", catch_any);
    wrap(L, "close", close_sound);
    lua_pushcfunction(L, wrap_coroutine);
    lua_setfield(L, -2, "wrap");
    luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 1);
    open_math(L);
    lua_settop(L, 0);
}
