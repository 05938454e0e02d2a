/* SPDX-License-Identifier: BSD-2-Clause */
/* lane.c - how a call is entered. Calls whose values are whole numbers, objects, strings and record objects are laid down here, step by step as was settled at load: the
 * lane. Any other call, or one that is given other values than its lane knows, takes the way of vm/objects, which says what is wrong, too: up to the gate a lane changes
 * nothing but bytes of the block. Checks are the gate's either way. */
#include "inside.h"

enum { LANE_STEPS_MAX = 4, LANE_SLOTS_MAX = 2 * LANE_STEPS_MAX };

/* ROOM: how much of a buffer is wanted, whose size is the call's result. */
typedef enum step_kind { STEP_INTEGER, STEP_OBJECT, STEP_BYTES, STEP_RECORD, STEP_ROOM } step_kind_t;

/* index: on the guest's stack; of a record, where the object to be filled is. at: address in the block. */
typedef struct step {
    uint8_t kind, index;
    uint16_t max; /* bytes */
    uint32_t at;
    const cg_type_info_t *type;
} step_t;

typedef struct guest_lane {
    const cg_call_info_t *call;
    cg_object_fn *serve; /* NULL: there is no lane */
    uint8_t step_count;
    bool has_record;     /* the one output in the block, */
    bool has_buffer;     /* or this is */
    bool has_number;     /* the result is one; it comes last */
    bool is_number;      /* it cannot say that the call failed */
    step_t steps[LANE_STEPS_MAX];
} guest_lane_t;

/* ---- making lanes ---- */

static bool is_whole(uint8_t kind)
{
    return (kind >= CG_KIND_U8 && kind <= CG_KIND_S64) || kind == CG_KIND_ENUM;
}

static bool is_bytes(const cg_item_info_t *item)
{
    return (item->kind == CG_KIND_STRING || item->kind == CG_KIND_BYTES) && item->max <= UINT16_MAX;
}

/* An input's step; false: it is for no lane. */
static bool input_step(step_t *step, const cg_item_info_t *item)
{
    step->kind = (uint8_t)(is_bytes(item) ? STEP_BYTES : item->kind == CG_KIND_HANDLE ? STEP_OBJECT : STEP_INTEGER);
    step->max = is_bytes(item) ? (uint16_t)item->max : 0;
    return !item->optional && !item->own && item->direction == CG_IN && (is_bytes(item) || is_whole(item->kind) || item->kind == CG_KIND_HANDLE);
}

/* An output: one record or buffer is a step, and a number that is the result is none; in this order. */
static bool output_step(guest_lane_t *lane, step_t *step, const cg_item_info_t *item)
{
    const bool is_record = item->kind == CG_KIND_RECORD;
    const bool is_buffer = is_bytes(item) && item->in_result;
    const bool is_number = item->in_result && is_whole(item->kind);
    const bool is_first = !lane->has_number && !lane->has_buffer && (is_number || !lane->has_record);
    step->kind = is_buffer ? STEP_ROOM : STEP_RECORD;
    step->max = is_buffer ? (uint16_t)item->max : 0;
    lane->has_number = is_number;
    lane->has_record = lane->has_record || is_record;
    lane->has_buffer = is_buffer;
    return !item->optional && is_first && (is_record || is_buffer || is_number);
}

/* Arguments on the stack are the inputs, then one for each output that has a spare: in a lane that is the record or buffer. */
static bool lane_make(guest_lane_t *lane, const cg_call_info_t *call)
{
    unsigned index = 0;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        const cg_item_info_t *item = &call->args[i];
        const bool is_in = item->direction != CG_OUT;
        step_t *step = &lane->steps[lane->step_count];
        if (lane->step_count == LANE_STEPS_MAX || !(is_in ? input_step(step, item) : output_step(lane, step, item))) {
            return false;
        }
        if (is_in || !lane->has_number) {
            step->at = cg_object_place(call, i);
            step->type = item->type;
            step->index = (uint8_t)++index;
            lane->step_count++;
        }
    }
    return true;
}

/* The spare stands behind all inputs, wherever its output is among the arguments: a lane has it last. */
static bool is_in_order(const guest_lane_t *lane)
{
    bool is_last = true;
    for (uint32_t i = 0; i + 1 < lane->step_count; i++) {
        is_last = is_last && lane->steps[i].kind < STEP_RECORD;
    }
    return is_last;
}

void guest_open_lanes(lua_State *L)
{
    guest_box_t *box = guest_box(L);
    const cg_catalog_t *catalog = box->base.guest->kind->catalog;
    const cg_object_glue_t *glue = box->base.guest->kind->glue;
    const uint32_t call_count = box->base.guest->set->call_count;
    guest_lane_t *lanes = lua_newuserdatauv(L, call_count * sizeof *lanes, 0);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &guest_values);
    memset(lanes, 0, call_count * sizeof *lanes);
    box->lanes = lanes;
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        for (uint32_t k = 0; k < catalog->apis[i].call_count; k++) {
            const cg_call_info_t *call = &catalog->apis[i].calls[k];
            guest_lane_t *lane = &lanes[call->index];
            lane->call = call;
            lane->is_number = call->form == CG_FORM_VALUE;
            if (glue->calls != NULL && lane_make(lane, call) && is_in_order(lane)) {
                lane->serve = glue->calls[call->index];
            } else {
                lane->step_count = 0;
            }
        }
    }
}

/* ---- walking them ---- */

/* The call ended the activation, or failed. Does not come back. */
static CG_COLD int fail(lua_State *L, const cg_call_info_t *call, bool goes_on, uint64_t result)
{
    const cg_object_answer_t answer = {.code = (int32_t)(uint32_t)result, .is_over = !goes_on};
    guest_settle(L, call, &answer);
    return 0;
}

int cg_lua_end(lua_State *L, unsigned index)
{
    return fail(L, guest_box(L)->lanes[index].call, false, 0);
}

/* What a step takes goes to `slots`, which has room for two. False: not for a lane. */
static inline bool take(lua_State *L, uint8_t *block, const step_t *step, uint64_t *slots)
{
    const int type = lua_type(L, step->index);
    if (step->kind == STEP_BYTES) {
        size_t size;
        const char *bytes = type == LUA_TSTRING ? lua_tolstring(L, step->index, &size) : NULL;
        if (bytes == NULL || size > step->max) {
            return false;
        }
        memcpy(block + step->at, bytes, size);
        slots[0] = step->at;
        slots[1] = size;
        return true;
    }
    if (step->kind == STEP_INTEGER || step->kind == STEP_ROOM) {
        int is_whole_number = 0;
        const lua_Integer number = type == LUA_TNUMBER ? lua_tointegerx(L, step->index, &is_whole_number) : 0;
        slots[0] = step->kind == STEP_INTEGER ? (uint64_t)number : step->at;
        slots[1] = (uint64_t)number;
        return is_whole_number != 0 && (step->kind == STEP_INTEGER || (number >= 0 && number <= step->max));
    }
    /* Both kinds of userdata begin with their type. */
    const cg_object_held_t *held = type == LUA_TUSERDATA ? lua_touserdata(L, step->index) : NULL;
    if (held == NULL || held->type != step->type) {
        return false;
    }
    slots[0] = step->kind == STEP_OBJECT ? held->handle : step->at;
    return true;
}

int cg_lua_call(lua_State *L, unsigned index)
{
    const guest_box_t *box = guest_box(L);
    const guest_lane_t *lane = &box->lanes[index];
    uint8_t *block = box->base.object.window.bytes;
    uint64_t slots[LANE_SLOTS_MAX], result;
    uint64_t *next = slots;
    const step_t *step = lane->steps;
    for (uint32_t left = lane->step_count; left != 0; left--, step++) {
        if (!CG_LIKELY(take(L, block, step, next))) {
            return guest_call_any(L, lane->call);
        }
        next += step->kind == STEP_BYTES ? 2 : 1; /* ROOM is the last one */
    }
    if (!CG_LIKELY(lane->serve != NULL)) {
        return guest_call_any(L, lane->call);
    }
    const bool goes_on = lane->serve(box->base.guest, slots, &result);
    if (!CG_LIKELY(goes_on && (lane->is_number || (int32_t)(uint32_t)result >= 0))) {
        return fail(L, lane->call, goes_on, result);
    }
    if (lane->has_record) {
        guest_record_t *record = lua_touserdata(L, step[-1].index);
        memcpy(record->bytes, block + step[-1].at, step[-1].type->size);
        lua_pushvalue(L, step[-1].index);
    }
    if (lane->has_number) {
        lua_pushinteger(L, (lua_Integer)result);
    }
    if (lane->has_buffer) {
        lua_pushlstring(L, (const char *)block + step[-1].at, (size_t)(uint32_t)result);
    }
    return lane->has_record + lane->has_number + lane->has_buffer;
}
