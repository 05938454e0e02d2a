/* SPDX-License-Identifier: BSD-2-Clause */
/* test/host/cmocka_all.h - cmocka wants four headers before it. */
#ifndef CALLGATE_TEST_HOST_CMOCKA_ALL_H
#define CALLGATE_TEST_HOST_CMOCKA_ALL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
