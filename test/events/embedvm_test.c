/* SPDX-License-Identifier: BSD-2-Clause */
/* embedvm_test.c - which images EmbedVM's adapter takes and refuses, in which words, and how what it runs ends: embedvm_test SDK-FOLDER
 * Each case is a text for the assembler. Exit codes: 0 all as said, 1 something was not. */
#include "player.h"

#include "asm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const cg_vm_t cg_vm_embedvm;

#define BELL ".include \"callgate/bell.evs\"\n"
#define MAIN(body) "function cg_main()\n" body "end\n"
#define MOVED ".export on_bell_moved\nfunction on_bell_moved(bell, at, off)\nend\n"

typedef struct case_ {
    const char *name, *text;
    uint32_t memory_bytes;  /* 0: plenty */
    uint32_t less;          /* how many times 8 bytes of storage are lacking: sizes are rounded to that */
    uint32_t not_received;  /* bits of events */
    bool is_without_ring;   /* bell.ring is not granted */
    int load;               /* cg_load_t; 0: it runs, and then: */
    int stop, result;
    const char *message;    /* must be in the message */
} case_t;

static const case_t cases[] = {
    {"the result is signed", MAIN("push -7\nreturn top\n"), .result = -7},
    {"a call that no host has", ".hostcall nobody 99 1 0\n" MAIN("host nobody\n"), .load = CG_LOAD_IMPORT, .message = "imports 0x00630001, which this host does not have"},
    {"a call that is not granted", BELL MAIN("push 0\npush 0\nhost bell_ring\n"), .is_without_ring = true, .load = CG_LOAD_IMPORT,
     .message = "imports bell.ring, which the policy does not grant: add `bell: [ring]` under `calls:`"},
    {"another version", ".digest 0x004e0003 1\n" MAIN(""), .load = CG_LOAD_DIGEST, .message = "was built for another version of API bell"},
    {"memory as large as the policy gives", ".memory 300\n" MAIN(""), .memory_bytes = 300},
    {"memory a byte larger", ".memory 300\n" MAIN(""), .memory_bytes = 299, .load = CG_LOAD_MEMORY, .message = "needs 300 bytes of memory, the policy gives 299"},
    {"a block for events is part of it", ".memory 299\n" BELL MAIN("") MOVED, .memory_bytes = 380},
    {"without the block there would be room", ".memory 299\n" BELL MAIN("") MOVED, .memory_bytes = 379, .load = CG_LOAD_MEMORY,
     .message = "needs 380 bytes of memory, the policy gives 379: raise `memory_bytes` under `limits:`; the data of events are part of it"},
    {"all memory, less the block", ".memory 65536\n" BELL MAIN("push 3\nreturn top\n") MOVED, .result = 3},
    {"code where the block would be", ".memory 65536\n" BELL MAIN("") MOVED ".space 65460\n", .load = CG_LOAD_MEMORY, .message = "leaves no room for the data of events"},
    {"storage lacks", MAIN(""), .less = 1, .load = CG_LOAD_MEMORY, .message = "the storage is too small: ask cg_guest_storage"},
    {"a handler with too few arguments", BELL MAIN("") ".export on_bell_rang\nfunction on_bell_rang(bell, n)\nend\n", .load = CG_LOAD_IMPORT,
     .message = "has on_bell_rang with 2 arguments; it is given 3"},
    {"a handler of an API that was not included", MAIN("") ".export on_bell_rang\nfunction on_bell_rang(bell, n_high, n_low)\nend\n", .load = CG_LOAD_DIGEST,
     .message = "has on_bell_rang, but was not built with the .evs of its API"},
    {"a handler that is not received", BELL MAIN("") MOVED, .not_received = 1u << 2, .load = CG_LOAD_IMPORT, .message = "add `bell: [moved]` under `events:`"},
    {"a division by zero", MAIN("push 1\npush 0\ndiv\nreturn top\n"), .stop = CG_STOP_FAULT, .message = "a division by zero, at address 2"},
    {"a loop that never ends", MAIN("again:\njump again\n"), .stop = CG_STOP_STEPS, .message = "the steps of the policy are used up"},
    {"a call with a cell too many", ".hostcall hang 78 1 2\n" MAIN("push 0\npush 0\nhost hang\n"), .stop = CG_STOP_GATE, .message = "no such call"},
    {"a call with a cell too few", ".hostcall hang 78 1 0\n" MAIN("host hang\n"), .stop = CG_STOP_GATE, .message = "no such call"},
    {"a call without a number", MAIN("push 78\npush 1\nuf 0\n"), .stop = CG_STOP_GATE, .message = "no such call"},
    {"another user function", MAIN("push 0\npush 1\npush 78\npush 3\nuf 1\n"), .stop = CG_STOP_GATE, .message = "no such call"},
    {"a call that was not said to be needed is asked about when it is made", MAIN("push 1\npush 0\npush 2\npush 78\npush 4\nuf 0\nreturn top\n"), .is_without_ring = true, .result = -2},
    {"a call in a loop", BELL MAIN("again:\npush 0\npush 0\npush 0\npush 0\nhost bell_report\nreturn top\n"), .result = 0},
};

static char *read_text(void *context, const char *path, size_t *size)
{
    (void)context;
    FILE *file = fopen(path, "rb");
    char *text = file != NULL ? malloc(1 << 16) : NULL;
    *size = text != NULL ? fread(text, 1, 1 << 16, file) : 0;
    if (file != NULL) {
        (void)fclose(file);
    }
    return text;
}

static void report(void *context, const char *path, uint32_t line, uint32_t column, const char *message)
{
    (void)context;
    printf("%s:%u:%u: %s\n", path, (unsigned)line, (unsigned)column, message);
}

/* How the guest ended, once it was loaded. */
static bool ends(const case_t *c, player_t *player)
{
    int32_t result = 0;
    const int stop = cg_guest_run(&player->guest, &result);
    const bool is_same = stop == c->stop && result == c->result;
    if (!is_same) {
        printf("%s: it ended %d, %d\n", c->name, stop, (int)result);
    }
    return is_same;
}

static bool passes(const case_t *c, const uint8_t *image, size_t size)
{
    static player_t player;
    player_prepare(&player, &cg_vm_embedvm, image, size);
    player.policy.memory_bytes = c->memory_bytes != 0 ? c->memory_bytes : player.policy.memory_bytes;
    player.received[0] = ~c->not_received;
    if (c->is_without_ring) {
        const int32_t ring = cg_set_find(cg_vm_embedvm.set, 78u << 16 | 2);
        player.granted[ring >> 5] &= ~(1u << (ring & 31));
    }
    const uint32_t needed = cg_guest_storage(&player.config, &player.policy);
    void *storage = malloc(needed);
    const int load = cg_guest_init(&player.guest, &player.config, &player.policy, storage, needed - 8 * c->less);
    bool is_good = needed != 0 && load == c->load;
    if (!is_good) {
        printf("%s: load %d\n", c->name, load);
    }
    is_good = is_good && (load != CG_LOAD_OK || ends(c, &player));
    if (c->message != NULL && strstr(player.message, c->message) == NULL) {
        printf("%s: it said '%s'\n", c->name, player.message);
        is_good = false;
    }
    cg_guest_end(&player.guest);
    free(storage);
    return is_good;
}

/* Cut off anywhere, and with any byte changed, an image is refused or runs within its limits. */
static void mangle(uint8_t *image, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        static player_t player;
        const uint8_t kept = image[i];
        image[i] = (uint8_t)(kept ^ (1u << i % 8));
        player_prepare(&player, &cg_vm_embedvm, image, i % 3 == 0 ? i : size);
        player.policy.steps = 5000;
        if (player_open(&player)) {
            int32_t result = 0;
            (void)cg_guest_run(&player.guest, &result);
        }
        player_close(&player);
        image[i] = kept;
    }
}

int main(int argc, char **argv)
{
    uint32_t bad = 0;
    for (size_t i = 0; argc == 2 && i < sizeof cases / sizeof cases[0]; i++) {
        const char *const folders[] = {argv[1]};
        const evm_asm_ops_t ops = {EVM_ASM_OPS_VERSION, read_text, report, NULL, folders, 1};
        uint8_t *image = NULL;
        size_t size = 0;
        if (evm_assemble(cases[i].name, cases[i].text, strlen(cases[i].text), &ops, &image, &size) != 0 || !passes(&cases[i], image, size)) {
            bad += 1;
        }
        if (size < 2000) {
            mangle(image, size);
        }
        free(image);
    }
    printf("%u not as said\n", (unsigned)bad);
    return argc != 2 || bad != 0;
}
