#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# bench_loop.sh BENCH_LOOP - host instructions of the engine for one turn of each loop, by callgrind over N and 2N turns.
# Prints a table and fails if a limit is passed. Needs valgrind.
set -eu
bench=$1
turns=20000

# Instructions in all for so many turns of loop $1.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$bench" "$1" "$2" 2>&1 | sed -n 's/.*Collected : *//p'
}

# Instructions a turn of loop $1, times 100.
turn() {
    once=$(count "$1" $turns)
    twice=$(count "$1" $((turns * 2)))
    echo $(((twice - once) * 100 / turns))
}

row() {
    printf '%-34s %4d.%02d %6d\n' "$1" $(($2 / 100)) $(($2 % 100)) "$3"
    [ "$2" -le $(($3 * 100)) ] || { echo "over the limit" >&2; failed=1; }
}

failed=0
add=$(turn add)
load=$(turn load)
store=$(turn store)
printf '%-34s %7s %6s\n' 'host instructions of the engine' 'figure' 'limit'
row 'each of add, compare-and-jump' $((add / 2)) 12
row 'a load of 8 bytes' $((load - add)) 30
row 'a store of 8 bytes' $((store - add)) 30
exit $failed
