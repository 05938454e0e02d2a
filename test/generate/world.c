/* SPDX-License-Identifier: BSD-2-Clause */
/* test/generate/world.c - host functions of all.yaml: scalars, values, handles, and the library that `bind:` calls.
 * Neighbour: world_more.c has records, lists, texts and bytes. */
#include "world.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

world_t world;

void world_reset(void)
{
    memset(&world, 0, sizeof world);
    world.dial = (cg_all_dial_t){.angle = 1.5f, .marks = {1, 2, 3, 4}, .mode = CG_ALL_TINY_TWO, .level = -5, .on = true, .wide = 7};
}

uint32_t world_out(void)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < WORLD_OBJECTS; i++) {
        count += world.owned[i].is_out;
    }
    return count;
}

bool world_is_sound(void)
{
    for (uint32_t i = 0; i < WORLD_OBJECTS; i++) {
        if (world.owned[i].released > 1 || (world.owned[i].released == 1 && world.owned[i].is_out)) {
            return false;
        }
    }
    return true;
}

int world_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    (void)vsnprintf(world.text, sizeof world.text, format, args);
    va_end(args);
    world.calls += 1;
    return world.bad == BAD_RESULT ? world.result : 0;
}

static struct host_all_owned *owned_new(void)
{
    struct host_all_owned *object = &world.owned[world.given++ % WORLD_OBJECTS];
    object->is_out = true;
    return object;
}

void host_all_owned_release(cg_host_t *host, struct host_all_owned *object)
{
    (void)host;
    object->released += 1;
    object->is_out = false;
}

/* ---- scalars ---- */

int host_all_scalars(cg_call_t *call, bool a, uint8_t g, uint16_t value, uint32_t failed, uint64_t bits, int8_t from, int16_t to, int32_t count, int64_t index, float err, double at)
{
    (void)call;
    return world_note("%d %u %u %" PRIu32 " %" PRIx64 " %d %d %" PRId32 " %" PRId64 " %g %g", a, g, value, failed, bits, from, to, count, index, (double)err, at);
}

int host_all_scalars_out(cg_call_t *call, bool *a, uint8_t *g, uint16_t *value, uint32_t *failed, uint64_t *bits, int8_t *from, int16_t *to, int32_t *count, int64_t *index, float *err, double *at)
{
    (void)call;
    *a = true;
    *g = 0x12;
    *value = 0x3456;
    *failed = 0x789abcde;
    *bits = 0x0123456789abcdef;
    *from = -2;
    *to = -3;
    *count = -4;
    *index = -5;
    *err = 1.0f;
    *at = -1.0;
    return world_note("scalars_out");
}

int host_all_optionals(cg_call_t *call, bool has_a, bool a, bool has_b, uint8_t b, bool has_c, int64_t c, bool has_d, float d, bool has_e, cg_all_tiny_t e, bool has_f, cg_all_bits_t f, bool has_h, double h)
{
    (void)call;
    return world_note("%d:%d %d:%u %d:%" PRId64 " %d:%g %d:%d %d:%u %d:%g", has_a, a, has_b, b, has_c, c, has_d, (double)d, has_e, e, has_f, f, has_h, h);
}

int host_all_optionals_out(cg_call_t *call, bool *has_a, bool *a, bool *has_b, uint8_t *b, bool *has_c, int64_t *c, bool *has_d, float *d, bool *has_e, cg_all_tiny_t *e, bool *has_f, cg_all_bits_t *f, bool *has_h, double *h)
{
    (void)call;
    *has_a = *has_b = *has_c = *has_d = *has_e = *has_f = *has_h = !world.is_empty;
    *a = true;
    *b = 0x12;
    *c = -5;
    *d = 1.0f;
    *e = world.bad == BAD_VALUE ? 3 : CG_ALL_TINY_TWO;
    *f = world.bad == BAD_DEEP ? 0x40 : CG_ALL_BITS_BOTH;
    *h = -1.0;
    return world_note("optionals_out");
}

int host_all_enums(cg_call_t *call, cg_all_tiny_t a, cg_all_byte_t b, cg_all_half_t c, cg_all_shalf_t d, cg_all_word_t e, cg_all_sword_t f, cg_all_big_t h, cg_all_deep_t i, cg_all_loose_t j)
{
    (void)call;
    return world_note("%d %u %u %d %" PRIu32 " %" PRId32 " %" PRIu64 " %" PRId64 " %u", a, b, c, d, e, f, h, i, j);
}

int host_all_enums_out(cg_call_t *call, cg_all_tiny_t *a, cg_all_byte_t *b, cg_all_half_t *c, cg_all_shalf_t *d, cg_all_word_t *e, cg_all_sword_t *f, cg_all_big_t *h, cg_all_deep_t *i, cg_all_loose_t *j)
{
    (void)call;
    *a = CG_ALL_TINY_LOW;
    *b = CG_ALL_BYTE_ALL;
    *c = CG_ALL_HALF_LAST;
    *d = CG_ALL_SHALF_LOW;
    *e = world.bad == BAD_VALUE ? 2 : CG_ALL_WORD_LAST;
    *f = CG_ALL_SWORD_LOW;
    *h = CG_ALL_BIG_LAST;
    *i = world.bad == BAD_DEEP ? 0 : CG_ALL_DEEP_LOW;
    *j = 200;
    return world_note("enums_out");
}

int host_all_flags(cg_call_t *call, cg_all_bits_t a, cg_all_bits16_t b, cg_all_bits32_t c, cg_all_bits64_t d, cg_all_bits_t *e, cg_all_bits16_t *f, cg_all_bits32_t *h, cg_all_bits64_t *i)
{
    (void)call;
    *e = a;
    *f = b;
    *h = c;
    *i = world.bad == BAD_VALUE ? 2 : d;
    return world_note("%x %x %" PRIx32 " %" PRIx64, a, b, c, d);
}

int host_all_ranges(cg_call_t *call, uint8_t a, int32_t b, uint64_t c, int64_t d, uint8_t *e, int16_t *f)
{
    (void)call;
    *e = world.bad == BAD_VALUE ? 4 : 3;
    *f = world.bad == BAD_DEEP ? -6 : -5;
    return world_note("%u %" PRId32 " %" PRIu64 " %" PRId64, a, b, c, d);
}

int host_all_sixteen(cg_call_t *call, uint32_t a, uint32_t b, uint32_t c, uint32_t d, uint32_t e, uint32_t f, uint32_t h, uint32_t i, uint32_t j, uint32_t k, uint32_t l, uint32_t m, uint32_t n, uint32_t o, uint32_t p, uint32_t q)
{
    (void)call;
    return world_note("%" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32 " %" PRIu32
                      " %" PRIu32 " %" PRIu32, a, b, c, d, e, f, h, i, j, k, l, m, n, o, p, q);
}

int host_all_unnamed(cg_call_t *call, uint8_t result_of, uint32_t *result)
{
    (void)call;
    *result = 0xfeedbeef;
    return world_note("%u", result_of);
}

int host_all_nothing(cg_call_t *call)
{
    (void)call;
    return world_note("nothing");
}

/* ---- values ---- */

#define VALUE(name, result_t, x_t)                                \
    result_t host_all_##name(cg_call_t *call, x_t x)              \
    {                                                             \
        (void)call;                                               \
        (void)world_note(#name);                                  \
        return world.has_value ? (result_t)world.value : (result_t)x; \
    }

VALUE(v_bool, bool, uint8_t)
VALUE(v_u8, uint8_t, uint8_t)
VALUE(v_u16, uint16_t, uint16_t)
VALUE(v_u32, uint32_t, uint32_t)
VALUE(v_u64, uint64_t, uint64_t)
VALUE(v_s8, int8_t, int8_t)
VALUE(v_s16, int16_t, int16_t)
VALUE(v_s32, int32_t, int32_t)
VALUE(v_s64, int64_t, int64_t)
VALUE(v_f32, float, float)
VALUE(v_f64, double, double)
VALUE(v_tiny, cg_all_tiny_t, int8_t)
VALUE(v_loose, cg_all_loose_t, uint8_t)
VALUE(v_bits64, cg_all_bits64_t, uint64_t)
VALUE(v_range, int8_t, int8_t)
VALUE(v_deep, cg_all_deep_t, int64_t)

#define COUNT(name, result_t, x_t)                                      \
    int host_all_##name(cg_call_t *call, x_t x, result_t *result)       \
    {                                                                   \
        (void)call;                                                     \
        *result = world.has_value ? (result_t)world.value : (result_t)x; \
        return world_note(#name);                                       \
    }

COUNT(c_bool, bool, uint8_t)
COUNT(c_u16, uint16_t, uint16_t)
COUNT(c_byte, cg_all_byte_t, uint8_t)

/* ---- handles ---- */

int host_all_open(cg_call_t *call, struct host_all_owned **object)
{
    (void)call;
    const int failed = world_note("open");
    if (failed == 0 && world.bad != BAD_NULL) {
        *object = owned_new();
    }
    return failed;
}

int host_all_open_two(cg_call_t *call, struct host_all_owned **one, struct host_all_owned **two)
{
    (void)call;
    *one = world.bad == BAD_NULL ? NULL : owned_new();
    *two = world.bad == BAD_NULL_LAST ? NULL : world.bad == BAD_TWICE ? *one : owned_new();
    return world_note("open_two");
}

int host_all_open_more(cg_call_t *call, struct host_all_owned **one, struct host_all_thing **lent, uint8_t *n, struct host_all_owned **two)
{
    (void)call;
    *one = owned_new();
    *lent = world.bad == BAD_NULL ? NULL : &world.things[3];
    *n = world.bad == BAD_VALUE ? 0 : 2;
    *two = owned_new();
    return world_note("open_more");
}

int host_all_find(cg_call_t *call, uint8_t nth, struct host_all_thing **object)
{
    (void)call;
    *object = world.bad == BAD_NULL ? NULL : &world.things[nth % WORLD_OBJECTS];
    return world_note("find %u", nth);
}

int host_all_use(cg_call_t *call, struct host_all_thing *object, struct host_all_owned *other)
{
    (void)call;
    return world_note("use %td %td", object - world.things, other - world.owned);
}

int host_all_maybe(cg_call_t *call, struct host_all_thing *object, struct host_all_owned *other, struct host_all_thing **three, struct host_all_owned **four)
{
    (void)call;
    *three = world.is_empty ? NULL : &world.things[5];
    *four = world.is_empty ? NULL : owned_new();
    return world_note("maybe %s %s", object == NULL ? "none" : "thing", other == NULL ? "none" : "owned");
}

/* What is given away comes back to the host, which frees it itself. */
static void take_back(struct host_all_owned *object)
{
    if (object != NULL) {
        object->is_out = false;
    }
}

int host_all_give(cg_call_t *call, struct host_all_owned *object)
{
    (void)call;
    const int failed = world_note("give %td", object - world.owned);
    if (failed == 0) {
        take_back(object);
    }
    return failed;
}

int host_all_give_two(cg_call_t *call, struct host_all_owned *object, struct host_all_owned *other, struct host_all_owned *third)
{
    (void)call;
    take_back(object);
    take_back(other);
    return world_note("give_two %td %td %td", object - world.owned, other == NULL ? -1 : other - world.owned, third - world.owned);
}

int host_all_dial(cg_call_t *call, cg_all_dial_t **result)
{
    (void)call;
    *result = &world.dial;
    return world_note("dial");
}

int host_all_turn(cg_call_t *call, cg_all_dial_t *object, float by, float *after)
{
    (void)call;
    object->angle += by;
    *after = object->angle;
    return world_note("turn %g", (double)by);
}

/* ---- what `bind:` calls ---- */

uint32_t fake_twice(uint32_t x)
{
    return 2 * x;
}

int fake_status(int32_t x)
{
    return x;
}

void fake_swap(const fake_plain_t *from, fake_plain_t *to)
{
    *to = *from;
    to->x = from->y;
    to->y = from->x;
}

int fake_sum(const uint8_t *bytes, const char *text)
{
    return bytes[0] + text[0];
}
