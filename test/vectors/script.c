/* SPDX-License-Identifier: BSD-2-Clause */
/* script.c - plays one vector as a program that is text: an activation for each call, then as many as it needs to tell what it got. */
#include "script.h"

#include "host.h"
#include "rules.h"

#include <string.h>

enum { PROGRAM_MAX = 16384, TOLD_MAX = 1024, TELLS_MAX = TOLD_MAX / 6, MEMORY = 4 << 20 /* bytes; engines need up to 1.5 MB before a program begins */ };

static struct play {
    cg_host_t host;
    cg_guest_t guest;
    cg_guest_config_t config;
    rules_t rules;
    char message[160];
    char program[PROGRAM_MAX];
    char told[TOLD_MAX];
    uint32_t told_size;
    bool is_told;
} play;

/* The program's one call of its own, so that what a call costs is as on VMs that have to ask. */
static uint16_t next(cg_host_t *host, uint32_t at)
{
    reply_begin(host);
    return (uint16_t)at;
}

static int tell(cg_host_t *host, uint64_t letters)
{
    (void)host;
    for (uint32_t i = 0; i < 6 && play.told_size < TOLD_MAX - 1; i++) {
        const char letter = (char)(letters >> (8 * i) & 0x7fu);
        play.is_told = play.is_told || letter == '\0';
        if (letter != '\0') {
            play.told[play.told_size++] = letter;
        }
    }
    return CG_OK;
}

static bool complain(vector_print_fn *print, const script_t *script, const char *what, const char *wanted, const char *found)
{
    print(script->name);
    print(": ");
    print(what);
    print("\n  ");
    print(found);
    print("\nand not\n  ");
    print(wanted);
    print("\n");
    return false;
}

static bool script_make(const script_table_t *table, const script_t *script, const vector_program_t *program)
{
    const size_t prelude = strlen(table->prelude);
    const size_t size = prelude + strlen(script->text);
    memset(&play, 0, sizeof play);
    if (size >= PROGRAM_MAX) {
        return false;
    }
    memcpy(play.program, table->prelude, prelude);
    memcpy(play.program + prelude, script->text, size - prelude);
    host_init(&play.host);
    play.host.next = next;
    play.host.tell = tell;
    play.host.guest = &play.guest;
    rules_set(&play.rules, script->policy, program->is_stepless);
    play.rules.policy.memory_bytes = MEMORY;
    play.config = (cg_guest_config_t){
        .vm = program->vm, .image = (const uint8_t *)play.program, .image_size = (uint32_t)size, .host = &play.host, .message = play.message,
        .message_size = sizeof play.message,
    };
    const uint32_t needed = cg_guest_storage(&play.config, &play.rules.policy);
    return needed != 0 && needed <= program->storage_size && cg_guest_init(&play.guest, &play.config, &play.rules.policy, program->storage, needed) == CG_LOAD_OK;
}

static bool event_play(const script_t *script, const vector_step_t *step, vector_print_fn *print)
{
    play.host.step = step;
    reply_begin(&play.host);
    if (event_post(&play.host, step->call) != (int64_t)step->result) {
        return complain(print, script, "the event is", "another", "posted");
    }
    return cg_guest_deliver(&play.guest) >= 0 || complain(print, script, "the handler stops with", "nothing", play.message);
}

/* An activation that the gate ended says why; -cg_err_t is in the step. */
static bool step_play(const script_t *script, const vector_step_t *step, vector_print_fn *print)
{
    int32_t result = 0;
    play.host.step = step;
    play.message[0] = '\0';
    const int stopped = cg_guest_run(&play.guest, &result);
    const int64_t why = (int64_t)step->result <= CG_ERR_API_FIRST ? CG_ERR_HOST : (int64_t)step->result;
    if (stopped != (step->ends ? CG_STOP_GATE : CG_STOP_RETURNED) || (step->ends && -(int64_t)play.guest.ended_by != why)) {
        return complain(print, script, "the program stops otherwise:", step->ends ? "ended by the gate" : "it returns", play.message);
    }
    return true;
}

static bool told_all(const script_t *script, const vector_step_t *quiet, vector_print_fn *print)
{
    for (uint32_t i = 0; i < TELLS_MAX && !play.is_told; i++) {
        if (!step_play(script, quiet, print)) {
            return false;
        }
    }
    return true;
}

bool script_play(const script_table_t *table, const script_t *script, const vector_program_t *program, vector_print_fn *print)
{
    static const vector_step_t quiet = {.call = 0};
    if (!script_make(table, script, program)) {
        return complain(print, script, "it is not loaded", "loaded", play.message);
    }
    bool is_good = true;
    for (uint32_t i = 0; i < script->step_count && is_good; i++) {
        is_good = script->steps[i].is_event ? event_play(script, &script->steps[i], print) : step_play(script, &script->steps[i], print);
    }
    is_good = is_good && told_all(script, &quiet, print);
    cg_guest_end(&play.guest);
    const char *seen = play.host.text + (play.host.text[0] == ' ' ? 1 : 0);
    return is_good && (strcmp(play.told, script->told) == 0 || complain(print, script, "the program tells", script->told, play.told)) &&
           (strcmp(seen, script->seen) == 0 || complain(print, script, "the host saw", script->seen, seen));
}
