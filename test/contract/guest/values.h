/* SPDX-License-Identifier: BSD-2-Clause */
/* values.h - scenes with values, texts, buffers and records that go through the SDK, as an honest guest uses it, or just beyond.
 * Included by guest.c only. */

SCENE scene_wide(void)
{
    report((int64_t)contract_wide(0xfedcba9876543210u, INT64_MIN));
    report((int64_t)contract_wide(0, -1));
}

SCENE scene_floats(void)
{
    report((int64_t)callgate_bits64(contract_floats(1.5f, -0.25)));
}

SCENE scene_paint_well(void)
{
    contract_colour_t was = 0;
    report(contract_paint(CONTRACT_COLOUR_GREEN, CONTRACT_MOOD_WILD, CONTRACT_OPTIONS_LOUD | CONTRACT_OPTIONS_ODD, &was));
    report(was);
}

SCENE scene_take_well(void)
{
    static const char text[] = "constant";
    area_letters();
    report(contract_take(area, 3));
    report(contract_take(text, sizeof text - 1));
}

SCENE scene_fill_well(void)
{
    uint32_t count = 0;
    area_fill(0xa5);
    report(contract_fill(4, area, 6, &count));
    report(count);
    report(area_number(0, 7));
}

/* More room than the call can ever use: the declared maximum holds. */
SCENE scene_fill_beyond(void)
{
    uint32_t count = 0;
    area_fill(0xa5);
    report(contract_fill(32, area, AREA_SIZE, &count));
    report(count);
    report(area_differs(32, AREA_SIZE, 0xa5));
    report(contract_fill(33, area, AREA_SIZE, &count));
}

SCENE scene_turn_well(void)
{
    uint32_t count = 3;
    area_letters();
    report(contract_turn(area, &count, 8));
    report(count);
    report(contract_take(area, count));
}

/* No room for one byte more: nothing changes. */
SCENE scene_turn_full(void)
{
    uint32_t count = 3;
    area_letters();
    report(contract_turn(area, &count, 3));
    report(count);
    report(contract_take(area, 4));
}

SCENE scene_say_well(void)
{
    report(contract_say("hello"));
    report(contract_say(""));
    report(contract_say("h\303\251\342\202\254\360\237\230\200"));
    report(contract_say("0123456789abcdef"));
    report(contract_say("0123456789abcdefg"));
}

/* The SDK keeps a byte of the room for the end mark. */
SCENE scene_name_well(void)
{
    uint32_t count = 0;
    area_fill(0xa5);
    report(contract_name(0, (char *)area, 4, &count));
    report(count);
    report(contract_take(area, 4));
    report(area_differs(4, AREA_SIZE, 0xa5));
}

static inline void place_set(volatile contract_place_t *place)
{
    place->at.x = INT16_MIN;
    place->at.y = INT32_MAX;
    place->at.mark[0] = 255;
    place->at.mark[1] = 0;
    place->at.mark[2] = 7;
    place->at.colour = CONTRACT_COLOUR_RED;
    place->weight = UINT64_MAX;
    place->options = 0;
    place->is_far = false;
    place->level = 1;
}

static inline volatile contract_place_t *place_at(uint32_t offset)
{
    return (volatile contract_place_t *)(void *)(area + offset);
}

SCENE scene_put_well(void)
{
    area_fill(0xa5);
    place_set(place_at(0));
    report(callgate_contract_put(callgate_at(area)));
}

/* A record at an odd address, byte by byte. */
SCENE scene_put_odd(void)
{
    area_fill(0xa5);
    place_set(place_at(0));
    for (uint32_t i = sizeof(contract_place_t); i > 0; i--) {
        *(volatile uint8_t *)&area[i] = *(volatile uint8_t *)&area[i - 1];
    }
    report(callgate_contract_put(callgate_at(area + 1)));
}

/* Each wrong field alone, then two at once: the first in the record is the reason. */
SCENE scene_put_wrong(void)
{
    volatile contract_place_t *place = place_at(0);
    place_set(place);
    place->at.colour = 3;
    report(callgate_contract_put(callgate_at(area)));
    place_set(place);
    place->options = 0x08;
    report(callgate_contract_put(callgate_at(area)));
    place_set(place);
    *(volatile uint8_t *)&area[__builtin_offsetof(contract_place_t, is_far)] = 2;
    report(callgate_contract_put(callgate_at(area)));
    place_set(place);
    place->level = 0;
    report(callgate_contract_put(callgate_at(area)));
    place->level = 101;
    report(callgate_contract_put(callgate_at(area)));
    place->at.colour = 3;
    report(callgate_contract_put(callgate_at(area)));
}

/* The padding stays what it was: at 2, 3 and 28 to 31. */
SCENE scene_get_well(void)
{
    area_fill(0xa5);
    report(callgate_contract_get(0, callgate_at(area)));
    report(area_number(0, 8));
    report(area_number(8, 8));
    report(area_number(16, 8));
    report(area_number(24, 8));
    report(area_differs(32, AREA_SIZE, 0xa5));
}

/* The host gives values that the description forbids: the record stays untouched. */
SCENE scene_get_broken(void)
{
    area_fill(0xa5);
    for (slot_t kind = 1; kind <= 3; kind++) {
        report(callgate_contract_get(kind, callgate_at(area)));
    }
    report(area_differs(0, AREA_SIZE, 0xa5));
}

SCENE scene_total_well(void)
{
    static const int16_t values[8] = {1, -2, 300, INT16_MIN, INT16_MAX, 6, 7, 8};
    int32_t sum = 77;
    report(contract_total(values, 3, &sum));
    report(sum);
    report(contract_total(values, 0, &sum));
    report(sum);
    report(contract_total(values, 8, &sum));
    report(sum);
    report(contract_total(values, 9, &sum));
}

SCENE scene_count_well(void)
{
    uint32_t count = 0;
    area_fill(0xa5);
    report(contract_count(2, (contract_point_t *)(void *)area, 3, &count));
    report(count);
    report(area_number(0, 8));
    report(area_number(8, 8));
    report(area_number(16, 8));
    report(area_differs(24, AREA_SIZE, 0xa5));
}

SCENE scene_copy_well(void)
{
    uint32_t one_count = 0;
    uint32_t two_count = 0;
    area_letters();
    report(contract_copy(area, 8, area + 8, 8, &one_count, area + 16, 8, &two_count));
    report(one_count);
    report(two_count);
    report(contract_take(area + 8, 16));
}

/* A count lies inside a buffer that the host writes; both counts are one. */
SCENE scene_copy_counts(void)
{
    uint32_t count = 0;
    area_fill(0);
    report(contract_copy(area, 8, area + 16, 8, (uint32_t *)(void *)(area + 16), area + 32, 8, &count));
    report(contract_copy(area, 8, area + 16, 8, &count, area + 32, 8, &count));
    report(contract_copy(area, 0, area, 0, (uint32_t *)(void *)(area + 16), area, 0, &count));
}

SCENE scene_spill_well(void)
{
    int64_t sum = 77;
    uint32_t size = 77;
    report(contract_spill(255, 65535, UINT32_MAX, UINT64_MAX, -128, INT64_MIN, true, "12345678", &sum, &size));
    report(sum);
    report(size);
}

/* The call fails as it may: the results stay. */
SCENE scene_spill_error(void)
{
    int64_t sum = 77;
    uint32_t size = 77;
    report(contract_spill(1, 2, 0xdead, 4, 5, 6, false, "", &sum, &size));
    report(sum);
    report(size);
}

SCENE scene_spill_width(void)
{
    int64_t sum = 77;
    uint32_t size = 77;
#if HAS_TYPED_SLOTS
    report(callgate_contract_spill(1, 2, 3, 4, (slot_t)-129, 6, 0, callgate_at("x"), 1, callgate_at(&sum), callgate_at(&size)));
    report(callgate_contract_spill(1, 2, 3, 4, 5, 6, 2, callgate_at("x"), 1, callgate_at(&sum), callgate_at(&size)));
    report(callgate_contract_spill(1, 2, 3, 4, 5, 6, 0, callgate_at("x"), 9, callgate_at(&sum), callgate_at(&size)));
#else
    slot_t block[7] = {(slot_t)-129, 6, 0, callgate_at("x"), 1, callgate_at(&sum), callgate_at(&size)};
    report(callgate_contract_spill(1, 2, 3, 4, callgate_at(block)));
    block[0] = 5;
    block[2] = 2;
    report(callgate_contract_spill(1, 2, 3, 4, callgate_at(block)));
    block[2] = 0;
    block[4] = 9;
    report(callgate_contract_spill(1, 2, 3, 4, callgate_at(block)));
#endif
    report(sum);
    report(size);
}

/* The block of the slots that do not fit lies at the edge, argument 0 away from it. */
SCENE scene_spill_block(void)
{
#if HAS_TYPED_SLOTS
    report(-1000);
#else
    int64_t sum = 77;
    uint32_t size = 77;
    volatile slot_t *block = (volatile slot_t *)(void *)(edge_pointer() - 7 * sizeof(slot_t));
    block[0] = 5;
    block[1] = 6;
    block[2] = 0;
    block[3] = callgate_at("x");
    block[4] = 1;
    block[5] = callgate_at(&sum);
    block[6] = callgate_at(&size);
    report(callgate_contract_spill(1, 2, 3, 4, (uint32_t)(callgate_at(block) + arg_unsigned(0))));
    report(sum);
#endif
}

/* A constant is not to be written, nor what lies behind no pointer. */
SCENE scene_read_only(void)
{
    static const uint8_t constant[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    const volatile uint8_t *there = constant;
    report(callgate_contract_take(callgate_at(constant), 8));
    report(callgate_contract_fill(4, callgate_at(constant), 8));
    report(there[0]);
}

SCENE scene_null(void)
{
    report(callgate_contract_take(0, 0));
    report(callgate_contract_take(0, 1));
}

/* A text that is made longer; no room; not UTF-8; made so by the host. */
SCENE scene_shout(void)
{
    area_letters();
    report(callgate_contract_shout(callgate_at(area), 3, 8));
    report(contract_take(area, 5));
    report(callgate_contract_shout(callgate_at(area), 4, 4));
    area[1] = 0xff;
    report(callgate_contract_shout(callgate_at(area), 3, 8));
    area[1] = 'x';
    report(callgate_contract_shout(callgate_at(area), 2, 8));
    report(contract_take(area, 4));
    report(callgate_contract_shout(callgate_at(area), 5, 4));
    report(callgate_contract_shout(callgate_at(area), 0, 16));
}

SCENE scene_sort(void)
{
    area_letters();
    report(callgate_contract_sort(callgate_at(area), 3, 4));
    report(contract_take(area, 10));
    report(callgate_contract_sort(callgate_at(area), 4, 4));
    report(callgate_contract_sort(callgate_at(area), 9, 20));
    report(callgate_contract_sort(callgate_at(area), 1, UINT32_MAX));
    report(callgate_contract_sort(edge() - 4, 1, 3));
}

SCENE scene_lists_well(void)
{
    static const contract_colour_t colours[4] = {1, 2, 4, 1};
    static const bool marks[2] = {true, false};
    report(contract_colours(colours, 4, marks, 2));
    report(contract_colours(colours, 0, marks, 0));
}

/* A bad element at the end, then a bad mark, then both; one list too long. */
SCENE scene_lists(void)
{
    area_fill(1);
    area[3] = 3;
    area[7] = 2;
    report(callgate_contract_colours(callgate_at(area), 4, callgate_at(area + 4), 3));
    report(callgate_contract_colours(callgate_at(area), 3, callgate_at(area + 4), 4));
    report(callgate_contract_colours(callgate_at(area), 4, callgate_at(area + 4), 4));
    report(callgate_contract_colours(callgate_at(area), 3, callgate_at(area + 4), 5));
    report(callgate_contract_colours(callgate_at(area), 3, callgate_at(area), 3));
}

/* What is absent is not looked at; the presence itself is a bool. */
SCENE scene_absent(void)
{
    bool has_level = false;
    uint8_t level = 0;
    uint32_t size = 0;
#if HAS_TYPED_SLOTS
    report(callgate_contract_maybe(0, 0, 0xffff, callgate_at(&has_level), callgate_at(&level), callgate_at(&size)));
    report(callgate_contract_maybe(0, 1, 0x100, callgate_at(&has_level), callgate_at(&level), callgate_at(&size)));
    report(callgate_contract_maybe(0, 2, 0, callgate_at(&has_level), callgate_at(&level), callgate_at(&size)));
#else
    const slot_t block[2] = {callgate_at(&level), callgate_at(&size)};
    report(callgate_contract_maybe(0, 0, 0xffff, callgate_at(&has_level), callgate_at(block)));
    report(callgate_contract_maybe(0, 1, 0x100, callgate_at(&has_level), callgate_at(block)));
    report(callgate_contract_maybe(0, 2, 0, callgate_at(&has_level), callgate_at(block)));
#endif
}

/* Texts of 1 to 16 letters with one other byte in each place: how many were refused, how many taken. */
SCENE scene_text_sweep(void)
{
    static const uint8_t others[5] = {0, 0x80, 0xff, 1, 0x7f};
    uint32_t refused = 0;
    uint32_t taken = 0;
    for (uint32_t other = 0; other < 5; other++) {
        area_letters();
        for (uint32_t size = 1; size <= 16; size++) {
            for (uint32_t i = 0; i < size; i++) {
                const uint8_t letter = area[i];
                *(volatile uint8_t *)&area[i] = *(const volatile uint8_t *)&others[other];
                const int64_t result = callgate_contract_say(callgate_at(area), size);
                refused += result == CG_ERR_FORMAT;
                taken += result == 0;
                *(volatile uint8_t *)&area[i] = letter;
            }
        }
    }
    report(refused);
    report(taken);
}
