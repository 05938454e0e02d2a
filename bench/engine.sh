#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# engine.sh BUILD - host instructions of the rBPF interpreter for one guest instruction, by callgrind over N and 2N turns of a loop.
# Prints a table, writes BUILD/bench/engine.csv; exit code 1 if a limit is passed.
set -eu
build=$1
turns=20000
over=$build/bench/engine.over
: >"$over"
export LC_ALL=C

count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$build/bench/bench_engine" "$1" "$2" 2>&1 | sed -n 's/.*Collected : *//p'
}

# Instructions of one turn of loop $1.
turn() {
    once=$(count "$1" $turns)
    twice=$(count "$1" $((turns * 2)))
    awk -v a="$once" -v b="$twice" -v n=$turns 'BEGIN { printf "%.2f", (b - a) / n }'
}

# row WHAT EXPRESSION-IN-awk LIMIT
row() {
    figure=$(awk -v add="$add" -v load="$load" -v store="$store" "BEGIN { printf \"%.1f\", $2 }")
    printf '%-42s %9s %6s\n' "$1" "$figure" "$3"
    echo "$1,$figure,$3" >>"$build/bench/engine.csv"
    awk -v a="$figure" -v b="$3" 'BEGIN { exit a + 0 > b + 0 }' || echo "over: rBPF engine: $1: $figure, limit $3" >>"$over"
}

add=$(turn add)
load=$(turn load)
store=$(turn store)
echo 'what,figure,limit' >"$build/bench/engine.csv"
printf '%-42s %9s %6s\n' 'the rBPF engine, host instructions' figure limit
row 'each of add, compare-and-jump' 'add / 2' 12
row 'a load of 8 bytes' 'load - add' 30
row 'a store of 8 bytes' 'store - add' 30
[ ! -s "$over" ]
