#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# events.sh BUILD - instructions from a post to the end of a handler that does nothing, from callgrind's counts for N and 2N events; beside it what the engine and its
#   adapter take for the same handler without queue, lock and handle; and what an idle guest costs in memory.
# Prints two tables, writes BUILD/bench/events.csv.
set -eu
programs=$1/bench
out=$1/bench/count
rounds=2000
mkdir -p "$out"
export LC_ALL=C

# count PROGRAM GUEST: instructions of one round.
count() {
    for n in $rounds $((rounds * 2)); do
        valgrind --tool=callgrind --callgrind-out-file="$out/$n" "$programs/$1" "$2" "$n" >/dev/null 2>"$out/log" || { cat "$out/log" >&2; exit 3; }
        sed -n 's/^\(totals\|summary\): \([0-9]*\).*/\2/p' "$out/$n" | head -n 1
    done | awk -v n="$rounds" 'NR == 1 { first = $1 } NR == 2 { printf "%.0f\n", ($1 - first) / n }'
}

guest() {
    awk -v vm="$1" -v name="$2" '$1 == vm && $2 == name { print $3 }' "$programs/guests.txt"
}

vms=$(awk '$2 == "ticked" { print $1 }' "$programs/guests.txt")
csv=$1/bench/events.csv
echo 'vm,event,post_to_end,engine_alone,gate' >"$csv"
printf '%-8s %-34s %10s %13s %6s\n' vm 'instructions an event' 'in all' 'engine alone' gate
for vm in $vms; do
    for case in ticked changed; do
        all=$(count "bench_events_$vm" "$(guest "$vm" $case)")
        bare=$(count "bench_events_bare_$vm" "$(guest "$vm" $case)")
        what='a number, handler (handle, u32)'
        [ $case = ticked ] || what='a record, handler (handle, at, u8)'
        printf '%-8s %-34s %10s %13s %6s\n' "$vm" "$what" "$all" "$bare" $((all - bare))
        echo "$vm,$case,$all,$bare,$((all - bare))" >>"$csv"
    done
done
echo
printf '%-8s %-34s %8s %8s %8s %8s\n' vm 'bytes of an idle guest (queue of 8)' record storage memory 'by engine'
for vm in $vms; do
    set -- $("$programs/bench_events_$vm" "$(guest "$vm" ticked)" 0)
    printf '%-8s %-34s %8s %8s %8s %8s\n' "$vm" '' "$1" "$2" "$3" "$4"
done
echo 'storage holds handles, queue and the adapter; memory is what the guest itself sees;'
echo 'by engine: further heap of the engine for it, on this machine.'
