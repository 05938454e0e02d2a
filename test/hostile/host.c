/* SPDX-License-Identifier: BSD-2-Clause */
/* test/hostile/host.c - host functions as a careless author could write them; `book.sin` says which mistake is made. */
#include "host.h"

#include "set.h"

book_t book;

static struct host_hostile_token *token_new(void)
{
    return &book.tokens[book.made++ % TOKENS];
}

void host_hostile_token_release(cg_host_t *host, struct host_hostile_token *object)
{
    (void)host;
    object->released += 1;
}

int host_hostile_make(cg_call_t *call, struct host_hostile_token **token)
{
    (void)call;
    *token = token_new();
    return 0;
}

int host_hostile_swap(cg_call_t *call, struct host_hostile_token *old, struct host_hostile_token **other)
{
    (void)call;
    if (book.sin == SIN_SAME) {
        *other = old;
        return 0;
    }
    old->is_kept = true;
    *other = book.sin == SIN_NULL ? NULL : token_new();
    return 0;
}

int host_hostile_leave(cg_call_t *call, struct host_hostile_token *token, uint8_t at, struct host_hostile_place **place)
{
    (void)call;
    token->is_kept = true;
    *place = book.sin == SIN_NULL ? NULL : &book.places[at % PLACES];
    return 0;
}

int host_hostile_find(cg_call_t *call, uint8_t at, struct host_hostile_place **place)
{
    (void)call;
    *place = &book.places[at % PLACES];
    return 0;
}

int host_hostile_vanish(cg_call_t *call, struct host_hostile_token *token, uint8_t *seen)
{
    cg_handle_revoke(call, token, CG_TYPE_HOSTILE_TOKEN);
    if (book.sin == SIN_NESTED) {
        book.nested(call);
    }
    book.released_inside = token->released;
    *seen = 1;
    return 0;
}

int host_hostile_again(cg_call_t *call, struct host_hostile_token *token, struct host_hostile_token **again)
{
    cg_handle_revoke(call, token, CG_TYPE_HOSTILE_TOKEN);
    *again = token;
    return 0;
}

int host_hostile_show(cg_call_t *call, struct host_hostile_token *token, struct host_hostile_token **lent)
{
    cg_handle_revoke(call, token, CG_TYPE_HOSTILE_TOKEN);
    *lent = token;
    return 0;
}

int host_hostile_keep(cg_call_t *call, struct host_hostile_token *token)
{
    cg_handle_revoke(call, token, CG_TYPE_HOSTILE_TOKEN);
    token->is_kept = true;
    return 0;
}

static int text_break(cg_text_buffer_t *text)
{
    static char elsewhere[] = "a text of the host's, much longer than what was asked for";
    switch (book.sin) {
    case SIN_COUNT:
        text->count = text->capacity; /* says that it wrote */
        break;
    case SIN_CAPACITY:
        text->capacity = 4096;
        text->count = 512;
        break;
    case SIN_POINTER:
        text->text = elsewhere;
        text->count = 12;
        break;
    case SIN_NONE: case SIN_SAME: case SIN_NULL: case SIN_NESTED:
        return cg_text_set(text, "hello");
    }
    return 0;
}

int host_hostile_say(cg_call_t *call, cg_text_buffer_t *text)
{
    (void)call;
    return text_break(text);
}

int host_hostile_edit(cg_call_t *call, cg_text_buffer_t *text)
{
    (void)call;
    return text_break(text);
}

int host_hostile_list(cg_call_t *call, uint16_t *words, uint32_t words_capacity, uint32_t *words_count)
{
    (void)call;
    (void)words;
    *words_count = words_capacity;
    return 0;
}

int host_hostile_dump(cg_call_t *call, cg_buffer_t *data)
{
    (void)call;
    if (book.sin == SIN_CAPACITY) {
        data->capacity = 4096;
        data->count = 512;
    }
    return 0;
}
