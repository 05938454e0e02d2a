/* SPDX-License-Identifier: BSD-2-Clause */
/* inside.h - what the files of this folder tell each other. Nobody else includes it. */
#ifndef GUEST_INSIDE_H
#define GUEST_INSIDE_H

#include "lua_glue.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <stddef.h>

/* Instructions between two looks at the clockwork: steps, and whether the guest is asked to stop. */
enum { GUEST_LOOK_STEPS = 1000, GUEST_LOOK_COROUTINE = 100 };

/* A stack of n slots that cannot grow may have been filled by one instruction, a chain of __call, in n * n / 2 moves: n times this part of n is charged, in bytes. */
enum { GUEST_REFUSED_STEPS = 16 };

/* guest->vm points here; the block lies behind it. */
typedef struct guest_box {
    cg_object_base_t base; /* first, for vm/objects */
    lua_State *state;
    lua_State *now;        /* that, or the coroutine that makes the call under way: where its values are */
    unsigned closing;      /* coroutines being closed, each within another */
    int target;            /* index of a table or record object that the caller wants filled; 0: none */
    const struct guest_lane *lanes; /* by call; in the guest's memory */
} guest_box_t;

_Static_assert(offsetof(guest_box_t, base) == 0, "the glue looks for the base there");
_Static_assert(LUA_EXTRASPACE == sizeof(uintptr_t), "the address of the box is right before the state");

/* A record as an object, which the caller keeps and has filled: its bytes as they lie in the block. */
typedef struct guest_record {
    const cg_type_info_t *type;
    _Alignas(8) uint8_t bytes[];
} guest_record_t;

/* All userdata that a guest can have is of these two kinds: an object or a record object; both begin with their type. */
_Static_assert(offsetof(cg_object_held_t, type) == 0 && offsetof(guest_record_t, type) == 0, "whoever has userdata looks at its type first");

/* The object at `index`, or NULL. What a record object holds is the guest's own: it is never to be taken for an object. */
static inline cg_object_held_t *guest_held(lua_State *state, int index)
{
    cg_object_held_t *held = lua_type(state, index) == LUA_TUSERDATA ? lua_touserdata(state, index) : NULL;
    return held != NULL && held->type->kind == CG_KIND_HANDLE ? held : NULL;
}

/* ---- adapter.c ---- */

/* End the activation by an error that the guest cannot get rid of. Does not come back. */
int guest_end(lua_State *state, cg_object_over_t over);

/* Pay for what an instruction does beside itself. Does not come back where the steps are used up, or the host asks the guest to stop. */
void guest_spend(lua_State *state, uint64_t steps);

/* A new coroutine: it is looked at more often, for whoever makes many would have a portion of instructions for each. */
void guest_count_more(lua_State *thread);

/* ---- value.c ---- */

extern const cg_object_ops_t guest_values;

/* The object, or NULL: the value is another. */
cg_object_held_t *guest_held_of(void *box, cg_value_t value);

/* Each state has the address of the box; its lowest bit marks a coroutine that was stopped in its hook. */
static inline uintptr_t guest_mark(lua_State *state)
{
    uintptr_t mark;
    memcpy(&mark, lua_getextraspace(state), sizeof mark);
    return mark;
}

static inline guest_box_t *guest_box(lua_State *state)
{
    return (guest_box_t *)(guest_mark(state) & ~(uintptr_t)1); /* NOLINT: the address was a pointer */
}

static inline bool guest_is_stopped(lua_State *state)
{
    return (guest_mark(state) & 1u) != 0;
}

/* Push the object of a live handle: the one that the guest has already, or a new one. */
void guest_push_handle(lua_State *state, const cg_type_info_t *type, uint32_t handle, bool is_owned);

/* ---- record.c ---- */

/* Push the function that makes such objects. */
void guest_open_record(lua_State *state, const cg_type_info_t *type);

/* The object at `index` if it is one of this type, else NULL. */
static inline guest_record_t *guest_record(lua_State *state, int index, const cg_type_info_t *type)
{
    guest_record_t *record = lua_type(state, index) == LUA_TUSERDATA ? lua_touserdata(state, index) : NULL;
    return record != NULL && record->type == type ? record : NULL;
}

/* ---- lane.c: calls ---- */

/* Make the lanes of all calls. */
void guest_open_lanes(lua_State *state);

/* ---- module.c: a table for each API ---- */

/* The call with any arguments. Leaves the results, or does not come back. */
int guest_call_any(lua_State *state, const cg_call_info_t *call);

/* A call is done, by cg_object_settle: comes back if it was good. */
void guest_settle(lua_State *state, const cg_call_info_t *call, const cg_object_answer_t *answer);

/* Push nothing; globals are set. Protected by the caller. */
void guest_open_apis(lua_State *state);

/* Push the function that handles base.event, or nil. */
void guest_push_handler(lua_State *state);

/* ---- library.c: what guests have of Lua's own ---- */

void guest_open_safe(lua_State *state);

/* string.format. Upvalue: the library's own. */
int guest_format(lua_State *state);

/* Push the text of a value, which has no address in it. May run a guest's __tostring. */
void guest_push_text(lua_State *state, int index);

/* ---- bound.c: functions of the library that work on in C ---- */

/* A function that guests have; what stands around it, and has it as its upvalue. */
typedef struct guest_bound {
    const char *name;
    lua_CFunction wrapper; /* NULL: it is as it was */
} guest_bound_t;

/* Of the functions in the table on top, keep these, wrapped, and no others. */
void guest_keep(lua_State *state, const guest_bound_t *kept, size_t count);

/* string, table and utf8. */
void guest_open_bounded(lua_State *state);

/* For functions that go once through the text that is their first argument. Upvalue: the library's own. */
int guest_by_size(lua_State *state);

#endif
