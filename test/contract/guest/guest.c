/* SPDX-License-Identifier: BSD-2-Clause */
/* guest.c - the guest of the contract tests, the same source for every VM. It asks the host for a scenario, plays it, and reports what it saw. */
#include "guest.h"

#include "handles.h"
#include "limits.h"
#include "raw.h"
#include "values.h"

CG_ENTRY int cg_main(void)
{
    const uint32_t scenario = contract_next();
    args_ask(scenario);
    switch (scenario) {
#define SCENARIO_CASE_(name) case SC_##name: scene_##name(); break;
        SCENARIO_LIST(SCENARIO_CASE_)
#undef SCENARIO_CASE_
    default:
        return -1;
    }
    return 0;
}
