/* SPDX-License-Identifier: BSD-2-Clause */
/* callgate/error.h - the gate's closed table of errors.
 * One list makes the enum, the texts, the guests' header and the manual. Errors of an API follow below it: error id n of an API is -63 - n. */
#ifndef CALLGATE_ERROR_H
#define CALLGATE_ERROR_H

#include <stdbool.h>
#include <stdint.h>

/* X(name, number, violation, text)
 * violation: true where an honest guest made with our SDK cannot come here; the policy then says what happens (error, trap, kill).
 * Numbers are for ever: -1 to -63 belong to the gate. */
#define CG_ERR_LIST(X)                                                                                      \
    X(UNKNOWN, -1, true, "no such call")                                                                    \
    X(DENIED, -2, false, "the policy does not grant this call")                                             \
    X(BUSY, -3, false, "the guest is inside a call already")                                                \
    X(BUDGET, -4, false, "the activation used up its calls (limits.calls)")                                    \
    X(WIDTH, -5, true, "an argument has bits beyond its type")                                              \
    X(RANGE, -6, false, "an argument is outside its declared range")                                        \
    X(HANDLE, -7, false, "no open object of that type has this handle")                                     \
    X(RIGHT, -8, false, "the handle lacks the right that the call needs")                                   \
    X(MEMORY, -9, true, "a range is not inside the guest's memory with that access")                        \
    X(OVERLAP, -10, true, "a buffer to be written overlaps another buffer")                                 \
    X(SPACE, -11, false, "the buffer is too small for the result")                                          \
    X(QUOTA, -12, false, "a limit of the policy is used up: handles, bytes or a host resource")             \
    X(VALUE, -13, false, "an unknown enum value, or flag bits that have no name")                           \
    X(FORMAT, -14, false, "a text is not UTF-8, holds a NUL, or is not of the declared format")             \
    X(GUARD, -15, false, "the policy does not allow this value")                                            \
    X(HOST, -16, false, "the host function broke its contract")                                             \
    X(STOPPED, -17, false, "the guest is being stopped")

typedef enum cg_err {
    CG_OK = 0,
#define CG_ERR_ENUM_(name, number, violation, text) CG_ERR_##name = (number),
    CG_ERR_LIST(CG_ERR_ENUM_)
#undef CG_ERR_ENUM_
} cg_err_t;

enum { CG_ERR_API_FIRST = -64 /* error id 1 of any API; error id n is -63 - n */ };

/* "DENIED" style name of a gate error, or NULL for numbers that the gate does not use. Lives for ever. */
const char *cg_err_name(int err);

/* One sentence for people, never NULL. Lives for ever. */
const char *cg_err_text(int err);

#endif
