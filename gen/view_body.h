/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_body.h - one body in the making, and the stages that add lines to it. For view_body.c, view_check.c, view_give.c and view_ops.c only. */
#ifndef GEN_VIEW_BODY_H
#define GEN_VIEW_BODY_H

#include "gen/view.h"

/* One range of guest memory that the call uses. */
typedef struct extent {
    const char *at, *size; /* C expressions */
    bool is_written;
} extent_t;

typedef struct body {
    view_maker_t *m;
    const plan_call_t *call;
    const char *api, *API;
    texts_t locals, checks, after, undo, final; /* lines, see view_call_t */
    texts_t actuals;                            /* arguments of the host function */
    extent_t extents[3 * MODEL_ARGS_MAX];
    uint32_t extent_count;
    /* the same call as a descriptor (callgate/body.h), made side by side */
    texts_t ops;           /* "CG_ROW_OUT | 1 << 5, 2, 8," */
    texts_t thunk_locals, thunk_actuals, thunk_after;
    size_t covered;        /* so many of the lines above are also ops; if any is not, the call is compiled */
    uint32_t copy;         /* bytes of copies so far */
    uint32_t copy_at[MODEL_ARGS_MAX]; /* where the copy of each argument is */
    const char *ops_end;   /* "CG_ROW_END_WORD | 1 << 5"; NULL if there is no result */
    bool is_compiled;      /* something that ops cannot say */
} body_t;

#define ADD(b, list, ...) view_addf((b)->m, &(b)->list, __VA_ARGS__)

/* C expressions: a word; the checked value of a scalar input; the constant of a handle type; the elements that fit a buffer, at most its maximum. */
const char *body_word(body_t *b, uint32_t index);
const char *body_value(body_t *b, const plan_arg_t *arg);
const char *body_type(body_t *b, const model_item_t *item);
const char *body_capacity(body_t *b, const plan_arg_t *arg);
uint32_t body_count_size(const body_t *b); /* bytes of a count in guest memory */

enum { BODY_NO_WORD = 0x7fffffff };
/* An op that does what the last `covers` lines do. `arg` gives the cell, NULL is none; `word` is the word it is about, or BODY_NO_WORD. OP takes one number or more. */
void body_op(body_t *b, uint32_t covers, const char *name, const plan_arg_t *arg, uint32_t word, const uint64_t *numbers, size_t count);
#define OP(b, covers, name, arg, word, ...) \
    body_op((b), (covers), (name), (arg), (word), (const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

/* Reserve `size` bytes of copies for an argument; where they begin. And where its copy is. */
uint32_t body_copy_at(body_t *b, const plan_arg_t *arg, uint32_t size);
uint32_t body_copied(const body_t *b, const plan_arg_t *arg);
/* A member of the argument's cell, as a C expression: "v[2].u8". */
const char *body_cell(body_t *b, const plan_arg_t *arg, const char *member);
/* An integer that a word holds as it is: unsigned, at most 32 bits. */
bool body_is_word(const model_item_t *item);
/* After each stage: every line so far has its op, and no op was without a line. */
void body_stage_done(body_t *b);
/* A closed enum whose base is unsigned and fits a word, as numbers for CG_ROW_KNOWN, the count of runs first; NULL for any other type. */
const uint64_t *body_runs(body_t *b, const model_type_t *type, size_t *count);
/* The call of the host function. */
void body_invoke(body_t *b);
void view_ops(body_t *b, view_call_t *out);

/* ---- view_check.c: before the host function; each may be asked for any argument and passes over those it is not about ---- */

void body_widths(body_t *b, const plan_arg_t *arg);
void body_handles(body_t *b, const plan_arg_t *arg);
void body_distinct(body_t *b);
void body_ranges(body_t *b, const plan_arg_t *arg);
void body_overlaps(body_t *b); /* after body_ranges */
void body_room(body_t *b);
void body_copy_in(body_t *b, const plan_arg_t *arg);
void body_meanings(body_t *b, const plan_arg_t *arg);
void body_guards(body_t *b, const plan_arg_t *arg);

/* ---- view_give.c: the host function, and what it gave ---- */

void body_results(body_t *b, const plan_arg_t *arg);
void body_actuals(body_t *b, const plan_arg_t *arg);
void body_owned(body_t *b);
void body_promises(body_t *b, const plan_arg_t *arg);
void body_value_promise(body_t *b);
void body_lent(body_t *b, const plan_arg_t *arg);
void body_give(body_t *b, const plan_arg_t *arg);

/* The C expression that the body returns. */
const char *body_result(body_t *b);

#endif
