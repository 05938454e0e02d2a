/* SPDX-License-Identifier: BSD-2-Clause */
/* module.c - each API as a table: its calls, constants, enums and flags by name, and `on`, where a guest puts its handlers. Objects are userdata with methods: the calls whose
 * first argument they are, and close. Says what went wrong as a table that pcall gives: api, call, code, name, text. */
#include "inside.h"

static const char handles_key, error_key; /* keys of the registry: their addresses */

/* ---- errors ---- */

static int error_text(lua_State *L)
{
    lua_getfield(L, 1, "api");
    lua_getfield(L, 1, "call");
    lua_getfield(L, 1, "text");
    lua_pushfstring(L, "%s.%s: %s", lua_tostring(L, -3), lua_tostring(L, -2), lua_tostring(L, -1));
    return 1;
}

static void set_text(lua_State *L, const char *name, const char *text)
{
    lua_pushstring(L, text);
    lua_setfield(L, -2, name);
}

static int raise(lua_State *L, const cg_call_info_t *call, const cg_object_answer_t *answer)
{
    const guest_box_t *box = guest_box(L);
    const cg_api_info_t *api = cg_object_api(box->guest->kind->catalog, call);
    lua_createtable(L, 0, 5);
    set_text(L, "api", api->name);
    set_text(L, "call", call->name);
    if (answer->code == CG_OBJECT_KIND) {
        set_text(L, "name", "kind");
        lua_pushfstring(L, "argument %d%s%s is not %s", (int)answer->argument + 1, answer->field != NULL ? ", field " : "", answer->field != NULL ? answer->field : "", answer->wanted);
        lua_setfield(L, -2, "text");
    } else {
        set_text(L, "name", cg_object_error_name(api, answer->code));
        set_text(L, "text", cg_object_error_text(api, answer->code));
    }
    lua_pushinteger(L, answer->code == CG_OBJECT_KIND ? 0 : answer->code);
    lua_setfield(L, -2, "code");
    lua_rawgetp(L, LUA_REGISTRYINDEX, &error_key);
    lua_setmetatable(L, -2);
    return lua_error(L);
}

/* ---- calls ---- */

/* A table that the caller gave for a record to be put into, instead of a new one being made (cg_object_call says where such arguments stand). */
static int spare_table(lua_State *L, const cg_item_info_t *item, int *next, int given)
{
    if (!cg_object_has_spare(item)) {
        return 0;
    }
    const int index = (*next)++;
    return item->kind == CG_KIND_RECORD && index <= given && lua_istable(L, index) ? index : 0;
}

static int inputs_of(const cg_call_info_t *call)
{
    int count = 0;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        count += call->args[i].direction != CG_OUT;
    }
    return count;
}

/* An object that was given away is closed, in every place the guest has it. */
static void forget_given(lua_State *L, const cg_call_info_t *call)
{
    int index = 1;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        const cg_item_info_t *item = &call->args[i];
        guest_handle_t *held = item->direction == CG_IN && item->own ? lua_touserdata(L, index) : NULL;
        if (held != NULL) {
            held->is_closed = true;
        }
        index += item->direction != CG_OUT;
    }
}

/* Upvalue: the call. */
static int call_any(lua_State *L)
{
    guest_box_t *box = guest_box(L);
    cg_guest_t *g = box->guest;
    const cg_call_info_t *call = lua_touserdata(L, lua_upvalueindex(1));
    cg_object_answer_t answer;
    const int given = lua_gettop(L);
    luaL_checkstack(L, CG_ROW_SLOTS_MAX + 16, NULL);
    box->object.vm = L; /* a coroutine may call */
    cg_object_call(g, call, &answer);
    if (answer.is_over) {
        return guest_end(L, GUEST_OVER_GATE);
    }
    if (answer.code != 0) {
        return raise(L, call, &answer);
    }
    forget_given(L, call);
    int next = inputs_of(call) + 1;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        cg_value_t value;
        if (call->args[i].direction != CG_IN) {
            box->target = spare_table(L, &call->args[i], &next, given);
            (void)cg_object_result(g, call, &answer, i, &value);
            box->target = 0;
        }
    }
    return (int)answer.count;
}

/* ---- objects ---- */

static void close_handle(lua_State *L, guest_handle_t *held)
{
    const guest_box_t *box = guest_box(L);
    const bool is_open = !held->is_closed;
    held->is_closed = true;
    if (is_open && cg_guest_state(box->guest) == CG_STATE_IN_GUEST && box->over == GUEST_GOES_ON) {
        (void)cg_object_close(box->guest, held->handle); /* it may be closed already; what is left the gate closes with the guest */
    }
}

static int handle_close(lua_State *L)
{
    guest_handle_t *held = lua_touserdata(L, 1);
    if (held == NULL || lua_type(L, 1) != LUA_TUSERDATA) {
        return luaL_error(L, "close wants an object");
    }
    close_handle(L, held);
    return 0;
}

/* Lent objects stay open: the host gives the same handle again. */
static int handle_collect(lua_State *L)
{
    guest_handle_t *held = lua_touserdata(L, 1);
    if (held->is_owned) {
        close_handle(L, held);
    }
    return 0;
}

static int handle_text(lua_State *L)
{
    const guest_handle_t *held = lua_touserdata(L, 1);
    if (held == NULL || lua_type(L, 1) != LUA_TUSERDATA) {
        return luaL_error(L, "not an object");
    }
    lua_pushfstring(L, !held->is_closed ? "%s #%d" : "%s (closed)", held->type->name, (int)((held->handle >> 1 & guest_box(L)->guest->slot_mask) + 1));
    return 1;
}

void guest_push_handle(lua_State *L, const cg_type_info_t *type, uint32_t handle, bool is_owned)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &handles_key);
    const bool is_there = lua_rawgeti(L, -1, handle) == LUA_TUSERDATA;
    const guest_handle_t *known = lua_touserdata(L, -1);
    if (is_there && known->handle == handle && !known->is_closed) {
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    guest_handle_t *held = lua_newuserdatauv(L, sizeof *held, 0);
    *held = (guest_handle_t){type, handle, false, is_owned};
    lua_rawgetp(L, LUA_REGISTRYINDEX, type);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, handle);
    lua_remove(L, -2);
}

static bool is_method_of(const cg_call_info_t *call, const cg_type_info_t *type)
{
    return call->arg_count > 0 && call->args[0].direction == CG_IN && call->args[0].kind == CG_KIND_HANDLE && call->args[0].type == type;
}

static void push_call(lua_State *L, const cg_call_info_t *call)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)call);
    lua_pushcclosure(L, call_any, 1);
}

/* The metatable of one type of handles, kept under the type's address. Guests cannot get at it. */
static void open_type(lua_State *L, const cg_api_info_t *api, const cg_type_info_t *type)
{
    static const luaL_Reg functions[] = {{"__gc", handle_collect}, {"__close", handle_close}, {"__tostring", handle_text}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_createtable(L, 0, 4);
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (is_method_of(&api->calls[i], type)) {
            push_call(L, &api->calls[i]);
            lua_setfield(L, -2, api->calls[i].name);
        }
    }
    lua_pushcfunction(L, handle_close);
    lua_setfield(L, -2, "close");
    lua_setfield(L, -2, "__index");
    set_text(L, "__metatable", type->name);
    lua_rawsetp(L, LUA_REGISTRYINDEX, type);
}

/* ---- APIs ---- */

static void open_values(lua_State *L, const cg_type_info_t *type)
{
    lua_createtable(L, 0, type->value_count);
    for (uint32_t i = 0; i < type->value_count; i++) {
        lua_pushinteger(L, type->values[i].value);
        lua_setfield(L, -2, type->values[i].name);
    }
    lua_setfield(L, -2, type->name);
}

static void open_constants(lua_State *L, const cg_api_info_t *api)
{
    for (uint32_t i = 0; i < api->constant_count; i++) {
        const cg_constant_info_t *constant = &api->constants[i];
        if (constant->kind == CG_KIND_F32 || constant->kind == CG_KIND_F64) {
            lua_pushnumber(L, constant->real);
        } else if (constant->kind == CG_KIND_BOOL) {
            lua_pushboolean(L, constant->integer != 0);
        } else {
            lua_pushinteger(L, constant->integer);
        }
        lua_setfield(L, -2, constant->name);
    }
}

static void open_api(lua_State *L, const cg_api_info_t *api)
{
    lua_createtable(L, 0, api->call_count + 4);
    open_constants(L, api);
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (api->types[i]->kind == CG_KIND_HANDLE) {
            open_type(L, api, api->types[i]);
        } else if (api->types[i]->value_count > 0) {
            open_values(L, api->types[i]);
        }
    }
    for (uint32_t i = 0; i < api->call_count; i++) {
        push_call(L, &api->calls[i]);
        lua_setfield(L, -2, api->calls[i].name);
    }
    if (api->event_count > 0) {
        lua_newtable(L);
        lua_setfield(L, -2, "on");
    }
    lua_setglobal(L, api->name);
}

void guest_open_apis(lua_State *L, const cg_catalog_t *catalog)
{
    lua_newtable(L); /* objects by handle, as long as the guest has them */
    lua_createtable(L, 0, 1);
    set_text(L, "__mode", "v");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &handles_key);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, error_text);
    lua_setfield(L, -2, "__tostring");
    set_text(L, "__metatable", "error");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &error_key);
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) { /* closing is a method, and what is allowed sys tells */
            open_api(L, &catalog->apis[i]);
        }
    }
}

void guest_push_handler(lua_State *L, const cg_api_info_t *api, const cg_ev_info_t *event)
{
    lua_pushglobaltable(L);
    lua_pushstring(L, api->name);
    if (lua_rawget(L, -2) == LUA_TTABLE) {
        lua_pushstring(L, "on");
        if (lua_rawget(L, -2) == LUA_TTABLE) {
            lua_pushstring(L, event->name);
            lua_rawget(L, -2);
        }
    }
    if (!lua_isfunction(L, -1)) {
        lua_pushnil(L);
    }
}
