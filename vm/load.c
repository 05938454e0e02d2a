/* SPDX-License-Identifier: BSD-2-Clause */
/* vm/load.c - what every adapter does alike when it loads or stops a guest; the contract is include/callgate/load.h.
 * Freestanding like the gate: an adapter for the smallest flash links it too. Never touches an engine. */
#include "callgate/load.h"

#include <string.h>

enum { DIGEST_SIZE = 8, LIST_MAX = CG_REFUSED_NAMED * (2 * CG_REFUSED_NAME_MAX + 8) };

/* A text that grows and is cut where it does not fit; always NUL-ended. */
typedef struct text {
    char bytes[LIST_MAX];
    uint32_t used;
} text_t;

static void text_add(text_t *text, const char *part)
{
    for (; *part != '\0' && text->used < LIST_MAX - 1; part++) {
        text->bytes[text->used++] = *part;
    }
    text->bytes[text->used] = '\0';
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

static void copy_name(char to[CG_REFUSED_NAME_MAX], const char *from)
{
    uint32_t i = 0;
    for (; from[i] != '\0' && i < CG_REFUSED_NAME_MAX - 1; i++) {
        to[i] = from[i];
    }
    to[i] = '\0';
}

static bool is_same(const char *kept, const char *name)
{
    char cut[CG_REFUSED_NAME_MAX];
    copy_name(cut, name);
    uint32_t i = 0;
    while (kept[i] != '\0' && kept[i] == cut[i]) {
        i++;
    }
    return kept[i] == cut[i];
}

void cg_refused_add(cg_refused_t *refused, const char *api, const char *call)
{
    const uint32_t named = refused->count < CG_REFUSED_NAMED ? refused->count : CG_REFUSED_NAMED;
    for (uint32_t i = 0; i < named; i++) {
        if (is_same(refused->named[i].api, api) && is_same(refused->named[i].call, call)) {
            return;
        }
    }
    if (named < CG_REFUSED_NAMED) {
        copy_name(refused->named[named].api, api);
        copy_name(refused->named[named].call, call);
    }
    if (refused->count <= CG_REFUSED_NAMED) {
        refused->count += 1;
    }
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
    char digits[CG_DIGITS_SIZE];
    const cg_api_info_t *api = find_api(vm->catalog, number >> 16);
    const cg_call_info_t *call = find_call(api, number);
    if (call != NULL) {
        cg_refused_add(refused, api->name, call->name);
    } else {
        cg_refused_add(refused, cg_hexadecimal(digits, number), "");
    }
}

/* "saul.read, saul.write and more" */
static const char *list_of(const cg_refused_t *refused, text_t *list)
{
    list->used = 0;
    for (uint32_t i = 0; i < refused->count && i < CG_REFUSED_NAMED; i++) {
        text_add(list, i == 0 ? "" : ", ");
        text_add(list, refused->named[i].api);
        text_add(list, refused->named[i].call[0] == '\0' ? "" : ".");
        text_add(list, refused->named[i].call);
    }
    text_add(list, refused->count > CG_REFUSED_NAMED ? " and more" : "");
    return list->bytes;
}

/* "`saul: [read, write]`, `log: [print]`": each API once, with its calls that are named. */
static const char *grants_of(const cg_refused_t *refused, text_t *grants)
{
    bool done[CG_REFUSED_NAMED] = {false};
    const uint32_t count = refused->count < CG_REFUSED_NAMED ? refused->count : CG_REFUSED_NAMED;
    grants->used = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (done[i]) {
            continue;
        }
        text_add(grants, i == 0 ? "`" : ", `");
        text_add(grants, refused->named[i].api);
        text_add(grants, ": [");
        for (uint32_t j = i; j < count; j++) {
            if (is_same(refused->named[i].api, refused->named[j].api)) {
                text_add(grants, j == i ? "" : ", ");
                text_add(grants, refused->named[j].call);
                done[j] = true;
            }
        }
        text_add(grants, "]`");
    }
    return grants->bytes;
}

int cg_refuse_denied(const cg_guest_config_t *config, const cg_refused_t *refused)
{
    text_t list;
    text_t grants;
    if (refused->named[0].call[0] == '\0') { /* no catalog, so no names to write either */
        cg_say(config, "imports call ", list_of(refused, &list), ", which the policy does not grant", (const char *)NULL);
    } else {
        cg_say(config, "imports ", list_of(refused, &list), ", which the policy does not grant: add ", grants_of(refused, &grants),
               " under `calls:`", (const char *)NULL);
    }
    return CG_LOAD_IMPORT;
}

int cg_refuse_unknown(const cg_guest_config_t *config, const cg_refused_t *refused)
{
    text_t list;
    cg_say(config, "imports ", list_of(refused, &list),
           ", which this host does not have: build the guest without it, or the host with the API that describes it", (const char *)NULL);
    return CG_LOAD_IMPORT;
}

/* ---- digests ---- */

static uint32_t load32(const uint8_t *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
}

int cg_check_digests(const cg_guest_config_t *config, const uint8_t *entries, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint8_t *entry = entries + (size_t)i * DIGEST_SIZE;
        const uint32_t calls = load32(entry) & 0xffffu;
        const cg_api_info_t *api = find_api(config->vm->catalog, load32(entry) >> 16);
        if (api == NULL || (calls != 0 && calls <= api->call_count && api->digests[calls - 1] == load32(entry + 4))) {
            continue;
        }
        cg_say(config, "was built for another version of API ", api->name, " (this host has ", api->version,
               "): rebuild the guest against this host's SDK", (const char *)NULL);
        return CG_LOAD_DIGEST;
    }
    return CG_LOAD_OK;
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
