/* SPDX-License-Identifier: BSD-2-Clause */
/* player.h - one guest of these tests: its policy, its storage, its bells; and the programs and VMs there are. */
#ifndef EVENTS_PLAYER_H
#define EVENTS_PLAYER_H

#include "host.h"
#include "set.h"

typedef struct player {
    cg_host_t host;
    cg_guest_t guest;
    cg_guest_config_t config;
    cg_policy_t policy;
    uint32_t granted[(CG_CALL_COUNT + 31) / 32], received[1];
    void *storage;
    uint32_t size;
    char message[512];
} player_t;

/* A VM, and the ending of programs for it. */
typedef struct column {
    const char *name, *ending;
    const cg_vm_t *vm;
    bool is_wasm, is_native;
    bool is_stepless; /* takes only policies with unlimited steps */
} column_t;
extern const column_t columns[];
extern const size_t column_count;

/* The file, packed where it is an object; or the table of a native program. NULL if it is not there. To be given to program_free. */
const uint8_t *program_read(const char *folder, const char *program, const char *ending, size_t *size);
void program_free(const char *ending, const uint8_t *image);

/* Policy and config as tests begin: everything granted and received, violations trap, a queue of 4. To be changed before player_open. */
void player_prepare(player_t *player, const cg_vm_t *vm, const uint8_t *image, size_t size);

/* Take storage and make the guest; false, with the refusal told, if it is refused. Storage stays until player_close. */
bool player_open(player_t *player);
bool player_make(player_t *player);
void player_close(player_t *player);

/* Post event kind p, f, m, w or l (see events_test.c) from bell 0 or 1 of the newest two. */
cg_post_t player_post(player_t *player, char kind, uint32_t bell, uint32_t n);

#endif
