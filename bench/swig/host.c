/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - a host for Lua whose glue SWIG made: bench_swig_lua GUEST ROUNDS
 * Steps are counted by the hook, as on the other side, for what that costs is Lua's and not the glue's; with BENCH_NO_STEPS they are not: a guest that loops is never
 * stopped then. */
#include "host.h"

#include "swig/calls.h"

#include "host/host_bench.h"
#include "host/host_random.h"
#include "host/host_saul.h"

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#include <string.h>

_Static_assert(sizeof(phydat) == sizeof(cg_saul_phydat_t), "SWIG is told the record that the host functions have");

int luaopen_glue(lua_State *L); /* SWIG's */

uint32_t swig_u32(void)
{
    return host_random_u32(NULL);
}

uint32_t swig_rounds(void)
{
    return host_bench_rounds(NULL);
}

struct device *swig_find(uint8_t kind, uint8_t nth)
{
    struct host_saul_device *dev = NULL;
    return host_saul_find(NULL, kind, nth, &dev) == 0 ? (struct device *)(void *)dev : NULL;
}

int swig_read(struct device *dev, phydat *data)
{
    uint8_t dims = 0;
    const int result = host_saul_read(NULL, (struct host_saul_device *)(void *)dev, (cg_saul_phydat_t *)(void *)data, &dims);
    return result == 0 ? dims : result;
}

struct thing *swig_open(void)
{
    struct host_bench_thing *it = NULL;
    return host_bench_open(NULL, &it) == 0 ? (struct thing *)(void *)it : NULL;
}

int swig_say(struct thing *it, const char *text, size_t size)
{
    return host_bench_say(NULL, (struct host_bench_thing *)(void *)it, (cg_text_t){text, (uint32_t)size});
}

#ifndef BENCH_NO_STEPS
static int64_t steps_left = BENCH_STEPS_MAX;

static void hook(lua_State *L, lua_Debug *record)
{
    (void)record;
    steps_left -= 1000;
    if (steps_left < 0) {
        (void)luaL_error(L, "the steps are used up");
    }
}
#endif

int bench_run(const char *path, const uint8_t *image, uint32_t size)
{
    static const char *const apis[] = {"random", "saul", "bench"};
    lua_State *L = luaL_newstate();
    luaL_openlibs(L);
    luaL_requiref(L, "glue", luaopen_glue, 0);
    for (int i = 0; i < 3; i++) {
        lua_pushvalue(L, -1);
        lua_setglobal(L, apis[i]);
    }
#ifndef BENCH_NO_STEPS
    lua_sethook(L, hook, LUA_MASKCOUNT, 1000);
#endif
    int status = luaL_loadbufferx(L, (const char *)image, size, "=guest", "t");
    status = status == LUA_OK ? lua_pcall(L, 0, 1, 0) : status;
    const int verdict = bench_verdict(path, status, (int32_t)lua_tointegerx(L, -1, NULL), status == LUA_OK ? "" : lua_tostring(L, -1));
    lua_close(L);
    return verdict;
}
