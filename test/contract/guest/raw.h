/* SPDX-License-Identifier: BSD-2-Clause */
/* raw.h - scenes that make one call with the numbers of the row, past the SDK: what a hostile guest can do.
 * Each reports the raw result, and no more than that unless its comment says so. Included by guest.c only. */

SCENE scene_sum(void)
{
    report((int32_t)callgate_contract_sum(arg_unsigned(0), arg_signed(1)));
}

SCENE scene_narrow(void)
{
    report(callgate_contract_narrow(arg_unsigned(0), arg_signed(1), arg_unsigned(2)));
}

/* Then the result. */
SCENE scene_ranged(void)
{
    volatile uint32_t half = 77;
    report(callgate_contract_ranged(arg_unsigned(0), arg_signed(1), callgate_at(&half)));
    report(half);
}

SCENE scene_paint(void)
{
    report(callgate_contract_paint(arg_unsigned(0), arg_unsigned(1), arg_unsigned(2)));
}

/* The last letters before the edge are "abcd". */
SCENE scene_take(void)
{
    uint8_t *end = edge_pointer();
    for (int i = 0; i < 4; i++) {
        *(volatile uint8_t *)(end - 4 + i) = (uint8_t)('a' + i);
    }
    report(callgate_contract_take(arg_address(2), arg_unsigned(1)));
}

/* How many bytes of the area changed, too. */
SCENE scene_fill(void)
{
    area_fill(0xa5);
    report(callgate_contract_fill(arg_unsigned(3), arg_address(2), arg_unsigned(1)));
    report(area_differs(0, AREA_SIZE, 0xa5));
}

SCENE scene_turn(void)
{
    area_letters();
    report(callgate_contract_turn(arg_address(3), arg_unsigned(1), arg_unsigned(2)));
}

/* Letters up to the edge, and no NUL anywhere near it. */
SCENE scene_say(void)
{
    uint8_t *end = edge_pointer();
    for (int i = 0; i < 20; i++) {
        *(volatile uint8_t *)(end - 20 + i) = (uint8_t)('a' + i);
    }
    report(callgate_contract_say(arg_address(2), arg_unsigned(1)));
}

SCENE scene_name(void)
{
    area_fill(0xa5);
    report(callgate_contract_name(arg_unsigned(3), arg_address(2), arg_unsigned(1)));
    report(area_differs(0, AREA_SIZE, 0xa5));
}

/* A good record ends at the edge; argument 0 moves away from that. */
SCENE scene_put(void)
{
    volatile contract_place_t *place = (volatile contract_place_t *)(void *)(edge_pointer() - sizeof(contract_place_t));
    place->at.x = -2;
    place->at.y = 100000;
    for (int i = 0; i < 3; i++) {
        place->at.mark[i] = (uint8_t)(i + 1);
    }
    place->at.colour = CONTRACT_COLOUR_BLUE;
    place->weight = 1ull << 40;
    place->options = CONTRACT_OPTIONS_LOUD;
    place->is_far = true;
    place->level = 100;
    report(callgate_contract_put(edge() - (uint32_t)sizeof *place + arg(0)));
}

SCENE scene_get(void)
{
    report(callgate_contract_get(0, arg_address(2)));
}

/* A good result has its place at the start of the area, unless the row says where. */
SCENE scene_total(void)
{
    area_fill(0);
    report(callgate_contract_total(arg_address(2), arg_unsigned(1), callgate_at(area) + arg_unsigned(3)));
}

SCENE scene_count(void)
{
    area_fill(0xa5);
    report(callgate_contract_count(arg_unsigned(3), arg_address(2), arg_unsigned(1)));
    report(area_differs(0, AREA_SIZE, 0xa5));
}

/* From, one and two are at these places of the area, each 8 bytes long; the counts are behind all of them. */
SCENE scene_copy(void)
{
    area_letters();
    uint8_t *one = area + arg(1);
    uint8_t *two = area + arg(2);
    uint32_t one_count = 0;
    uint32_t two_count = 0;
    report(contract_copy(area + arg(0), arg(3), one, 8, &one_count, two, 8, &two_count));
}

SCENE scene_use(void)
{
    report(callgate_contract_use(arg_unsigned(0)));
}

SCENE scene_close(void)
{
    report(callgate_gate_close(arg_unsigned(0)));
}

SCENE scene_fault(void)
{
    report(callgate_contract_fault(arg_unsigned(0)));
}

/* Up to eight bytes as a text, from arguments 1 and 2, first byte highest. */
SCENE scene_text(void)
{
    for (uint32_t i = 0; i < 8; i++) {
        *(volatile uint8_t *)&area[i] = (uint8_t)(arg(1 + i / 4) >> (24 - i % 4 * 8));
    }
    report(callgate_contract_say(callgate_at(area), arg_unsigned(0)));
}

static const char *path_of(uint32_t number)
{
    switch (number) {
    case 0:
        return "/temp";
    case 1:
        return "/temperature";
    case 2:
        return "/log/x";
    case 3:
        return "/log/";
    case 4:
        return "/log";
    case 5:
        return "/logx";
    default:
        return "";
    }
}

SCENE scene_guarded(void)
{
    report(contract_guarded(path_of(arg(0)), (int8_t)arg(1)));
}

/* Bits above what a type has room for, which only slots of 64 bits have. */
SCENE scene_high(void)
{
#if HAS_TYPED_SLOTS
    report(-1000);
#else
    const slot_t high = (slot_t)1 << 32;
    const slot_t at = callgate_at(area);
    contract_thing_t thing = {0};
    (void)contract_open(4, &thing);
    area_letters();
    report(callgate_contract_narrow(1 | high, 2, 1));
    report(callgate_contract_narrow(1, 0xffffffff, 1));
    report(callgate_contract_narrow(1, 2, 1 | high << 31));
    report(callgate_contract_ranged(100 | high, 0, at));
    report(callgate_contract_paint(1, 7 | high, 1));
    report(callgate_contract_take(at | high, 3));
    report(callgate_contract_take(at, 3 | high));
    report(callgate_contract_use(thing.id | high));
    report(callgate_contract_maybe(0, 1, 1, at, at | high));
    report(callgate_contract_narrow(1, (slot_t)-1, 1));
#endif
}
