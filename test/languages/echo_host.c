/* SPDX-License-Identifier: BSD-2-Clause */
/* test/languages/echo_host.c - the host functions of echo.yaml: say back what they are given, changed so that a guest can tell a copy from an answer. */
#include "echo_host.h"

#include <stdlib.h>
#include <string.h>

struct host_echo_box {
    struct cg_guest *guest;
    uint8_t nth;
};

struct host_echo_spot {
    uint8_t nth;
};

static struct host_echo_spot spots[] = {{0}, {1}};
static uint32_t open_count;
static uint32_t last_word = UINT32_MAX;

uint32_t echo_open_count(void)
{
    return open_count;
}

uint32_t echo_last_word(void)
{
    return last_word;
}

static int open_box(cg_call_t *call, uint8_t nth, struct host_echo_box **box)
{
    *box = malloc(sizeof **box);
    if (*box == NULL) {
        return CG_ERR_QUOTA;
    }
    **box = (struct host_echo_box){cg_call_events(call), nth};
    open_count++;
    return 0;
}

void host_echo_box_release(cg_host_t *host, struct host_echo_box *box)
{
    (void)host;
    open_count--;
    free(box);
}

int host_echo_type(cg_call_t *call, uint64_t type, int64_t in, cg_text_t fn, bool has_end, uint64_t end, uint64_t *u, int64_t *s, bool *has_move, int64_t *move, bool *has_x, bool *x)
{
    (void)call;
    *u = ~type;
    *s = in + 1;
    *has_move = has_end;
    *move = (int64_t)~end;
    *has_x = fn.size > 0;
    *x = strcmp(fn.text, "größe") == 0;
    return 0;
}

int host_echo_small(cg_call_t *call, int8_t a, uint16_t b, bool c, float d, double e, cg_echo_a_b_t f, cg_echo_deep_t g, cg_echo_match_t h, int8_t *i, uint16_t *j, bool *k, float *l,
                    double *m, cg_echo_a_b_t *n, cg_echo_deep_t *o, cg_echo_match_t *p)
{
    (void)call;
    *i = (int8_t)(a + 1);
    *j = (uint16_t)~b;
    *k = !c;
    *l = -d;
    *m = -e;
    *n = f;
    *o = g == CG_ECHO_DEEP_LOW ? CG_ECHO_DEEP_HIGH : CG_ECHO_DEEP_LOW;
    *p = ~h & (CG_ECHO_MATCH_SELF | CG_ECHO_MATCH_CRATE);
    return 0;
}

int64_t host_echo_value(cg_call_t *call, int64_t x)
{
    (void)call;
    return -x;
}

int8_t host_echo_less(cg_call_t *call, uint8_t x)
{
    (void)call;
    return (int8_t)-(int)x;
}

int host_echo_in(cg_call_t *call, uint32_t text_used, cg_text_buffer_t *text)
{
    (void)call;
    if (text_used > text->capacity - text->count) {
        return CG_ERR_SPACE;
    }
    memset(text->text + text->count, '!', text_used);
    text->count += text_used;
    return 0;
}

int host_echo_words(cg_call_t *call, uint64_t *words, uint32_t words_capacity, uint32_t *words_count, bool *flags, uint32_t flags_capacity, uint32_t *flags_count)
{
    (void)call;
    if (*words_count >= words_capacity || *flags_count > flags_capacity) {
        return CG_ERR_SPACE;
    }
    uint64_t sum = 0;
    for (uint32_t i = 0; i < *words_count; i++) {
        sum += words[i];
    }
    words[*words_count] = sum;
    *words_count += 1;
    for (uint32_t i = 0; i < *flags_count; i++) {
        flags[i] = !flags[i];
    }
    return 0;
}

int host_echo_await(cg_call_t *call, const double *fs, uint32_t fs_count, bool has_as, float as, bool *has_n, float *n, cg_echo_point_t *list, uint32_t list_capacity,
                    uint32_t *list_count)
{
    (void)call;
    *has_n = has_as;
    *n = as / 2;
    if (fs_count > list_capacity) {
        return CG_ERR_SPACE;
    }
    for (uint32_t i = 0; i < fs_count; i++) {
        list[i] = (cg_echo_point_t){.type = (int64_t)fs[i], .in = i, .on = fs[i] < 0, .end = {0, 0, (uint16_t)(i + 1)}, .fn = CG_ECHO_A_B_END};
    }
    *list_count = fs_count;
    return 0;
}

int host_echo_loop(cg_call_t *call, const cg_echo_line_t *where, cg_echo_line_t *crate)
{
    (void)call;
    *crate = (cg_echo_line_t){{where->ends[1], where->ends[0]}, !where->ok};
    return 0;
}

int host_echo_bytes(cg_call_t *call, cg_bytes_t data, cg_buffer_t *more)
{
    (void)call;
    if (data.size == 0) {
        return CG_ECHO_ERR_TYPE;
    }
    if (data.size > more->capacity) {
        return CG_ERR_SPACE;
    }
    for (uint32_t i = 0; i < data.size; i++) {
        more->bytes[i] = data.bytes[data.size - 1 - i];
    }
    more->count = data.size;
    return 0;
}

int host_echo_fn(cg_call_t *call, uint8_t nth, struct host_echo_box **box, cg_echo_a_b_t *end)
{
    *end = CG_ECHO_A_B_FN;
    return nth == 255 ? CG_ECHO_ERR_TYPE : open_box(call, nth, box);
}

int host_echo_find(cg_call_t *call, uint8_t nth, struct host_echo_spot **spot)
{
    (void)call;
    *spot = nth < sizeof spots / sizeof spots[0] ? &spots[nth] : NULL;
    return 0;
}

int host_echo_end(cg_call_t *call, struct host_echo_box *box, uint32_t *nth)
{
    *nth = box->nth;
    host_echo_box_release(cg_call_host(call), box); /* given away: the host's from here on */
    return 0;
}

/* The boxes' numbers in one; a box comes back where one was given away. */
int host_echo_maybe(cg_call_t *call, struct host_echo_box *one, struct host_echo_box *two, struct host_echo_spot *spot, struct host_echo_box **box, struct host_echo_spot **lent, uint32_t *n)
{
    *n = (one == NULL ? 0 : one->nth) + 1000u * (two == NULL ? 0 : two->nth);
    *lent = spot == &spots[0] ? &spots[1] : NULL;
    *box = NULL;
    if (two == NULL) {
        return 0;
    }
    const uint8_t next = (uint8_t)(two->nth + 1);
    host_echo_box_release(cg_call_host(call), two);
    return open_box(call, next, box);
}

uint32_t host_echo_count(cg_call_t *call)
{
    (void)call;
    return open_count;
}

int host_echo_post(cg_call_t *call, struct host_echo_box *box, const cg_echo_point_t *point)
{
    (void)call;
    const bool is_queued = cg_post_echo_in(box->guest, box, point, UINT64_MAX - 1, CG_ECHO_A_B_END, true) == CG_POST_QUEUED;
    return is_queued && cg_post_echo_fn(box->guest, box) == CG_POST_QUEUED ? 0 : CG_ERR_QUOTA;
}

int host_echo_done(cg_call_t *call, uint32_t failed)
{
    (void)call;
    last_word = failed;
    return 0;
}
