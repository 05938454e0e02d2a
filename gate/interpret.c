/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/interpret.c - a body from its descriptor: the SMALL build's way through the checks of a call.
 * Called by row.c. Each op is one or two of the helpers that a compiled body would call, in the same order; what an op means stands at cg_op_t.
 * Helpers are inline here whatever the build: most are called from one place, and so cost least.
 * Descriptors are constants of the program: they are trusted. What they are run on is not. No recursion, and no loop that a guest could lengthen. */
#undef CG_FAST
#define CG_FAST 1
#include "callgate/body.h"

typedef struct extent {
    uint32_t at, size;
    bool is_written;
} extent_t;

typedef struct run {
    cg_guest_t *g;
    const cg_row_t *row;
    const uint32_t *words;
    uint8_t *copy;
    const uint8_t *next; /* of the descriptor */
    uint32_t owned;      /* the handle to undo; 0: none yet */
    uint32_t extent_count;
    extent_t extents[CG_ROW_EXTENTS_MAX];
    cg_cell_t cells[CG_ROW_CELLS_MAX];
} run_t;

/* The next operand: seven bits a byte, low ones first, the high bit says that more follow. */
static uint32_t operand(run_t *r)
{
    uint32_t value = 0, shift = 0, byte;
    do {
        byte = *r->next++;
        value |= (byte & 127u) << shift;
        shift += 7;
    } while (byte > 127u);
    return value;
}

static void extent(run_t *r, uint32_t at, uint32_t size, bool is_written)
{
    r->extents[r->extent_count++] = (extent_t){at, size, is_written};
}

static bool range_in(run_t *r, cg_cell_t *cell, uint32_t at, uint32_t size)
{
    cell->bytes.bytes = cg_in(r->g, at, size);
    cell->bytes.size = size;
    extent(r, at, size, false);
    return cell->bytes.bytes != NULL;
}

static uint8_t *range_out(run_t *r, uint32_t at, uint32_t size)
{
    extent(r, at, size, true);
    return cg_out(r->g, at, size);
}

static bool buffer_out(run_t *r, cg_cell_t *cell, const uint32_t *w, uint32_t max)
{
    uint32_t size;
    if (!cg_count_out(r->g, w[1], max, 1, &size)) {
        return false;
    }
    cell->buffer.bytes = range_out(r, w[0], size);
    cell->buffer.capacity = w[1] < max ? w[1] : max;
    return cell->buffer.bytes != NULL;
}

static bool apart(run_t *r)
{
    for (const extent_t *one = r->extents; one < r->extents + r->extent_count; one++) {
        for (const extent_t *two = r->extents; two < one; two++) {
            if ((one->is_written || two->is_written) && !cg_apart(r->g, one->at, one->size, two->at, two->size)) {
                return false;
            }
        }
    }
    return true;
}

/* Is the value in one of `count` runs? Each is the distance from the end of the one before, then how many values follow its first. */
static bool known(run_t *r, uint32_t value, uint32_t count)
{
    bool is_known = false;
    for (uint32_t low = 0; count > 0; count--) {
        low += operand(r);
        const uint32_t more = operand(r);
        is_known = is_known || value - low <= more;
        low += more;
    }
    return cg_known(r->g, is_known);
}

/* The host function by its thunk. What it returns is an error unless the call is a value. */
static bool invoke(run_t *r, uint32_t fail_mask)
{
    const int failed = (int)r->row->thunk(r->g, r->words, r->cells);
    return failed == 0 || cg_host_error(r->g, failed, fail_mask);
}

/* What the host left in a buffer, against what the gate gave it, not against what it left in its own argument. */
static bool kept_count(run_t *r, const cg_cell_t *cell, const uint32_t *w, uint32_t max)
{
    return cg_host_kept(r->g, cell->buffer.count <= (w[1] < max ? w[1] : max));
}

/* How the descriptor ends says what the call's result is. */
static uint64_t result_of(const cg_cell_t *cell, uint32_t where)
{
    return where == CG_ROW_END_WORD ? cell->word : where == CG_ROW_END_COUNT ? cell->buffer.count : 0;
}

static bool after(run_t *r, uint32_t op, cg_cell_t *cell, const uint32_t *w, uint32_t x)
{
    cg_guest_t *g = r->g;
    switch (op) {
    case CG_ROW_INVOKE:
        return invoke(r, x);
    case CG_ROW_VALUE:
        cell->word = r->row->thunk(g, r->words, r->cells);
        return true;
    case CG_ROW_OWN: {
        void *object = cell->object;
        const bool is_made = cg_own(g, x, object, false, &cell->word);
        r->owned = is_made ? cell->word : 0;
        return is_made;
    }
    case CG_ROW_LEND:
        return cg_lend(g, x, cell->object, false, &cell->word);
    case CG_ROW_KEPT_RANGE:
        return cg_host_kept(g, cell->word >= x && cell->word <= operand(r));
    case CG_ROW_KEPT_COUNT:
        return kept_count(r, cell, w, x);
    case CG_ROW_KEPT_TEXT:
        return cg_host_kept(g, cell->buffer.bytes == r->copy + operand(r)) && kept_count(r, cell, w, x) && cg_host_text(g, &cell->text_buffer);
    case CG_ROW_GIVE:
        return cg_give(g, *w, cell, x);
    case CG_ROW_GIVE_COPY:
        return cg_give(g, *w, r->copy + x, operand(r));
    case CG_ROW_GIVE_TEXT:
        return cg_give(g, *w, r->copy + x, cell->buffer.count);
    default: /* CG_ROW_GIVE_COUNT */
        return cg_give(g, *w, &cell->buffer.count, 4);
    }
}

static bool before(run_t *r, uint32_t op, cg_cell_t *cell, const uint32_t *w, uint32_t x)
{
    cg_guest_t *g = r->g;
    switch (op) {
    case CG_ROW_WIDTH_U:
        return cg_width_u(g, *w, ((1u << 8 * x) - 1) | 1u); /* no bytes: one bit */
    case CG_ROW_WIDTH_S:
        return cg_width_s(g, *w, -(1 << (8 * x - 1)), (1 << (8 * x - 1)) - 1);
    case CG_ROW_RANGE_U:
        return cg_range_u(g, *w, x, operand(r));
    case CG_ROW_HANDLE:
        cell->object = cg_get(g, *w, x >> 3, x & 7u);
        return cell->object != NULL;
    case CG_ROW_IN:
        return range_in(r, cell, *w, x);
    case CG_ROW_BUFFER_IN:
        return cg_count_in(g, w[1], x, 1) && range_in(r, cell, w[0], w[1]);
    case CG_ROW_OUT:
        return range_out(r, *w, x) != NULL;
    case CG_ROW_BUFFER_OUT:
        return buffer_out(r, cell, w, x);
    case CG_ROW_APART:
        return apart(r);
    case CG_ROW_ROOM_LENT:
        return cg_room_lent(g, x);
    case CG_ROW_ROOM_OWN:
        return cg_room_own(g, x, 1);
    case CG_ROW_TEXT: {
        char *to = (char *)r->copy + x;
        const uint8_t *from = cell->bytes.bytes;
        cell->text.text = to;
        return cg_text(g, from, cell->bytes.size, to);
    }
    case CG_ROW_COPY: {
        const uint8_t *from = cell->bytes.bytes;
        cell->bytes.bytes = memcpy(r->copy + x, from, cell->bytes.size);
        return true;
    }
    case CG_ROW_ZERO:
        cell->buffer.bytes = memset(r->copy + x, 0, operand(r));
        return true;
    case CG_ROW_KNOWN:
        return known(r, *w, x);
    case CG_ROW_URI:
        return cg_uri(g, cell->text.text, cell->text.size);
    case CG_ROW_GUARD:
        return cg_guard_value(g, x, *w);
    default: /* CG_ROW_GUARD_TEXT */
        return cg_guard_text(g, x, cell->text.text, cell->text.size);
    }
}

static uint64_t interpret(cg_guest_t *g, const cg_row_t *row, const uint32_t *words, uint8_t *copy)
{
    run_t r;
    memset(&r, 0, sizeof r);
    r.g = g;
    r.row = row;
    r.words = words;
    r.copy = copy;
    r.next = row->ops;
    for (;;) {
        const uint32_t byte = *r.next++;
        const uint32_t op = byte & 31u;
        cg_cell_t *cell = &r.cells[byte >> 5];
        if (op <= CG_ROW_END_COUNT) {
            return result_of(cell, op);
        }
        const uint32_t *w = words;
        if (op < CG_ROW_ROOM_LENT || op >= CG_ROW_KEPT_COUNT) {
            w += *r.next++;
        }
        const uint32_t x = op <= CG_ROW_WIDTH_S || (op >= CG_ROW_APART && op <= CG_ROW_VALUE) ? byte >> 5 : operand(&r);
        if (!(op >= CG_ROW_VALUE ? after(&r, op, cell, w, x) : before(&r, op, cell, w, x))) {
            cg_undo(g, r.owned);
            return 0;
        }
    }
}

/* Few calls copy more than some bytes, and the stacks of small machines are short: two frames. */
static __attribute__((noinline)) uint64_t with_much(cg_guest_t *g, const cg_row_t *row, const uint32_t *words)
{
    _Alignas(8) uint8_t copy[CG_ROW_COPY_MAX];
    return interpret(g, row, words, copy);
}

static __attribute__((noinline)) uint64_t with_little(cg_guest_t *g, const cg_row_t *row, const uint32_t *words)
{
    _Alignas(8) uint8_t copy[CG_ROW_COPY_LITTLE];
    return interpret(g, row, words, copy);
}

uint64_t cg_interpret(cg_guest_t *g, const cg_row_t *row, const uint32_t *words)
{
    return row->copy > CG_ROW_COPY_LITTLE ? with_much(g, row, words) : with_little(g, row, words);
}
