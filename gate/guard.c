/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/guard.c - which values of a guarded argument the policy allows. A guard that is not there allows nothing. */
#include "callgate/body.h"

static const cg_guard_t *guard_of(const cg_guest_t *g, unsigned guard)
{
    return g->policy->guards == NULL || guard >= g->set->guard_count ? NULL : &g->policy->guards[guard];
}

static bool is_in(const cg_guard_t *guard, const cg_guard_range_t *range, int64_t value)
{
    if (guard->is_unsigned) {
        return (uint64_t)value >= (uint64_t)range->min && (uint64_t)value <= (uint64_t)range->max;
    }
    return value >= range->min && value <= range->max;
}

bool cg_guard_value(cg_guest_t *g, unsigned guard, int64_t value)
{
    const cg_guard_t *allowed = guard_of(g, guard);
    if (allowed == NULL) {
        return cg_no(g, CG_ERR_GUARD);
    }
    for (uint32_t i = 0; i < allowed->count && allowed->ranges != NULL; i++) {
        if (is_in(allowed, &allowed->ranges[i], value)) {
            return true;
        }
    }
    return allowed->any || cg_no(g, CG_ERR_GUARD);
}

/* A pattern without a size is one that somebody did not finish: as a prefix it would allow everything. */
static bool is_match(const cg_guard_pattern_t *want, const char *text, uint32_t n)
{
    const bool is_long_enough = want->is_prefix ? n > want->size : n == want->size;
    return want->size != 0 && is_long_enough && memcmp(want->text, text, want->size) == 0;
}

bool cg_guard_text(cg_guest_t *g, unsigned guard, const char *text, uint32_t n)
{
    const cg_guard_t *allowed = guard_of(g, guard);
    if (allowed == NULL) {
        return cg_no(g, CG_ERR_GUARD);
    }
    for (uint32_t i = 0; i < allowed->count && allowed->texts != NULL; i++) {
        if (is_match(&allowed->texts[i], text, n)) {
            return true;
        }
    }
    return allowed->any || cg_no(g, CG_ERR_GUARD);
}
