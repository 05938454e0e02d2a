#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Compiles sizes_32.c for machines with pointers of 32 bits: sizes.sh SOURCE-FOLDER. Exit code 77 (skipped) where no such compiler is.
set -u
object=$(mktemp)
trap 'rm -f "$object"' EXIT
tried=0
for compiler in "arm-none-eabi-gcc -mcpu=cortex-m0 -mthumb" "clang-19 --target=thumbv6m-none-eabi" "gcc -m32"; do
    # shellcheck disable=SC2086 # the compiler is words
    echo '#include <stdint.h>
#include <string.h>
int probe(void) { return (int)strlen(""); }' | $compiler -ffreestanding -x c -c - -o "$object" 2>/dev/null || continue
    tried=$((tried + 1))
    # shellcheck disable=SC2086
    $compiler -std=c11 -Wall -Wextra -Werror -ffreestanding -Os "-I$1/include" "-I$1" -c sizes_32.c -o "$object" || exit 1
    echo "sizes hold with: $compiler"
done
[ "$tried" -gt 0 ] || exit 77
