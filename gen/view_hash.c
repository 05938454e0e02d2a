/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_hash.c - a perfect hash of call numbers, found while generating, so that dispatch is a multiplication, a table and one comparison.
 * Small sets need one multiplier; larger ones also a table of displacements (hash and displace), which is found bucket by bucket, largest first. */
#include "gen/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { TRIES = 4000, SMALL_MAX = 48, BUCKET_SIZE = 3 };

typedef struct search {
    arena_t *arena;
    const uint32_t *numbers;
    uint32_t count;
    uint32_t multiplier;
    uint32_t bits;        /* the table has 1 << bits entries */
    uint32_t bucket_bits; /* 0: no displacement */
    uint16_t *displace;   /* [1 << bucket_bits] */
    uint32_t *table;      /* [1 << bits]: index + 1, 0 free */
} search_t;

static uint32_t multiplier_of(uint32_t attempt)
{
    uint64_t x = (uint64_t)attempt * UINT64_C(0x9e3779b97f4a7c15) + UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 29;
    x *= UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(x >> 32) | 1u;
}

static uint32_t place(const search_t *s, uint32_t number, uint32_t displacement)
{
    const uint32_t h = number * s->multiplier;
    return ((h >> (32 - s->bits)) + displacement) & ((1u << s->bits) - 1);
}

static uint32_t bucket(const search_t *s, uint32_t number)
{
    return (number * s->multiplier >> 5) & ((1u << s->bucket_bits) - 1);
}

static bool try_plain(search_t *s)
{
    memset(s->table, 0, sizeof *s->table << s->bits);
    for (uint32_t i = 0; i < s->count; i++) {
        uint32_t *entry = &s->table[place(s, s->numbers[i], 0)];
        if (*entry != 0) {
            return false;
        }
        *entry = i + 1;
    }
    return true;
}

static bool search_plain(search_t *s)
{
    for (s->bits = 3; s->bits <= 8; s->bits++) {
        if (1u << s->bits < s->count) {
            continue;
        }
        for (uint32_t attempt = 0; attempt < TRIES; attempt++) {
            s->multiplier = multiplier_of(attempt);
            if (try_plain(s)) {
                return true;
            }
        }
    }
    return false;
}

/* ---- with displacements ---- */

typedef struct group {
    uint32_t bucket, first, count; /* calls in `order` */
} group_t;

static int by_count(const void *left, const void *right)
{
    const group_t *a = left;
    const group_t *b = right;
    return a->count != b->count ? (a->count < b->count ? 1 : -1) : a->bucket < b->bucket ? -1 : a->bucket > b->bucket;
}

static bool fits(const search_t *s, const uint32_t *order, const group_t *group, uint32_t displacement)
{
    for (uint32_t i = 0; i < group->count; i++) {
        const uint32_t at = place(s, s->numbers[order[group->first + i]], displacement);
        if (s->table[at] != 0) {
            return false;
        }
        for (uint32_t k = 0; k < i; k++) {
            if (place(s, s->numbers[order[group->first + k]], displacement) == at) {
                return false;
            }
        }
    }
    return true;
}

static bool group_place(search_t *s, const uint32_t *order, const group_t *group)
{
    const uint32_t size = 1u << s->bits;
    for (uint32_t d = 0; d < size && d <= UINT16_MAX; d++) {
        if (!fits(s, order, group, d)) {
            continue;
        }
        s->displace[group->bucket] = (uint16_t)d;
        for (uint32_t i = 0; i < group->count; i++) {
            s->table[place(s, s->numbers[order[group->first + i]], d)] = order[group->first + i] + 1;
        }
        return true;
    }
    return false;
}

/* Counting sort of the calls into their buckets. */
static group_t *groups_of(const search_t *s, uint32_t *order)
{
    const uint32_t buckets = 1u << s->bucket_bits;
    group_t *groups = arena_array(s->arena, buckets + 1, sizeof *groups);
    for (uint32_t i = 0; i < s->count; i++) {
        groups[bucket(s, s->numbers[i])].count += 1;
    }
    for (uint32_t b = 0, first = 0; b < buckets; b++) {
        groups[b].bucket = b;
        groups[b].first = first;
        first += groups[b].count;
        groups[b].count = 0;
    }
    for (uint32_t i = 0; i < s->count; i++) {
        group_t *group = &groups[bucket(s, s->numbers[i])];
        order[group->first + group->count++] = i;
    }
    qsort(groups, buckets, sizeof *groups, by_count);
    return groups;
}

static bool try_displaced(search_t *s)
{
    uint32_t *order = arena_array(s->arena, s->count + 1, sizeof *order);
    const group_t *groups = groups_of(s, order);
    memset(s->table, 0, sizeof *s->table << s->bits);
    memset(s->displace, 0, sizeof *s->displace << s->bucket_bits);
    for (uint32_t b = 0; b < 1u << s->bucket_bits && groups[b].count > 0; b++) {
        if (!group_place(s, order, &groups[b])) {
            return false;
        }
    }
    return true;
}

static void search_displaced(search_t *s)
{
    for (s->bits = 3; 1u << s->bits < s->count + s->count / 4; s->bits++) {
    }
    for (;; s->bits++) {
        for (s->bucket_bits = 0; (uint32_t)BUCKET_SIZE << s->bucket_bits < s->count; s->bucket_bits++) {
        }
        s->table = arena_array(s->arena, (size_t)1 << s->bits, sizeof *s->table);
        s->displace = arena_array(s->arena, (size_t)1 << s->bucket_bits, sizeof *s->displace);
        for (uint32_t attempt = 0; attempt < 8; attempt++) {
            s->multiplier = multiplier_of(attempt);
            if (try_displaced(s)) {
                return;
            }
        }
    }
}

/* ---- as text ---- */

static const char *table_text(view_maker_t *m, const search_t *s)
{
    texts_t rows = {0};
    texts_t row = {0};
    const uint32_t size = 1u << s->bits;
    for (uint32_t i = 0; i < size; i++) {
        view_addf(m, &row, "%" PRIu32, s->table[i] == 0 ? 0 : s->table[i] - 1);
        if (row.count == 16 || i + 1 == size) {
            view_add(m, &rows, view_join(m, &row, ", "));
            row.count = 0;
        }
    }
    return view_join(m, &rows, ",\n    ");
}

static const char *displace_text(view_maker_t *m, const search_t *s)
{
    texts_t rows = {0};
    texts_t row = {0};
    const uint32_t size = 1u << s->bucket_bits;
    for (uint32_t i = 0; i < size; i++) {
        view_addf(m, &row, "%u", s->displace[i]);
        if (row.count == 16 || i + 1 == size) {
            view_add(m, &rows, view_join(m, &row, ", "));
            row.count = 0;
        }
    }
    return view_join(m, &rows, ",\n    ");
}

view_hash_t *view_hash(view_maker_t *m, const uint32_t *numbers, uint32_t count)
{
    search_t s = {.arena = m->arena, .numbers = numbers, .count = count};
    view_hash_t *out = arena_alloc(m->arena, sizeof *out);
    s.table = arena_array(m->arena, 256, sizeof *s.table);
    out->has_displace = count > SMALL_MAX || !search_plain(&s);
    if (out->has_displace) {
        search_displaced(&s);
        out->displace = displace_text(m, &s);
        out->displace_size = 1u << s.bucket_bits;
    }
    out->multiplier = arena_printf(m->arena, "0x%08" PRIx32 "u", s.multiplier);
    out->shift = 32 - (int64_t)s.bits;
    out->mask = (int64_t)((1u << s.bits) - 1);
    out->bucket_mask = (int64_t)((1u << s.bucket_bits) - 1);
    out->size = 1u << s.bits;
    out->entry_type = count <= 256 ? "uint8_t" : count <= 65536 ? "uint16_t" : "uint32_t";
    out->table = table_text(m, &s);
    return out;
}
