#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The storm under the thread sanitizer: storm.sh CC ROOT FOLDER. It has its own build, for the sanitizers of the presets do not go with this one.
set -eu
cc=$1
root=$2
folder=$3
mkdir -p "$folder"
if ! echo 'int main(void) { return 0; }' | "$cc" -x c -fsanitize=thread - -o "$folder/probe" 2>/dev/null || ! "$folder/probe"; then
    echo "storm: $cc has no thread sanitizer here: skipped"
    exit 77
fi
"$cc" -std=c11 -O1 -g -Wall -Wextra -Werror -fsanitize=thread -pthread -D_GNU_SOURCE "-I$root" "-I$root/include" "$root"/gate/*.c "$root/test/events/storm_test.c" -o "$folder/storm"
TSAN_OPTIONS=halt_on_error=1 "$folder/storm"
