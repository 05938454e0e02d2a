/* SPDX-License-Identifier: BSD-2-Clause */
/* record.c - records as objects: saul.phydat() makes one, a call fills it and makes no garbage, its fields are read and set by name. Tables do the same work more slowly.
 * What is set is looked at as in a call; the gate looks at it again when the object is given to one. */
#include "inside.h"

enum { UP_FIELDS = 1, UP_TYPE };

static const cg_type_info_t *type_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(UP_TYPE));
}

/* The record at 1, whose metamethod this is. */
static guest_record_t *self(lua_State *L, const cg_type_info_t *type)
{
    guest_record_t *record = guest_record(L, 1, type);
    if (record == NULL) {
        (void)luaL_error(L, "not a %s", type->name);
    }
    return record;
}

/* The field that 2 names, or NULL. */
static const cg_item_info_t *field_of(lua_State *L, const cg_type_info_t *type)
{
    lua_pushvalue(L, 2);
    return lua_rawget(L, lua_upvalueindex(UP_FIELDS)) == LUA_TNUMBER ? &type->fields[lua_tointegerx(L, -1, NULL)] : NULL;
}

static int record_get(lua_State *L)
{
    guest_box_t *box = guest_box(L);
    const cg_type_info_t *type = type_of(L);
    const guest_record_t *record = self(L, type);
    const cg_item_info_t *field = field_of(L, type);
    cg_value_t value;
    if (field == NULL) {
        lua_pushnil(L);
        return 1;
    }
    if (field->array != 0 || field->kind == CG_KIND_RECORD) {
        luaL_checkstack(L, CG_ROW_SLOTS_MAX, NULL);
    }
    box->now = L;
    (void)cg_object_give_field(box->base.guest, field, record->bytes, &value);
    return 1;
}

static int record_set(lua_State *L)
{
    guest_box_t *box = guest_box(L);
    const cg_type_info_t *type = type_of(L);
    guest_record_t *record = self(L, type);
    const cg_item_info_t *field = field_of(L, type);
    cg_object_answer_t answer;
    if (field == NULL) {
        return luaL_error(L, "%s has no such field", type->name);
    }
    luaL_checkstack(L, CG_ROW_SLOTS_MAX, NULL);
    box->now = L;
    if (!cg_object_take_field(box->base.guest, field, (cg_value_t){{3, 0}}, record->bytes, &answer)) {
        return luaL_error(L, "field %s is not %s", field->name, answer.code == CG_OBJECT_KIND ? answer.wanted : "in the range of its type");
    }
    return 0;
}

static int record_text(lua_State *L)
{
    lua_pushstring(L, self(L, type_of(L))->type->name);
    return 1;
}

/* Upvalue UP_TYPE: what to make; its metatable is kept under the type's address. All fields are 0. */
static int record_make(lua_State *L)
{
    const cg_type_info_t *type = type_of(L);
    guest_record_t *record = lua_newuserdatauv(L, sizeof *record + type->size, 0);
    record->type = type;
    memset(record->bytes, 0, type->size);
    lua_rawgetp(L, LUA_REGISTRYINDEX, type);
    lua_setmetatable(L, -2);
    return 1;
}

/* A closure with the table of fields, which is at `fields`, and the type. */
static void push_function(lua_State *L, lua_CFunction function, int fields, const cg_type_info_t *type)
{
    lua_pushvalue(L, fields);
    lua_pushlightuserdata(L, (void *)(uintptr_t)type);
    lua_pushcclosure(L, function, UP_TYPE);
}

void guest_open_record(lua_State *L, const cg_type_info_t *type)
{
    static const luaL_Reg functions[] = {{"__index", record_get}, {"__newindex", record_set}, {"__tostring", record_text}, {NULL, NULL}};
    lua_createtable(L, 0, type->field_count);
    const int fields = lua_gettop(L);
    for (uint32_t i = 0; i < type->field_count; i++) {
        lua_pushinteger(L, i);
        lua_setfield(L, fields, type->fields[i].name);
    }
    lua_createtable(L, 0, 4);
    for (const luaL_Reg *f = functions; f->name != NULL; f++) {
        push_function(L, f->func, fields, type);
        lua_setfield(L, -2, f->name);
    }
    lua_pushstring(L, type->name);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, type);
    push_function(L, record_make, fields, type);
    lua_remove(L, fields);
}
