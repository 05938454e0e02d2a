/* SPDX-License-Identifier: BSD-2-Clause */
/* limits.h - scenes that use up what the policy gives, do not end by themselves, or meet what is not granted. Included by guest.c only. */

SCENE scene_perhaps(void)
{
    uint8_t level = 77;
    report(contract_perhaps(&level));
    report(level);
}

SCENE scene_perhaps_value(void)
{
    report(contract_perhaps_value());
}

/* Call numbers: 77 is the API. */
SCENE scene_allowed(void)
{
    report(gate_allowed(77u << 16 | 7));
    report(gate_allowed(77u << 16 | 31));
    report(gate_allowed(77u << 16 | 33));
    report(gate_allowed(77u << 16 | 99));
    report(gate_allowed(UINT32_MAX));
}

/* After the calls are used up reports are refused too: the second activation tells what the first one saw, an error a digit. */
SCENE scene_many_calls(void)
{
    if (contract_ask(ASK_ROUND) == 1) {
        for (int i = 0; i < 8; i++) {
            *(volatile uint8_t *)&area[i] = (uint8_t)-callgate_contract_take(0, 0);
        }
        return;
    }
    int32_t digits = 1;
    for (int i = 0; i < 8; i++) {
        digits = digits * 10 + *(volatile uint8_t *)&area[i];
    }
    report(digits);
}

SCENE scene_many_bytes(void)
{
    area_fill(0);
    report(contract_take(area, 30));
    report(contract_take(area, 11));
    report(contract_take(area, 10));
    report(contract_take(area, 0));
    report(contract_take(area, 1));
}

SCENE scene_loop(void)
{
    for (;;) {
        __asm__ volatile("" ::: "memory");
    }
}

SCENE scene_loop_calling(void)
{
    for (;;) {
        (void)contract_sum(1, 1);
    }
}

SCENE scene_wait(void)
{
    report(contract_wait());
    report(-1000);
}

/* A buffer in memory that was not there when the guest began. */
SCENE scene_grow(void)
{
#ifdef __wasm__
    const uint32_t was = edge();
    report(__builtin_wasm_memory_size(0));
    report(callgate_contract_take(was, 1));
    report(__builtin_wasm_memory_grow(0, 1));
    report(edge() - was);
    *(volatile uint8_t *)pointer(was) = 'n';
    *(volatile uint8_t *)pointer(was + 65535) = 'z';
    report(callgate_contract_take(was, 1));
    report(callgate_contract_take(was + 65535, 1));
    report(callgate_contract_take(was + 65535, 2));
    report((int32_t)__builtin_wasm_memory_grow(0, 1));
#else
    report(-1000);
#endif
}

SCENE scene_three_violations(void)
{
    for (uint32_t i = 0; i < 3; i++) {
        report(callgate_contract_take(outside(), 1));
    }
    report(-1000);
}

/* A variable, an object and its handle outlive an activation. */
SCENE scene_kept(void)
{
    if (contract_ask(ASK_ROUND) == 1) {
        scene_note_thing();
        return;
    }
    report(callgate_contract_use(contract_ask(ASK_NOTE)));
}
