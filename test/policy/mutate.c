/* SPDX-License-Identifier: BSD-2-Clause */
/* test/policy/mutate.c - policies with random damage: the reader must neither crash nor leak nor hang, and refuses only with a message.
 * The damage is the same in every run on one machine; CALLGATE_MUTATIONS=n asks for more of it. */
#include "cli/file.h"
#include "cli/policy.h"
#include "catalog.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SEEDS_MAX = 200, SIZE_MAX_SEED = 4096, MUTATIONS = 4000 };

static const char whole[] =
    "callgate_policy: 1\nguest: thermostat\ncalls: {random: [u32], saul: [find, read], coap: [put], probe: [set]}\noptional: {coap: [get]}\n"
    "guards:\n  saul.find.kind: [sense_temp, 0x80..0x8f]\n  coap.put.uri: [\"coap://[::1]:5683/temp\", \"coap://[::1]:5683/log/*\"]\n"
    "  probe.set.level: [-5..5]\n  probe.set.mask: [red|blue]\n  probe.set.big: any\n  probe.set.mode: [slow]\n  probe.set.topic: [\"a/*\"]\n"
    "events: {timer: [fired, missed]}\n"
    "handles: {saul.device: {max: 4, rights: [read]}, coap.response: {max: 2}}\n"
    "limits: {steps: 1000000, calls: 1000, bytes: 65536, memory_bytes: 65536, time_ms: unlimited, events: 8}\nviolation: {kill_after: 3}\n";

static uint8_t *seeds[SEEDS_MAX];
static size_t seed_sizes[SEEDS_MAX], seed_count;
static uint32_t dice = 2463534242u;

static uint32_t roll(uint32_t below)
{
    dice ^= dice << 13;
    dice ^= dice >> 17;
    dice ^= dice << 5;
    return dice % below;
}

static void find_seeds(void)
{
    DIR *folder = opendir("reject");
    assert_non_null(folder);
    for (struct dirent *entry = readdir(folder); entry != NULL && seed_count < SEEDS_MAX; entry = readdir(folder)) {
        char path[300];
        const char *why = "";
        snprintf(path, sizeof path, "reject/%s", entry->d_name);
        if (strstr(entry->d_name, ".yaml") != NULL &&
            file_read(path, SIZE_MAX_SEED, &seeds[seed_count], &seed_sizes[seed_count], &why) == FILE_OK) {
            seed_count++;
        }
    }
    closedir(folder);
    assert_true(seed_count > 10);
}

/* A piece of one text is cut out, doubled, changed or replaced by a piece of another. */
static size_t damage(uint8_t *text, size_t size)
{
    static const char *const bits[] = {"..", "/*", "{", "}", "[", "]", ": ", "\n", "|", "-", "0x", "18446744073709551616", "\"", "any", ",", "\x80", "#"};
    const size_t at = roll((uint32_t)size + 1);
    const char *bit = bits[roll(sizeof bits / sizeof bits[0])];
    const size_t n = strlen(bit);
    switch (roll(4)) {
    case 0:
        if (at < size) {
            text[at] ^= (uint8_t)(1u << roll(8));
        }
        return size;
    case 1: {
        const size_t cut = roll(8);
        const size_t gone = cut < size - at ? cut : size - at;
        memmove(text + at, text + at + gone, size - at - gone);
        return size - gone;
    }
    case 2:
        memmove(text + at + n, text + at, size - at);
        memcpy(text + at, bit, n);
        return size + n;
    default: {
        const size_t other = roll((uint32_t)seed_count);
        const size_t from = roll((uint32_t)seed_sizes[other] + 1);
        const size_t piece = seed_sizes[other] - from < 40 ? seed_sizes[other] - from : 40;
        memmove(text + at + piece, text + at, size - at);
        memcpy(text + at, seeds[other] + from, piece);
        return size + piece;
    }
    }
}

static void read_once(const uint8_t *text, size_t size)
{
    arena_t arena;
    diag_t diag;
    char *exact = malloc(size); /* so that reading past the end is seen */
    assert_true(exact != NULL || size == 0);
    memcpy(exact, text, size);
    arena_init(&arena);
    diag_init(&diag);
    const policy_t *policy = policy_read(&arena, &diag, &test_catalog, "policy.yaml", exact, size);
    assert_int_equal(policy == NULL, diag_count(&diag) > 0);
    diag_free(&diag);
    arena_free(&arena);
    free(exact);
}

static void damaged_policies_are_read_without_harm(void **state)
{
    (void)state;
    const char *more = getenv("CALLGATE_MUTATIONS");
    const unsigned long count = more != NULL ? strtoul(more, NULL, 10) : MUTATIONS;
    find_seeds();
    for (unsigned long i = 0; i < count; i++) {
        uint8_t text[2 * SIZE_MAX_SEED];
        const bool is_whole = roll(2) == 0;
        const size_t seed = roll((uint32_t)seed_count);
        size_t size = is_whole ? sizeof whole - 1 : seed_sizes[seed];
        memcpy(text, is_whole ? (const uint8_t *)whole : seeds[seed], size);
        for (uint32_t n = 1 + roll(6); n > 0; n--) {
            size = damage(text, size);
        }
        read_once(text, size);
    }
    for (size_t i = 0; i < seed_count; i++) {
        free(seeds[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(damaged_policies_are_read_without_harm)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
