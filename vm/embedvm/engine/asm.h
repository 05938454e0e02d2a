/* SPDX-License-Identifier: BSD-2-Clause */
/* asm.h - the assembler of EmbedVM: text (.evs) to an image (.evm). The language is described in doc/embedvm.md.
 * For hosts only; the engine knows nothing of this. Reads no file itself. */
#ifndef EMBEDVM_ASM_H
#define EMBEDVM_ASM_H

#include <stddef.h>
#include <stdint.h>

#include "engine.h"

/* What the assembler asks of its caller. */
typedef struct evm_asm_ops {
    uint8_t abi_version; /* EVM_ASM_OPS_VERSION */
    /* Give the text of an included file, of *size bytes from malloc, which the assembler frees. NULL: there is no such file.
     * Asked first for the file in the folder of the including one, then in `folders`. May be NULL itself if nothing can be included. */
    char *(*read)(void *ctx, const char *path, size_t *size);
    /* Take one error. Line and column count from 1, the column in bytes. Required. */
    void (*report)(void *ctx, const char *path, uint32_t line, uint32_t column, const char *message);
    void *ctx;
    const char *const *folders; /* folder_count of them */
    uint32_t folder_count;
} evm_asm_ops_t;

enum {
    EVM_ASM_OPS_VERSION = 1,
    EVM_ASM_ERRORS_MAX = 20, /* after so many the assembler gives up */
    EVM_ASM_DEPTH_MAX = 16,  /* files included in each other, and parentheses */
};

/* Assemble `size` bytes of text, which come from the file `path`.
 * 0: *image is the image, *image_size its size; the caller frees it with free(). Identical texts give identical bytes.
 * -1: at least one error was reported; *image is NULL. */
EVM_NODISCARD int evm_assemble(const char *path, const char *text, size_t size, const evm_asm_ops_t *ops, uint8_t **image, size_t *image_size);

#endif
