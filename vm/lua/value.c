/* SPDX-License-Identifier: BSD-2-Clause */
/* value.c - Lua's values for vm/objects: a cg_value_t is an index on the stack. Nothing here runs a guest's code: access is raw, and no metamethod is asked. */
#include "inside.h"

static int at(cg_value_t value)
{
    return (int)value.u[0];
}

/* The state, or coroutine, whose code runs. */
static lua_State *state_of(void *vm)
{
    return ((const guest_box_t *)vm)->now;
}

static cg_value_t top(lua_State *L)
{
    return (cg_value_t){{(uint64_t)lua_gettop(L), 0}};
}

static void argument(void *vm, uint32_t index, cg_value_t *value)
{
    (void)vm;
    *value = (cg_value_t){{index + 1u, 0}};
}

static bool is_none(void *vm, cg_value_t value)
{
    lua_State *L = state_of(vm);
    return lua_isnoneornil(L, at(value));
}

static bool get_bool(void *vm, cg_value_t value, bool *truth)
{
    lua_State *L = state_of(vm);
    *truth = lua_toboolean(L, at(value)) != 0;
    return lua_isboolean(L, at(value));
}

static bool get_integer(void *vm, cg_value_t value, uint64_t *bits, bool *is_negative)
{
    lua_State *L = state_of(vm);
    int is_whole = 0;
    if (lua_type(L, at(value)) != LUA_TNUMBER) {
        return false;
    }
    const lua_Integer number = lua_tointegerx(L, at(value), &is_whole);
    *bits = (uint64_t)number;
    *is_negative = number < 0;
    return is_whole != 0;
}

static bool get_float(void *vm, cg_value_t value, double *real)
{
    lua_State *L = state_of(vm);
    if (lua_type(L, at(value)) != LUA_TNUMBER) {
        return false;
    }
    *real = lua_tonumberx(L, at(value), NULL);
    return true;
}

static bool get_bytes(void *vm, cg_value_t value, const uint8_t **bytes, uint32_t *size)
{
    lua_State *L = state_of(vm);
    size_t length = 0;
    if (lua_type(L, at(value)) != LUA_TSTRING) {
        return false;
    }
    *bytes = (const uint8_t *)lua_tolstring(L, at(value), &length);
    *size = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
    return true;
}

static bool get_count(void *vm, cg_value_t list, uint32_t *count)
{
    lua_State *L = state_of(vm);
    if (lua_type(L, at(list)) != LUA_TTABLE) {
        return false;
    }
    const lua_Unsigned length = lua_rawlen(L, at(list));
    *count = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
    return true;
}

static bool get_element(void *vm, cg_value_t list, uint32_t index, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    lua_rawgeti(L, at(list), (lua_Integer)index + 1);
    *value = top(L);
    return true;
}

static bool get_field(void *vm, cg_value_t record, const char *name, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    if (lua_type(L, at(record)) != LUA_TTABLE) {
        return false;
    }
    lua_pushstring(L, name);
    lua_rawget(L, at(record));
    *value = top(L);
    return true;
}

cg_object_held_t *guest_held_of(void *vm, cg_value_t value)
{
    return guest_held(state_of(vm), at(value));
}

static void drop(void *vm, cg_value_t value)
{
    lua_State *L = state_of(vm);
    lua_settop(L, at(value) - 1);
}

static bool make_none(void *vm, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    lua_pushnil(L);
    *value = top(L);
    return true;
}

static bool make_bool(void *vm, bool truth, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    lua_pushboolean(L, truth);
    *value = top(L);
    return true;
}

/* A u64 above 2^63 - 1 shows as a negative number, as everywhere in Lua. */
static bool make_integer(void *vm, uint64_t bits, bool is_signed, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    (void)is_signed;
    lua_Integer number;
    memcpy(&number, &bits, sizeof number);
    lua_pushinteger(L, number);
    *value = top(L);
    return true;
}

static bool make_float(void *vm, double real, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    lua_pushnumber(L, real);
    *value = top(L);
    return true;
}

static bool make_bytes(void *vm, const uint8_t *bytes, uint32_t size, bool is_text, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    (void)is_text;
    lua_pushlstring(L, (const char *)bytes, size);
    *value = top(L);
    return true;
}

static bool make_list(void *vm, uint32_t count, cg_value_t *list)
{
    lua_State *L = state_of(vm);
    lua_createtable(L, count < INT32_MAX ? (int)count : INT32_MAX, 0);
    *list = top(L);
    return true;
}

static bool set_element(void *vm, cg_value_t list, uint32_t index, cg_value_t value)
{
    lua_State *L = state_of(vm);
    (void)value; /* on top */
    lua_rawseti(L, at(list), (lua_Integer)index + 1);
    return true;
}

/* The caller's own table once, if it gave one; a record object is set_record's, and not for what lies within. */
static bool make_record(void *vm, const cg_type_info_t *type, cg_value_t *record)
{
    guest_box_t *box = vm;
    lua_State *L = box->now;
    const int target = box->target;
    box->target = 0;
    if (target != 0 && lua_istable(L, target)) {
        lua_pushvalue(L, target);
    } else {
        lua_createtable(L, 0, type->field_count);
    }
    if (type == &cg_object_error) {
        lua_rawgetp(L, LUA_REGISTRYINDEX, type);
        lua_setmetatable(L, -2);
    }
    *record = top(L);
    return true;
}

static bool set_field(void *vm, cg_value_t record, const char *name, cg_value_t value)
{
    lua_State *L = state_of(vm);
    (void)value; /* on top */
    lua_pushstring(L, name);
    lua_insert(L, -2);
    lua_rawset(L, at(record));
    return true;
}

static bool make_handle(void *vm, const cg_type_info_t *type, uint32_t handle, bool is_owned, cg_value_t *value)
{
    lua_State *L = state_of(vm);
    guest_push_handle(L, type, handle, is_owned);
    *value = top(L);
    return true;
}

static bool get_record(void *vm, cg_value_t value, const cg_type_info_t *type, uint8_t *bytes)
{
    const guest_record_t *record = guest_record(state_of(vm), at(value), type);
    if (record != NULL) {
        memcpy(bytes, record->bytes, type->size);
    }
    return record != NULL;
}

static bool set_record(void *vm, const cg_type_info_t *type, const uint8_t *bytes, cg_value_t *value)
{
    guest_box_t *box = vm;
    lua_State *L = box->now;
    guest_record_t *record = box->target != 0 ? guest_record(L, box->target, type) : NULL;
    if (record == NULL) {
        return false;
    }
    memcpy(record->bytes, bytes, type->size);
    lua_pushvalue(L, box->target);
    box->target = 0;
    *value = top(L);
    return true;
}

const cg_object_ops_t guest_values = {
    .argument = argument, .is_none = is_none, .get_bool = get_bool, .get_integer = get_integer, .get_float = get_float, .get_bytes = get_bytes,
    .get_count = get_count, .get_element = get_element, .get_field = get_field, .get_handle = cg_object_get_handle, .drop = drop,
    .make_none = make_none, .make_bool = make_bool, .make_integer = make_integer, .make_float = make_float, .make_bytes = make_bytes,
    .make_list = make_list, .set_element = set_element, .make_record = make_record, .set_field = set_field, .make_handle = make_handle,
    .get_record = get_record, .set_record = set_record,
    .has_wrapped_u64 = true,
};
