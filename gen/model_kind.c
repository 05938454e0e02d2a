/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_kind.c - what is true of a kind of type wherever it stands: name, bits, family.
 * Asked by reader, plan and views alike, so that each of these questions has one answer. Reads no text but the names of kinds. */
#include "gen/model_inner.h"

#include <string.h>

static const struct {
    const char *name;
    uint32_t bits;
    bool is_integer, is_signed;
} kinds[] = {
    [MODEL_BOOL] = {"bool", 8, false, false},   [MODEL_U8] = {"u8", 8, true, false},         [MODEL_U16] = {"u16", 16, true, false},
    [MODEL_U32] = {"u32", 32, true, false},     [MODEL_U64] = {"u64", 64, true, false},      [MODEL_S8] = {"s8", 8, true, true},
    [MODEL_S16] = {"s16", 16, true, true},      [MODEL_S32] = {"s32", 32, true, true},       [MODEL_S64] = {"s64", 64, true, true},
    [MODEL_F32] = {"f32", 32, false, true},     [MODEL_F64] = {"f64", 64, false, true},      [MODEL_ENUM] = {"enum", 0, false, false},
    [MODEL_FLAGS] = {"flags", 0, false, false}, [MODEL_RECORD] = {"record", 0, false, false}, [MODEL_HANDLE] = {"handle", 0, false, false},
    [MODEL_BYTES] = {"bytes", 0, false, false}, [MODEL_STRING] = {"string", 0, false, false}, [MODEL_LIST] = {"list", 0, false, false},
};

const char *model_kind_name(model_kind_t kind)
{
    return kinds[kind].name;
}

uint32_t model_kind_bits(model_kind_t kind)
{
    return kinds[kind].bits;
}

bool model_kind_is_integer(model_kind_t kind)
{
    return kinds[kind].is_integer;
}

bool model_kind_is_signed(model_kind_t kind)
{
    return kinds[kind].is_integer && kinds[kind].is_signed;
}

bool model_kind_is_float(model_kind_t kind)
{
    return kind == MODEL_F32 || kind == MODEL_F64;
}

bool model_kind_is_named(model_kind_t kind)
{
    return kind == MODEL_ENUM || kind == MODEL_FLAGS;
}

bool model_kind_is_scalar(model_kind_t kind)
{
    return kind <= MODEL_FLAGS;
}

bool model_kind_is_buffer(model_kind_t kind)
{
    return kind == MODEL_BYTES || kind == MODEL_STRING || kind == MODEL_LIST;
}

bool model_has_presence(const model_use_t *use)
{
    return use->optional && use->kind != MODEL_HANDLE;
}

model_kind_t model_carrier(const model_use_t *use)
{
    const model_kind_t kind = use->kind == MODEL_LIST ? use->element : use->kind;
    return model_kind_is_named(kind) ? use->type->base : kind == MODEL_HANDLE ? MODEL_U32 : kind;
}

bool model_kind_of(const char *text, size_t size, model_kind_t *kind)
{
    if (size < 2 || size > 4) {
        return false;
    }
    for (model_kind_t i = MODEL_BOOL; i <= MODEL_F64; i++) {
        if (strncmp(kinds[i].name, text, size) == 0 && kinds[i].name[size] == '\0') {
            *kind = i;
            return true;
        }
    }
    return false;
}
