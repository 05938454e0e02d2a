/* SPDX-License-Identifier: BSD-2-Clause */
/* result.c - the texts of results, apart from the rest so that a firmware that prints none does not hold them. */
#include "inside.h"

const char *rbpf_result_text(rbpf_result_t result)
{
    switch (result) {
#define RBPF_RESULT_CASE(name, number, text) \
    case name:                               \
        return text;
        RBPF_RESULT_LIST(RBPF_RESULT_CASE)
#undef RBPF_RESULT_CASE
    }
    return "an unknown result";
}
