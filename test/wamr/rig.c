/* SPDX-License-Identifier: BSD-2-Clause */
/* rig.c - the demo APIs as glue for WAMR: what the generator makes, in both of its forms. */
#include "rig.h"

static const cg_wamr_native_t natives[DEMO_CALLS] = {
    {"demo", "add", "(ii)i", cg_wamr_native_row, &demo_rows[DEMO_ADD]},
    {"demo", "fill", "(ii)i", cg_wamr_native_row, &demo_rows[DEMO_FILL]},
    {"demo", "twice", "(I)I", cg_wamr_native_row, &demo_rows[DEMO_TWICE]},
    {"demo", "secret", "()i", cg_wamr_native_row, &demo_rows[DEMO_SECRET]},
    {"other", "ping", "()i", cg_wamr_native_row, &demo_rows[OTHER_PING]},
};
static const cg_wamr_glue_t glue = {natives};
const cg_vm_t rig_vm = {.ops = &cg_wamr_ops, .set = &demo_set, .glue = &glue, .catalog = &demo_catalog};

/* Slots to words by hand, two forms of result: what generated FAST glue does. */
static void native_add(wasm_exec_env_t env, uint64_t *args)
{
    cg_guest_t *g = cg_wamr_guest(env);
    const uint32_t word = (uint32_t)cg_row_call(g, &demo_rows[DEMO_ADD], DEMO_ADD, args, CG_ROW_SLOTS_MAX, true);
    memcpy(args, &word, sizeof word);
    cg_wamr_leave(env, g);
}

static void native_fill(wasm_exec_env_t env, uint64_t *args)
{
    cg_guest_t *g = cg_wamr_guest(env);
    cg_wamr_refresh(g);
    const uint32_t word = (uint32_t)cg_row_call(g, &demo_rows[DEMO_FILL], DEMO_FILL, args, CG_ROW_SLOTS_MAX, true);
    memcpy(args, &word, sizeof word);
    cg_wamr_leave(env, g);
}

static void native_twice(wasm_exec_env_t env, uint64_t *args)
{
    cg_guest_t *g = cg_wamr_guest(env);
    const uint64_t result = cg_row_call(g, &demo_rows[DEMO_TWICE], DEMO_TWICE, args, CG_ROW_SLOTS_MAX, true);
    memcpy(args, &result, sizeof result);
    cg_wamr_leave(env, g);
}

static const cg_wamr_native_t direct[DEMO_CALLS] = {
    {"demo", "add", "(ii)i", native_add, NULL},
    {"demo", "fill", "(ii)i", native_fill, NULL},
    {"demo", "twice", "(I)I", native_twice, NULL},
    {"demo", "secret", "()i", cg_wamr_native_row, &demo_rows[DEMO_SECRET]},
    {"other", "ping", "()i", cg_wamr_native_row, &demo_rows[OTHER_PING]},
};
static const cg_wamr_glue_t glue_direct = {direct};
const cg_vm_t rig_vm_direct = {.ops = &cg_wamr_ops, .set = &demo_set, .glue = &glue_direct, .catalog = &demo_catalog};
