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
cmake --preset "$preset"
if [ $# -gt 1 ]; then
    cmake --build --preset "$preset" --target "$2"
else
    cmake --build --preset "$preset"
fi
