/* SPDX-License-Identifier: BSD-2-Clause */
/* gen/model_schema.h - the JSON Schema of descriptions, for editors.
 * Printed from the reader's own tables of keys; doc/callgate.schema.json is a copy that a test keeps true. */
#ifndef GEN_MODEL_SCHEMA_H
#define GEN_MODEL_SCHEMA_H

#include <stdio.h>

/* The whole schema (draft-07), the same bytes each time. It takes every description that the reader takes; the reader refuses more. */
void model_schema_print(FILE *out);

#endif
