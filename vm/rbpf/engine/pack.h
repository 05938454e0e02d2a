/* SPDX-License-Identifier: BSD-2-Clause */
/* pack.h - make an rBPF image of what a compiler gives: a relocatable ELF object for eBPF.
 * For hosts only; used by the adapter (run an object as it is) and by the command (pack it once). The engine knows nothing of this. */
#ifndef RBPF_PACK_H
#define RBPF_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "engine.h"

/* Largest part of an image that is made: data, rodata and text each. In bytes; a guard against objects that ask for all memory. */
enum { RBPF_PACK_PART_MAX = 16 << 20 };

/* Whether these bytes start like an ELF file. Says nothing about the rest. */
bool rbpf_is_elf(const uint8_t *bytes, size_t size);

/* Turn the ELF object of `size` bytes, of which nothing is trusted, into an image that passes rbpf_image_open and rbpf_verify but for its
 * call numbers. Taken in: all code, data, bss and constants the program would have in memory; the section `callgate` with interface digests,
 * {u32 api, u32 digest} each; the names of global functions, `cg_main` first.
 * 0: *image is the image, *image_size its size; the caller frees it with free(). It may run at once; it is little-endian on every host.
 * -1: message says what is wrong, where, and what helps, in at most message_size bytes with its NUL; *image is NULL. */
RBPF_NODISCARD int rbpf_elf_to_image(const uint8_t *elf, size_t size, uint8_t **image, size_t *image_size, char *message, size_t message_size);

#endif
