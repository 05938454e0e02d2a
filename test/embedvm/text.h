/* SPDX-License-Identifier: BSD-2-Clause */
/* text.h - texts for the tests of the assembler: one call gives the image, or the errors as lines. */
#ifndef TEST_EMBEDVM_TEXT_H
#define TEST_EMBEDVM_TEXT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "asm.h"

enum { TEXT_ERRORS_MAX = 4096 };

typedef struct text {
    uint8_t *bytes; /* the image, NULL if there were errors */
    size_t size;
    char errors[TEXT_ERRORS_MAX]; /* `path:line:column: message` and a newline each */
    evm_image_t image;
} text_t;

/* Assemble the text of the file `dir/main.evs`. These can be included: "lib.evs", "sub/deep.evs", "loop.evs" (itself),
 * "bad.evs" (an error in line 2), "nul.evs" (a NUL), and "n.evs" for any n, which includes the next one. */
bool text_assemble(text_t *text, const char *source);
void text_close(text_t *text);

/* Whether the code of a text is these hexadecimal digits with blanks between bytes; says what it is instead. */
void text_code_is(const char *name, const char *source, const char *digits);

#endif
