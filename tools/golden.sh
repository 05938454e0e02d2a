#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Rewrites the golden files of all tests: tools/golden.sh BUILD-FOLDER, which is built first. Each test that has golden files writes what it
# gets instead of comparing, if CALLGATE_GOLDEN=rewrite is in its environment. Review what changed with git diff.
set -eu
build=${1:?"usage: tools/golden.sh BUILD-FOLDER"}
cmake --build "$build"
# What else such a test checks may fail meanwhile; what counts is the run after it.
CALLGATE_GOLDEN=rewrite ctest --test-dir "$build" -L '^(golden|model|policy|reject|cli|contract|e2e|vectors)$' --output-on-failure || true
ctest --test-dir "$build" -L '^(golden|model|policy|reject)$' --output-on-failure
echo "the golden files are written; see git diff --stat"
