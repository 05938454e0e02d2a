/* SPDX-License-Identifier: BSD-2-Clause */
/* test/languages/echo_host.h - what echo_main.c asks echo_host.c once the guest has ended. */
#ifndef TEST_LANGUAGES_ECHO_HOST_H
#define TEST_LANGUAGES_ECHO_HOST_H

#include "host_echo.h"

/* Boxes that were not released. */
uint32_t echo_open_count(void);

/* What the guest gave to `done`; UINT32_MAX if it never came to that. */
uint32_t echo_last_word(void);

#endif
