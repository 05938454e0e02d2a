/* SPDX-License-Identifier: BSD-2-Clause */
/* guest.c - the guest of the native tests, linked into the test several times under different names. */
#include <callgate/desk.h>

#include "scenario.h"

static int played;

static void see(int64_t value)
{
    desk_seen[desk_seen_count++] = value;
}

static void many(uint32_t *const p[16])
{
    see(desk_many(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15]));
}

static void play_near(void)
{
    uint32_t array[16];
    uint32_t *places[16];
    for (int i = 0; i < 16; i++) {
        places[i] = &array[i];
    }
    many(places);
    see(array[0]);
    see(array[15]);
}

/* The last one is where the first is, or far from all. */
static void play_far(bool is_too_far)
{
    uint32_t *places[16];
    for (int i = 0; i < 16; i++) {
        places[i] = desk_places[i];
    }
    if (!is_too_far) {
        places[15] = desk_places[0] + 1;
    }
    many(places);
    see(*desk_places[14]);
}

static void play_null(void)
{
    see(desk_take(NULL, 0));
    see(desk_take(NULL, 1));
}

static void play_late(void)
{
    const uint32_t at = callgate_at("abc");
    see(callgate_desk_take(at, 3));
    see(callgate_desk_take(at, 3));
}

static void play_over(void)
{
    uint8_t bytes[16] = "abcdefgh";
    uint32_t size = 0;
    see(desk_copy(bytes, 8, bytes + 7, 8, &size));
    see(desk_copy(bytes, 8, bytes + 8, 8, &size));
}

static void play_forge(void)
{
    const uint32_t at = callgate_at("abc");
    see(callgate_desk_take(at + 0x10000000, 3));
    see(callgate_desk_take(0x0ffffff0, 3));
    const uint32_t end = callgate_at("abc") | 0x0fffffff;
    see(callgate_desk_take(end, 2));
}

CG_ENTRY int cg_main(void)
{
    played += 1;
    switch (desk_scenario()) {
    case PLAY_NEAR: play_near(); break;
    case PLAY_FAR: play_far(false); break;
    case PLAY_TOO_FAR: play_far(true); break;
    case PLAY_NULL: play_null(); break;
    case PLAY_LATE: play_late(); break;
    case PLAY_OVER: play_over(); break;
    case PLAY_FORGE: play_forge(); break;
    case PLAY_MEANWHILE: see(desk_meanwhile()); see(desk_take("abc", 3)); break;
    default: break;
    }
    return played;
}
