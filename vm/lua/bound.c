/* SPDX-License-Identifier: BSD-2-Clause */
/* bound.c - functions of Lua's own library that work on in C, where no instruction is counted. Each says before it begins how much it will do at most, pays for that in
 * steps, and is refused where it is too much for one call. The lists are of all that guests have: what another Lua adds is not there before somebody has looked at it. */
#include "inside.h"

#include <math.h>

/* WORK: comparisons that one call of a pattern function may take at most, by what its pattern and text let expect. WALK: elements that one call may visit; fewer where
 * each may be looked for in 2,000 other tables. */
enum { PATTERN_WORK_MAX = 100000000, PATTERN_STEP = 1000, WALK_MAX = 100000, WALK_ELSEWHERE_MAX = 1000 };

void guest_keep(lua_State *L, const guest_bound_t *kept, size_t count)
{
    lua_pushnil(L);
    while (lua_next(L, -2) != 0) {
        size_t i = 0;
        while (i < count && (lua_type(L, -2) != LUA_TSTRING || strcmp(kept[i].name, lua_tostring(L, -2)) != 0)) {
            i++;
        }
        if (lua_isfunction(L, -1) && (i == count || kept[i].wrapper != NULL)) {
            lua_pushvalue(L, -2);
            if (i == count) {
                lua_pushnil(L);
            } else {
                lua_pushvalue(L, -2);
                lua_pushcclosure(L, kept[i].wrapper, 1);
            }
            lua_rawset(L, -5);
        }
        lua_pop(L, 1);
    }
}

/* The function of the library, which is upvalue 1. */
static int pass_on(lua_State *L)
{
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* ---- texts ---- */

int guest_by_size(lua_State *L)
{
    guest_spend(L, lua_type(L, 1) == LUA_TSTRING ? lua_rawlen(L, 1) / CG_OBJECT_STEP_BYTES : 0);
    return pass_on(L);
}

/* Nothing repeated takes no memory, so nothing but this ends it. */
static int repeat(lua_State *L)
{
    size_t size = 0, between = 0;
    (void)luaL_checklstring(L, 1, &size);
    (void)luaL_optlstring(L, 3, "", &between);
    if (size == 0 && between == 0) {
        (void)luaL_checkinteger(L, 2);
        lua_pushliteral(L, "");
        return 1;
    }
    return pass_on(L);
}

/* Matching tries each repetition at each place: text to the power of the repetitions, and once more for where it begins; each try looks at all of a pattern at most. A capture
 * that is matched again is compared as a whole. */
static double pattern_work(const char *pattern, size_t pattern_size, size_t size)
{
    double work = ((double)size + 1) * ((double)pattern_size + 1);
    for (size_t i = 0; i < pattern_size && work <= (double)PATTERN_WORK_MAX; i++) {
        const char next = pattern[i] == '%' && i + 1 < pattern_size ? pattern[i + 1] : '\0';
        const bool repeats = strchr("*+-?", pattern[i]) != NULL || next == 'b' || next == 'f' || (next >= '0' && next <= '9');
        i += pattern[i] == '%';
        work *= repeats ? (double)size + 1 : 1;
    }
    return work;
}

static int match(lua_State *L)
{
    size_t size = 0, pattern_size = 0;
    (void)luaL_checklstring(L, 1, &size);
    const char *pattern = luaL_checklstring(L, 2, &pattern_size);
    const double replacement = lua_type(L, 3) == LUA_TSTRING ? (double)lua_rawlen(L, 3) : 0; /* is read for each match */
    const double work = pattern_work(pattern, pattern_size, size) + ((double)size + 1) * replacement;
    if (work > (double)PATTERN_WORK_MAX) {
        return luaL_error(L, "pattern too costly for a text of %d bytes", (int)size);
    }
    guest_spend(L, (uint64_t)work / PATTERN_STEP);
    return pass_on(L);
}

/* ---- tables ---- */

static bool leads_elsewhere(lua_State *L, int index)
{
    return luaL_getmetafield(L, index, "__index") != LUA_TNIL || luaL_getmetafield(L, index, "__newindex") != LUA_TNIL;
}

/* Elements from `first` to `last` are visited. A length says nothing here: a table of 60 elements can have one of 2^62. */
static void walk(lua_State *L, lua_Integer first, lua_Integer last)
{
    const int top = lua_gettop(L);
    const lua_Unsigned most = leads_elsewhere(L, 1) || (top >= 5 && leads_elsewhere(L, 5)) ? WALK_ELSEWHERE_MAX : WALK_MAX;
    lua_settop(L, top);
    if (last >= first && (lua_Unsigned)last - (lua_Unsigned)first >= most) {
        luaL_error(L, "too many elements for one call");
    }
    guest_spend(L, last > first ? (uint64_t)(last - first) : 0);
}

/* The length has to be the table's own: another one might be another one the next time. */
static lua_Integer length_of(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (luaL_getmetafield(L, 1, "__len") != LUA_TNIL) {
        luaL_error(L, "not for a table with __len");
    }
    return (lua_Integer)lua_rawlen(L, 1);
}

static int insert(lua_State *L)
{
    const lua_Integer length = length_of(L);
    walk(L, lua_gettop(L) == 3 ? luaL_checkinteger(L, 2) : length, length);
    return pass_on(L);
}

static int take_away(lua_State *L)
{
    const lua_Integer length = length_of(L);
    walk(L, luaL_optinteger(L, 2, length), length);
    return pass_on(L);
}

static int concat(lua_State *L)
{
    const lua_Integer length = length_of(L);
    walk(L, luaL_optinteger(L, 3, 1), luaL_optinteger(L, 4, length));
    return pass_on(L);
}

static int unpack(lua_State *L)
{
    const lua_Integer first = luaL_optinteger(L, 2, 1);
    walk(L, first, lua_isnoneornil(L, 3) ? length_of(L) : luaL_checkinteger(L, 3));
    return pass_on(L);
}

static int move(lua_State *L)
{
    walk(L, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3));
    return pass_on(L);
}

/* Is the first less than the second? Texts may be long, and the same one may stand in a table many times. */
static int is_less(lua_State *L)
{
    const bool are_texts = lua_type(L, 1) == LUA_TSTRING && lua_type(L, 2) == LUA_TSTRING;
    guest_spend(L, are_texts ? (lua_rawlen(L, 1) + lua_rawlen(L, 2)) / CG_OBJECT_STEP_BYTES : 0);
    lua_pushboolean(L, lua_compare(L, 1, 2, LUA_OPLT));
    return 1;
}

static int sort(lua_State *L)
{
    const lua_Integer length = length_of(L);
    walk(L, 1, length);
    guest_spend(L, length > 1 ? (uint64_t)((double)length * log2((double)length)) : 0);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_pushcfunction(L, is_less);
        lua_replace(L, 2);
    }
    return pass_on(L);
}

/* ---- what guests have of these libraries ---- */

void guest_open_bounded(lua_State *L)
{
    static const guest_bound_t strings[] = {
        {"byte", NULL}, {"char", NULL}, {"find", match}, {"format", guest_format}, {"gmatch", match}, {"gsub", match}, {"len", NULL}, {"lower", NULL}, {"match", match},
        {"pack", guest_by_size}, {"packsize", guest_by_size}, {"rep", repeat}, {"reverse", NULL}, {"sub", NULL}, {"unpack", guest_by_size}, {"upper", NULL},
    };
    static const guest_bound_t tables[] = {{"concat", concat}, {"insert", insert}, {"move", move}, {"pack", NULL}, {"remove", take_away}, {"sort", sort}, {"unpack", unpack}};
    static const guest_bound_t texts[] = {{"char", NULL}, {"codepoint", NULL}, {"codes", NULL}, {"len", guest_by_size}, {"offset", guest_by_size}};
    luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
    guest_keep(L, strings, sizeof strings / sizeof strings[0]);
    luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
    guest_keep(L, tables, sizeof tables / sizeof tables[0]);
    luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 1);
    guest_keep(L, texts, sizeof texts / sizeof texts[0]);
    lua_settop(L, 0);
}
