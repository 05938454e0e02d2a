/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/utf8.h - read UTF-8 one code point at a time.
 * Used where texts are checked or shown. Knows RFC 3629 only: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef YAML_UTF8_H
#define YAML_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Read the code point at `text`, of which `size` bytes may be read. Returns its bytes, 1 to 4, with *point set; 0 if there is none. */
size_t utf8_decode(const char *text, size_t size, uint32_t *point);

/* Control characters and the marks that are not seen but change how the text around them is shown, such as the direction of writing. */
bool utf8_is_hidden(uint32_t point);

#endif
