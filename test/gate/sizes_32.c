/* SPDX-License-Identifier: BSD-2-Clause */
/* test/gate/sizes_32.c - RAM of a guest and of a handle where pointers have 32 bits. Only compiled, by sizes.sh. */
#include "callgate/guest.h"

_Static_assert(sizeof(void *) == 4, "this file is for machines with pointers of 32 bits");
_Static_assert(sizeof(cg_guest_t) <= 128, "a guest takes more RAM than was promised");
_Static_assert(sizeof(cg_slot_t) == 12, "a handle takes another size than was promised");
_Static_assert(sizeof(cg_window_t) == 12, "a window takes another size than was promised");
