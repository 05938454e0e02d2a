#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# run.sh BUILD - what `make bench` does: builds the programs of the benchmark in the build folder, runs each part, lists what is over its limit.
# Tables on stdout; the same as BUILD/bench/calls.csv and size.csv. Exit code 0: all within limits; 1: some are not; 3: the machine lacks something.
set -u
cd "$(dirname "$0")/.."
build=${1:?"usage: bench/run.sh BUILD"}
build=$(cd "$build" && pwd) || exit 3
command -v valgrind >/dev/null || { echo "bench: error: there is no valgrind; run tools/setup.sh bench" >&2; exit 3; }
cmake --build "$build" --target callgate_bench >"$build/bench.log" 2>&1 || { cat "$build/bench.log" >&2; exit 3; }
failed=0
for part in calls events engine gen size; do
    echo
    sh "bench/$part.sh" "$build"
    code=$?
    [ $code -le 1 ] || exit $code
    [ $code -eq 0 ] || failed=1
done
echo
if [ $failed -eq 0 ]; then
    echo 'All within their limits.'
else
    echo 'Over their limits:'
    cat "$build"/bench/*.over
fi
exit $failed
