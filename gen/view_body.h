/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/view_body.h - one body in the making, and the stages that add lines to it. For view_body.c, view_check.c and view_give.c only. */
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
} body_t;

#define ADD(b, list, ...) view_addf((b)->m, &(b)->list, __VA_ARGS__)

/* C expressions: a word; the checked value of a scalar input; the constant of a handle type; the elements that fit a buffer, at most its maximum. */
const char *body_word(body_t *b, uint32_t index);
const char *body_value(body_t *b, const plan_arg_t *arg);
const char *body_type(body_t *b, const model_item_t *item);
const char *body_capacity(body_t *b, const plan_arg_t *arg);

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
