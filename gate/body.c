/* SPDX-License-Identifier: BSD-2-Clause */
/* gate/body.c - the hot helpers as functions, for the SMALL build and for rows.
 * The text is include/callgate/body_inline.h; this file only compiles it. */
#undef CG_FAST
#include "callgate/body.h"

#undef CG_HELPER
#define CG_HELPER
#include "callgate/body_inline.h"
