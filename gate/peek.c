/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/peek.c - looks without effect, for traces and tests; a program that does not trace does not link this file. */
#include "callgate/trace.h"

const uint8_t *cg_peek(const cg_guest_t *g, uint32_t at, uint32_t n)
{
    const cg_window_t *window = &g->windows[at >> 28 & g->region_mask];
    const uint32_t offset = at & g->offset_mask;
    return offset <= window->readable && n <= window->readable - offset ? window->bytes + offset : NULL;
}

const void *cg_peek_handle(const cg_guest_t *g, uint32_t handle, uint16_t *type)
{
    const cg_slot_t *slot = &g->slots[handle >> 1 & g->slot_mask];
    if (slot->name != handle || slot->type == 0) {
        return NULL;
    }
    *type = slot->type;
    return slot->u.object;
}
