/* SPDX-License-Identifier: BSD-2-Clause */
/* tables.c - pointers in data and in constants: to strings, to variables, into arrays, to other tables. */
#include "guest.h"

static const char *const names[] = {"zero", "one", "two", "three"};
const char *renamed[] = {"eins", "zwei"};
static u32 cells[8] = {10, 11, 12, 13, 14, 15, 16, 17};
static u32 empty[4];
u32 *targets[] = {&cells[3], &cells[7], empty, &empty[2]};

typedef struct row {
    const char *name;
    u32 *cell;
    const char *const *list;
    u32 plain;
} row_t;

static const row_t rows[] = {
    {"alpha", &cells[1], names, 100},
    {"beta", &empty[1], &names[2], 200},
};

static NOINLINE u32 length(const char *text)
{
    u32 count = 0;
    while (text[count] != 0) {
        count++;
    }
    return count;
}

ENTRY(tables)
{
    u64 sum = 0;
    (void)context;
    *targets[n & 3] += n;
    renamed[n & 1] = names[(n >> 1) & 3];
    for (u32 i = 0; i < 2; i++) {
        *rows[i].cell += i + 1;
        sum = sum * 31 + length(rows[i].name) + *rows[i].cell + (u8)rows[i].list[1][0] + rows[i].plain;
    }
    for (u32 i = 0; i < 4; i++) {
        sum = sum * 31 + *targets[i] + (u8)names[i][1];
    }
    return sum * 31 + length(renamed[0]) + length(renamed[1]);
}
