/* SPDX-License-Identifier: BSD-2-Clause */
/* give.c - values of the block, or of a result, to the guest. They were made by the gate: nothing here can be wrong but for want of memory. */
#include "inside.h"

static uint64_t load(const uint8_t *bytes, uint32_t size, bool is_signed)
{
    uint64_t bits = 0;
    for (uint32_t i = 0; i < size; i++) {
        bits |= (uint64_t)bytes[i] << 8 * i;
    }
    const uint64_t sign = UINT64_C(1) << (8 * size - 1);
    return is_signed ? (bits ^ sign) - sign : bits;
}

/* Flags as a record: each name that is set is true. */
static bool give_flags(const cg_object_t *object, const cg_type_info_t *type, uint64_t bits, cg_value_t *value)
{
    const cg_object_ops_t *ops = object->ops;
    bool is_good = ops->make_record(object->vm, type, value);
    for (uint32_t i = 0; is_good && i < type->value_count; i++) {
        const uint64_t flag = (uint64_t)type->values[i].value;
        cg_value_t truth;
        if (flag != 0 && (bits & flag) == flag) {
            is_good = ops->make_bool(object->vm, true, &truth) && ops->set_field(object->vm, *value, type->values[i].name, truth);
        }
    }
    return is_good;
}

bool object_give_bits(const cg_object_t *object, cg_kind_t kind, const cg_type_info_t *type, bool is_owned, uint64_t bits, cg_value_t *value)
{
    const cg_object_ops_t *ops = object->ops;
    union { uint32_t bits; float value; } half = {(uint32_t)bits};
    union { uint64_t bits; double value; } full = {bits};
    if (kind == CG_KIND_BOOL) {
        return ops->make_bool(object->vm, (uint8_t)bits != 0, value);
    }
    if (kind == CG_KIND_HANDLE) {
        return (uint32_t)bits == 0 ? ops->make_none(object->vm, value) : ops->make_handle(object->vm, type, (uint32_t)bits, is_owned, value);
    }
    if (kind == CG_KIND_F32 || kind == CG_KIND_F64) {
        return ops->make_float(object->vm, kind == CG_KIND_F32 ? (double)half.value : full.value, value);
    }
    if (kind == CG_KIND_FLAGS) {
        return give_flags(object, type, bits, value);
    }
    const bool is_wide = ops->make_wide != NULL && (kind == CG_KIND_U64 || kind == CG_KIND_S64);
    return (is_wide ? ops->make_wide : ops->make_integer)(object->vm, bits, object_is_signed(object_carrier(kind, type)), value);
}

static bool give_elements(const cg_object_t *object, const cg_item_info_t *item, const uint8_t *bytes, uint32_t count, cg_value_t *list)
{
    const cg_object_ops_t *ops = object->ops;
    const cg_kind_t kind = (cg_kind_t)item->element;
    const uint32_t size = object_size(kind, item->type);
    bool is_good = ops->make_list(object->vm, count, list);
    for (uint32_t i = 0; is_good && i < count; i++) {
        cg_value_t value;
        is_good = object_give(object, kind, item->type, false, bytes + (size_t)i * size, &value) && ops->set_element(object->vm, *list, i, value);
    }
    return is_good;
}

static bool give_field(const cg_object_t *object, const cg_item_info_t *field, const uint8_t *bytes, cg_value_t *value)
{
    return field->array != 0 ? give_elements(object, field, bytes + field->offset, field->array, value)
                             : object_give(object, (cg_kind_t)field->kind, field->type, false, bytes + field->offset, value);
}

bool cg_object_give_field(cg_guest_t *g, const cg_item_info_t *field, const uint8_t *bytes, cg_value_t *value)
{
    return give_field(object_of(g), field, bytes, value);
}

static bool give_record(const cg_object_t *object, const cg_type_info_t *type, const uint8_t *bytes, cg_value_t *record)
{
    const cg_object_ops_t *ops = object->ops;
    if (ops->set_record != NULL && ops->set_record(object->vm, type, bytes, record)) {
        return true;
    }
    bool is_good = ops->make_record(object->vm, type, record);
    for (uint32_t i = 0; is_good && i < type->field_count; i++) {
        cg_value_t value;
        is_good = give_field(object, &type->fields[i], bytes, &value) && ops->set_field(object->vm, *record, type->fields[i].name, value);
    }
    return is_good;
}

bool object_give(const cg_object_t *object, cg_kind_t kind, const cg_type_info_t *type, bool is_owned, const uint8_t *bytes, cg_value_t *value)
{
    if (kind == CG_KIND_RECORD) {
        return give_record(object, type, bytes, value);
    }
    return object_give_bits(object, kind, type, is_owned, load(bytes, object_size(kind, type), object_is_signed(object_carrier(kind, type))), value);
}

bool object_give_buffer(const cg_object_t *object, const cg_item_info_t *item, const uint8_t *bytes, uint32_t count, cg_value_t *value)
{
    if (item->kind == CG_KIND_LIST) {
        return give_elements(object, item, bytes, count, value);
    }
    return object->ops->make_bytes(object->vm, bytes, count, item->kind == CG_KIND_STRING, value);
}
