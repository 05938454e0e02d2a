/* SPDX-License-Identifier: BSD-2-Clause */
/* host.c - the host functions of api contract, but those for objects (host_things.c): each writes down what it was given and returns something that can be foretold.
 * Some break the contract of host functions when the guest asks for it. Driven by the glue; the tables are in rows_*.c. */
#include "callgate/body.h"
#include "host.h"
#include "set.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <time.h>

extern const cg_row_t cg_rows_le32[]; /* generated */

uint64_t host_now_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

transcript_t *host_script(const cg_call_t *call)
{
    static transcript_t nobody;
    cg_host_t *host = cg_call_host(call);
    atomic_store(&host->is_called, true);
    nobody.size = 0;
    return host->is_quiet ? &nobody : &host->transcript;
}

/* ---- values ---- */

int32_t host_contract_sum(cg_call_t *call, uint32_t a, int8_t b)
{
    say(host_script(call), "sum(%" PRIu32 ",%d)", a, b);
    return (int32_t)(uint32_t)(uint64_t)((int64_t)a + b);
}

uint64_t host_contract_wide(cg_call_t *call, uint64_t a, int64_t b)
{
    say(host_script(call), "wide(%" PRIx64 ",%" PRId64 ")", a, b);
    return a ^ (uint64_t)b;
}

double host_contract_floats(cg_call_t *call, float a, double b)
{
    say(host_script(call), "floats(%g,%g)", (double)a, b);
    return (double)a + b;
}

int host_contract_narrow(cg_call_t *call, uint8_t a, int16_t b, bool c)
{
    say(host_script(call), "narrow(%u,%d,%d)", a, b, c);
    return 0;
}

int host_contract_ranged(cg_call_t *call, uint32_t time, int16_t shift, uint32_t *half)
{
    say(host_script(call), "ranged(%" PRIu32 ",%d)", time, shift);
    *half = time / 2;
    return 0;
}

int host_contract_paint(cg_call_t *call, cg_contract_colour_t colour, cg_contract_mood_t mood, cg_contract_options_t options,
                        cg_contract_colour_t *colour_was)
{
    say(host_script(call), "paint(%u,%u,%#x)", colour, mood, options);
    *colour_was = mood == 0x50 ? 3 : CG_CONTRACT_COLOUR_BLUE; /* 3 has no name */
    return 0;
}

int host_contract_spill(cg_call_t *call, uint8_t a, uint16_t b, uint32_t c, uint64_t d, int8_t e, int64_t f, bool g, cg_text_t text,
                        int64_t *sum, uint32_t *size)
{
    say(host_script(call), "spill(%u,%u,%" PRIu32 ",%" PRIu64 ",%d,%" PRId64 ",%d,%s)", a, b, c, d, e, f, g, text.text);
    *sum = -12345678901;
    *size = text.size;
    return c == 0xdead ? CG_CONTRACT_ERR_BROKEN : 0;
}

int host_contract_guarded(cg_call_t *call, cg_text_t path, int8_t level)
{
    say(host_script(call), "guarded(%s,%d)", path.text, level);
    return 0;
}

/* ---- bytes and texts ---- */

int host_contract_take(cg_call_t *call, cg_bytes_t data)
{
    say_bytes(host_script(call), "take", data.bytes, data.size);
    return 0;
}

/* Sizes from 200 are a broken promise: one more than there is room for. */
int host_contract_fill(cg_call_t *call, uint8_t size, cg_buffer_t *data)
{
    say(host_script(call), "fill(%u,%" PRIu32 ")", size, data->capacity);
    if (size >= 200) {
        data->count = data->capacity + 1;
        return 0;
    }
    uint8_t bytes[200];
    for (uint8_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)(i + 1);
    }
    return cg_buffer_set(data, bytes, size);
}

int host_contract_turn(cg_call_t *call, cg_buffer_t *data)
{
    say_bytes(host_script(call), "turn", data->bytes, data->count);
    if (data->count == data->capacity) {
        return CG_ERR_SPACE;
    }
    for (uint32_t i = 0; i < data->count / 2; i++) {
        const uint8_t byte = data->bytes[i];
        data->bytes[i] = data->bytes[data->count - 1 - i];
        data->bytes[data->count - 1 - i] = byte;
    }
    data->bytes[data->count++] = '!';
    return 0;
}

int host_contract_say(cg_call_t *call, cg_text_t text)
{
    if (strlen(text.text) != text.size) {
        say(host_script(call), "a text with a NUL, or without one at its end");
    }
    say_bytes(host_script(call), "say", (const uint8_t *)text.text, text.size);
    return 0;
}

/* Kinds from 1 break promises: not UTF-8, a NUL inside, more than there is room for. */
int host_contract_name(cg_call_t *call, uint8_t kind, cg_text_buffer_t *text)
{
    say(host_script(call), "name(%u,%" PRIu32 ")", kind, text->capacity);
    const char *const texts[] = {"bob", "b\xff", "b\303"};
    if (kind < 3) {
        return cg_text_set(text, texts[kind]);
    }
    memset(text->text, 0, text->capacity);
    text->count = kind == 3 ? text->capacity : text->capacity + 1;
    return 0;
}

int host_contract_copy(cg_call_t *call, cg_bytes_t from, cg_buffer_t *one, cg_buffer_t *two)
{
    say_bytes(host_script(call), "copy", from.bytes, from.size);
    const int failed = cg_buffer_set(one, from.bytes, from.size);
    return failed != 0 ? failed : cg_buffer_set(two, from.bytes, from.size / 2);
}

/* A text that begins with "ax" is broken. */
int host_contract_shout(cg_call_t *call, cg_text_buffer_t *text)
{
    say_bytes(host_script(call), "shout", (const uint8_t *)text->text, text->count);
    if (text->count == text->capacity) {
        return CG_ERR_SPACE;
    }
    text->text[text->count] = text->count == 2 ? '\xc3' : '!';
    text->count += 1;
    return 0;
}

/* ---- records and lists ---- */

int host_contract_put(cg_call_t *call, const cg_contract_place_t *place)
{
    const cg_contract_point_t *at = &place->at;
    say(host_script(call), "put(%d,%" PRId32 ",%u:%u:%u,%u,%" PRIx64 ",%#x,%d,%u)", at->x, at->y, at->mark[0], at->mark[1], at->mark[2], at->colour,
        place->weight, place->options, place->is_far, place->level);
    return 0;
}

/* All bytes of a record are set, padding too: none of that may reach the guest. Kinds from 1 hold a value that the description forbids. */
int host_contract_get(cg_call_t *call, uint8_t kind, cg_contract_place_t *place)
{
    say(host_script(call), "get(%u)", kind);
    memset(place, 0xee, sizeof *place);
    place->at.x = -2;
    place->at.y = 0x01020304;
    for (uint8_t i = 0; i < 3; i++) {
        place->at.mark[i] = (uint8_t)(0x11 * (i + 1));
    }
    place->at.colour = kind == 1 ? 3 : CG_CONTRACT_COLOUR_GREEN;
    place->weight = UINT64_C(0x8877665544332211);
    place->options = kind == 2 ? 0x08 : CG_CONTRACT_OPTIONS_LONG;
    place->is_far = true;
    place->level = kind == 3 ? 101 : 99;
    return 0;
}

int host_contract_total(cg_call_t *call, const int16_t *values, uint32_t values_count, int32_t *sum)
{
    say(host_script(call), "total(%" PRIu32 ")", values_count);
    *sum = 0;
    for (uint32_t i = 0; i < values_count; i++) {
        *sum += values[i];
    }
    return 0;
}

/* Sizes from 200 break a promise: 200 a value that the description forbids, 201 more than there is room for. */
int host_contract_count(cg_call_t *call, uint8_t size, cg_contract_point_t *points, uint32_t points_capacity, uint32_t *points_count)
{
    say(host_script(call), "count(%u,%" PRIu32 ")", size, points_capacity);
    const uint32_t count = size < 200 ? size : points_capacity;
    if (count > points_capacity) {
        return CG_ERR_SPACE;
    }
    for (uint32_t i = 0; i < count; i++) {
        memset(&points[i], 0xee, sizeof points[i]);
        points[i] = (cg_contract_point_t){.x = (int16_t)(i + 1), .y = -1, .mark = {1, 2, 3}, .colour = CG_CONTRACT_COLOUR_RED};
        points[i].colour = size == 200 ? 0 : CG_CONTRACT_COLOUR_RED;
    }
    *points_count = size == 201 ? count + 1 : count;
    return 0;
}

int host_contract_sort(cg_call_t *call, uint16_t *values, uint32_t values_capacity, uint32_t *values_count)
{
    say(host_script(call), "sort(%" PRIu32 ",%" PRIu32 ")", *values_count, values_capacity);
    if (*values_count == values_capacity) {
        return CG_ERR_SPACE;
    }
    for (uint32_t i = 0; i < *values_count / 2; i++) {
        const uint16_t value = values[i];
        values[i] = values[*values_count - 1 - i];
        values[*values_count - 1 - i] = value;
    }
    values[(*values_count)++] = 0x3f21; /* "!?" */
    return 0;
}

int host_contract_colours(cg_call_t *call, const cg_contract_colour_t *list, uint32_t list_count, const bool *marks, uint32_t marks_count)
{
    uint32_t digits = 0;
    for (uint32_t i = 0; i < list_count; i++) {
        digits = digits * 10 + list[i];
    }
    for (uint32_t i = 0; i < marks_count; i++) {
        digits = digits * 10 + marks[i];
    }
    say(host_script(call), "colours(%" PRIu32 ")", digits);
    return 0;
}

int host_contract_dial(cg_call_t *call, cg_contract_dial_t **dial)
{
    cg_host_t *host = cg_call_host(call);
    (void)host_script(call);
    *dial = &host->dial;
    return 0;
}

/* ---- the rest ---- */

int host_contract_wait(cg_call_t *call)
{
    say(host_script(call), "wait()");
    while (!cg_call_stopping(call)) {
        if (host_now_ms() >= cg_call_deadline_ms(call)) {
            return CG_ERR_QUOTA;
        }
        (void)nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return CG_ERR_STOPPED;
}

/* A function that tries to run the guest it serves is told so. */
static int run_again(cg_call_t *call)
{
    int32_t result = 0;
    say(host_script(call), "run(%d)", cg_guest_run(call, &result));
    return 0;
}

/* A call that is made while one is under way, as an engine would that let the guest run. */
static int call_inside(cg_call_t *call)
{
    const uint64_t slots[3] = {1, 2, 1};
    const cg_row_t *row = &cg_rows_le32[CG_CALL_CONTRACT_NARROW];
    const uint64_t result = cg_row_call(call, row, CG_CALL_CONTRACT_NARROW, slots, CG_ROW_SLOTS_MAX, false);
    say(host_script(call), "inside(%" PRId64 ")", (int64_t)result);
    return 0;
}

int host_contract_fault(cg_call_t *call, uint8_t how, uint8_t *level)
{
    static const int faults[] = {0, 0, 0, CG_CONTRACT_ERR_BROKEN, CG_CONTRACT_ERR_ABSENT, 1, INT_MAX, INT_MIN, CG_ERR_MEMORY, CG_ERR_QUOTA,
                                 CG_ERR_DENIED, CG_ERR_SPACE, -200};
    static const uint8_t levels[] = {5, 0, 10};
    if (how >= 100) {
        *level = 1;
        return how == 100 ? run_again(call) : call_inside(call);
    }
    say(host_script(call), "fault(%u)", how);
    *level = how < sizeof levels ? levels[how] : 1;
    return how < sizeof faults / sizeof faults[0] ? faults[how] : 0;
}

int host_contract_perhaps(cg_call_t *call, uint8_t *level)
{
    say(host_script(call), "perhaps()");
    *level = 3;
    return 0;
}

uint8_t host_contract_perhaps_value(cg_call_t *call)
{
    say(host_script(call), "perhaps_value()");
    return 3;
}

int host_contract_secret(cg_call_t *call, uint8_t *level)
{
    say(host_script(call), "secret()");
    *level = 3;
    return 0;
}

uint32_t host_contract_next(cg_call_t *call)
{
    const cg_host_t *host = cg_call_host(call);
    (void)host_script(call);
    return host->scenario;
}

int host_contract_report(cg_call_t *call, int64_t value)
{
    cg_host_t *host = cg_call_host(call);
    if (((uint64_t)value & UINT64_C(0xffffffff00000000)) == (uint64_t)NOTE_MARK) {
        host->note = (uint32_t)value;
        return 0;
    }
    say(&host->transcript, "%" PRId64, value);
    return 0;
}

uint32_t host_contract_ask(cg_call_t *call, uint8_t what)
{
    const cg_host_t *host = cg_call_host(call);
    switch (what) {
    case ASK_EDGE:
        return host_edge(host->guest);
    case ASK_NOTE:
        return host->note;
    case ASK_ROUND:
        return host->round;
    default:
        return what >= ASK_FIRST && what - ASK_FIRST < ASK_ARGS_MAX ? host->args[what - ASK_FIRST] : 0;
    }
}
