/* SPDX-License-Identifier: BSD-2-Clause */
/* place.c - where in the block the values of a call lie: argument after argument, each with its value, then a count or a presence where the plan wants an address for one.
 * A function of the catalog alone, so that results are found again without keeping anything. */
#include "inside.h"

static const uint8_t kind_sizes[] = {
    [CG_KIND_BOOL] = 1, [CG_KIND_U8] = 1, [CG_KIND_U16] = 2, [CG_KIND_U32] = 4, [CG_KIND_U64] = 8,
    [CG_KIND_S8] = 1, [CG_KIND_S16] = 2, [CG_KIND_S32] = 4, [CG_KIND_S64] = 8, [CG_KIND_F32] = 4, [CG_KIND_F64] = 8,
    [CG_KIND_HANDLE] = 4, [CG_KIND_BYTES] = 1, [CG_KIND_STRING] = 1, [CG_KIND_LIST] = 0,
};

static uint32_t aligned(uint32_t size)
{
    return (size + (OBJECT_ALIGN - 1)) & ~(uint32_t)(OBJECT_ALIGN - 1);
}

cg_kind_t object_carrier(cg_kind_t kind, const cg_type_info_t *type)
{
    return kind == CG_KIND_ENUM || kind == CG_KIND_FLAGS ? (cg_kind_t)type->base : kind;
}

bool object_is_buffer(const cg_item_info_t *item)
{
    return item->kind == CG_KIND_BYTES || item->kind == CG_KIND_STRING || item->kind == CG_KIND_LIST;
}

bool object_is_signed(cg_kind_t kind)
{
    return kind >= CG_KIND_S8 && kind <= CG_KIND_S64;
}

uint32_t object_size(cg_kind_t kind, const cg_type_info_t *type)
{
    return kind == CG_KIND_RECORD ? type->size : kind_sizes[object_carrier(kind, type)];
}

/* Bytes of the value itself; 0 where it travels in a slot or the result. */
static uint32_t value_room(const cg_item_info_t *item)
{
    if (object_is_buffer(item)) {
        return item->max * object_size((cg_kind_t)item->element, item->type);
    }
    if (item->direction == CG_IN && item->kind != CG_KIND_RECORD) {
        return 0;
    }
    return item->in_result ? 0 : object_size((cg_kind_t)item->kind, item->type);
}

static bool has_count(const cg_item_info_t *item)
{
    return object_is_buffer(item) && item->direction != CG_IN && !item->in_result;
}

static bool has_presence(const cg_item_info_t *item)
{
    return item->direction == CG_OUT && item->optional && item->kind != CG_KIND_HANDLE && !item->in_result;
}

uint32_t object_room(const cg_item_info_t *item)
{
    return aligned(value_room(item)) + (has_count(item) ? OBJECT_ALIGN : 0u) + (has_presence(item) ? OBJECT_ALIGN : 0u);
}

output_t object_output(const cg_call_info_t *call, uint32_t argument)
{
    uint32_t at = OBJECT_BLOCK_BEGIN;
    for (uint32_t i = 0; i < argument; i++) {
        at += object_room(&call->args[i]);
    }
    const cg_item_info_t *item = &call->args[argument];
    const uint32_t behind = at + aligned(value_room(item));
    return (output_t){at, has_count(item) ? behind : 0, has_presence(item) ? behind : 0};
}

uint32_t cg_object_place(const cg_call_info_t *call, uint32_t argument)
{
    return value_room(&call->args[argument]) != 0 ? object_output(call, argument).value : 0;
}

static uint32_t call_room(const cg_call_info_t *call)
{
    uint32_t room = OBJECT_BLOCK_BEGIN;
    for (uint32_t i = 0; i < call->arg_count; i++) {
        room += object_room(&call->args[i]);
    }
    return room;
}

uint32_t cg_object_block_size(const cg_catalog_t *catalog)
{
    uint32_t size = CG_EV_HEAD + CG_EV_DATA_MAX;
    for (uint32_t i = 0; i < catalog->api_count; i++) {
        for (uint32_t k = 0; k < catalog->apis[i].call_count; k++) {
            const uint32_t room = call_room(&catalog->apis[i].calls[k]);
            size = room > size ? room : size;
        }
    }
    return aligned(size);
}
