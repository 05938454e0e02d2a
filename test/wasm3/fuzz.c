/* SPDX-License-Identifier: BSD-2-Clause */
/* fuzz.c - modules that were good until a few bytes of them changed: loading and running them may fail in any way but a crash.
 * fuzz COUNT SEED GUEST...: each module is played in a child, which is made anew after one that does not end; a child that crashes is reported with the number of its
 * module. `fuzz =NUMBER SEED GUEST...` plays one module alone, in this process. */
#include "../contract/host.h"
#include "set.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { GUESTS_MAX = 8, IMAGE_MAX = 1 << 18, EDITS_MAX = 4, ENDLESS = 42, SCENARIOS = 160, LIMIT_US = 40000, PAGE = 65536 };

extern const cg_vm_t cg_vm_wasm3;

static struct {
    uint8_t bytes[IMAGE_MAX];
    uint32_t size;
} guests[GUESTS_MAX];
static uint32_t guest_count;
static uint8_t image[2 * IMAGE_MAX];

/* Shared with the child: where it is, and how modules ended. */
typedef struct tally {
    uint32_t at, loaded, refused, returned, stopped;
} tally_t;

uint32_t host_edge(const cg_guest_t *guest)
{
    return guest->kind->ops->memory(guest);
}

static uint32_t next(uint64_t *state)
{
    *state = *state * 6364136223846793005ull + 1442695040888963407ull;
    return (uint32_t)(*state >> 33);
}

/* One change: a bit, a byte, a byte that means something, a byte copied from elsewhere, or one gone or doubled. */
static uint32_t edit(uint64_t *state, uint32_t size)
{
    static const uint8_t telling[] = {0x00, 0x01, 0x0b, 0x40, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f, 0x80, 0xff, 0x02, 0x03, 0x04, 0x05, 0x0c, 0x0d, 0x0e, 0x0f, 0x10,
                                      0x11, 0x12, 0x13, 0x1a, 0x1b, 0x1c, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26, 0x3f, 0xfc, 0xfd, 0xd0, 0xd1, 0xd2, 0x41, 0x42, 0x6a};
    const uint32_t at = 8 + next(state) % (size - 8);
    switch (next(state) % 32) {
    case 0:
        image[at] ^= (uint8_t)(1u << (next(state) & 7u));
        return size;
    case 1:
    case 2:
        image[at] = (uint8_t)next(state);
        return size;
    case 3:
        image[at] = image[8 + next(state) % (size - 8)];
        return size;
    case 4:
    case 5:
    case 6:
    case 7:
    case 8:
        image[at] = (uint8_t)(image[at] + 1 - 2 * (next(state) & 1u));
        return size;
    case 9:
        memmove(image + at, image + at + 1, size - at - 1);
        return size - 1;
    case 10:
        memmove(image + at + 1, image + at, size - at);
        return size + 1;
    default:
        image[at] = telling[next(state) % sizeof telling];
        return size;
    }
}

static uint32_t make(uint64_t seed, uint32_t number, uint32_t *scenario)
{
    uint64_t state = seed * 1000003u + number;
    for (uint32_t i = 0; i < 4; i++) {
        (void)next(&state);
    }
    const uint32_t guest = next(&state) % guest_count;
    uint32_t size = guests[guest].size;
    memcpy(image, guests[guest].bytes, size);
    for (uint32_t i = 1 + next(&state) % EDITS_MAX; i > 0 && size > 16; i--) {
        size = edit(&state, size);
    }
    *scenario = next(&state) % SCENARIOS;
    return size;
}

/* The bytes lie in a block of their own, so that reading behind them is seen. */
static void play(uint64_t seed, uint32_t number, tally_t *tally, bool is_told)
{
    static cg_host_t host;
    static uint32_t all[8];
    static cg_type_grant_t types[CG_TYPE_COUNT];
    char message[512] = "";
    cg_guest_t guest = {0};
    int32_t result;
    uint32_t scenario;
    const uint32_t size = make(seed, number, &scenario);
    uint8_t *bytes = malloc(size);
    memcpy(bytes, image, size);
    memset(all, 0xff, sizeof all);
    memset(&host, 0, sizeof host);
    for (uint32_t i = 0; i < CG_TYPE_COUNT; i++) {
        types[i] = (cg_type_grant_t){4, CG_RIGHTS_ALL};
    }
    host.scenario = scenario;
    host.guest = &guest;
    host.is_quiet = true;
    const cg_policy_t policy = {.guest = "fuzz", .granted = all, .types = types, .slots = 4, .unlimited_steps = true, .calls = 200, .bytes = 4096,
                                .memory_bytes = 4 * PAGE, .violation = CG_VIOLATION_TRAP};
    const cg_guest_config_t config = {.vm = &cg_vm_wasm3, .image = bytes, .image_size = size, .host = &host, .now_ms = host_now_ms, .message = message,
                                      .message_size = sizeof message};
    const uint32_t needed = cg_guest_storage(&config, &policy);
    void *storage = malloc(needed + 1);
    if (needed != 0 && cg_guest_init(&guest, &config, &policy, storage, needed) == CG_LOAD_OK) {
        tally->loaded += 1;
        const int stopped = cg_guest_run(&guest, &result);
        tally->returned += stopped == CG_STOP_RETURNED;
        tally->stopped += stopped != CG_STOP_RETURNED;
        cg_guest_end(&guest);
    } else {
        tally->refused += 1;
    }
    if (is_told) {
        printf("%s\n", message);
    }
    free(storage);
    free(bytes);
}

static void give_up(int signal)
{
    (void)signal;
    _exit(ENDLESS);
}

static void play_all(uint64_t seed, uint32_t count, tally_t *tally)
{
    const struct itimerval limit = {.it_value = {.tv_usec = LIMIT_US}};
    signal(SIGPROF, give_up);
    for (; tally->at < count; tally->at++) {
        setitimer(ITIMER_PROF, &limit, NULL);
        play(seed, tally->at, tally, false);
    }
    _exit(0);
}

static bool read_guest(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || guest_count == GUESTS_MAX) {
        return false;
    }
    guests[guest_count].size = (uint32_t)fread(guests[guest_count].bytes, 1, IMAGE_MAX, file);
    (void)fclose(file);
    return guests[guest_count++].size > 16;
}

int main(int argc, char **argv)
{
    tally_t *tally = mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint32_t endless = 0;
    uint32_t crashed = 0;
    for (int i = 3; i < argc; i++) {
        if (!read_guest(argv[i])) {
            fprintf(stderr, "%s: it cannot be read\n", argv[i]);
            return 3;
        }
    }
    if (argc < 4 || tally == MAP_FAILED) {
        return 2;
    }
    const uint64_t seed = strtoull(argv[2], NULL, 10);
    if (argv[1][0] == '=') {
        play(seed, (uint32_t)strtoul(argv[1] + 1, NULL, 10), tally, true);
        return 0;
    }
    const uint32_t count = (uint32_t)strtoul(argv[1], NULL, 10);
    while (tally->at < count) {
        int status = 0;
        const pid_t child = fork();
        if (child == 0) {
            play_all(seed, count, tally);
        }
        if (child < 0 || waitpid(child, &status, 0) != child) {
            return 2;
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
            continue;
        }
        const bool is_endless = WIFEXITED(status) && WEXITSTATUS(status) == ENDLESS;
        endless += is_endless;
        crashed += !is_endless;
        if (!is_endless) {
            printf("module %u of seed %s crashed (status %d)\n", (unsigned)tally->at, argv[2], status);
        }
        tally->at += 1;
    }
    printf("%u modules: %u refused, %u loaded (%u returned, %u stopped, %u endless), %u crashed\n", (unsigned)count, (unsigned)tally->refused, (unsigned)tally->loaded,
           (unsigned)tally->returned, (unsigned)tally->stopped, (unsigned)endless, (unsigned)crashed);
    return crashed != 0;
}
