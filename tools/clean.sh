#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Removes everything in build/ but build/deps, the engines that were fetched.
set -eu
cd "$(dirname "$0")/.."
[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf {} +
