/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_index.c - find things of a description by name: a sorted list.
 * Not a hash: names come from people who may choose them to collide. */
#include "gen/model_inner.h"

#include <stdlib.h>
#include <string.h>

static int index_compare(const void *left, const void *right)
{
    return strcmp(((const model_entry_t *)left)->name, ((const model_entry_t *)right)->name);
}

void model_index_sort(model_index_t *index)
{
    if (index->count > 1) {
        qsort(index->entries, index->count, sizeof index->entries[0], index_compare);
    }
}

void *model_index_find(const model_index_t *index, const char *name)
{
    if (index->count == 0) {
        return NULL;
    }
    const model_entry_t wanted = {name, NULL};
    const model_entry_t *entry = bsearch(&wanted, index->entries, index->count, sizeof wanted, index_compare);
    return entry != NULL ? entry->value : NULL;
}

void model_index_help(diag_t *diag, const model_index_t *index, const char *name)
{
    yaml_near_t near;
    yaml_near_init(&near, name);
    for (uint32_t i = 0; i < index->count && !diag_is_full(diag); i++) {
        yaml_near_try(&near, index->entries[i].name);
    }
    yaml_near_help(diag, &near);
}
