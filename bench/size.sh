#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# size.sh BUILD - flash and RAM of a firmware with our APIs and rBPF, part by part, for each processor whose compiler is here.
#   Everything is compiled -Os, linked with --gc-sections, and read from the linker's map. Host functions and the C library are not counted.
#   bytes a call: bodies, rows, numbers and hash of all APIs, divided by their calls.
# Prints tables, writes BUILD/bench/size.csv. Exit code 1 if a limit is passed.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
build=$1
out=$build/bench/size
csv=$build/bench/size.csv
over=$build/bench/size.over
export LC_ALL=C
rm -rf "$out"
mkdir -p "$out/generated"
: >"$over"
echo 'target,build,part,text,data,bss' >"$csv"
"$build/gen/callgate-gen" gen --vm rbpf -o "$out/generated" "$root/api/random.yaml" "$root/api/saul.yaml" "$root/api/coap.yaml" "$root/api/log.yaml"

# The calls of each API, from the generated list of numbers.
calls=$(sed -n 's|^ *0x.*/\* \([a-z]*\)\.[a-z0-9_]* \*/|\1|p' "$out/generated/set.c" | sort | uniq -c | awk '{ printf "%s%s:%s", sep, $2, $1; sep = " " }')
call_count=$(echo "$calls" | awk '{ for (i = 1; i <= NF; i++) { split($i, p, ":"); n += p[2] } print n }')

# compile CC FLAGS FOLDER SOURCE...: each to FOLDER/<name>.o
compile() {
    cc=$1 flags=$2 folder=$3
    shift 3
    mkdir -p "$folder"
    for source in "$@"; do
        name=${source##*/}
        # shellcheck disable=SC2086 # flags are words
        $cc $flags -std=c11 -Os -ffreestanding -ffunction-sections -fdata-sections -DCG_NO_CATALOG -DRBPF_COMPACT=1 \
            -I"$root/include" -I"$root" -I"$root/vm/rbpf" -I"$root/vm/rbpf/engine" -I"$out/generated" -c "$source" -o "$folder/${name%.c}.o"
    done
}

# firmware TARGET BUILD CC FLAGS LINK: lines for size.csv, and the firmware's map.
firmware() {
    to="$out/$1-$2"
    compile "$3" "$4" "$to/gate" "$root"/gate/*.c
    compile "$3" "$4" "$to/engine" "$root"/vm/rbpf/engine/image.c "$root"/vm/rbpf/engine/verify.c "$root"/vm/rbpf/engine/vm.c \
        "$root"/vm/rbpf/engine/run_compact.c "$root"/vm/rbpf/engine/result.c
    compile "$3" "$4" "$to/adapter" "$root"/vm/rbpf/adapter.c "$root"/vm/load.c
    compile "$3" "$4" "$to/generated" "$out"/generated/set.c "$out"/generated/rows.c "$out"/generated/events.c "$out"/generated/rbpf/glue.c
    compile "$3" "$4" "$to" "$root"/bench/firmware/main.c
    # shellcheck disable=SC2086 # flags are words
    $3 $4 -nostdlib -nostartfiles -Wl,--gc-sections -Wl,-e,firmware_start -Wl,--unresolved-symbols=ignore-all -Wl,-Map="$to/map" \
        "$to"/main.o "$to"/*/*.o -o "$to/firmware.elf" 2>"$to/log" || { cat "$to/log" >&2; exit 3; }
    awk -v target="$1" -v build="$2" -v calls="$calls" -f "$root/bench/size.awk" "$to/map"
}

# sum TARGET BUILD PART-PATTERN: text of the parts.
sum() {
    awk -F, -v t="$1" -v b="$2" -v p="$3" '$1 == t && $2 == b && $3 ~ p { n += $4 + $5 } END { printf "%d\n", n }' "$csv"
}

# check TARGET BUILD WHAT FIGURE LIMIT
check() {
    printf '%-11s %-5s %-42s %7s %7s\n' "$1" "$2" "$3" "$4" "$5"
    awk -v a="$4" -v b="$5" 'BEGIN { exit b != "-" && a + 0 > b + 0 }' || echo "over: $1 $2: $3: $4, limit $5" >>"$over"
}

# one TARGET CC FLAGS: both builds of it. Limits hold for Cortex-M0 and SMALL; the others are for comparison.
one() {
    for form in SMALL FAST; do
        fast=
        [ $form = SMALL ] || fast=-DCG_FAST=1
        firmware "$1" $form "$2" "$3 $fast" >>"$csv"
        is_limited=no
        [ "$1-$form" != cortex-m0-SMALL ] || is_limited=yes
        awk -F, -v t="$1" -v b=$form '$1 == t && $2 == b { printf "%-11s %-5s %-28s %6d %6d %6d\n", t, b, $3, $4, $5, $6 }' "$csv"
        all=$(sum "$1" $form '^(api .*|rows|numbers|table)$')
        check "$1" $form "bytes a call ($call_count calls)" "$(awk -v a="$all" -v n="$call_count" 'BEGIN { printf "%.1f", a / n }')" \
            $([ $is_limited = yes ] && echo 60 || echo -)
        check "$1" $form 'gate, fixed' "$(sum "$1" $form '^gate: ')" $([ $is_limited = yes ] && echo 1228 || echo -)
        check "$1" $form 'rBPF engine, compact, with its verifier' "$(sum "$1" $form '^rbpf engine$')" $([ $is_limited = yes ] && echo 4096 || echo -)
    done
    ram=$out/$1-SMALL/main.o
    check "$1" '' 'RAM of a guest' "$(ram_of "$2" "$ram" ram_guest)" 128
    check "$1" '' 'RAM of a handle' "$(ram_of "$2" "$ram" ram_handle)" 12
    echo
}

# The size of a symbol, in decimal.
ram_of() {
    echo $((0x$("${1%gcc}nm" -S "$2" | awk -v s="$3" '$4 == s { print $2 }')))
}

printf '%-11s %-5s %-28s %6s %6s %6s\n' target build part text data bss
if command -v arm-none-eabi-gcc >/dev/null; then
    one cortex-m0 arm-none-eabi-gcc '-mthumb -mcpu=cortex-m0'
    one cortex-m4 arm-none-eabi-gcc '-mthumb -mcpu=cortex-m4'
else
    echo 'cortex-m0, cortex-m4: not measured: there is no arm-none-eabi-gcc'
fi
if command -v riscv64-unknown-elf-gcc >/dev/null && echo '#include <string.h>' | riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv32imac -mabi=ilp32 -E - >/dev/null 2>&1; then
    one rv32imac riscv64-unknown-elf-gcc '--specs=picolibc.specs -march=rv32imac -mabi=ilp32'
else
    echo 'rv32imac: not measured: there is no riscv64-unknown-elf-gcc with picolibc (Debian: gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf)'
fi
[ ! -s "$over" ]
