#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Instructions that the template engine needs for each tag: counts 1,000 and 2,000 calls and divides the difference.
# Usage: speed.sh PROGRAM. Exit code 77: valgrind is missing. Fails above the limit, which leaves room for other compilers.
set -eu
limit=180
command -v valgrind >/dev/null || { echo "skipped: valgrind is not installed"; exit 77; }
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

count() {
    valgrind --tool=callgrind --callgrind-out-file="$folder/out" "$1" "$2" >"$folder/text" 2>"$folder/log"
    sed -n 's/.*Collected *: *\([0-9]*\).*/\1/p' "$folder/log"
}

one=$(count "$1" 1000)
two=$(count "$1" 2000)
tags=$(sed -n 's/^\([0-9]*\) tags a call.*/\1/p' "$folder/text")
each=$(( (two - one) / 1000 / tags ))
echo "$each instructions for each tag and the text behind it (limit $limit); $tags tags a call"
[ "$each" -le "$limit" ]
