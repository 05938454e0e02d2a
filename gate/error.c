/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/error.c - names and sentences of the gate's errors, from CG_ERR_LIST. */
#include "callgate/error.h"

#include <stddef.h>

typedef struct err_row {
    int number;
    const char *name, *text;
} err_row_t;

static const err_row_t rows[] = {
#define ROW_(name, number, violation, text) {(number), #name, text},
    CG_ERR_LIST(ROW_)
#undef ROW_
};

static const err_row_t *row_of(int err)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].number == err) {
            return &rows[i];
        }
    }
    return NULL;
}

const char *cg_err_name(int err)
{
    const err_row_t *row = row_of(err);
    return row == NULL ? NULL : row->name;
}

const char *cg_err_text(int err)
{
    const err_row_t *row = row_of(err);
    if (row != NULL) {
        return row->text;
    }
    if (err == CG_OK) {
        return "done";
    }
    return err <= CG_ERR_API_FIRST ? "an error of the API" : "an error number that is not used";
}
