/* SPDX-License-Identifier: BSD-2-Clause */
/* rig.c - see rig.h. */
#include "rig.h"

uint32_t rig_bytes(const char *digits, uint8_t *bytes)
{
    uint32_t count = 0;
    for (; *digits != 0; digits++) {
        if (*digits != ' ') {
            const char pair[3] = {digits[0], digits[1], 0};
            bytes[count++] = (uint8_t)strtoul(pair, NULL, 16);
            digits++;
        }
    }
    assert_true(count <= RIG_CODE_MAX);
    return count;
}

static bool serve(void *ctx, unsigned function, unsigned argc, const uint16_t *argv, uint16_t *result)
{
    rig_t *const rig = ctx;
    rig->calls++;
    rig->last_function = function;
    rig->last_argc = argc;
    memcpy(rig->last_argv, argv, argc * sizeof argv[0]);
    if (rig->stop) {
        evm_stop(&rig->evm);
    }
    *result = (uint16_t)(100u * function + argc);
    return !rig->refuse;
}

void rig_open(rig_t *rig, const char *digits)
{
    uint8_t code[RIG_CODE_MAX];
    const uint32_t size = rig_bytes(digits, code);
    rig->size = rig->size == 0 ? 256 : rig->size;
    rig->memory = malloc(rig->size);
    assert_non_null(rig->memory);
    memset(rig->memory, 0xa5, rig->size);
    assert_int_equal(evm_init(&rig->evm, rig->memory, rig->size, code, size, serve, rig), EVM_OK);
}

void rig_close(rig_t *rig)
{
    free(rig->memory);
    rig->memory = NULL;
}

evm_result_t rig_run(rig_t *rig, const uint16_t *args, unsigned argc, uint16_t *value)
{
    const uint16_t sp = rig->evm.sp;
    *value = 0;
    const evm_result_t result = evm_run(&rig->evm, 0, args, argc, RIG_STEPS, value);
    assert_int_equal(result, rig->evm.fault);
    assert_int_equal(rig->evm.sp, sp);
    return result;
}

void rig_rows(const rig_row_t *rows, size_t count)
{
    static const uint16_t args[] = {1000, 2000};
    for (size_t i = 0; i < count; i++) {
        rig_t rig = {0};
        uint16_t value;
        rig_open(&rig, rows[i].code);
        const evm_result_t result = rig_run(&rig, args, 2, &value);
        const uint32_t got = result == EVM_OK ? value : rig.evm.fault_ip;
        if (result != rows[i].result || got != rows[i].value) {
            fail_msg("%s: '%s' with 0x%04x, wanted '%s' with 0x%04x", rows[i].name, evm_result_text(result), got,
                     evm_result_text(rows[i].result), rows[i].value);
        }
        rig_close(&rig);
    }
}
