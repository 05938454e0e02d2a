/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/arena.h - memory that is given back all at once.
 * Used by nodes, model and plan, which live and die together. Never frees one thing alone; never returns NULL. */
#ifndef YAML_ARENA_H
#define YAML_ARENA_H

#include <stdarg.h>
#include <stddef.h>

typedef struct arena_chunk arena_chunk_t;

/* Set to zero by arena_init; the fields are the arena's own. */
typedef struct arena {
    arena_chunk_t *chunks;
    char *next;
    size_t left;       /* bytes left at `next` */
    size_t chunk_size; /* bytes of the next chunk, doubling */
} arena_t;

void arena_init(arena_t *arena);

/* Give back everything that came from the arena; it may be used again afterwards. */
void arena_free(arena_t *arena);

/* `size` bytes, zeroed, aligned for any type, valid until arena_free. If the machine has no memory left the process says so
 * on stderr and exits with 3: a generator can do nothing useful then, and nothing it writes is in place before its last step. */
void *arena_alloc(arena_t *arena, size_t size);

/* The same for `count` elements of `size` bytes; a product that does not fit is "no memory". */
void *arena_array(arena_t *arena, size_t count, size_t size);

/* A copy of `size` bytes with a NUL behind. */
char *arena_text(arena_t *arena, const char *text, size_t size);

/* What printf would print. */
char *arena_printf(arena_t *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(arena_t *arena, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* For memory that grows and does not live in an arena: realloc that exits with 3 as arena_alloc does. Free it with free(). */
void *arena_grow(void *old, size_t count, size_t size);

#endif
