/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/arena.c - chunks of memory, handed out from the front, freed together.
 * Knows nothing of what is kept in it. Under AddressSanitizer each piece is followed by poisoned bytes, so that running over
 * the end of one is seen as it would be with malloc. */
#include "yaml/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif
#if defined(ARENA_ASAN)
#include <sanitizer/asan_interface.h>
#define ARENA_POISON(at, size) ASAN_POISON_MEMORY_REGION(at, size)
#define ARENA_UNPOISON(at, size) ASAN_UNPOISON_MEMORY_REGION(at, size)
#define ARENA_GAP 16u
#else
#define ARENA_POISON(at, size) ((void)(at), (void)(size))
#define ARENA_UNPOISON(at, size) ((void)(at), (void)(size))
#define ARENA_GAP 0u
#endif

enum { ARENA_ALIGN = 16, ARENA_FIRST = 16 * 1024, ARENA_CHUNK_MAX = 1024 * 1024 };

struct arena_chunk {
    arena_chunk_t *older;
    size_t size; /* bytes behind this head */
};
_Static_assert(sizeof(arena_chunk_t) <= ARENA_ALIGN, "the head of a chunk takes one unit of alignment");

static _Noreturn void arena_no_memory(void)
{
    fputs("callgate: error: out of memory\n", stderr);
    exit(3);
}

void arena_init(arena_t *arena)
{
    memset(arena, 0, sizeof *arena);
    arena->chunk_size = ARENA_FIRST;
}

void arena_free(arena_t *arena)
{
    arena_chunk_t *chunk = arena->chunks;
    while (chunk != NULL) {
        arena_chunk_t *older = chunk->older;
        ARENA_UNPOISON((char *)chunk + ARENA_ALIGN, chunk->size);
        free(chunk);
        chunk = older;
    }
    arena_init(arena);
}

/* A new chunk with room for at least `size` bytes. What is left of the old one is given up. */
static void arena_refill(arena_t *arena, size_t size)
{
    size_t room = size > arena->chunk_size ? size : arena->chunk_size;
    if (room > SIZE_MAX - ARENA_ALIGN) {
        arena_no_memory();
    }
    arena_chunk_t *chunk = malloc(ARENA_ALIGN + room);
    if (chunk == NULL) {
        arena_no_memory();
    }
    chunk->older = arena->chunks;
    chunk->size = room;
    arena->chunks = chunk;
    arena->next = (char *)chunk + ARENA_ALIGN;
    arena->left = room;
    ARENA_POISON(arena->next, room);
    if (arena->chunk_size < ARENA_CHUNK_MAX) {
        arena->chunk_size *= 2;
    }
}

void *arena_alloc(arena_t *arena, size_t size)
{
    if (size > SIZE_MAX / 2) {
        arena_no_memory();
    }
    const size_t whole = (size + ARENA_GAP + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (whole > arena->left) {
        arena_refill(arena, whole);
    }
    char *piece = arena->next;
    arena->next += whole;
    arena->left -= whole;
    ARENA_UNPOISON(piece, size);
    memset(piece, 0, size);
    return piece;
}

void *arena_array(arena_t *arena, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size) {
        arena_no_memory();
    }
    return arena_alloc(arena, count * size);
}

char *arena_text(arena_t *arena, const char *text, size_t size)
{
    if (size > SIZE_MAX / 2 - 1) {
        arena_no_memory();
    }
    char *copy = arena_alloc(arena, size + 1);
    if (size > 0) {
        memcpy(copy, text, size);
    }
    return copy;
}

char *arena_vprintf(arena_t *arena, const char *format, va_list args)
{
    char usual[256]; /* most texts are short: formatted once, then copied, at half the cost of measuring first */
    va_list again;
    va_copy(again, args);
    const int size = vsnprintf(usual, sizeof usual, format, args);
    if (size < 0) {
        arena_no_memory();
    }
    char *text = arena_alloc(arena, (size_t)size + 1);
    if ((size_t)size < sizeof usual) {
        memcpy(text, usual, (size_t)size + 1);
    } else {
        (void)vsnprintf(text, (size_t)size + 1, format, again);
    }
    va_end(again);
    return text;
}

char *arena_printf(arena_t *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void *arena_grow(void *old, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size) {
        arena_no_memory();
    }
    void *grown = realloc(old, count * size);
    if (grown == NULL) {
        arena_no_memory();
    }
    return grown;
}
