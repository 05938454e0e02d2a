#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# calls.sh BUILD [VM...] - instructions a call: generated glue beside glue by hand, and for Lua beside SWIG's, from callgrind's counts for N and 2N calls.
#   What is counted stands in vms.txt, a line for each VM; the host function is subtracted. What the call instruction costs the interpreter itself is a row of its own,
#   taken from random u32; it is the same for glue and by hand.
# Prints a table, writes BUILD/bench/calls.csv; BUILD/bench/calls.over says what is over its limit. Exit code 1 if anything is.
set -eu
programs=$1/bench
out=$1/bench/count
rounds=2000
shift
only="$*"
mkdir -p "$out"
export LC_ALL=C

# sums FILE COUNTED: "total", "gate" (what COUNTED in vms.txt says) and "host" (the measured host function), inclusive, from callgrind's file.
sums() {
    awk -v counted="$2" '
        function named(text,   id) {
            id = text; sub(/ .*/, "", id)
            if (text ~ / /) { name[id] = text; sub(/^[^ ]* /, "", name[id]); sub(/\x27[0-9]+$/, "", name[id]) }
            return name[id]
        }
        BEGIN { split(counted, part, "+"); enters = "^(" part[1] ")$" }
        /^fn=/ { fn = named(substr($0, 4)); next }
        /^cfn=/ { callee = named(substr($0, 5)); next }
        /^calls=/ { inclusive = 1; next }
        /^(totals|summary):/ { total = $2; next }
        /^[-+*0-9]/ {
            if (!inclusive) { self += part[2] != "" && fn == part[2] ? $2 : 0; next }
            gate += callee ~ enters && fn !~ enters ? $2 : 0
            host += callee ~ /^host_(random_u32|random_fill|saul_read|bench_say)$/ ? $2 : 0
            inclusive = 0
        }
        END { printf "%d %d %d\n", total, gate + self, host }' "$1"
}

# count PROGRAM GUEST COUNTED: "total gate host" for one round.
count() {
    for n in $rounds $((rounds * 2)); do
        valgrind --tool=callgrind --callgrind-out-file="$out/$n" "$programs/$1" "$2" "$n" >/dev/null 2>"$out/log" || { cat "$out/log" >&2; exit 3; }
    done
    echo "$(sums "$out/$rounds" "$3") $(sums "$out/$((rounds * 2))" "$3")" |
        awk -v n="$rounds" '{ printf "%.0f %.0f %.0f\n", ($4 - $1) / n, ($5 - $2) / n, ($6 - $3) / n }'
}

# gate_of COUNTED EMPTY "total gate host": the figure.
gate_of() {
    echo "$3" | awk -v all="$1" -v empty="$2" '
        all == "all" { $2 = $1 - empty }
        $3 == 0 || $2 <= $3 { print "calls.sh: the call was not seen by callgrind" >"/dev/stderr"; exit 3 }
        { print $2 - $3 }'
}

row() {
    printf '%-9s %-36s %9s %8s %6s %6s\n' "$@"
}

# title CASE: what the row says.
title() {
    case $1 in
        u32) echo 'random u32 ()' ;;
        fill) echo 'random fill (16 bytes)' ;;
        read) echo 'saul read (handle, record)' ;;
        fields) echo '  the same, two of its fields read' ;;
        say) echo '(handle, string of 11)' ;;
    esac
}

# over_limit VM CASE OURS LIMIT RATIO RATIO-LIMIT WHAT
over_limit() {
    [ "$4" = - ] || [ "$3" -le "$4" ] || echo "over: $1 $2: $3 instructions, limit $4" >>"$over"
    [ "$5" = - ] || [ "$6" = - ] || awk -v r="$5" -v most="$6" 'BEGIN { exit r > most }' || echo "over: $1 $2: $5 times $7, limit $6" >>"$over"
}

guest() {
    awk -v vm="$1" -v name="$2" '$1 == vm && $2 == name { print $3 }' "$programs/guests.txt"
}

# one_case NAME VM CASE LIMIT COUNTED EMPTY OTHER OTHER-EMPTY RATIO-LIMIT WHAT: a row, ours beside OTHER, a program or -; leaves "total gate host" of ours in $counts.
one_case() {
    counts=$(count "bench_calls_$2" "$(guest "$2" "$3")" "$5")
    ours=$(gate_of "$5" "$6" "$counts")
    theirs=- ratio=-
    if [ "$7" != - ]; then
        theirs=$(gate_of "$5" "$8" "$(count "$7" "$(guest "$2" "$3")" "$5")")
        ratio=$(awk -v a="$ours" -v b="$theirs" 'BEGIN { printf "%.2f", a / b }')
    fi
    row "$1" "$(title "$3")" "$ours" "$theirs" "$ratio" "$4"
    echo "$1,$3,$ours,$theirs,$ratio,$4" >>"$csv"
    over_limit "$1" "$3" "$ours" "$4" "$ratio" "$9" "${10}"
}

# table NAME VM COUNTED OTHER RATIO-LIMIT WHAT CASE=LIMIT...
table() {
    name=$1 vm=$2 counted=$3 other=$4 ratio_max=$5 what=$6
    shift 6
    empty=$(count "bench_calls_$vm" "$(guest "$vm" empty)" "$counted" | cut -d' ' -f1)
    other_empty=-
    [ "$other" = - ] || other_empty=$(count "$other" "$(guest "$vm" empty)" "$counted" | cut -d' ' -f1)
    row "$name" 'empty loop' "$empty" "$other_empty" - -
    echo "$name,empty loop,$empty,$other_empty,," >>"$csv"
    own=
    for limit in "$@"; do
        one_case "$name" "$vm" "${limit%%=*}" "${limit#*=}" "$counted" "$empty" "$other" "$other_empty" "$ratio_max" "$what"
        [ "${limit%%=*}" != u32 ] || own=$(echo "$counts" | awk -v empty="$empty" '{ print $1 - $2 - empty }')
    done
    if [ "$counted" != all ]; then
        row "$name" 'the call instruction itself' "$own" "$own" - -
        echo "$name,call instruction,$own,$own,," >>"$csv"
    fi
}

# measure VM GUESTS COUNTED LIMIT...
measure() {
    vm=$1 counted=$3
    shift 3
    if [ ! -x "$programs/bench_calls_$vm" ] || [ -z "$(guest "$vm" empty)" ]; then
        echo "$vm: not measured: this build lacks it, or what makes its guests"
        return
    fi
    other=-
    [ ! -x "$programs/bench_by_hand_$vm" ] || other=bench_by_hand_$vm
    table "$vm" "$vm" "$counted" "$other" 1.05 'what is written by hand' "$@"
    if [ -x "$programs/bench_swig_$vm" ]; then
        row "$vm" "the same beside SWIG's" callgate SWIG ratio limit
        table "$vm/swig" "$vm" "$counted" "bench_swig_$vm" 1.00 "SWIG's" u32=- read=- fields=- say=-
        row "$vm" "beside SWIG's without counted steps" callgate SWIG ratio -
        table "$vm/swig2" "$vm" "$counted" "bench_swig_no_steps_$vm" - - u32=- read=- fields=- say=-
    fi
}

csv=$programs/calls.csv
over=$programs/calls.over
: >"$over"
echo 'vm,call,callgate,by_hand,ratio,limit' >"$csv"
row vm 'instructions a call' callgate 'by hand' ratio limit
while read -r line; do
    case $line in '' | '#'*) continue ;; esac
    # shellcheck disable=SC2086 # its fields are words
    set -f -- $line
    case " ${only:-$1} " in *" $1 "*) measure "$@" </dev/null ;; esac
done <"$(dirname "$0")/vms.txt"
[ ! -s "$over" ]
