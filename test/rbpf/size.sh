#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# size.sh ENGINE INCLUDE - text of the compact engine, verifier and image loader on a Cortex-M0 (-Os), which must stay within 4 KB.
# Exit code 77 where the cross compiler is missing.
set -eu
limit=4096
command -v arm-none-eabi-gcc >/dev/null || { echo "arm-none-eabi-gcc is missing; the size is not looked at"; exit 77; }
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
for part in image verify vm run_compact; do
    arm-none-eabi-gcc -std=c11 -mcpu=cortex-m0 -mthumb -Os -ffreestanding -DRBPF_COMPACT=1 -I"$2" -c "$1/$part.c" -o "$out/$part.o"
done
arm-none-eabi-size "$out"/*.o | awk -v limit=$limit '
    NR > 1 { sub(".*/", "", $6); printf "%-14s %5d\n", $6, $1; text += $1; data += $2 + $3 }
    END { printf "%-14s %5d of %d, data %d\n", "text", text, limit, data; exit text > limit || data > 0 }'
