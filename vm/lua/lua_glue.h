/* SPDX-License-Identifier: BSD-2-Clause */
/* lua_glue.h - what generated Lua glue shares with the adapter: how a call is entered. Included by both; knows of Lua what is declared here, and where it is included
 * together with Lua's own header the compiler compares the two. */
#ifndef CALLGATE_VM_LUA_GLUE_H
#define CALLGATE_VM_LUA_GLUE_H

#include "object_base.h"

struct lua_State;
extern void lua_pushinteger(struct lua_State *state, long long number);

/* Each state has the address of the base before it; the lowest bit is a mark of the adapter's. */
static inline __attribute__((unused)) cg_guest_t *cg_lua_guest(struct lua_State *state)
{
    uintptr_t at;
    memcpy(&at, (const char *)state - sizeof at, sizeof at);
    return ((const cg_object_base_t *)(at & ~(uintptr_t)1))->guest; /* NOLINT: the address was a pointer */
}

/* Enter call `index`, whatever its arguments; as a lua_CFunction. */
int cg_lua_call(struct lua_State *state, unsigned index);

/* Call `index` ended the activation. Does not come back. */
int cg_lua_end(struct lua_State *state, unsigned index);

#endif
