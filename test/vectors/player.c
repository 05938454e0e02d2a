/* SPDX-License-Identifier: BSD-2-Clause */
/* player.c - plays one vector: a guest of its own, an activation for each call, everything compared afterwards.
 * Reaches into the guest's memory through the gate's windows, as no host function may. */
#include "host.h"
#include "rules.h"

#include <string.h>

/* Everything of the vector under way. */
static struct play {
    cg_host_t host;
    cg_guest_t guest;
    cg_guest_config_t config;
    rules_t rules;
    char message[160];
} play;

/* ---- memory ---- */

static uint8_t pattern(bool is_edge, uint32_t index)
{
    return (uint8_t)(index * 29 + (is_edge ? 0x5b : 0xa5));
}

static void number_store(const cg_host_t *host, uint8_t *to, uint64_t value)
{
    for (uint32_t i = 0; i < 8; i++) {
        to[i] = (uint8_t)(value >> (host->table->is_short ? 56 - 8 * i : 8 * i));
    }
}

static uint64_t number_load(const cg_host_t *host, const uint8_t *from)
{
    uint64_t value = 0;
    for (uint32_t i = 0; i < 8; i++) {
        value |= (uint64_t)from[i] << (host->table->is_short ? 56 - 8 * i : 8 * i);
    }
    return value;
}

static uint64_t slot_number(const cg_host_t *host, const vector_slot_t *slot)
{
    const uint32_t address = (uint32_t)slot->value + (slot->base == VECTOR_FROM_AREA ? host->area_at : host->edge_at);
    return slot->base == VECTOR_FROM_ZERO ? slot->value : host->table->is_short ? address & 0xffffu : address;
}

static void bytes_put(cg_host_t *host, const vector_bytes_t *bytes, uint32_t count, bool is_before)
{
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *then = (bytes[i].is_edge ? host->edge_then : host->area_then) + bytes[i].at;
        memcpy(then, bytes[i].bytes, bytes[i].size);
        if (is_before) {
            memcpy((bytes[i].is_edge ? host->edge - VECTOR_EDGE : host->record + VECTOR_AREA_AT) + bytes[i].at, bytes[i].bytes, bytes[i].size);
        }
    }
}

static void slots_put(cg_host_t *host)
{
    const vector_step_t *step = host->step;
    for (uint32_t i = 0; i < step->slot_count; i++) {
        const uint64_t value = slot_number(host, &step->slots[i]);
        if (step->spill == NULL || i < step->direct) {
            number_store(host, host->record + 8 * i, value);
        } else if (step->spill_at >= 0) {
            number_store(host, host->area_then + (uint32_t)step->spill_at + 8 * (i - step->direct), value);
            number_store(host, host->record + VECTOR_AREA_AT + (uint32_t)step->spill_at + 8 * (i - step->direct), value);
        }
    }
    if (step->spill != NULL) {
        number_store(host, host->record + 8 * step->direct, slot_number(host, step->spill));
    }
}

static void memory_fill(cg_host_t *host)
{
    memset(host->record, 0, VECTOR_AREA_AT);
    for (uint32_t i = 0; i < VECTOR_AREA; i++) {
        host->area_then[i] = host->record[VECTOR_AREA_AT + i] = pattern(false, i);
    }
    for (uint32_t i = 0; i < VECTOR_EDGE && !host->table->is_joined; i++) {
        host->edge_then[i] = *(host->edge - VECTOR_EDGE + i) = pattern(true, i);
    }
}

static uint16_t player_next(cg_host_t *host, uint32_t at)
{
    const cg_guest_t *guest = host->guest;
    const cg_window_t *window = &guest->windows[at >> 28 & guest->region_mask];
    host->record = window->bytes + (at & guest->offset_mask);
    host->area_at = at + VECTOR_AREA_AT;
    host->edge = host->record + VECTOR_AREA_AT + VECTOR_AREA;
    host->edge_at = host->area_at + VECTOR_AREA;
    if (!host->table->is_joined) {
        host->edge_at = guest->kind->ops->memory(guest);
        host->edge = window->bytes + host->edge_at;
    }
    memory_fill(host);
    bytes_put(host, host->step->before, host->step->before_count, true);
    slots_put(host);
    bytes_put(host, host->step->after, host->step->after_count, false);
    reply_begin(host);
    return host->step->call;
}

/* ---- judging ---- */

static bool differs(vector_print_fn *print, const vector_t *vector, uint32_t step, const char *what, int64_t wanted, int64_t found)
{
    cg_host_t text = {.text_size = 0};
    say(&text, vector->name);
    say_unsigned(&text, ": call ", step + 1);
    say(&text, ": ");
    say(&text, what);
    say_signed(&text, ": wanted ", wanted);
    say_signed(&text, ", found ", found);
    say(&text, "\n");
    print(text.text);
    return false;
}

/* Where bytes differ first, -1: nowhere. */
static int32_t first_difference(const uint8_t *one, const uint8_t *two, uint32_t size)
{
    for (uint32_t i = 0; i < size; i++) {
        if (one[i] != two[i]) {
            return (int32_t)i;
        }
    }
    return -1;
}

static bool memory_is_good(const vector_t *vector, uint32_t step, vector_print_fn *print)
{
    cg_host_t *host = &play.host;
    const uint8_t *area = host->record + VECTOR_AREA_AT;
    int32_t at = first_difference(host->area_then, area, VECTOR_AREA);
    if (at >= 0) {
        say_signed(host, " (byte ", at);
        say(host, " of the area)");
        return differs(print, vector, step, host->text, host->area_then[at], area[at]);
    }
    if (host->table->is_joined) {
        return true;
    }
    const uint8_t *edge = host->edge - VECTOR_EDGE;
    at = first_difference(host->edge_then, edge, VECTOR_EDGE);
    return at < 0 || differs(print, vector, step, "a byte before the edge", host->edge_then[at], edge[at]);
}

static bool is_done(const cg_host_t *host)
{
    const uint8_t *done = host->record + VECTOR_DONE_AT;
    return (done[0] | done[1] | done[2] | done[3]) != 0;
}

/* The guest has a source by then, so its record is known. The block of an event is the guest's to look at only while the handler runs. */
static bool event_play(const vector_t *vector, uint32_t index, vector_print_fn *print)
{
    const vector_step_t *step = &vector->steps[index];
    cg_host_t *host = &play.host;
    host->step = step;
    memory_fill(host);
    bytes_put(host, step->after, step->after_count, false);
    reply_begin(host);
    const cg_post_t posted = event_post(host, step->call);
    if (posted != (int64_t)step->result) {
        return differs(print, vector, index, "the post", (int64_t)step->result, posted);
    }
    const int stopped = cg_guest_deliver(&play.guest);
    if (stopped < 0 || is_done(host) != (step->slot_count > 0)) {
        return differs(print, vector, index, play.message, step->slot_count > 0, stopped);
    }
    for (uint32_t i = 0; i < step->slot_count; i++) {
        const uint64_t found = number_load(host, host->record + 8 * i);
        if (found != step->slots[i].value) {
            return differs(print, vector, index, "an argument of the handler", (int64_t)step->slots[i].value, (int64_t)found);
        }
    }
    const int32_t at = first_difference(host->area_then, host->record + VECTOR_AREA_AT, VECTOR_AREA);
    return at < 0 || differs(print, vector, index, "a byte of a record", host->area_then[at], host->record[VECTOR_AREA_AT + at]);
}

static bool step_play(const vector_t *vector, uint32_t index, vector_print_fn *print)
{
    const vector_step_t *step = &vector->steps[index];
    int32_t result = 0;
    play.host.step = step;
    play.host.record = NULL;
    const int stopped = cg_guest_run(&play.guest, &result);
    if (play.host.record == NULL) {
        return differs(print, vector, index, play.message, 1, 0);
    }
    if (stopped != (step->ends ? CG_STOP_GATE : CG_STOP_RETURNED) || is_done(&play.host) == step->ends) {
        return differs(print, vector, index, play.message, step->ends ? CG_STOP_GATE : CG_STOP_RETURNED, stopped);
    }
    const int64_t found = step->ends ? -play.guest.ended_by : (int64_t)number_load(&play.host, play.host.record + VECTOR_RESULT_AT);
    const int64_t wanted = step->ends && (int64_t)step->result <= CG_ERR_API_FIRST ? CG_ERR_HOST : (int64_t)step->result;
    return (found == wanted || differs(print, vector, index, "the result", wanted, found)) && memory_is_good(vector, index, print);
}

static bool text_is_good(const vector_t *vector, vector_print_fn *print)
{
    const char *text = play.host.text + (play.host.text[0] == ' ' ? 1 : 0);
    if (strcmp(text, vector->seen) == 0) {
        return true;
    }
    print(vector->name);
    print(": the host saw\n  ");
    print(text);
    print("\nand not\n  ");
    print(vector->seen);
    print("\n");
    return false;
}

static bool guest_make(const vector_table_t *table, const vector_t *vector, const vector_program_t *program)
{
    memset(&play, 0, sizeof play);
    host_init(&play.host);
    play.host.next = player_next;
    play.host.table = table;
    play.host.guest = &play.guest;
    rules_set(&play.rules, vector->policy, program->is_stepless);
    play.config = (cg_guest_config_t){
        .vm = program->vm, .image = program->image, .image_size = program->image_size, .host = &play.host, .message = play.message, .message_size = sizeof play.message,
    };
    const uint32_t size = cg_guest_storage(&play.config, &play.rules.policy);
    return size != 0 && size <= program->storage_size && cg_guest_init(&play.guest, &play.config, &play.rules.policy, program->storage, size) == CG_LOAD_OK;
}

bool vector_play(const vector_table_t *table, const vector_t *vector, const vector_program_t *program, vector_print_fn *print)
{
    if (!guest_make(table, vector, program)) {
        return differs(print, vector, 0, play.message, CG_LOAD_OK, 1);
    }
    bool is_good = true;
    for (uint32_t i = 0; i < vector->step_count && is_good; i++) {
        is_good = vector->steps[i].is_event ? event_play(vector, i, print) : step_play(vector, i, print);
    }
    cg_guest_end(&play.guest);
    return is_good && text_is_good(vector, print);
}
