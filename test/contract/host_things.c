/* SPDX-License-Identifier: BSD-2-Clause */
/* host_things.c - the host functions of api contract that deal in objects. Every object is written down when it comes and when it goes;
 * one that goes twice is told. Neighbour of host.c, which has the other functions. */
#include "host.h"

#include "set.h"

static struct host_contract_thing *thing_new(cg_host_t *host, uint8_t kind)
{
    if (host->thing_count == THINGS_MAX) {
        return NULL;
    }
    struct host_contract_thing *thing = &host->things[host->thing_count++];
    *thing = (struct host_contract_thing){kind, true};
    return thing;
}

int host_contract_open(cg_call_t *call, uint8_t kind, struct host_contract_thing **thing)
{
    say(host_script(call), "open(%u)", kind);
    if (kind == 0) {
        return CG_CONTRACT_ERR_ABSENT;
    }
    *thing = thing_new(cg_call_host(call), kind);
    return *thing == NULL ? CG_ERR_QUOTA : 0;
}

void host_contract_thing_release(cg_host_t *host, struct host_contract_thing *thing)
{
    if (!thing->is_out) {
        say(&host->transcript, "released twice, or never given:");
    }
    thing->is_out = false;
    if (!host->is_quiet) {
        say(&host->transcript, "release(%u)", thing->kind);
    }
}

/* Not written down: the guest asks again and again. */
int host_contract_lend(cg_call_t *call, uint8_t nth, struct host_contract_thing **thing)
{
    cg_host_t *host = cg_call_host(call);
    (void)host_script(call);
    *thing = NULL;
    if (nth < LENT_MAX) {
        host->lent[nth].kind = (uint8_t)(100 + nth);
        *thing = &host->lent[nth];
    }
    return 0;
}

int host_contract_use(cg_call_t *call, struct host_contract_thing *thing, uint8_t *kind)
{
    say(host_script(call), "use(%u)", thing->kind);
    *kind = thing->kind;
    return 0;
}

int host_contract_change(cg_call_t *call, struct host_contract_thing *thing)
{
    say(host_script(call), "change(%u)", thing->kind);
    return 0;
}

int host_contract_give(cg_call_t *call, struct host_contract_thing *thing, bool is_wanted)
{
    say(host_script(call), "give(%u,%d)", thing->kind, is_wanted);
    if (!is_wanted) {
        return CG_CONTRACT_ERR_BROKEN;
    }
    thing->is_out = false;
    return 0;
}

int host_contract_maybe(cg_call_t *call, struct host_contract_thing *thing, bool has_level, uint8_t level, bool *has_level_was,
                        uint8_t *level_was, uint32_t *size)
{
    say(host_script(call), "maybe(%d,%d,%u)", thing == NULL ? -1 : thing->kind, has_level, level);
    *has_level_was = has_level;
    *level_was = (uint8_t)(level / 2);
    *size = 4;
    return 0;
}

/* Kinds from 1 break a promise: the second is missing, is the first again, both are missing. */
int host_contract_pair(cg_call_t *call, uint8_t kind, struct host_contract_thing **first, struct host_contract_thing **second)
{
    cg_host_t *host = cg_call_host(call);
    say(host_script(call), "pair(%u)", kind);
    *first = kind == 3 ? NULL : thing_new(host, (uint8_t)(10 + kind));
    *second = kind == 0 ? thing_new(host, 20) : kind == 2 ? *first : NULL;
    return 0;
}

int host_contract_another(cg_call_t *call, struct host_contract_other **other)
{
    static char object;
    void *any = &object;
    (void)host_script(call);
    *other = any;
    return 0;
}

int host_contract_use_other(cg_call_t *call, struct host_contract_other *other)
{
    (void)other;
    say(host_script(call), "use_other()");
    return 0;
}

int host_contract_vanish(cg_call_t *call, struct host_contract_thing *thing)
{
    say(host_script(call), "vanish(%u)", thing->kind);
    cg_handle_revoke(call, thing, CG_TYPE_CONTRACT_THING);
    say(host_script(call), "(still %u)", thing->kind);
    return 0;
}

int host_contract_merge(cg_call_t *call, struct host_contract_thing *one, struct host_contract_thing *two)
{
    say(host_script(call), "merge(%u,%u)", one->kind, two->kind);
    if (two->kind == 9) {
        return CG_CONTRACT_ERR_BROKEN;
    }
    one->is_out = two->is_out = false;
    return 0;
}

int host_contract_trade(cg_call_t *call, struct host_contract_thing *mine, struct host_contract_thing *yours)
{
    say(host_script(call), "trade(%u,%u)", mine->kind, yours->kind);
    mine->is_out = false;
    return 0;
}

int host_contract_borrow(cg_call_t *call, uint8_t kind, struct host_contract_thing **thing)
{
    say(host_script(call), "borrow(%u)", kind);
    *thing = kind == 0 ? NULL : thing_new(cg_call_host(call), kind);
    return 0;
}
