/* SPDX-License-Identifier: BSD-2-Clause */
/* take.c - a guest's values into slots and block. Says where one is of another kind; whether a value is good is the gate's to say: numbers that are too large for
 * their type are handed on as they are where slots can hold them, lengths beyond the maximum are handed on as lengths. */
#include "inside.h"

static bool is_same(const char *name, const uint8_t *bytes, uint32_t size)
{
    uint32_t i = 0;
    while (i < size && name[i] != '\0' && (uint8_t)name[i] == bytes[i]) {
        i++;
    }
    return i == size && name[i] == '\0';
}

static bool another_kind(lay_t *lay, const char *wanted)
{
    lay->answer->code = CG_OBJECT_KIND;
    lay->answer->wanted = wanted;
    return false;
}

/* ---- numbers ---- */

static bool take_name(lay_t *lay, const cg_type_info_t *type, cg_value_t value, uint64_t *bits)
{
    const uint8_t *bytes = NULL;
    uint32_t size = 0;
    if (!lay->object->ops->get_bytes(lay->object->vm, value, &bytes, &size)) {
        return false;
    }
    for (uint32_t i = 0; i < type->value_count; i++) {
        if (is_same(type->values[i].name, bytes, size)) {
            *bits = (uint64_t)type->values[i].value;
            return true;
        }
    }
    return false;
}

static bool take_names(lay_t *lay, const cg_type_info_t *type, cg_value_t list, uint64_t *bits)
{
    const cg_object_ops_t *ops = lay->object->ops;
    uint32_t count = 0;
    if (!ops->get_count(lay->object->vm, list, &count)) {
        return false;
    }
    *bits = 0;
    for (uint32_t i = 0; i < count; i++) {
        cg_value_t element;
        uint64_t one = 0;
        const bool is_there = ops->get_element(lay->object->vm, list, i, &element);
        const bool is_good = is_there && take_name(lay, type, element, &one);
        if (is_there && ops->drop != NULL) {
            ops->drop(lay->object->vm, element);
        }
        if (!is_good) {
            return false;
        }
        *bits |= one;
    }
    return true;
}

/* Flags: a number, one name, a list of names, or what the language has for a set. */
static bool take_flags(lay_t *lay, const cg_type_info_t *type, cg_value_t value, uint64_t *bits)
{
    const cg_object_ops_t *ops = lay->object->ops;
    cg_value_t list;
    if (take_name(lay, type, value, bits) || take_names(lay, type, value, bits)) {
        return true;
    }
    if (ops->get_names == NULL || !ops->get_names(lay->object->vm, value, &list)) {
        return false;
    }
    const bool is_good = take_names(lay, type, list, bits);
    if (ops->drop != NULL) {
        ops->drop(lay->object->vm, list);
    }
    return is_good;
}

/* Extended to 64 bits by its sign, as slots are. A negative number for an unsigned kind keeps bits that the gate will refuse; a number from 2^63 on for a signed kind
 * would look negative, so it is refused here, as the gate would. */
static bool take_integer(lay_t *lay, cg_kind_t kind, cg_value_t value, uint64_t *bits)
{
    bool is_negative = false;
    if (!lay->object->ops->get_integer(lay->object->vm, value, bits, &is_negative)) {
        return another_kind(lay, "an integer");
    }
    const bool is_wide = kind == CG_KIND_U64 || kind == CG_KIND_S64;
    const bool is_beyond = kind == CG_KIND_U64 ? is_negative : object_is_signed(kind) && !is_negative && *bits > INT64_MAX;
    if (!is_beyond || lay->object->ops->has_wrapped_u64) {
        return true;
    }
    if (is_wide) {
        return another_kind(lay, kind == CG_KIND_U64 ? "an integer from 0 to 2^64 - 1" : "an integer from -2^63 to 2^63 - 1");
    }
    lay->answer->code = CG_ERR_WIDTH;
    return false;
}

static bool take_real(lay_t *lay, cg_kind_t kind, cg_value_t value, uint64_t *bits)
{
    union { float value; uint32_t bits; } half;
    union { double value; uint64_t bits; } full;
    if (!lay->object->ops->get_float(lay->object->vm, value, &full.value)) {
        return another_kind(lay, "a number");
    }
    half.value = (float)full.value;
    *bits = kind == CG_KIND_F32 ? half.bits : full.bits;
    return true;
}

static bool take_scalar(lay_t *lay, cg_kind_t kind, const cg_type_info_t *type, cg_value_t value, uint64_t *bits)
{
    const cg_object_ops_t *ops = lay->object->ops;
    if (kind == CG_KIND_BOOL) {
        bool truth = false;
        const bool is_bool = ops->get_bool(lay->object->vm, value, &truth);
        *bits = truth;
        return is_bool || another_kind(lay, "a boolean");
    }
    if (kind == CG_KIND_HANDLE) {
        uint32_t handle = 0;
        const bool is_handle = ops->get_handle(lay->object->vm, value, type, &handle);
        *bits = handle;
        return is_handle || another_kind(lay, type->name);
    }
    if (kind == CG_KIND_F32 || kind == CG_KIND_F64) {
        return take_real(lay, kind, value, bits);
    }
    if (kind == CG_KIND_ENUM && take_name(lay, type, value, bits)) {
        return true;
    }
    if (kind == CG_KIND_FLAGS && take_flags(lay, type, value, bits)) {
        return true;
    }
    if (!take_integer(lay, object_carrier(kind, type), value, bits)) {
        lay->answer->wanted = kind == CG_KIND_ENUM ? "an integer, or the name of a value" : kind == CG_KIND_FLAGS ? "an integer, or names of flags" : lay->answer->wanted;
        return false;
    }
    return true;
}

/* ---- into the block ---- */

/* A number of `size` bytes; one that does not fit has no bytes to be refused by, so it is refused here, as the gate would. */
static bool store(lay_t *lay, cg_kind_t kind, uint8_t *to, uint32_t size, uint64_t bits)
{
    const unsigned width = 8 * size;
    const uint64_t sign = UINT64_C(1) << (width - 1);
    const bool is_float = kind == CG_KIND_F32 || kind == CG_KIND_F64 || kind == CG_KIND_HANDLE;
    const bool fits = size == 8 || is_float || (object_is_signed(kind) ? bits + sign < 2 * sign : bits < 2 * sign);
    for (uint32_t i = 0; fits && i < size; i++) {
        to[i] = (uint8_t)(bits >> 8 * i);
    }
    if (!fits) {
        lay->answer->code = CG_ERR_WIDTH;
    }
    return fits;
}

static bool take_value(lay_t *lay, cg_kind_t kind, const cg_type_info_t *type, cg_value_t value, uint8_t *to);

static bool take_element(lay_t *lay, const cg_item_info_t *item, cg_value_t list, uint32_t i, uint8_t *to)
{
    const cg_object_ops_t *ops = lay->object->ops;
    const cg_kind_t kind = (cg_kind_t)item->element;
    cg_value_t value;
    if (!ops->get_element(lay->object->vm, list, i, &value)) {
        return another_kind(lay, "a list");
    }
    const bool is_good = take_value(lay, kind, item->type, value, to + (size_t)i * object_size(kind, item->type));
    if (ops->drop != NULL) {
        ops->drop(lay->object->vm, value);
    }
    return is_good;
}

/* A fixed array of a record. */
static bool take_array(lay_t *lay, const cg_item_info_t *field, cg_value_t value, uint8_t *to)
{
    uint32_t count = 0;
    if (!lay->object->ops->get_count(lay->object->vm, value, &count) || count != field->array) {
        return another_kind(lay, "a list of the declared length");
    }
    bool is_good = true;
    for (uint32_t i = 0; is_good && i < count; i++) {
        is_good = take_element(lay, field, value, i, to);
    }
    return is_good;
}

static bool take_field(lay_t *lay, const cg_item_info_t *field, cg_value_t value, uint8_t *record)
{
    return field->array != 0 ? take_array(lay, field, value, record + field->offset)
                             : take_value(lay, (cg_kind_t)field->kind, field->type, value, record + field->offset);
}

bool cg_object_take_field(cg_guest_t *g, const cg_item_info_t *field, cg_value_t value, uint8_t *bytes, cg_object_answer_t *answer)
{
    lay_t lay = {.guest = g, .object = object_of(g), .answer = answer};
    *answer = (cg_object_answer_t){0};
    return take_field(&lay, field, value, bytes);
}

/* Records nest no deeper than the description's limit, so this does too: one frame a level. */
static bool take_record(lay_t *lay, const cg_type_info_t *type, cg_value_t record, uint8_t *to)
{
    const cg_object_ops_t *ops = lay->object->ops;
    if (ops->get_record != NULL && ops->get_record(lay->object->vm, record, type, to)) {
        return true;
    }
    for (uint32_t i = 0; i < type->field_count; i++) {
        const cg_item_info_t *field = &type->fields[i];
        cg_value_t value;
        if (!ops->get_field(lay->object->vm, record, field->name, &value)) {
            return another_kind(lay, type->name);
        }
        const bool is_good = take_field(lay, field, value, to);
        if (ops->drop != NULL) {
            ops->drop(lay->object->vm, value);
        }
        if (!is_good) {
            lay->answer->field = lay->answer->field == NULL ? field->name : lay->answer->field;
            return false;
        }
    }
    return true;
}

static bool take_value(lay_t *lay, cg_kind_t kind, const cg_type_info_t *type, cg_value_t value, uint8_t *to)
{
    uint64_t bits = 0;
    if (kind == CG_KIND_RECORD) {
        return take_record(lay, type, value, to);
    }
    return take_scalar(lay, kind, type, value, &bits) && store(lay, object_carrier(kind, type), to, object_size(kind, type), bits);
}

/* ---- arguments ---- */

static void slot_put(lay_t *lay, uint64_t bits)
{
    if (lay->slot < CG_ROW_SLOTS_MAX) {
        lay->slots[lay->slot++] = bits;
    }
}

/* What a buffer holds; *count may be larger than its maximum, and then nothing is copied: the gate refuses it before it looks. */
static bool take_content(lay_t *lay, const cg_item_info_t *item, cg_value_t value, uint8_t *to, uint32_t *count)
{
    const cg_object_ops_t *ops = lay->object->ops;
    if (item->kind != CG_KIND_LIST) {
        const uint8_t *bytes = NULL;
        if (!ops->get_bytes(lay->object->vm, value, &bytes, count)) {
            return another_kind(lay, item->kind == CG_KIND_STRING ? "a string" : "bytes");
        }
        if (*count <= item->max && *count != 0) {
            memcpy(to, bytes, *count);
        }
        return true;
    }
    if (!ops->get_count(lay->object->vm, value, count)) {
        return another_kind(lay, "a list");
    }
    bool is_good = true;
    for (uint32_t i = 0; is_good && *count <= item->max && i < *count; i++) {
        is_good = take_element(lay, item, value, i, to);
    }
    return is_good;
}

/* How many elements there is room for: the maximum, or what the caller wants. */
static uint32_t wanted_count(lay_t *lay, const cg_item_info_t *item)
{
    const cg_object_ops_t *ops = lay->object->ops;
    cg_value_t value;
    uint64_t count = 0;
    bool is_negative = false;
    if (item->direction != CG_OUT) {
        return item->max;
    }
    ops->argument(lay->object->vm, lay->spare, &value);
    const bool is_given = ops->get_integer(lay->object->vm, value, &count, &is_negative);
    return is_given && !is_negative && count < item->max ? (uint32_t)count : item->max;
}

static bool take_buffer(lay_t *lay, const cg_item_info_t *item, uint32_t at, cg_value_t value)
{
    uint32_t count = 0;
    if (item->direction != CG_OUT && !take_content(lay, item, value, lay->object->window.bytes + at, &count)) {
        return false;
    }
    slot_put(lay, at);
    if (item->direction != CG_OUT) {
        slot_put(lay, count);
    }
    if (item->direction != CG_IN) {
        slot_put(lay, wanted_count(lay, item));
        if (!item->in_result) {
            slot_put(lay, lay->at + object_room(item) - OBJECT_ALIGN);
        }
    }
    return true;
}

static bool take_input(lay_t *lay, const cg_item_info_t *item, uint32_t at, cg_value_t value)
{
    uint64_t bits = 0;
    if (item->kind == CG_KIND_RECORD) {
        slot_put(lay, at);
        return take_record(lay, item->type, value, lay->object->window.bytes + at);
    }
    const bool is_none = item->optional && lay->object->ops->is_none(lay->object->vm, value);
    if (item->optional && item->kind != CG_KIND_HANDLE) {
        slot_put(lay, !is_none);
    }
    if (!is_none && !take_scalar(lay, (cg_kind_t)item->kind, item->type, value, &bits)) {
        return false;
    }
    slot_put(lay, bits);
    return true;
}

bool object_take(lay_t *lay, const cg_item_info_t *item, uint32_t argument)
{
    const uint32_t at = lay->at;
    bool is_good = true;
    cg_value_t value = {{0, 0}};
    if (item->direction != CG_OUT) {
        lay->object->ops->argument(lay->object->vm, argument, &value);
    }
    if (object_is_buffer(item)) {
        is_good = take_buffer(lay, item, at, value);
    } else if (item->direction == CG_IN) {
        is_good = take_input(lay, item, at, value);
    } else if (!item->in_result) {
        const output_t output = object_output(lay->call, (uint32_t)(item - lay->call->args));
        if (output.has != 0) {
            slot_put(lay, output.has);
        }
        slot_put(lay, output.value);
    }
    lay->spare += cg_object_has_spare(item);
    lay->at += object_room(item);
    return is_good;
}
