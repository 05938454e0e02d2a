/* SPDX-License-Identifier: BSD-2-Clause */
/* memory.c - a guest's memory in pieces of the host's, counted, limited, and freed as a whole: so an engine may be left wherever it runs out of it. */
#include "object_base.h"

#include <stdint.h>
#include <stdlib.h>

typedef struct cg_object_piece {
    struct cg_object_piece *next, *previous;
    size_t size; /* this head included */
    max_align_t bytes[];
} piece_t;

static piece_t *piece_of(void *block)
{
    return block == NULL ? NULL : (piece_t *)(void *)((char *)block - offsetof(piece_t, bytes));
}

static void unlink_piece(cg_object_base_t *base, const piece_t *piece)
{
    base->used -= piece->size;
    if (piece->previous != NULL) {
        piece->previous->next = piece->next;
    } else {
        base->pieces = piece->next;
    }
    if (piece->next != NULL) {
        piece->next->previous = piece->previous;
    }
}

static void link_piece(cg_object_base_t *base, piece_t *piece, size_t size)
{
    *piece = (piece_t){.next = base->pieces, .previous = NULL, .size = size};
    if (base->pieces != NULL) {
        base->pieces->previous = piece;
    }
    base->pieces = piece;
    base->used += size;
}

void *cg_object_allocate(cg_object_base_t *base, void *block, size_t size)
{
    piece_t *old = piece_of(block);
    const size_t before = old == NULL ? 0 : old->size;
    if (size > PTRDIFF_MAX - sizeof(piece_t)) {
        return NULL;
    }
    const size_t whole = size + sizeof(piece_t);
    if (whole > before && whole - before > base->most - base->used) {
        return NULL;
    }
    cg_object_charge(base, whole);
    if (old != NULL) {
        unlink_piece(base, old);
    }
    piece_t *made = realloc(old, whole);
    if (made == NULL) {
        if (old != NULL) {
            link_piece(base, old, before);
        }
        return NULL;
    }
    if (whole > before) {
        const size_t kept = before == 0 ? sizeof(piece_t) : before;
        memset((char *)made + kept, 0, whole - kept);
    }
    link_piece(base, made, whole);
    return made->bytes;
}

void cg_object_free(cg_object_base_t *base, void *block)
{
    piece_t *piece = piece_of(block);
    if (piece != NULL) {
        unlink_piece(base, piece);
        free(piece);
    }
}

void cg_object_free_all(cg_object_base_t *base)
{
    while (base->pieces != NULL) {
        cg_object_free(base, base->pieces->bytes);
    }
}
