/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/world_more.c - host functions of all.yaml: records, lists, texts and bytes.
 * Neighbour: world.c has the rest. */
#include "world.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* ---- records ---- */

int host_all_outer_in(cg_call_t *call, const cg_all_outer_t *data)
{
    (void)call;
    return world_note("%u [%u %u %u] {%d %d %d %x} {%d %d %d %x} {%d %d %d %x} %g %g %u", data->head, data->three[0], data->three[1], data->three[2], data->inner.on, data->inner.mode, data->inner.part,
                      data->inner.set, data->two[0].on, data->two[0].mode, data->two[0].part, data->two[0].set, data->two[1].on, data->two[1].mode, data->two[1].part, data->two[1].set, (double)data->f,
                      data->d, data->open);
}

int host_all_outer_out(cg_call_t *call, cg_all_outer_t *data)
{
    (void)call;
    const cg_all_inner_t inner = {.on = true, .mode = CG_ALL_TINY_TWO, .part = -100, .set = CG_ALL_BITS_BOTH};
    *data = (cg_all_outer_t){.head = 0x11, .three = {0x2222, 0x3333, 0x4444}, .inner = inner, .two = {inner, inner}, .f = 1.0f, .d = -1.0, .open = 0x77};
    if (world.bad == BAD_VALUE) {
        data->inner.mode = 3;
    }
    if (world.bad == BAD_DEEP) {
        data->two[1].part = 101;
    }
    return world_note("outer_out");
}

int host_all_plain_both(cg_call_t *call, const cg_all_plain_t *one, cg_all_plain_t *two)
{
    (void)call;
    *two = *one;
    two->x = -one->x;
    return world_note("%" PRId32 " %" PRId32 " %u", one->x, one->y, one->z[3]);
}

/* ---- lists ---- */

int host_all_lists(cg_call_t *call, const uint8_t *flat, uint32_t flat_count, const cg_all_tiny_t *modes, uint32_t modes_count, const cg_all_pair_t *pairs, uint32_t pairs_count, const double *reals,
                   uint32_t reals_count, const bool *truths, uint32_t truths_count)
{
    (void)call;
    char text[256] = "";
    int at = 0;
    for (uint32_t i = 0; i < flat_count; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, "%u,", flat[i]);
    }
    for (uint32_t i = 0; i < modes_count; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " %d", modes[i]);
    }
    for (uint32_t i = 0; i < pairs_count; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " (%u %" PRIx64 ")", pairs[i].small, pairs[i].large);
    }
    for (uint32_t i = 0; i < reals_count; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " %g", reals[i]);
    }
    for (uint32_t i = 0; i < truths_count; i++) {
        at += snprintf(text + at, sizeof text - (size_t)at, " %c", truths[i] ? 'y' : 'n');
    }
    return world_note("%s", text);
}

int host_all_lists_out(cg_call_t *call, uint16_t *flat, uint32_t flat_capacity, uint32_t *flat_count, cg_all_tiny_t *modes, uint32_t modes_capacity, uint32_t *modes_count, cg_all_pair_t *pairs,
                       uint32_t pairs_capacity, uint32_t *pairs_count, cg_all_inner_t *inners, uint32_t inners_capacity, uint32_t *inners_count, bool *truths, uint32_t truths_capacity,
                       uint32_t *truths_count)
{
    (void)call;
    if (flat_capacity < 2 || modes_capacity < 2 || pairs_capacity < 2 || inners_capacity < 1 || truths_capacity < 1) {
        return CG_ERR_SPACE;
    }
    flat[0] = 0x1122;
    flat[1] = 0x3344;
    *flat_count = world.bad == BAD_COUNT ? flat_capacity + 1 : 2;
    modes[0] = CG_ALL_TINY_LOW;
    modes[1] = world.bad == BAD_VALUE ? 3 : CG_ALL_TINY_ONE;
    *modes_count = 2;
    pairs[0] = (cg_all_pair_t){.small = 1, .large = 2};
    pairs[1] = (cg_all_pair_t){.small = 3, .large = 4};
    *pairs_count = 2;
    inners[0] = (cg_all_inner_t){.on = true, .mode = CG_ALL_TINY_ONE, .part = world.bad == BAD_DEEP ? 101 : 100, .set = CG_ALL_BITS_A};
    *inners_count = 1;
    truths[0] = true;
    *truths_count = 1;
    return world_note("lists_out");
}

/* One element more, each made larger by one. */
int host_all_list_inout(cg_call_t *call, uint32_t *words, uint32_t words_capacity, uint32_t *words_count)
{
    (void)call;
    const uint32_t count = *words_count;
    if (count == words_capacity) {
        return CG_ERR_SPACE;
    }
    for (uint32_t i = 0; i < count; i++) {
        words[i] += 1;
    }
    words[count] = 99;
    *words_count = world.bad == BAD_COUNT ? words_capacity + 1 : count + 1;
    return world_note("%" PRIu32 " of %" PRIu32, count, words_capacity);
}

int host_all_list_inouts(cg_call_t *call, cg_all_inner_t *inners, uint32_t inners_capacity, uint32_t *inners_count, cg_all_bits_t *sets, uint32_t sets_capacity, uint32_t *sets_count)
{
    (void)call;
    if (world.bad == BAD_VALUE) {
        sets[0] = 0x40;
        *sets_count = 1;
    }
    if (*inners_count > 0) {
        inners[0].part = 55;
    }
    return world_note("%" PRIu32 "/%" PRIu32 " %" PRIu32 "/%" PRIu32, *inners_count, inners_capacity, *sets_count, sets_capacity);
}

/* ---- texts and bytes ---- */

int host_all_text_in(cg_call_t *call, cg_text_t text)
{
    (void)call;
    return world_note("%" PRIu32 " '%s' %zu", text.size, text.text, strlen(text.text));
}

static void text_misbehave(cg_text_buffer_t *text)
{
    switch (world.bad) {
    case BAD_COUNT:
        text->count = text->capacity + 1;
        break;
    case BAD_TEXT:
        text->text[0] = (char)0xff;
        break;
    case BAD_NUL:
        text->text[0] = '\0';
        break;
    case BAD_NOTHING: case BAD_RESULT: case BAD_VALUE: case BAD_DEEP: case BAD_NULL: case BAD_NULL_LAST: case BAD_TWICE:
        break;
    }
}

int host_all_text_out(cg_call_t *call, cg_text_buffer_t *text)
{
    (void)call;
    const int failed = cg_text_set(text, world.is_empty ? "" : "gr\xc3\xbc\xc3\x9f");
    text_misbehave(text);
    const int result = world_note("%" PRIu32, text->capacity);
    return failed != 0 ? failed : result;
}

int host_all_text_inout(cg_call_t *call, cg_text_buffer_t *text)
{
    (void)call;
    const int result = world_note("%" PRIu32 "/%" PRIu32 " '%.*s'", text->count, text->capacity, (int)text->count, text->text);
    const int failed = cg_text_set(text, "other");
    text_misbehave(text);
    return failed != 0 ? failed : result;
}

int host_all_uri(cg_call_t *call, cg_text_t where)
{
    (void)call;
    return world_note("%s", where.text);
}

int host_all_bytes_in(cg_call_t *call, cg_bytes_t data)
{
    (void)call;
    return world_note("%" PRIu32 " %u", data.size, data.size == 0 ? 0u : data.bytes[data.size - 1]);
}

int host_all_bytes_out(cg_call_t *call, cg_buffer_t *data)
{
    (void)call;
    const uint32_t count = data->capacity < 3 ? data->capacity : 3;
    memset(data->bytes, 0x77, count);
    data->count = world.bad == BAD_COUNT ? data->capacity + 1 : count;
    return world_note("%" PRIu32, data->capacity);
}

int host_all_bytes_inout(cg_call_t *call, cg_buffer_t *data)
{
    (void)call;
    const int failed = world_note("%" PRIu32 "/%" PRIu32, data->count, data->capacity);
    for (uint32_t i = 0; i < data->count; i++) {
        data->bytes[i] = (uint8_t)(data->bytes[i] + 1);
    }
    if (world.bad == BAD_COUNT) {
        data->count = data->capacity + 1;
    }
    return failed;
}

int host_all_buffers(cg_call_t *call, cg_bytes_t block, cg_text_t room, cg_buffer_t *more, cg_text_buffer_t *out_text)
{
    (void)call;
    const int failed = world_note("%" PRIu32 " '%s' %" PRIu32 "/%" PRIu32 " %" PRIu32, block.size, room.text, more->count, more->capacity, out_text->capacity);
    more->count = 0;
    return failed != 0 ? failed : cg_text_set(out_text, "hi");
}

int host_all_guarded(cg_call_t *call, uint8_t a, int16_t b, uint64_t c, cg_all_tiny_t d, cg_all_bits_t e, cg_text_t f, cg_text_t h)
{
    (void)call;
    return world_note("%u %d %" PRIu64 " %d %x %s %s", a, b, c, d, e, f.text, h.text);
}
