#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# All checks: sets up the machine, then builds and tests the presets dev, clang and small, and compiles everything -O2.
# A build that fails counts as one failed test, and the rest goes on. The last line is "N passed, N failed[, N skipped]",
# the sum over all test runs. Exit code: 0 where nothing failed, else 1; 3 where the machine cannot be set up.
set -u
cd "$(dirname "$0")/.." || exit 3

passed=0
failed=0
skipped=0
summary=

# note STAGE TEXT SECONDS: one line of the summary.
note() {
    summary="$summary$(printf '%-12s %s (%s s)' "$1" "$2" "$3")
"
}

# build_stage PRESET: configure and build; false, and one failure, if that does not work.
build_stage() {
    echo "callgate: check: building $1"
    sh tools/build.sh "$1" && return 0
    failed=$((failed + 1))
    return 1
}

# count FILE: "total failed skipped" of a ctest run, from its own summary, the last in the file: a failed test may print
# another one. (Its JUnit file would do but for one thing: a test whose program is missing counts there as skipped.)
count() {
    awk '/^[0-9]+% tests passed, [0-9]+ tests? failed out of [0-9]+$/ { bad = $4; all = $NF; skipped = 0 }
        /^\t *[0-9]+ - .* \(Skipped\)$/ { skipped++ }
        END { print all + 0, bad + 0, skipped + 0 }' "$1"
}

# test_stage PRESET: build, test, count.
test_stage() {
    begun=$(date +%s)
    if ! build_stage "$1"; then
        note "$1" "did not build" $(($(date +%s) - begun))
        return
    fi
    log="build/$1/check.log"
    ctest --preset "$1" -j "$(nproc)" | tee "$log"
    # shellcheck disable=SC2046 # three numbers
    set -- "$1" $(count "$log")
    if [ "$2" -eq 0 ]; then
        failed=$((failed + 1))
        note "$1" "no test ran" $(($(date +%s) - begun))
        return
    fi
    good=$(($2 - $3 - $4))
    passed=$((passed + good))
    failed=$((failed + $3))
    skipped=$((skipped + $4))
    note "$1" "$good passed, $3 failed, $4 skipped" $(($(date +%s) - begun))
}

compile_stage() {
    begun=$(date +%s)
    if build_stage "$1"; then
        note "$1" "compiles" $(($(date +%s) - begun))
    else
        note "$1" "did not build" $(($(date +%s) - begun))
    fi
}

sh tools/setup.sh check || exit 3
test_stage dev
test_stage clang
test_stage small
compile_stage release-all

printf '\ncallgate: check: summary\n%s' "$summary"
if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
