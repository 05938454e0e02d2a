/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/load.c - what every adapter does alike when it loads or stops a guest; the contract is include/callgate/load.h.
 * Freestanding like the gate: an adapter for the smallest flash links it too. Never touches an engine. */
#include "callgate/load.h"

enum { DIGEST_SIZE = 8 };

/* A message that is said in several parts: `rest` is a copy of the configuration whose message is what is still free. Keeps long lists off the stack. */
static void say_more(cg_guest_config_t *rest, const char *part)
{
    cg_say(rest, part, (const char *)NULL);
    while (rest->message != NULL && rest->message_size > 1 && *rest->message != '\0') {
        rest->message += 1;
        rest->message_size -= 1;
    }
}

const char *cg_decimal(char to[CG_DIGITS_SIZE], uint32_t value)
{
    char digits[CG_DIGITS_SIZE];
    uint32_t count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    for (uint32_t i = 0; i < count; i++) {
        to[i] = digits[count - 1 - i];
    }
    to[count] = '\0';
    return to;
}

const char *cg_hexadecimal(char to[CG_DIGITS_SIZE], uint32_t value)
{
    static const char digits[] = "0123456789abcdef";
    to[0] = '0';
    to[1] = 'x';
    for (uint32_t i = 0; i < 8; i++) {
        to[2 + i] = digits[value >> (28 - 4 * i) & 15u];
    }
    to[10] = '\0';
    return to;
}

bool cg_is_linked(const cg_policy_t *policy, uint32_t index)
{
    const uint32_t *linked = policy->linked != NULL ? policy->linked : policy->granted;
    return (linked[index >> 5] >> (index & 31u) & 1u) != 0;
}

/* ---- refused imports ---- */

static bool is_same(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return a == b;
    }
    uint32_t i = 0;
    while (a[i] != '\0' && a[i] == b[i]) {
        i++;
    }
    return a[i] == b[i];
}

static void refused_add(cg_refused_t *refused, const char *api, const char *call, uint32_t number)
{
    const uint32_t named = refused->count < CG_REFUSED_NAMED ? refused->count : CG_REFUSED_NAMED;
    for (uint32_t i = 0; i < named; i++) {
        if (is_same(refused->named[i].api, api) && is_same(refused->named[i].call, call) && refused->named[i].number == number) {
            return;
        }
    }
    if (named < CG_REFUSED_NAMED) {
        refused->named[named].api = api;
        refused->named[named].call = call;
        refused->named[named].number = number;
    }
    if (refused->count <= CG_REFUSED_NAMED) {
        refused->count += 1;
    }
}

void cg_refused_add(cg_refused_t *refused, const char *api, const char *call)
{
    refused_add(refused, api, call, 0);
}

static const cg_api_info_t *find_api(const cg_catalog_t *catalog, uint32_t id)
{
    for (uint32_t i = 0; catalog != NULL && i < catalog->api_count; i++) {
        if (catalog->apis[i].id == id) {
            return &catalog->apis[i];
        }
    }
    return NULL;
}

static const cg_call_info_t *find_call(const cg_api_info_t *api, uint32_t number)
{
    for (uint32_t i = 0; api != NULL && i < api->call_count; i++) {
        if (api->calls[i].number == number) {
            return &api->calls[i];
        }
    }
    return NULL;
}

void cg_refused_add_number(cg_refused_t *refused, const cg_vm_t *vm, uint32_t number)
{
    const cg_api_info_t *api = find_api(vm->catalog, number >> 16);
    const cg_call_info_t *call = find_call(api, number);
    refused_add(refused, call != NULL ? api->name : NULL, call != NULL ? call->name : NULL, number);
}

/* "imports saul.read, 0x00070001 and more"; `what` is the first word. */
static void say_list(cg_guest_config_t *rest, const char *what, const cg_refused_t *refused)
{
    char digits[CG_DIGITS_SIZE];
    say_more(rest, what);
    for (uint32_t i = 0; i < refused->count && i < CG_REFUSED_NAMED; i++) {
        const bool is_named = refused->named[i].api != NULL;
        say_more(rest, i == 0 ? "" : ", ");
        say_more(rest, is_named ? refused->named[i].api : "");
        say_more(rest, is_named ? "." : "");
        say_more(rest, is_named ? refused->named[i].call : cg_hexadecimal(digits, refused->named[i].number));
    }
    say_more(rest, refused->count > CG_REFUSED_NAMED ? " and more" : "");
}

/* "`saul: [read, write]`, `log: [print]`": each API once, with its calls that are named. */
static void say_grants(cg_guest_config_t *rest, const cg_refused_t *refused)
{
    bool done[CG_REFUSED_NAMED] = {false};
    const uint32_t count = refused->count < CG_REFUSED_NAMED ? refused->count : CG_REFUSED_NAMED;
    for (uint32_t i = 0; i < count; i++) {
        if (done[i]) {
            continue;
        }
        say_more(rest, i == 0 ? "`" : ", `");
        say_more(rest, refused->named[i].api);
        say_more(rest, ": [");
        for (uint32_t j = i; j < count; j++) {
            if (is_same(refused->named[i].api, refused->named[j].api)) {
                say_more(rest, j == i ? "" : ", ");
                say_more(rest, refused->named[j].call);
                done[j] = true;
            }
        }
        say_more(rest, "]`");
    }
}

/* Where there is no catalog there are no names to write into a policy either. */
int cg_refuse_denied(const cg_guest_config_t *config, const cg_refused_t *refused)
{
    cg_guest_config_t rest = *config;
    say_list(&rest, "imports ", refused);
    say_more(&rest, ", which the policy does not grant");
    if (refused->named[0].api != NULL) {
        say_more(&rest, ": add ");
        say_grants(&rest, refused);
        say_more(&rest, " under `calls:`");
    }
    return CG_LOAD_IMPORT;
}

int cg_refuse_handlers(const cg_guest_config_t *config, const cg_refused_t *refused)
{
    cg_guest_config_t rest = *config;
    say_list(&rest, "handles ", refused);
    say_more(&rest, ", which the policy does not let it receive");
    if (refused->named[0].api != NULL) {
        say_more(&rest, ": add ");
        say_grants(&rest, refused);
        say_more(&rest, " under `events:`");
    }
    return CG_LOAD_IMPORT;
}

void cg_handler_found(cg_refused_t *refused, const cg_guest_config_t *config, const cg_policy_t *policy, uint32_t event)
{
    const cg_ev_t *info = &config->vm->set->events[event];
    if (policy->events != 0 && policy->received != NULL && (policy->received[event >> 5] >> (event & 31u) & 1u) != 0) {
        return;
    }
    const cg_api_info_t *api = find_api(config->vm->catalog, info->api);
    for (uint32_t i = 0; api != NULL && i < api->event_count; i++) {
        if (api->events[i].id == info->id) {
            cg_refused_add(refused, api->name, api->events[i].name);
            return;
        }
    }
    cg_refused_add_number(refused, config->vm, CG_NUMBER(info->api, info->id));
}

int cg_refuse_unknown(const cg_guest_config_t *config, const cg_refused_t *refused)
{
    cg_guest_config_t rest = *config;
    say_list(&rest, "imports ", refused);
    say_more(&rest, ", which this host does not have: build the guest without it, or the host with the API that describes it");
    return CG_LOAD_IMPORT;
}

void cg_calls_add(cg_calls_t *calls, uint32_t number)
{
    const int32_t index = cg_set_find(calls->config->vm->set, number);
    if (index < 0) {
        cg_refused_add_number(&calls->unknown, calls->config->vm, number);
        return;
    }
    if (calls->policy != NULL && !cg_is_linked(calls->policy, (uint32_t)index)) {
        cg_refused_add_number(&calls->denied, calls->config->vm, number);
    }
    if (calls->found != NULL) {
        calls->found(calls->context, CG_FOUND_CALL, (uint32_t)index);
    }
}

int cg_calls_end(const cg_calls_t *calls)
{
    if (calls->unknown.count != 0) {
        return cg_refuse_unknown(calls->config, &calls->unknown);
    }
    return calls->denied.count != 0 ? cg_refuse_denied(calls->config, &calls->denied) : CG_LOAD_OK;
}

/* ---- digests ---- */

static uint32_t load32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

/* `known`: so many calls, or, with the highest bit, events. */
static bool is_version(const cg_api_info_t *api, uint32_t known, uint32_t digest)
{
    const bool is_events = (known & 0x8000u) != 0;
    const uint32_t count = known & 0x7fffu;
    const uint32_t most = is_events ? api->event_count : api->call_count;
    const uint32_t *digests = is_events ? api->event_digests : api->digests;
    return count != 0 && count <= most && digests[count - 1] == digest;
}

int cg_check_digests(const cg_guest_config_t *config, const uint8_t *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *entry = entries + (size_t)i * DIGEST_SIZE;
        const cg_api_info_t *api = find_api(config->vm->catalog, load32(entry) >> 16);
        if (api == NULL || is_version(api, load32(entry) & 0xffffu, load32(entry + 4))) {
            continue;
        }
        cg_say(config, "was built for another version of API ", api->name, " (this host has ", api->version,
               "): rebuild the guest against this host's SDK", (const char *)NULL);
        return CG_LOAD_DIGEST;
    }
    return CG_LOAD_OK;
}

bool cg_has_event_digest(const uint8_t *entries, uint32_t count, uint16_t api)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t known = load32(entries + (size_t)i * DIGEST_SIZE);
        if (known >> 16 == api && (known & 0x8000u) != 0) {
            return true;
        }
    }
    return false;
}

/* ---- memory, and the end of an activation ---- */

int cg_refuse_memory(const cg_guest_config_t *config, const cg_policy_t *policy, uint32_t needed, const char *advice)
{
    char has[CG_DIGITS_SIZE];
    char wants[CG_DIGITS_SIZE];
    cg_say(config, "needs ", cg_decimal(wants, needed), " bytes of memory, the policy gives ", cg_decimal(has, policy->memory_bytes),
           ": raise `memory_bytes` under `limits:`", advice, (const char *)NULL);
    return CG_LOAD_MEMORY;
}

void cg_say_ended(const cg_guest_t *guest)
{
    char digits[CG_DIGITS_SIZE];
    const uint32_t number = guest->ended_call < guest->set->call_count ? guest->set->numbers[guest->ended_call] : UINT32_MAX;
    const cg_api_info_t *api = find_api(guest->kind->catalog, number >> 16);
    const cg_call_info_t *call = find_call(api, number);
    const char *why = cg_err_text(-(int)guest->ended_by);
    if (call != NULL) {
        cg_say(guest->config, api->name, ".", call->name, ": ", why, (const char *)NULL);
    } else if (number != UINT32_MAX) {
        cg_say(guest->config, "call ", cg_hexadecimal(digits, number), ": ", why, (const char *)NULL);
    } else {
        cg_say(guest->config, why, (const char *)NULL);
    }
}
