/* SPDX-License-Identifier: BSD-2-Clause */
/* verify.c - look at every instruction once before a program may run.
 * What passes here lets run_fast.c and run_compact.c leave out all checks but those on memory, budget and depth.
 * Follows RFC 9669: the groups base32, base64, divmul32 and divmul64, plus LDDWD and LDDWR. Never changes the image's bytes. */
#include "inside.h"

/* One instruction, taken apart. */
typedef struct verify {
    const rbpf_image_t *image;
    rbpf_known_fn known;
    void *known_ctx;
    uint32_t slot; /* of this instruction */
    uint32_t op, code, dst, src;
    int32_t offset, immediate;
} verify_t;

static rbpf_result_t only_if(bool zero)
{
    return zero ? RBPF_OK : RBPF_ERR_RESERVED;
}

/* A jump may go to any slot but the second half of a wide instruction. Opcode 0 is found nowhere else in a program that passes. */
static bool is_entry(const verify_t *v, int64_t slot)
{
    return slot >= 0 && slot < (int64_t)v->image->slot_count && v->image->text[(uint32_t)slot * RBPF_SLOT_SIZE] != 0;
}

static rbpf_result_t check_jump(const verify_t *v, int32_t by)
{
    return is_entry(v, (int64_t)v->slot + 1 + by) ? RBPF_OK : RBPF_ERR_JUMP;
}

static rbpf_result_t check_alu(const verify_t *v)
{
    const bool wide = (v->op & 7u) == CLASS_ALU64;
    const bool by_register = (v->op & 8u) != 0;
    bool zero = v->offset == 0 && (by_register ? v->immediate == 0 : v->src == 0);
    if (v->dst > 9) {
        return RBPF_ERR_REGISTER;
    }
    switch (v->code) {
    case 0x3: /* div */
    case 0x9: /* mod: offset 1 is the signed form */
        zero = (v->offset & ~1) == 0 && (by_register ? v->immediate == 0 : v->src == 0);
        break;
    case 0x8: /* neg */
        if (by_register) {
            return RBPF_ERR_INSTRUCTION;
        }
        zero = zero && v->immediate == 0;
        break;
    case 0xb: /* mov: the offset is the width to extend from */
        if (by_register && (v->offset == 8 || v->offset == 16 || (wide && v->offset == 32))) {
            zero = v->immediate == 0;
        }
        break;
    case 0xd: /* byte order */
        if ((wide && by_register) || (v->immediate != 16 && v->immediate != 32 && v->immediate != 64)) {
            return RBPF_ERR_INSTRUCTION;
        }
        zero = v->offset == 0 && v->src == 0;
        break;
    default:
        if (v->code > 0xd) {
            return RBPF_ERR_INSTRUCTION;
        }
        break;
    }
    return only_if(zero);
}

static rbpf_result_t check_call(const verify_t *v)
{
    if (v->op != OP_CALL) {
        return v->op == (OP_CALL | 8u) ? RBPF_ERR_UNSUPPORTED : RBPF_ERR_INSTRUCTION;
    }
    if (v->dst != 0 || v->offset != 0) {
        return RBPF_ERR_RESERVED;
    }
    if (v->src == 1) {
        return check_jump(v, v->immediate);
    }
    if (v->src != 0) {
        return RBPF_ERR_UNSUPPORTED;
    }
    return v->known(v->known_ctx, (uint32_t)v->immediate) ? RBPF_OK : RBPF_ERR_CALL;
}

static rbpf_result_t check_branch(const verify_t *v)
{
    const bool by_register = (v->op & 8u) != 0;
    rbpf_result_t result = RBPF_ERR_INSTRUCTION;
    if (v->code == 0x8) {
        return check_call(v);
    }
    if (v->op == OP_EXIT) {
        return only_if((v->dst | v->src) == 0 && (v->offset | v->immediate) == 0);
    }
    if (v->op == OP_JA) {
        result = only_if((v->dst | v->src) == 0 && v->immediate == 0);
    } else if (v->op == OP_JA32) {
        result = only_if((v->dst | v->src) == 0 && v->offset == 0);
    } else if (v->code != 0 && v->code != 0x9 && v->code <= 0xd) {
        result = only_if(by_register ? v->immediate == 0 : v->src == 0);
    }
    if (result == RBPF_OK) {
        result = check_jump(v, v->op == OP_JA32 ? v->immediate : v->offset);
    }
    return result;
}

/* Loads and stores. Bits 5..7 are the mode, 3..4 the size; size 3 is eight bytes. */
static rbpf_result_t check_access(const verify_t *v)
{
    const uint32_t class = v->op & 7u;
    const uint32_t mode = v->op >> 5;
    if (mode == 6 && class == CLASS_STX) {
        return RBPF_ERR_UNSUPPORTED; /* atomic */
    }
    if (mode != 3 && (mode != 4 || class != CLASS_LDX || (v->op & 0x18u) == 0x18u)) {
        return RBPF_ERR_INSTRUCTION;
    }
    if (class == CLASS_LDX && v->dst > 9) {
        return RBPF_ERR_REGISTER;
    }
    return only_if(class == CLASS_ST ? v->src == 0 : v->immediate == 0);
}

/* The instructions of two slots. The verifier reads the second one here and steps over it. */
static rbpf_result_t check_wide(const verify_t *v)
{
    const uint32_t mode = v->op >> 5;
    if (v->op != OP_LDDW && v->op != OP_LDDWD && v->op != OP_LDDWR) {
        return mode == 1 || mode == 2 ? RBPF_ERR_UNSUPPORTED : RBPF_ERR_INSTRUCTION; /* packet access: abs, ind */
    }
    if (v->slot + 1 >= v->image->slot_count) {
        return RBPF_ERR_RETURN;
    }
    if (v->dst > 9) {
        return RBPF_ERR_REGISTER;
    }
    if (v->src != 0) {
        return RBPF_ERR_UNSUPPORTED; /* maps and other objects of a kernel */
    }
    const uint8_t *second = v->image->text + (v->slot + 1) * RBPF_SLOT_SIZE;
    if (v->offset != 0 || rbpf_image32(second) != 0) {
        return RBPF_ERR_RESERVED;
    }
    if (v->op != OP_LDDW && (rbpf_immediate(second) != 0 || (uint32_t)v->immediate > RBPF_OFFSET_MASK)) {
        return RBPF_ERR_MEMORY;
    }
    return RBPF_OK;
}

static rbpf_result_t check_one(const verify_t *v)
{
    if (v->dst > 10 || v->src > 10) {
        return RBPF_ERR_REGISTER;
    }
    switch (v->op & 7u) {
    case CLASS_LD:
        return check_wide(v);
    case CLASS_ALU32:
    case CLASS_ALU64:
        return check_alu(v);
    case CLASS_JMP:
    case CLASS_JMP32:
        return check_branch(v);
    default:
        return check_access(v);
    }
}

static bool ends(uint32_t op)
{
    return op == OP_EXIT || op == OP_JA || op == OP_JA32;
}

static rbpf_result_t check_text(verify_t *v)
{
    uint32_t last = 0;
    for (v->slot = 0; v->slot < v->image->slot_count; v->slot++) {
        const uint8_t *pc = v->image->text + v->slot * RBPF_SLOT_SIZE;
        v->op = pc[0];
        v->code = v->op >> 4;
        v->dst = rbpf_dst(pc);
        v->src = rbpf_src(pc);
        v->offset = rbpf_offset(pc);
        v->immediate = rbpf_immediate(pc);
        const rbpf_result_t result = check_one(v);
        if (result != RBPF_OK) {
            return result;
        }
        last = v->op;
        if ((v->op & 7u) == CLASS_LD) {
            v->slot++;
        }
    }
    v->slot = v->image->slot_count - 1;
    return ends(last) ? RBPF_OK : RBPF_ERR_RETURN;
}

rbpf_result_t rbpf_verify(rbpf_image_t *image, rbpf_known_fn known, void *known_ctx, uint32_t *fault_at)
{
    verify_t v = {.image = image, .known = known, .known_ctx = known_ctx};
    rbpf_result_t result = check_text(&v);
    for (uint32_t i = 0; result == RBPF_OK && i < image->function_count; i++) {
        result = rbpf_image_function(image, i, &v.slot, NULL);
        if (!is_entry(&v, v.slot)) {
            result = RBPF_ERR_FUNCTION;
        }
    }
    image->verified = result == RBPF_OK;
    *fault_at = v.slot;
    return result;
}
