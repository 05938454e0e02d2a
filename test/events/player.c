/* SPDX-License-Identifier: BSD-2-Clause */
/* player.c - guests of these tests, made as an integrator would make them. */
#include "player.h"

#include "pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

extern const cg_vm_t cg_vm_embedvm;
extern const cg_vm_t cg_vm_rbpf;
#ifdef HAS_WAMR
extern const cg_vm_t cg_vm_wamr;
#endif
#ifdef HAS_WASM3
extern const cg_vm_t cg_vm_wasm3;
#endif

#ifdef HAS_NATIVE
#include "native_vm.h"
extern const cg_native_program_t events_react, events_loop, events_only;
#endif

#ifdef HAS_WASM2C
#include "wasm2c_vm.h"
extern const cg_wasm2c_program_t events_wasm2c_react, events_wasm2c_loop, events_wasm2c_wrong, events_wasm2c_stray, events_wasm2c_sly;
#endif

const column_t columns[] = {
#ifdef HAS_WAMR
    {"wamr", "wamr.wasm", &cg_vm_wamr, .is_wasm = true},
#endif
#ifdef HAS_WASM3
    {"wasm3", "wamr.wasm", &cg_vm_wasm3, .is_wasm = true, .is_stepless = true}, /* the same programs */
#endif
#ifdef HAS_WASM2C
    {"wasm2c", "wasm2c", &cg_vm_wasm2c, .is_wasm = true, .is_stepless = true}, /* the same programs, in C */
#endif
    {"embedvm", "embedvm.evm", &cg_vm_embedvm, .is_stepless = false},
#ifdef HAS_NATIVE
    {"native", "native", &cg_vm_native, .is_native = true, .is_stepless = true},
#endif
    {"rbpf", "rbpf.o", &cg_vm_rbpf, .is_stepless = false},
    {"rbpf-v2", "rbpf-v2.o", &cg_vm_rbpf, .is_stepless = false},
    {"rbpf-v3", "rbpf-v3.o", &cg_vm_rbpf, .is_stepless = false},
};
const size_t column_count = sizeof columns / sizeof columns[0];

static uint64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void wait_a_little(cg_guest_t *guest, uint64_t deadline_ms)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    while (!cg_guest_pending(guest) && now_ms() < deadline_ms) {
        (void)nanosleep(&moment, NULL);
    }
}

static bool is_stepless(const cg_vm_t *vm)
{
    for (size_t i = 0; i < column_count; i++) {
        if (columns[i].vm == vm) {
            return columns[i].is_stepless;
        }
    }
    return false;
}

void player_prepare(player_t *player, const cg_vm_t *vm, const uint8_t *image, size_t size)
{
    memset(player, 0, sizeof *player);
    memset(player->granted, 0xff, sizeof player->granted);
    player->received[0] = UINT32_MAX;
    player->policy = (cg_policy_t){
        .guest = "guest", .granted = player->granted, .slots = 8, .steps = 2000000, .calls = 60, .bytes = 4096,
        .memory_bytes = 65536, .violation = CG_VIOLATION_TRAP, .events = 4, .received = player->received,
        .unlimited_steps = is_stepless(vm), /* it takes no other policy */
    };
    player->config = (cg_guest_config_t){
        .vm = vm, .image = image, .image_size = (uint32_t)size, .host = &player->host, .now_ms = now_ms, .wait = wait_a_little,
        .message = player->message, .message_size = sizeof player->message,
    };
}

bool player_make(player_t *player)
{
    const int load = cg_guest_init(&player->guest, &player->config, &player->policy, player->storage, player->size);
    if (load != CG_LOAD_OK) {
        tell(&player->host, "refused %d: %s ", load, player->message);
    }
    return load == CG_LOAD_OK;
}

bool player_open(player_t *player)
{
    player->size = cg_guest_storage(&player->config, &player->policy);
    player->storage = malloc(player->size);
    return player->size != 0 && player->storage != NULL && player_make(player);
}

void player_close(player_t *player)
{
    cg_guest_end(&player->guest);
    free(player->storage);
    player->storage = NULL;
}

cg_post_t player_post(player_t *player, char kind, uint32_t bell, uint32_t n)
{
    const cg_bell_place_t place = {.x = (int16_t)(0 - (int)n), .y = (int32_t)(n * 10001), .mark = {1, 2, 3}};
    const struct host_bell_bell *from = &player->host.bells[player->host.count < 2 ? 0 : player->host.count - 2 + bell];
    switch (kind) {
    case 'p': return cg_post_bell_rang(&player->guest, from, n);
    case 'f': return cg_post_bell_fresh(&player->guest, from, n);
    case 'm': return cg_post_bell_moved(&player->guest, from, &place, true);
    case 'w': return cg_post_bell_wide(&player->guest, from, -9000000000, -3, 1.5f, UINT64_MAX);
    default: return cg_post_bell_lonely(&player->guest, from);
    }
}

/* A program that is part of this one: a copy of its table would be refused. */
typedef struct linked {
    const char *program, *ending;
    const void *table;
    size_t size;
} linked_t;
static const linked_t linked[] = {
#ifdef HAS_NATIVE
    {"react", "native", &events_react, sizeof events_react},
    {"loop", "native", &events_loop, sizeof events_loop},
    {"only", "native", &events_only, sizeof events_only},
#endif
#ifdef HAS_WASM2C
    {"react", "wasm2c", &events_wasm2c_react, sizeof events_wasm2c_react},
    {"loop", "wasm2c", &events_wasm2c_loop, sizeof events_wasm2c_loop},
    {"wrong", "wasm2c", &events_wasm2c_wrong, sizeof events_wasm2c_wrong},
    {"stray", "wasm2c", &events_wasm2c_stray, sizeof events_wasm2c_stray},
    {"sly", "wasm2c", &events_wasm2c_sly, sizeof events_wasm2c_sly},
#endif
    {"", "", NULL, 0},
};

static const linked_t *program_linked(const char *program, const char *ending)
{
    for (const linked_t *l = linked; l->table != NULL; l++) {
        if (strcmp(l->program, program) == 0 && strcmp(l->ending, ending) == 0) {
            return l;
        }
    }
    return NULL;
}

void program_free(const char *ending, const uint8_t *image)
{
    if (strcmp(ending, "native") != 0 && strcmp(ending, "wasm2c") != 0) {
        free((void *)(uintptr_t)image);
    }
}

const uint8_t *program_read(const char *folder, const char *program, const char *ending, size_t *size)
{
    const linked_t *part = program_linked(program, ending);
    if (part != NULL) {
        *size = part->size;
        return part->table;
    }
    char path[512], why[256];
    (void)snprintf(path, sizeof path, "%s/%s-%s", folder, program, ending);
    FILE *file = fopen(path, "rb");
    uint8_t *bytes = malloc(1 << 20);
    if (file == NULL || bytes == NULL) {
        free(bytes);
        return NULL;
    }
    *size = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    uint8_t *image = bytes;
    if (rbpf_is_elf(bytes, *size)) {
        if (rbpf_elf_to_image(bytes, *size, &image, size, why, sizeof why) != 0) {
            printf("%s: %s\n", path, why);
            exit(1);
        }
        free(bytes);
    }
    return image;
}
