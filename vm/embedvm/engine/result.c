/* SPDX-License-Identifier: BSD-2-Clause */
/* result.c - the texts of results, apart from the rest so that a firmware that prints none does not hold them. */
#include "inside.h"

const char *evm_result_text(evm_result_t result)
{
    switch (result) {
#define EVM_RESULT_CASE(name, number, text) \
    case name:                              \
        return text;
        EVM_RESULT_LIST(EVM_RESULT_CASE)
#undef EVM_RESULT_CASE
    }
    return "an unknown result";
}
