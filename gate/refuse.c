/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/refuse.c - what happens when a call is refused: the reason, the counters, the violation policy.
 * Called by helpers and bodies off the fast path. Touches no guest memory. */
#include "callgate/body.h"
#include "gate/own.h"

enum { WHY_SWEEP = 1 /* not a refusal: dying handles wait for the end of the call */ };

static const bool violations[] = {
    false,
#define VIOLATION_(name, number, violation, text) violation,
    CG_ERR_LIST(VIOLATION_)
#undef VIOLATION_
};

bool cg_no(cg_guest_t *g, int why)
{
    if (g->why >= 0) {
        g->why = (int8_t)why; /* errors of an API end at -95 */
    }
    return false;
}

bool cg_no_entry(cg_guest_t *g, uint32_t index)
{
    g->budget = -g->budget; /* as it was before cg_enter: a refused nested call leaves the outer one alone */
    const uint32_t *policy = g->policy->granted;
    if (index >= g->set->call_count) {
        return cg_no(g, CG_ERR_UNKNOWN);
    }
    if ((policy[index >> 5] >> (index & 31u) & 1u) == 0) {
        return cg_no(g, CG_ERR_DENIED);
    }
    if (g->budget < 0) {
        return cg_no(g, CG_ERR_BUSY);
    }
    if (g->ending != 0 || atomic_load_explicit(&g->stopping, memory_order_relaxed)) {
        return cg_no(g, CG_ERR_STOPPED);
    }
    return cg_no(g, CG_ERR_BUDGET);
}

/* A handle that was never given out is a violation; one that died is an honest mistake. */
void *cg_no_handle(cg_guest_t *g, uint32_t handle, unsigned type)
{
    (void)type;
    if (g->why >= 0 && !gate_was_issued(g, handle)) {
        g->forged = 1;
    }
    (void)cg_no(g, CG_ERR_HANDLE);
    return NULL;
}

bool cg_host_error(cg_guest_t *g, int result, uint32_t fail_mask)
{
    switch (result) {
    case CG_ERR_SPACE:
    case CG_ERR_QUOTA:
    case CG_ERR_DENIED:
    case CG_ERR_STOPPED:
        return cg_no(g, result);
    default:
        break;
    }
    g->host_result = result;
    if (result <= CG_ERR_API_FIRST && result > CG_ERR_API_FIRST - 32) {
        const uint32_t bit = (uint32_t)(CG_ERR_API_FIRST - result);
        if ((fail_mask >> bit & 1u) != 0) {
            return cg_no(g, result);
        }
    }
    return cg_no(g, CG_ERR_HOST);
}

static bool is_violation(const cg_guest_t *g, int why)
{
    const int row = -why;
    return g->forged != 0 || (row > 0 && row < (int)(sizeof violations / sizeof violations[0]) && violations[row]);
}

/* Does the policy end the activation for this violation? */
static bool ends(cg_guest_t *g)
{
    switch ((cg_violation_t)g->policy->violation) {
    case CG_VIOLATION_TRAP:
        return true;
    case CG_VIOLATION_ERROR:
        return false;
    case CG_VIOLATION_KILL:
        if (g->counters.violations >= g->policy->kill_after) {
            gate_forbid(g);
            return true;
        }
        return false;
    }
    return true;
}

/* Glue looks at `ending` only after a call that came here; a call around this one must come here too. */
static void end_activation(cg_guest_t *g, int why, uint32_t index)
{
    if (g->budget < 0) {
        gate_sweep_later(g);
    }
    if (g->ending == 0) {
        g->ending = 1;
        atomic_store(&g->granted, g->nothing); /* should glue go on, no further call is served */
        g->ended_by = (uint8_t)(why <= CG_ERR_API_FIRST ? -CG_ERR_HOST : -why);
        g->ended_call = (uint16_t)index;
    }
}

uint64_t cg_failed(cg_guest_t *g, uint32_t index, uint64_t result, unsigned form)
{
    const int why = g->why;
    g->why = 0;
    if (g->budget < 0) { /* refused inside another call, which may be using what is dying: its end sweeps */
        gate_sweep_later(g);
    } else {
        gate_sweep(g);
    }
    if (why == WHY_SWEEP) {
        return result;
    }
    g->counters.refused += why > CG_ERR_API_FIRST;
    if (why == CG_ERR_HOST && g->config->host_fault != NULL) {
        g->config->host_fault(g, index, g->host_result);
    }
    g->host_result = 0;
    bool is_over = form == CG_FORM_VALUE || why == CG_ERR_STOPPED;
    if (is_violation(g, why)) {
        g->counters.violations += 1;
        if (ends(g)) {
            is_over = true;
        }
    }
    g->forged = 0;
    if (is_over) {
        end_activation(g, why, index);
    }
    return form == CG_FORM_VALUE ? 0 : (uint64_t)(int64_t)why;
}

bool cg_leave_failed(cg_guest_t *g, uint32_t index, uint64_t value, unsigned form, uint64_t *result)
{
    g->budget = ~g->budget;
    *result = cg_failed(g, index, value, form);
    return g->ending == 0;
}

void gate_sweep_later(cg_guest_t *g)
{
    if (g->why == 0) {
        g->why = WHY_SWEEP;
    }
}
