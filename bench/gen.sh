#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# gen.sh BUILD - instructions of the generator for everything it writes for one VM (rBPF), from 1,000 and 10,000 calls of the form (u32, u8) -> u32.
# 1,000 calls are one description, 10,000 are ten, since a file holds at most 1 MiB. Prints a table, writes BUILD/bench/gen.csv; exit code 1 if a limit is passed.
set -eu
build=$1
out=$build/bench/gen
over=$build/bench/gen.over
rm -rf "$out"
mkdir -p "$out"
: >"$over"
export LC_ALL=C

# describe ID: one API of 1,000 calls.
describe() {
    awk -v id="$1" 'BEGIN {
        printf "callgate: 1\napi: many%d\nid: %d\nversion: 1.0.0\ndoc: Calls to count.\n\ncalls:\n", id, id
        for (i = 1; i <= 1000; i++) {
            printf "  call_%d:\n    id: %d\n    needs: read\n    doc: Call number %d.\n    in: {first: u32, second: u8}\n    out: u32\n", i, i, i
        }
    }' >"$out/many$1.yaml"
}

# count FILE...: instructions in millions, one decimal.
count() {
    rm -rf "$out/files"
    valgrind --tool=callgrind --callgrind-out-file="$out/profile" "$build/gen/callgate-gen" gen --vm rbpf -o "$out/files" "$@" >"$out/log" 2>&1 ||
        { cat "$out/log" >&2; exit 3; }
    sed -n 's/.*Collected : *//p' "$out/log" | awk '{ printf "%.1f\n", $1 / 1e6 }'
}

row() {
    printf '%-42s %9s %6s\n' "$1" "$2" "$3"
    echo "$1,$2,$3" >>"$build/bench/gen.csv"
    awk -v a="$2" -v b="$3" 'BEGIN { exit b != "-" && a + 0 > b + 0 }' || echo "over: generator: $1: $2, limit $3" >>"$over"
}

files=
for id in 1 2 3 4 5 6 7 8 9 10; do
    describe $id
    files="$files $out/many$id.yaml"
done
echo 'what,figure,limit' >"$build/bench/gen.csv"
printf '%-42s %9s %6s\n' 'the generator, all it writes for rBPF' figure limit
one=$(count "$out/many1.yaml")
cp "$out/profile" "$out/profile-1000"
row '1 000 calls (millions of instructions)' "$one" 150
# shellcheck disable=SC2086 # names of files are words
ten=$(count $files)
row '10 000 calls (millions of instructions)' "$ten" -
row '10 000 calls, times 1 000 calls' "$(awk -v a="$ten" -v b="$one" 'BEGIN { printf "%.2f", a / b }')" 12
if [ -s "$over" ]; then
    echo 'What cost most of 1 000 calls:' >&2
    callgrind_annotate "$out/profile-1000" 2>/dev/null | grep -E '^ *[0-9,]+ \(' | sed -n 2,13p | cut -c1-100 >&2
fi
[ ! -s "$over" ]
