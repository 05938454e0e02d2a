#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Configures and builds one CMake preset: tools/build.sh PRESET [TARGET]. Quiet where all is well.
# Installs nothing. What lacks is said by CMake; tools/setup.sh brings it.
set -eu
cd "$(dirname "$0")/.."
preset=${1:?"usage: tools/build.sh PRESET [TARGET]"}
for tool in cmake ninja; do
    command -v "$tool" >/dev/null || { echo "callgate: error: there is no $tool; run tools/setup.sh demo" >&2; exit 3; }
done
# On a terminal ninja shows its progress in one line; elsewhere it says nothing unless something is wrong.
quiet=
[ -t 1 ] || quiet=--quiet
cmake --preset "$preset" --log-level=STATUS
if [ $# -gt 1 ]; then
    cmake --build --preset "$preset" --target "$2" -- $quiet
else
    cmake --build --preset "$preset" -- $quiet
fi
