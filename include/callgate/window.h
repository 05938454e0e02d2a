/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/window.h - a range of guest memory, as the host sees it.
 * Filled in by adapters and engines, read by the gate. Holds no rights beyond its two sizes. */
#ifndef CALLGATE_WINDOW_H
#define CALLGATE_WINDOW_H

#include <stdint.h>

/* One range of guest memory.
 * bytes:    host address of the first byte; never NULL, even when both sizes are 0. Owned by the engine.
 * readable: bytes from the start that may be read.
 * writable: bytes from the start that may be written; a window is read-only where it is 0, and never larger than `readable`.
 * Two sizes instead of rights bits: one comparison checks range and right together. */
typedef struct cg_window {
    uint8_t *bytes;
    uint32_t readable;
    uint32_t writable;
} cg_window_t;

#endif
