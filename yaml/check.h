/* SPDX-License-Identifier: BSD-2-Clause */
/* yaml/check.h - the bytes of a text before it is parsed. For node.c. */
#ifndef YAML_CHECK_H
#define YAML_CHECK_H

#include "yaml/diag.h"

/* The text is UTF-8 without control characters but tab and line end, has no line that begins with % and no more than YAML_BLANK_MAX empty lines
 * in a row. The first fault is told; then false. */
bool yaml_check_text(diag_t *diag, const yaml_source_t *source);

#endif
