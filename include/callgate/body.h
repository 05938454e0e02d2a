/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/body.h - the helpers that generated bodies consist of. Nobody else calls them.
 * Every check of the gate is one of these. With CG_FAST they are inline and fuse with body and glue; without it they are extern.
 * Each returns false (or NULL) after noting why; a body then does nothing more. `cg_guest_t` fields are read and written here only. */
#ifndef CALLGATE_BODY_H
#define CALLGATE_BODY_H

#include "callgate/guest.h"
#include "callgate/host.h"

#include <string.h>

#ifdef CG_FAST
#define CG_HELPER static inline __attribute__((unused))
#else
#define CG_HELPER extern
#endif
#if defined(__GNUC__) || defined(__clang__)
#define CG_LIKELY(x) __builtin_expect(!!(x), 1)
#define CG_COLD __attribute__((cold, noinline))
#define CG_NODISCARD __attribute__((warn_unused_result))
#else
#define CG_LIKELY(x) (x)
#define CG_COLD
#define CG_NODISCARD
#endif
/* A copy; one of known size is a load and a store, in freestanding code too. */
#if defined(__GNUC__) || defined(__clang__)
#define cg_copy(to, from, size) ((void)__builtin_memcpy((to), (from), (size)))
#else
#define cg_copy(to, from, size) ((void)memcpy((to), (from), (size)))
#endif
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CG_BIG_ENDIAN 1
#else
#define CG_BIG_ENDIAN 0
#endif

/* ---- cold, always extern ---- */

/* Note the first reason to refuse; always false. */
CG_COLD bool cg_no(cg_guest_t *g, int why);
/* The same where cg_enter refused: puts the budget back and says unknown, denied, busy or budget. */
CG_COLD bool cg_no_entry(cg_guest_t *g, uint32_t index);
/* Note why a handle did not resolve. */
CG_COLD void *cg_no_handle(cg_guest_t *g, uint32_t handle, unsigned type);
/* A call that was refused, or that has dying handles to sweep: counts, obeys the violation policy, gives what the guest gets. */
CG_COLD uint64_t cg_failed(cg_guest_t *g, uint32_t index, uint64_t result, unsigned form);
/* The same, for a call that was entered and is to be left; false where the activation is to end now. */
CG_COLD bool cg_leave_failed(cg_guest_t *g, uint32_t index, uint64_t value, unsigned form, uint64_t *result);
/* A host function returned something that is not 0: an error it may return is passed on, all else becomes CG_ERR_HOST. */
CG_COLD bool cg_host_error(cg_guest_t *g, int result, uint32_t fail_mask);

/* ---- a call begins and ends ---- */

/* Whether the policy grants this call; an index of the set. Once the guest is being stopped, none is. */
CG_HELPER bool cg_is_granted(const cg_guest_t *g, uint32_t index);

/* Granted, not busy, budget left; then busy. */
CG_NODISCARD CG_HELPER bool cg_enter(cg_guest_t *g, uint32_t index);
/* No longer busy; what the guest gets. */
CG_HELPER uint64_t cg_done(cg_guest_t *g, uint32_t index, uint64_t result, unsigned form);
/* The same in one step for glue: false where the activation is to end now. */
CG_HELPER bool cg_leave(cg_guest_t *g, uint32_t index, uint64_t value, unsigned form, uint64_t *result);

/* ---- slots to words ---- */

/* A slot of 64 bits that carries a value of at most 32: the rest is its zero or sign extension, nothing else. */
CG_NODISCARD CG_HELPER bool cg_is_u32(cg_guest_t *g, uint64_t slot);
CG_NODISCARD CG_HELPER bool cg_is_s32(cg_guest_t *g, uint64_t slot);
/* The lower and the upper half of a slot; and that bits, of the upper halves of several slots at once, are not there. */
CG_HELPER uint32_t cg_word(const uint64_t *slot);
CG_HELPER uint32_t cg_high(const uint64_t *slot);
CG_NODISCARD CG_HELPER bool cg_is_none(cg_guest_t *g, uint32_t bits);
/* The first four bytes of a typed slot; the rest of it means nothing. */
CG_HELPER uint32_t cg_low(const uint64_t *slot);
/* The slots that do not fit the convention: `n` slots of 8 little-endian bytes at guest address `at`, copied once. */
CG_NODISCARD CG_HELPER bool cg_spill(cg_guest_t *g, uint64_t at, uint64_t *slots, uint32_t n);

/* ---- scalars ---- */

CG_NODISCARD CG_HELPER bool cg_width_u(cg_guest_t *g, uint32_t word, uint32_t max);
CG_NODISCARD CG_HELPER bool cg_width_s(cg_guest_t *g, uint32_t word, int32_t min, int32_t max);
CG_NODISCARD CG_HELPER bool cg_range_u(cg_guest_t *g, uint64_t value, uint64_t min, uint64_t max);
CG_NODISCARD CG_HELPER bool cg_range_s(cg_guest_t *g, int64_t value, int64_t min, int64_t max);
/* A closed enum's value is known, or flags have no unnamed bit. */
CG_NODISCARD CG_HELPER bool cg_known(cg_guest_t *g, bool is_known);
/* The host's side of the same checks: false notes CG_ERR_HOST. */
CG_NODISCARD CG_HELPER bool cg_host_kept(cg_guest_t *g, bool is_kept);

/* What reading a record or a list from guest memory found wrong; 0 nothing. */
CG_NODISCARD CG_HELPER bool cg_read(cg_guest_t *g, int err);

/* ---- handles ---- */

/* The object of a live handle of this type with one of these rights (0: none needed), or NULL. */
CG_NODISCARD CG_HELPER void *cg_get(cg_guest_t *g, uint32_t handle, unsigned type, unsigned right);
/* The same for `optional`: 0 gives *object = NULL and is right. */
CG_NODISCARD CG_HELPER bool cg_get_optional(cg_guest_t *g, uint32_t handle, unsigned type, unsigned right, void **object);
/* `own` in: the object must be owned by the guest. */
CG_NODISCARD bool cg_is_owned(cg_guest_t *g, uint32_t handle);
/* A handle that is given away is not an argument in another place. */
CG_NODISCARD CG_HELPER bool cg_distinct(cg_guest_t *g, uint32_t handle, uint32_t other);
/* A handle given away: it dies, nothing is released. */
void cg_consume(cg_guest_t *g, uint32_t handle);
/* Before invoke: is there room for one more handle of this type? */
CG_NODISCARD bool cg_room_lent(cg_guest_t *g, unsigned type);
CG_NODISCARD bool cg_room_own(cg_guest_t *g, unsigned type, unsigned count);
/* After invoke: the handle of an object. Lent: the one it has, else a new one. Own: a new one; if that fails the object is released.
 * NULL is CG_ERR_HOST unless `optional`, then handle 0. */
CG_NODISCARD bool cg_lend(cg_guest_t *g, unsigned type, const void *object, bool optional, uint32_t *handle);
CG_NODISCARD bool cg_own(cg_guest_t *g, unsigned type, void *object, bool optional, uint32_t *handle);
/* A later step failed: close an owned handle that the guest never saw. 0 is nothing. */
void cg_undo(cg_guest_t *g, uint32_t handle);

/* ---- memory ---- */

/* `n` bytes at `at` that may be read / written, or NULL. Valid until the guest can run again. */
CG_NODISCARD CG_HELPER const uint8_t *cg_in(cg_guest_t *g, uint32_t at, uint32_t n);
CG_NODISCARD CG_HELPER uint8_t *cg_out(cg_guest_t *g, uint32_t at, uint32_t n);
/* An element count of a buffer: at most max (else RANGE); its bytes are charged to the activation (else QUOTA). */
CG_NODISCARD CG_HELPER bool cg_count_in(cg_guest_t *g, uint32_t count, uint32_t max, uint32_t size);
/* A capacity in elements: *bytes is the whole range to check, saturating. */
CG_NODISCARD CG_HELPER bool cg_count_out(cg_guest_t *g, uint32_t capacity, uint32_t max, uint32_t size, uint32_t *bytes);
/* Two ranges, one of them to be written, share no byte. Empty ranges share nothing. Both were checked by cg_in or cg_out. */
CG_NODISCARD CG_HELPER bool cg_apart(cg_guest_t *g, uint32_t at, uint32_t n, uint32_t at2, uint32_t n2);
/* Copy out: the range is derived again. */
CG_NODISCARD CG_HELPER bool cg_give(cg_guest_t *g, uint32_t at, const void *bytes, uint32_t n);
CG_NODISCARD CG_HELPER bool cg_give8(cg_guest_t *g, uint32_t at, uint32_t value);
CG_NODISCARD CG_HELPER bool cg_give16(cg_guest_t *g, uint32_t at, uint32_t value);
CG_NODISCARD CG_HELPER bool cg_give32(cg_guest_t *g, uint32_t at, uint32_t value);
CG_NODISCARD CG_HELPER bool cg_give64(cg_guest_t *g, uint32_t at, uint64_t value);

/* Little-endian values in a host copy of guest bytes; any alignment. */
CG_HELPER void cg_store16(uint8_t *to, uint32_t value);
CG_HELPER void cg_store32(uint8_t *to, uint32_t value);
CG_HELPER void cg_store64(uint8_t *to, uint64_t value);
CG_HELPER uint32_t cg_load16(const uint8_t *from);
CG_HELPER uint32_t cg_load32(const uint8_t *from);
CG_HELPER uint64_t cg_load64(const uint8_t *from);

/* ---- events ---- */

/* For generated cg_post_ functions: queue event `event` of the set, from `object`, with the data that the set says. Any thread. */
cg_post_t cg_event_post(cg_guest_t *g, uint32_t event, const void *object, const void *data);

/* For adapters: the event as the guest sees it. `block` (CG_EV_HEAD + CG_EV_DATA_MAX bytes) will lie at guest address `at`; `slots` (CG_EV_SLOTS_MAX) are
 * the handler's arguments. */
void cg_event_block(const cg_guest_t *g, const cg_ev_delivery_t *delivery, uint32_t at, uint8_t *block, uint64_t *slots);

/* For adapters: put a block into guest memory, `n` bytes at `at`; false where the guest has no such memory to write. Between calls. */
CG_NODISCARD bool cg_event_write(cg_guest_t *g, uint32_t at, const uint8_t *block, uint32_t n);

/* ---- texts and guards ---- */

/* Copy `n` guest bytes to `to` (n + 1 bytes) with a NUL behind; they must be UTF-8 without NUL. */
CG_NODISCARD bool cg_text(cg_guest_t *g, const uint8_t *from, uint32_t n, char *to);
/* A host's text keeps to UTF-8 without NUL and to its capacity. */
CG_NODISCARD bool cg_host_text(cg_guest_t *g, const cg_text_buffer_t *text);
/* `format: uri`. */
CG_NODISCARD bool cg_uri(cg_guest_t *g, const char *text, uint32_t n);
/* The policy allows this value. */
CG_NODISCARD bool cg_guard_value(cg_guest_t *g, unsigned guard, int64_t value);
CG_NODISCARD bool cg_guard_text(cg_guest_t *g, unsigned guard, const char *text, uint32_t n);

/* ---- the gate's own calls (api/gate.yaml) ---- */

int host_gate_close(cg_call_t *call, uint32_t handle);
bool host_gate_allowed(cg_call_t *call, uint32_t number);

/* ---- SMALL: one row a call instead of glue a call ---- */

typedef uint64_t cg_body_fn(cg_guest_t *g, const uint32_t *words);

/* What the host function is given for one argument, or what it gave: the member is the one of the argument's C type. Begins as zeros. */
typedef union cg_cell {
    void *object;   /* a handle's */
    uint32_t word;  /* a handle itself, once it is made; outputs of fewer bits, after the call */
    bool truth;
    uint8_t u8;
    uint16_t u16;
    uint32_t u32;
    int8_t s8;
    int16_t s16;
    int32_t s32;
    cg_bytes_t bytes; /* records and texts too, until they are copied */
    cg_text_t text;
    cg_buffer_t buffer;
    cg_text_buffer_t text_buffer;
} cg_cell_t;

/* Calls the host function with values from words and cells. The error it returned, or the value that is the result. */
typedef uint32_t cg_thunk_fn(cg_guest_t *g, const uint32_t *words, cg_cell_t *cells);

/* A descriptor: ops in the order of doc/abi.md. Each is a byte (op | cell << 5), for some a byte (the word `w` that it is about), for most `x`, and
 * for some `y`, both as seven bits a byte, low ones first. The helpers named here are those that compiled bodies consist of. */
typedef enum cg_op {
    CG_ROW_END,        /* alone: the call is done, the result is 0 */
    CG_ROW_END_WORD,   /* alone: the result is the cell's word */
    CG_ROW_END_COUNT,  /* alone: the result is the buffer's count */
    CG_ROW_WIDTH_U,    /* w, no x; cg_width_u: 1, 8 or 16 bits for cell 0, 1 or 2 */
    CG_ROW_WIDTH_S,    /* w, no x; cg_width_s: 8 or 16 bits for cell 1 or 2 */
    CG_ROW_RANGE_U,    /* w; cg_range_u, x to y */
    CG_ROW_HANDLE,     /* w; cg_get; x: type << 3 | right */
    CG_ROW_IN,         /* w; cg_in, x bytes */
    CG_ROW_BUFFER_IN,  /* w: address, count; cg_count_in, at most x, and cg_in */
    CG_ROW_OUT,        /* w; cg_out, x bytes */
    CG_ROW_BUFFER_OUT, /* w: address, capacity; cg_count_out, at most x, and cg_out */
    CG_ROW_KNOWN,      /* w; cg_known; x runs of values, see interpret.c */
    CG_ROW_GUARD,      /* w; cg_guard_value; x: guard */
    CG_ROW_ROOM_LENT,  /* cg_room_lent; x: type */
    CG_ROW_ROOM_OWN,   /* cg_room_own for one; x: type */
    CG_ROW_TEXT,       /* cg_text; x: where in the copies */
    CG_ROW_COPY,       /* the bytes of CG_ROW_IN; x: where in the copies */
    CG_ROW_ZERO,       /* x: where in the copies, y bytes: the cell's buffer lies there */
    CG_ROW_GUARD_TEXT, /* cg_guard_text; x: guard */
    CG_ROW_APART,      /* no x; cg_apart, for each two ranges so far of which one is written */
    CG_ROW_URI,        /* no x; cg_uri */
    CG_ROW_VALUE,      /* no x; the host function, which gives the cell's word */
    CG_ROW_INVOKE,     /* the host function; x: the API errors it may fail with */
    CG_ROW_OWN,        /* cg_own, undone if a later op refuses; x: type */
    CG_ROW_LEND,       /* cg_lend; x: type */
    CG_ROW_KEPT_RANGE, /* cg_host_kept, x to y */
    CG_ROW_KEPT_COUNT, /* w: address, capacity; cg_host_kept: at most x, and at most the capacity */
    CG_ROW_KEPT_TEXT,  /* w; the same; y: where in the copies the text still is; and cg_host_text */
    CG_ROW_GIVE,       /* w; cg_give, the first x bytes of the cell */
    CG_ROW_GIVE_COPY,  /* w; cg_give; x: where in the copies, y bytes */
    CG_ROW_GIVE_TEXT,  /* w; cg_give, as many bytes as the buffer's count; x: where in the copies */
    CG_ROW_GIVE_COUNT  /* w; cg_give, the buffer's count */
} cg_op_t;
_Static_assert(CG_ROW_GIVE_COUNT < 32, "an op has five bits");

/* A call that needs more of these is compiled. */
enum { CG_ROW_CELLS_MAX = 8, CG_ROW_EXTENTS_MAX = 8, CG_ROW_COPY_MAX = 640, CG_ROW_COPY_LITTLE = 64 };

/* shape: two bits a slot, slot 0 lowest: 0 unsigned, 1 signed, 2 64 bits (two words). */
typedef struct cg_row {
    union {
        cg_body_fn *body;   /* where ops is NULL: the body, compiled */
        cg_thunk_fn *thunk; /* else */
    };
    const uint8_t *ops; /* the descriptor */
    uint32_t shape;
    uint8_t slots;
    uint8_t form;  /* cg_form_t */
    uint16_t copy; /* bytes of copies that the descriptor uses, at most CG_ROW_COPY_MAX */
} cg_row_t;

/* The body of a row that has a descriptor. */
uint64_t cg_interpret(cg_guest_t *g, const cg_row_t *row, const uint32_t *words);

enum { CG_ROW_SLOTS_MAX = 16, CG_ROW_WORDS_MAX = 32 };

/* The whole of a call from 64-bit slots. `limit`: slots that the convention has; more are spilled. `is_typed`: a slot of at most 32 bits holds
 * its value in its first 4 bytes and nothing else is meaningful (WebAssembly i32); else extension is checked. */
uint64_t cg_row_call(cg_guest_t *g, const cg_row_t *row, uint32_t index, const uint64_t *slots, uint32_t limit, bool is_typed);

#ifdef CG_FAST
#include "callgate/body_inline.h"
#endif
#endif
