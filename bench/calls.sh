#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# calls.sh BUILD - instructions a call: generated glue beside natives by hand, from callgrind's counts for N and 2N calls.
#   Counted is everything between the interpreter's call instruction and the host function, there and back: on rBPF the engine's call handler with
#   all below it, on WAMR wasm_interp_call_func_native with all below it; the host function is subtracted.
#   What the call instruction costs the interpreter itself is a row of its own, taken from random u32; it is the same for glue and by hand.
# Prints a table, writes BUILD/bench/calls.csv; BUILD/bench/calls.over says what is over its limit. Exit code 1 if anything is.
set -eu
programs=$1/bench
out=$1/bench/count
rounds=2000
mkdir -p "$out"
export LC_ALL=C

# sums FILE: "total", "gate" (where the interpreter enters) and "host" (the measured host function), inclusive, from callgrind's file.
sums() {
    awk '
        function is_host(f) { return f ~ /^host_(random_u32|random_fill|saul_read|bench_say)$/ }
        function named(text,   id) {
            id = text; sub(/ .*/, "", id)
            if (text ~ / /) { name[id] = text; sub(/^[^ ]* /, "", name[id]) }
            return name[id]
        }
        /^fn=/ { named(substr($0, 4)); next }
        /^cfn=/ { callee = named(substr($0, 5)); next }
        /^calls=/ { inclusive = 1; next }
        /^(totals|summary):/ { total = $2; next }
        /^[-+*0-9]/ {
            if (inclusive) {
                if (callee == "dispatch" || callee == "hand_dispatch" || callee == "wasm_interp_call_func_native") { gate += $2 }
                if (is_host(callee)) { host += $2 }
                inclusive = 0
            }
        }
        END { printf "%d %d %d\n", total, gate, host }' "$1"
}

# count PROGRAM GUEST: "total gate host" for one round.
count() {
    for n in $rounds $((rounds * 2)); do
        valgrind --tool=callgrind --callgrind-out-file="$out/$n" "$programs/$1" "$programs/guest/$2" "$n" >/dev/null 2>"$out/log" ||
            { cat "$out/log" >&2; exit 3; }
    done
    echo "$(sums "$out/$rounds") $(sums "$out/$((rounds * 2))")" |
        awk -v n="$rounds" '{ printf "%.0f %.0f %.0f\n", ($4 - $1) / n, ($5 - $2) / n, ($6 - $3) / n }'
}

row() {
    printf '%-5s %-30s %9s %8s %6s %6s\n' "$@"
}

# case_row VM CASE WHAT PROGRAM SUFFIX LIMIT: one call, ours and by hand; leaves "total gate host" of ours in $counts.
case_row() {
    counts=$(count bench_calls "$2.$5")
    ours=$(gate_of "$counts")
    by_hand=$(gate_of "$(count "$4" "$2.$5")")
    ratio=$(awk -v a="$ours" -v b="$by_hand" 'BEGIN { printf "%.2f", a / b }')
    row "$1" "$3" "$ours" "$by_hand" "$ratio" "$6"
    echo "$1,$2,$ours,$by_hand,$ratio,$6" >>"$csv"
    [ "$ours" -le "$6" ] || echo "over: $1 $2: $ours instructions, limit $6" >>"$over"
    awk -v r="$ratio" 'BEGIN { exit r > 1.05 }' || echo "over: $1 $2: $ratio times what is written by hand, limit 1.05" >>"$over"
}

gate_of() {
    echo "$1" | awk '$2 <= $3 { print "calls.sh: the gate was not seen by callgrind" >"/dev/stderr"; exit 3 } { print $2 - $3 }'
}

# table VM BY_HAND SUFFIX LIMIT...: limits of u32, fill, read, say.
table() {
    empty=$(count bench_calls "empty.$3" | cut -d' ' -f1)
    hand_empty=$(count "$2" "empty.$3" | cut -d' ' -f1)
    row "$1" 'empty loop' "$empty" "$hand_empty" - -
    echo "$1,empty loop,$empty,$hand_empty,," >>"$csv"
    case_row "$1" u32 'random u32 ()' "$2" "$3" "$4"
    own=$(echo "$counts" | awk -v empty="$empty" '{ print $1 - $2 - empty }')
    case_row "$1" fill 'random fill (16 bytes)' "$2" "$3" "$5"
    case_row "$1" read 'saul read (handle, phydat)' "$2" "$3" "$6"
    case_row "$1" say '(handle, string of 11)' "$2" "$3" "$7"
    row "$1" 'the call instruction itself' "$own" "$own" - -
    echo "$1,call instruction,$own,$own,," >>"$csv"
}

csv=$1/bench/calls.csv
over=$1/bench/calls.over
: >"$over"
echo 'vm,call,callgate,by_hand,ratio,limit' >"$csv"
row vm 'instructions a call' callgate by_hand ratio limit
table rbpf bench_by_hand_rbpf o 37 63 129 126
if [ -x "$programs/bench_by_hand_wamr" ] && [ -e "$programs/guest/empty.wasm" ]; then
    table wamr bench_by_hand_wamr wasm 232 325 360 425
else
    echo "wamr: not measured: this build has no WAMR, or there is no wasm-ld"
fi
[ ! -s "$over" ]
