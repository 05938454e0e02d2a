/* SPDX-License-Identifier: BSD-2-Clause */
/* module.c - each API as a table: its calls, constants, enums and flags by name, and `on`, where a guest puts its handlers. Objects are userdata with methods: the calls whose
 * first argument they are, and close. Says what went wrong as a table that pcall gives: api, call, code, name, text. */
#include "inside.h"

static const char handles_key; /* of the registry: its address */

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

/* ---- calls ---- */

/* A table or record object that the caller gave for a record to be put into, instead of a new one being made (cg_object_call says where such arguments stand). */
static int spare_table(lua_State *L, const cg_item_info_t *item, int *next, int given)
{
    if (!cg_object_has_spare(item)) {
        return 0;
    }
    const int index = (*next)++;
    return item->kind == CG_KIND_RECORD && index <= given && (lua_istable(L, index) || lua_type(L, index) == LUA_TUSERDATA) ? index : 0;
}

static int inputs_of(const cg_call_info_t *call)
{
    int count = 0;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        count += call->args[i].direction != CG_OUT;
    }
    return count;
}

void guest_settle(lua_State *L, const cg_call_info_t *call, const cg_object_answer_t *answer)
{
    guest_box_t *box = guest_box(L);
    cg_value_t error;
    box->now = L;
    const cg_object_served_t served = cg_object_settle(&box->base, call, answer, &error);
    if (served != CG_OBJECT_GOOD) {
        (void)(served == CG_OBJECT_RAISE ? lua_error(L) : guest_end(L, box->base.over));
    }
}

int guest_call_any(lua_State *L, const cg_call_info_t *call)
{
    guest_box_t *box = guest_box(L);
    cg_object_answer_t answer;
    cg_value_t value;
    const int given = lua_gettop(L);
    luaL_checkstack(L, CG_ROW_SLOTS_MAX + 16, NULL);
    box->now = L; /* a coroutine may call */
    cg_object_call(box->base.guest, call, &answer);
    guest_settle(L, call, &answer);
    int next = inputs_of(call) + 1;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        if (call->args[i].direction != CG_IN) {
            box->target = spare_table(L, &call->args[i], &next, given);
            (void)cg_object_result(box->base.guest, call, &answer, i, &value);
            box->target = 0;
        }
    }
    return (int)answer.count;
}

/* ---- objects ---- */

static int handle_close(lua_State *L)
{
    cg_object_held_t *held = guest_held(L, 1);
    if (held == NULL) {
        return luaL_error(L, "close wants an object");
    }
    cg_object_release(&guest_box(L)->base, held);
    return 0;
}

/* Lent objects stay open: the host gives the same handle again. */
static int handle_collect(lua_State *L)
{
    cg_object_held_t *held = guest_held(L, 1);
    if (held != NULL && held->is_owned) {
        cg_object_release(&guest_box(L)->base, held);
    }
    return 0;
}

static int handle_text(lua_State *L)
{
    const cg_object_held_t *held = guest_held(L, 1);
    if (held == NULL) {
        return luaL_error(L, "not an object");
    }
    lua_pushfstring(L, !held->is_closed ? "%s #%d" : "%s (closed)", held->type->name, (int)((held->handle >> 1 & guest_box(L)->base.guest->slot_mask) + 1));
    return 1;
}

void guest_push_handle(lua_State *L, const cg_type_info_t *type, uint32_t handle, bool is_owned)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &handles_key);
    const bool is_there = lua_rawgeti(L, -1, handle) == LUA_TUSERDATA;
    const cg_object_held_t *known = lua_touserdata(L, -1);
    if (is_there && known->handle == handle && !known->is_closed) {
        lua_remove(L, -2);
        return;
    }
    lua_pop(L, 1);
    cg_object_held_t *held = lua_newuserdatauv(L, sizeof *held, 0);
    *held = (cg_object_held_t){type, handle, false, is_owned};
    lua_rawgetp(L, LUA_REGISTRYINDEX, type);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, handle);
    lua_remove(L, -2);
}

static void push_call(lua_State *L, const cg_call_info_t *call)
{
    const cg_object_glue_t *glue = guest_box(L)->base.guest->kind->glue;
    lua_pushcfunction(L, ((const lua_CFunction *)glue->entries)[call->index]);
}

/* The metatable of one type of handles, kept under the type's address. Guests cannot get at it. */
static void open_type(lua_State *L, const cg_api_info_t *api, const cg_type_info_t *type)
{
    static const luaL_Reg functions[] = {{"__gc", handle_collect}, {"__close", handle_close}, {"__tostring", handle_text}, {NULL, NULL}};
    luaL_newlib(L, functions);
    lua_createtable(L, 0, 4);
    for (uint32_t i = 0; i < api->call_count; i++) {
        if (cg_object_is_method(&api->calls[i], type)) {
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

/* The value is on top, and goes into the global table of its API. */
static bool define(void *vm, const char *api, const char *name, cg_value_t value)
{
    lua_State *L = ((const guest_box_t *)vm)->now;
    (void)value;
    (void)lua_getglobal(L, api);
    lua_insert(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
    return true;
}

static bool make_call(void *vm, const cg_call_info_t *call, cg_value_t *value)
{
    lua_State *L = ((const guest_box_t *)vm)->now;
    push_call(L, call);
    *value = (cg_value_t){{(uint64_t)lua_gettop(L), 0}};
    return true;
}

static void open_api(lua_State *L, const cg_api_info_t *api)
{
    for (uint32_t i = 0; i < api->type_count; i++) {
        if (api->types[i]->kind == CG_KIND_HANDLE) {
            open_type(L, api, api->types[i]);
        } else if (api->types[i]->kind == CG_KIND_RECORD) {
            guest_open_record(L, api->types[i]);
            (void)define(guest_box(L), api->name, api->types[i]->name, (cg_value_t){{0, 0}});
        }
    }
    if (api->event_count > 0) {
        lua_newtable(L);
        (void)define(guest_box(L), api->name, "on", (cg_value_t){{0, 0}});
    }
}

void guest_open_apis(lua_State *L)
{
    guest_box_t *box = guest_box(L);
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    lua_newtable(L); /* objects by handle, as long as the guest has them */
    lua_createtable(L, 0, 1);
    set_text(L, "__mode", "v");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &handles_key);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, error_text);
    lua_setfield(L, -2, "__tostring");
    set_text(L, "__metatable", "error");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &cg_object_error);
    guest_open_lanes(L);
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) { /* closing is a method */
            lua_newtable(L);            /* also where Lua has a library of that name */
            lua_setglobal(L, catalog->apis[i].name);
        }
    }
    (void)cg_object_open(&box->base, define, make_call);
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        if (catalog->apis[i].id != 0) {
            open_api(L, &catalog->apis[i]);
        }
    }
}

void guest_push_handler(lua_State *L)
{
    const cg_object_base_t *base = &guest_box(L)->base;
    lua_pushglobaltable(L);
    lua_pushstring(L, base->api->name);
    if (lua_rawget(L, -2) == LUA_TTABLE) {
        lua_pushstring(L, "on");
        if (lua_rawget(L, -2) == LUA_TTABLE) {
            lua_pushstring(L, base->event->name);
            lua_rawget(L, -2);
        }
    }
    if (!lua_isfunction(L, -1)) {
        lua_pushnil(L);
    }
}
